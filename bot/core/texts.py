"""The bot's own words: greetings, questions back, apologies; per language, with buttons.

The texts live in ``knowledge/texts/<language>.yml``; reading and checking them is
:mod:`bot.core.texts_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core import placeholders
from bot.core.knowledge import Municipality
from bot.core.languages import fallback
from bot.core.replies import Button, Reply

#: Keys of a texts file that hold maps of short strings instead of a text.
ATTRIBUTES = "attributes"
TOPICS = "topics"
PAGE = "page"
#: Words of taking part: kinds and stages, why the city refuses, why something cannot be done.
SUBMISSION_KINDS = "kinds"
STAGES = "stages"
REASONS = "reasons"
REFUSALS = "refusals"
MAPS = (ATTRIBUTES, TOPICS, PAGE, SUBMISSION_KINDS, STAGES, REASONS, REFUSALS)


@dataclass(frozen=True)
class Text:
    """One text of one language, with placeholders not yet filled."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class LanguageTexts:
    """All texts of one language; ``maps`` holds its short strings under each of MAPS."""

    texts: Mapping[str, Text] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Texts:
    """The texts of all languages, and the towns whose contacts they may name."""

    languages: Mapping[str, LanguageTexts]
    municipalities: Mapping[str, Municipality]

    def get(
        self,
        text_id: str,
        language: str,
        municipality: str | None = None,
        **values: str | int,
    ) -> Reply:
        """Give a text as a reply.

        Args:
            text_id: the key in the texts files.
            language: a language code; when it lacks the text, the next one in
                :func:`bot.core.languages.fallback` is used, with its buttons.
            municipality: the town whose name and contacts fill ``{municipality}``,
                ``{city_hall}``, ``{hotline}`` and the like.
            values: what fills the other placeholders; they win over the town's.

        Returns:
            The reply; a line with a placeholder that has no value is left out.

        Raises:
            KeyError: when no language has the text.
        """
        text, language = self._find(text_id, language)
        town = self.municipalities.get(municipality) if municipality else None

        def value_of(name: str) -> str | None:
            if name in values:
                return str(values[name])
            return town.value(name, language) if town else None

        buttons = tuple(
            Button(placeholders.fill(button.title, value_of), button.payload)
            for button in text.buttons
        )
        return Reply(placeholders.fill(text.text, value_of), buttons)

    def text(
        self,
        text_id: str,
        language: str,
        municipality: str | None = None,
        **values: str | int,
    ) -> str:
        """Give a text's words alone; see :meth:`get`."""
        return self.get(text_id, language, municipality, **values).text

    def has(self, text_id: str) -> bool:
        """Tell whether some language has the text."""
        return any(text_id in texts.texts for texts in self.languages.values())

    def everywhere(self, text_id: str) -> list[str]:
        """Give a text's words in every language that has it."""
        return [t.texts[text_id].text for t in self.languages.values() if text_id in t.texts]

    def page(self, language: str) -> dict[str, str]:
        """Give the strings of the web page: those the language lacks come from its fallbacks."""
        return self._map(PAGE, language)

    def attribute(self, name: str, language: str) -> str:
        """Give the button title of an attribute.

        Raises:
            KeyError: when no language has one.
        """
        return self._map(ATTRIBUTES, language)[name]

    def topic(self, topic: str, language: str) -> str | None:
        """Give the button title of a topic, or None when the texts have none."""
        return self._map(TOPICS, language).get(topic)

    def kind(self, kind: str, language: str) -> str:
        """Give the name of a kind of submission."""
        return self._map(SUBMISSION_KINDS, language).get(kind, kind)

    def stage(self, stage: str, language: str) -> str:
        """Give the name of a submission's stage."""
        return self._map(STAGES, language).get(stage, stage)

    def reason(self, code: str, language: str) -> str:
        """Give the words of a reason; the code itself when no language has any."""
        return self._map(REASONS, language).get(code, code)

    def refusal(self, code: str, language: str) -> str:
        """Tell why something cannot be done; the code itself when no language has words."""
        return self._map(REFUSALS, language).get(code, code)

    def _find(self, text_id: str, language: str) -> tuple[Text, str]:
        for code in fallback(language):
            texts = self.languages.get(code)
            if texts is not None and text_id in texts.texts:
                return texts.texts[text_id], code
        raise KeyError(text_id)

    def _map(self, name: str, language: str) -> dict[str, str]:
        result: dict[str, str] = {}
        for code in reversed(fallback(language)):
            texts = self.languages.get(code)
            if texts is not None:
                result.update(texts.maps.get(name, {}))
        return result
