"""A trained model as a function from text to what it understands."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.errors import BotError
from bot.evaluation.judged import Understand


def of_model(path: Path) -> Understand:
    """Load a model for asking; conversations play no part.

    Raises:
        MissingError: when there is no readable model at ``path``.
    """
    from bot.engine.slim import quiet_rasa, without_training_code

    quiet_rasa()
    if "rasa" not in sys.modules:
        without_training_code()
    from bot.engine.parsing import parse_line
    from bot.engine.start import build_agent

    agent = build_agent(path, None)

    def understand(text: str) -> Mapping[str, Any]:
        return asyncio.run(parse_line(agent, text))

    return understand


#: What a project needs beside its messages to be trained.
_FILES = ("config.yml", "domain.yml")
_FOLDERS = ("knowledge", "data/rules", "data/stories", "data/nlu/lookups", "bot/nlu", "bot/core")


def trained_on(
    root: Path, folder: Path, messages: Mapping[Path, str], encoder: bool = True
) -> Path:
    """Train a model of other messages in the empty ``folder``; give its file.

    Args:
        root: the project whose pipeline, rules and knowledge are taken.
        folder: becomes a project of its own.
        messages: file under ``data/nlu`` -> its content.
        encoder: whether the encoder of ``config.yml`` is used.

    Raises:
        BotError: when it could not be trained.
    """
    for name in _FILES:
        shutil.copy(root / name, folder / name)
    if not encoder:
        config = folder / "config.yml"
        content = config.read_text(encoding="utf-8")
        config.write_text(_ENCODER.sub("encoder: off", content), encoding="utf-8")
    for name in _FOLDERS:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("*.pyc"))
    for file, content in messages.items():
        path = folder / "data" / "nlu" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    command = [sys.executable, "-c", _TRAIN, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    models = sorted((folder / "models").glob("*.tar.gz"))
    if ended.returncode != 0 or not models:
        raise BotError(f"A part of the messages could not be trained:\n{ended.stderr[-2_000:]}")
    return models[-1]


_ENCODER = re.compile(r"(?<=^  )encoder: \w+", re.MULTILINE)
#: Run in a process of its own, which gives its memory back.
_TRAIN = """
import os, sys
from pathlib import Path
os.nice(10)
from bot.engine import training
training.train(Path(sys.argv[1]))
"""
