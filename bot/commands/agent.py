"""Loading an engine for a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import MissingError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.engine.processor import CityAgent


def load_agent(settings: Settings, model: Path | None, in_memory: bool) -> CityAgent:
    """Load ``model``, or the one of the files as they are, or the newest, without TensorFlow.

    Args:
        settings: of the deployment.
        model: a model's file, None for the one that `cbot train` would not train again.
        in_memory: keep conversations in memory instead of the database.

    Raises:
        MissingError: when there is no model or no database.
    """
    from bot.engine.slim import quiet_rasa, without_training_code
    from bot.engine.training import newest_model, up_to_date

    if model is not None and not model.is_file():
        raise MissingError(f"There is no model {model}; `ls models` shows those there are.")
    path = model or up_to_date(settings.root) or newest_model(settings.models)
    quiet_rasa()
    without_training_code()
    from bot.engine.start import build_agent

    if in_memory:
        return build_agent(path, None, settings.engine_stock)
    from bot.store.database import open_database

    return build_agent(path, open_database(settings.database_url), settings.engine_stock)
