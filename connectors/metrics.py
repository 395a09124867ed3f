"""Counters and histograms in Prometheus' text form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

#: Upper bounds of a histogram's buckets, seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Counter:
    """A number that only grows."""

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.about = about
        self.value = 0

    def add(self, count: int = 1) -> None:
        """Count ``count`` more."""
        self.value += count

    def lines(self) -> list[str]:
        """Give the lines of the text form."""
        return [*_head(self.name, self.about, "counter"), f"{self.name} {self.value}"]


class Histogram:
    """How long things took, counted in buckets."""

    def __init__(self, name: str, about: str, buckets: Sequence[float] = BUCKETS) -> None:
        self.name = name
        self.about = about
        self._bounds = tuple(buckets)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one that took ``seconds``."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def lines(self) -> list[str]:
        """Give the lines of the text form."""
        lines = _head(self.name, self.about, "histogram")
        total = 0
        for bound, count in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            total += count
            lines.append(f'{self.name}_bucket{{le="{bound}"}} {total}')
        return [*lines, f"{self.name}_sum {self._sum:.6f}", f"{self.name}_count {total}"]


class Metrics:
    """What one connectors process counts since its start."""

    def __init__(self) -> None:
        self.messages = Counter("cbot_messages_total", "Messages stored, without repeats.")
        self.replies = Counter("cbot_replies_total", "Replies stored.")
        self.dead = Counter("cbot_given_up_total", "Messages that ended as dead letters.")
        self.sent = Counter("cbot_sent_total", "Messages that a platform took.")
        self.undelivered = Counter("cbot_undelivered_total", "Messages no platform ever took.")
        self.alarms = Counter("cbot_alarms_total", "Alarms: somebody must act.")
        self.turns = Histogram("cbot_turn_seconds", "From asking the engine to its answer.")
        self.acknowledgements = Histogram(
            "cbot_acknowledgement_seconds", "From a message's arrival to its being stored."
        )

    def lines(self) -> list[str]:
        """Give the lines of the text form."""
        parts = (
            self.messages,
            self.replies,
            self.dead,
            self.sent,
            self.undelivered,
            self.alarms,
            self.turns,
            self.acknowledgements,
        )
        return [line for part in parts for line in part.lines()]


def gauge(name: str, about: str, value: float) -> list[str]:
    """Give the lines of a number that goes up and down."""
    return [*_head(name, about, "gauge"), f"{name} {value:g}"]


def gauges(name: str, about: str, label: str, values: Mapping[str, float]) -> list[str]:
    """Give the lines of such a number for each of several things; none without any."""
    if not values:
        return []
    lines = [f'{name}{{{label}="{key}"}} {value:g}' for key, value in values.items()]
    return [*_head(name, about, "gauge"), *lines]


def _head(name: str, about: str, kind: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
