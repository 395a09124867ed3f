"""Building the agent of an engine process."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from rasa.core.lock_store import InMemoryLockStore
from rasa.utils.log_utils import configure_structlog

from bot.actions import keeping, knowledge_base, library
from bot.engine.action_endpoint import InProcessActions, cache_result_validator
from bot.engine.nlg import KnowledgeTexts
from bot.engine.processor import CityAgent
from bot.engine.tracker_store import MemoryStore, WriteThroughStore
from bot.store.database import Database


def build_agent(model: Path, database: Database | None, stock_parts: bool = False) -> CityAgent:
    """Give an agent with the model loaded.

    Args:
        model: the model's file.
        database: where conversations are kept; None keeps them in memory.
        stock_parts: keep Rasa's own graph runner and rule policy, to compare.

    Raises:
        MissingError: when there is no readable model.
    """
    # Without this, Rasa's debug lines print residents' messages.
    configure_structlog(logging.WARNING)
    cache_result_validator()
    keeping.use(database)
    store = MemoryStore() if database is None else WriteThroughStore(database)
    agent = CityAgent(
        generator=KnowledgeTexts(),
        tracker_store=store,
        lock_store=InMemoryLockStore(),
        action_endpoint=InProcessActions(),
    )
    agent.stock_parts = stock_parts
    agent.load_model(model)
    knowledge_base.use(database, library.municipality())
    # What is loaded now stays for good; the collector need not look at it again.
    gc.freeze()
    return agent
