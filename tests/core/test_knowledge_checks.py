from __future__ import annotations

from datetime import date

import pytest

from bot.core.errors import InputError
from bot.core.knowledge_checks import check_knowledge, load_knowledge
from tests.fakes.knowledge_tree import Tree

WASTE = "national/waste.yml"
OWN = "rustavi/waste.yml"
TOWN = "rustavi/municipality.yml"


def test_a_good_folder_has_no_findings(tree: Tree) -> None:
    assert tree.findings() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # Shapes.
        (WASTE, "  owner:", "  owners:", ":49: unknown key owners; did you mean owner?"),
        (WASTE, "waste.fee:", "waste.fe:", ":1: unknown key waste.fe; did you mean waste.fee?"),
        (WASTE, "    price:", "    prize:", ":8: unknown key prize; did you mean price?"),
        (WASTE, "en: Cleaning fee}", "de: Cleaning fee}", ":2: unknown key de"),
        (WASTE, "      unit: GEL", "      units: GEL", ":23: unknown key units"),
        (WASTE, "ka: საბუთი არ გჭირდებათ.", "ka:", ":12: documents.ka is empty"),
        (WASTE, "ka: საბუთი არ გჭირდებათ.", 'ka: " "', ":12: documents.ka is an empty text"),
        (WASTE, "ka: საბუთი არ გჭირდებათ.", "ka: [ა]", ":12: documents.ka must be a text"),
        (WASTE, "verified_on: 2026-01-10", "verified_on: გუშინ", ":47: waste.fee.verified_on"),
        (WASTE, "valid_from: 2020-01-01", "valid_from: 1.1.2020", ":24: 0.valid_from must be a da"),
        (WASTE, "      valid_from: 2020-01-01\n", "", ":22: the figure lacks valid_from"),
        (WASTE, "value: 2.50", "value:", ":22: the figure has no value"),
        (WASTE, "date: 2020-01\n", "date: January\n", ":45: code.date must be a date like"),
        (WASTE, "      date: 2020-01\n", "", ":42: the source has no date"),
        (WASTE, "[waste.payment, parks.trees]", "waste.payment", ":46: waste.fee.related must"),
        # Languages.
        (WASTE, "title: {ka: დასუფთავება, en: Cleaning fee}", "title: {ka: დასუფთავება}",
         ":2: the English text (en) is missing"),
        (WASTE, "ka: კანონი მოსაკრებლების შესახებ.", "ru: Закон.",
         ":17: the Georgian text (ka) is missing"),
        (WASTE, "title: {ka: კანონი, en: Law}", "title: {ka: კანონი}", ":39: the English text"),
        (WASTE, "      title: {ka: კოდექსი, en: Code}\n", "", ":42: the Georgian text (ka) is mis"),
        (OWN, "title: {ka: გვერდი, en: Page}", "title: {en: Page}", ":17: the Georgian text (ka)"),
        (WASTE, "The law on fees.", "The law, კანონი.", ":19: Georgian letters in the en text"),
        (WASTE, "საბუთი არ გჭირდებათ.", "you need no papers.", ":12: words in Latin letters"),
        (WASTE, "ru: В банке.", "ru: At a bank in town.", ":53: the ru text is written in other"),
        (WASTE, "ka: საბუთი არ გჭირდებათ.", "ka: საბუთი. Документы не нужны.",
         ":12: the ka text is written in other letters"),
        (WASTE, "ru: В банке.", "ru: 'В банке за {cap} лари.'", ":53: {cap} stands in only one of"),
        # Completeness.
        (WASTE, "  long_title: {ka: სად გადავიხადო, en: Where to pay}\n", "",
         ":50: long_title is missing"),
        (WASTE, "waste.payment:", "waste.paid:", ":1: waste.payment has no entry; every service"),
        # Lengths.
        (WASTE, "en: Cleaning fee}", f"en: {'x' * 21}}}", "has 21 characters; at most 20 fit"),
        (WASTE, "en: Household cleaning fee}", f"en: {'x' * 61}}}", ":3: “xxx"),
        (WASTE, "review_by: 2026-07-10", "review_by: 2025-07-10", ":48: review_by is before"),
        # Figures.
        (WASTE, "The cap is {cap} GEL.", "The cap is {cup} GEL.", ":10: {cup} is not defined; did"),
        (OWN, "you pay {rate} GEL", "you pay GEL", ":2: {rate} stands in only one of ka and en"),
        (WASTE, "The cap is {cap} GEL.", "The cap is {cap GEL.", ":10: a brace stands alone"),
        (WASTE, "en: Cleaning fee}", 'en: "Fee {cap}"}', ":2: a title has no names in braces"),
        (WASTE, "    cap:\n", "    cup:\n", ":21: no text uses {cup}"),
        (WASTE, "      source: law\n", "", ":22: the figure has no source"),
        (WASTE, "source: code", "source: cod", ":36: unknown source cod; did you mean code?"),
        (WASTE, "valid_until: 2023-12-31", "valid_until: 2019-12-31", ":25: valid_until is before"),
        (WASTE, "valid_until: 2023-12-31", "valid_until: 2024-01-01", ":27: overlaps the period"),
        (WASTE, "valid_until: 2023-12-31", "valid_until: null", ":27: overlaps the period"),
        # Addresses and neighbours.
        (WASTE, "https://example.ge/law", "http://example.ge/law", ":40: http://example.ge/law is"),
        (OWN, "https://example.ge/fee", "www.example.ge", ":18: www.example.ge is no https addr"),
        (WASTE, "parks.trees]", "parks.tree]", ":46: unknown service parks.tree; did you mean"),
        (WASTE, "[waste.payment,", "[waste.fee,", ":46: an entry is not related to itself"),
        # Towns.
        (TOWN, "id: rustavi", "id: rustawi", ":1: id is rustawi, but the folder is rustavi"),
        (TOWN, "{ka: რუსთავის, en: Rustavi}", "{ka: რუსთავის}", ":2: name.en is missing"),
        (TOWN, "contacts:", "contact:", "unknown key contact; did you mean contacts?"),
        (TOWN, "source: site}", "source: sit}", ":5: unknown source sit; did you mean site?"),
        (TOWN, "en: 20 Kostava Ave, ", "", ":6: address.en is missing"),
        (TOWN, "https://example.ge", "http://example.ge", ":10: http://example.ge is no https"),
        (TOWN, "review_by: 2026-07-10", "review_by: 2020-01-01", ":13: review_by is before"),
        (TOWN, "verified_on: 2026-01-10\n", "", "verified_on is missing"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(
    tree: Tree, file: str, old: str, new: str, expected: str
) -> None:
    tree.change(file, old, new)
    findings = tree.findings()
    assert any(
        finding.startswith(f"knowledge/{file}:") and expected in finding for finding in findings
    ), findings


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("national/wasted.yml", "a: 1", "wasted.yml:1: wasted is no topic; did you mean waste?"),
        ("atlantis/waste.yml", "", "atlantis/municipality.yml:1: the folder atlantis has no"),
        ("rustavi/parks.yaml", "", "rustavi/parks.yaml:1: rename the file to parks.yml"),
        ("rustavi/parks.yml", "parks.trees: {owner: x}", "parks.yml:1: title is missing; add it"),
    ],
)
def test_files_in_the_wrong_place_are_named(
    tree: Tree, file: str, text: str, expected: str
) -> None:
    tree.write(file, text)
    assert any(expected in finding for finding in tree.findings()), tree.findings()


