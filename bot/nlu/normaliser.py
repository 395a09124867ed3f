"""The first step of understanding: one spelling for what people type."""

from __future__ import annotations

from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise
from bot.nlu.component import PlainComponent

#: The key under which a message carries its normalised text.
NORMALISED = "normalised"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(PlainComponent):
    """Adds the normalised text to each message."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Set NORMALISED on each message."""
        for message in messages:
            message.set(NORMALISED, normalise(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set NORMALISED on each example."""
        self.process(training_data.training_examples)
        return training_data
