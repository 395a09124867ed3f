"""Pictures made of numbers, as SVG within the page: no script, no tiles of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

#: The size of a map and how much of it stays free at its edges.
WIDTH, HEIGHT, EDGE = 720, 480, 24
#: The smallest part of the world that is shown, degrees: a few streets.
_LEAST = 0.01
#: Metres in a degree of latitude, and how long the scale may be drawn.
_DEGREE, _LONGEST_BAR = 111_320, 160


@dataclass(frozen=True)
class Dot:
    """A place on a map."""

    x: float
    y: float
    code: str
    late: bool


@dataclass(frozen=True)
class Map:
    """Places on a plain map, north on top; its scale is ``bar`` units long and ``metres`` wide."""

    dots: tuple[Dot, ...]
    metres: int
    bar: float
    width: int = WIDTH
    height: int = HEIGHT


def town_map(places: Sequence[tuple[float, float, str, bool]]) -> Map:
    """Put places (longitude, latitude, code, whether it is late) on a map."""
    if not places:
        return Map((), 0, 0.0)
    lons, lats = [p[0] for p in places], [p[1] for p in places]
    middle = radians((min(lats) + max(lats)) / 2)
    # A degree of longitude is shorter than one of latitude.
    wide = max(max(lons) - min(lons), _LEAST) * cos(middle)
    high = max(max(lats) - min(lats), _LEAST)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    centre = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    dots = tuple(
        Dot(
            round(WIDTH / 2 + (lon - centre[0]) * cos(middle) * scale, 1),
            round(HEIGHT / 2 - (lat - centre[1]) * scale, 1),
            code,
            late,
        )
        for lon, lat, code, late in places
    )
    wanted = _LONGEST_BAR / scale * _DEGREE
    metres = max(n * 10**power for n in (1, 2, 5) for power in range(6) if n * 10**power <= wanted)
    return Map(dots, metres, round(metres / _DEGREE * scale, 1))


@dataclass(frozen=True)
class Bar:
    """One bar of a chart; ``size`` is its part of the longest one there can be, 0 to 100."""

    title: str
    value: float
    size: float


def bars(values: Sequence[tuple[str, float]], most: float | None = None) -> list[Bar]:
    """Give the bars of a chart.

    Args:
        most: the value of the longest bar there can be; the largest one when not given.
    """
    longest = most or max((value for _title, value in values), default=0) or 1
    return [Bar(title, value, round(100 * value / longest, 1)) for title, value in values]