@pytest.mark.parametrize("file", [WASTE, OWN, TOWN, "texts/ka.yml", "texts/ru.yml"])
def test_an_empty_file_is_a_mistake(tree: Tree, file: str) -> None:
    tree.write(file, "# nothing yet\n")
    assert f"knowledge/{file}:1: the file is empty; write it or delete it" in tree.findings()


@pytest.mark.parametrize("file", [WASTE, OWN, TOWN, "texts/ka.yml", "texts/ru.yml"])
def test_an_unreadable_file_has_one_finding(tree: Tree, file: str) -> None:
    tree.write(file, "a: @")
    (finding,) = tree.findings()
    assert finding.startswith(f"knowledge/{file}:1: a text may not start with @")


def test_a_towns_own_service_may_be_complete_by_itself(tree: Tree) -> None:
    fee = (tree.root / WASTE).read_text(encoding="utf-8").split("waste.payment:")[1]
    tree.write("rustavi/parks.yml", f"parks.trees:{fee}")
    assert tree.findings() == []


def test_national_figures_may_be_used_by_towns_only(tree: Tree) -> None:
    tree.change(WASTE, "ჯარიმა {fine} ლარია.", "ჯარიმაა.")
    tree.change(WASTE, "The fine is {fine} GEL.", "There is a fine.")
    assert len(tree.findings()) == 1
    tree.change(OWN, "{rate} ლარს", "{rate} ან {fine} ლარს")
    tree.change(OWN, "{rate} GEL", "{rate} or {fine} GEL")
    assert tree.findings() == []


@pytest.mark.parametrize(
    "text",
    [
        "იხილეთ my.gov.ge, www.rustavi.gov.ge/page ან ჰკითხეთ info@rustavi.gov.ge.",
        "პროგრამა Smart City Lab, III კლასი, 100 მ².",
        "C-Bot, PDF, SMS.",
    ],
)
def test_names_and_addresses_are_no_foreign_words(tree: Tree, text: str) -> None:
    tree.change(WASTE, "საბუთი არ გჭირდებათ.", text)
    assert tree.findings() == []


