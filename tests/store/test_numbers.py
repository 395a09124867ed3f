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
