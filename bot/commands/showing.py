"""Tables of reports at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import TracebackType

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from bot.evaluation.comparison import CHANGED, NOW_RIGHT, NOW_WRONG, Comparison, answer
from bot.evaluation.judged import Judged
from bot.evaluation.measures import Measures
from bot.evaluation.report import Report

#: Figure -> heading.
_COLUMNS = {
    "count": "messages",
    "top1": "top-1",
    "top3": "top-3",
    "answered": "answered",
    "offered": "offered",
    "not_understood": "not underst.",
    "wrong": "wrong",
    "out_of_scope_answered": "out of scope ans.",
    "language": "language",
}
_PAIRS, _SENTENCES, _CHANGES = 12, 3, 40
_WIDTH = 132
_NAMES = {NOW_RIGHT: "better now", NOW_WRONG: "worse now", CHANGED: "another answer"}


def console() -> Console:
    """Give standard output; where nobody sees it, wide enough to cut nothing off."""
    found = Console(file=sys.stdout, highlight=False)
    return found if found.is_terminal else Console(file=sys.stdout, width=_WIDTH, highlight=False)


class TerminalProgress:
    """A `bot.core.progress.Progress` as bars on standard error; silent without a terminal."""

    def __init__(self) -> None:
        """Begin with no bar."""
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bars.add_task("starting", total=None)

    def __enter__(self) -> TerminalProgress:
        """Show the bars."""
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the bars away."""
        self._bars.stop()

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a bar."""
        self._bars.remove_task(self._task)
        self._task = self._bars.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        """Move the bar."""
        self._bars.advance(self._task, count)


def show_report(report: Report) -> None:
    """Print the figures of a report and what is taken for what."""
    out = console()
    out.print(f"[bold]{escape(report.model)}[/bold], examined with {escape(report.examination)}")
    overall = {"all": report.overall}
    if report.noisy_overall is not None:
        overall["all, with typos"] = report.noisy_overall
    out.print(_figures("", {**overall, **report.languages}))
    out.print(_figures("by topic", report.topics))
    calibration = report.calibration
    out.print(
        f"Calibration error {calibration.error:.3f}; confidence → really right: "
        + ", ".join(
            f"{bin.confidence:.2f} → {bin.right:.2f}" for bin in calibration.bins if bin.count
        )
    )
    out.print(f"{report.milliseconds:.1f} ms a message.")
    if not report.confusions:
        return
    out.print("\n[bold]Most confused[/bold]")
    for pair in report.confusions[:_PAIRS]:
        out.print(f"{pair.count:3} × {pair.label} → {pair.given or 'nothing'}", markup=False)
        for one in pair.judged[:_SENTENCES]:
            out.print(f"       {one.text[:110]}", markup=False, style="dim")


def _figures(title: str, groups: Mapping[str, Measures]) -> Table:
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("")
    for heading in _COLUMNS.values():
        table.add_column(heading, justify="right")
    for name, figures in groups.items():
        table.add_row(name, *(_cell(getattr(figures, key)) for key in _COLUMNS))
    return table


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def show_comparison(comparison: Comparison) -> None:
    """Print what is different, sentence by sentence."""
    out = console()
    told = ", ".join(f"{len(comparison.of(kind))} {name}" for kind, name in _NAMES.items())
    out.print(f"\n[bold]Compared with the earlier one[/bold]: {told}, of {comparison.compared}.")
    for change in comparison.changes[:_CHANGES]:
        out.print(f"  {_NAMES[change.kind]}: {change.after.text[:90]}", markup=False)
        out.print(
            f"      {_seen(change.before)} → {_seen(change.after)}", markup=False, style="dim"
        )
        if change.kind != NOW_RIGHT:
            out.print(f"      right: {change.after.label}", markup=False, style="dim")
    if (rest := len(comparison.changes) - _CHANGES) > 0:
        out.print(f"  … and {rest} more in the report.")


def _seen(one: Judged) -> str:
    ids = answer(one)
    return (" | ".join(ids) if len(ids) < 2 else f"? {_joined(ids)}") or "not understood"


def _joined(ids: Iterable[str]) -> str:
    return ", ".join(ids)
