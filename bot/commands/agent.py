"""Loading an engine for a command."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import MissingError
from bot.core.model_registry import Registry
from bot.settings import Settings
from bot.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.engine.processor import CityAgent


log = logging.getLogger(__name__)


def load_agent(settings: Settings, model: Path | None, in_memory: bool) -> CityAgent:
    """Load ``model``, or the one of the files as they are, or the newest, without TensorFlow.

    Args:
        settings: of the deployment.
        model: a model's file, None for the one that `cbot train` would not train again.
        in_memory: keep conversations in memory instead of the database.

    Raises:
        MissingError: when there is no model or no database.
    """
    if model is not None and not model.is_file():
        raise MissingError(f"There is no model {model}; `cbot models list` shows those there are.")
    return _load(settings, model or _of_the_files(settings), in_memory)


def load_live_agent(settings: Settings) -> CityAgent:
    """Load the published model; when it cannot be read, the one that was live before.

    Without any published one, it is the model of the files as they are, or the newest.

    Raises:
        MissingError: when there is no model or no database.
    """
    registry = Registry(settings.models)
    pointer = registry.pointer()
    names = (pointer.model, *reversed(pointer.earlier)) if pointer is not None else ()
    for name in names:
        path = settings.models / f"{name}.tar.gz"
        try:
            return _load(settings, path, in_memory=False)
        except StoreUnavailable:
            raise
        except MissingError as error:
            log.error("the published model is passed over: %s", error)
    return _load(settings, _of_the_files(settings), in_memory=False)


def _of_the_files(settings: Settings) -> Path:
    from bot.engine.training import newest_model, up_to_date

    return up_to_date(settings.root) or newest_model(settings.models)


def _load(settings: Settings, path: Path, in_memory: bool) -> CityAgent:
    from bot.engine.slim import quiet_rasa, without_training_code

    quiet_rasa()
    if "rasa" not in sys.modules:
        without_training_code()
    from bot.engine.start import build_agent

    if in_memory:
        return build_agent(path, None, settings.engine_stock)
    from bot.store.database import open_database

    return build_agent(path, open_database(settings.database_url), settings.engine_stock)
