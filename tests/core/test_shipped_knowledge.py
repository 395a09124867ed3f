"""The knowledge this repository ships, checked as staff's edits are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core import placeholders
from bot.core.catalogue import load_catalogue
from bot.core.knowledge import ATTRIBUTES
from bot.core.knowledge_files import NATIONAL, read_files
from bot.core.knowledge_folder import check_all, load_all
from bot.core.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2] / "knowledge"
_NUMBER = re.compile(r"\d+(?:\^\d+|[.,]\d+)?")
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)] ", re.MULTILINE)
# Article 17³ of a law is 17^3 in the collected facts.
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def test_shipped_knowledge_passes_the_check() -> None:
    findings, _ = check_all(ROOT)
    assert [str(finding) for finding in findings] == []


def test_shipped_texts_are_there_in_all_languages() -> None:
    texts = load_all(ROOT).texts
    georgian = texts.languages["ka"]
    for language in LANGUAGES:
        own = texts.languages[language]
        assert georgian.texts.keys() == own.texts.keys()
        assert georgian.maps["topics"].keys() == own.maps["topics"].keys()
        assert set(own.maps["attributes"]) == set(ATTRIBUTES)


def numbers(text: str) -> set[str]:
    """Give the numbers of a text, decimal commas as points, spaces in thousands left out."""
    text = _SUPERSCRIPT.sub(lambda match: f"^{_DIGITS.index(match.group())}", text)
    joined = re.sub(r"(?<=\d)[\u00a0 ](?=\d{3}(?!\d))", "", text)
    return {match.replace(",", ".") for match in _NUMBER.findall(joined)}


def fact_numbers() -> set[str]:
    return {
        number
        for path in (ROOT / "facts").glob("*.yml")
        for number in numbers(path.read_text(encoding="utf-8"))
    }


def literal_numbers() -> Iterator[tuple[str, str]]:
    """Give each number that stands in an entry's text or is a figure, with where it stands."""
    files = read_files(ROOT, load_catalogue(ROOT))
    for file in files.topics:
        for entry in file.entries.values():
            for texts in (entry.answer, *entry.attributes.values()):
                for language, text in texts.items():
                    plain = placeholders.without(_LIST_MARK.sub("", text))
                    for number in numbers(plain):
                        yield f"{file.folder}: {entry.id} ({language})", number


@pytest.mark.skipif(not (ROOT / "facts").is_dir(), reason="the collected facts are not shipped")
def test_numbers_in_the_texts_stand_in_the_collected_facts() -> None:
    known = fact_numbers()
    unknown = {f"{place}: {number}" for place, number in literal_numbers() if number not in known}
    assert sorted(unknown) == []


@pytest.mark.skipif(not (ROOT / "facts").is_dir(), reason="the collected facts are not shipped")
def test_figures_stand_in_the_collected_facts() -> None:
    known = {float(number) for number in fact_numbers() if "^" not in number}
    files = read_files(ROOT, load_catalogue(ROOT))
    unknown = [
        f"{file.folder}: {entry.id}: {name} = {period.value}"
        for file in files.topics
        for entry in file.entries.values()
        for name, periods in entry.facts.items()
        for period in periods
        if isinstance(period.value, int | float) and float(period.value) not in known
    ]
    assert unknown == []


def test_every_topic_with_knowledge_is_complete() -> None:
    catalogue = load_catalogue(ROOT)
    files = read_files(ROOT, catalogue)
    national = files.entries(NATIONAL)
    for file in files.topics:
        if file.folder == NATIONAL:
            assert set(catalogue.topics[file.topic].service_ids) <= national.keys()
