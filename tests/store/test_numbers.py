from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.submissions.model import Draft, Event, Kind
from bot.store import emergency, events, inbox, numbers, submissions
from bot.store.database import Database
from bot.store.events import StoredEvent
from bot.store.numbers import Span
from tests.store.samples import ME, WEB, reply, said

MIDNIGHT = datetime(2026, 11, 29, tzinfo=GEORGIA).timestamp()
SPAN = Span(MIDNIGHT, MIDNIGHT + 86_400)
HOUR = 3_600.0


def wrote(database: Database, conversation: str, id: str, at: float) -> None:
    database.call(inbox.add, said(conversation, id), at)


def test_days_and_hours_are_those_of_georgia(database: Database) -> None:
    wrote(database, "a", "1", MIDNIGHT - 1)
    wrote(database, "a", "2", MIDNIGHT + 60)
    wrote(database, "b", "3", MIDNIGHT + 23 * HOUR)
    wrote(database, "b", "4", MIDNIGHT + 24 * HOUR)
    assert database.call(numbers.messages, SPAN) == 2
    assert database.call(numbers.residents, SPAN) == 2
    assert database.call(numbers.by_day, SPAN) == {"2026-11-29": 2}
    hours = database.call(numbers.by_hour, SPAN)
    assert len(hours) == 24
    assert {hour for hour, number in hours.items() if number} == {"00", "23"}
    assert database.call(numbers.by_channel, SPAN) == {"web": 2}


def test_figures_of_a_town_are_of_its_messages_alone(database: Database) -> None:
    for number, town in enumerate(("rustavi", "marneuli", "marneuli", None)):
        message = said(f"c{number}", f"{number}")
        database.call(inbox.add, message, MIDNIGHT + number * HOUR, None, town)
        data = json.dumps({"parse_data": {"outcome": "answered"}, "metadata": {"town": town}})
        event = StoredEvent("user", MIDNIGHT + number, "local_fees.payment", None, data)
        database.call(events.append, f"c{number}", [event])

    def answer(connection: Connection) -> None:
        for claimed in inbox.claim(connection, ME, WEB, MIDNIGHT + 4 * HOUR, 9):
            inbox.complete(connection, claimed, [], MIDNIGHT + 4 * HOUR, language="ka")

    database.call(answer)
    assert database.call(numbers.messages, SPAN) == 4
    assert database.call(numbers.without_town, SPAN) == 1
    for figure, here, there in (
        (numbers.messages, 2, 0),
        (numbers.residents, 2, 0),
        (numbers.by_day, {"2026-11-29": 2}, {}),
        (numbers.by_channel, {"web": 2}, {}),
        (numbers.languages, {"ka": 2}, {}),
        (numbers.outcomes, {"answered": 2}, {}),
        (numbers.intents, {"local_fees.payment": 2}, {}),
        (numbers.waits, numbers.Waits(3 * HOUR, 3 * HOUR), None),
    ):
        assert database.call(figure, SPAN, "marneuli") == here, figure.__name__
        assert database.call(figure, SPAN, "chiatura") == there, figure.__name__
    hours = database.call(numbers.by_hour, SPAN, "marneuli")
    assert {hour for hour, number in hours.items() if number} == {"01", "02"}


def test_a_message_counts_for_the_town_it_was_answered_for(database: Database) -> None:
    def write(id: str, town: str | None = "rustavi") -> None:
        database.call(inbox.add, said("a", id), MIDNIGHT + 1, None, town)

    def answer(connection: Connection, town: str | None) -> None:
        (claimed,) = inbox.claim(connection, ME, WEB, MIDNIGHT + 2)
        inbox.complete(connection, claimed, [], MIDNIGHT + 2, municipality=town)

    def counted() -> tuple[int, int, int]:
        rustavi = database.call(numbers.messages, SPAN, "rustavi")
        marneuli = database.call(numbers.messages, SPAN, "marneuli")
        return rustavi, marneuli, database.call(numbers.without_town, SPAN)

    write("0", None)
    assert counted() == (0, 0, 1)
    database.call(answer, None)
    write("1")
    assert counted() == (1, 0, 1)
    database.call(answer, "marneuli")
    assert counted() == (0, 1, 1)
    # What nobody has answered yet belongs where the conversation is.
    write("2")
    assert counted() == (0, 2, 1)
    database.call(answer, None)
    write("3")
    database.call(answer, "rustavi")
    assert counted() == (1, 2, 1)


