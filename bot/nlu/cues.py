"""Words that say which side of a service is asked about, or which language is wanted.

The cues are the lookup tables of ``data/nlu/lookups``, so that staff extend them like any
training data. A table's name gives entity and value: ``attribute_price``, ``language_en``.
Cues are compared on the skeleton of the words, which makes one cue serve Mkhedruli and Latin
letters.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise
from bot.core.skeleton import ARMENIAN_MARKS, skeleton
from bot.nlu.component import StoredComponent
from bot.nlu.entities import PLACES
from bot.nlu.normaliser import NORMALISED

_FILE = "cues.json"
#: The longest cue, in words.
_LONGEST_CUE = 5
#: The verb "is", written together with the word before it, on the skeleton.
_IS = skeleton("ა")
_SHORTEST_WITH_IS = 4
_CHUNK = re.compile(rf"[\w'\u200b-\u200f{ARMENIAN_MARKS}]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CueExtractor(StoredComponent):
    """Adds, for each entity, the value of the longest cue found in the message."""

    def __init__(
        self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Start without cues."""
        super().__init__(config, model_storage, resource)
        self.cues: Dict[str, str] = {}

    def read(self, directory: Path) -> None:
        """Load the cues."""
        self.cues = json.loads((directory / _FILE).read_text(encoding="utf-8"))

    def train(self, training_data: TrainingData) -> Resource:
        """Take the cues from the lookup tables; those of places are not ours."""
        for table in training_data.lookup_tables:
            if table["name"].partition("_")[0] in PLACES:
                continue
            elements = table["elements"]
            for cue in elements if isinstance(elements, list) else [elements]:
                folded = _folded(cue)
                if folded:
                    self.cues.setdefault(folded, table["name"])
        with self.model_storage.write_to(self.resource) as directory:
            content = json.dumps(self.cues, ensure_ascii=False)
            (directory / _FILE).write_text(content, encoding="utf-8")
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to each message in which cues are found."""
        for message in messages:
            found = self._cues(_folded(message.get(NORMALISED) or "").split())
            if found:
                words = _words(message.get(TEXT) or "")
                entities = [cue.entity_in(message.get(TEXT) or "", words) for cue in found]
                earlier = message.get(ENTITIES) or []
                message.set(ENTITIES, [*earlier, *entities], add_to_output=True)
        return messages

    def find(self, words: str) -> Dict[str, str]:
        """Give entity -> value of the longest cue of each entity in a skeleton.

        Of equally long cues the first in the text counts.
        """
        return {cue.entity: cue.value for cue in self._cues(words.split())}

    def _table(self, phrase: str) -> str:
        """Give the name of the table a phrase stands in, also with the Georgian "is": ვადაა."""
        if phrase not in self.cues and phrase.endswith(_IS) and len(phrase) > _SHORTEST_WITH_IS:
            phrase = phrase[: -len(_IS)]
        return self.cues.get(phrase, "")

    def _cues(self, words: List[str]) -> List[_Cue]:
        best: Dict[str, _Cue] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_CUE, len(words)) + 1):
                phrase = " ".join(words[start:end])
                entity, _, value = self._table(phrase).partition("_")
                if value and (entity not in best or len(phrase) > best[entity].length):
                    best[entity] = _Cue(entity, value, len(phrase), start, end)
        return list(best.values())


class _Cue(NamedTuple):
    """A cue found: the words from ``start`` to before ``end``."""

    entity: str
    value: str
    length: int
    start: int
    end: int

    def entity_in(self, text: str, words: List[Tuple[int, int]]) -> Dict[str, Any]:
        """Give the entity with its place in the text as it was typed."""
        entity: Dict[str, Any] = {
            "entity": self.entity,
            "value": self.value,
            "extractor": CueExtractor.__name__,
        }
        if self.end <= len(words):
            start, end = words[self.start][0], words[self.end - 1][1]
            entity.update(start=start, end=end, text=text[start:end])
        return entity


def _folded(text: str) -> str:
    return skeleton(normalise(text))


def _words(text: str) -> List[Tuple[int, int]]:
    """Give the places of the words that make up the skeleton of a text."""
    return [match.span() for match in _CHUNK.finditer(text) for _ in _folded(match.group()).split()]
