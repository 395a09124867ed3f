"""Messages that were not answered: taught, kept as a test, or dismissed with one click."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core import examination, teaching
from bot.core.errors import InputError
from bot.core.examination import Question
from bot.core.staff import May
from bot.core.training_data import LANGUAGES
from bot.store import journal, misses
from bot.store.misses import Miss
from console.guard import Page
from console.visit import Visit, not_found

#: Groups on one page.
MOST_GROUPS = 40
#: What becomes of a message, by the button that was pressed.
DECISIONS = {"teach": misses.TAUGHT, "test": misses.TEST, "dismiss": misses.DISMISSED}


async def listing(visit: Visit) -> Response:
    """Show the groups that weigh most."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", status: int = 200) -> Response:
    state = visit.request.query_params.get("state", misses.NEW)
    state = state if state in misses.STATES else misses.NEW
    towns = [visit.town] if visit.town else None

    def read(connection: Connection) -> dict[str, Any]:
        found = misses.listing(connection, states=(state,), municipalities=towns)
        return {"counts": misses.states(connection, towns), "found": found}

    values = await visit.site.database.read(read)
    groups = await asyncio.to_thread(misses.groups, values.pop("found"))
    values |= {
        "groups": groups[:MOST_GROUPS],
        "more": max(0, len(groups) - MOST_GROUPS),
        "state": state,
        "labels": visit.site.labels(visit.language),
        "ways": LANGUAGES,
        "problem": problem,
    }
    return visit.page("misses.html", values, status)


async def decide(visit: Visit) -> Response:
    """Do what was decided about the chosen messages of a group."""
    decision = visit.field("decision")
    label = visit.field("label", 80) or visit.field("guess", 80)
    ids = [int(id) for id in visit.many("ids") if id.isdecimal() and len(id) < 10]
    if decision not in DECISIONS or not ids:
        return visit.back_to("/misses", "nothing_chosen_misses")
    chosen = await visit.site.database.read(_chosen, visit, ids)
    if decision != "dismiss" and label not in visit.site.knowledge().catalogue:
        return visit.back_to("/misses", "no_label")
    try:
        done = await asyncio.to_thread(_write, visit, chosen, decision, label)
    except InputError as error:
        told = "; ".join(str(finding) for finding in error.findings)
        return await _shown(visit, f"{error} {told}".strip(), 409)
    await visit.site.database.run(_keep, visit, done, decision, label)
    return visit.back_to("/misses", decision)


def _chosen(connection: Connection, visit: Visit, ids: list[int]) -> list[Miss]:
    found = [misses.get(connection, id) for id in ids]
    if any(miss is None or not visit.sees(miss.municipality) for miss in found):
        raise not_found()
    return [miss for miss in found if miss is not None]


def _write(visit: Visit, chosen: list[Miss], decision: str, label: str) -> list[Miss]:
    """Write the messages where they belong; the files are the truth."""
    settings, catalogue = visit.site.settings, visit.site.knowledge().catalogue
    for miss in chosen:
        language = visit.field(f"language.{miss.id}", 10)
        language = language if language in LANGUAGES else miss.language
        if decision == "teach":
            taught = teaching.teach(settings.root, catalogue, label, language, miss.text)
            visit.site.commit([taught.path], f"Teach a message of {label}", visit.member)
        elif decision == "test":
            examination.add(settings.root, Question(miss.text, language, label))
            visit.site.commit([str(examination.FILE)], f"Test a message of {label}", visit.member)
    return chosen


def _keep(
    connection: Connection, visit: Visit, done: list[Miss], decision: str, label: str
) -> None:
    actor, now = visit.member.actor, visit.site.now()
    told = label if decision != "dismiss" else None
    ids = [miss.id for miss in done]
    misses.decide(connection, ids, DECISIONS[decision], actor, told, now)
    for id in ids:
        details = {"label": told}
        journal.write(connection, actor, f"misses.{decision}", str(id), details, now)


PAGES = [
    Page("/misses", listing, May.TEACH),
    Page("/misses/decide", decide, May.TEACH, "POST"),
]
