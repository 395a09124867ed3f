from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.core import answers
from bot.core.knowledge_folder import Loaded
from bot.core.payloads import parse
from bot.core.replies import Link, Reply, Source
from tests.fakes.knowledge_tree import Tree

DAY = date(2026, 1, 15)
OWN_PENALTY = """\
waste.fee:
  attributes:
    penalty: {ka: აქ არ არის., en: None here.}
  sources:
    rule: {title: {ka: წესი, en: Rule}, url: "https://example.ge/rule", date: 2024}
"""


@pytest.fixture
def loaded(tree: Tree) -> Loaded:
    return tree.load()


def card(loaded: Loaded, service: str, town: str | None, language: str, **more: Any) -> Reply:
    more.setdefault("today", DAY)
    return answers.card(
        loaded.knowledge, loaded.texts, loaded.catalogue, service, town, language, **more
    )


def test_card_answers_with_the_towns_rule(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "ka")
    assert reply.text == "რუსთავში 0.4 ლარს იხდით."
    assert reply.service == "waste.fee"
    assert reply.sources == (Source("დადგენილება", "https://example.ge/decree", "2015-02-26"),)
    assert reply.links == (Link("გვერდი", "https://example.ge/fee"),)
    assert reply.checked_on == "2026-01-10"


def test_card_says_when_only_the_general_rule_is_known(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "bolnisi", "en")
    assert reply.text == "You pay at most 3 GEL a month.\n\nThe general rule (Bolnisi)"
    assert card(loaded, "waste.fee", None, "en").text == "You pay at most 3 GEL a month."


def test_card_says_when_a_towns_entry_has_no_answer_of_its_own(tree: Tree) -> None:
    tree.write("bolnisi/waste.yml", OWN_PENALTY)
    loaded = tree.load()
    reply = card(loaded, "waste.fee", "bolnisi", "en")
    assert reply.text == "You pay at most 3 GEL a month.\n\nIt is so everywhere"
    assert card(loaded, "waste.fee", "bolnisi", "en", attribute="penalty").text == "None here."


def test_card_of_an_attribute_gives_it_alone(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "en", attribute="documents")
    assert reply.text == "No papers needed."
    assert [source.title for source in reply.sources] == ["Law", "Code"]


def test_card_of_an_unknown_attribute_says_so_and_what_is_known(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "en", attribute="deadline")
    assert reply.text == "Cleaning fee: I do not know\n\nIn Rustavi you pay 0.4 GEL."
    # Who asks for more was told the rest just now.
    reply = card(loaded, "waste.fee", "rustavi", "en", attribute="place", follow_up=True)
    assert (reply.text, reply.sources) == ("Cleaning fee: I do not know", ())
    assert reply.buttons


def test_card_of_several_attributes_gives_each_under_its_question(loaded: Loaded) -> None:
    sides = {"attribute": "documents", "also": ("price",)}
    reply = card(loaded, "waste.fee", "rustavi", "en", **sides)
    assert reply.text == "Papers\nNo papers needed.\n\nPrice\nThe cap is 3 GEL."
    # Both rest on the law: it is named once.
    assert [source.title for source in reply.sources] == ["Law", "Code"]
    assert [button.payload for button in reply.buttons][:1] == ["attribute:waste.fee:penalty"]


def test_card_of_several_attributes_says_after_them_what_is_not_known(loaded: Loaded) -> None:
    sides = {"attribute": "deadline", "also": ("price",)}
    reply = card(loaded, "waste.fee", "rustavi", "en", **sides)
    price, missing = reply.text.split("\n\n")
    assert price == "Price\nThe cap is 3 GEL."
    assert missing == "Deadline\nCleaning fee: I do not know"


def test_card_of_several_attributes_that_are_not_known_is_that_of_one(loaded: Loaded) -> None:
    sides = {"attribute": "place", "also": ("deadline",)}
    one = card(loaded, "waste.fee", "rustavi", "en", attribute="deadline")
    assert card(loaded, "waste.fee", "rustavi", "en", **sides).text == one.text
    told_before = card(loaded, "waste.fee", "rustavi", "en", follow_up=True, **sides)
    assert told_before.text == "Cleaning fee: I do not know"


