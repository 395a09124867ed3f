"""One turn: a resident's message in, the replies out.

Used by the engine's HTTP interface and by `cbot chat`. A message typed by a resident is only
ever text; what a button says becomes an intent here and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import payloads
from bot.core.errors import EngineUnavailable, InputError
from bot.core.languages import DEFAULT
from bot.core.normalise import normalise, storable
from bot.core.replies import Button, Reply
from bot.core.submissions import codes
from bot.engine import captions, feedback, notices, pending, short_answers
from bot.engine.collector import Collector, replies_to
from bot.engine.edits import step_back
from bot.engine.processor import CityAgent, language_counts
from bot.nlu.outcome import ANSWERED, OUTCOME

log = logging.getLogger(__name__)

#: The longest text a turn takes, in characters; connectors refuse longer ones politely.
MAX_TEXT = 20_000
#: What of a long text is kept in the conversation: its start and its end.
_KEPT_HEAD, _KEPT_TAIL = 1_500, 500
#: A text this short that holds the code of a submission asks about it.
_WITH_CODE = 60


#: What ``start:…`` begins, as if the resident had said it.
STARTS = {
    "idea": "participation.submit_idea",
    "problem": "participation.report_problem",
    "co_funding": "participation.co_funding_enquiry",
    "status": "participation.submission_status",
    "my_data": "my_data",
}
#: Buttons that belong to a form, a submission or a rating: verb -> intent.
BUTTONS = {
    "form": "form_button",
    "attachment": "attachment_button",
    "programme": "programme_button",
    "remind": "remind_button",
    "submission": "submission_button",
    "rate": "rating_button",
    "my_data": "my_data_button",
}
#: What news of a submission offer under ``form:``.
OF_A_SUBMISSION = frozenset({"reply", "confirm", "dispute"})


#: Channels on which a photo comes after its words only when its sender's connection allows.
_PHOTOS_LATER = frozenset({"web"})
#: The conversations whose turn runs or waits just now.
_in_turn: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True)
class Turn:
    """A message of a resident: exactly one of text, payload and attachment.

    ``message_id`` is the idempotency key: the same one again changes nothing and gets the same
    replies. ``locale`` is the language of the resident's page or telephone. ``edit_of`` is the
    message whose words this text replaces. ``caption`` tells that the text stands under a photo,
    which comes next.
    """

    conversation: str
    message_id: str
    text: Optional[str] = None
    payload: Optional[str] = None
    attachment: Optional[Mapping[str, Any]] = None
    channel: str = "web"
    municipality: Optional[str] = None
    locale: Optional[str] = None
    edit_of: Optional[str] = None
    caption: bool = False

    @classmethod
    def from_json(cls, data: Any) -> Turn:
        """Read a turn from JSON values.

        Raises:
            InputError: when something is missing, too long or of the wrong type.
        """
        if not isinstance(data, dict):
            raise InputError("a turn is a JSON object")
        for name in ("conversation", "message_id"):
            value = data.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= 200 or not _plain(value):
                raise InputError(f"{name} must be a text of 1 to 200 plain characters")
        given = [name for name in ("text", "payload", "attachment") if data.get(name) is not None]
        if len(given) != 1:
            raise InputError("give exactly one of text, payload and attachment")
        kind = dict if given[0] == "attachment" else str
        if not isinstance(data[given[0]], kind):
            raise InputError(f"{given[0]} must be a {'JSON object' if kind is dict else 'text'}")
        for name in ("channel", "municipality", "locale", "edit_of"):
            value = data.get(name)
            if value is not None and not (isinstance(value, str) and _plain(value)):
                raise InputError(f"{name} must be a text of plain characters")
        if not isinstance(data.get("caption") or False, bool):
            raise InputError("caption must be true or false")
        if len(data.get("text") or "") > MAX_TEXT:
            raise InputError(f"text is longer than {MAX_TEXT} characters")
        known = {name: data[name] for name in cls.__dataclass_fields__ if data.get(name)}
        return cls(**{given[0]: data[given[0]], **known})


@dataclass(frozen=True)
class TurnResult:
    """The replies to a turn, their language and the town they are for.

    There are none to an edit that came too late, nor to words under a photo when the answer to
    the photo says it all.
    """

    conversation: str
    replies: tuple[Reply, ...]
    language: str
    municipality: str

    def to_json(self) -> Dict[str, Any]:
        """Give what residents get of it as plain JSON values."""
        return {
            "conversation": self.conversation,
            "replies": [reply.to_json() for reply in self.replies],
            "language": self.language,
        }


async def take(agent: CityAgent, turn: Turn) -> TurnResult:
    """Handle a turn.

    Raises:
        EngineUnavailable: when no model is loaded or the database is away; nothing is marked
            as done and the message can be sent again.
    """
    if not agent.is_ready():
        raise EngineUnavailable("no model is loaded yet; the message waits")
    # One at a time, in the order they came: a message that is sent again while its first turn
    # still runs must find that turn's replies. (Rasa's own lock looks only once a second.)
    async with _in_turn.setdefault(turn.conversation, asyncio.Lock()):
        return await _take(agent, turn)


async def _take(agent: CityAgent, turn: Turn) -> TurnResult:
    tracker = await agent.tracker_store.retrieve(turn.conversation)
    home = turn.municipality or library.municipality()
    if (pressed := feedback.pressed(turn.payload)) is not None:
        language = (tracker and tracker.get_slot("language")) or turn.locale or DEFAULT
        said = feedback.answer(pressed, language, turn.municipality)
        return TurnResult(turn.conversation, tuple(said), language, _town(tracker, home))
    replies = replies_to(tracker, turn.message_id) if tracker is not None else None
    edited = turn.edit_of if replies is None else None
    if edited is not None and not await step_back(agent, tracker, edited):
        return TurnResult(turn.conversation, (), DEFAULT, _town(tracker, home))
    if replies is None:
        replies = await _handle(agent, turn, tracker)
        tracker = await agent.tracker_store.retrieve(turn.conversation)
        if turn.text is not None:
            await feedback.remember(agent, tracker, turn.message_id, replies)
    language = (tracker and tracker.get_slot("language")) or DEFAULT
    if not replies and turn.caption:
        # The photo that follows is answered.
        return TurnResult(turn.conversation, (), language, _town(tracker, home))
    if not replies:
        log.error("a turn of %s brought no reply", turn.conversation[:12])
        replies = [library.say("apology", language, turn.municipality)]
    replies = feedback.ask(replies, tracker, turn.message_id, language)
    finished = _offer_unfinished(_offer_own_language(replies, tracker, language), tracker, language)
    if tracker is not None and tracker.get_slot("erased"):
        # The resident had everything erased: this turn's own events go too.
        await agent.tracker_store.forget(turn.conversation)
    return TurnResult(turn.conversation, tuple(finished), language, _town(tracker, home))


def _town(tracker: Optional[DialogueStateTracker], home: str) -> str:
    """Give the town a conversation is about, else the one that was written to."""
    return (tracker and tracker.get_slot("municipality")) or home


def _plain(text: str) -> bool:
    """Tell whether a text can be stored and sent as it is."""
    return storable(text) == text


async def _handle(
    agent: CityAgent, turn: Turn, tracker: Optional[DialogueStateTracker]
) -> List[Reply]:
    collector = Collector(turn.channel)
    metadata: Dict[str, Any] = {
        "locale": turn.locale,
        "municipality": turn.municipality or library.municipality(),
    }
    database = agent.tracker_store.database
    try:
        if tracker is not None and database is not None:
            # First: a "yes" may be for what the city asked meanwhile.
            metadata[notices.READ_UNTIL] = await notices.take_in(tracker, database, agent.domain)
        text, parse_data = await _understood(agent, turn, tracker)
        message = UserMessage(
            text=text,
            output_channel=collector,
            sender_id=turn.conversation,
            input_channel=turn.channel,
            message_id=turn.message_id,
            metadata=metadata,
            parse_data=parse_data,
        )
        await agent.handle_message(message)
    except BaseException:
        # A half-done turn must not stay in memory: the next try begins from what is stored.
        agent.tracker_store.evict(turn.conversation)
        raise
    return collector.replies


async def _understood(
    agent: CityAgent, turn: Turn, tracker: Optional[DialogueStateTracker]
) -> tuple[str, Optional[Dict[str, Any]]]:
    """Give the text to keep, and what it means where the conversation tells it."""
    text, parse_data = _understood_already(turn, tracker)
    if turn.caption:
        silent = turn.channel not in _PHOTOS_LATER
        return text, await captions.understood(agent, tracker, text, silent=silent)
    if turn.attachment is not None:
        answer = await pending.answered_by(tracker, turn.conversation, turn.attachment)
        return text, answer or parse_data
    if parse_data is None:
        parse_data = await pending.answer_to_question(agent, tracker, text)
    return text, parse_data


def _understood_already(
    turn: Turn, tracker: Optional[DialogueStateTracker]
) -> tuple[str, Optional[Dict[str, Any]]]:
    """Give the text to keep, and the intent where no understanding is needed."""
    payload = turn.payload
    if turn.text is not None and not turn.caption:
        payload = short_answers.payload_of(turn.text, tracker)
    if payload is not None:
        return storable(payload)[: payloads.MAX_LENGTH], _intent_of(payload)
    if turn.attachment is not None:
        return "", {**_parsed("attachment"), "attachment": dict(turn.attachment)}
    text = storable(turn.text or "")
    if len(text) > _KEPT_HEAD + _KEPT_TAIL:
        text = f"{text[:_KEPT_HEAD]} … {text[-_KEPT_TAIL:]}"
    if not any(character.isalnum() for character in normalise(text)):
        in_a_form = tracker is not None and bool(tracker.active_loop)
        act = short_answers.act_of_emoji(text, in_a_form)
        said = {"text": text, OUTCOME: ANSWERED} if act else {}
        return text, {**_parsed(act or "nothing_readable"), **said}
    meant = codes.is_meant(text) and not (tracker and tracker.active_loop)
    if len(text) <= _WITH_CODE and (meant or codes.find(text) is not None):
        # "I-26-0417-K" says all by itself what is asked.
        return text, {**_parsed(STARTS["status"]), "text": text}
    return text, None


def _intent_of(payload: str) -> Dict[str, Any]:
    """Give the intent a button stands for; ``button_expired`` for what is not ours."""
    parsed = payloads.parse(payload)
    catalogue = library.catalogue()
    if parsed is None:
        return _parsed("button_expired")
    first = parsed.arguments[0] if parsed.arguments else ""
    if parsed.verb in ("service", "attribute") and first in catalogue.services:
        names = ("attribute", "municipality") if parsed.verb == "attribute" else ("municipality",)
        return _parsed(first, **dict(zip(names, parsed.arguments[1:], strict=False)))
    if parsed.verb == "topic" and first in catalogue.topics:
        return _parsed("choose_topic", topic=first)
    if parsed.verb == "act" and f"dialogue.{first}" in catalogue.acts:
        return _parsed(f"dialogue.{first}")
    if parsed.verb == "language":
        return _parsed("dialogue.change_language", language=first)
    if parsed.verb == "calculate":
        return _parsed("calculation", calculation=first, **_answer_or_town(parsed.arguments[1:]))
    if parsed.verb == "town":
        return _parsed("dialogue.change_municipality", municipality=first)
    if parsed.verb == "none_of_these":
        return _parsed("none_of_these")
    if parsed.verb == "start" and first in STARTS:
        return _parsed(STARTS[first])
    if parsed.verb in BUTTONS:
        intent = BUTTONS[parsed.verb]
        if first in OF_A_SUBMISSION:
            intent = "submission_button"
        named = dict(zip(("verb", "argument", "value"), parsed.arguments, strict=False))
        return _parsed(intent, **named)
    return _parsed("button_expired")


def _answer_or_town(arguments: Sequence[str]) -> Dict[str, str]:
    """Tell whether a calculator's button answers a question or names another town."""
    towns = library.keeper().current().knowledge.municipalities
    return {"municipality" if arg in towns else "calculation_answer": arg for arg in arguments}


