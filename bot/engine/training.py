"""Training a model with Rasa, and knowing when there is nothing to train.

A model's file ``models/<name>.tar.gz`` is Rasa's own; beside it lies ``<name>.json`` with what
it was made from, so that the next start can tell in milliseconds whether anything changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from bot.core.errors import BotError, MissingError
from bot.core.progress import Progress, Silent
from bot.engine.slim import keep_trained_parts, quiet_rasa

#: What a model is made from, relative to the project's root; of the core, what the components
#: read texts with.
INPUTS = (
    "config.yml",
    "domain.yml",
    "data",
    "bot/nlu",
    "bot/core/normalise.py",
    "bot/core/skeleton.py",
)
_KINDS = {".yml", ".yaml", ".py"}
#: Rasa forgets the oldest components first; a full model has some 40 MB of them.
_CACHE_MB = 300
#: What the components learn, in words for people.
STEPS = {
    "Rasa": "starting Rasa",
    "Normaliser": "reading the messages",
    "LanguageDetector": "learning the languages",
    "Speller": "learning the spelling",
    "Stemmer": "finding the stems",
    "CueExtractor": "learning the cues",
    "EntityExtractor": "learning the places",
    "IntentClassifier": "learning the services",
    "OutcomeGate": "learning when to ask back",
    "RulePolicy": "learning the dialogue",
}
_SILENT = Silent()


@dataclass(frozen=True)
class ModelNote:
    """What is written beside a model: what it was made from, when, and how long it took."""

    name: str
    fingerprint: str
    trained_at: str
    seconds: float


def fingerprint(root: Path) -> str:
    """Give a hash of all files a model is made from; the same files give the same hash."""
    digest = hashlib.sha256()
    for name in INPUTS:
        start = root / name
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in files:
            if path.is_file() and path.suffix in _KINDS:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def up_to_date(root: Path) -> Path | None:
    """Give the newest model that was made from the files as they are now, None without one."""
    wanted = fingerprint(root)
    for note in sorted((root / "models").glob("*.json"), reverse=True):
        model = note.with_suffix(".tar.gz")
        try:
            found = json.loads(note.read_text(encoding="utf-8")).get("fingerprint")
        except (OSError, ValueError, AttributeError):
            continue
        if found == wanted and model.exists():
            return model
    return None


def newest_model(models: Path) -> Path:
    """Give the model trained last.

    Raises:
        MissingError: when there is none.
    """
    found = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise MissingError("There is no trained model; train one with `cbot train`.")
    return found[-1]


def train(root: Path, progress: Progress = _SILENT, *, force: bool = False) -> Path:
    """Train a model from the files under ``root``.

    Components whose code, configuration and data are as before come from the cache in
    var/training, so that a changed rule costs seconds.

    Args:
        root: the project.
        progress: is told each step, and how many messages of all are encoded.
        force: train everything, whatever the cache holds.

    Returns:
        The model's file under ``models/``.

    Raises:
        BotError: when Rasa could not train; what it said is in var/training.log.
        MissingError: when there are no training files.
    """
    if not (root / "data").is_dir():
        raise MissingError(f"There is no folder data/ under {root}; training needs it.")
    begun, wanted = time.monotonic(), fingerprint(root)
    name = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    # A training that is cancelled leaves nothing that looks like a model.
    draft = root / "models" / ".draft"
    progress.step(STEPS["Rasa"])
    quiet_rasa()
    keep_trained_parts(root / "var" / "training", _CACHE_MB)
    with _chatter_into(root / "var" / "training.log"), _steps_told_to(progress):
        import rasa.model_training
        from rasa.shared.exceptions import RasaException
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.WARNING)
        try:
            result = rasa.model_training.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data")],
                output=str(draft),
                force_training=force,
                fixed_model_name=f"{name}.tar.gz",
            )
        except RasaException as error:
            traceback.print_exc()
            raise BotError(
                "Rasa could not train a model; all it said stands in var/training.log.\n"
                f"{str(error).strip()}"
            ) from error
    if result.code != 0 or result.model is None:
        raise BotError("Rasa could not train a model; what it said stands in var/training.log.")
    note = ModelNote(name, wanted, datetime.now(timezone.utc).isoformat(), time.monotonic() - begun)
    model = draft.with_name(f"{name}.tar.gz")
    model.with_name(f"{name}.json").write_text(json.dumps(asdict(note), indent=1), encoding="utf-8")
    return Path(result.model).replace(model)


@contextlib.contextmanager
def _chatter_into(path: Path) -> Iterator[None]:
    """Send what Rasa tells, much more than a clerk needs, into a file."""
    path.parent.mkdir(exist_ok=True)
    with (
        path.open("w", encoding="utf-8") as file,
        contextlib.redirect_stdout(file),
        contextlib.redirect_stderr(file),
    ):
        yield


class _steps_told_to(logging.Handler):  # noqa: N801 - reads as a phrase where it is used
    """Hears Rasa and our components say what they do, for as long as it is entered."""

    _LOGGERS = ("rasa.engine.training.hooks", "bot.nlu")

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self._progress = progress
        self._encoded = 0

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Starting to train component"):
            name = message.split("'")[1]
            self._progress.step(STEPS.get(name, name))
        elif message.startswith("encoding") and isinstance(record.args, tuple):
            self._progress.step("encoding the messages", int(str(record.args[0])))
            self._encoded = 0
        elif message.startswith("encoded") and isinstance(record.args, tuple):
            done = int(str(record.args[0]))
            self._progress.advance(done - self._encoded)
            self._encoded = done
        elif message.startswith("fitting") or record.levelno >= logging.WARNING:
            self._progress.step(message)

    def __enter__(self) -> None:
        self._before = {}
        for name in self._LOGGERS:
            logger = logging.getLogger(name)
            self._before[name] = logger.level, logger.propagate
            logger.setLevel(logging.INFO)
            logger.propagate = False
            logger.addHandler(self)

    def __exit__(self, *exception: object) -> None:
        for name, before in self._before.items():
            logger = logging.getLogger(name)
            logger.removeHandler(self)
            logger.level, logger.propagate = before
