from __future__ import annotations

import pytest

from bot.core.catalogue import load_catalogue
from bot.core.errors import InputError
from tests.fakes.knowledge_tree import Tree


def test_catalogue_lists_topics_services_and_acts_in_order(tree: Tree) -> None:
    catalogue = load_catalogue(tree.root)
    assert catalogue.services == ("waste.fee", "waste.payment", "parks.trees")
    assert catalogue.acts == ("dialogue.greet", "dialogue.help", "dialogue.human")
    assert "waste.fee" in catalogue
    assert "waste.nothing" not in catalogue


def test_topic_of_a_service(tree: Tree) -> None:
    catalogue = load_catalogue(tree.root)
    topic = catalogue.topic_of("waste.fee")
    assert topic is not None
    assert (topic.id, topic.name("ka"), topic.name("ru")) == ("waste", "ნარჩენები", "Waste")
    assert catalogue.topic_of("dialogue.greet") is None
    with pytest.raises(KeyError):
        catalogue.topic_of("waste.nothing")


def test_what_keeps_its_commas(tree: Tree) -> None:
    catalogue = load_catalogue(tree.root)
    assert catalogue.what("waste.fee") == "how much the fee is, how it is counted"


def test_mistakes_are_reported_together(tree: Tree) -> None:
    tree.change("catalogue.yml", "name: {ka: ნარჩენები, en: Waste}", "names: {}")
    tree.change("catalogue.yml", "fee:     {what: how", "fee:     {was: how")
    with pytest.raises(InputError) as caught:
        load_catalogue(tree.root)
    assert {finding.line for finding in caught.value.findings} == {3, 4, 6}
