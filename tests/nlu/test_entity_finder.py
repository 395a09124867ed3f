"""Entities on a labelled set in six ways of writing, and the places of what is found."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.entity_finder import LONGEST, EntityFinder

#: By the author of the patterns, and by two who had not seen them.
SETS = ("entities", "entities_by_another", "entities_third")
LINES = {
    name: [
        json.loads(line)
        for line in (Path(__file__).parents[1] / "evaluation" / f"{name}.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    for name in SETS
}
#: The share of what is found that is right, and of what is there that is found, at least.
PRECISION, RECALL = 0.95, 0.94


def found(finder: EntityFinder, line: dict[str, Any]) -> list[tuple[str, Any]]:
    entities = finder.find(line["text"], line["lang"].removesuffix("-Latn"))
    return [(entity["entity"], entity["value"]) for entity in entities]


def wanted_in(line: dict[str, Any]) -> list[tuple[str, Any]]:
    """What the finder is to find; attributes come from another component."""
    return [(name, value) for name, value in line["entities"] if name != "attribute"]


@pytest.mark.parametrize("of", SETS)
@pytest.mark.parametrize("language", ["ka", "ka-Latn", "en", "ru", "az", "hy"])
def test_entities_of_a_language(finder: EntityFinder, of: str, language: str) -> None:
    lines = [line for line in LINES[of] if line["lang"] == language]
    assert len(lines) >= 5
    wrong = []
    right = given_ = there = 0
    for line in lines:
        got, wanted = Counter(found(finder, line)), Counter(wanted_in(line))
        right += (got & wanted).total()
        given_, there = given_ + got.total(), there + wanted.total()
        if got != wanted:
            wrong.append(f"{line['text']}: {dict(got)} instead of {dict(wanted)}")
    assert right / given_ >= PRECISION, wrong
    assert right / there >= RECALL, wrong


@pytest.mark.parametrize(
    "entity",
    ["municipality", "district", "street", "amount", "area", "date", "month", "persons", "phone"],
)
def test_each_entity_is_in_the_set_and_found(finder: EntityFinder, entity: str) -> None:
    lines = [
        line
        for of in SETS
        for line in LINES[of]
        if any(name == entity for name, _ in line["entities"])
    ]
    assert lines
    missed = [
        line["text"]
        for line in lines
        for name, value in line["entities"]
        if name == entity and (name, value) not in found(finder, line)
    ]
    assert len(missed) <= len(lines) * 0.1, missed


def test_places_are_those_of_the_text_as_typed(finder: EntityFinder) -> None:
    text = "  გამარჯობა!! 🙂 ოთხ სულზე, ᲛᲐᲠᲜᲔᲣᲚᲨᲘ?"
    entities = finder.find(text, "ka")
    assert [(e["entity"], e["value"]) for e in entities] == [
        ("persons", 4),
        ("municipality", "marneuli"),
    ]
    for entity in entities:
        assert text[entity["start"] : entity["end"]] == entity["text"]


@pytest.mark.parametrize(
    ("text", "language", "entity", "words"),
    [
        ("კოსტავას 20-თან ორმოა", "ka", "street", "კოსტავას 20"),
        ("kostavas 20", "ka", "street", "kostavas 20"),
        ("a pothole at 20 Kostava street", "en", "street", "20 Kostava street"),
        ("მე-17-ში შუქი არ არის", "ka", "district", "მე-17"),
        ("me-17-shi shuqi ar aris", "ka", "district", "me-17-shi"),
    ],
)
def test_address_as_it_is_said(
    finder: EntityFinder, text: str, language: str, entity: str, words: str
) -> None:
    (found,) = finder.find(text, language)
    assert (found["entity"], found["text"]) == (entity, words)


@pytest.mark.parametrize(
    ("text", "language", "entity"),
    [
        ("კოსტავას ძეგლი", "ka", "street"),
        ("კოსტავას 5 სართულიანი სახლი", "ka", "street"),
        ("მე-5-ში კლასში", "ka", "district"),
        ("500 კაცზე", "ka", "persons"),
        ("42 მაისს", "ka", "date"),
        ("31.02.2026", "ka", "date"),
        ("99 მკრ", "ka", "district"),
        ("12345678901", "ka", "phone"),
        ("one or two", "en", "persons"),
        ("хозяйка берёт с нас 20 лари", "ru", "persons"),
        ("they march every day", "en", "month"),
        ("2-ში მოვედი, 2026-ში", "ka", "district"),
        ("at 5 10 15 20 25 or 30", "en", "phone"),
        ("on third floor", "en", "district"),
        ("რუსთაველის ლექსი", "ka", "municipality"),
        ("მესხიშვილი იყო მსახიობი", "ka", "street"),
    ],
)
def test_what_makes_no_sense_is_no_entity(
    finder: EntityFinder, text: str, language: str, entity: str
) -> None:
    assert entity not in [found["entity"] for found in finder.find(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "entity", "value"),
    [
        ("17-ში ვცხოვრობ", "ka", "district", "17"),
        ("me-17shi vcxovrob", "ka", "district", "17"),
        ("in the nineteenth microdistrict", "en", "district", "19"),
        ("двадцать первый микрорайон", "ru", "district", "21"),
        ("on birinci mikrorayon", "az", "district", "11"),
        ("iyirmi birinci mikrorayonda", "az", "district", "21"),
        ("საწყობიდან 2026 წლის 3 აპრილს", "ka", "date", "2026-04-03"),
        ("May 7, 2026", "en", "date", "2026-05-07"),
        ("թեթև մայիսի 20-ին", "hy", "date", "20.05"),
        ("is march too late", "en", "month", 3),
        ("two hundred fifty lari", "en", "amount", 250),
        ("iki yüz lari", "az", "amount", 200),
        ("two thousand five hundred lari", "en", "amount", 2500),
        ("GEL 1,250", "en", "amount", 1250),
        ("ოთხნი ვართ", "ka", "persons", 4),
        ("нас в квартире семеро", "ru", "persons", 7),
        ("593 104 207", "en", "phone", "593104207"),
        ("5 7 7 40 51 62", "en", "phone", "577405162"),
        ("რუსთაველი ვარ", "ka", "municipality", "rustavi"),
        ("რუსთაველის ქუჩა 5", "ka", "street", "რუსთაველის ქუჩა"),
        ("შარტავაზე ორმოა", "ka", "street", "შარტავას გამზირი"),
        ("ნაკვეთი 1,200 კვ.მ", "ka", "area", 1200),
        ("ბინა 61,5 კვ.მ", "ka", "area", 61.5),
        ("martshi gadavixade", "ka", "month", 3),
        ("в квартире живут пятеро", "ru", "persons", 5),
        ("12 aprel 2026-da", "az", "date", "2026-04-12"),
    ],
)
def test_ways_of_saying_it(
    finder: EntityFinder, text: str, language: str, entity: str, value: object
) -> None:
    assert (entity, value) in [(e["entity"], e["value"]) for e in finder.find(text, language)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("I-26-0417-K", "I-26-0417-K"),
        ("i 26 0417 k", "I-26-0417-K"),
        ("С-26-0417-К", "C-26-0417-K"),
        ("P260417X", "P-26-0417-X"),
    ],
)
def test_code_is_read_however_it_is_typed(finder: EntityFinder, typed: str, code: str) -> None:
    (entity,) = finder.find(f"ჩემი კოდია {typed}, რა ხდება?", "ka")
    assert (entity["entity"], entity["value"]) == ("submission_code", code)


@settings(deadline=None, max_examples=int(os.environ.get("CBOT_FUZZ", "150")))
@given(text=st.text(max_size=80) | st.sampled_from(["\ud800", "5 ლარი" * 20_000, "1" * 5_000]))
@pytest.mark.parametrize("language", ["ka", None])
def test_any_text_is_read(finder: EntityFinder, text: str, language: str | None) -> None:
    for entity in finder.find(text, language):
        assert 0 <= entity["start"] < entity["end"] <= min(len(text), LONGEST)
