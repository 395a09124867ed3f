"""What a resident types or sends instead of pressing a button: "yes", 👍, ``/mydata``."""

from __future__ import annotations

import time
from typing import List, Optional

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import slash_commands
from bot.core.forms import words

#: A longer message says more than yes or no.
_MOST_WORDS = 4
#: After so many seconds a yes is no answer to the last reply any more.
_WAITS = 24 * 3600.0
#: How :mod:`bot.engine.notices` marks what the city sent between two turns.
_NOTICE = "notice"
#: What nobody can undo wants a plain yes, or the words of the button itself.
_FOR_GOOD = frozenset({"my_data:erase"})
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

    A yes or no stands for the button of the last reply that begins with that word; "yes, but …"
    and "yes?" do not.
    """
    command = slash_commands.command_in(text.strip())
    if command is not None:
        return command[1]
    spoken = words.folded(text).split()
    if tracker is None or tracker.active_loop or not 0 < len(spoken) <= _MOST_WORDS:
        return None
    for meant, opposite in ((words.YES, words.NO), (words.NO, words.YES)):
        if spoken[0] in meant or " ".join(spoken) in meant:
            doubtful = not (words.BUT | opposite).isdisjoint(spoken[1:])
            return None if doubtful or words.is_question(text) else _button(tracker, spoken, meant)
    return None


def _button(
    tracker: DialogueStateTracker, spoken: List[str], meant: frozenset[str]
) -> Optional[str]:
    """Give the payload of the last reply's button whose title begins with a word of ``meant``."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered) or time.time() - (event.timestamp or 0.0) > _WAITS:
            return None
        if not isinstance(event, BotUttered):
            continue
        for button in event.message().get("buttons") or ():
            payload, title = str(button["payload"]), words.folded(str(button.get("title"))).split()
            if title and title[0] in meant:
                plain = " ".join(spoken) in meant or _repeats(title, spoken)
                return payload if plain or payload not in _FOR_GOOD else None
        if _NOTICE in event.metadata:
            # Whoever answers the city's own words does not mean what the bot asked before them.
            return None
    return None


def _repeats(title: List[str], spoken: List[str]) -> bool:
    """Tell whether what follows the yes are the button's words, whatever their endings."""
    return {word[:4] for word in spoken[1:]} <= {word[:4] for word in title}


def act_of_emoji(text: str, in_a_form: bool) -> str:
    """Give the act that emoji without words stand for, or nothing."""
    if in_a_form:
        steering = {"dialogue.affirm": _YES, "dialogue.deny": _NO}
        return next((act for act, signs in steering.items() if set(signs) & set(text)), "")
    return next((act for act, signs in _EMOJI.items() if set(signs) & set(text)), "")
