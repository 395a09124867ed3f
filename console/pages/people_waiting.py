"""Residents who asked for a person: take over, write, hand back."""

from __future__ import annotations

import secrets

from sqlalchemy.engine import Connection
from starlette.responses import FileResponse, Response

from bot.core.staff import May
from bot.store import (
    conversations,
    journal,
    media,
    sendings,
    staff,
    submissions,
    transcript,
    waiting,
)
from bot.store.waiting import Waiting
from console.guard import Page
from console.visit import Visit, not_found
from console.window import window

#: Messages of a conversation that are shown, and the longest that may be written.
MOST_LINES, MOST_CHARACTERS = 60, 1900


async def listing(visit: Visit) -> Response:
    """Show who waits and who is talked with."""

    def read(connection: Connection) -> dict[str, object]:
        found = waiting.open_ones(connection, visit.town)
        return {"found": found, "names": staff.names(connection)}

    return visit.page("people_waiting.html", await visit.site.database.read(read))


def _mine(connection: Connection, visit: Visit) -> Waiting:
    """Give the conversation asked for, if it is of a town this person may see."""
    found = waiting.get(connection, visit.request.path_params["id"])
    if found is None or not visit.sees(found.municipality):
        raise not_found()
    return found


async def conversation(visit: Visit) -> Response:
    """Show one conversation; that somebody saw it is written down."""

    def read(connection: Connection) -> dict[str, object]:
        found = _mine(connection, visit)
        journal.write(
            connection,
            visit.member.actor,
            "conversations.view",
            found.conversation,
            now=visit.site.now(),
        )
        return {**_shown(connection, visit, found), **_reached(connection, visit, found)}

    values = await visit.site.database.run(read)
    # The same form sent twice writes one message.
    values["key"] = secrets.token_hex(8)
    return visit.page("conversation.html", values)


async def lines(visit: Visit) -> Response:
    """Give the messages alone, for a page that is open already."""

    def read(connection: Connection) -> tuple[Waiting, dict[str, object]]:
        found = _mine(connection, visit)
        return found, _shown(connection, visit, found)

    found, values = await visit.site.database.read(read)
    await visit.looks_at("conversations.view", found.conversation)
    return visit.page("conversation_lines.html", values)


async def photo(visit: Visit) -> Response:
    """Give a photo of this conversation; never one of another resident."""
    id = visit.request.path_params["photo"]

    def read(connection: Connection) -> tuple[Waiting, media.Photo | None]:
        return _mine(connection, visit), media.find(connection, id)

    found, kept = await visit.site.database.read(read)
    if kept is None or kept.conversation != found.conversation:
        raise not_found()
    path = visit.site.settings.var / "media" / kept.path
    if not path.is_file():
        raise not_found()
    await visit.looks_at("conversations.view", found.conversation)
    return FileResponse(path, media_type=kept.content_type)


def _shown(connection: Connection, visit: Visit, found: Waiting) -> dict[str, object]:
    lines = transcript.last(connection, found.conversation, MOST_LINES)
    sent = [line.position for line in lines if line.sender == "bot"]
    now = visit.site.now()
    return {
        "found": found,
        "mine": found.taken_by == visit.member.id and found.ended_at is None,
        "lines": lines,
        "states": sendings.of_conversation(connection, found.conversation, sent, now),
        "names": staff.names(connection),
        "most": MOST_CHARACTERS,
    }


def _reached(connection: Connection, visit: Visit, found: Waiting) -> dict[str, object]:
    """Tell how the resident can be reached now: here, and by the number they left once."""
    contact = conversations.contact(connection, found.conversation)
    phones = [one.phone for one in submissions.mine(connection, found.conversation) if one.phone]
    settings, now = visit.site.settings, visit.site.now()
    return {
        "window": window(contact, settings, now, by_a_person=True) if contact else None,
        "phone": phones[0] if phones else None,
    }


async def send_again(visit: Visit) -> Response:
    """Send a message that was given up."""
    id, now = visit.request.path_params["sending"], visit.site.now()

    def work(connection: Connection) -> bool:
        found = _mine(connection, visit)
        if not sendings.send_again(connection, id, found.conversation, now):
            return False
        _write_down(connection, visit, found, "conversations.send_again")
        return True

    done = await visit.site.database.run(work)
    return visit.back_to(_path(visit), "sent_again" if done else "")


async def take(visit: Visit) -> Response:
    """Take a conversation over: the bot falls silent in it."""

    def work(connection: Connection) -> bool:
        found = _mine(connection, visit)
        if not waiting.take(connection, found.id, visit.member.id, visit.site.now()):
            return False
        _tell(connection, visit, found, "person_joined", f"person:joined:{found.id}")
        _write_down(connection, visit, found, "conversations.take")
        return True

    taken = await visit.site.database.run(work)
    return visit.back_to(_path(visit), "taken" if taken else "taken_by_other")


async def write(visit: Visit) -> Response:
    """Write to the resident, as a person."""
    words = visit.field("words", MOST_CHARACTERS)

    def work(connection: Connection) -> bool:
        found = _mine(connection, visit)
        if found.taken_by != visit.member.id or found.ended_at is not None:
            return False
        key = f"person:says:{found.id}:{visit.field('key', 16)}"
        _tell(connection, visit, found, "person_says", key, words)
        _write_down(connection, visit, found, "conversations.write")
        return True

    if not words:
        return visit.back_to(_path(visit), "nothing_written")
    written = await visit.site.database.run(work)
    return visit.back_to(f"{_path(visit)}", "" if written else "not_yours")


async def hand_back(visit: Visit) -> Response:
    """End the talk: the bot answers again."""

    def work(connection: Connection) -> bool:
        found = _mine(connection, visit)
        if not waiting.hand_back(connection, found.id, visit.member.id, visit.site.now()):
            return False
        _tell(connection, visit, found, "person_left", f"person:left:{found.id}")
        _write_down(connection, visit, found, "conversations.hand_back")
        return True

    done = await visit.site.database.run(work)
    return visit.back_to("/waiting", "handed_back" if done else "not_yours")


def _path(visit: Visit) -> str:
    return f"/waiting/{visit.request.path_params['id']}"


def _tell(
    connection: Connection, visit: Visit, found: Waiting, text_id: str, key: str, words: str = ""
) -> None:
    visit.site.sender.add(
        connection,
        found.conversation,
        text_id,
        key=key,
        author="person" if words else "bot",
        free_text=words or None,
    )


def _write_down(connection: Connection, visit: Visit, found: Waiting, action: str) -> None:
    now = visit.site.now()
    journal.write(connection, visit.member.actor, action, found.conversation, now=now)


PAGES = [
    Page("/waiting", listing, May.TALK),
    Page("/waiting/{id:int}", conversation, May.TALK),
    Page("/waiting/{id:int}/lines", lines, May.TALK),
    Page("/waiting/{id:int}/photos/{photo}", photo, May.TALK),
    Page("/waiting/{id:int}/send-again/{sending:int}", send_again, May.TALK, "POST"),
    Page("/waiting/{id:int}/take", take, May.TALK, "POST"),
    Page("/waiting/{id:int}/write", write, May.TALK, "POST"),
    Page("/waiting/{id:int}/hand-back", hand_back, May.TALK, "POST"),
]
