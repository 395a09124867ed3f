"""The stems of a message's words: "სახლებიდან" and "სახლში" are both "სახლ".

Georgian sets postposition, case and number behind the word. They are taken off by rules, the
outermost first, as long as three letters stay; words of the other languages remain as they are.
The rules know no verbs and no exceptions: a stem is a feature for the classifier, no lemma.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import PlainComponent
from bot.nlu.normaliser import NORMALISED
from bot.nlu.speller import READING

#: The key under which a message carries its stems, joined by blanks.
STEMS = "stems"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_GEORGIAN = re.compile("[ა-ჰ]+")
_SHORTEST = 3


def _longest_first(endings: str) -> Sequence[str]:
    return sorted(endings.split(), key=len, reverse=True)


#: From the end of a word inwards: "too", postpositions with the case before them, case with number.
_LAYERS = (
    _longest_first("ც ცა ვე"),
    _longest_first(
        "თვის სთვის ისთვის გან სგან ისგან დან იდან ადან ოდან მდე ამდე იმდე კენ სკენ ისკენ "
        "თან სთან ასთან ისთან ვით ივით სავით ში აში ზე აზე"
    ),
    _longest_first("ებ ები ება ებს ებმა ების ებით ებად ი ა ე ო უ ს ას ეს ოს უს მა ის ით ად"),
)


def stem(word: str) -> str:
    """Take the endings off a Georgian word of Mkhedruli letters; give others as they are."""
    if not _GEORGIAN.fullmatch(word):
        return word
    for endings in _LAYERS:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                word = word.removesuffix(ending)
                break
    return word


def stems(reading: str) -> str:
    """Give the stems of a text's words, joined by blanks."""
    return " ".join(map(stem, _WORD.findall(reading)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Stemmer(PlainComponent):
    """Adds its stems to each message, from which the IntentClassifier then learns too.

    Stands after the Speller.
    """

    def process(self, messages: List[Message]) -> List[Message]:
        """Set STEMS on each message."""
        for message in messages:
            message.set(STEMS, stems(message.get(READING) or message.get(NORMALISED) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set STEMS on each example."""
        self.process(training_data.training_examples)
        return training_data
