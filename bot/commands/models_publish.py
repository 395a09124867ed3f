"""Publishing a model and going back to the one before: gate, switch, journal."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.commands import model_reports
from bot.commands.models_diff import decided_misses
from bot.core import serving
from bot.core.errors import BotError, InputError
from bot.core.model_registry import Model, Registry
from bot.core.progress import Progress
from bot.evaluation.gate import Candidate, Refused, reasons_against
from bot.evaluation.judged import ANSWERED
from bot.evaluation.understanding import of_model
from bot.settings import Settings
from bot.store import journal, misses
from bot.store.database import Database, open_database
from bot.store.migrate import upgrade

#: How long a new engine may take until it answers residents, seconds.
SWITCH_SECONDS = 180.0


def work(
    settings: Settings, progress: Progress, arguments: Mapping[str, Any], by: str
) -> tuple[str, Mapping[str, Any]]:
    """Publish a model, or roll back, as a job; see `bot.commands.job`.

    Raises:
        Refused: when the gate speaks against it and no reason to publish all the same is given.
        BotError: when the new engine did not start; the one before goes on.
    """
    registry = Registry(settings.models)
    upgrade(settings.database_url)
    database = open_database(settings.database_url)
    try:
        if arguments.get("rollback"):
            return _roll_back(settings, registry, database, progress, by)
        model = registry.get(str(arguments.get("model") or "latest"))
        override = str(arguments.get("override") or "").strip()
        return _publish(settings, registry, database, progress, model, override, by)
    finally:
        database.close()


def _publish(
    settings: Settings,
    registry: Registry,
    database: Database,
    progress: Progress,
    model: Model,
    override: str,
    by: str,
) -> tuple[str, Mapping[str, Any]]:
    if model.live:
        return f"{model.name} is live already.", {"model": model.name}
    progress.step("loading the model")
    # One that cannot be read is never published, whatever reason is given.
    of_model(model.path)
    live = registry.live()
    reports = model_reports.of_model(settings, model, progress)
    before = model_reports.of_model(settings, live, progress) if live is not None else []
    reasons = reasons_against(settings.root, Candidate(model.path, reports, before), progress)
    told = {"reasons": reasons, "live": live.name if live else None, "override": override}
    if reasons and not override:
        database.call(journal.write, by, "models.refuse", model.name, told)
        raise Refused(f"{model.name} is not published:", reasons)
    action = "models.override" if reasons else "models.publish"
    database.call(journal.write, by, action, model.name, told)
    registry.publish(model.name, by)
    _switched(settings, registry, database, progress, model.name, live, by)
    solved = _settle(settings, database, model, progress)
    figures = {"reports": model_reports.as_json(reports), "solved": solved}
    return f"{model.name} is live.", {"model": model.name, "reasons": reasons, **figures}


def _roll_back(
    settings: Settings, registry: Registry, database: Database, progress: Progress, by: str
) -> tuple[str, Mapping[str, Any]]:
    live = registry.live()
    pointer = registry.rollback(by)
    told = {"from": live.name if live else None}
    database.call(journal.write, by, "models.rollback", pointer.model, told)
    _switched(settings, registry, database, progress, pointer.model, live, by)
    return f"{pointer.model} is live again.", {"model": pointer.model}


def _switched(
    settings: Settings,
    registry: Registry,
    database: Database,
    progress: Progress,
    name: str,
    before: Model | None,
    by: str,
) -> None:
    """Wait until residents are answered by the model; take it back when its engine cannot start."""
    if serving.told(settings.var) is None:
        return
    progress.step("switching the engine")
    deadline = time.monotonic() + SWITCH_SECONDS
    while time.monotonic() < deadline:
        now = serving.told(settings.var)
        if now is None or (now.state == serving.SERVING and now.model == name):
            return
        if now.state == serving.FAILED and now.other == name:
            break
        time.sleep(0.2)
    if before is not None:
        registry.publish(before.name, by)
    else:
        registry.unpublish()
    database.call(journal.write, by, "models.switch_failed", name)
    raise BotError(f"The engine of {name} did not start; the one before it goes on.")


def _settle(settings: Settings, database: Database, model: Model, progress: Progress) -> int:
    """See which taught misses are answered now; gives how many were solved by this model."""
    taught = database.call(misses.listing, states=(misses.TAUGHT,), limit=5_000)
    questions = {q.text: q for q in decided_misses(settings)}
    asked = [miss for miss in taught if miss.text in questions]
    judged = model_reports.answers(model, [questions[miss.text] for miss in asked], progress)
    given = {
        miss.id: one.given if one.outcome == ANSWERED else None
        for miss, one in zip(asked, judged, strict=True)
    }
    return len(database.call(misses.settle, given)[0])


def demand_reason(override: str | None) -> str:
    """Give the reason to publish against the gate.

    Raises:
        InputError: when an empty one is given.
    """
    if override is not None and not override.strip():
        raise InputError("--override needs the reason in words; it is kept in the journal.")
    return (override or "").strip()
