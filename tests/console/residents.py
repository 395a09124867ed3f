"""Residents of the tests: what they wrote and handed in."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from bot.core.submissions.model import Draft, Kind, Place, Submission
from bot.store import inbox, submissions, waiting
from bot.store.inbox import Event
from console.site import Site

POTHOLE = "კოსტავას ქუჩაზე ღრმა ორმოა, მანქანები ზიანდება"


def wrote(site: Site, conversation: str, text: str, id: str = "1", channel: str = "web") -> None:
    """Let a resident write something."""
    now = site.now()
    event = Event(channel, conversation, id, conversation, "text", {"text": text}, now)
    site.database.call(inbox.add, event, now)


def handed_in(
    site: Site,
    body: str = POTHOLE,
    kind: Kind = Kind.PROBLEM,
    conversation: str = "web:giorgi",
    municipality: str = "rustavi",
    **more: object,
) -> Submission:
    """Let a resident hand something in."""
    if not site.database.call(_is_known, conversation):
        wrote(site, conversation, body, id="hello")
    given = {
        "title": "ორმო კოსტავაზე",
        "category": "roads",
        "place": Place("კოსტავას 12", 41.55, 45.01),
        "name": "გიორგი",
        "phone": "599123456",
        **more,
    }
    draft = Draft(kind, conversation, municipality, "ka", body, **given)  # type: ignore[arg-type]
    key = f"{conversation}:{body}"
    return site.database.call(submissions.submit, draft, key, site.now()).submission


def _is_known(connection: Connection, conversation: str) -> bool:
    from bot.store import conversations

    return conversations.contact(connection, conversation) is not None


def asks_for_a_person(site: Site, conversation: str, municipality: str = "rustavi") -> int:
    """Let a resident wait for a person; gives the number they wait under."""
    wrote(site, conversation, "ადამიანთან მინდა საუბარი")
    site.database.call(waiting.ask, conversation, municipality, site.now())
    return site.database.call(waiting.open_ones)[-1].id
