"""What our graph components have in common: where they keep their table between runs."""

from __future__ import annotations

from typing import Any, Dict

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class StoredComponent(GraphComponent):
    """A component that learns and is kept in the model's storage."""

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Take the configuration of ``config.yml`` merged over the defaults."""
        self.config = config
        self.model_storage = model_storage
        self.resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StoredComponent:
        """Create an untrained component."""
        return cls(config, model_storage, resource)
