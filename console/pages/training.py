"""Training and publishing: start, progress, cancel, report, difference, publish, roll back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import FileResponse, Response

from bot.core import serving
from bot.core.errors import BotError, InputError, MissingError
from bot.core.jobs import Job, Jobs
from bot.core.model_registry import Model, Registry
from bot.core.staff import May
from bot.store import journal, misses
from console import comparison, job_words
from console.guard import Page
from console.visit import Visit, not_found

KINDS = ("train", "diff", "publish", "test")
#: Changed answers on one page.
MOST_CHANGES = 300
#: The report brings its own style and pictures, and needs nothing else.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)


def _jobs(visit: Visit) -> Jobs:
    return Jobs(visit.site.settings.var)


def _registry(visit: Visit) -> Registry:
    return Registry(visit.site.settings.models)


def _latest(visit: Visit) -> Job | None:
    found = [job for job in _jobs(visit).all() if job.kind in KINDS]
    return found[0] if found else None


async def training(visit: Visit) -> Response:
    """Show the job that runs or ran last, and the models."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", status: int = 200) -> Response:
    models = await asyncio.to_thread(_registry(visit).models)
    live = next((model for model in models if model.live), None)
    values = {
        **job_words.values(await asyncio.to_thread(_latest, visit), visit.texts.training),
        "models": models,
        "live": live,
        "answering": live.name if live else await asyncio.to_thread(_unpublished, visit),
        "problem": problem,
        "taught": await visit.site.database.read(_taught),
    }
    return visit.page("training.html", values, status)


def _unpublished(visit: Visit) -> str | None:
    """Give the model that answers while none was published yet, when this machine serves one."""
    told = serving.told(visit.site.settings.var)
    return told.model if told is not None else None


def _taught(connection: Connection) -> int:
    return misses.states(connection)[misses.TAUGHT]


async def job(visit: Visit) -> Response:
    """Give the state of the job alone, for a page that is open already."""
    found = await asyncio.to_thread(_latest, visit)
    values = job_words.values(found, visit.texts.training)
    response = visit.page("training_job.html", values)
    if found is None or not found.running:
        response.headers["X-Done"] = "1"
    return response


async def start(visit: Visit) -> Response:
    """Start a job, unless one of its kind runs."""
    kind, name = visit.request.path_params["kind"], visit.field("model", 80)
    arguments: dict[str, Any]
    if kind == "train":
        arguments = {"force": visit.field("force") == "1"}
    elif kind == "diff":
        arguments = {"candidate": _model(visit, name).name, "live": "live"}
    elif kind == "publish":
        arguments = {"model": _model(visit, name).name, "override": visit.field("override", 500)}
    elif kind == "rollback":
        arguments = {"rollback": True}
    else:
        raise not_found()
    job_kind = "publish" if kind == "rollback" else kind
    actor = visit.member.actor
    try:
        begun = await asyncio.to_thread(_jobs(visit).start, job_kind, arguments, actor)
    except InputError:
        return await _shown(visit, "runs_already", 409)
    await visit.site.database.run(
        journal.write, actor, f"training.{kind}", begun.id, arguments, visit.site.now()
    )
    return visit.back_to("/training", "begun")


async def cancel(visit: Visit) -> Response:
    """End the job that runs."""
    found = await asyncio.to_thread(_latest, visit)
    if found is not None and found.running:
        await asyncio.to_thread(_jobs(visit).cancel, found.id)
        await visit.site.database.run(
            journal.write, visit.member.actor, "training.cancel", found.id, None, visit.site.now()
        )
    return visit.back_to("/training", "cancelled")


def _model(visit: Visit, name: str) -> Model:
    try:
        return _registry(visit).get(name)
    except MissingError:
        raise not_found() from None


def _results(visit: Visit, model: Model) -> Path:
    return visit.site.settings.root / "results" / model.name


async def model(visit: Visit) -> Response:
    """Show one model: what it changes, its note, publishing it."""
    return await _model_page(visit)


async def _model_page(visit: Visit, **more: Any) -> Response:
    found = _model(visit, visit.request.path_params["name"])
    folder = _results(visit, found)
    values = {
        "model": found,
        "live": _registry(visit).live(),
        "diff": await asyncio.to_thread(_read, folder / "diff.json"),
        "has_report": (folder / "report.html").is_file(),
        "labels": visit.site.labels(visit.language),
        "most": MOST_CHANGES,
        "asked": "",
        "answers": [],
        "problem": "",
        **more,
    }
    return visit.page("model.html", values)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


async def note(visit: Visit) -> Response:
    """Keep a note about a model."""
    found = _model(visit, visit.request.path_params["name"])
    await asyncio.to_thread(_registry(visit).set_note, found.name, visit.field("note", 500))
    await visit.site.database.run(
        journal.write, visit.member.actor, "models.note", found.name, None, visit.site.now()
    )
    return visit.back_to(f"/training/models/{found.name}", "noted")


async def attempt(visit: Visit) -> Response:
    """Ask the model, and the live one beside it."""
    found = _model(visit, visit.request.path_params["name"])
    live, words = _registry(visit).live(), visit.field("words", 500)
    asked = [found] if live is None or live.name == found.name else [found, live]
    told = await asyncio.gather(*(_ask(visit, one, words) for one in asked if words))
    answered = [(one, replies) for one, replies, _ in told if replies is not None]
    # A model that answered alone is compared with itself, so that nothing differs.
    answers = [
        {"model": one, "bubbles": comparison.beside(mine, theirs)}
        for (one, mine), (_, theirs) in zip(answered, answered[::-1], strict=True)
    ]
    problem = " ".join(problem for *_, problem in told if problem)
    return await _model_page(visit, asked=words, answers=answers, problem=problem)


async def _ask(
    visit: Visit, model: Model, words: str
) -> tuple[Model, list[Mapping[str, Any]] | None, str]:
    """Ask a model in a talk of this person's own; None and why when it does not answer."""
    conversation = f"try-{visit.session.token_hash[:16]}"
    try:
        return model, await visit.site.trials.ask(model.path, conversation, words), ""
    except BotError as error:
        return model, None, str(error)


async def report(visit: Visit) -> Response:
    """Give a model's report, a page of its own that may run nothing."""
    path = _results(visit, _model(visit, visit.request.path_params["name"])) / "report.html"
    if not path.is_file():
        raise not_found()
    return FileResponse(
        path, media_type="text/html", headers={"Content-Security-Policy": _REPORT_POLICY}
    )


PAGES = [
    Page("/training", training, May.PUBLISH),
    Page("/training/job", job, May.PUBLISH),
    Page("/training/cancel", cancel, May.PUBLISH, "POST"),
    Page("/training/start/{kind}", start, May.PUBLISH, "POST"),
    Page("/training/models/{name}", model, May.PUBLISH),
    Page("/training/models/{name}/note", note, May.PUBLISH, "POST"),
    Page("/training/models/{name}/try", attempt, May.PUBLISH, "POST"),
    Page("/training/models/{name}/report", report, May.PUBLISH),
]
