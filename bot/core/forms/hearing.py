"""What a message means in the middle of a form: an answer, a way to steer it, or something else.

A resident in a form still asks, hesitates, sends a photo early and changes their mind. Free answers
(a description, a place, a name) take any words, so only a clear question or a short command breaks
into them; where one of a few answers is expected, anything understood for sure does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.forms import words
from bot.core.forms.opening import says_only_that
from bot.core.forms.questions import PREVIEW, Question
from bot.core.forms.whereabouts import Named
from bot.core.submissions.model import Kind

#: The intents that open a form, by its kind.
OPENERS = {
    "participation.submit_idea": Kind.IDEA,
    "participation.report_problem": Kind.PROBLEM,
    "participation.co_funding_enquiry": Kind.CO_FUNDING,
}
#: Types of questions that any words may answer.
FREE = frozenset({"body", "text", "title", "name", "place"})
#: Those of them whose answers tell of the matter itself.
_TELLING = frozenset({"body", "text"})
#: The most words of a command given in the middle of a free answer, and how sure it must be.
_COMMAND_WORDS = 8
_SURE_ENOUGH = 0.6
#: "Behind the school" says where it is, in Georgian with the word for "back".
_SURE_AT_A_PLACE = 0.9

#: Acts that steer the form; every other act and every service is something else to be answered.
_STEERING = {"dialogue.cancel": "cancel", "dialogue.affirm": "yes", "dialogue.deny": "no"}
#: What is no interruption worth an answer of its own: the question is simply asked again.
_PLEASANTRIES = frozenset(
    {"dialogue.greet", "dialogue.thank", "dialogue.praise", "dialogue.how_are_you"}
)

#: Acts that break into a free answer.
_COMMANDING = frozenset(
    f"dialogue.{act}"
    for act in (
        *("help", "human", "change_language", "privacy", "delete_my_data", "who_are_you"),
        "change_municipality",
    )
)
#: Asked in a word or two: "status".
_STATUS, _STATUS_WORDS = "participation.submission_status", 3
#: What is said of nothing the bot knows is an answer, if a poor one.
_NOTHING_ELSE = frozenset({"dialogue.out_of_scope", "follow_up"})


@dataclass(frozen=True)
class Heard:
    """One message: a text with what was understood of it, a button, or an attachment.

    ``sure`` tells that the intent counts; ``verb`` and ``argument`` are those of a form's own
    button. ``named`` are the places that the text names. ``caption`` tells that the text stands
    under a photo, which is the next message; ``silent`` that the answer is left to that.
    """

    text: str = ""
    intent: str = ""
    sure: bool = False
    confidence: float = 1.0
    pressed: bool = False
    verb: str = ""
    argument: str = ""
    attachment: Mapping[str, Any] = field(default_factory=dict)
    named: Sequence[Named] = ()
    caption: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Move:
    """What the resident does; ``value`` goes with it."""

    what: str
    value: Any = None


ANSWER, PICK, SKIP, BACK, CANCEL, YES, NO = "answer", "pick", "skip", "back", "cancel", "yes", "no"
CHANGE, MORE, FOLLOW, RESUME, SEND = "change", "more", "follow", "resume", "send"
PHOTO, PIN, CONTACT, UNREADABLE = "photo", "pin", "contact", "unreadable"
INTERRUPT, SWITCH, PLEASANTRY = "interrupt", "switch", "pleasantry"

#: A form's buttons that are no answer to one of its questions.
COMMANDS = (SKIP, BACK, CANCEL, YES, NO, CHANGE, MORE, FOLLOW, RESUME, SEND)


def hear(heard: Heard, question: Question | None, step: str) -> Move:
    """Say what a message means while ``step`` waits, which is ``question`` unless it is none."""
    if heard.verb:
        return _button(heard)
    if heard.attachment:
        return _attachment(heard.attachment)
    if heard.pressed:
        kind = OPENERS.get(heard.intent)
        return Move(SWITCH, (kind, "")) if kind else _act(heard)
    if words.asks_how_long(heard.text):
        return Move(INTERRUPT)
    command = _command(heard.text)
    if command:
        return _in_place(command, question)
    if question is not None and question.type in FREE:
        return _free(heard, question)
    if words.is_half_a_yes(heard.text):
        # "Yes, but first …" sends nothing and agrees to nothing.
        return Move(CHANGE if step == PREVIEW else ANSWER, "" if step == PREVIEW else heard.text)
    if question is not None and question.type == "photos" and words.has_no_photo(heard.text):
        return Move(SKIP)
    if heard.sure and heard.intent in _STEERING:
        steering = _STEERING[heard.intent]
        if steering == CANCEL:
            return Move(CANCEL, "perhaps")
        plainly = steering == NO or not words.is_question(heard.text)
        if plainly and (question is None or question.type == "yes_no"):
            return _in_place(steering, question)
    if _asks_about_a_service(heard):
        return Move(INTERRUPT)
    return Move(ANSWER, heard.text)


def otherwise(heard: Heard) -> Move | None:
    """Say what a text means that answers the waiting question in no way; None when nothing."""
    if not heard.sure or heard.intent in _STEERING or heard.intent in _NOTHING_ELSE:
        return None
    kind = OPENERS.get(heard.intent)
    if kind:
        return Move(SWITCH, (kind, heard.text))
    status = heard.intent == _STATUS and len(heard.text.split()) <= _STATUS_WORDS
    asks = status or words.is_question(heard.text)
    if heard.intent.startswith("dialogue.") or asks:
        return _act(heard)
    return None


def _button(heard: Heard) -> Move:
    if heard.verb in COMMANDS:
        return Move(heard.verb, heard.argument)
    return Move(PICK, (heard.verb, heard.argument))


def _attachment(attachment: Mapping[str, Any]) -> Move:
    kind = attachment.get("type")
    if kind == "image" and attachment.get("media_id"):
        return Move(PHOTO, str(attachment["media_id"]))
    if kind == "location":
        return Move(PIN, attachment)
    if kind == "contact":
        return Move(CONTACT, str(attachment.get("phone") or ""))
    return Move(UNREADABLE, attachment)


def _command(text: str) -> str:
    plain = words.folded(text)
    for known, command in (
        (words.CANCEL, CANCEL),
        (words.BACK, BACK),
        (words.YES, YES),
        (words.NO, NO),
        (words.SKIP, SKIP),
    ):
        if plain in known:
            return command
    return ""


def _in_place(command: str, question: Question | None) -> Move:
    """A plain "no" skips what may be left out; yes and no answer a yes-or-no question."""
    if question is None or command in (CANCEL, BACK):
        return Move(command)
    if question.type == "yes_no" and command in (YES, NO):
        return Move(PICK, (question.id, command))
    if command == NO and not question.required:
        return Move(SKIP)
    return Move(command)


def _free(heard: Heard, question: Question) -> Move:
    short = len(heard.text.split()) <= _COMMAND_WORDS
    if heard.sure and short and heard.confidence >= _SURE_ENOUGH:
        place = question.type == "place"
        surely = heard.confidence >= (_SURE_AT_A_PLACE if place else _SURE_ENOUGH)
        if heard.intent == "dialogue.cancel" and surely:
            # Guessed from words that may be a description too.
            return Move(CANCEL, "perhaps")
        pleasant = heard.intent in _PLEASANTRIES and len(heard.text.split()) <= 2
        # Where a place is asked for, the name of a town is part of an answer.
        town = place and heard.intent == "dialogue.change_municipality"
        if (heard.intent in _COMMANDING and not town) or pleasant:
            return _act(heard)
        kind = OPENERS.get(heard.intent)
        if kind and question.type not in _TELLING and says_only_that(heard.text):
            # "I have a problem" is no place and no name.
            return Move(SWITCH, (kind, heard.text))
    if _asks_about_a_service(heard) and not heard.intent.startswith("participation."):
        return Move(INTERRUPT)
    return Move(ANSWER, heard.text)


def _asks_about_a_service(heard: Heard) -> bool:
    if not heard.sure or heard.intent in OPENERS or not words.is_question(heard.text):
        return False
    return not heard.intent.startswith("dialogue.")


def _act(heard: Heard) -> Move:
    return Move(PLEASANTRY if heard.intent in _PLEASANTRIES else INTERRUPT)
