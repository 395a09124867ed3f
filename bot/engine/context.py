"""A message read in the light of the answer before it.

"How long does it take?" or "and in Marneuli?" says little alone, and the classifier, which sees
one message at a time, then guesses at a service that stands for that side of everything
(``public_information.deadline``). So a short message after an answer is read twice: alone, and
after the title of the service in focus, as a resident would say it in full. Only what is no clear
question of its own is taken for a question about the service in focus.
"""

from __future__ import annotations

import time
from typing import (
    Any,
    Awaitable,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
)

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions import library
from bot.core import answer_texts, calculation
from bot.core.answers import SOURCES
from bot.core.calculators.registry import calculator_of
from bot.core.forms import words
from bot.core.languages import DEFAULT, pick
from bot.engine.lone_numbers import AND_WHAT_OF, number_alone
from bot.nlu.outcome import ANSWERED, OFFERED, OUTCOME

#: Understands a text, as if it had been written alone.
Understand = Callable[[str], Awaitable[Dict[str, Any]]]

#: A longer message says itself what it is about, but for each further side it asks about,
MOST_WORDS = 8
_WORDS_OF_A_SIDE = 4
#: and so does one with numbers for a calculator that is longer than this.
_NUMBER_WORDS = 6
#: After so many seconds of silence nothing is in focus any more.
_FORGOTTEN = 3600.0
#: Numbers that say by themselves what they count; a sum may be of anything.
_MEASURES = frozenset({"persons", "area"})
FOLLOW_UP = "follow_up"
_TOWN = "municipality"
_OTHER_TOWN = "dialogue.change_municipality"
#: Services that are one side of every other service, and that side.
SIDES: Mapping[str, str] = {
    "public_information.request": "documents",
    "public_information.deadline": "deadline",
    "public_information.cost": "price",
    "public_information.appeal": "contact",
    "public_information.online_request": "steps",
    "public_information.application_status": "place",
    "public_information.budget": "price",
    "public_information.contacts": "contact",
    "local_fees.payment": "place",
    "architecture.address_assignment": "place",
    "conscription.exemption": "exceptions",
    "conscription.failure_to_appear": "penalty",
}
#: Those of them that tell the rule for every application to city hall.
_FOR_ALL = frozenset(
    f"public_information.{name}"
    for name in ("appeal", "application_status", "contacts", "deadline", "online_request")
)
#: What the service says of the side asked about goes before the words: "how high is the fine?".
_SURER_THAN_WORDS = frozenset({"exceptions", "penalty"})

# Measured on 75 follow-ups and on 500 messages that change the subject, half of them within the
# topic (`tests/engine/test_context.py` holds examples of both).
#: So likely in the light of the focus is a side of it, or a neighbour of it,
_SIDE_FROM = 0.7
_NEIGHBOUR_FROM = 0.5
#: and so likely what alone was offered or not understood.
_UNSURE_FROM = 0.8
#: What alone was answered less surely than this may be the second guess.
_HARDLY = 0.8
#: A message of so many words that is so sure of a neighbour says all that is asked.
_SURE, _WORDS_IN_FULL = 0.95, 5
#: Of a message not understood alone, this much must have pointed to a follow-up.
_HINT = 0.15
#: From here on acts of the dialogue (thanks, goodbye) are what may be meant.
_AN_ACT = 0.4


class Reading(NamedTuple):
    """What is meant: an intent, with the side asked about where the reading tells it.

    ``likely`` stands for a service that is only worth being offered first.
    """

    intent: str = ""
    attribute: Optional[str] = None
    likely: str = ""


async def in_context(
    parse_data: Dict[str, Any], text: str, tracker: DialogueStateTracker, understand: Understand
) -> Dict[str, Any]:
    """Give the understanding of a message after what was answered before it.

    Args:
        parse_data: the understanding of the message alone.
        text: the message.
        tracker: the conversation, without the message.
        understand: understands another text.
    """
    focus, length = _focus(tracker), len(text.split())
    intent, entities = intent_of(parse_data), parse_data.get("entities") or []
    if length <= _NUMBER_WORDS and (meant := _numbers_for((*_offered(tracker), focus), entities)):
        return _with(parse_data, meant)
    if (number := number_alone(focus, parse_data, text, tracker)) is not None:
        return _with({**parse_data, "entities": [number]}, focus)
    asked = attributes_of(parse_data)
    if not focus or length > MOST_WORDS + _WORDS_OF_A_SIDE * max(len(asked) - 1, 0):
        return parse_data
    if intent == _OTHER_TOWN:
        asks = await _asks_there(focus, parse_data, text, understand)
        return _with(parse_data, FOLLOW_UP) if asks else parse_data
    if asked == [SOURCES]:
        return _with(parse_data, FOLLOW_UP)
    if intent == focus or intent.startswith("dialogue.") or _in_full(parse_data, focus, length):
        return parse_data
    reading = await reread(focus, parse_data, text, understand)
    if reading.likely and length > 1:
        first = {"name": reading.likely, "confidence": 1.0}
        ranking = [first, *(parse_data.get("intent_ranking") or [])]
        return {**parse_data, "intent_ranking": ranking, OUTCOME: OFFERED}
    return _with(parse_data, reading.intent, reading.attribute) if reading.intent else parse_data


