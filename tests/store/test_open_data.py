from __future__ import annotations

from dataclasses import asdict

from bot.core.ratings import Scale, voter
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import RESIDENT, Kind, Place
from bot.store import open_data, ratings
from bot.store.database import Database
from bot.store.open_data import COLUMNS, Chosen, Record
from tests.store.participation import ANSWER, ME, NOW, YOU, hand_in, happen, taken

SECRET = "საიდუმლო სიტყვები აქ წერია"
HOME = Place("კოსტავას 20, ბინა 15", 41.55123, 45.00567, "მე-17 მიკრორაიონი")
TOWN = Chosen("rustavi")
MARK = "".join


def records(database: Database, chosen: Chosen = TOWN, now: float = NOW + DAY) -> list[Record]:
    return list(database.call(lambda c: list(open_data.all_records(c, chosen, now))))


def test_the_columns_are_these_and_no_others() -> None:
    assert COLUMNS == (
        "code", "kind", "category", "programme", "district", "stage", "status", "visibility",
        "received_on", "stage_since", "due_on", "first_answer_on", "days_to_first_answer", "lat",
        "lon", "mean_rating", "ratings", "title", "text",
    )  # fmt: skip


def test_words_are_there_only_of_what_is_published(database: Database) -> None:
    common = {"body": SECRET, "title": SECRET, "name": SECRET, "phone": "599123456",
              "answers": {"a": SECRET}, "place": HOME}  # fmt: skip
    private = taken(database, "a", **common)
    public = taken(database, "b", **{**common, "conversation": YOU})
    happen(database, public, "publish", checked=True)
    hidden = taken(database, "c", **{**common, "conversation": YOU})
    happen(database, hidden, "publish", checked=True)
    happen(database, hidden, "hide", reason="insult")
    withdrawn = taken(database, "d", **common)
    happen(database, withdrawn, "publish", checked=True)
    happen(database, withdrawn, "withdraw", actor=RESIDENT)
    found = {record.code: record for record in records(database)}
    assert {code for code, record in found.items() if SECRET in repr(record)} == {public}
    assert set(found) == {private, public, hidden, withdrawn}
    for record in found.values():
        shown = repr(asdict(record))
        for secret in ("599123456", "ბინა", ME, YOU, "41.55123"):
            assert secret not in shown
        assert (record.lat, record.lon) == (41.551, 45.006)
        assert record.district == "მე-17 მიკრორაიონი"


def test_days_to_the_first_answer_count_answers_alone(database: Database) -> None:
    code = taken(database)
    assert records(database)[0].first_answer_on == ""
    happen(database, code, "assign", now=NOW + 2 * DAY, assignee="staff:3")
    happen(database, code, "decline", ANSWER, "no_money", now=NOW + 3 * DAY)
    [record] = records(database, now=NOW + 4 * DAY)
    assert (record.first_answer_on, record.days_to_first_answer) == ("2026-11-21", 3)
    assert (record.stage, record.status) == ("declined", "closed")


def test_submissions_are_chosen(database: Database) -> None:
    idea = hand_in(database, "a")
    problem = taken(database, "b", now=NOW + 5 * DAY, kind=Kind.PROBLEM, category="waste")
    happen(database, problem, "decline", ANSWER, "no_money", now=NOW + 6 * DAY)

    def codes(**wanted: object) -> list[str]:
        return [r.code for r in records(database, Chosen("rustavi", **wanted))]  # type: ignore[arg-type]

    assert codes() == [problem, idea]
    assert codes(kinds=["idea"]) == [idea]
    assert codes(category="waste") == [problem]
    assert codes(status="open") == [idea]
    assert codes(status="closed") == [problem]
    assert codes(since=NOW + 1) == [problem]
    assert codes(until=NOW + 1) == [idea]
    assert codes(codes=[idea]) == [idea]
    assert records(database, Chosen("marneuli")) == []


def test_ratings_are_there_after_the_close_and_from_five_on(database: Database) -> None:
    code = taken(database)
    happen(database, code, "publish", checked=True)
    new = ratings.Round("r", "rustavi", "", {}, Scale.STARS, NOW, NOW + 9 * DAY, False)
    database.call(ratings.open_round, new)
    one = database.call(ratings.add_initiative, "r", {"ka": "x"}, {"ka": "y"}, code=code)
    for number in range(4):
        database.call(ratings.rate, one, voter(b"s", f"tg:{number + 5}"), 4, NOW)
    assert records(database, now=NOW + 10 * DAY)[0].mean_rating is None
    database.call(ratings.rate, one, voter(b"s", "tg:55"), 5, NOW)
    assert records(database, now=NOW + 8 * DAY)[0].mean_rating is None
    [record] = records(database, now=NOW + 10 * DAY)
    assert (record.mean_rating, record.ratings) == (4.2, 5)
