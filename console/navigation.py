"""The menu: the pages that exist, for those who may open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.staff import May

if TYPE_CHECKING:
    from console.visit import Visit

#: Path, key of its name in the texts, and the leave it needs.
MENU: tuple[tuple[str, str, May | None], ...] = (
    ("/", "today", None),
    ("/submissions", "submissions", May.LOOK),
    ("/waiting", "waiting", May.TALK),
    ("/ratings", "ratings", May.LOOK),
    ("/misses", "misses", May.TEACH),
    ("/training", "training", May.PUBLISH),
    ("/knowledge", "knowledge", May.READ),
    ("/numbers", "numbers", May.LOOK),
    ("/people", "people", May.ADMINISTER),
    ("/journal", "journal", May.ADMINISTER),
    ("/emergency", "emergency", May.ADMINISTER),
)


@dataclass(frozen=True)
class Link:
    """An entry of the menu."""

    path: str
    key: str
    current: bool


def links(visit: Visit) -> list[Link]:
    """Give the menu as this person sees it."""
    here = visit.request.url.path
    return [
        Link(path, key, here == path or (path != "/" and here.startswith(f"{path}/")))
        for path, key, needs in MENU
        if needs is None or visit.may(needs)
    ]
