"""The reports of models on the standing examinations, kept under ``results/`` and used again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.commands import test_nlu
from bot.core import examination
from bot.core.catalogue import load_catalogue
from bot.core.errors import BotError, relative
from bot.core.examination import Question
from bot.core.model_registry import Model
from bot.core.progress import Progress
from bot.evaluation import report as reports
from bot.evaluation.judged import Judged, Understand, ask
from bot.evaluation.report import Report
from bot.settings import Settings


def standing(settings: Settings) -> list[Path]:
    """List the examinations each model must take: dev, and staff's own."""
    places = (settings.root / test_nlu.DEV, settings.root / examination.FILE)
    return [path for path in places if path.is_file() and path.stat().st_size]


def of_model(settings: Settings, model: Model, progress: Progress) -> list[Report]:
    """Give a model's report on each standing examination; asks only where none is kept.

    Raises:
        MissingError: when the model cannot be read.
        InputError: when an examination has mistakes.
    """
    catalogue, found = load_catalogue(settings.knowledge), []
    understand: Understand | None = None
    for path in standing(settings):
        questions = examination.load(path, catalogue, settings.root)
        kept = _kept(settings, model, path, questions)
        if kept is None:
            if understand is None:
                understand = _loaded(model, progress)
            judged = ask(understand, questions, progress, f"examining {model.name}")
            kept = Report(
                _name(settings, model, path), model.name, relative(path, settings.root), judged
            )
            test_nlu.save(settings, kept, progress)
        found.append(kept)
    return found


def answers(model: Model, texts: Sequence[Question], progress: Progress) -> list[Judged]:
    """Ask a model some messages."""
    if not texts:
        return []
    return ask(_loaded(model, progress), texts, progress, f"asking {model.name}")


def _loaded(model: Model, progress: Progress) -> Understand:
    from bot.evaluation.understanding import of_model as load

    progress.step(f"loading {model.name}")
    return load(model.path)


def _name(settings: Settings, model: Model, path: Path) -> str:
    return model.name if path == settings.root / test_nlu.DEV else f"{model.name}-{path.stem}"


def _kept(
    settings: Settings, model: Model, path: Path, questions: Sequence[Question]
) -> Report | None:
    """Give the report that is there, if it was made with these very messages and this model."""
    folder = settings.root / test_nlu.RESULTS / _name(settings, model, path)
    try:
        found = reports.load(folder)
        fresh = (folder / reports.FILE).stat().st_mtime >= model.path.stat().st_mtime
    except (BotError, OSError):
        return None
    asked = [(one.text, one.language, one.label) for one in found.judged]
    same = asked == [(one.text, one.language, one.label) for one in questions]
    return found if same and fresh and found.model == model.name else None


def as_json(found: Sequence[Report]) -> list[Mapping[str, Any]]:
    """Give the reports' headlines for programs."""
    return [
        {"examination": report.examination, "overall": report.overall.to_json()} for report in found
    ]
