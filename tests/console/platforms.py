"""Connectors with a fake Telegram and a fake Messenger, beside the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.settings import Settings
from tests.connectors.messenger_world import QUICK, messenger_settings
from tests.connectors.telegram_world import TelegramWorld, telegram_world
from tests.fakes.engine import ServerThread
from tests.fakes.graph import FakeGraph, Sent
from tests.fakes.meta import Meta


class Platforms:
    """What residents see on either platform, and how they write."""

    def __init__(self, world: TelegramWorld, graph: FakeGraph, url: str) -> None:
        self.world = world
        self.engine = world.engine
        self.telegram = world.telegram
        self.graph = graph
        self.meta = Meta(f"{url}/webhooks/messenger")

    def on_messenger(self, count: int) -> list[Sent]:
        """Wait for the first ``count`` messages on Messenger; who is speaking comes before them."""
        self.telegram.wait(lambda: len(self.graph.sent) > count)
        return self.graph.sent[1:]


@contextmanager
def platforms(given: Settings) -> Iterator[Platforms]:
    """Run connectors with both platforms over the database of ``given``."""
    graph = FakeGraph()
    with ServerThread(graph.app()) as server, telegram_world(given) as world:
        world.settings = replace(world.settings, messenger=messenger_settings(server.url))
        yield Platforms(world, graph, world.start(QUICK).url)
