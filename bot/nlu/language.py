"""Which language and script a message is written in.

The script decides for Georgian, Russian and Armenian letters. Latin letters carry Georgian,
Azerbaijani, English and, typed without their own letters, Russian and Armenian: a classifier
on character n-grams, taught on the training messages, tells them apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, NamedTuple, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import StoredComponent
from bot.nlu.linear import LinearClassifier
from bot.nlu.normaliser import NORMALISED

LANGUAGE = "language"
_TABLE = "languages"
#: In Latin letters less likely than this, or shorter, is a guess: "ok", "info".
_SURE = 0.6
_SURE_LETTERS = 4


class Detected(NamedTuple):
    """The language of a message.

    ``code`` is ka, en, ru, az or hy, or None when there are no letters; ``script`` is an
    ISO 15924 code; ``sure`` is False where the letters leave it open.
    """

    code: Optional[str]
    script: Optional[str]
    sure: bool


_SCRIPT_LANGUAGE = {"Geor": "ka", "Cyrl": "ru", "Armn": "hy"}


def script_of(normalised: str) -> Optional[str]:
    """Give the ISO 15924 code of the script most letters belong to, None without letters."""
    counts = {"Geor": 0, "Latn": 0, "Cyrl": 0, "Armn": 0}
    for character in normalised:
        if "\u10d0" <= character <= "\u10ff":
            counts["Geor"] += 1
        elif "a" <= character <= "z" or "\u00df" <= character <= "\u0259":
            counts["Latn"] += 1
        elif "\u0400" <= character <= "\u04ff":
            counts["Cyrl"] += 1
        elif "\u0561" <= character <= "\u0587":
            counts["Armn"] += 1
    script, most = max(counts.items(), key=lambda item: item[1])
    return script if most else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(StoredComponent):
    """Sets ``language`` on each message: ``{"code", "script", "sure"}``.

    Learns from the ``language`` in the metadata of the training messages (``ka-Latn`` is
    Georgian in Latin letters).
    """

    classifier: Optional[LinearClassifier] = None

    def read(self, directory: Path) -> None:
        """Load the trained table; without one, Latin letters are taken for Georgian."""
        if (directory / f"{_TABLE}.json").exists():
            self.classifier = LinearClassifier.load(directory, _TABLE)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn to tell the languages that people type in Latin letters."""
        texts, labels = [], []
        for example in training_data.training_examples:
            tag = language_tag(example)
            text = example.get(NORMALISED) or ""
            if tag and script_of(text) == "Latn":
                texts.append(text)
                labels.append(tag.removesuffix("-Latn"))
        with self.model_storage.write_to(self.resource) as directory:
            if len(set(labels)) > 1:
                self.classifier = LinearClassifier.fit(texts, labels, (1, 4), strength=30.0)
                self.classifier.save(directory, _TABLE)
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set ``language`` on each message."""
        for message in messages:
            found = self.detect(message.get(NORMALISED) or "")
            message.set(LANGUAGE, found._asdict(), add_to_output=True)
        return messages

    def detect(self, normalised: str) -> Detected:
        """Tell the language of a normalised text."""
        script = script_of(normalised)
        if script is None:
            return Detected(None, None, sure=False)
        if script != "Latn":
            return Detected(_SCRIPT_LANGUAGE[script], script, sure=True)
        if self.classifier is None:
            return Detected("ka", script, sure=False)
        probabilities = self.classifier.probabilities(normalised)
        best = int(probabilities.argmax())
        long_enough = sum(map(str.isalpha, normalised)) >= _SURE_LETTERS
        sure = long_enough and bool(probabilities[best] >= _SURE)
        return Detected(self.classifier.classes[best], script, sure)


def language_tag(example: Message) -> Optional[str]:
    """Give the language tag a training message carries in its metadata, None without one."""
    metadata = example.get(METADATA) or {}
    tag = (metadata.get("intent") or {}).get("language") if isinstance(metadata, dict) else None
    return tag if isinstance(tag, str) else None
