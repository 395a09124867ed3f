from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.catalogue import load_catalogue
from bot.core.clock import today
from bot.core.knowledge_folder import check_all
from bot.core.programmes import open_ones
from bot.core.programmes_files import load_programmes, read_programmes
from tests.fakes.knowledge_tree import Tree

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
youth:
  kind: co_funding
  service: parks.trees
  title: {ka: ახალგაზრდობა, en: Youth}
  about: {ka: ვინ წყვეტს, en: Who decides}
  opens: 2026-12-01
  closes: 2026-12-31
  most: 5000
  own_share: 10
  place: optional
  questions:
  - id: applicant
    ask: {ka: ვინ ხართ?, en: Who are you?}
    type: choice
    options:
    - id: ngo
      title: {ka: ორგანიზაცია, en: An NGO}
  - id: age
    ask: {ka: რამდენი წლის ხართ?, en: How old are you?}
    type: number
    required: false
    least: 14
  rules:
  - id: who
    text: {ka: მხოლოდ ორგანიზაცია, en: NGOs only}
    source: order
    question: applicant
    one_of: [ngo]
  criteria:
  - id: use
    title: {ka: სარგებელი, en: Use}
    most: 10
  sources:
    order:
      title: {ka: ბრძანება, en: Order}
      url: https://rustavi.gov.ge/x
      date: 2026-11-01
"""


def findings(tree: Tree, old: str = "", new: str = "") -> list[str]:
    assert old in GOOD
    town = next(path.parent for path in tree.root.glob("*/municipality.yml"))
    (town / "programmes.yml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    found, _ = check_all(tree.root)
    return [str(finding) for finding in found]


def test_a_good_file_is_read_whole(tree: Tree) -> None:
    assert findings(tree) == []
    [towns] = load_programmes(tree.root, load_catalogue(tree.root)).values()
    one = towns["youth"]
    assert (one.kind, one.most, one.own_share, one.place) == ("co_funding", 5000, 10, "optional")
    assert [(q.id, q.type, q.required, q.least) for q in one.questions] == [
        ("applicant", "choice", True, None),
        ("age", "number", False, 14),
    ]
    assert one.rules[0].one_of == ("ngo",)
    assert one.criteria[0].most == 10
    assert one.sources["order"].date == "2026-11-01"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: co_funding", "kind: cofunding", "2: unknown kind cofunding; did you"),
        ("service: parks.trees", "service: parks.tree", "3: there is no service parks.tree"),
        ("en: Youth}", "xx: Youth}", "4: unknown key xx"),
        ("ka: ახალგაზრდობა, en: Youth", "en: Youth", "4: the title lacks ka"),
        ("en: Youth", "en: Youth initiatives of Rustavi", "4: the title has 28 characters"),
        ("opens: 2026-12-01", "colour: red", "6: unknown key colour"),
        ("  opens: 2026-12-01\n", "", "6: closes without opens"),
        ("closes: 2026-12-31", "closes: 2026-11-30", "7: closes lies before opens"),
        ("closes: 2026-12-31", "closes: soon", "7: youth.closes must be a date"),
        ("most: 5000", "most: much", "8: most must be a number"),
        ("place: optional", "place: maybe", "10: unknown place maybe"),
        ("place: optional", "standing: true", "10: a standing programme has no dates"),
        ("place: optional", "standing: perhaps", "10: standing must be true or false"),
        ("type: number", "type: integer", "20: unknown type integer"),
        ("type: number", "type: choice", "18: options belong to the type choice"),
        ("- id: age", "- id: applicant", "18: the question applicant stands here twice"),
        ("en: An NGO", "en: A non-governmental one", "17: “A non-governmental one” is longer"),
        ("one_of: [ngo]", "one_of: [person]", "28: person is no answer of applicant"),
        ("question: applicant", "question: who", "27: there is no question who"),
        ("source: order", "source: law", "26: the rule's source law is not among the sources"),
        ("most: 10", "most: 0", "30: the criterion lacks its highest score"),
        ("  criteria:\n  - id: use\n    title: {ka: სარგებელი, en: Use}\n    most: 10\n", "",
         "2: an open co-funding programme needs criteria"),
        (", en: NGOs only", "", "25: the rule lacks en"),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_line(tree: Tree, old: str, new: str, message: str) -> None:
    found = findings(tree, old, new)
    assert any(f"programmes.yml:{message}" in finding for finding in found), found


def test_dates_without_a_source_are_refused(tree: Tree) -> None:
    found = findings(tree, GOOD[GOOD.index("  rules:") :], "")
    assert any("the dates have no source" in finding for finding in found)


def test_a_broken_file_is_one_finding(tree: Tree) -> None:
    assert len(findings(tree, "youth:", "youth: [")) == 1


def test_the_shipped_programmes_are_good_and_no_money_is_open() -> None:
    catalogue = load_catalogue(ROOT / "knowledge")
    towns, found = read_programmes(ROOT / "knowledge", catalogue)
    assert found == []
    rustavi = towns["rustavi"]
    day = today()
    assert open_ones(rustavi, "co_funding", day) == ()
    assert open_ones(rustavi, "civil_budget", day) == ()
    assert {one.id for one in rustavi.values() if one.is_open(day)} == {
        "rustavi_2050",
        "board_game_ideas",
        "plastic_box",
    }
    for one in rustavi.values():
        assert set(one.title) == set(one.about) == {"ka", "en", "ru", "az", "hy"}
