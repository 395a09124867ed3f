from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.submissions.duplicates import distance, likely, likeness, pieces
from bot.core.submissions.model import Draft, Kind, Place
from tests.core.submissions.samples import submission

HERE = Place("", 41.55, 45.0)


def draft(body: str, **changes: object) -> Draft:
    values: dict[str, object] = {"kind": Kind.IDEA, "category": "roads", "title": ""}
    values.update(changes)
    return Draft(conversation="tg:9", municipality="rustavi", language="ka", body=body, **values)  # type: ignore[arg-type]


def test_the_likeliest_three_come_first() -> None:
    bodies = ["ველობილიკი გვინდა", "ველობილიკი გვინდა ქუჩაზე", "ველობილიკი", "ხე დარგეთ",
              "გვინდა ველობილიკი მალე"]  # fmt: skip
    others = [submission(id=n, title="", body=body) for n, body in enumerate(bodies)]
    found = likely(draft("ველობილიკი გვინდა"), others)
    assert len(found) == 3
    assert found[0].submission.body == "ველობილიკი გვინდა"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all("ველობილიკი" in one.submission.body for one in found)


@pytest.mark.parametrize(
    ("lat", "category", "expected"),
    [(41.551, "roads", 1), (41.553, "roads", 0), (41.551, "waste", 0)],
)
def test_problems_must_be_near_and_of_one_category(
    lat: float, category: str, expected: int
) -> None:
    other = submission(
        kind=Kind.PROBLEM, category="roads", body="გზაზე ორმოა", place=Place("", lat, 45.0)
    )
    mine = draft("ორმო გზაზე", kind=Kind.PROBLEM, category=category, place=HERE)
    assert len(likely(mine, [other])) == expected


def test_distance_is_in_metres() -> None:
    assert distance(HERE, Place("", 41.56, 45.0)) == pytest.approx(1112, abs=2)
    assert distance(HERE, Place("", 41.55, 45.01)) == pytest.approx(832, abs=2)
    assert distance(HERE, Place("კოსტავას ქუჩა")) is None
    assert distance(None, HERE) is None


def test_georgian_endings_matter_little() -> None:
    one, other = pieces("ველობილიკი მეჩვიდმეტეში"), pieces("ველობილიკის მეჩვიდმეტე")
    assert likeness(one, other) > 0.75
    assert likeness(one, pieces("ნაგავი ეზოში")) < 0.2


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_even_and_between_none_and_all(one: str, other: str) -> None:
    a, b = pieces(one), pieces(other)
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert 0.0 <= likeness(a, b) <= 1.0000001
    assert likeness(a, Counter()) == 0.0
