from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from bot.core.ratings import Scale, voter
from bot.core.submissions.guards import DAY, Refused
from bot.store import ratings, rounds
from bot.store.database import Database
from bot.store.ratings import State
from bot.store.rounds import ChangedMeanwhile, Plan, Project
from tests.store.participation import NOW, draft, happen, taken

SOON, LATER = NOW + DAY, NOW + 10 * DAY
TITLE = {"ka": "გაზაფხული", "en": "Spring"}
PARK = Project({"ka": "ახალი სკვერი", "en": "A new park"}, {"ka": "ოცი ხე.", "en": "Twenty trees."})


@pytest.fixture
def ideas(database: Database) -> list[str]:
    return [published(database, number) for number in range(3)]


def published(database: Database, number: int, **more: Any) -> str:
    given = {"conversation": f"tg:{number}", "title": f"იდეა {number}", **more}
    code = taken(database, f"k{number}", NOW - 9 * DAY + number, **given)
    happen(database, code, "publish", checked=True)
    return code


def plan(codes: list[str], **changes: Any) -> Plan:
    given = {"title": TITLE, "scale": Scale.STARS, "opens_at": SOON, "closes_at": LATER}
    return Plan(**{**given, "codes": codes, **changes})


def make(database: Database, codes: list[str], town: str = "rustavi", **changes: Any) -> str:
    return database.call(rounds.make, town, plan(codes, **changes), NOW).id


def change(database: Database, id: str, new: Plan, now: float = NOW) -> None:
    """Change a round as somebody who has just looked at it."""

    def work(connection: Connection) -> None:
        found = ratings.find_round(connection, id)
        assert found is not None
        rounds.change(connection, id, new, now, rounds.version(connection, found))

    database.call(work)


def state(database: Database, id: str, now: float = NOW) -> State:
    found = database.call(ratings.find_round, id)
    assert found is not None
    return found.state(now)


def in_round(database: Database, id: str) -> list[str | None]:
    return [one.code for one in database.call(ratings.initiatives_of, id)]


def test_a_round_is_planned_with_what_takes_part_and_opens_by_itself(
    database: Database, ideas: list[str]
) -> None:
    id = make(database, [*ideas[:2], ideas[0]])
    assert id == "rustavi-2026-11-19"
    first, _second = database.call(ratings.initiatives_of, id)
    assert (first.title, first.summary) == ({"ka": "იდეა 0"}, {"ka": draft().body})
    assert in_round(database, id) == ideas[:2]
    moments = (NOW, SOON - 1, SOON, LATER - 1, LATER)
    assert [state(database, id, now).value for now in moments] == [
        "planned", "planned", "open", "open", "closed",
    ]  # fmt: skip


def test_only_published_ideas_of_the_town_take_part(database: Database, ideas: list[str]) -> None:
    away = published(database, 7, municipality="marneuli")
    private = taken(database, "k8", conversation="tg:8")
    found = database.call(rounds.published_ideas, "rustavi", 9)
    assert [one.code for one in found] == ideas[::-1]
    assert len(database.call(rounds.published_ideas, "rustavi", 2)) == 2
    for code, why in (
        (away, "unknown_code"),
        ("I-26-9999-X", "unknown_code"),
        (private, "not_published"),
    ):
        with pytest.raises(Refused, match=why):
            make(database, [ideas[0], code])
    assert database.call(ratings.rounds, None) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"closes_at": SOON}, "dates_wrong"),
        ({"closes_at": SOON - 1}, "dates_wrong"),
        ({"opens_at": NOW - DAY}, "begins_in_past"),
        ({"opens_at": NOW - 50, "closes_at": NOW - 10}, "begins_in_past"),
        ({"codes": []}, "round_empty"),
    ],
)
def test_a_plan_needs_sense(
    database: Database, ideas: list[str], changes: dict[str, Any], why: str
) -> None:
    id = make(database, ideas)
    wrong = plan(**{"codes": ideas, **changes})
    with pytest.raises(Refused, match=why):
        database.call(rounds.make, "rustavi", wrong, NOW)
    with pytest.raises(Refused, match=why):
        change(database, id, wrong)
    assert in_round(database, id) == ideas


def test_two_rounds_of_a_town_never_run_at_the_same_time(
    database: Database, ideas: list[str]
) -> None:
    first = make(database, ideas)
    for opens, closes in ((SOON - 5, SOON + 5), (SOON + 5, LATER - 5), (SOON - 5, LATER + 5)):
        with pytest.raises(Refused, match="rounds_overlap"):
            make(database, ideas, opens_at=opens, closes_at=closes)
    before = make(database, ideas, opens_at=NOW + 1, closes_at=SOON)
    after = make(database, ideas, opens_at=LATER, closes_at=LATER + DAY)
    make(database, [published(database, 7, municipality="marneuli")], "marneuli")
    with pytest.raises(Refused, match="rounds_overlap"):
        change(database, after, plan(ideas, opens_at=LATER - 1, closes_at=LATER))
    with pytest.raises(Refused, match="rounds_overlap"):
        database.call(rounds.open_now, after, NOW + 2)
    change(database, first, plan(ideas, closes_at=LATER - DAY))
    assert {one.id for one in database.call(ratings.rounds, "rustavi")} == {first, before, after}


def test_of_two_clerks_who_plan_the_same_days_one_is_refused(
    database: Database, other: Database, ideas: list[str]
) -> None:
    def attempt(number: int) -> str:
        try:
            return make((database, other)[number % 2], ideas, opens_at=SOON + number)
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, range(6)))
    assert results.count("rounds_overlap") == 5
    assert len(database.call(ratings.rounds, "rustavi")) == 1