def test_all_findings_come_at_once_and_in_order(tree: Tree) -> None:
    tree.change(WASTE, "  owner: finance\n", "")
    tree.change(WASTE, "{cap} GEL.", "{cup} GEL.")
    tree.change(OWN, "https://", "http://")
    with pytest.raises(InputError) as caught:
        load_knowledge(tree.root)
    findings = caught.value.findings
    assert len(findings) >= 3
    assert [(f.path, f.line) for f in findings] == sorted((f.path, f.line) for f in findings)


FIGURES = """\
facts:
  pay_days:
  - value: 20
    valid_from: 2020-01-01
    source: law
sources:
  law: {title: {ka: კანონი, en: Law}, url: "https://example.ge", date: 2020}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("source: law", "source: lav", ":5: unknown source lav; did you mean law?"),
        ("https:", "http:", ":7: http://example.ge is no https address"),
        (", date: 2020", "", ":7: the source has no date"),
        ("facts:", "fact:", ":1: unknown key fact; did you mean facts?"),
        ("valid_from: 2020-01-01", "valid_from: soon", ":4: 0.valid_from must be a date"),
        ("  pay_days", "  days_to_pay", ":2: no text uses {days_to_pay}; use it or delete it"),
        ("    source: law\n",
         "    source: law\n  - {value: 21, valid_from: 2021-01-01, source: law}\n",
         ":6: overlaps the period from 2020-01-01"),
    ],
)  # fmt: skip
def test_mistakes_in_shared_figures_are_named(
    tree: Tree, old: str, new: str, expected: str
) -> None:
    pay_by = 'ka: "{pay_days} დღეში.", en: "Within {pay_days} days."'
    tree.change(WASTE, "ka: ბანკში., en: At a bank., ru: В банке.", pay_by)
    tree.write("national/figures.yml", FIGURES)
    assert tree.findings() == []
    tree.change("national/figures.yml", old, new)
    assert any(f"knowledge/national/figures.yml{expected}" in f for f in tree.findings())


def test_a_figure_is_not_called_unused_while_a_file_cannot_be_read(tree: Tree) -> None:
    tree.write("national/figures.yml", FIGURES)
    assert any("no text uses {pay_days}" in found for found in tree.findings())
    tree.change(WASTE, "  answer:", "\tanswer:")
    found = tree.findings()
    assert any("a tab stands at the start of the line" in one for one in found)
    assert not any("no text uses" in one for one in found)


def test_a_figure_is_not_kept_twice(tree: Tree) -> None:
    tree.write("national/figures.yml", FIGURES.replace("pay_days", "cap"))
    message = "cap stands in knowledge/national/figures.yml too; keep it there alone"
    assert f"knowledge/{WASTE}:21: {message}" in tree.findings()


def test_a_figure_that_two_entries_have_is_a_warning(tree: Tree) -> None:
    fine = tree.read(WASTE).split("    fine:\n")[1].split("  sources:")[0]
    cited = "  facts:\n    fine:\n" + fine + "  sources:\n    code:"
    tree.change(WASTE, "en: At a bank., ru: В банке.}\n  sources:\n    law:",
                "en: 'At a bank, {fine}.'}\n" + cited)  # fmt: skip
    tree.change(WASTE, "ka: ბანკში.", "ka: 'ბანკში, {fine}.'")
    findings, warnings = check_knowledge(tree.root, day=date(2025, 1, 1))
    assert findings == []
    assert [str(w).partition(": ")[2] for w in warnings] == [
        "fine is the same figure as in waste.fee; keep it once, in national/figures.yml"
    ]


def test_warnings_tell_what_is_outdated(tree: Tree) -> None:
    findings, warnings = check_knowledge(tree.root, day=date(2026, 7, 11))
    assert findings == []
    assert [str(warning).partition(";")[0] for warning in warnings] == [
        "knowledge/national/waste.yml:32: fine holds on no day around 2026-07-11: the last figure "
        "is 10000 from 2020-01-01 to 2025-12-31",
        "knowledge/national/waste.yml:48: the review was due on 2026-07-10",
        "knowledge/national/waste.yml:60: the review was due on 2026-07-10",
        "knowledge/bolnisi/municipality.yml:13: the review was due on 2026-07-10",
        "knowledge/rustavi/municipality.yml:13: the review was due on 2026-07-10",
    ]
    assert check_knowledge(tree.root, day=date(2025, 12, 31)) == ([], [])
