"""The step that adds the entities: places, sums, dates, households, telephones, codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import StoredComponent
from bot.nlu.language import LANGUAGE

if TYPE_CHECKING:
    from bot.nlu.entity_finder import EntityFinder

_FILE = "places.json"
#: The lookup tables that name places.
PLACES = ("municipality", "street")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(StoredComponent):
    """Adds the entities that `bot.nlu.entity_finder` finds to each message."""

    finder: Optional[EntityFinder] = None

    def read(self, directory: Path) -> None:
        """Load the names of places and build spaCy's pipeline."""
        # Training need not pay for spaCy.
        from bot.nlu.entity_finder import EntityFinder

        self.finder = EntityFinder(json.loads((directory / _FILE).read_text(encoding="utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Take the names of places from the lookup tables."""
        names: Dict[str, str] = {}
        for table in training_data.lookup_tables:
            if table["name"].partition("_")[0] in PLACES:
                elements = table["elements"]
                for name in elements if isinstance(elements, list) else [elements]:
                    names.setdefault(name, table["name"])
        with self.model_storage.write_to(self.resource) as directory:
            content = json.dumps(names, ensure_ascii=False)
            (directory / _FILE).write_text(content, encoding="utf-8")
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to each message in which there are some."""
        for message in messages:
            found = self.find(message.get(TEXT) or "", (message.get(LANGUAGE) or {}).get("code"))
            if found:
                earlier = message.get(ENTITIES) or []
                message.set(ENTITIES, [*earlier, *found], add_to_output=True)
        return messages

    def find(self, text: str, language: Optional[str]) -> List[Dict[str, Any]]:
        """Give the entities of a text in a language."""
        if self.finder is None:
            return []
        name = type(self).__name__
        return [{**found, "extractor": name} for found in self.finder.find(text, language)]
