"""Emergency notices: what every resident is told once, from one moment until another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.knowledge import PerLanguage
from bot.core.languages import pick


@dataclass(frozen=True)
class Notice:
    """One notice: ``begins`` and ``ends`` are moments in Georgia, both included."""

    id: str
    begins: datetime
    ends: datetime
    text: PerLanguage

    def holds(self, now: datetime) -> bool:
        """Tell whether residents are told it ``now``."""
        return self.begins <= now <= self.ends

    def words(self, language: str) -> str:
        """Give its text in a language or the next best one."""
        return pick(self.text, language) or ""


#: Notices by town; those of the whole country stand under None.
Notices = Mapping[str | None, tuple[Notice, ...]]


def unseen(
    notices: Notices, town: str | None, seen: Collection[str], now: datetime
) -> list[Notice]:
    """Give the notices for a town that hold now and that a resident has not seen, oldest first.

    Args:
        notices: all of them.
        town: the resident's town.
        seen: the ids of those the resident was told before.
        now: the moment, with its time zone.
    """
    given = [*notices.get(None, ()), *(notices.get(town, ()) if town else ())]
    waiting = [each for each in given if each.holds(now) and each.id not in seen]
    return sorted(waiting, key=lambda each: each.begins)
