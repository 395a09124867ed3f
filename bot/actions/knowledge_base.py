"""The knowledge in the database, as Rasa's SDK speaks of a knowledge base.

Object types are ``service`` and ``municipality``; a service can be asked for by its ``topic``
or by a resident's words (``query``).
"""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk.knowledge_base.storage import KnowledgeBase
from sqlalchemy.engine import Connection

from bot.core.errors import BotError
from bot.core.knowledge_folder import Loaded
from bot.core.languages import DEFAULT, pick
from bot.store import knowledge_index, knowledge_search
from bot.store.database import Database

log = logging.getLogger(__name__)

SERVICE, MUNICIPALITY = "service", "municipality"
_ATTRIBUTES = {
    SERVICE: ["id", "name", "topic", "town", "own", "answer", "attributes", "related"],
    MUNICIPALITY: ["id", "name"],
}


class CityKnowledgeBase(KnowledgeBase):
    """Looks services up and searches them in the database; filled from the files."""

    def __init__(self, database: Database, town: str, language: str = DEFAULT) -> None:
        """Answer for a town, with names in a language."""
        super().__init__()
        self._database = database
        self._town = town
        self._language = language
        self._held: Optional[Loaded] = None

    def hold(self, loaded: Loaded) -> None:
        """Put a state of the knowledge into the database, unless it is there already.

        What cannot be written now is tried again at the next call; until then the search
        finds what it found before.
        """
        if loaded is self._held:
            return
        contents = knowledge_index.contents(loaded.knowledge)
        try:
            new = self._database.call(knowledge_index.replace, contents, contents.digest())
        except BotError as error:
            log.warning("The knowledge could not be put into the database (%s).", error)
            return
        self._held = loaded
        if new:
            log.info("The knowledge is in the database: %d texts.", len(contents.texts))

    async def search(self, query: str, town: str, limit: int = 3) -> List[Tuple[str, float]]:
        """Find services by a resident's words, best first; none while the database is away."""
        try:
            return await self._database.read(knowledge_search.search, query, town, limit)
        except BotError as error:
            log.warning("The knowledge cannot be searched (%s).", error)
            return []

    def get_object_types(self) -> List[str]:
        """Give the types of objects there are."""
        return [SERVICE, MUNICIPALITY]

    async def get_attributes_of_object(self, object_type: str) -> List[str]:
        """Give what is known of each object of a type."""
        return list(_ATTRIBUTES.get(object_type, []))

    async def get_objects(
        self, object_type: str, attributes: List[Dict[str, str]], limit: int = 5
    ) -> List[Dict[str, Any]]:
        """Give objects that have the ``attributes`` (maps of ``name`` and ``value``)."""
        wanted = {each["name"]: each["value"] for each in attributes}
        if object_type == MUNICIPALITY:
            towns = await self._database.read(knowledge_index.towns)
            return [{"id": town, "name": town} for town in towns][:limit]
        if object_type != SERVICE:
            return []
        query = wanted.pop("query", None)
        ids = None
        if query is not None:
            ids = [id for id, _ in await self.search(query, self._town, limit)]
        found = await self._database.read(self._services, ids)
        return [
            each for each in found if all(each.get(name) == value for name, value in wanted.items())
        ][:limit]

    async def get_object(
        self, object_type: str, object_identifier: str
    ) -> Optional[Dict[str, Any]]:
        """Give the object with an id or a name; None when there is none."""
        limit = len(await self._database.read(self._services, None)) + 1
        for each in await self.get_objects(object_type, [], limit):
            if object_identifier in (each["id"], each["name"]):
                return each
        return None

    def _services(self, connection: Connection, ids: Optional[List[str]]) -> List[Dict[str, Any]]:
        """Give services as they read in the town, in the order of ``ids`` or the catalogue's."""
        rows = knowledge_index.entries(connection, self._town)
        found = {row["service"]: row for row in rows}
        return [self._service(found[id]) for id in (found if ids is None else ids) if id in found]

    def _service(self, row: Dict[str, Any]) -> Dict[str, Any]:
        content = json.loads(row["content"])
        attributes = content["attributes"].items()
        return {
            "id": row["service"],
            "name": pick(content["title"], self._language) or row["service"],
            "topic": row["topic"],
            "town": row["town"],
            "own": bool(row["own"]),
            "answer": pick(content["answer"], self._language),
            "attributes": {name: pick(texts, self._language) for name, texts in attributes},
            "related": content["related"],
        }


_bases: List[CityKnowledgeBase] = []


def use(database: Optional[Database], town: str) -> None:
    """Take the engine's database; None when it has none, and then nothing is searched."""
    _bases[:] = [CityKnowledgeBase(database, town)] if database is not None else []


def base() -> Optional[CityKnowledgeBase]:
    """Give the knowledge base of this process, or None without a database."""
    return _bases[0] if _bases else None


def hold(loaded: Loaded) -> None:
    """Put a state of the knowledge into the database, if there is one."""
    for each in _bases:
        each.hold(loaded)
