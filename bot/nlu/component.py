"""What our graph components have in common: how they are made, kept and loaded again."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from bot.core import normalise, skeleton

Component = TypeVar("Component", bound="PlainComponent")
Stored = TypeVar("Stored", bound="StoredComponent")


class PlainComponent(GraphComponent):
    """A component that learns nothing.

    Attributes:
        config: the block of ``config.yml``, merged over the component's defaults.
    """

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Take the configuration and the place of the component in the model."""
        self.config = config
        self.model_storage = model_storage
        self.resource = resource

    @classmethod
    def create(
        cls: type[Component],
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """Create the component."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Tell Rasa's training cache of all code that understanding rests on.

        Rasa itself looks at the component's own class only, and would take from its cache
        what an older `bot.nlu.linear` learnt.
        """
        return _fingerprint_of_code()


@lru_cache(maxsize=1)
def _fingerprint_of_code() -> str:
    files = sorted(Path(__file__).parent.glob("*.py"))
    files += [Path(normalise.__file__), Path(skeleton.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class StoredComponent(PlainComponent):
    """A component that learns and is kept in the model's storage."""

    @classmethod
    def load(
        cls: type[Stored],
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Stored:
        """Load the component as it was trained."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            component.read(directory)
        return component

    @abstractmethod
    def read(self, directory: Path) -> None:
        """Read what the training wrote into ``directory``."""