def test_a_planned_round_is_changed_and_projects_of_the_city_stay(
    database: Database, ideas: list[str]
) -> None:
    id = make(database, ideas[:2])
    database.call(ratings.add_initiative, id, {"ka": "სკვერი"}, {"ka": "…"})
    changed = plan(ideas[1:], scale=Scale.SUPPORT, title={**TITLE, "ru": "Весна"})
    change(database, id, changed)
    found = database.call(ratings.find_round, id)
    assert found is not None
    assert (found.scale, found.title["ru"]) == (Scale.SUPPORT, "Весна")
    assert in_round(database, id) == [None, *ideas[1:]]


def test_what_a_colleague_changed_meanwhile_is_not_written_over(
    database: Database, ideas: list[str]
) -> None:
    id = make(database, ideas[:2])

    def seen() -> str:
        found = database.call(ratings.find_round, id)
        assert found is not None
        return database.call(rounds.version, found)

    first = seen()
    database.call(rounds.add_project, id, PARK, NOW)
    assert seen() == first
    for new in (
        plan(ideas[:1]),
        plan(ideas[:1], scale=Scale.SUPPORT),
        plan(ideas[:1], scale=Scale.SUPPORT, closes_at=LATER + DAY),
        plan(ideas[:1], scale=Scale.SUPPORT, closes_at=LATER + DAY, title={"ka": "ა", "en": "a"}),
    ):
        before = seen()
        database.call(rounds.change, id, new, NOW, before)
        assert seen() != before
        with pytest.raises(ChangedMeanwhile):
            database.call(rounds.change, id, plan(ideas), NOW, before)
    assert in_round(database, id) == [None, ideas[0]]


def test_projects_of_the_city_come_into_a_planned_round_and_out_of_it(
    database: Database, ideas: list[str]
) -> None:
    id = database.call(rounds.make, "rustavi", plan([]), NOW, PARK).id
    (park,) = database.call(ratings.initiatives_of, id)
    assert (park.title, park.summary, park.code) == (PARK.title, PARK.summary, None)
    change(database, id, plan([]))
    assert not database.call(rounds.add_project, id, PARK, NOW)
    with pytest.raises(Refused, match="round_empty"):
        database.call(rounds.remove_project, id, park.id, NOW)
    assert database.call(rounds.add_project, id, Project({"ka": "ხიდი"}, {"ka": "…"}), NOW)
    assert database.call(rounds.remove_project, id, park.id, NOW) == park
    assert database.call(rounds.remove_project, id, park.id, NOW) is None
    change(database, id, plan(ideas[:1]))
    idea = database.call(ratings.initiatives_of, id)[-1]
    assert database.call(rounds.remove_project, id, idea.id, NOW) is None
    assert in_round(database, id) == [None, ideas[0]]
    elsewhere = make(database, ideas, opens_at=LATER, closes_at=LATER + DAY)
    left = database.call(ratings.initiatives_of, id)[0]
    assert database.call(rounds.remove_project, elsewhere, left.id, NOW) is None
    assert in_round(database, id) == [None, ideas[0]]


def test_a_round_that_began_can_only_be_ended(database: Database, ideas: list[str]) -> None:
    id = make(database, ideas)
    with pytest.raises(Refused, match="round_not_open"):
        database.call(rounds.close_now, id, NOW)
    database.call(rounds.open_now, id, NOW + 5)
    assert state(database, id, NOW + 5) is State.OPEN
    steps: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (rounds.change, (plan(ideas), NOW + 9, "")),
        (rounds.add_project, (PARK, NOW + 9)),
        (rounds.remove_project, (1, NOW + 9)),
        (rounds.open_now, (NOW + 9,)),
        (rounds.discard, (NOW + 9,)),
    ]
    for step, rest in steps:
        with pytest.raises(Refused, match="round_begun"):
            database.call(step, id, *rest)
    database.call(rounds.close_now, id, NOW + 20)
    assert state(database, id, NOW + 20) is State.CLOSED
    with pytest.raises(Refused, match="round_not_open"):
        database.call(rounds.close_now, id, NOW + 21)
    with pytest.raises(Refused, match="unknown_round"):
        database.call(rounds.close_now, "nope", NOW)


def test_a_round_whose_ideas_are_all_gone_does_not_open(
    database: Database, ideas: list[str]
) -> None:
    id = make(database, ideas[:1])
    happen(database, ideas[0], "hide", reason="off_topic")
    with pytest.raises(Refused, match="round_empty"):
        database.call(rounds.open_now, id, NOW)


def test_a_discarded_round_leaves_its_days_and_its_name_free(
    database: Database, ideas: list[str]
) -> None:
    id = make(database, ideas)
    database.call(rounds.discard, id, NOW)
    assert database.call(ratings.rounds, None) == []
    assert make(database, ideas) == id
    database.call(rounds.open_now, id, NOW)
    database.call(rounds.close_now, id, NOW + 5)
    assert make(database, ideas) == f"{id}-2"


def test_people_who_take_part_are_counted_once_each(database: Database, ideas: list[str]) -> None:
    id = make(database, ideas)
    initiatives = [one.id for one in database.call(ratings.initiatives_of, id)]
    assert database.call(rounds.participants, [id]) == {}
    for number in range(10, 14):
        for initiative in initiatives[: number - 9]:
            person = voter(b"salt", f"tg:{number}")
            database.call(ratings.rate, initiative, person, 4, SOON)
    assert database.call(rounds.participants, [id, "nope"]) == {id: 4}
