"""What became of what the resident sent: by its code, or the list of one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping, library
from bot.actions.answer_service import answer, attributes_asked
from bot.actions.submission_words import button, card, line, refusal
from bot.core.payloads import Payload
from bot.core.replies import Button, Reply
from bot.core.submissions import codes
from bot.store import submissions

#: What was meant to be a code, mistyped.
_LIKE_A_CODE = re.compile(r"\b[A-Za-z][- ]?\d{2}[- ]?\d{4}\b")
#: At most so many of one's own are listed; each has a button.
_LISTED = 6


class Submissions(Action):
    """Tells where a submission stands."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_submissions"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send the status of the code in the message, or the list of one's own."""
        text = str(tracker.latest_message.get("text") or "")
        code = codes.find(text)
        if code is not None:
            library.utter(dispatcher, await status_of(tracker, code))
            return []
        if codes.is_meant(text) or _LIKE_A_CODE.search(text):
            library.utter(dispatcher, refusal("not_a_code", tracker))
            return []
        asked = attributes_asked(tracker)
        mine = await own_list(tracker)
        if asked and not mine.buttons:
            return answer(dispatcher, tracker, library.intent_of(tracker), asked)
        library.utter(dispatcher, mine)
        return []


async def status_of(tracker: Tracker, code: str) -> Reply:
    """Tell where the submission with this code stands."""
    database = keeping.database()
    found = await database.read(submissions.status, code, tracker.sender_id)
    if found is None:
        return refusal("unknown_code", tracker)
    told = card(found, tracker)
    followed = await database.read(submissions.followed, tracker.sender_id)
    if found.code not in {each.code for each in followed}:
        return told
    language = library.language_of(tracker)
    leave = button(f"submission:unfollow:{found.code}", "submission_unfollow_button", language)
    return replace(told, buttons=(*told.buttons, leave))


async def own_list(tracker: Tracker) -> Reply:
    """List what the resident sent and what they follow, with a button for each."""
    database = keeping.database()
    mine = await database.read(submissions.mine, tracker.sender_id, _LISTED)
    followed = await database.read(submissions.followed, tracker.sender_id, _LISTED)
    language, town = library.language_of(tracker), library.town_of(tracker)
    if not mine and not followed:
        ways = (
            button("start:idea", "start_idea_button", language),
            button("start:problem", "start_problem_button", language),
        )
        return Reply(library.say("submissions_none", language, town).text, ways)
    lines: List[str] = []
    for header, items in (("submissions_list", mine), ("submissions_followed", followed)):
        if items:
            lines.append(library.say(header, language, town).text)
            lines.extend(line(number, item, tracker) for number, item in enumerate(items, 1))
    shown = [*mine, *followed]
    buttons = [Button(item.code, str(Payload("submission", ("show", item.code)))) for item in shown]
    return Reply("\n".join(lines), tuple(buttons))
