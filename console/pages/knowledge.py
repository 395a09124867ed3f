"""What the bot answers: browse, search, change an entry with a preview and checks as you type."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core import clock, knowledge_edit
from bot.core.errors import InputError, MissingError, relative
from bot.core.knowledge import ATTRIBUTES, Entry
from bot.core.knowledge_edit import Change, Conflict, EditableEntry, NewPeriod, Trial
from bot.core.knowledge_files import NATIONAL
from bot.core.knowledge_folder import Loaded
from bot.core.languages import LANGUAGES, REQUIRED, pick
from bot.core.staff import May
from bot.store import journal, knowledge_index, knowledge_search
from console import answer_preview
from console.guard import Page
from console.visit import Visit, not_found

MOST_FOUND = 30
#: What is found at all is this much as like the words as the best one is, and more than what
#: shares a few letters by chance.
WORTH, LEAST = 0.5, 0.25


async def listing(visit: Visit) -> Response:
    """Show the entries by topic, or those that a search finds; what is outdated is marked."""
    town = visit.town or visit.site.settings.municipality
    words = visit.request.query_params.get("words", "").strip()[:100]
    loaded = visit.site.knowledge()
    entries = loaded.knowledge.entries(town)
    ids = list(entries)
    if words:
        ids = [words] if words in entries else await _found(visit, loaded, words, town)
    rows = [
        {
            "id": id,
            "title": pick(entries[id].long_title or entries[id].title, visit.language) or id,
            "topic": loaded.catalogue.topics[id.partition(".")[0]].name(visit.language),
            "own": entries[id].own,
            "verified_on": entries[id].verified_on,
            "stale": _stale(entries[id]),
        }
        for id in ids
    ]
    values = {"rows": rows, "words": words, "town": town, "national": NATIONAL}
    return visit.page("knowledge.html", values)


async def _found(visit: Visit, loaded: Loaded, words: str, town: str) -> list[str]:
    contents = await asyncio.to_thread(knowledge_index.contents, loaded.knowledge)

    def work(connection: Connection) -> list[tuple[str, float]]:
        # The engine fills the index too; whoever is first.
        knowledge_index.replace(connection, contents, contents.digest())
        return knowledge_search.search(connection, words, town, MOST_FOUND)

    found = await visit.site.database.run(work)
    return [id for id, score in found if score >= max(LEAST, WORTH * found[0][1])]


def _stale(entry: Entry) -> bool:
    return entry.review_by is not None and entry.review_by < clock.today()


def _may_edit(visit: Visit) -> bool:
    folder = visit.request.path_params["folder"]
    return visit.may(May.EDIT) and visit.sees(folder)


def _look(visit: Visit) -> EditableEntry:
    params = visit.request.path_params
    try:
        return knowledge_edit.look(visit.site.settings.knowledge, params["folder"], params["id"])
    except MissingError:
        raise not_found() from None


async def entry(visit: Visit) -> Response:
    """Show an entry, to be changed by those who may."""
    found = await asyncio.to_thread(_look, visit)
    return await _page(visit, found, found.fields, Trial("", (), visit.site.knowledge()))


async def _page(
    visit: Visit,
    found: EditableEntry,
    fields: Mapping[str, str],
    trial: Trial,
    conflict: Mapping[str, tuple[str, str]] | None = None,
    status: int = 200,
) -> Response:
    inherited = await asyncio.to_thread(_inherited, visit, found)
    title = fields.get(f"long_title.{visit.language}") or fields.get(f"title.{visit.language}")
    above = inherited.get(f"long_title.{visit.language}") or inherited.get(
        f"title.{visit.language}"
    )
    values = {
        "entry": found,
        "heading": title or above or found.id,
        "inherited": inherited,
        "national": NATIONAL,
        "sibling": await asyncio.to_thread(_sibling, visit, found),
        "fields": fields,
        "editable": _may_edit(visit),
        "attributes": ATTRIBUTES,
        "languages": LANGUAGES,
        "required": REQUIRED,
        "conflict": {_named(visit, name): texts for name, texts in (conflict or {}).items()},
        **_preview(visit, trial),
    }
    return visit.page("entry.html", values, status)


def _inherited(visit: Visit, found: EditableEntry) -> Mapping[str, str]:
    """Give what a town's entry takes from the general one where it says nothing itself."""
    if found.folder == NATIONAL:
        return {}
    with suppress(MissingError):
        return knowledge_edit.look(visit.site.settings.knowledge, NATIONAL, found.id).fields
    return {}


def _sibling(visit: Visit, found: EditableEntry) -> str | None:
    """Give the folder of the same entry for all towns, or for this person's town."""
    town = visit.town or visit.site.settings.municipality
    other = NATIONAL if found.folder != NATIONAL else town
    with suppress(MissingError):
        return knowledge_edit.look(visit.site.settings.knowledge, other, found.id).folder
    return None


