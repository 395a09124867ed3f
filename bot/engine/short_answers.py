"""What a resident types or sends instead of pressing a button: "yes", 👍, ``/mydata``."""

from __future__ import annotations

from typing import Optional

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import slash_commands
from bot.core.forms import words

#: A longer message says more than yes or no.
_MOST_WORDS = 4
#: What an emoji alone says, and in a form.
_EMOJI = {
    "dialogue.praise": "👍👌✅💯👏🔥😀😃😄😁😊🙂😍🥰❤♥💙💚🤝✌",
    "dialogue.thank": "🙏🌹💐🌷🌸",
    "dialogue.complain": "👎😡😠🤬😤😞😢😭💩🖕",
    "dialogue.greet": "👋",
}
_YES = "👍👌✅"
_NO = "👎❌"


def payload_of(text: str, tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """Give the payload of the button that a text stands for; None when it stands for none.

    A yes or no stands for the button of the last reply that begins with that word.
    """
    command = slash_commands.command_in(text.strip())
    if command is not None:
        return command[1]
    spoken = words.folded(text).split()
    if tracker is None or tracker.active_loop or not 0 < len(spoken) <= _MOST_WORDS:
        return None
    for meant in (words.YES, words.NO):
        if spoken[0] in meant or " ".join(spoken) in meant:
            return _button(tracker, meant)
    return None


def _button(tracker: DialogueStateTracker, meant: frozenset[str]) -> Optional[str]:
    """Give the payload of the last reply's button whose title begins with a word of ``meant``."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return None
        if not isinstance(event, BotUttered):
            continue
        for button in event.message().get("buttons") or ():
            title = words.folded(str(button.get("title"))).split()
            if title and title[0] in meant:
                return str(button["payload"])
    return None


def act_of_emoji(text: str, in_a_form: bool) -> str:
    """Give the act that emoji without words stand for, or nothing."""
    if in_a_form:
        steering = {"dialogue.affirm": _YES, "dialogue.deny": _NO}
        return next((act for act, signs in steering.items() if set(signs) & set(text)), "")
    return next((act for act, signs in _EMOJI.items() if set(signs) & set(text)), "")
