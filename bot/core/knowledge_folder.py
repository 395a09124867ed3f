"""The knowledge folder as a whole: catalogue, entries and texts, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.core.answer_templates import AnswerTemplates, read_templates
from bot.core.catalogue import FILE as CATALOGUE_FILE
from bot.core.catalogue import Catalogue, load_catalogue
from bot.core.categories import Categories, read_categories
from bot.core.clock import GEORGIA
from bot.core.emergency import Notices
from bot.core.emergency_files import read_notices
from bot.core.errors import Finding, InputError, MissingError
from bot.core.knowledge import Knowledge
from bot.core.knowledge_checks import check_knowledge, load_knowledge
from bot.core.programmes import Programmes
from bot.core.programmes_files import read_programmes
from bot.core.texts import Texts
from bot.core.texts_files import check_texts, load_texts, read_texts


@dataclass(frozen=True)
class Loaded:
    """One good state of the knowledge folder: everything in it fits together."""

    knowledge: Knowledge
    texts: Texts
    catalogue: Catalogue
    loaded_at: datetime
    programmes: Mapping[str, Programmes] = field(default_factory=dict)
    categories: Categories = field(default_factory=dict)
    notices: Notices = field(default_factory=dict)
    templates: AnswerTemplates = field(default_factory=dict)


def load_all(root: Path) -> Loaded:
    """Read the catalogue, the entries and the texts of the knowledge folder ``root``.

    Raises:
        MissingError: when there is no catalogue in ``root``.
        InputError: when something is wrong, with all findings of all files.
    """
    catalogue = _catalogue(root)
    findings: list[Finding] = []
    knowledge, texts = Knowledge({}, {None: {}}), Texts({}, {})
    try:
        knowledge = load_knowledge(root, catalogue)
    except InputError as error:
        findings.extend(error.findings)
    try:
        texts = load_texts(root, catalogue, knowledge.municipalities)
    except InputError as error:
        findings.extend(error.findings)
    programmes, of_programmes = read_programmes(root, catalogue)
    categories, of_categories = read_categories(root)
    notices, of_notices = read_notices(root)
    templates, of_templates = read_templates(root)
    findings = [*findings, *of_programmes, *of_categories, *of_notices, *of_templates]
    if findings:
        raise InputError("The knowledge has mistakes.", findings)
    now = datetime.now(GEORGIA)
    return Loaded(knowledge, texts, catalogue, now, programmes, categories, notices, templates)


def check_all(root: Path, day: date | None = None) -> tuple[list[Finding], list[Finding]]:
    """Check the catalogue, the entries and the texts of the knowledge folder ``root``.

    Args:
        root: the knowledge folder.
        day: the day on which figures must hold; today in Georgia when not given.

    Returns:
        Findings, which keep the knowledge from being used, and warnings.

    Raises:
        MissingError: when there is no catalogue in ``root``.
    """
    try:
        catalogue = _catalogue(root)
    except InputError as error:
        return list(error.findings), []
    findings, warnings = check_knowledge(root, catalogue, day)
    files, of_texts = read_texts(root)
    findings = [*findings, *of_texts, *check_texts(files, catalogue)]
    _, of_programmes = read_programmes(root, catalogue)
    _, of_categories = read_categories(root)
    _, of_notices = read_notices(root)
    _, of_templates = read_templates(root)
    return [*findings, *of_programmes, *of_categories, *of_notices, *of_templates], warnings


def _catalogue(root: Path) -> Catalogue:
    if not (root / CATALOGUE_FILE).is_file():
        raise MissingError(f"{root} holds no {CATALOGUE_FILE}; point to the knowledge folder.")
    return load_catalogue(root)
