"""What the connectors say themselves, and the names the web page shows: all from `knowledge/`."""

from __future__ import annotations

from pathlib import Path

from bot.core.knowledge_folder import Loaded
from bot.core.knowledge_watch import KnowledgeKeeper
from bot.core.languages import DEFAULT, LANGUAGES, NAMES
from bot.core.replies import Reply


class Words:
    """The texts, topics and names of one town; always the newest good version of the files."""

    def __init__(self, root: Path, municipality: str) -> None:
        self._keeper = KnowledgeKeeper(root)
        self.municipality = municipality

    def refresh(self) -> None:
        """Look whether the files changed, and read them again if so; may take a moment."""
        self._keeper.refresh()

    def loaded(self) -> Loaded:
        """Give all that is known, as it is now."""
        return self._keeper.current()

    def reply(self, text_id: str, language: str | None, **values: str | int) -> Reply:
        """Give one of the bot's own texts.

        Raises:
            KeyError: when no language has it.
        """
        texts = self._keeper.current().texts
        return texts.get(text_id, language or DEFAULT, self.municipality, **values)

    def page(self, language: str) -> dict[str, str]:
        """Give the strings of the web page."""
        return self._keeper.current().texts.page(language)

    def topics(self, language: str) -> list[tuple[str, str]]:
        """Give id and title of the topics that something is known about, in their order."""
        now = self._keeper.current()
        known = {id.partition(".")[0] for id in now.knowledge.entries(self.municipality)}
        return [
            (topic.id, now.texts.topic(topic.id, language) or topic.name(language))
            for topic in now.catalogue.topics.values()
            if topic.id in known
        ]

    def town(self, language: str) -> str:
        """Give the town's name."""
        town = self._keeper.current().knowledge.municipality(self.municipality)
        name = town.value("municipality", language) if town else None
        return name or self.municipality

    @staticmethod
    def languages() -> list[tuple[str, str]]:
        """Give code and own name of each language, in the order in which they are offered."""
        return [(code, NAMES[code]) for code in LANGUAGES]
