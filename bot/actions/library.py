"""What the actions answer from: the knowledge and the texts of this process, always fresh.

Also how a `Reply` becomes a message of Rasa's: text and buttons as Rasa has them, the rest
under ``custom``.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import settings
from bot.core import data_links
from bot.core.catalogue import Catalogue
from bot.core.forms.outlines import Outline, load_outlines
from bot.core.knowledge_watch import KnowledgeKeeper
from bot.core.languages import DEFAULT
from bot.core.privacy import Privacy
from bot.core.programmes import Programmes
from bot.core.replies import Reply

#: The actions that answer a question about a service.
ANSWERING = ("action_answer_service", "action_follow_up")
#: What stands between two turns without being an answer.
_NO_ANSWER = ("action_listen", "action_session_start", "action_extract_slots")


@lru_cache(maxsize=1)
def _settings() -> settings.Settings:
    return settings.load()


@lru_cache(maxsize=1)
def keeper() -> KnowledgeKeeper:
    """Give the keeper of the knowledge; it is loaded at the first call.

    Raises:
        InputError: when the knowledge does not pass its check at that first loading.
    """
    return KnowledgeKeeper(_settings().knowledge)


def catalogue() -> Catalogue:
    """Give the service catalogue."""
    return keeper().current().catalogue


def municipality() -> str:
    """Give the town this deployment serves."""
    return _settings().municipality


def say(text_id: str, language: str, town: Optional[str] = None, **values: str) -> Reply:
    """Give a text of the bot's in a language, with the town's contacts filled in."""
    return keeper().current().texts.get(text_id, language, town or municipality(), **values)


def privacy() -> Privacy:
    """Give what the town decided about personal data."""
    return _settings().privacy


def public_url() -> str:
    """Give the address under which residents reach the connectors."""
    return _settings().public_url.rstrip("/")


def data_link(conversation: str) -> Optional[str]:
    """Give the address under which a resident fetches what is held on them, for some minutes.

    None where their telephone could not open it: this server has no address of its own.
    """
    if not (public_url().startswith("https://") or conversation.startswith("web:")):
        return None
    token = data_links.make(_settings().secret_key, conversation, time.time())
    return f"{public_url()}/my-data/{token}"


def programmes(town: str) -> Programmes:
    """Give the programmes of a town."""
    return keeper().current().programmes.get(town, {})


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Outline]:
    """Give the outlines of the towns."""
    return load_outlines(_settings().knowledge)


def intent_of(tracker: Tracker) -> str:
    """Give the intent of the latest message, also of one that came from a button."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def action_before(tracker: Tracker) -> str:
    """Give the action that answered the message before the latest."""
    actions = (event for event in turn_before(tracker) if event.get("event") == "action")
    names = [str(event.get("name") or "") for event in actions]
    return next((name for name in reversed(names) if name not in _NO_ANSWER), "")


def turn_before(tracker: Tracker) -> List[Dict[str, Any]]:
    """Give what happened between the latest message and the one before it."""
    events: List[Dict[str, Any]] = list(tracker.events)
    said = [place for place, event in enumerate(events) if event.get("event") == "user"]
    return events[said[-2] + 1 if len(said) > 1 else 0 : said[-1]] if said else []


def message_before(tracker: Tracker) -> Dict[str, Any]:
    """Give the event of the message before the latest; empty when there was none."""
    said = (event for event in reversed(tracker.events) if event.get("event") == "user")
    next(said, None)
    return next(said, {})


def language_of(tracker: Tracker) -> str:
    """Give the language the conversation is answered in."""
    return tracker.get_slot("language") or DEFAULT


def town_of(tracker: Tracker) -> str:
    """Give the town the conversation is about."""
    return tracker.get_slot("municipality") or municipality()


def town_named(tracker: Tracker) -> Optional[str]:
    """Give the town the latest message names, None when it names none the bot knows."""
    towns = keeper().current().knowledge.municipalities
    named = tracker.get_latest_entity_values("municipality")
    return next((town for town in named if town in towns), None)


def town_asked(tracker: Tracker) -> str:
    """Give the town a question is about: the one it names in passing, or the conversation's."""
    return town_named(tracker) or town_of(tracker)


def message(reply: Reply) -> Dict[str, Any]:
    """Give a reply in the shape of a Rasa message."""
    content = reply.to_json()
    return {
        "text": content.pop("text"),
        "buttons": content.pop("buttons"),
        "custom": content,
    }


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply from an action."""
    content = message(reply)
    dispatcher.utter_message(
        text=content["text"], buttons=content["buttons"], json_message=content["custom"]
    )
