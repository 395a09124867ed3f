from __future__ import annotations

from bot.core.catalogue import load_catalogue
from bot.core.knowledge_files import read_files
from bot.core.knowledge_gaps import Gap, missing_facts, missing_translations
from tests.fakes.knowledge_tree import Tree

WASTE = "national/waste.yml"


def lines(gaps: list[Gap]) -> list[str]:
    return [str(gap.finding) for gap in gaps]


def test_missing_facts_are_listed_with_their_line(tree: Tree) -> None:
    tree.change(WASTE, "  owner: finance\n", "  owner: finance\n  gaps: [ანგარიში, ბანკი]\n")
    tree.change("bolnisi/municipality.yml", "verified_on", "gaps: [ცხელი ხაზი]\nverified_on")
    assert tree.findings() == []
    files = read_files(tree.root, load_catalogue(tree.root))
    assert lines(list(missing_facts(files))) == [
        "knowledge/bolnisi/municipality.yml:12: ცხელი ხაზი",
        f"knowledge/{WASTE}:50: waste.fee: ანგარიში",
        f"knowledge/{WASTE}:50: waste.fee: ბანკი",
    ]


def test_missing_translations_are_counted_per_text(tree: Tree) -> None:
    files = read_files(tree.root, load_catalogue(tree.root))
    assert lines(list(missing_translations(files, ("ru",)))) == [
        f"knowledge/{WASTE}:2: waste.fee: title is not there in ru",
        f"knowledge/{WASTE}:4: waste.fee: answer is not there in ru",
        f"knowledge/{WASTE}:8: waste.fee: price is not there in ru",
        f"knowledge/{WASTE}:11: waste.fee: documents is not there in ru",
        f"knowledge/{WASTE}:14: waste.fee: penalty is not there in ru",
        "knowledge/rustavi/waste.yml:2: waste.fee: answer is not there in ru",
    ]
    assert {gap.language for gap in missing_translations(files)} == {"ru", "az", "hy"}
