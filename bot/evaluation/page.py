"""The report as one page for people, ``report.html``: nothing else is needed to show it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.core.files import write_whole
from bot.core.languages import NAMES
from bot.evaluation import plots
from bot.evaluation.comparison import Comparison, answer
from bot.evaluation.measures import Measures, weakest
from bot.evaluation.report import Report

FILE = "report.html"
_HERE = Path(__file__).parent
#: How many confused pairs, sentences of a pair, weak ids and changes are shown.
PAIRS, SENTENCES, WEAKEST, CHANGES = 30, 8, 15, 400
_LATIN = "ქართული (ლათინურით)"


@dataclass(frozen=True)
class Column:
    """One figure of a table, and whether more of it is better."""

    key: str
    more_is_better: bool = True


COLUMNS = (
    Column("top1"),
    Column("top3"),
    Column("answered"),
    Column("offered"),
    Column("not_understood", False),
    Column("wrong", False),
    Column("language"),
)


def write(report: Report, folder: Path, comparison: Comparison | None = None) -> Path:
    """Write the page into the folder, where the pictures are already; give its path."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["id"] = _breakable
    texts = yaml.safe_load((_HERE / "texts.yml").read_text(encoding="utf-8"))
    content = environment.get_template("report.html").render(
        report=report,
        comparison=comparison,
        columns=COLUMNS,
        h=lambda key: _both(texts, key),
        t=texts,
        language_name=lambda code: _LATIN if code == "ka-Latn" else NAMES.get(code, code),
        weakest=weakest(report.labels, WEAKEST),
        confusions=report.confusions[:PAIRS],
        changes=comparison.changes[:CHANGES] if comparison else (),
        answer=answer,
        sentences=SENTENCES,
        shade=_shade,
        heat_map=_picture(folder / plots.HEAT_MAP),
        reliability=_picture(folder / plots.RELIABILITY),
    )
    path = folder / FILE
    write_whole(path, content)
    return path


def percent(value: float | None) -> str:
    """Give a share as people read it."""
    return "–" if value is None else f"{value * 100:.1f}\u2009%"


def _both(texts: dict[str, Any], key: str) -> Markup:
    """Give a heading in Georgian with the English one beside it."""
    ka, en = escape(texts[key]["ka"]), escape(texts[key]["en"])
    return Markup(f'{ka} <span class="en" lang="en">{en}</span>')  # noqa: S704 - both are escaped


def _breakable(id: str) -> Markup:
    """Give an id that a narrow column may break at its dots and underscores."""
    broken = str(escape(id)).replace(".", ".<wbr>").replace("_", "_<wbr>")
    return Markup(f"<code>{broken}</code>")  # noqa: S704 - the id is escaped


def _shade(figures: Measures, column: Column) -> str:
    """Give the shade of a cell, from 0, as it should be, to 4, as it should not."""
    value = getattr(figures, column.key)
    if column.key in ("answered", "offered"):
        return "s0"
    bad = 1 - value if column.more_is_better else value
    limits = (0.05, 0.1, 0.2, 0.3) if column.key == "wrong" else (0.15, 0.25, 0.35, 0.5)
    return f"s{sum(bad > limit for limit in limits)}"


def _picture(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()
