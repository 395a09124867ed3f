"""One submission: its words, its history, what staff do with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.programmes import Programme
from bot.core.staff import May
from bot.core.submissions import reasons
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Submission, Visibility
from bot.core.submissions.transitions import possible
from bot.store import conversations, journal, media, sendings, staff, submissions, submissions_staff
from console.guard import Page
from console.pages.submissions import clerks
from console.submission_answers import answered
from console.submission_forms import DECISIONS, event_of, forms
from console.visit import Visit, not_found
from console.window import Window, window


def _found(connection: Connection, visit: Visit) -> Submission:
    """Give the submission asked for, if it is of a town this person may see."""
    found = submissions.by_code(connection, visit.request.path_params["code"])
    if found is None or not visit.sees(found.municipality):
        raise not_found()
    return found


def _programme(visit: Visit, found: Submission) -> Programme | None:
    towns = visit.site.knowledge().programmes
    return towns.get(found.municipality, {}).get(found.programme)


def _window(visit: Visit, contact: conversations.Contact | None) -> Window | None:
    if contact is None:
        return None
    return window(contact, visit.site.settings, visit.site.now(), by_a_person=False)


def _sensible(found: Submission, actor: str) -> tuple[str, ...]:
    """List what can be done now, without what its visibility makes pointless."""
    pointless = {
        Visibility.PRIVATE: {"unhide"},
        Visibility.PUBLIC: {"unhide", "publish"},
        Visibility.HIDDEN: {"hide", "publish"},
    }[found.visibility]
    return tuple(event for event in possible(found, actor) if event not in pointless)


async def submission(visit: Visit) -> Response:
    """Show a submission; that somebody saw it is written down."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", event: str = "", status: int = 200) -> Response:
    now, actor = visit.site.now(), visit.member.actor

    def read(connection: Connection) -> dict[str, Any]:
        found = _found(connection, visit)
        journal.write(connection, actor, "submissions.view", found.code, now=now)
        contact = conversations.contact(connection, found.conversation or "")
        return {
            "one": found,
            "window": _window(visit, contact),
            "told": sendings.of_submission(connection, found, now),
            "history": submissions.history(connection, found.code),
            "notes": submissions_staff.notes(connection, found.code),
            "revisions": submissions_staff.revisions(connection, found.code),
            "scores": submissions_staff.scores(connection, found.code),
            "names": staff.names(connection),
            "clerks": clerks(connection, found.municipality),
        }

    values = await visit.site.database.run(read)
    found = values["one"]
    texts, programme = visit.site.knowledge().texts, _programme(visit, found)
    values |= {
        "reasons": {code: texts.reason(code, visit.language) for code in reasons.ALL},
        "forms": forms(_sensible(found, actor)) if visit.may(May.ACT) else [],
        "programme": programme,
        "answers": answered(found, programme, texts, visit.texts, visit.language),
        "categories": visit.site.categories(visit.language),
        "decisions": DECISIONS,
        "templates": visit.texts.templates,
        "now": now,
        "wrong": texts.refusal(problem, visit.language) if problem else "",
        "tried": event,
        "given": visit.form,
    }
    return visit.page("submission.html", values, status)


async def act(visit: Visit) -> Response:
    """Let something happen to a submission, once also when the form comes twice.

    What the table refuses is told.
    """
    type, now = visit.request.path_params["event"], visit.site.now()
    actor, seen = visit.member.actor, visit.field("seen", 18)
    given = {name: value for name, value in visit.form.items() if isinstance(value, str)}

    def work(connection: Connection) -> str:
        found = _found(connection, visit)
        programme = _programme(visit, found)
        event = event_of(type, given, programme)
        if "assignee" in event.data and event.data["assignee"] not in {
            member.actor for member in clerks(connection, found.municipality)
        }:
            return "assignee_missing"
        if seen.isdigit() and submissions.happened_since(
            connection, found.code, event, actor, int(seen)
        ):
            return ""
        programmes = {found.programme: programme} if programme else {}
        try:
            submissions.apply(connection, found.code, event, actor, now, programmes=programmes)
        except Refused as refusal:
            return refusal.code
        journal.write(connection, actor, f"submissions.{type}", found.code, now=now)
        return ""

    problem = await visit.site.database.run(work)
    if problem:
        return await _shown(visit, problem, type, 409)
    return visit.back_to(f"/submissions/{visit.request.path_params['code']}", "done")


async def note(visit: Visit) -> Response:
    """Keep a note for colleagues."""
    now, words = visit.site.now(), visit.field("words")

    def work(connection: Connection) -> None:
        found = _found(connection, visit)
        actor = visit.member.actor
        if submissions_staff.add_note(connection, found.code, actor, words, now):
            journal.write(connection, actor, "submissions.note", found.code, now=now)

    if words:
        await visit.site.database.run(work)
    said = "noted" if words else "nothing_written"
    return visit.back_to(f"/submissions/{visit.request.path_params['code']}", said)


async def send_again(visit: Visit) -> Response:
    """Send a message to the author that was given up."""
    now, id = visit.site.now(), visit.request.path_params["sending"]

    def work(connection: Connection) -> bool:
        found = _found(connection, visit)
        if not sendings.send_again(connection, id, found.conversation, now):
            return False
        actor = visit.member.actor
        journal.write(connection, actor, "submissions.send_again", found.code, now=now)
        return True

    done = await visit.site.database.run(work)
    path = f"/submissions/{visit.request.path_params['code']}"
    return visit.back_to(path, "sent_again" if done else "")


async def score(visit: Visit) -> Response:
    """Keep this person's scores of an enquiry."""
    now = visit.site.now()

    def work(connection: Connection) -> str:
        found = _found(connection, visit)
        programme = _programme(visit, found)
        if programme is None:
            raise not_found()
        given = {}
        for criterion in programme.criteria:
            text = visit.field(f"score.{criterion.id}", 10).replace(",", ".")
            try:
                given[criterion.id] = (float(text), visit.field(f"comment.{criterion.id}"))
            except ValueError:
                return "score_out_of_range"
        try:
            submissions_staff.evaluate(
                connection, found.code, visit.member.actor, given, programme, now
            )
        except Refused as refusal:
            return refusal.code
        journal.write(connection, visit.member.actor, "submissions.score", found.code, now=now)
        return ""

    problem = await visit.site.database.run(work)
    if problem:
        return await _shown(visit, problem, "evaluate", 409)
    return visit.back_to(f"/submissions/{visit.request.path_params['code']}", "done")


async def photo(visit: Visit) -> Response:
    """Give a photo of a submission; never one that belongs to another."""
    id = visit.request.path_params["photo"]

    def read(connection: Connection) -> media.Photo | None:
        found = _found(connection, visit)
        return media.find(connection, id) if id in found.photos else None

    kept = await visit.site.database.read(read)
    if kept is None:
        raise not_found()
    await visit.looks_at("submissions.view", visit.request.path_params["code"])
    return visit.photo(kept)


PAGES = [
    Page("/submissions/{code}", submission, May.LOOK),
    Page("/submissions/{code}/act/{event}", act, May.ACT, "POST"),
    Page("/submissions/{code}/note", note, May.ACT, "POST"),
    Page("/submissions/{code}/send-again/{sending:int}", send_again, May.ACT, "POST"),
    Page("/submissions/{code}/score", score, May.ACT, "POST"),
    Page("/submissions/{code}/photos/{photo}", photo, May.PERSONAL),
]
