"""What a resident types or sends instead of pressing a button: "yes", 👍, ``/mydata``."""

from __future__ import annotations

import time
from typing import Iterator, List, Optional, Tuple

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import slash_commands
from bot.core.forms import words
from bot.core.submissions import codes

#: A longer message says more than yes or no.
_MOST_WORDS = 4
#: So many words may name what is wanted or taken back.
_MOST_OF_A_WISH = 6
#: After so many seconds a yes is no answer to the last reply any more.
_WAITS = 24 * 3600.0
#: How :mod:`bot.engine.notices` marks what the city sent between two turns.
_NOTICE = "notice"
#: Buttons that are no turn of the conversation, and those by which "the same" is chosen.
_OPINION, _THIS_ONE = "feedback:", "form:follow:"
#: What nobody can undo wants a plain yes, or words that say it once more.
_ERASE, _WITHDRAW = "my_data:erase", "submission:withdraw_yes:"
#: What the buttons say that open a form.
_FORMS = frozenset({"start:idea", "start:problem", "start:co_funding"})
#: What an emoji alone says, and in a form.
_EMOJI = {
    "dialogue.praise": "👍👌✅💯👏🔥😀😃😄😁😊🙂😍🥰❤♥💙💚🤝✌",
    "dialogue.thank": "🙏🌹💐🌷🌸",
    "dialogue.complain": "👎😡😠🤬😤😞😢😭💩🖕",
    "dialogue.greet": "👋",
}
#: How the buttons begin beside a submission that can be taken back: a receipt's, a card's.
_OF_ONE_SENT = ("start:status", "submission:withdraw:")
_YES = "👍👌✅"
_NO = "👎❌"


def payload_of(text: str, tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """Give the payload of the button that a text stands for; None when it stands for none.

    The words on a button that waits stand for it, in a form too.
    A yes or no stands for the button of the last reply that begins with that word; "yes, but …"
    and "yes?" do not. "I want to apply" stands for the button that opens a form, and "cancel it"
    for withdrawing what was just sent.
    """
    command = slash_commands.command_in(text.strip())
    if command is not None:
        return command[1]
    spoken = words.folded(text).split()
    if tracker is None or not 0 < len(spoken) <= _MOST_OF_A_WISH:
        return None
    if titled := _titled(tracker, spoken):
        return titled
    if tracker.active_loop:
        return _for_good_in_a_form(tracker, spoken)
    if words.is_question(text):
        return None
    meant = _yes_or_no(tracker, spoken) if len(spoken) <= _MOST_WORDS else None
    return meant or _wished(tracker, spoken)


def _titled(tracker: DialogueStateTracker, spoken: List[str]) -> Optional[str]:
    """Give the payload of the button whose title was typed, or which alone a yes can mean."""
    buttons = list(_last_buttons(tracker))
    for payload, title in buttons:
        if words.folded(title).split() == spoken and not payload.startswith(_OPINION):
            return payload
    same = [payload for payload, _ in buttons if payload.startswith(_THIS_ONE)]
    return same[0] if len(same) == 1 and " ".join(spoken) in words.YES else None


def _for_good_in_a_form(tracker: DialogueStateTracker, spoken: List[str]) -> Optional[str]:
    """Give the answer to "shall I erase it?", asked in a form: what is no plain yes keeps it."""
    waiting = [payload for payload, _ in _last_buttons(tracker)]
    if not waiting or not waiting[0].startswith((_ERASE, _WITHDRAW)):
        return None
    if spoken[0] not in words.YES | words.NO:
        return None
    return _yes_or_no(tracker, spoken) or waiting[-1]


def _yes_or_no(tracker: DialogueStateTracker, spoken: List[str]) -> Optional[str]:
    for meant, opposite in ((words.YES, words.NO), (words.NO, words.YES)):
        if spoken[0] in meant or " ".join(spoken) in meant:
            doubtful = not (words.BUT | opposite).isdisjoint(spoken[1:])
            return None if doubtful else _button(tracker, spoken, meant)
    return None


def _button(
    tracker: DialogueStateTracker, spoken: List[str], meant: frozenset[str]
) -> Optional[str]:
    """Give the payload of the last reply's button whose title begins with a word of ``meant``."""
    for payload, called in _last_buttons(tracker):
        title = words.folded(called).split()
        if title and title[0] in meant:
            plain = " ".join(spoken) in meant or not payload.startswith((_ERASE, _WITHDRAW))
            return payload if plain or _says_it(payload, title, spoken) else None
    return None


def _says_it(payload: str, title: List[str], spoken: List[str]) -> bool:
    """Tell whether what follows the yes says what the button does, whatever the endings."""
    if payload.startswith(_WITHDRAW):
        beside = {word for word in spoken[1:] if not word.startswith(words.TAKING_BACK)}
        return len(beside) < len(spoken) - 1 and beside <= words.BESIDE_A_WISH
    return {word[:4] for word in spoken[1:]} <= {word[:4] for word in title}


def _wished(tracker: DialogueStateTracker, spoken: List[str]) -> Optional[str]:
    said = set(spoken)
    takes_back = any(word.startswith(words.TAKING_BACK) for word in spoken)
    if takes_back and (words.NO | words.BUT).isdisjoint(said):
        return _withdrawal(tracker)
    wishes = said & words.WISHES and said <= words.WISHES | words.BESIDE_A_WISH | words.YES
    return _start(tracker) if wishes else None


def _start(tracker: DialogueStateTracker) -> Optional[str]:
    """Give the payload of the last reply's one button that opens a form."""
    payloads = {payload for payload, _ in _last_buttons(tracker)}
    opening = [each for each in payloads if each in _FORMS or each.startswith("programme:")]
    return opening[0] if len(opening) == 1 else None


def _withdrawal(tracker: DialogueStateTracker) -> Optional[str]:
    """Give the payload that asks whether to take back the one submission just told of."""
    if not any(payload.startswith(_OF_ONE_SENT) for payload, _ in _last_buttons(tracker)):
        return None
    told = {codes.find(bubble.text or "") for bubble in _last_bubbles(tracker)} - {None}
    return f"submission:withdraw:{told.pop()}" if len(told) == 1 else None


def _last_buttons(tracker: DialogueStateTracker) -> Iterator[Tuple[str, str]]:
    """Give payload and title of the buttons that wait."""
    for bubble in _last_bubbles(tracker):
        for button in bubble.message().get("buttons") or ():
            yield str(button["payload"]), str(button.get("title"))


def _last_bubbles(tracker: DialogueStateTracker) -> Iterator[BotUttered]:
    """Give what the bot said since the resident's last message, the latest first."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) or time.time() - (event.timestamp or 0.0) > _WAITS:
            return
        if isinstance(event, BotUttered):
            yield event
            if _NOTICE in event.metadata:
                # Whoever answers the city's own words does not mean what the bot asked before.
                return


def act_of_emoji(text: str, in_a_form: bool) -> str:
    """Give the act that emoji without words stand for, or nothing."""
    if in_a_form:
        steering = {"dialogue.affirm": _YES, "dialogue.deny": _NO}
        return next((act for act, signs in steering.items() if set(signs) & set(text)), "")
    return next((act for act, signs in _EMOJI.items() if set(signs) & set(text)), "")
