"""The first step of understanding: one spelling for what people type."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise

#: The key under which a message carries its normalised text.
NORMALISED = "normalised"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Adds the normalised text to each message."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """Create the component; it has nothing to configure."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Set NORMALISED on each message."""
        for message in messages:
            message.set(NORMALISED, normalise(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set NORMALISED on each example."""
        self.process(training_data.training_examples)
        return training_data
