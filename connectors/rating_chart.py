"""The picture of a round's results: one bar for each initiative with enough ratings.

matplotlib is imported only when a picture is drawn: it takes a second and much memory.
"""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Sequence
from dataclasses import dataclass

#: Widest line of a title, and most initiatives in one picture.
LINE = 34
MOST = 20
_BAR, _INK, _GREY = "#1d4ed8", "#1f2937", "#6b7280"
#: The drawing library keeps state of its own.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Bar:
    """One initiative: its name, how long its bar is, and what stands at its end."""

    title: str
    value: float
    words: str


def draw(title: str, note: str, bars: Sequence[Bar], longest: float) -> bytes:
    """Draw the bars as PNG, the first one on top.

    Args:
        title: stands above the bars.
        note: stands below them, small.
        bars: at most :data:`MOST` are drawn.
        longest: the value that fills the whole width.
    """
    with _ONE_AT_A_TIME:
        return _draw(title, note, bars[:MOST], longest)


def _draw(title: str, note: str, bars: Sequence[Bar], longest: float) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [textwrap.fill(_plain(bar.title), LINE, max_lines=2, placeholder="…") for bar in bars]
    figure = Figure(figsize=(8, 1.6 + 0.62 * max(1, len(bars))), dpi=110, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = list(range(len(bars), 0, -1))
    axes.barh(places, [bar.value for bar in bars], color=_BAR, height=0.55)
    for place, bar in zip(places, bars, strict=True):
        axes.text(bar.value, place, f"  {_plain(bar.words)}", va="center", color=_INK, fontsize=9)
    axes.set_yticks(places)
    axes.set_yticklabels(names, fontsize=9, color=_INK)
    axes.set_xlim(0, longest * 1.3)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_title(_plain(title), loc="left", fontsize=12, color=_INK)
    figure.text(0.01, 0.02, _plain(note), fontsize=8, color=_GREY)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _plain(text: str) -> str:
    """Give a text that is drawn as it stands: no formulas, no signs the font lacks."""
    return "".join(char for char in text if ord(char) < 0x10000).replace("$", r"\$")