def _named(visit: Visit, field: str) -> str:
    """Say which text a field such as ``attributes.price.ka`` holds."""
    words, (path, _, language) = visit.texts, field.rpartition(".")
    names = {
        **words.knowledge.parts,
        **{f"attributes.{id}": name for id, name in words.knowledge.attributes.items()},
    }
    plain = {
        "verified_on": words.knowledge.verified,
        "review_by": words.knowledge.review,
        "owner": words.knowledge.owner,
    }
    if path in names:
        return f"{names[path]} · {words.languages[language]}"
    return str(plain.get(field, field))


def _attempt(visit: Visit, change: Change) -> Trial:
    params = visit.request.path_params
    return knowledge_edit.attempt(
        visit.site.settings.knowledge, params["folder"], params["id"], change
    )


def _preview(visit: Visit, trial: Trial) -> dict[str, Any]:
    """Give what is wrong, or how a resident would read it."""
    folder, id = visit.request.path_params["folder"], visit.request.path_params["id"]
    town = visit.site.settings.municipality if folder == NATIONAL else folder
    asked = visit.field("preview_language", 5)
    language = asked if asked in LANGUAGES else visit.language
    attribute = visit.field("preview_attribute", 20)
    first = visit.field("preview_when", 5) != "later"
    values = {
        "findings": trial.findings,
        "preview_language": language,
        "preview_attribute": attribute,
        "preview_first": first,
        "shown": (),
    }
    if trial.loaded is None:
        return values
    reply = answer_preview.answer(trial.loaded, id, town, language, attribute, first=first)
    return {**values, **answer_preview.values(trial.loaded, reply, language)}


def _change(visit: Visit, found: EditableEntry) -> Change:
    fields = {
        name: visit.field(f"text.{name}", 8000).replace("\r\n", "\n")
        for name in found.fields
        if f"text.{name}" in visit.form
    }
    periods = {}
    for name in found.figures:
        value, begins = visit.field(f"figure.{name}", 60), visit.field(f"from.{name}", 10)
        if value and begins:
            with suppress(ValueError):
                periods[name] = NewPeriod(value, date.fromisoformat(begins))
    return Change(fields, periods)


def _stands(found: EditableEntry, change: Change) -> bool:
    """Tell whether the figures that a change adds are in the file."""
    return all(
        any(
            (one.value, one.valid_from) == (new.value, f"{new.valid_from}")
            for one in found.figures[name]
        )
        for name, new in change.periods.items()
    )


async def check(visit: Visit) -> Response:
    """Tell what is wrong with what stands in the form, and show it as residents would see it."""
    if not _may_edit(visit):
        return visit.page("refused.html", status=403)
    found = await asyncio.to_thread(_look, visit)
    trial = await asyncio.to_thread(_attempt, visit, _change(visit, found))
    return visit.page("entry_check.html", _preview(visit, trial))


async def save(visit: Visit) -> Response:
    """Write the change into the file; what somebody else changed meanwhile is never lost."""
    if not _may_edit(visit):
        return visit.page("refused.html", status=403)
    params, settings = visit.request.path_params, visit.site.settings
    found = await asyncio.to_thread(_look, visit)
    change = _change(visit, found)
    fields = {**found.fields, **change.fields}
    seen = visit.field("hash", 64)
    try:
        await asyncio.to_thread(
            knowledge_edit.save,
            settings.knowledge,
            settings.var,
            params["folder"],
            params["id"],
            change,
            seen,
        )
    except Conflict:
        found = await asyncio.to_thread(_look, visit)
        trial = Trial("", (), visit.site.knowledge())
        differing = {
            name: (found.fields[name], text)
            for name, text in change.fields.items()
            if text.strip() != found.fields[name].strip()
        }
        if not differing and _stands(found, change):
            # The form was sent twice.
            return visit.back_to(f"/knowledge/{params['folder']}/{params['id']}", "saved")
        return await _page(visit, found, fields, trial, differing, 409)
    except InputError as error:
        return await _page(visit, found, fields, Trial("", error.findings, None), status=400)
    await _keep(visit, found)
    return visit.back_to(f"/knowledge/{params['folder']}/{params['id']}", "saved")


async def _keep(visit: Visit, found: EditableEntry) -> None:
    name = relative(found.path, visit.site.settings.root)
    await asyncio.to_thread(
        visit.site.commit, [name], f"Change {found.id} in {found.folder}", visit.member
    )
    await visit.site.database.run(
        journal.write,
        visit.member.actor,
        "knowledge.edit",
        f"{found.folder}/{found.id}",
        {"before": found.hash[:16]},
        visit.site.now(),
    )


PAGES = [
    Page("/knowledge", listing, May.READ),
    Page("/knowledge/{folder}/{id}", entry, May.READ),
    Page("/knowledge/{folder}/{id}/check", check, May.EDIT, "POST"),
    Page("/knowledge/{folder}/{id}/save", save, May.EDIT, "POST"),
]
