"""Limits a report must keep, as ``top1=.82,ka=.82,wrong=.05``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.errors import InputError
from bot.core.training_data import LANGUAGES
from bot.evaluation.report import Report

#: The figures for which less is better.
AT_MOST = ("wrong", "not_understood", "offered", "out_of_scope_answered", "calibration", "typos")
AT_LEAST = ("top1", "top3", "answered", "helped", "language")


@dataclass(frozen=True)
class Limit:
    """One figure and the least, or the most, it may be."""

    name: str
    value: float

    @property
    def is_most(self) -> bool:
        """Whether the figure may not be larger."""
        return self.name in AT_MOST


def read(text: str) -> list[Limit]:
    """Read limits; a language's name stands for its share right at first place.

    Raises:
        InputError: when a name or a number is none.
    """
    limits = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = part.partition("=")
        known = (*AT_LEAST, *AT_MOST, *LANGUAGES)
        if name.strip() not in known:
            raise InputError(f"--fail-under {part}: give one of {', '.join(known)}.")
        try:
            limits.append(Limit(name.strip(), float(number)))
        except ValueError:
            raise InputError(f"--fail-under {part}: give a number, as {name}=.82.") from None
    return limits


def missed(report: Report, limits: Sequence[Limit]) -> list[str]:
    """Tell each limit the report does not keep, in a sentence."""
    sentences = []
    for limit in limits:
        value = _value(report, limit.name)
        if value is None:
            sentences.append(f"{limit.name} was not measured; it must be {limit.value:g}.")
        elif limit.is_most and value > limit.value:
            sentences.append(f"{limit.name} is {value:.3f}, more than {limit.value:g}.")
        elif not limit.is_most and value < limit.value:
            sentences.append(f"{limit.name} is {value:.3f}, less than {limit.value:g}.")
    return sentences


def _value(report: Report, name: str) -> float | None:
    if name in LANGUAGES:
        figures = report.languages.get(name)
        return figures.top1 if figures is not None else None
    if name == "calibration":
        return report.calibration.error
    if name == "typos":
        noisy = report.noisy_overall
        return report.overall.top1 - noisy.top1 if noisy is not None else None
    value = getattr(report.overall, name)
    return None if value is None else float(value)
