"""A console in the middle of a working day: what residents sent, what waits, what was trained."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.ratings import Scale
from bot.core.staff import Role
from bot.core.submissions.model import Event, Kind, Place
from bot.settings import Settings
from bot.store import events, feedback, inbox, misses, staff, submissions
from bot.store import rounds as planning
from bot.store.events import StoredEvent
from bot.store.feedback import Verdict
from bot.store.inbox import Lease
from bot.store.misses import Missed
from bot.store.outbox import Draft
from bot.store.rounds import Plan
from bot.store.telling import Teller
from console.site import Site
from tests.console.people import added
from tests.console.residents import asks_for_a_person, handed_in, published, rated, wrote

ROOT = Path(__file__).parents[2]
DAY = 86_400.0
FEE = "local_fees.cleaning_fee"
SUBMITTED = (
    ("ორმო კოსტავას გამზირზე", "კოსტავას გამზირზე, აფთიაქთან, ღრმა ორმოა", "roads"),
    ("სანათი არ ანათებს", "მე-12 მიკრორაიონში ეზოს სანათი კვირაა არ ანათებს", "lighting"),
    ("ნაგავი არ გააქვთ", "შარტავას ქუჩაზე ბუნკერი გადავსებულია და სუნია", "waste"),
    ("ტოტი ეკიდება გზას", "პარკთან დიდი ტოტი ჩამოტყდა და ტროტუარზე ჰკიდია", "greenery"),
)
PINS = ((41.5487, 45.0012), (41.5529, 45.0121), (41.5411, 44.9933), (41.5460, 45.0230))
GUESSES = [
    {"label": FEE, "confidence": 0.44},
    {"label": "local_fees.payment", "confidence": 0.21},
]
MISSED = (
    ("ნაგვის ქვითარი რომ აღარ მომდის რა ვქნა", 3),
    ("ბუნკერს როდის დაცლით ჩვენთან", 2),
    ("ეზოში სკამი უნდა და ვის ვთხოვო", 1),
)
TAUGHT = ("local_fees",)
#: Who handed in the first submission, and wrote last more than a day ago.
AUTHOR = "fb:100:200"


def prepare(root: Path) -> None:
    """Lay out a project that the console may change: knowledge, some training data, two models."""
    shutil.copytree(ROOT / "knowledge", root / "knowledge")
    for topic in TAUGHT:
        shutil.copytree(ROOT / "data" / "nlu" / topic, root / "data" / "nlu" / topic)
    models = root / "models"
    models.mkdir()
    for name, day, note in (
        ("20261120-090000", "2026-11-20T09:00:00+04:00", "პირველი სრული მოდელი"),
        ("20261127-101500", "2026-11-27T10:15:00+04:00", ""),
    ):
        (models / f"{name}.tar.gz").write_bytes(b"no model")
        told = {"name": name, "trained_at": day, "seconds": 140, "note": note}
        (models / f"{name}.json").write_text(json.dumps(told))
    (models / "live.json").write_text(json.dumps({"model": "20261120-090000", "earlier": []}))
    results = root / "results" / "20261127-101500"
    results.mkdir(parents=True)
    change = {
        "kind": "now_right",
        "text": MISSED[0][0],
        "language": "ka",
        "label": FEE,
        "before": {"outcome": "not_understood", "answer": []},
        "after": {"outcome": "answered", "answer": [FEE]},
    }
    diff = {"candidate": "20261127-101500", "live": "20261120-090000", "compared": 1898}
    counts = {"now_right": 1, "now_wrong": 0, "changed": 0, "changes": [change]}
    (results / "diff.json").write_text(json.dumps({**diff, **counts}))


def fill(site: Site) -> None:
    """Let residents write, hand in and wait."""
    added(site, "maia", Role.CLERK)
    wrote(site, AUTHOR, "გამარჯობა", channel="messenger")
    for number, (title, body, category) in enumerate(SUBMITTED):
        handed_in(
            site,
            body,
            conversation=f"web:{number}" if number else AUTHOR,
            title=title,
            category=category,
            place=Place("", *PINS[number]),
        )
    handed_in(
        site,
        "გავაკეთოთ ველობილიკი ძველი და ახალი რუსთავის დასაკავშირებლად",
        Kind.IDEA,
        "web:idea",
        title="ველობილიკი ხიდზე",
        category="roads",
        place=None,
    )
    site.database.call(_work, site)
    _told(site)
    asks_for_a_person(site, "web:ana")
    for words, residents in MISSED:
        for resident in range(residents):
            one = Missed("rustavi", misses.NOT_UNDERSTOOD, words, "ka", str(resident), "m", GUESSES)
            site.database.call(misses.record, one)
    _days(site)


def _work(connection: Connection, site: Site) -> None:
    """Let a clerk take the first submission, due tomorrow, and the second, overdue in a while."""
    clerk = staff.by_name(connection, "maia")
    assert clerk is not None
    now = site.now()
    due = (datetime.now(GEORGIA) + timedelta(days=1)).replace(hour=23, minute=59).timestamp()
    for one in submissions.mine(connection, AUTHOR) + submissions.mine(connection, "web:1"):
        data = {"assignee": clerk.actor, "due_at": due}
        submissions.apply(connection, one.code, Event("take", data=data), clerk.actor, now)


def _told(site: Site) -> None:
    """Let the work on the first submission begin; the news of it wait for the author."""
    (one,) = site.database.call(submissions.mine, AUTHOR)
    clerk = one.assignee or ""
    site.database.call(submissions.apply, one.code, Event("start"), clerk, site.now())
    texts = site.knowledge().texts
    Teller(site.database, site.sender, lambda: texts, "rustavi").tell(site.now() + 1)
    changes = (
        "UPDATE outbox SET state = 'held', error = 'window', done_at = created_at"
        " WHERE notice_key LIKE 'news:%'",
        "UPDATE conversations SET heard_at = heard_at - 108000 WHERE channel = 'messenger'",
    )
    for change in changes:
        site.database.call(lambda connection, sql=change: connection.execute(text(sql)) and None)


def _days(site: Site) -> None:
    """Spread messages over the last two weeks, as many as a small town writes."""
    asked = (FEE, "local_fees.payment", "conscription.deferment", "public_information.request")
    for day in range(14):
        at = site.now() - day * DAY
        for number in range(3 + day % 5):
            id = f"{day}-{number}"
            event = inbox.Event(
                "web", f"r{number}", id, f"web:r{number}", "text", {"text": "?"}, at
            )
            site.database.call(inbox.add, event, at, None, "rustavi")
            outcome = ("answered", "answered", "answered", "offered", "not_understood")[number % 5]
            intent = asked[number % len(asked)]
            parsed = {"intent": {"name": intent}, "outcome": outcome}
            data = json.dumps({"parse_data": parsed, "metadata": {"town": "rustavi"}})
            stored = StoredEvent("user", at, intent, None, data)
            site.database.call(events.append, f"web:r{number}", [stored])
    site.database.call(_answer_all, site)
    for number, verdict in enumerate(("up", "up", "up", "down")):
        told = Verdict("rustavi", f"{number}", FEE, "ka", "web", verdict, "m")
        site.database.call(feedback.record, told)


def _answer_all(connection: Connection, site: Site) -> None:
    now = site.now() + 5
    while claimed := inbox.claim(connection, Lease("bot", 60.0), ["web"], now, 50):
        for one in claimed:
            if one.conversation.startswith("web:r"):
                reply = [Draft({"text": "პასუხი"})]
                inbox.complete(connection, one, reply, one.created_at + 1.2, language="ka")
            else:
                inbox.complete(connection, one, [], one.created_at + 1.2, language="ka")


def rounds(site: Site) -> dict[str, str]:
    """Let ideas be rated in a round that has ended, and plan another; gives their pages."""
    codes = [published(site, number, title=f"ველობილიკი {number}") for number in range(3)]
    title = {"ka": "გაზაფხულის იდეები", "en": "Ideas of spring"}

    def make(connection: Connection, opens: float, closes: float) -> str:
        plan = Plan(title, Scale.STARS, opens, closes, codes)
        return f"/ratings/rounds/{planning.make(connection, 'rustavi', plan, site.now()).id}"

    ended = site.database.call(make, site.now(), site.now() + DAY)
    rated(site, ended, [5, 4, 5, 4, 5], [3, 3, 4, 2, 3], [5])
    site.database.call(planning.close_now, ended.rpartition("/")[2], site.now())
    planned = site.database.call(make, site.now() + DAY, site.now() + 9 * DAY)
    return {"round": ended, "planned round": planned, "round form": f"{planned}/change"}


def first(site: Site) -> str:
    """Give the page of the first submission; its code tells the year."""
    (one,) = site.database.call(submissions.mine, AUTHOR)
    return f"/submissions/{one.code}"


def wrote_again(site: Site, text: str) -> None:
    """Let the resident who waits for a person write something more."""
    wrote(site, "web:ana", text, id="more")


def settings_of(root: Path, port: int = 9) -> Settings:
    """Give the settings of the console over this project."""
    from bot import settings

    return settings.load(
        {
            "CBOT_ROOT": str(root),
            "CBOT_ENGINE_PORT": str(port),
            "CBOT_CONNECTORS_PORT": str(port),
            "CBOT_SECRET_KEY": "a key of the tests",
        }
    )