def test_card_of_several_attributes_answers_first_what_the_answer_answers(loaded: Loaded) -> None:
    sides = {"attribute": "price", "also": ("place",)}
    reply = card(loaded, "waste.fee", "rustavi", "en", **sides)
    assert reply.text == "In Rustavi you pay 0.4 GEL.\n\nPrice\nThe cap is 3 GEL."
    assert [source.title for source in reply.sources] == ["Decree", "Law", "Code"]
    # Who was told the answer just now is not told it again.
    reply = card(loaded, "waste.fee", "rustavi", "en", follow_up=True, **sides)
    assert reply.text == ("Price\nThe cap is 3 GEL.\n\nWhere\nCleaning fee: I do not know")


def test_card_of_several_attributes_warns_once_of_an_expired_figure(loaded: Loaded) -> None:
    sides = {"attribute": "price", "also": ("penalty",)}
    reply = card(loaded, "waste.fee", "rustavi", "en", **sides)
    assert reply.text.endswith("The fine is 10 000 GEL.\n\nIt is out of date")


def test_two_questions_with_one_answer_are_answered_once(tree: Tree) -> None:
    text = "{ka: მერიაში., en: At city hall.}"
    same = f"    contact: {text}\n    place: {text}\n"
    tree.change("national/waste.yml", "  attributes:\n", f"  attributes:\n{same}")
    sides = {"attribute": "place", "also": ("contact",)}
    reply = card(tree.load(), "waste.fee", None, "en", **sides)
    assert reply.text == "Where Whom\nAt city hall."


def test_card_of_a_question_that_names_its_service_does_not_miss_a_place(loaded: Loaded) -> None:
    whole = card(loaded, "waste.fee", "rustavi", "en")
    assert card(loaded, "waste.fee", "rustavi", "en", attribute="place").text == whole.text
    assert card(loaded, "waste.fee", "rustavi", "en", attribute="deadline").text != whole.text


def test_card_warns_of_an_expired_figure(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "en", attribute="penalty")
    assert reply.text == "The fine is 10 000 GEL.\n\nIt is out of date"
    assert reply.sources[0].title == "Code"
    before = card(loaded, "waste.fee", "rustavi", "en", attribute="penalty", today=date(2025, 1, 1))
    assert before.text == "The fine is 10 000 GEL."


def test_card_past_its_review_names_the_day_it_was_checked(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "en", today=date(2026, 7, 11))
    assert reply.text == "In Rustavi you pay 0.4 GEL.\n\nChecked 2026-01-10"


def test_card_without_an_entry_says_so(loaded: Loaded) -> None:
    reply = card(loaded, "parks.trees", "rustavi", "ka")
    assert (reply.text, reply.service, reply.sources) == ("ჯერ არ ვიცი", "parks.trees", ())
    with pytest.raises(KeyError):
        card(loaded, "parks.flowers", "rustavi", "ka")


def test_card_in_a_language_the_entry_lacks_falls_back(loaded: Loaded) -> None:
    assert card(loaded, "waste.fee", "rustavi", "hy").text == "In Rustavi you pay 0.4 GEL."
    assert card(loaded, "waste.payment", None, "ru").text == "В банке."


def test_card_says_when_an_attribute_is_there_in_english_alone(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "hy", attribute="documents")
    assert reply.text == "In English\n\nNo papers needed."
    english = card(loaded, "waste.fee", "rustavi", "en", attribute="documents")
    assert english.text == "No papers needed."


@pytest.mark.parametrize("follow_up", [True, False])
def test_the_answer_in_ones_language_goes_before_steps_in_english(
    tree: Tree, follow_up: bool
) -> None:
    tree.write(
        "rustavi/waste.yml",
        """\
waste.fee:
  answer: {ka: პასუხი., en: Answer., ru: Ответ.}
  attributes:
    steps: {ka: ნაბიჯი., en: A step.}
  sources:
    rule: {title: {ka: წესი, en: Rule}, url: "https://example.ge/rule", date: 2024}
""",
    )
    reply = card(tree.load(), "waste.fee", "rustavi", "ru", attribute="steps", follow_up=follow_up)
    assert ("A step." if follow_up else "Ответ.") in reply.text
    assert ("Ответ." in reply.text) is not follow_up


