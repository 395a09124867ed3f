"""The two pictures of a report: what is taken for what, and how far confidence can be trusted.

The one module that imports matplotlib.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from bot.evaluation.measures import topic_of
from bot.evaluation.report import Report

matplotlib.use("Agg")

from matplotlib import pyplot

HEAT_MAP, RELIABILITY = "confusions.png", "reliability.png"
_DPI = 110
_INK, _BLUE, _GREY = "#1f2937", "#1d4ed8", "#9ca3af"
_GROUND = "#ffffff"


def draw(report: Report, folder: Path) -> None:
    """Draw both pictures of a report into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _heat_map(report, folder / HEAT_MAP)
    _reliability(report, folder / RELIABILITY)


def _heat_map(report: Report, path: Path) -> None:
    """Draw a square for each pair of ids: rows are right, columns are what was guessed."""
    labels = sorted(report.labels, key=lambda label: (topic_of(label), label))
    place = {label: number for number, label in enumerate(labels)}
    shares = np.zeros((len(labels), len(labels)))
    for one in report.judged:
        if one.given in place:
            shares[place[one.label], place[one.given]] += 1
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    size = max(4.0, min(15.0, len(labels) * 0.15))
    figure, axes = pyplot.subplots(figsize=(size + 2, size + 1.2), dpi=_DPI)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    font = max(4.5, min(9.0, 650 / max(len(labels), 1) / 1.2))
    names = [label.partition(".")[2] or label for label in labels]
    axes.set_xticks(range(len(labels)))
    axes.set_xticklabels(names, rotation=90, fontsize=font)
    axes.set_yticks(range(len(labels)))
    axes.set_yticklabels(names, fontsize=font)
    axes.set_xlabel("best guess", color=_INK)
    axes.set_ylabel("right id", color=_INK)
    _topics(axes, labels)
    figure.colorbar(image, ax=axes, fraction=0.03, pad=0.02, label="share of the row")
    _save(figure, path)


def _topics(axes: Any, labels: list[str]) -> None:
    """Draw a line between topics."""
    for number in range(1, len(labels)):
        if topic_of(labels[number]) != topic_of(labels[number - 1]):
            axes.axhline(number - 0.5, color=_GREY, linewidth=0.6)
            axes.axvline(number - 0.5, color=_GREY, linewidth=0.6)


def _reliability(report: Report, path: Path) -> None:
    calibration = report.calibration
    filled = [bin for bin in calibration.bins if bin.count]
    figure, (above, below) = pyplot.subplots(
        2, 1, figsize=(6, 6), dpi=_DPI, sharex=True, gridspec_kw={"height_ratios": [3, 1]}
    )
    above.plot([0, 1], [0, 1], color=_GREY, linestyle="--", label="as promised")
    above.plot(
        [bin.confidence for bin in filled],
        [bin.right for bin in filled],
        color=_BLUE,
        marker="o",
        label="this model",
    )
    above.set_ylim(0, 1.02)
    above.set_xlim(0, 1)
    above.set_ylabel("share that is right")
    above.set_title(f"expected calibration error {calibration.error:.3f}", color=_INK)
    above.legend(loc="upper left", frameon=False)
    width = 1 / max(1, len(calibration.bins))
    below.bar(
        [bin.start + width / 2 for bin in calibration.bins],
        [bin.count for bin in calibration.bins],
        width=width * 0.9,
        color=_BLUE,
    )
    below.set_ylabel("messages")
    below.set_xlabel("confidence of the best guess")
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, facecolor=_GROUND)
    pyplot.close(figure)
