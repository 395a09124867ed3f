"""Rounds in which residents rate ideas: planning and running them, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.languages import pick
from bot.core.ratings import CHAT, FEWEST, PHONE, Result, Scale
from bot.core.staff import May
from bot.core.submissions.guards import Refused
from bot.core.submissions.model import Submission, Visibility
from bot.store import journal, ratings, rounds, submissions
from bot.store.ratings import Initiative, Round, State
from bot.store.rounds import ChangedMeanwhile, Plan
from bot.store.salts import Salts
from console import exports, round_forms
from console.guard import Page
from console.pictures import Bar, bars
from console.round_forms import Kept
from console.site import when
from console.visit import Visit, not_found

#: The most ideas to choose from (a form has 500 fields at most).
MOST_IDEAS = 400


async def listing(visit: Visit) -> Response:
    """Show the rounds of the towns this person may see, the newest first."""

    def read(connection: Connection) -> dict[str, Any]:
        found = ratings.rounds(connection, visit.town)
        people = rounds.participants(connection, [one.id for one in found])
        return {"rounds": found, "people": people}

    values = await visit.site.database.read(read)
    return visit.page("rounds.html", {**values, **_words(visit)})


def _words(visit: Visit) -> dict[str, Any]:
    return {
        "now": visit.site.now(),
        "pick": lambda texts: pick(texts, visit.language) or "",
        "towns": visit.site.town_names(visit.language),
    }


def _found(connection: Connection, visit: Visit) -> Round:
    """Give the round asked for, if it is of a town this person may see."""
    found = ratings.find_round(connection, visit.request.path_params["id"])
    if found is None or not visit.sees(found.municipality):
        raise not_found()
    return found


async def page(visit: Visit) -> Response:
    """Show a round: who took part so far, and after its close what came out."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", status: int = 200, tried: str = "") -> Response:
    found, initiatives, results, people = await visit.site.database.read(_all_of, visit)
    values = {
        "one": found,
        "state": found.state(visit.site.now()).value,
        "initiatives": initiatives,
        "people": people,
        "results": results,
        "chart": _chart(found, results, visit.language),
        "fewest": FEWEST,
        "wrong": _refusal(visit, problem),
        "tried": tried,
        **round_forms.fields(visit),
    }
    return visit.page("round.html", {**values, **_words(visit)}, status)


def _all_of(
    connection: Connection, visit: Visit
) -> tuple[Round, list[Initiative], list[Result], int]:
    """Give a round, what is rated in it, what came out, and how many took part."""
    found, now = _found(connection, visit), visit.site.now()
    ended = found.state(now) in (State.CLOSED, State.ARCHIVED)
    return (
        found,
        ratings.initiatives_of(connection, found.id),
        ratings.results(connection, found.id, now) if ended else [],
        rounds.participants(connection, [found.id]).get(found.id, 0),
    )


def _refusal(visit: Visit, code: str) -> str:
    return visit.site.knowledge().texts.refusal(code, visit.language) if code else ""


def _chart(found: Round, results: Sequence[Result], language: str) -> list[Bar]:
    """Give the bars of what has enough ratings: the mean of points, or how many support it."""
    stars = found.scale is Scale.STARS
    values = [
        (pick(one.title, language) or "", round(one.total.mean, 1) if stars else one.total.count)
        for one in results
        if one.total is not None
    ]
    return bars(values, most=max(found.scale.values) if stars else None)


async def new(visit: Visit) -> Response:
    """Show the form for a new round."""
    return await _form(visit, visit.town_asked() or visit.site.settings.municipality)


async def make(visit: Visit) -> Response:
    """Add a round; what is wrong is told above the form, which keeps what was written."""
    town = visit.field("municipality", 40)
    if town not in visit.site.towns() or not visit.sees(town):
        raise not_found()

    def work(connection: Connection) -> str:
        plan, project = round_forms.plan(visit), round_forms.project(visit)
        for one in ratings.rounds(connection, town):
            if _same(connection, one, plan):
                # The form was sent twice.
                return one.id
        made = rounds.make(connection, town, plan, visit.site.now(), project)
        _write(connection, visit, "make", made.id, plan)
        if project is not None:
            _write_project(connection, visit, "add_project", made.id, project.title)
        return made.id

    try:
        id = await visit.site.database.run(work)
    except Refused as refusal:
        return await _form(visit, town, problem=refusal.code)
    return visit.back_to(f"/ratings/rounds/{id}", "round_kept")


