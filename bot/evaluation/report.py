"""The report of an examination, as a file that programs read: ``results/<name>/report.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.core.errors import InputError, MissingError
from bot.core.files import write_whole
from bot.core.training_data import LANGUAGES
from bot.evaluation.judged import Judged
from bot.evaluation.measures import (
    Calibration,
    Confusion,
    Measures,
    by,
    calibration,
    confusions,
    measure,
    topic_of,
)

VERSION = 1
FILE = "report.json"


@dataclass(frozen=True)
class Report:
    """An examination's outcome; every figure is worked out from the judged messages.

    Attributes:
        name: of the report, which is its folder under ``results/``.
        model: which model was examined.
        examination: what it was examined with.
        judged: the messages, in their order.
        noisy: the same messages with typing mistakes, when they were asked too.
        created_at: in UTC, ISO 8601.
    """

    name: str
    model: str
    examination: str
    judged: Sequence[Judged]
    noisy: Sequence[Judged] = ()
    created_at: str = field(
        default_factory=lambda: datetime.now(timezone.utc).isoformat(timespec="seconds")
    )

    @property
    def overall(self) -> Measures:
        """The figures of all messages."""
        return measure(self.judged)

    @property
    def languages(self) -> dict[str, Measures]:
        """The figures of each way of writing."""
        found = by(self.judged, lambda one: one.language)
        return {language: found[language] for language in LANGUAGES if language in found}

    @property
    def topics(self) -> dict[str, Measures]:
        """The figures of each topic."""
        return by(sorted(self.judged, key=lambda one: topic_of(one.label)), _topic)

    @property
    def labels(self) -> dict[str, Measures]:
        """The figures of each id."""
        return by(sorted(self.judged, key=lambda one: one.label), lambda one: one.label)

    @property
    def noisy_overall(self) -> Measures | None:
        """The figures of all messages with typing mistakes."""
        return measure(self.noisy) if self.noisy else None

    @property
    def calibration(self) -> Calibration:
        """How far confidence and truth lie apart."""
        return calibration(self.judged)

    @property
    def confusions(self) -> list[Confusion]:
        """What is taken for what."""
        return confusions(self.judged)

    @property
    def milliseconds(self) -> float:
        """How long a message takes, in the middle."""
        seconds = sorted(one.seconds for one in self.judged)
        return round(seconds[len(seconds) // 2] * 1000, 2) if seconds else 0.0

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values: figures first, sentences last."""
        noisy = self.noisy_overall
        return {
            "version": VERSION,
            "name": self.name,
            "model": self.model,
            "examination": self.examination,
            "created_at": self.created_at,
            "milliseconds": self.milliseconds,
            "overall": self.overall.to_json(),
            "languages": _all(self.languages),
            "topics": _all(self.topics),
            "labels": _all(self.labels),
            "calibration": asdict(self.calibration),
            "typos": noisy.to_json() if noisy else None,
            "typos_languages": _all(by(self.noisy, lambda one: one.language)),
            "confusions": [
                {"label": pair.label, "given": pair.given, "count": pair.count}
                for pair in self.confusions
            ],
            "sentences": [one.to_json() for one in self.judged],
            "noisy_sentences": [one.to_json() for one in self.noisy],
        }

    def save(self, folder: Path) -> Path:
        """Write ``report.json`` into the folder; give its path."""
        path = folder / FILE
        write_whole(path, json.dumps(self.to_json(), ensure_ascii=False, indent=1))
        return path


def _topic(one: Judged) -> str:
    return topic_of(one.label)


def _all(measures: Mapping[str, Measures]) -> dict[str, Any]:
    return {name: figures.to_json() for name, figures in measures.items()}


def load(path: Path) -> Report:
    """Read a report that :meth:`Report.save` wrote; a folder stands for the report in it.

    Raises:
        MissingError: when there is no such file.
        InputError: when it is no report of ours.
    """
    path = path / FILE if path.is_dir() else path
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MissingError(
            f"There is no report {path}; `cbot test nlu` writes one under results/."
        ) from error
    except ValueError as error:
        raise InputError(f"{path} is no report of `cbot test nlu`: it is no JSON.") from error
    try:
        return Report(
            name=data["name"],
            model=data["model"],
            examination=data["examination"],
            judged=[Judged.from_json(one) for one in data["sentences"]],
            noisy=[Judged.from_json(one) for one in data.get("noisy_sentences") or ()],
            created_at=data["created_at"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no report of `cbot test nlu`.") from error
