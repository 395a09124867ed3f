from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.staff import Role
from bot.store import events, inbox, leases, letters
from bot.store.events import StoredEvent
from bot.store.inbox import Lease
from bot.store.outbox import Draft
from console.pictures import bars, town_map
from tests.console.people import Desk, Person
from tests.console.residents import asks_for_a_person, handed_in, wrote


def understood(desk: Desk, intent: str, outcome: str, town: str = "rustavi") -> None:
    parsed = {"intent": {"name": intent}, "outcome": outcome}
    data = json.dumps({"parse_data": parsed, "metadata": {"town": town}})
    event = StoredEvent("user", desk.site.now(), intent, None, data)
    desk.site.database.call(events.append, "web:a", [event])


def answered(desk: Desk, error: str | None = None) -> None:
    def work(connection: Connection) -> None:
        now = desk.site.now()
        claimed = inbox.claim(connection, Lease("bot", 9.0), ["web"], now + 5)
        inbox.complete(
            connection, claimed[0], [Draft({"text": "პასუხი"})], now + 2, language="ka", error=error
        )

    desk.site.database.call(work)


def test_today_counts_what_waits_for_whom(desk: Desk) -> None:
    one = handed_in(desk.site)
    asks_for_a_person(desk.site, "web:ana")
    nino = desk.person()
    due = (datetime.now(GEORGIA) + timedelta(days=2)).date().isoformat()
    nino.post(f"/submissions/{one.code}/act/take", assignee=nino.member.actor, due_at=due)
    text = nino.get("/?language=en").text
    assert "<strong>1</strong> waiting for a person" in text
    assert "<strong>0</strong> new submissions" in text
    assert "<h2>Mine</h2>" in text
    viewer = desk.person(Role.VIEWER, name="viewer").get("/?language=en").text
    assert "waiting for a person" not in viewer


def test_dead_letter_is_tried_again_by_an_administrator(desk: Desk) -> None:
    wrote(desk.site, "web:a", "ეს ვერ დამუშავდა")
    answered(desk, error="it broke five times")
    boss = desk.person(Role.ADMINISTRATOR)
    text = boss.get("/").text
    assert "it broke five times" in text
    assert "ეს ვერ დამუშავდა" not in text
    letter = desk.site.database.call(letters.letters, leases.INBOX, "dead")[0]
    boss.post(f"/messages/{letter.id}/replay")
    assert desk.site.database.call(letters.letters, leases.INBOX, "dead") == []


def test_numbers_tell_what_happened_in_the_days_asked_for(desk: Desk) -> None:
    wrote(desk.site, "web:a", "დასუფთავება რა ღირს", id="1")
    answered(desk)
    wrote(desk.site, "web:a", "მადლობა", id="2")
    wrote(desk.site, "tg:7", "გამარჯობა", id="3", channel="telegram")
    understood(desk, "local_fees.cleaning_fee", "answered")
    understood(desk, "local_fees.payment", "offered")
    handed_in(desk.site)
    viewer = desk.person(Role.VIEWER)
    text = viewer.get("/numbers?language=en").text
    assert "<strong>3</strong> residents" in text
    assert "<strong>4</strong> messages" in text
    for words in ("answered 1, offered choices 1", "web page 3", "Georgian 1", "received 1"):
        assert words in text, words
    assert (
        "<strong>0</strong> residents"
        in viewer.get("/numbers?first=2020-01-01&last=2020-02-01").text
    )
    assert viewer.get("/numbers?first=nonsense&last=9999-99-99").status_code == 200
    assert ["all towns", "Service", "local_fees.cleaning_fee", "1"] in exported(viewer)


def exported(person: Person, query: str = "") -> list[list[str]]:
    answer = person.get(f"/numbers/export?language=en&{query}")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_days_that_no_calendar_reckons_with_are_as_if_none_were_asked_for(desk: Desk) -> None:
    viewer = desk.person(Role.VIEWER)
    usual = viewer.get("/numbers").text
    for asked in ("last=0001-01-01", "last=9999-12-31", "first=0001-01-01", "first=yesterday"):
        answer = viewer.get(f"/numbers?{asked}")
        assert answer.status_code == 200
        assert answer.text.count("<rect") == usual.count("<rect")


def test_numbers_are_those_of_the_town_that_may_be_seen(desk: Desk) -> None:
    for number in range(3):
        wrote(desk.site, f"web:{number}", "?", municipality="marneuli")
    wrote(desk.site, "web:r", "?")
    wrote(desk.site, "web:old", "?", municipality=None)
    understood(desk, "local_fees.payment", "answered", "marneuli")
    understood(desk, "local_fees.cleaning_fee", "offered")
    marneuli = desk.person(Role.VIEWER, municipality="marneuli")
    everywhere = desk.person(Role.VIEWER, name="everywhere")

    def told(person: Person, query: str = "") -> str:
        return person.get(f"/numbers?language=en&{query}").text

    assert "<strong>5</strong> messages" in told(everywhere)
    assert "the town is not known" not in told(everywhere)
    assert '<select name="town">' in told(everywhere)
    for text in (
        told(marneuli),
        # The address cannot ask for another town's.
        told(marneuli, "town=rustavi"),
        told(marneuli, "town="),
        told(everywhere, "town=marneuli"),
    ):
        assert "<strong>3</strong> messages" in text
        assert "<strong>3</strong> residents" in text
        assert "answered 1<" in text.replace('"', "<")
        assert "offered choices" not in text
        assert "the town is not known" in text
    assert '<select name="town">' not in told(marneuli)
    assert "<strong>1</strong> messages" in told(everywhere, "town=rustavi")
    assert "<strong>5</strong> messages" in told(everywhere, "town=nowhere")
    for rows in (exported(marneuli, "town=rustavi"), exported(everywhere, "town=marneuli")):
        assert ["Marneuli", "Service", "local_fees.payment", "1"] in rows
        assert {row[0] for row in rows[1:]} == {"Marneuli"}
        assert sum(int(row[3]) for row in rows[1:] if row[1] == "Day") == 3


def test_bars_are_as_long_as_their_part_of_the_most() -> None:
    assert [bar.size for bar in bars([("a", 4), ("b", 1), ("c", 0)])] == [100.0, 25.0, 0.0]
    assert bars([]) == []
    assert bars([("a", 0)])[0].size == 0.0


def test_north_is_on_top_of_the_map_and_nothing_falls_off_it() -> None:
    picture = town_map([(45.00, 41.55, "south", False), (45.02, 41.57, "north", True)])
    south, north = picture.dots
    assert north.y < south.y
    assert north.x > south.x
    assert all(0 < dot.x < picture.width and 0 < dot.y < picture.height for dot in picture.dots)
    alone = town_map([(45.0, 41.5, "alone", False)]).dots[0]
    assert (alone.x, alone.y) == (picture.width / 2, picture.height / 2)
