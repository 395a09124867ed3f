"""Examining the training messages with each other: taught on some, asked the rest."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot import settings
from bot.core.examination import Question
from bot.core.progress import Progress
from bot.core.teaching import file_of
from bot.core.training_data import OWN_INTENTS, Example
from bot.evaluation.judged import Judged, ask
from bot.evaluation.understanding import of_model, trained_on
from bot.nlu.encodings import taken_from

SEED = 7


def parts(examples: Iterable[Example], number: int, seed: int = SEED) -> list[list[Example]]:
    """Deal the messages into so many parts, each id and language evenly; the same each time."""
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.intent, example.language].append(example)
    dealt: list[list[Example]] = [[] for _ in range(number)]
    chance = random.Random(seed)  # noqa: S311 - the same at each run is what is wanted
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda example: example.text)
        chance.shuffle(group)
        start = chance.randrange(number)
        for place, example in enumerate(group):
            dealt[(start + place) % number].append(example)
    return dealt


def share_of(examples: Iterable[Example], share: float, seed: int = SEED) -> list[Example]:
    """Give about this share of the messages, of each id and language at least one."""
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.intent, example.language].append(example)
    chosen: list[Example] = []
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda example: example.text)
        # Each group in an order of its own: a smaller share is a part of a larger one.
        random.Random(f"{seed}{key}").shuffle(group)  # noqa: S311
        chosen += group[: max(1, round(len(group) * share))]
    return chosen


def as_files(examples: Iterable[Example]) -> Mapping[Path, str]:
    """Give messages as training files: path under ``data/nlu`` -> content."""
    blocks: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        blocks[example.intent][example.language].append(example.text)
    files = {}
    for intent, languages in blocks.items():
        lines = ['version: "3.1"', "nlu:"]
        for language, texts in languages.items():
            lines += [f"- intent: {intent}", f"  metadata: {{language: {language}}}"]
            lines += ["  examples: |", *(f"    - {text}" for text in texts)]
        files[file_of(intent).relative_to("data/nlu")] = "\n".join(lines) + "\n"
    return files


def cross_validate(
    root: Path, examples: Sequence[Example], number: int, progress: Progress
) -> list[Judged]:
    """Train ``number`` models, each without one part of the messages, and ask it that part.

    Raises:
        BotError: when one could not be trained.
    """
    dealt = parts(examples, number)
    judged: list[Judged] = []
    for place, asked in enumerate(dealt, start=1):
        progress.step(f"part {place} of {number}: training")
        taught = [example for part in dealt if part is not asked for example in part]
        with tempfile.TemporaryDirectory(prefix="cbot-fold-") as folder:
            model = trained_on(root, Path(folder), as_files(taught))
            # The training above, or one before, encoded nearly all that is asked.
            with taken_from(settings.load().var / "encodings"):
                understand = of_model(model)
        judged += ask(understand, questions(asked), progress, f"part {place} of {number}: asking")
    return judged


def questions(examples: Iterable[Example]) -> list[Question]:
    """Give training messages as questions; those of no id of the catalogue are left out."""
    return [
        Question(example.text, example.language, example.intent)
        for example in examples
        if example.intent not in OWN_INTENTS
    ]
