"""The sentences whose answer changes between a candidate and the live model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.commands import model_reports
from bot.commands.test_nlu import RESULTS
from bot.core.errors import BotError, InputError, relative
from bot.core.examination import Question
from bot.core.files import write_whole
from bot.core.model_registry import Model, Registry
from bot.core.progress import Progress
from bot.evaluation.comparison import Comparison, compare
from bot.evaluation.judged import Judged
from bot.settings import Settings
from bot.store import misses

FILE = "diff.json"


def difference(settings: Settings, candidate: Model, live: Model, progress: Progress) -> Comparison:
    """Compare two models on all examinations and on the misses a person gave the right id.

    Raises:
        MissingError: when a model cannot be read.
    """
    extra = decided_misses(settings)
    before, after = (_judged(settings, model, extra, progress) for model in (live, candidate))
    found = compare(before, after)
    content = {"candidate": candidate.name, "live": live.name, **found.to_json()}
    path = settings.root / RESULTS / candidate.name / FILE
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))
    return found


def _judged(
    settings: Settings, model: Model, extra: Sequence[Question], progress: Progress
) -> list[Judged]:
    reports = model_reports.of_model(settings, model, progress)
    judged = [one for report in reports for one in report.judged]
    return judged + model_reports.answers(model, extra, progress)


def decided_misses(settings: Settings) -> list[Question]:
    """Give the misses that staff gave an id, as questions; none without a database."""
    from bot.store.database import open_database

    try:
        database = open_database(settings.database_url)
    except BotError:
        return []
    try:
        found = database.call(misses.listing, states=(misses.TAUGHT, misses.SOLVED), limit=5_000)
    except Exception:
        # The tables are not there yet: nobody was ever answered from this database.
        return []
    finally:
        database.close()
    return [Question(miss.text, miss.language, miss.label) for miss in found if miss.label]


def pair(settings: Settings, candidate: str, live: str) -> tuple[Model, Model]:
    """Give the two models to compare.

    Raises:
        MissingError: when one of them is not there.
        InputError: when they are the same.
    """
    registry = Registry(settings.models)
    one, other = registry.get(candidate or "latest"), registry.get(live or "live")
    if one.name == other.name:
        raise InputError(f"{one.name} is the live model; name two different ones.")
    return one, other


def work(
    settings: Settings, progress: Progress, arguments: Mapping[str, Any], by: str
) -> tuple[str, Mapping[str, Any]]:
    """Compare, as a job; see `bot.commands.job`."""
    candidate, live = pair(
        settings, str(arguments.get("candidate") or ""), str(arguments.get("live") or "")
    )
    found = difference(settings, candidate, live, progress)
    path = settings.root / RESULTS / candidate.name / FILE
    message = f"{len(found.changes)} of {found.compared} answers change."
    return message, {"diff": relative(path, settings.root), "candidate": candidate.name}
