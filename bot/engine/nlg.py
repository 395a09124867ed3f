"""The words of the bot: Rasa's responses filled from ``knowledge/texts/<language>.yml``.

A response ``utter_thank`` is the text ``thank`` in the language of the conversation. Named in
``endpoints.yml``, the class serves ``rasa shell`` and ``rasa run`` too.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.actions import library
from bot.core.languages import DEFAULT


class KnowledgeTexts(NaturalLanguageGenerator):
    """Generates responses from the texts that staff edit."""

    def __init__(
        self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None
    ) -> None:
        """Take what Rasa passes; the texts come from the knowledge."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Optional[Dict[str, Any]]:
        """Give the message for a response, in the language of the conversation."""
        reply = library.say(
            utter_action[len(UTTER_PREFIX) :],
            tracker.get_slot("language") or DEFAULT,
            tracker.get_slot("municipality"),
        )
        return library.message(reply)
