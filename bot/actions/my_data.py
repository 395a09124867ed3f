"""Everything that is kept about the resident: shown, and erased when they say so twice."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping, library
from bot.actions.form_world import entity
from bot.actions.submission_words import button
from bot.core.forms import words
from bot.core.languages import pick
from bot.core.replies import Link, Reply
from bot.store import erasing, personal_data
from bot.store.salts import Salts


class MyData(Action):
    """Shows what is kept about the resident."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_my_data"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the gist as text, and a link to all of it as a file."""
        salts = Salts(keeping.secrets_folder())
        found = await keeping.database().read(
            personal_data.collect, tracker.sender_id, salts, time.time()
        )
        language, town = library.language_of(tracker), library.town_of(tracker)
        lines = [library.say("my_data_intro", language, town).text, *_sent(found, language)]
        messages = len(found.get("inbox", ())) + len(found.get("outbox", ()))
        kept = library.say("my_data_kept_elsewhere", language, town, messages=str(messages))
        erase = button("act:delete_my_data", "my_data_erase_button", language)
        title = library.say("my_data_file_link", language, town).text
        address = library.data_link(tracker.sender_id)
        links = (Link(title, address),) if address else ()
        text = "\n\n".join([*lines, kept.text])
        library.utter(dispatcher, Reply(text, (erase,), links=links))
        return []


def _sent(found: Dict[str, Any], language: str) -> List[str]:
    """Give what was sent, each with all that it holds, and one's ratings."""
    texts = library.keeper().current().texts
    paragraphs = [
        "\n".join(
            str(line)
            for line in (
                f"{item['code']}: {texts.kind(item['kind'], language)}",
                item.get("title"),
                item.get("body"),
                item.get("place"),
                item.get("name"),
                item.get("phone"),
                texts.stage(item["stage"], language),
            )
            if line
        )
        for item in found["submissions"]
    ]
    rated = [f"{pick(item['initiative'], language)}: {item['value']}" for item in found["ratings"]]
    if rated:
        paragraphs.append("\n".join(rated))
    return paragraphs or [library.say("my_data_nothing_sent", language).text]


class Privacy(Action):
    """Says what is kept and why; who asks for their own data is shown them."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_privacy"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the one or the other."""
        if words.folded(str(tracker.latest_message.get("text") or "")) in words.MY_DATA:
            return await MyData().run(dispatcher, tracker, domain)
        language, town = library.language_of(tracker), library.town_of(tracker)
        reply = library.say("privacy", language, town)
        mine = button("start:my_data", "my_data_button", language)
        library.utter(dispatcher, Reply(reply.text, (mine, *reply.buttons)))
        return []


class DeleteMyData(Action):
    """Asks once, then erases everything."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_delete_my_data"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the question, or what became of the answer to it."""
        language, town = library.language_of(tracker), library.town_of(tracker)
        said = entity(tracker, "verb")
        if said == "erase":
            proof = await _erase(tracker.sender_id)
            library.utter(dispatcher, library.say("erased", language, town, proof=proof))
            return [SlotSet(name, None) for name in _ABOUT_THEM] + [SlotSet("erased", True)]
        if said == "keep":
            library.utter(dispatcher, library.say("erase_not_now", language, town))
            return []
        buttons = (
            button("my_data:erase", "erase_yes_button", language),
            button("my_data:keep", "erase_no_button", language),
        )
        library.utter(
            dispatcher, Reply(library.say("erase_everything", language, town).text, buttons)
        )
        return []


#: Slots that hold something of the resident's.
_ABOUT_THEM = ("draft", "brought", "noticed", "answering", "sent_something", "service", "offered")


async def _erase(conversation: str) -> str:
    """Erase the resident from the database and the disk; gives the number of the proof."""
    var = keeping.secrets_folder()
    erased = await keeping.database().run(
        erasing.erase, conversation, "resident", Salts(var), time.time()
    )
    await asyncio.to_thread(erasing.remove_files, var, erased.photos)
    return erased.proof
