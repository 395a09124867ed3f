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
from typing import Any, Dict, Iterator, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise
from bot.core.skeleton import ARMENIAN_MARKS, skeleton
from bot.nlu import asking
from bot.nlu.asking import Cue
from bot.nlu.component import StoredComponent
from bot.nlu.entities import PLACES
from bot.nlu.normaliser import NORMALISED

_FILE = "cues.json"
#: The longest cue, in words.
_LONGEST_CUE = 5
#: The entity of which a message may ask several.
_SEVERAL = "attribute"
#: The verb "is", written together with the word before it, on the skeleton.
_IS = skeleton("ა")
_SHORTEST_WITH_IS = 4
_CHUNK = re.compile(rf"[\w'\u200b-\u200f{ARMENIAN_MARKS}]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CueExtractor(StoredComponent):
    """Adds the cues that count in a message: a language, and up to three attributes asked about."""

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
            found = self.find(message.get(NORMALISED) or "")
            if found:
                text = message.get(TEXT) or ""
                places = _words(text)
                entities = [_entity(cue, text, places) for cue in found]
                earlier = message.get(ENTITIES) or []
                message.set(ENTITIES, [*earlier, *entities], add_to_output=True)
        return messages

    def find(self, normalised: str) -> List[Cue]:
        """Give the cues that count in a normalised text: what is asked about, in its order.

        Of an entity that is no attribute that is the longest cue, the first of equally long ones.
        """
        words = _folded(normalised).split()
        cues: Dict[str, List[Cue]] = {}
        for cue in self._cues(words):
            cues.setdefault(cue.entity, []).append(cue)
        ends = asking.parts_of(normalised) if _SEVERAL in cues else []
        found: List[Cue] = []
        for entity, of_it in cues.items():
            found += (
                asking.asked(of_it, words, ends)
                if entity == _SEVERAL
                else [max(of_it, key=lambda cue: cue.length)]
            )
        return found

    def _table(self, phrase: str) -> str:
        """Give the name of the table a phrase stands in, also with the Georgian "is": ვადაა."""
        if phrase not in self.cues and phrase.endswith(_IS) and len(phrase) > _SHORTEST_WITH_IS:
            phrase = phrase[: -len(_IS)]
        return self.cues.get(phrase, "")

    def _cues(self, words: List[str]) -> Iterator[Cue]:
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_CUE, len(words)) + 1):
                phrase = " ".join(words[start:end])
                entity, _, value = self._table(phrase).partition("_")
                if value:
                    yield Cue(entity, value, len(phrase), start, end)


def _entity(cue: Cue, text: str, words: List[Tuple[int, int]]) -> Dict[str, Any]:
    """Give the entity of a cue with its place in the text as it was typed."""
    entity: Dict[str, Any] = {
        "entity": cue.entity,
        "value": cue.value,
        "extractor": CueExtractor.__name__,
    }
    if cue.end <= len(words):
        start, end = words[cue.start][0], words[cue.end - 1][1]
        entity.update(start=start, end=end, text=text[start:end])
    return entity


def _folded(text: str) -> str:
    return skeleton(normalise(text))


def _words(text: str) -> List[Tuple[int, int]]:
    """Give the places of the words that make up the skeleton of a text."""
    return [match.span() for match in _CHUNK.finditer(text) for _ in _folded(match.group()).split()]