def test_outcomes_and_intents_are_counted_from_the_events(database: Database) -> None:
    for number, outcome in enumerate(("answered", "answered", "offered", None)):
        data = json.dumps({"parse_data": {"outcome": outcome} if outcome else {}})
        intent = "local_fees.payment" if number else "local_fees.cleaning_fee"
        event = StoredEvent("user", MIDNIGHT + number, intent, None, data)
        old = replace(event, timestamp=MIDNIGHT - 5)
        other = replace(event, type_name="action")
        database.call(events.append, "a", [event, old, other])
    assert database.call(numbers.outcomes, SPAN) == {"answered": 2, "offered": 1}
    asked = database.call(numbers.intents, SPAN)
    assert list(asked.items()) == [("local_fees.payment", 3), ("local_fees.cleaning_fee", 1)]
    assert numbers.topics(asked) == {"local_fees": 4}


def test_waits_and_languages_are_those_of_who_was_answered(database: Database) -> None:
    assert database.call(numbers.waits, SPAN) is None

    def answer(connection: Connection, seconds: float) -> None:
        now = MIDNIGHT + 100 + seconds
        (claimed,) = inbox.claim(connection, ME, WEB, now)
        inbox.complete(connection, claimed, [reply("x")], now, language="ka")

    for number in range(3):
        wrote(database, f"c{number}", f"{number}", MIDNIGHT + 100)
        database.call(answer, float(number + 1))
    found = database.call(numbers.waits, SPAN)
    assert found is not None
    assert (round(found.middle), round(found.most)) == (2, 3)
    assert database.call(numbers.languages, SPAN) == {"ka": 3}


def test_submissions_are_counted_with_the_days_to_the_first_answer(database: Database) -> None:
    wrote(database, "a", "1", MIDNIGHT)
    body = "კოსტავას ქუჩაზე ღრმა ორმოა"
    draft = Draft(Kind.PROBLEM, "a", "rustavi", "ka", body, "ორმო", "roads")
    one = database.call(submissions.submit, draft, "k", MIDNIGHT + 1).submission
    due = MIDNIGHT + 9 * 86_400
    for event, day in (
        (Event("take", data={"assignee": "staff:1", "due_at": due}), 1),
        (Event("inform", "ვმუშაობთ ამაზე"), 2),
        (Event("inform", "კიდევ ვმუშაობთ"), 3),
    ):
        at = MIDNIGHT + 1 + day * 86_400
        database.call(submissions.apply, one.code, event, "staff:1", at)
    assert database.call(numbers.submitted, SPAN, None) == {("problem", "in_review"): 1}
    assert database.call(numbers.submitted, SPAN, "marneuli") == {}
    assert database.call(numbers.days_to_answer, SPAN, "rustavi") == {"problem": 2.0}


def test_emergency_notice_holds_until_its_end_or_the_next_one(database: Database) -> None:
    texts = {"ka": "წყალი", "en": "water"}
    database.call(emergency.begin, "rustavi", texts, 500.0, "staff:1", 100.0)
    database.call(emergency.begin, "rustavi", {**texts, "ka": "გაზი"}, 600.0, "staff:1", 200.0)
    notice = database.call(emergency.current, "rustavi", 300.0)
    assert notice is not None
    assert (notice.texts["ka"], notice.begins_at) == ("გაზი", 200.0)
    assert database.call(emergency.current, "marneuli", 300.0) is None
    assert database.call(emergency.current, "rustavi", 600.0) is None
