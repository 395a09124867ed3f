"""The trained models: which there are, which one is live, what was noted about each.

A model is ``models/<name>.tar.gz`` with its note ``<name>.json`` beside it. ``live.json`` names
the published one and those that were live before. All is plain files, so that models can be
copied from one machine to another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.core.errors import InputError, MissingError
from bot.core.files import locked, write_whole

#: The file that names the published model.
POINTER = "live.json"
#: How many models that were live before are remembered.
_REMEMBERED = 20
_ENDING = ".tar.gz"


@dataclass(frozen=True)
class Model:
    """One trained model.

    Attributes:
        trained_at: in UTC; of a model without a readable note, the file's own time.
        seconds: how long the training took, None when that is not known.
        fingerprint: of the files it was made from.
        note: what a person wrote about it.
        live: whether residents are answered by it.
        was_live: whether it was published before.
    """

    name: str
    path: Path
    trained_at: datetime
    size: int
    seconds: float | None = None
    fingerprint: str | None = None
    note: str = ""
    live: bool = False
    was_live: bool = False


@dataclass(frozen=True)
class Pointer:
    """Which model is live, since when, by whom, and those before it, the latest last."""

    model: str
    published_at: str = ""
    by: str = ""
    earlier: tuple[str, ...] = field(default=())


class Registry:
    """The models in one folder."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it need not be there yet."""
        self.folder = folder

    def models(self) -> list[Model]:
        """List all models, the one trained last first."""
        pointer = self.pointer()
        found = [
            self._model(path, pointer)
            for path in self.folder.glob(f"*{_ENDING}")
            if not path.name.startswith(".")
        ]
        return sorted(found, key=lambda model: (model.trained_at, model.name), reverse=True)

    def get(self, name: str) -> Model:
        """Give a model by its name; ``live`` and ``latest`` are names too.

        Raises:
            MissingError: when there is no such model.
        """
        if name == "live":
            return self._wanted(self.live(), "No model was published yet; `cbot models publish`.")
        if name == "latest":
            return self._wanted(self.latest(), "There is no trained model; `cbot train` makes one.")
        path = self.folder / f"{name.removesuffix(_ENDING)}{_ENDING}"
        if path.parent != self.folder or not path.is_file():
            raise MissingError(f"There is no model {name}; `cbot models list` shows them.")
        return self._model(path, self.pointer())

    def latest(self) -> Model | None:
        """Give the model trained last."""
        return next(iter(self.models()), None)

    def pointer(self) -> Pointer | None:
        """Give what ``live.json`` says; None when nothing was published or it cannot be read."""
        data = _read_json(self.folder / POINTER)
        if not isinstance(data.get("model"), str):
            return None
        earlier = tuple(name for name in data.get("earlier") or () if isinstance(name, str))
        return Pointer(
            data["model"], str(data.get("published_at", "")), str(data.get("by", "")), earlier
        )

    def live(self) -> Model | None:
        """Give the published model; None when nothing was published or its file is gone."""
        pointer = self.pointer()
        path = self.folder / f"{pointer.model}{_ENDING}" if pointer else None
        return self._model(path, pointer) if path is not None and path.is_file() else None

    def set_note(self, name: str, text: str) -> None:
        """Keep what a person says about a model."""
        self.add_to_note(name, note=text.strip())

    def add_to_note(self, name: str, **values: Any) -> None:
        """Write values into the note beside a model."""
        model = self.get(name)
        with locked(self.folder):
            path = _note_of(model.path)
            write_whole(path, _json({"name": model.name, **_read_json(path), **values}))

    def publish(self, name: str, by: str) -> Pointer:
        """Make a model the live one; whether it is fit for that was decided before."""
        model = self.get(name)
        with locked(self.folder):
            now = self.pointer()
            before = () if now is None else (*now.earlier, now.model)
            return self._point_at(model.name, by, before)

    def rollback(self, by: str) -> Pointer:
        """Make the model live that was so before the present one.

        Raises:
            InputError: when none was, or its file is gone.
        """
        with locked(self.folder):
            now = self.pointer()
            earlier = list(now.earlier) if now is not None else []
            while earlier:
                name = earlier.pop()
                if now and name != now.model and (self.folder / f"{name}{_ENDING}").is_file():
                    return self._point_at(name, by, tuple(earlier))
        raise InputError("No earlier model is there to go back to; `cbot models list` shows all.")

    def unpublish(self) -> None:
        """Make no model the live one, as before the first was published."""
        with locked(self.folder):
            (self.folder / POINTER).unlink(missing_ok=True)

    def _point_at(self, name: str, by: str, earlier: tuple[str, ...]) -> Pointer:
        kept = tuple(one for one in earlier if one != name)[-_REMEMBERED:]
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        content = {"model": name, "published_at": at, "by": by, "earlier": kept}
        write_whole(self.folder / POINTER, _json(content))
        return Pointer(name, at, by, kept)

    @staticmethod
    def _wanted(model: Model | None, otherwise: str) -> Model:
        if model is None:
            raise MissingError(otherwise)
        return model

    @staticmethod
    def _model(path: Path, pointer: Pointer | None) -> Model:
        name, data, stat = path.name.removesuffix(_ENDING), _read_json(_note_of(path)), path.stat()
        seconds = data.get("seconds")
        fingerprint = data.get("fingerprint")
        return Model(
            name=name,
            path=path,
            trained_at=_time(data.get("trained_at"))
            or datetime.fromtimestamp(stat.st_mtime, timezone.utc),
            size=stat.st_size,
            seconds=float(seconds) if isinstance(seconds, (int, float)) else None,
            fingerprint=fingerprint if isinstance(fingerprint, str) else None,
            note=str(data.get("note") or ""),
            live=pointer is not None and pointer.model == name,
            was_live=pointer is not None and name in pointer.earlier,
        )


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name.removesuffix(_ENDING)}.json")


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
