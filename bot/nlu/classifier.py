"""What a resident wants: one probability for each intent.

The features are character n-grams of the script-neutral skeleton (`bot.core.skeleton`), which
makes Georgian in Mkhedruli and in Latin letters teach each other. One multinomial logistic
regression over all intents: on this material it beat DIET, SVMs and ensembles.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.skeleton import skeleton
from bot.nlu.component import StoredComponent
from bot.nlu.linear import LinearClassifier
from bot.nlu.normaliser import NORMALISED

_TABLE = "intents"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(StoredComponent):
    """Sets ``intent`` and ``intent_ranking`` on each message, the best first."""

    classifier: Optional[LinearClassifier] = None

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Give the defaults, to be overridden in config.yml."""
        return {
            # Shortest and longest n-gram, in characters.
            "shortest_ngram": 2,
            "longest_ngram": 5,
            # Inverse of the regularisation: larger follows the examples more closely.
            "strength": 30.0,
            # Steps of the fit; more bring nothing measurable.
            "iterations": 30,
            # N-grams that fewer messages contain are left out.
            "min_documents": 2,
            # How many guesses the ranking keeps.
            "ranking_length": 10,
        }

    def read(self, directory: Path) -> None:
        """Load the trained table."""
        self.classifier = LinearClassifier.load(directory, _TABLE)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents from the training messages."""
        examples = training_data.intent_examples
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            raise InvalidConfigException(
                "There are fewer than two intents with examples under data/nlu; add some."
            )
        self.classifier = LinearClassifier.fit(
            [skeleton(example.get(NORMALISED) or "") for example in examples],
            labels,
            (self.config["shortest_ngram"], self.config["longest_ngram"]),
            strength=self.config["strength"],
            min_documents=self.config["min_documents"],
            iterations=self.config["iterations"],
        )
        with self.model_storage.write_to(self.resource) as directory:
            self.classifier.save(directory, _TABLE)
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking on each message."""
        for message in messages:
            ranking = self.rank(message.get(NORMALISED) or "")
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, normalised: str) -> List[Dict[str, Any]]:
        """List the likeliest intents of a normalised text with their probabilities."""
        if self.classifier is None:
            return [{"name": None, "confidence": 0.0}]
        probabilities = self.classifier.probabilities(skeleton(normalised))
        order = probabilities.argsort()[::-1][: self.config["ranking_length"]]
        return [
            {"name": self.classifier.classes[i], "confidence": float(probabilities[i])}
            for i in order
        ]
