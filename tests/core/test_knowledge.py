from __future__ import annotations

from datetime import date

import pytest

from bot.core.knowledge import format_value
from tests.fakes.knowledge_tree import Tree

DAY = date(2026, 1, 15)
FIGURES = """\
facts:
  pay_days:
  - value: 20
    valid_from: 2020-01-01
    source: order
sources:
  order:
    title: {ka: ბრძანება, en: Order}
    url: https://example.ge/order
    date: 2020-01-01
"""
PAY_BY = 'ka: "{pay_days} დღეში.", en: "Within {pay_days} days."'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (2.50, "2.5"),
        (0.4, "0.4"),
        (9999, "9999"),
        (10000, "10 000"),
        (1234567.5, "1 234 567.5"),
        (-3, "-3"),
        ("1300", "1300"),
    ],
)
def test_format_value(value: float | str, text: str) -> None:
    assert format_value(value) == text


def test_a_town_overrides_what_it_states_and_keeps_the_rest(tree: Tree) -> None:
    knowledge = tree.load().knowledge
    entry = knowledge.entry("waste.fee", "rustavi")
    assert entry is not None
    assert entry.own
    assert entry.answer["en"] == "In Rustavi you pay {rate} GEL."
    assert entry.title["en"] == "Cleaning fee"
    assert set(entry.attributes) == {"price", "documents", "penalty", "law"}
    assert set(entry.facts) == {"cap", "fine", "rate"}
    assert list(entry.sources) == ["decree", "law", "code"]
    assert entry.verified_on == date(2026, 1, 10)


def test_a_town_without_its_own_rule_has_the_national_one(tree: Tree) -> None:
    knowledge = tree.load().knowledge
    for town in ("bolnisi", "atlantis", None):
        entry = knowledge.entry("waste.fee", town)
        assert entry is not None
        assert not entry.own
        assert entry.answer["en"].startswith("You pay at most")
    assert knowledge.entry("parks.trees", "rustavi") is None


def test_a_figure_of_several_entries_stands_once(tree: Tree) -> None:
    tree.write("national/figures.yml", FIGURES)
    tree.change("national/waste.yml", "ka: ბანკში., en: At a bank., ru: В банке.", PAY_BY)
    entry = tree.load().knowledge.entry("waste.payment", "rustavi")
    assert entry is not None
    assert entry.render(entry.answer["en"], "en", DAY).text == "Within 20 days."
    period = entry.period("pay_days", DAY)
    assert period is not None
    source = entry.source(period.source)
    assert source is not None
    assert source.url == "https://example.ge/order"
    assert "pay_days" not in tree.load().knowledge.merged[None]["waste.fee"].facts
    tree.write("rustavi/figures.yml", FIGURES.replace("20\n", "15\n"))
    tree.change("rustavi/waste.yml", "en: In Rustavi", "en: In {pay_days} days in Rustavi")
    tree.change("rustavi/waste.yml", "ka: რუსთავში", "ka: რუსთავში {pay_days} დღეში")
    for town, days in (("rustavi", "15"), ("bolnisi", "20")):
        other = tree.load().knowledge.entry("waste.payment", town)
        assert other is not None
        assert other.render("{pay_days}", "en", DAY).text == days


def test_entries_come_in_the_catalogues_order(tree: Tree) -> None:
    text = (tree.root / "national/waste.yml").read_text(encoding="utf-8")
    fee, payment = text.split("waste.payment:")
    tree.write("national/waste.yml", f"waste.payment:{payment}{fee}")
    knowledge = tree.load().knowledge
    assert list(knowledge.entries("rustavi")) == ["waste.fee", "waste.payment"]


@pytest.mark.parametrize(
    ("day", "value", "expired"),
    [
        (date(2020, 1, 1), "2.5", False),
        (date(2023, 12, 31), "2.5", False),
        (date(2024, 1, 1), "3", False),
        (date(2030, 1, 1), "3", False),
        (date(2019, 12, 31), "2.5", True),
    ],
)
def test_render_takes_the_figure_of_the_day(
    tree: Tree, day: date, value: str, expired: bool
) -> None:
    entry = tree.load().knowledge.entry("waste.fee", None)
    assert entry is not None
    rendered = entry.render("{cap} ლარი", "ka", day)
    assert (rendered.text, rendered.expired, rendered.facts) == (f"{value} ლარი", expired, ("cap",))


def test_render_takes_the_last_known_figure_when_it_has_run_out(tree: Tree) -> None:
    entry = tree.load().knowledge.entry("waste.fee", "rustavi")
    assert entry is not None
    rendered = entry.render("{fine} ლარი", "ka", date(2026, 1, 1))
    assert (rendered.text, rendered.expired) == ("10 000 ლარი", True)


def test_render_in_a_gap_between_periods_takes_the_one_before(tree: Tree) -> None:
    tree.change("national/waste.yml", "valid_until: 2023-12-31", "valid_until: 2022-12-31")
    entry = tree.load().knowledge.entry("waste.fee", None)
    assert entry is not None
    rendered = entry.render("{cap}", "ka", date(2023, 6, 1))
    assert (rendered.text, rendered.expired) == ("2.5", True)


def test_render_fills_the_towns_contacts_per_language(tree: Tree) -> None:
    entry = tree.load().knowledge.entry("waste.payment", "rustavi")
    assert entry is not None
    text = "{address}, {hotline}, {municipality}, {city_hall}"
    assert entry.render(text, "en", DAY).text == "20 Kostava Ave, 1300, Rustavi, Rustavi City Hall"
    assert entry.render(text, "ru", DAY).text == "20 Kostava Ave, 1300, Rustavi, Rustavi City Hall"
    assert entry.render(text, "ka", DAY).text.startswith("კოსტავას 20, 1300")


def test_render_leaves_out_the_sentence_with_a_contact_the_town_lacks(tree: Tree) -> None:
    entry = tree.load().knowledge.entry("waste.fee", "bolnisi")
    assert entry is not None
    assert entry.render(entry.answer["en"], "en", DAY).text == "You pay at most 3 GEL a month."


def test_sources_of_a_text_are_the_towns_or_the_countrys(tree: Tree) -> None:
    knowledge = tree.load().knowledge
    own = knowledge.entry("waste.fee", "rustavi")
    national = knowledge.entry("waste.fee", "bolnisi")
    assert own is not None
    assert national is not None
    assert own.sources_of(None) == ("decree",)
    assert own.sources_of("price") == ("law", "code")
    assert national.sources_of(None) == ("law", "code")