def _same(connection: Connection, one: Round, plan: Plan) -> bool:
    """Tell whether a round is this very plan; it began since when it was to begin at once."""
    codes = {initiative.code for initiative in ratings.initiatives_of(connection, one.id)}
    return (one.title, one.scale, one.closes_at, codes - {None}) == (
        plan.title,
        plan.scale,
        plan.closes_at,
        set(plan.codes),
    )


async def edit(visit: Visit) -> Response:
    """Show the form for changing a round that has not begun."""
    kept = await visit.site.database.read(_kept, visit)
    if kept.round.state(visit.site.now()) is not State.PLANNED:
        return await _shown(visit, "round_begun", 409)
    return await _form(visit, kept.round.municipality, kept)


async def change(visit: Visit) -> Response:
    """Change a round that has not begun; what a colleague changed meanwhile is not lost."""

    def work(connection: Connection) -> None:
        found, plan = _found(connection, visit), round_forms.plan(visit)
        rounds.change(connection, found.id, plan, visit.site.now(), visit.field("seen", 64))
        _write(connection, visit, "change", found.id, plan)

    try:
        await visit.site.database.run(work)
    except Refused as refusal:
        if refusal.code == "round_begun":
            return await _shown(visit, refusal.code, 409)
        found = await visit.site.database.read(_found, visit)
        return await _form(visit, found.municipality, problem=refusal.code)
    except ChangedMeanwhile:
        kept = await visit.site.database.read(_kept, visit)
        differing = round_forms.differing(visit, kept)
        if differing:
            return await _form(visit, kept.round.municipality, kept, conflict=differing)
    return visit.back_to(f"/ratings/rounds/{visit.request.path_params['id']}", "round_kept")


def _kept(connection: Connection, visit: Visit) -> Kept:
    found = _found(connection, visit)
    codes = [one.code for one in ratings.initiatives_of(connection, found.id) if one.code]
    return Kept(found, codes, rounds.version(connection, found))


async def _form(
    visit: Visit,
    town: str,
    kept: Kept | None = None,
    problem: str = "",
    conflict: Sequence[tuple[str, str, str]] = (),
) -> Response:
    """Show the form, filled in with what was sent, else with what is kept of the round."""
    fresh = kept if not visit.form else None
    chosen = set(fresh.codes if fresh else visit.many("codes"))
    values = {
        "town": town,
        "given": round_forms.given(fresh.round) if fresh else dict(visit.form),
        "chosen": chosen,
        "seen": kept.version if kept else visit.field("seen", 64),
        "conflict": conflict,
        "ideas": await visit.site.database.read(_ideas, town, chosen),
        "most_ideas": MOST_IDEAS,
        "scales": [scale.value for scale in Scale],
        "changing": "id" in visit.request.path_params,
        "categories": dict(visit.site.categories(visit.language)),
        "wrong": _refusal(visit, problem),
        **round_forms.fields(visit),
    }
    status = 409 if problem or conflict else 200
    return visit.page("round_form.html", {**values, **_words(visit)}, status)


def _ideas(connection: Connection, town: str, chosen: set[str]) -> list[Submission]:
    """Give the ideas to choose from: the newest, and those chosen already however old."""
    found = rounds.published_ideas(connection, town, MOST_IDEAS)
    listed = {one.code for one in found}
    older = [submissions.by_code(connection, code) for code in sorted(chosen - listed)[:MOST_IDEAS]]
    return found + [
        one
        for one in older
        if one and one.visibility is Visibility.PUBLIC and one.municipality == town
    ]


def _write(connection: Connection, visit: Visit, what: str, id: str, plan: Plan) -> None:
    details = {
        "title": dict(plan.title),
        "scale": plan.scale.value,
        "opens": when(plan.opens_at),
        "closes": when(plan.closes_at),
        "codes": list(plan.codes),
    }
    journal.write(connection, visit.member.actor, f"rounds.{what}", id, details, visit.site.now())


def _write_project(
    connection: Connection, visit: Visit, what: str, id: str, title: Mapping[str, str]
) -> None:
    details, now = {"title": dict(title)}, visit.site.now()
    journal.write(connection, visit.member.actor, f"rounds.{what}", id, details, now)


