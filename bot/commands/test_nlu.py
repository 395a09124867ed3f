"""`cbot test nlu`: how well the bot understands, and whether it got better."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

import typer

from bot import settings
from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.errors import BotError, InputError, relative
from bot.core.model_registry import Model, Registry
from bot.core.progress import Progress
from bot.evaluation import report as reports
from bot.evaluation.comparison import compare
from bot.evaluation.report import Report
from bot.settings import Settings

#: The messages the understanding is examined with unless others are named.
DEV = Path("tests", "evaluation", "dev.jsonl")
RESULTS = "results"


def nlu(
    set: Optional[Path] = typer.Option(None, "--set", help="A JSONL file; dev without it."),
    model: str = typer.Option("", help="A model's name or file; the newest without it."),
    cross_validate: int = typer.Option(
        0, "--cross-validate", min=0, max=20, help="Examine the training data in so many parts."
    ),
    typos: bool = typer.Option(False, "--typos", help="Ask again with typing mistakes."),
    compare_with: Optional[Path] = typer.Option(
        None, "--compare", help="An earlier report.json: what is different, by sentence."
    ),
    fail_under: str = typer.Option("", help="Limits, as top1=.82,ka=.82,wrong=.05; 1 when missed."),
    name: str = typer.Option("", help="The folder under results/; the model's name without it."),
) -> None:
    """Examine the understanding; prints a report and keeps it under results/."""
    from bot.commands.showing import TerminalProgress, show_comparison, show_report
    from bot.evaluation import thresholds

    current = settings.load()
    limits = thresholds.read(fail_under)
    earlier = reports.load(compare_with) if compare_with is not None else None
    with TerminalProgress() as progress:
        if cross_validate == 1:
            raise typer.BadParameter("two parts at least", param_hint="--cross-validate")
        if cross_validate:
            found = by_parts(current, cross_validate, progress, name)
        else:
            found = examine(current, chosen(current, model), progress, set, typos, name)
        difference = compare(earlier.judged, found.judged) if earlier is not None else None
        page = save(current, found, progress, earlier)
    show_report(found)
    if difference is not None:
        show_comparison(difference)
    typer.echo(f"The whole report: {relative(page, current.root)}")
    missed = thresholds.missed(found, limits)
    if missed:
        for sentence in missed:
            typer.echo(sentence)
        raise BotError(f"{len(missed)} of {len(limits)} limits missed.")


def chosen(settings: Settings, name: str) -> Model:
    """Give the model of this name or file, else that of the files as they are, else the newest.

    Raises:
        MissingError: when there is none.
    """
    registry = Registry(settings.models)
    if name:
        path = Path(name)
        return Registry(path.parent).get(path.name) if path.is_file() else registry.get(name)
    from bot.engine.training import up_to_date

    path = up_to_date(settings.root) or Path("latest")
    return registry.get(path.name)


def examine(
    settings: Settings,
    model: Model,
    progress: Progress,
    set: Path | None = None,
    typos: bool = False,
    name: str = "",
) -> Report:
    """Ask a model an examination.

    Raises:
        MissingError: when the set or the model is not there.
        InputError: when the set has mistakes, with all of them.
    """
    from bot.core import examination
    from bot.evaluation.judged import ask
    from bot.evaluation.typos import with_typos
    from bot.evaluation.understanding import of_model

    path = set or settings.root / DEV
    questions = examination.load(path, _catalogue(settings), settings.root)
    if not questions:
        raise InputError(f"{relative(path, settings.root)} holds no message.")
    progress.step("loading the model")
    understand = of_model(model.path)
    judged = ask(understand, questions, progress, "asking")
    noisy = (
        ask(understand, with_typos(questions), progress, "asking with typing mistakes")
        if typos
        else []
    )
    own = model.name if path == settings.root / DEV else f"{model.name}-{path.stem}"
    return Report(name or own, model.name, relative(path, settings.root), judged, noisy)


def by_parts(settings: Settings, number: int, progress: Progress, name: str) -> Report:
    """Examine the training data with itself.

    Raises:
        InputError: when they have mistakes.
        BotError: when a part could not be trained.
    """
    from bot.core.training_data import read_examples
    from bot.evaluation.folds import cross_validate

    examples, findings = read_examples(settings.root, _catalogue(settings))
    if findings:
        raise InputError("The training data have mistakes; mend them first.", findings)
    judged = cross_validate(settings.root, examples, number, progress)
    title = f"{number} parts of data/nlu"
    return Report(name or f"cross-validation-{number}", "trained for this", title, judged)


def save(
    settings: Settings, report: Report, progress: Progress, earlier: Report | None = None
) -> Path:
    """Write the report, its pictures and its page under ``results/``; give the page."""
    from bot.evaluation import page, plots

    progress.step("drawing")
    folder = settings.root / RESULTS / report.name
    plots.draw(report, folder)
    report.save(folder)
    difference = compare(earlier.judged, report.judged) if earlier is not None else None
    return page.write(report, folder, difference)


def work(
    settings: Settings, progress: Progress, arguments: Mapping[str, Any], by: str
) -> tuple[str, Mapping[str, Any]]:
    """Examine a model, as a job; see `bot.commands.job`."""
    model = chosen(settings, str(arguments.get("model") or ""))
    given = arguments.get("set")
    found = examine(settings, model, progress, Path(given) if given else None)
    path = save(settings, found, progress, _live_report(settings, found))
    result = {"report": str(path.with_name(reports.FILE)), "page": str(path), "model": model.name}
    return f"{found.overall.top1:.1%} right at first place.", result


def _live_report(settings: Settings, found: Report) -> Report | None:
    """Give the live model's report on the same examination, when there is one."""
    live = Registry(settings.models).live()
    if live is None or live.name == found.model:
        return None
    folder = settings.root / RESULTS / found.name.replace(found.model, live.name)
    try:
        return reports.load(folder)
    except BotError:
        return None


def _catalogue(settings: Settings) -> Catalogue:
    return load_catalogue(settings.knowledge)