def test_the_sources_of_what_was_told_are_told(loaded: Loaded) -> None:
    entry = loaded.knowledge.entry("waste.fee", "rustavi")
    assert entry is not None
    given = (loaded.knowledge, loaded.texts, entry, "rustavi", "en")
    whole = answers.told_from(*given, [])
    assert whole.text == "From:\n• Decree, 2015-02-26"
    papers = answers.told_from(*given, ["documents"])
    assert [source.title for source in papers.sources] == ["Law", "Code"]
    assert papers.service == "waste.fee"
    assert papers.buttons


def test_card_buttons_lead_on_and_keep_a_place_for_a_neighbour(loaded: Loaded) -> None:
    reply = card(loaded, "waste.fee", "rustavi", "en")
    assert [(button.title, button.payload) for button in reply.buttons] == [
        ("Price", "attribute:waste.fee:price"),
        ("Papers", "attribute:waste.fee:documents"),
        ("Payment", "service:waste.payment"),
    ]


def test_card_buttons_walk_through_all_attributes(loaded: Loaded) -> None:
    seen, attribute = [], "price"
    for _ in range(4):
        seen.append(attribute)
        reply = card(loaded, "waste.fee", "rustavi", "en", attribute=attribute)
        payloads = [parse(button.payload) for button in reply.buttons]
        assert len(payloads) == 3
        first = payloads[0]
        assert first is not None
        assert first.arguments[1] != attribute
        attribute = first.arguments[1]
    assert seen == ["price", "documents", "penalty", "law"]


def test_card_without_neighbours_uses_all_places(tree: Tree) -> None:
    tree.change("national/waste.yml", "[waste.payment, parks.trees]", "[parks.trees]")
    reply = card(tree.load(), "waste.fee", "rustavi", "en")
    assert [button.title for button in reply.buttons] == ["Price", "Papers", "Fine"]


def test_main_menu_lists_topics_with_knowledge_and_a_person(loaded: Loaded) -> None:
    reply = answers.main_menu(
        loaded.knowledge, loaded.texts, loaded.catalogue, "rustavi", "ka", "human"
    )
    assert reply.text == "დარეკეთ. ცხელი ხაზია 1300."
    assert [(button.title, button.payload) for button in reply.buttons] == [
        ("ნაგავი", "topic:waste"),
        ("ადამიანი", "act:human"),
    ]


def test_topic_menu_lists_the_services_known(loaded: Loaded) -> None:
    shared = (loaded.knowledge, loaded.texts, loaded.catalogue)
    reply = answers.topic_menu(*shared, "waste", "rustavi", "en")
    # A topic without a short name of its own has the one of the next language that gives one.
    assert reply.text == "ნაგავი: choose"
    assert [button.payload for button in reply.buttons] == [
        "service:waste.fee",
        "service:waste.payment",
    ]
    assert answers.topic_menu(*shared, "parks", "rustavi", "en").text == "I do not know yet"
    with pytest.raises(KeyError):
        answers.topic_menu(*shared, "atlantis", "rustavi", "en")


def test_offer_has_known_services_once_and_a_way_out(loaded: Loaded) -> None:
    services = ["waste.payment", "parks.trees", "waste.fee", "waste.payment"]
    reply = answers.offer(loaded.knowledge, loaded.texts, services, "rustavi", "ru")
    assert reply.text == "Which one?"
    assert [(button.title, button.payload) for button in reply.buttons] == [
        ("Оплата", "service:waste.payment"),
        ("Cleaning fee", "service:waste.fee"),
        ("None", "none_of_these"),
    ]


def test_offer_without_a_known_service_is_not_understood(loaded: Loaded) -> None:
    reply = answers.offer(loaded.knowledge, loaded.texts, ["parks.trees"], "rustavi", "en")
    assert reply.text == "I did not get that"