async def add_project(visit: Visit) -> Response:
    """Put a project of the city into a planned round."""

    def work(connection: Connection) -> None:
        found, project = _found(connection, visit), round_forms.project(visit)
        if project is None:
            raise Refused("project_incomplete")
        if rounds.add_project(connection, found.id, project, visit.site.now()):
            _write_project(connection, visit, "add_project", found.id, project.title)

    try:
        await visit.site.database.run(work)
    except Refused as refusal:
        return await _shown(visit, refusal.code, 409, tried="project")
    return await _done(visit, "")


async def remove_project(visit: Visit) -> Response:
    """Take a project of the city out of a planned round."""
    initiative = visit.request.path_params["initiative"]

    def work(connection: Connection) -> None:
        found = _found(connection, visit)
        gone = rounds.remove_project(connection, found.id, initiative, visit.site.now())
        if gone is not None:
            _write_project(connection, visit, "remove_project", found.id, gone.title)

    try:
        await visit.site.database.run(work)
    except Refused as refusal:
        return await _shown(visit, refusal.code, 409)
    return await _done(visit, "")


async def _step(visit: Visit, what: str, step: Callable[[Connection, str, float], None]) -> str:
    """Let something happen to a round; gives the code of why it may not."""
    now = visit.site.now()

    def work(connection: Connection) -> None:
        found = _found(connection, visit)
        step(connection, found.id, now)
        journal.write(connection, visit.member.actor, f"rounds.{what}", found.id, now=now)

    try:
        await visit.site.database.run(work)
    except Refused as refusal:
        return refusal.code
    return ""


async def _done(visit: Visit, problem: str) -> Response:
    if problem:
        return await _shown(visit, problem, 409)
    return visit.back_to(f"/ratings/rounds/{visit.request.path_params['id']}", "done")


async def open_now(visit: Visit) -> Response:
    """Let a planned round begin at once."""
    return await _done(visit, await _step(visit, "open", rounds.open_now))


async def close_now(visit: Visit) -> Response:
    """End an open round before its time."""
    return await _done(visit, await _step(visit, "close", rounds.close_now))


async def discard(visit: Visit) -> Response:
    """Remove a round that has not begun."""
    problem = await _step(visit, "discard", rounds.discard)
    if problem:
        return await _shown(visit, problem, 409)
    Salts(visit.site.settings.var).destroy(visit.request.path_params["id"])
    return visit.back_to("/ratings", "round_discarded")


async def archive(visit: Visit) -> Response:
    """Forget for good who rated what in a closed round."""
    problem = await _step(visit, "archive", rounds.archive)
    if not problem:
        Salts(visit.site.settings.var).destroy(visit.request.path_params["id"])
    return await _done(visit, problem)


async def export(visit: Visit) -> Response:
    """Give the results of a closed round as a file."""
    found, initiatives, results, _people = await visit.site.database.read(_all_of, visit)
    if found.state(visit.site.now()) in (State.PLANNED, State.OPEN):
        return await _shown(visit, "round_still_open", 409)
    words = visit.texts.ratings
    codes = {one.id: one.code for one in initiatives}
    head = [visit.texts.submissions.columns.code, words.idea, words.mean, words.count]
    head += [words.tiers[tier] for tier in (CHAT, PHONE)] + [words.note]
    rows = [_row(one, codes.get(one.initiative), visit) for one in results]
    xlsx = visit.request.path_params["ending"] == "xlsx"
    return (exports.xlsx_file if xlsx else exports.csv_file)("ratings", head, rows)


def _row(one: Result, code: str | None, visit: Visit) -> list[exports.Cell]:
    words, title = visit.texts.ratings, pick(one.title, visit.language)
    if one.total is None:
        return [code, title, None, words.few.format(FEWEST), None, None, words.note_advisory]
    tiers = [one.tiers[tier].count if tier in one.tiers else 0 for tier in (CHAT, PHONE)]
    return [code, title, round(one.total.mean, 2), one.total.count, *tiers, words.note_advisory]


PAGES = [
    Page("/ratings", listing, May.LOOK),
    Page("/ratings/new", new, May.ACT),
    Page("/ratings/new", make, May.ACT, "POST"),
    Page("/ratings/rounds/{id}", page, May.LOOK),
    Page("/ratings/rounds/{id}/change", edit, May.ACT),
    Page("/ratings/rounds/{id}/change", change, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/projects", add_project, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/projects/{initiative:int}/remove", remove_project, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/open", open_now, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/close", close_now, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/discard", discard, May.ACT, "POST"),
    Page("/ratings/rounds/{id}/archive", archive, May.ADMINISTER, "POST"),
    Page("/ratings/rounds/{id}/export/{ending}", export, May.LOOK),
]
