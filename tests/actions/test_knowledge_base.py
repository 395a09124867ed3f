from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions import knowledge_base
from bot.actions.knowledge_base import CityKnowledgeBase
from bot.store.database import Database, open_database
from bot.store.migrate import upgrade
from tests.fakes.knowledge_tree import Tree, make_tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return make_tree(tmp_path / "knowledge")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    upgrade(url)
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def base(database: Database, tree: Tree) -> CityKnowledgeBase:
    made = CityKnowledgeBase(database, "rustavi", "en")
    made.hold(tree.load())
    return made


@pytest.mark.anyio
async def test_services_are_objects_with_attributes(base: CityKnowledgeBase) -> None:
    assert base.get_object_types() == ["service", "municipality"]
    assert "attributes" in await base.get_attributes_of_object("service")
    fee = await base.get_object("service", "waste.fee")
    assert fee is not None
    assert (fee["name"], fee["town"], fee["own"]) == ("Cleaning fee", "rustavi", True)
    assert fee["attributes"]["price"] == "The cap is {cap} GEL."
    assert await base.get_object("service", "Payment") == await base.get_object(
        "service", "waste.payment"
    )
    assert await base.get_object("service", "waste.nothing") is None


@pytest.mark.anyio
async def test_objects_are_found_by_topic_and_by_words(base: CityKnowledgeBase) -> None:
    topic = [{"name": "topic", "value": "waste"}]
    found = await base.get_objects("service", topic)
    assert [each["id"] for each in found] == ["waste.fee", "waste.payment"]
    assert len(await base.get_objects("service", topic, limit=1)) == 1
    words = [{"name": "query", "value": "sad gadaxda"}]
    assert next(each["id"] for each in await base.get_objects("service", words)) == "waste.payment"
    assert await base.get_objects("service", [{"name": "topic", "value": "parks"}]) == []
    assert await base.get_objects("municipality", []) == [{"id": "rustavi", "name": "rustavi"}]
    assert await base.get_objects("dragon", []) == []


@pytest.mark.anyio
async def test_a_database_that_fails_leaves_the_search_without_results(
    base: CityKnowledgeBase, database: Database, tree: Tree, caplog: pytest.LogCaptureFixture
) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE knowledge_runs")
    assert await base.search("gadaxda", "rustavi") == []
    tree.change("national/waste.yml", "en: Payment", "en: Paying")
    base.hold(tree.load())
    assert "cannot be searched" in caplog.text
    assert "could not be put into the database" in caplog.text


def test_without_a_database_there_is_no_base(database: Database) -> None:
    knowledge_base.use(None, "rustavi")
    assert knowledge_base.base() is None
    knowledge_base.use(database, "rustavi")
    assert knowledge_base.base() is not None
    knowledge_base.use(None, "rustavi")
