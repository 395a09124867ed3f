"""Residents of the tests: what they wrote and handed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from bot.core.ratings import voter
from bot.core.submissions.model import Draft, Kind, Place, Submission
from bot.core.submissions.model import Event as Happening
from bot.store import inbox, media, ratings, submissions, waiting
from bot.store.inbox import Event
from console.site import Site

POTHOLE = "კოსტავას ქუჩაზე ღრმა ორმოა, მანქანები ზიანდება"


def wrote(
    site: Site,
    conversation: str,
    text: str,
    id: str = "1",
    channel: str = "web",
    municipality: str | None = "rustavi",
) -> None:
    """Let a resident write something."""
    now = site.now()
    event = Event(channel, conversation, id, conversation, "text", {"text": text}, now)
    site.database.call(inbox.add, event, now, None, municipality)


def sent(
    site: Site, conversation: str, id: str, kind: str, body: dict[str, Any], channel: str = "web"
) -> None:
    """Let a resident send something that is no text."""
    now = site.now()
    event = Event(channel, conversation, id, conversation, kind, body, now)
    site.database.call(inbox.add, event, now, None, "rustavi")


def photographed(site: Site, conversation: str, id: str) -> None:
    """Keep a photo of a resident."""
    photo = media.Photo(id, conversation, f"m-{id}", "image/jpeg", 4, 4, 3, "0" * 64, 1.0)
    site.database.call(media.add, photo)
    file = site.settings.var / "media" / photo.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"jpg")


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


def published(site: Site, number: int = 0, town: str = "rustavi", **more: Any) -> str:
    """Let an idea be handed in and published; gives its code."""
    given = {"title": f"იდეა ნომერი {number}", "place": None, "municipality": town, **more}
    one = handed_in(
        site, f"მოდი გავაკეთოთ რამე კარგი {number}", Kind.IDEA, f"web:{number}", **given
    )

    def work(connection: Connection) -> None:
        due = site.now() + 99_999
        for event in (
            Happening("take", data={"assignee": "staff:1", "due_at": due}),
            Happening("publish", data={"checked": True}),
        ):
            submissions.apply(connection, one.code, event, "staff:1", site.now())

    site.database.call(work)
    return one.code


def rated(site: Site, path: str, *values: list[int]) -> None:
    """Let people rate in the round of this page; ``values`` are those of each idea in turn."""

    def work(connection: Connection) -> None:
        initiatives = ratings.initiatives_of(connection, path.rpartition("/")[2])
        for initiative, given in zip(initiatives, values, strict=True):
            for number, value in enumerate(given):
                person = voter(b"salt", f"tg:{number}")
                ratings.rate(connection, initiative.id, person, value, site.now())

    site.database.call(work)
