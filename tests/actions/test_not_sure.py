from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import knowledge_base, library
from bot.actions.not_sure import NotSure
from bot.store.database import open_database
from bot.store.migrate import upgrade
from tests.actions.conversation import tracker


@pytest.fixture(scope="module", autouse=True)
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped knowledge, in a database of this process."""
    path: Path = tmp_path_factory.mktemp("database") / "bot.sqlite"
    upgrade(f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    knowledge_base.use(database, "rustavi")
    knowledge_base.hold(library.keeper().current())
    yield
    knowledge_base.use(None, "rustavi")
    database.close()


async def offered(text: str, outcome: str = "not_understood", *guesses: str) -> list[str]:
    """Give the services on the buttons that a message which is not clear gets."""
    asked = tracker("nlu_fallback", text)
    asked.latest_message["outcome"] = outcome
    asked.latest_message["intent_ranking"] = [
        {"name": guess, "confidence": 0.3} for guess in guesses
    ]
    dispatcher = CollectingDispatcher()
    events: list[Any] = await NotSure().run(dispatcher, asked, {})
    services: list[str] = next(event["value"] for event in events if event["name"] == "offered")
    buttons = [button["payload"] for button in dispatcher.messages[0]["buttons"]]
    assert [f"service:{service}" for service in services] == [b for b in buttons if "service" in b]
    return services


@pytest.mark.anyio
async def test_what_is_not_understood_is_looked_for_in_the_knowledge() -> None:
    assert (await offered("xis mochra ezoshi"))[0] == "architecture.tree_felling"


@pytest.mark.anyio
async def test_weak_guesses_are_filled_up_with_what_the_search_finds() -> None:
    found = await offered("შშმ ბავშვის რეაბილიტაცია", "offered", "local_fees.debt")
    assert "local_fees.debt" in found
    assert "social_programmes.disability" in found
    assert len(found) <= 3


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["qwertz", "🙂", ""])
async def test_nonsense_offers_nothing(text: str) -> None:
    assert await offered(text) == []
