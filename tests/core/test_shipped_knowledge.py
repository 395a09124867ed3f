"""The knowledge this repository ships, checked as staff's edits are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.core import placeholders
from bot.core.catalogue import load_catalogue
from bot.core.knowledge import ATTRIBUTES, FactPeriod
from bot.core.knowledge_files import NATIONAL, Files, read_files
from bot.core.knowledge_folder import check_all, load_all
from bot.core.knowledge_gaps import missing_translations
from bot.core.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2] / "knowledge"
_NUMBER = re.compile(r"\d+(?:\^\d+|[.,]\d+)?")
_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)] ", re.MULTILINE)
# Article 17³ of a law is 17^3 in the collected facts.
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]")
#: Figures of the pandemic and of projects that began in this year or before are history.
HISTORY = 2023
_YEAR = re.compile(r"(?:19|20)\d\d")
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


def test_what_residents_read_in_every_language_is_there() -> None:
    assert [str(gap.finding) for gap in missing_translations(shipped())] == []


def numbers(text: str) -> set[str]:
    """Give the numbers of a text, decimal commas as points, spaces in thousands left out."""
    text = _SUPERSCRIPT.sub(lambda match: f"^{_DIGITS.index(match.group())}", text)
    joined = re.sub(r"(?<=\d)[\u00a0 ](?=\d{3}(?!\d))", "", text)
    return {match.replace(",", ".") for match in _NUMBER.findall(joined)}


#: The facts of the towns themselves, which every topic may use.
CONTACTS = "contacts"


@lru_cache(maxsize=1)
def collected() -> dict[str, Any]:
    """Give the collected facts of each topic, as their files have them."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / "facts").glob("*.yml")
    }


@lru_cache(maxsize=1)
def fact_numbers() -> dict[str, set[str]]:
    """Give the numbers of each topic's collected facts, with those of the contacts."""
    found = {
        path.stem: numbers(path.read_text(encoding="utf-8"))
        for path in (ROOT / "facts").glob("*.yml")
    }
    return {topic: own | found[CONTACTS] for topic, own in found.items()}


@lru_cache(maxsize=1)
def shipped() -> Files:
    return read_files(ROOT, load_catalogue(ROOT))


def literal_numbers() -> Iterator[tuple[str, str, str]]:
    """Give each number that stands in an entry's text: its topic, where it stands, the number."""
    for file in shipped().topics:
        for entry in file.entries.values():
            for texts in (entry.answer, *entry.attributes.values()):
                for language, text in texts.items():
                    plain = placeholders.without(_LIST_MARK.sub("", text))
                    for number in numbers(plain):
                        yield file.topic, f"{file.folder}: {entry.id} ({language})", number


def figures() -> Iterator[tuple[str, str, FactPeriod]]:
    """Give each figure, also of those that entries share: its topic, where it stands, itself."""
    users = {
        name: file.topic
        for file in shipped().topics
        for entry in file.entries.values()
        for text in entry.texts()
        for name in placeholders.names(text)
    }
    for file in shipped().topics:
        for entry in file.entries.values():
            for name, periods in entry.facts.items():
                for period in periods:
                    yield file.topic, f"{file.folder}: {entry.id}: {name}", period
    for shared in shipped().figures.values():
        for name, periods in shared.content.facts.items():
            for period in periods:
                yield users[name], f"{shared.folder}: {name}", period


def test_numbers_in_the_texts_stand_in_the_collected_facts_of_their_topic() -> None:
    unknown = {
        f"{place}: {number}"
        for topic, place, number in literal_numbers()
        if number not in fact_numbers()[topic]
    }
    assert sorted(unknown) == []


def test_figures_stand_in_the_collected_facts_of_their_topic() -> None:
    known = {
        topic: {float(number) for number in found if "^" not in number}
        for topic, found in fact_numbers().items()
    }
    unknown = [
        f"{place} = {period.value}"
        for topic, place, period in figures()
        if isinstance(period.value, int | float) and float(period.value) not in known[topic]
    ]
    assert unknown == []


def test_a_figure_stands_once() -> None:
    _, warnings = check_all(ROOT)
    assert [str(warning) for warning in warnings if "same figure" in str(warning)] == []


def test_sums_are_figures_with_a_name() -> None:
    sum_of_money = re.compile(r"\d[\d .,–-]*\s*(?:ლარ|GEL|%|თეთრ|tetri|лари|lari|լարի)")
    written_out = [
        f"{file.folder}: {entry.id}: {found.group()}"
        for file in shipped().topics
        for entry in file.entries.values()
        for text in entry.texts()
        if (found := sum_of_money.search(placeholders.without(text)))
    ]
    assert written_out == []


def uncertain_sources() -> set[str]:
    """Give the sources of which nobody knows whether they hold today, whatever they say."""
    facts = [
        fact
        for topic in collected().values()
        for service in topic.values()
        for fact in service.get("facts") or ()
    ]
    certain = {fact["source"] for fact in facts if not fact.get("caution")}
    return {fact["source"] for fact in facts if fact.get("caution")} - certain


def test_figures_that_may_be_outdated_are_told_with_their_year() -> None:
    uncertain, silent = uncertain_sources(), []
    knowledge = load_all(ROOT).knowledge
    for town, entries in knowledge.merged.items():
        for entry in entries.values():
            for text in entry.texts():
                for name in placeholders.names(text):
                    for period in entry.facts.get(name, ()):
                        source = entry.source(period.source)
                        if source and source.url in uncertain and not _YEAR.search(text):
                            silent.append(f"{town}: {entry.id}: {{{name}}} in {text}")
    assert uncertain
    assert silent == []


def test_history_is_told_with_its_year() -> None:
    told, silent = 0, []
    for town, entries in load_all(ROOT).knowledge.merged.items():
        for entry in entries.values():
            if not entry.id.startswith(("public_health.", "participation.")):
                continue
            for text in entry.texts():
                for name in placeholders.names(text):
                    past = [p for p in entry.facts.get(name, ()) if p.valid_from.year <= HISTORY]
                    told += len(past)
                    if past and not _YEAR.search(text):
                        silent.append(f"{town}: {entry.id}: {{{name}}} in {text}")
    assert told
    assert silent == []


def test_every_topic_with_knowledge_is_complete() -> None:
    catalogue = load_catalogue(ROOT)
    files = shipped()
    national = files.entries(NATIONAL)
    for file in files.topics:
        if file.folder == NATIONAL:
            assert set(catalogue.topics[file.topic].service_ids) <= national.keys()


def test_who_gets_the_bus_benefit_is_told_alike_of_veterans_and_of_all() -> None:
    # The collected facts leave open whether it is full or partial.
    partial = {
        "ka": "ნაწილობრივ",
        "en": "partial",
        "ru": "частичн",
        "az": "qismən",
        "hy": "մասնակի",
    }
    for service in ("social_programmes.veterans", "social_programmes.transport_benefit"):
        entry = load_all(ROOT).knowledge.entry(service, "rustavi")
        assert entry is not None
        for language, word in partial.items():
            assert word in entry.answer[language], (service, language)
            assert word in entry.attributes["price"][language], (service, language)
