"""What is asked in the middle of a form: answered as always, then the form goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.actions import form_world, library
from bot.actions.answer_service import answer, attributes_asked
from bot.actions.attachments import Attachment
from bot.actions.change_language import ChangeLanguage
from bot.actions.change_municipality import ChangeMunicipality
from bot.actions.follow_up import FollowUp
from bot.actions.human import Human
from bot.actions.menu import ChooseTopic
from bot.actions.my_data import DeleteMyData, MyData, Privacy
from bot.actions.ratings import RateInitiatives
from bot.actions.submission_button import AnswerQuestion, SubmissionButton
from bot.actions.submissions import Submissions
from bot.core.forms import words

#: Intents with an action of their own.
_ACTIONS: Dict[str, Callable[[], Action]] = {
    "dialogue.change_language": ChangeLanguage,
    "dialogue.change_municipality": ChangeMunicipality,
    "dialogue.delete_my_data": DeleteMyData,
    "my_data_button": DeleteMyData,
    "my_data": MyData,
    "dialogue.privacy": Privacy,
    "dialogue.human": Human,
    "follow_up": FollowUp,
    "choose_topic": ChooseTopic,
    "submission_button": SubmissionButton,
    form_world.ANSWER: AnswerQuestion,
    "attachment_button": Attachment,
    "participation.submission_status": Submissions,
    "participation.rate_initiatives": RateInitiatives,
    "rating_button": RateInitiatives,
}
#: How the buttons begin that undo something for good.
_FOR_GOOD = ("my_data:erase", "submission:withdraw_yes:")
#: Acts whose text in a form is another than outside of it.
_IN_A_FORM = {"dialogue.help": "form_help"}


@dataclass(frozen=True)
class Interrupted:
    """What an interruption changed; ``ends`` tells that the form is over with it.

    ``asks`` tells that it asks whether something is to be undone for good, which comes first.
    """

    events: List[EventType] = field(default_factory=list)
    ends: bool = False
    asks: bool = False


async def answer_it(dispatcher: CollectingDispatcher, tracker: Tracker) -> Interrupted:
    """Answer the latest message, which is no answer to the form."""
    intent = library.intent_of(tracker)
    if words.asks_how_long(str(tracker.latest_message.get("text") or "")):
        return _said(dispatcher, tracker, "form_how_long")
    if intent in _ACTIONS and not _leads_away(tracker, intent):
        done = await call_potential_coroutine(_ACTIONS[intent]().run(dispatcher, tracker, {}))
        events: List[EventType] = list(done or ())
        return Interrupted(events, ends=_forgets_the_form(events), asks=_asks(dispatcher))
    if intent in library.catalogue().services:
        return Interrupted(answer(dispatcher, tracker, intent, attributes_asked(tracker)))
    _, _, act = intent.partition(".")
    text_id = _IN_A_FORM.get(intent, act or intent)
    texts = library.keeper().current().texts
    if not texts.has(text_id):
        text_id = "form_help"
    return _said(dispatcher, tracker, text_id)


def _said(dispatcher: CollectingDispatcher, tracker: Tracker, text_id: str) -> Interrupted:
    reply = library.say(text_id, library.language_of(tracker), library.town_of(tracker))
    library.utter(dispatcher, reply)
    return Interrupted()


def _leads_away(tracker: Tracker, intent: str) -> bool:
    """Tell whether the form would be left for another, or lose the town whose programme it is."""
    if intent == "attachment_button":
        return form_world.entity(tracker, "verb") not in ("add", "none")
    begun = form_world.unfinished(tracker)
    return intent == "dialogue.change_municipality" and bool(begun and begun.programme)


def _asks(dispatcher: CollectingDispatcher) -> bool:
    buttons = dispatcher.messages[-1].get("buttons") if dispatcher.messages else ()
    return any(str(button["payload"]).startswith(_FOR_GOOD) for button in buttons or ())


def _forgets_the_form(events: List[Dict[str, Any]]) -> bool:
    return any(event.get("name") == "draft" and event.get("value") is None for event in events)
