from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copy

import pytest

from bot.core.errors import InputError, MissingError
from bot.core.knowledge_pack import make_pack
from tests.fakes.knowledge_tree import Tree

TEMPLATE = Path(__file__).resolve().parents[2] / "knowledge" / "_municipality.yml"
DAY = date(2026, 1, 15)


@pytest.fixture
def templated(tree: Tree) -> Tree:
    copy(TEMPLATE, tree.root)
    return tree


def test_a_new_pack_is_not_in_use_until_it_is_renamed_and_filled_in(templated: Tree) -> None:
    path = make_pack(templated.root, "gori", DAY)
    assert path == templated.root / "_gori" / "municipality.yml"
    assert templated.findings() == []
    path.parent.rename(templated.root / "gori")
    findings = templated.findings()
    text = path.parent.with_name("gori").joinpath("municipality.yml").read_text(encoding="utf-8")
    body = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(findings) == sum("…" in line for line in body)
    assert all("still to be filled in" in finding for finding in findings)


def test_a_filled_in_pack_passes(templated: Tree) -> None:
    path = make_pack(templated.root, "gori", DAY)
    filled = path.read_text(encoding="utf-8").replace("ka: …", "ka: გორი").replace("…", "gori")
    path.write_text(filled, encoding="utf-8")
    path.parent.rename(templated.root / "gori")
    assert templated.findings() == []
    town = templated.load().knowledge.municipality("gori")
    assert town is not None
    assert (town.verified_on, town.review_by) == (DAY, date(2026, 7, 16))


@pytest.mark.parametrize("name", ["Gori", "../x", "national", "facts", "texts", "", "გორი", "g"])
def test_a_name_that_is_none_is_refused(templated: Tree, name: str) -> None:
    with pytest.raises(InputError, match="no name for a folder"):
        make_pack(templated.root, name, DAY)


def test_a_town_that_is_there_is_not_overwritten(templated: Tree) -> None:
    with pytest.raises(InputError, match="is there already"):
        make_pack(templated.root, "rustavi", DAY)
    make_pack(templated.root, "gori", DAY)
    with pytest.raises(InputError, match="_gori is there already"):
        make_pack(templated.root, "gori", DAY)


def test_without_the_template_it_says_so(tree: Tree) -> None:
    with pytest.raises(MissingError, match=r"_municipality\.yml is missing"):
        make_pack(tree.root, "gori", DAY)