async def reread(
    focus: str, parse_data: Mapping[str, Any], text: str, understand: Understand
) -> Reading:
    """Read a message once more, after the title of the service in focus."""
    ranking = await _ranking_after(focus, parse_data, text, understand)
    asked = attributes_of(parse_data)
    reading = read(focus, parse_data, ranking, next(iter(asked), None))
    intent = intent_of(parse_data)
    if reading.intent != FOLLOW_UP or _known(focus, reading.attribute):
        return reading
    if reading.attribute in asked and any(_known(focus, each) for each in asked):
        return reading
    if intent in _FOR_ALL and not focus.startswith("conscription."):
        # What holds for every application is better than "not known".
        return Reading()
    before = {guess["name"]: guess["confidence"] for guess in parse_data["intent_ranking"]}
    sides = (name for name, side in SIDES.items() if side == reading.attribute)
    likely = (name for name in sides if before.get(name, 0.0) >= _HINT / 2)
    neighbour = next((name for name in likely if _alike(name, focus)), "")
    return Reading(neighbour) if neighbour else reading


async def _ranking_after(
    focus: str, parse_data: Mapping[str, Any], text: str, understand: Understand
) -> List[Dict[str, Any]]:
    language = (parse_data.get("language") or {}).get("code") or DEFAULT
    entry = library.keeper().current().knowledge.entry(focus, library.municipality())
    title = pick(entry.title, language) if entry is not None else None
    if title is None:
        return []
    return list((await understand(f"{title}: {text}")).get("intent_ranking") or ())


def _known(service: str, attribute: Optional[str]) -> bool:
    entry = library.keeper().current().knowledge.entry(service, library.municipality())
    return attribute is None or (entry is not None and attribute in entry.attributes)


def who_knows(service: str, attribute: Optional[str]) -> str:
    """Give the service itself, or the neighbour that alone knows the side asked about."""
    loaded, town = library.keeper().current(), library.municipality()
    entry = loaded.knowledge.entry(service, town)
    if entry is None or attribute is None or attribute in entry.attributes:
        return service
    known = answer_texts.neighbours_that_know(loaded.knowledge, entry, attribute, town)
    return next((each.id for each in known), service)


def attributes_of(parse_data: Mapping[str, Any]) -> List[str]:
    """Give the sides of a service that the words of a message ask about, in its order."""
    asked = _named("attribute", parse_data.get("entities") or [])
    return list(dict.fromkeys(str(each["value"]) for each in asked))


def _with(
    parse_data: Dict[str, Any], intent: str, attribute: Optional[str] = None
) -> Dict[str, Any]:
    entities: List[Dict[str, Any]] = list(parse_data.get("entities") or [])
    # Of several sides that the words name all stay.
    if attribute is not None and attribute not in attributes_of(parse_data):
        entities = [each for each in entities if each.get("entity") != "attribute"]
        entities.append({"entity": "attribute", "value": attribute})
    return {
        **parse_data,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities,
        OUTCOME: ANSWERED,
    }


def _focus(tracker: DialogueStateTracker) -> str:
    """Give the service answered last, unless that is long ago or a form is open."""
    latest = tracker.latest_message
    if tracker.active_loop or latest is None or not latest.timestamp:
        return ""
    focus = str(tracker.get_slot("service") or "")
    fresh = time.time() - latest.timestamp < _FORGOTTEN
    return focus if fresh and focus in library.catalogue().services else ""


