"""Which model answers residents on this machine, and how a change of it goes.

`cbot run` writes it into ``var/serving.json``; the console and `cbot models publish` read it.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.core.files import write_whole

FILE = "serving.json"
SERVING, SWITCHING, FAILED = "serving", "switching", "failed"


@dataclass(frozen=True)
class Serving:
    """What is told.

    Attributes:
        state: serving; switching while the engine of another model starts; failed when that
            one could not start, and the model that served goes on.
        model: the one that answers residents now.
        other: the one that is to answer, or that could not.
        since: when this began, seconds since 1970.
        pid: the process that tells it.
    """

    state: str
    model: str
    other: str = ""
    since: float = 0.0
    pid: int = 0


def tell(var: Path, state: str, model: str, other: str = "") -> None:
    """Write down how it stands."""
    told = Serving(state, model, other, time.time(), os.getpid())
    write_whole(var / FILE, json.dumps(asdict(told)))


def told(var: Path) -> Serving | None:
    """Give what was told last; None when nobody serves on this machine."""
    try:
        data = json.loads((var / FILE).read_text(encoding="utf-8"))
        found = Serving(**data)
        os.kill(found.pid, 0)
    except (OSError, ValueError, TypeError):
        return None
    return found


def forget(var: Path) -> None:
    """Say that nobody serves any more."""
    (var / FILE).unlink(missing_ok=True)
