"""Sure, not sure, or not understood: what is done with the classifier's guess.

``answered``: the best guess is likely and stands clear of the second. ``offered``: it is worth
asking back with up to three services. ``not_understood``: say so. A wrong confident answer is
the worst outcome, an honest question back is cheap; so the thresholds lean to asking.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.component import PlainComponent

OUTCOME = "outcome"
ANSWERED = "answered"
OFFERED = "offered"
NOT_UNDERSTOOD = "not_understood"

#: The intent Rasa's rules see for the two outcomes that are no answer.
FALLBACK_INTENT = "nlu_fallback"
#: How the intents begin that are no question.
_ACTS = "dialogue."


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OutcomeGate(PlainComponent):
    """Sets ``outcome`` on each message, and the intent ``nlu_fallback`` unless answered."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Give the defaults, to be overridden in config.yml."""
        return {
            # At least this likely is answered,
            "answer_from": 0.6,
            # when it is ahead of the second guess by this much.
            "answer_margin": 0.1,
            # The likeliest three together: from here on it is worth asking back.
            "offer_from": 0.3,
        }

    def process(self, messages: List[Message]) -> List[Message]:
        """Decide for each message."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            outcome = self.decide(ranking)
            if outcome == ANSWERED and not _says_so(message, ranking[0]["name"]):
                outcome = NOT_UNDERSTOOD
            message.set(OUTCOME, outcome, add_to_output=True)
            if outcome != ANSWERED:
                best = message.get(INTENT) or {}
                fallback = {"name": FALLBACK_INTENT, "confidence": best.get("confidence", 0.0)}
                message.set(INTENT, fallback, add_to_output=True)
        return messages

    def decide(self, ranking: List[Dict[str, Any]]) -> str:
        """Give the outcome for a ranking, the best guess first."""
        confidences = [guess["confidence"] for guess in ranking[:3]]
        if not confidences:
            return NOT_UNDERSTOOD
        second = confidences[1] if len(confidences) > 1 else 0.0
        if (
            confidences[0] >= self.config["answer_from"]
            and confidences[0] - second >= self.config["answer_margin"]
        ):
            return ANSWERED
        return OFFERED if sum(confidences) >= self.config["offer_from"] else NOT_UNDERSTOOD


def _says_so(message: Message, intent: str) -> bool:
    """Tell whether a message can mean what it was taken for: a number alone asks for no service."""
    text = str(message.get(TEXT) or "")
    number = any(map(str.isdigit, text)) and not any(map(str.isalpha, text))
    return intent.startswith(_ACTS) or not number
