"""Words that say which side of a service is asked about, or which language is wanted.

The cues are the lookup tables of ``data/nlu/lookups``, so that staff extend them like any
training data. A table's name gives entity and value: ``attribute_price``, ``language_en``.
Cues are compared on the skeleton of the words, which makes one cue serve Mkhedruli and Latin
letters.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu.component import StoredComponent
from bot.nlu.normaliser import NORMALISED

_FILE = "cues.json"
#: The longest cue, in words.
_LONGEST_CUE = 5


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
        """Take the cues from the lookup tables."""
        for table in training_data.lookup_tables:
            elements = table["elements"]
            for cue in elements if isinstance(elements, list) else [elements]:
                folded = skeleton(normalise(cue))
                if folded:
                    self.cues.setdefault(folded, table["name"])
        with self.model_storage.write_to(self.resource) as directory:
            content = json.dumps(self.cues, ensure_ascii=False)
            (directory / _FILE).write_text(content, encoding="utf-8")
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to each message in which cues are found."""
        for message in messages:
            found = self.find(skeleton(message.get(NORMALISED) or ""))
            if found:
                entities = [
                    {"entity": entity, "value": value, "extractor": type(self).__name__}
                    for entity, value in found.items()
                ]
                earlier = message.get(ENTITIES) or []
                message.set(ENTITIES, [*earlier, *entities], add_to_output=True)
        return messages

    def find(self, words: str) -> Dict[str, str]:
        """Give entity -> value of the longest cue of each entity in a skeleton.

        Of equally long cues the first in the text counts.
        """
        best: Dict[str, Tuple[int, str]] = {}
        parts = words.split()
        for start in range(len(parts)):
            for end in range(start + 1, min(start + _LONGEST_CUE, len(parts)) + 1):
                phrase = " ".join(parts[start:end])
                entity, _, value = self.cues.get(phrase, "").partition("_")
                if value and len(phrase) > best.get(entity, (0, ""))[0]:
                    best[entity] = (len(phrase), value)
        return {entity: value for entity, (_, value) in best.items()}
