from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import InputError, MissingError
from bot.core.knowledge_folder import check_all, load_all
from tests.fakes.knowledge_tree import Tree


def test_load_all_gives_what_fits_together(tree: Tree) -> None:
    loaded = load_all(tree.root)
    assert loaded.knowledge.entry("waste.fee", "rustavi") is not None
    assert loaded.texts.text("offer", "ka") == "რომელი?"
    assert len(loaded.catalogue.services) == 3
    assert loaded.loaded_at.tzinfo is not None


def test_load_all_reports_entries_and_texts_together(tree: Tree) -> None:
    tree.change("national/waste.yml", "  owner: finance\n", "")
    tree.change("texts/ka.yml", "act:help", "act:helpp")
    with pytest.raises(InputError) as caught:
        load_all(tree.root)
    paths = {finding.path for finding in caught.value.findings}
    assert {"knowledge/national/waste.yml", "knowledge/texts/ka.yml"} <= paths


def test_check_all_reports_a_broken_catalogue(tree: Tree) -> None:
    tree.write("catalogue.yml", "topics: [")
    findings, warnings = check_all(tree.root)
    assert [finding.path for finding in findings] == ["knowledge/catalogue.yml"]
    assert warnings == []


def test_a_folder_without_a_catalogue_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"holds no catalogue\.yml"):
        load_all(tmp_path)
    with pytest.raises(MissingError):
        check_all(tmp_path)
