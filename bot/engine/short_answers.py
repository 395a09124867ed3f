"""What a resident types or sends instead of pressing a button: "yes", 👍, ``/mydata``."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import slash_commands
from bot.core.forms import words
from bot.core.submissions import codes

#: A longer message says more than yes or no.
_MOST_WORDS = 4
#: So many words may name what is wanted or taken back.
_MOST_OF_A_WISH = 6
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

    A yes or no stands for the button of the last reply that begins with that word, "I want to
    apply" for the one that opens a form, "cancel it" for withdrawing what was just sent.
    """
    command = slash_commands.command_in(text.strip())
    if command is not None:
        return command[1]
    spoken = words.folded(text).split()
    if tracker is None or tracker.active_loop or not 0 < len(spoken) <= _MOST_OF_A_WISH:
        return None
    for meant in (words.YES, words.NO) if len(spoken) <= _MOST_WORDS else ():
        if spoken[0] in meant or " ".join(spoken) in meant:
            found = _button(tracker, meant)
            if found is not None:
                return found
    takes_back = any(word.startswith(words.TAKING_BACK) for word in spoken)
    if takes_back and words.NO.isdisjoint(spoken):
        return _withdrawal(tracker)
    return _start(tracker) if _wishes(spoken) else None


def _button(tracker: DialogueStateTracker, meant: frozenset[str]) -> Optional[str]:
    """Give the payload of the last reply's button whose title begins with a word of ``meant``."""
    for button in _last_buttons(tracker):
        title = words.folded(str(button.get("title"))).split()
        if title and title[0] in meant:
            return str(button["payload"])
    return None


def _wishes(spoken: Sequence[str]) -> bool:
    """Tell whether somebody says that they want it, and nothing else."""
    said = set(spoken)
    return bool(said & words.WISHES) and said <= words.WISHES | words.BESIDE_A_WISH | words.YES


def _start(tracker: DialogueStateTracker) -> Optional[str]:
    """Give the payload of the last reply's one button that opens a form."""
    payloads = {str(button["payload"]) for button in _last_buttons(tracker)}
    opening = [each for each in payloads if each in _FORMS or each.startswith("programme:")]
    return opening[0] if len(opening) == 1 else None


def _withdrawal(tracker: DialogueStateTracker) -> Optional[str]:
    """Give the payload that asks whether to take back the one submission just told of."""
    if not any(str(each["payload"]).startswith(_OF_ONE_SENT) for each in _last_buttons(tracker)):
        return None
    told = {codes.find(bubble.text or "") for bubble in _last_bubbles(tracker)} - {None}
    return f"submission:withdraw:{told.pop()}" if len(told) == 1 else None


def _last_buttons(tracker: DialogueStateTracker) -> Iterator[Mapping[str, Any]]:
    return (
        button
        for bubble in _last_bubbles(tracker)
        for button in bubble.message().get("buttons") or ()
    )


def _last_bubbles(tracker: DialogueStateTracker) -> Iterator[BotUttered]:
    """Give what the bot said since the resident's last message, the latest first."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return
        if isinstance(event, BotUttered):
            yield event


def act_of_emoji(text: str, in_a_form: bool) -> str:
    """Give the act that emoji without words stand for, or nothing."""
    if in_a_form:
        steering = {"dialogue.affirm": _YES, "dialogue.deny": _NO}
        return next((act for act, signs in steering.items() if set(signs) & set(text)), "")
    return next((act for act, signs in _EMOJI.items() if set(signs) & set(text)), "")