def _named(name: str, entities: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (each for each in entities if each.get("entity") == name)


async def _asks_there(
    focus: str, parse_data: Mapping[str, Any], text: str, understand: Understand
) -> bool:
    """Tell whether a message asks about the focus in another town, and does not move there."""
    entities = parse_data.get("entities") or []
    if _only_a_town(entities, text):
        return True
    towns = library.keeper().current().knowledge.municipalities
    if "?" not in text or not any(each["value"] in towns for each in _named(_TOWN, entities)):
        return False
    ranking = await _ranking_after(focus, parse_data, text, understand)
    return any(guess["name"] == focus and guess["confidence"] >= _SIDE_FROM for guess in ranking)


def _only_a_town(entities: Sequence[Mapping[str, Any]], text: str) -> bool:
    """Tell whether a message names a town and says nothing else ("and in Bolnisi?")."""
    town = next(_named(_TOWN, entities), None)
    if town is None or town.get("start") is None:
        return False
    rest = f"{text[: town['start']]} {text[town['end'] :]}"
    return set(words.folded(rest).split()) <= AND_WHAT_OF


def _offered(tracker: DialogueStateTracker) -> Sequence[str]:
    """Give the services that the last reply asked to choose from."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            asked = event.action_name == "action_not_sure"
            return tracker.get_slot("offered") or () if asked else ()
    return ()


def _numbers_for(services: Sequence[str], entities: Sequence[Mapping[str, Any]]) -> str:
    """Give the service whose calculator reckons with the numbers of a message, or nothing."""
    loaded, town = library.keeper().current(), library.municipality()
    given = {each["entity"]: each["value"] for each in entities if each["entity"] in _MEASURES}
    for service in services if given else ():
        calculator = calculator_of(service)
        begun = calculation.begin(loaded, calculator.name, service, town) if calculator else None
        if begun and calculation.with_entities(loaded, begun, given).given:
            return service
    return ""


def _in_full(parse_data: Mapping[str, Any], focus: str, length: int) -> bool:
    """Tell whether a message asks in full about a neighbour of the focus: it needs no context."""
    sure = parse_data.get(OUTCOME) == ANSWERED and parse_data["intent"]["confidence"] >= _SURE
    return sure and length >= _WORDS_IN_FULL and _alike(intent_of(parse_data), focus)


def read(
    focus: str,
    alone: Mapping[str, Any],
    ranking: Sequence[Mapping[str, Any]],
    attribute: Optional[str],
) -> Reading:
    """Say what a message means after an answer about ``focus``.

    Args:
        focus: the service answered last.
        alone: the understanding of the message alone.
        ranking: that of the message after the title of ``focus``.
        attribute: the side the words of the message ask about.
    """
    here = {guess["name"]: guess["confidence"] for guess in ranking}
    intent = intent_of(alone)
    about_it = here.get(focus, 0.0) + here.get(FOLLOW_UP, 0.0)
    neighbour, its = _neighbour(focus, here)
    before = {guess["name"]: guess["confidence"] for guess in alone.get("intent_ranking") or ()}
    if alone.get(OUTCOME) == ANSWERED:
        hinted = before.get(neighbour, 0.0) >= _HINT / 2
        if intent == FOLLOW_UP and its >= _UNSURE_FROM and hinted:
            # "where do I pay?" after the fee: paying is a service of its own there.
            return Reading(neighbour)
        if intent == FOLLOW_UP:
            return Reading(FOLLOW_UP, attribute or _hinted_at(before))
        if intent not in SIDES:
            hardly = alone["intent"]["confidence"] < _HARDLY and not _alike(intent, focus)
            likely, so = (neighbour, its) if its > about_it else (focus, about_it)
            second = hardly and so >= _SIDE_FROM and before.get(likely, 0.0) >= _HINT
            return Reading(likely) if second else Reading()
        if about_it >= _SIDE_FROM:
            return Reading(FOLLOW_UP, _side(intent, attribute))
        if its >= _NEIGHBOUR_FROM:
            return Reading(neighbour)
        in_the_topic = about_it + sum(of for name, of in here.items() if _alike(name, focus))
        side = in_the_topic >= _SIDE_FROM and not _alike(intent, focus)
        return Reading(FOLLOW_UP, _side(intent, attribute)) if side else Reading()
    if sum(of for name, of in before.items() if name.startswith("dialogue.")) >= _AN_ACT:
        return Reading()
    if its >= _UNSURE_FROM and neighbour in before:
        return Reading(neighbour)
    if about_it < _UNSURE_FROM:
        return Reading()
    if attribute or before.get(FOLLOW_UP, 0.0) >= _HINT:
        best = max(before, key=lambda name: before[name])
        side = _side(best, attribute) if best in SIDES else attribute or _hinted_at(before)
        return Reading(FOLLOW_UP, side)
    return Reading(likely=focus)


def _hinted_at(ranking: Mapping[str, float]) -> Optional[str]:
    """Give the side a follow-up without a word for it points to: "how much?" may be a price."""
    likely = (SIDES[name] for name, of in ranking.items() if name in SIDES and of >= _HINT / 2)
    return next(likely, None)


def _side(service: str, attribute: Optional[str]) -> str:
    side = SIDES[service]
    return side if attribute is None or side in _SURER_THAN_WORDS else attribute


def _neighbour(focus: str, ranking: Mapping[str, float]) -> tuple[str, float]:
    """Give the likeliest other service of the focus's topic."""
    others = {name: of for name, of in ranking.items() if _alike(name, focus)}
    best = max(others, key=lambda name: others[name], default="")
    return best, others.get(best, 0.0)


def _alike(service: str, focus: str) -> bool:
    """Tell whether a service is another one of the focus's topic."""
    return service != focus and service.partition(".")[0] == focus.partition(".")[0]


def intent_of(parse_data: Mapping[str, Any]) -> str:
    """Give the intent of an understanding."""
    return str((parse_data.get("intent") or {}).get("name") or "")
