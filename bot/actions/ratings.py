"""Rating the initiatives of an open round in the chat: one at a time, in an order of one's own.

Buttons: ``rate:give:<initiative>:<value>``, ``rate:next:<initiative>``, ``rate:show:<initiative>``,
``rate:erase:<initiative>``, ``rate:mine``, ``rate:results``; ``rate:start`` begins.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import keeping, library
from bot.actions.answer_service import answer, attributes_asked
from bot.actions.form_world import entity
from bot.actions.rating_words import RoundWords
from bot.actions.submission_words import refusal
from bot.core import ratings as core
from bot.core.ratings import Voter
from bot.core.replies import Reply
from bot.core.submissions.guards import Refused
from bot.store import ratings as stored
from bot.store.ratings import Round
from bot.store.salts import Salts

_SERVICE = "participation.rate_initiatives"


class RateInitiatives(Action):
    """Shows the next initiative, takes a rating, changes it or erases it."""

    def name(self) -> str:
        """Give the name used in rules."""
        return "action_rate_initiatives"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        """Send what follows."""
        verb = entity(tracker, "verb") or "start"
        asked = attributes_asked(tracker)
        found, ended = await _rounds(tracker)
        if found is None and verb == "start" and (ended is None or asked):
            # Nothing to rate: what is known of the service says how it is done and when.
            return answer(dispatcher, tracker, _SERVICE, asked)
        try:
            replies = await _follows(tracker, verb, found, ended)
        except Refused as refused:
            replies = [refusal(refused.code, tracker)]
        for reply in replies:
            library.utter(dispatcher, reply)
        return []


async def _rounds(tracker: Tracker) -> Tuple[Optional[Round], Optional[Round]]:
    """Give the round that is open now, and the one that ended last."""
    now = time.time()
    all_rounds = await keeping.database().read(stored.rounds, library.town_of(tracker))
    found = next((item for item in all_rounds if item.is_open(now)), None)
    ended = [item for item in all_rounds if item.closes_at <= now]
    return found, max(ended, key=lambda item: item.closes_at, default=None)


async def _follows(
    tracker: Tracker, verb: str, found: Optional[Round], ended: Optional[Round]
) -> List[Reply]:
    if found is None or verb == "results":
        return [await _results(tracker, ended)]
    words = RoundWords(tracker, found)
    salt = Salts(keeping.secrets_folder()).make(found.id)
    voter = core.voter(salt, tracker.sender_id)
    database, now = keeping.database(), time.time()
    initiative = int(entity(tracker, "argument") or 0) if verb != "start" else 0
    if verb == "mine":
        return [words.own(await database.read(stored.given, found.id, voter), "rate_mine")]
    if verb == "erase":
        gone = await database.run(stored.take_back, initiative, voter, now)
        title = words.title_of(await _initiative(found, initiative))
        return [words.erased(title)] if gone else [words.none()]
    if verb == "show":
        return [await _card(words, found, voter, initiative)]
    replies: List[Reply] = []
    if verb == "give":
        value = int(entity(tracker, "value") or 0)
        rated = await database.run(stored.rate, initiative, voter, value, now)
        replies.append(words.given(rated, value))
    left = await database.read(stored.remaining, found.id, voter, salt)
    if verb == "start":
        replies.append(words.intro(len(left)))
    if verb == "next":
        # The ones passed over come round again only with the next start.
        ids = [item.id for item in left]
        left = left[ids.index(initiative) + 1 :] if initiative in ids else left
    if not left:
        own = await database.read(stored.given, found.id, voter)
        return [*replies, words.own(own, "rate_all_seen")]
    return [*replies, words.card(left[0], None)]


async def _initiative(found: Round, initiative: int) -> stored.Initiative:
    items = await keeping.database().read(stored.initiatives_of, found.id)
    for item in items:
        if item.id == initiative:
            return item
    raise Refused("unknown_initiative")


async def _card(words: RoundWords, found: Round, voter: Voter, initiative: int) -> Reply:
    given = await keeping.database().read(stored.given, found.id, voter)
    value = next((item.value for item in given if item.initiative.id == initiative), None)
    return words.card(await _initiative(found, initiative), value)


async def _results(tracker: Tracker, ended: Optional[Round]) -> Reply:
    if ended is None:
        return library.say("rate_none", library.language_of(tracker), library.town_of(tracker))
    found = await keeping.database().read(stored.results, ended.id, time.time())
    return RoundWords(tracker, ended).results(found)
