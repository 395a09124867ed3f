"""The step that turns what was typed into what is read: all letters, no slips."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import StoredComponent
from bot.nlu.language import LANGUAGE, language_tag, script_of
from bot.nlu.normaliser import NORMALISED
from bot.nlu.spelling import Spelling

#: The key under which a message carries the text that is read.
READING = "reading"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Speller(StoredComponent):
    """Adds to each message its reading.

    Georgian in Latin letters or typed without Shift is read in full Mkhedruli, and in every
    language a word with one typo as the word that the training messages know. Stands after the
    Normaliser and the LanguageDetector.
    """

    spelling: Optional[Spelling] = None

    def read(self, directory: Path) -> None:
        """Load the words."""
        self.spelling = Spelling.load(directory)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the messages in each language."""
        self.spelling = Spelling.learn(
            (example.get(NORMALISED) or "", language)
            for example in training_data.training_examples
            if (language := language_tag(example)) and language != "ka-Latn"
        )
        with self.model_storage.write_to(self.resource) as directory:
            self.spelling.save(directory)
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set READING on each message."""
        for message in messages:
            code = (message.get(LANGUAGE) or {}).get("code")
            reading = self.reading(message.get(NORMALISED) or "", code)
            if self.spelling is not None and code:
                reading = self.spelling.without_slips(reading, code)
            message.set(READING, reading)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set READING on each example; its words are those that count as known."""
        for example in training_data.training_examples:
            code = (language_tag(example) or "").removesuffix("-Latn")
            example.set(READING, self.reading(example.get(NORMALISED) or "", code))
        return training_data

    def reading(self, normalised: str, language: Optional[str]) -> str:
        """Give the reading of a normalised text in a language."""
        if self.spelling is None or language != "ka":
            return normalised
        if script_of(normalised) == "Latn":
            return self.spelling.from_latin(normalised)
        return self.spelling.with_shift(normalised)
