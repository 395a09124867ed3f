"""The outlines of towns, ``knowledge/areas.yml``: a pin is known by them to lie inside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.core import yaml_lines
from bot.core.errors import InputError
from bot.core.yaml_shapes import Reader

FILE = "areas.yml"
#: A polygon has at least so many corners.
_CORNERS = 3

Outline = tuple[tuple[float, float], ...]


def load_outlines(root: Path) -> Mapping[str, Outline]:
    """Read the outlines of the knowledge folder ``root``; none when there is no such file.

    Raises:
        InputError: when something is wrong, with all findings.
    """
    path = root / FILE
    if not path.exists():
        return {}
    reader = Reader(yaml_lines.load(path, root.parent))
    outlines = {}
    if not reader.document.unreadable:
        for town, value in reader.mapping(reader.document.data, ()).items():
            outlines[town] = _outline(reader, town, value)
    if reader.findings:
        raise InputError("The outlines of the towns have mistakes.", reader.findings)
    return outlines


def _outline(reader: Reader, town: str, value: object) -> Outline:
    points = []
    for index, item in enumerate(reader.items(value, (town,))):
        try:
            lat, lon = map(float, item)
        except (TypeError, ValueError):
            reader.report("a point is [latitude, longitude]", town, index)
            continue
        points.append((lat, lon))
    if len(points) < _CORNERS:
        reader.report(f"an outline needs at least {_CORNERS} points", town)
    return tuple(points)
