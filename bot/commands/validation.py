"""All checks that stand before a training: data, domain, knowledge; every finding at once."""

from __future__ import annotations

from pathlib import Path

from bot.core import examination
from bot.core.catalogue import load_catalogue
from bot.core.errors import InputError
from bot.core.knowledge_folder import check_all
from bot.core.training_data import Counts, check_training_data, read_examples


def check_everything(root: Path) -> Counts:
    """Check what a model and its answers are made from.

    Raises:
        InputError: with the findings of all files.
    """
    catalogue = load_catalogue(root / "knowledge")
    counts, findings = check_training_data(root, catalogue)
    knowledge_findings, _ = check_all(root / "knowledge")
    taught, _ = read_examples(root, catalogue)
    findings = [
        *findings,
        *examination.check(root, catalogue, taught),
        *knowledge_findings,
    ]
    if findings:
        number = len(findings)
        raise InputError(
            f"{number} finding{'s' if number > 1 else ''}; mend and try again.", findings
        )
    return counts