def _parsed(intent: str, **entities: str) -> Dict[str, Any]:
    return {
        "text": "",
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


def _offer_own_language(
    replies: List[Reply], tracker: Optional[DialogueStateTracker], language: str
) -> List[Reply]:
    """Add a button to go on in the language the resident writes, when another was chosen."""
    latest = tracker.latest_message if tracker is not None else None
    found = (latest.parse_data or {}).get("language") or {} if latest is not None else {}
    code = str(found.get("code"))
    if not found.get("sure") or code == language or tracker is None:
        return replies
    if not language_counts(tracker, latest.text if latest is not None else ""):
        return replies
    title = library.say("language_offer", code).text
    button = Button(title, str(payloads.Payload("language", (code,))))
    last = replies[-1]
    return [*replies[:-1], replace(last, buttons=(*last.buttons, button))]


def _offer_unfinished(
    replies: List[Reply], tracker: Optional[DialogueStateTracker], language: str
) -> List[Reply]:
    """Add a button to go on with a form that was begun and not sent."""
    if tracker is None or tracker.active_loop or not tracker.get_slot("draft"):
        return replies
    payload = str(payloads.Payload("form", ("resume",)))
    last = replies[-1]
    if any(button.payload == payload for button in last.buttons):
        return replies
    button = Button(library.say("form_resume_button", language).text, payload)
    return [*replies[:-1], replace(last, buttons=(*last.buttons, button))]
