"""Working something out with a resident: ask for what is missing, then tell the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.core import answer_texts, answers, clock
from bot.core.calculators.fields import (
    Choice,
    Day,
    Field,
    Number,
    Problem,
    Result,
    Value,
    refusal,
)
from bot.core.calculators.reading import (
    named_option,
    read_answer,
    read_day,
    read_number,
    speaks_of_a_home,
    speaks_of_a_month,
    stated,
)
from bot.core.calculators.registry import CALCULATORS, Calculator
from bot.core.knowledge import Entry, format_value
from bot.core.knowledge_folder import Loaded
from bot.core.normalise import normalise
from bot.core.payloads import Payload
from bot.core.replies import Button, Reply
from bot.core.skeleton import skeleton

#: Who chooses in words uses few; of each so many letters are compared.
_CHOICE_WORDS, _STEM = 4, 4
#: What a home is told of that is no income.
_OF_A_HOME = frozenset({"amount", "area"})
#: What a day button says.
TODAY = "today"


@dataclass(frozen=True)
class Calculation:
    """One that is going on: what is known so far, and the field that was asked for last."""

    name: str
    service: str
    town: str
    given: Mapping[str, Value] = field(default_factory=dict)
    asks: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values, for the conversation's memory."""
        given = {name: [type(value).__name__, str(value)] for name, value in self.given.items()}
        return {
            "name": self.name,
            "service": self.service,
            "town": self.town,
            "given": given,
            "asks": self.asks,
        }

    @classmethod
    def from_json(cls, data: Any) -> Calculation | None:
        """Read what :meth:`to_json` wrote; None when it is no calculation (any more)."""
        if not isinstance(data, dict) or data.get("name") not in CALCULATORS:
            return None
        read: Mapping[str, Callable[[str], Value]] = {
            "Decimal": Decimal,
            "date": date.fromisoformat,
            "str": str,
        }
        given = {name: read[kind](text) for name, (kind, text) in data["given"].items()}
        return cls(data["name"], data["service"], data["town"], given, data["asks"])


def begin(loaded: Loaded, name: str, service: str | None, town: str) -> Calculation | None:
    """Begin a calculation; None when there is no such calculator or no entry for it."""
    calculator = CALCULATORS.get(name)
    if calculator is None:
        return None
    chosen = service if service in calculator.services else calculator.services[0]
    if loaded.knowledge.entry(chosen, town) is None:
        return None
    return Calculation(name, chosen, town)


def asked_field(loaded: Loaded, calculation: Calculation) -> Field | None:
    """Give the field whose answer is awaited."""
    return _field(loaded, calculation, calculation.asks)


def with_answer(
    loaded: Loaded,
    calculation: Calculation,
    text: str,
    today: date | None = None,
    message: str = "",
) -> tuple[Calculation, Problem | None]:
    """Take an answer to the field asked for, or a button's word for a choice.

    ``message`` is the whole message where ``text`` is only the number found in it.

    Returns:
        The calculation with the answer, and what is wrong with it, if anything is.
    """
    day = today or clock.today()
    asked = asked_field(loaded, calculation) or _field_with(loaded, calculation, text)
    if asked is None:
        return calculation, None
    value = read(loaded, asked, text, day)
    problem = refusal(asked, value, day) if value is not None else _nothing_read(asked)
    if isinstance(asked, Number) and value is not None:
        problem = _of_something_else(asked, message or text) or problem
    if problem is not None or value is None:
        return calculation, Problem(problem, asked) if problem else None
    return replace(calculation, given={**calculation.given, asked.name: value}), None


def read(loaded: Loaded, asked: Field, text: str, day: date) -> Value | None:
    """Give what a message or a button answers to a field; None when it is no answer."""
    if isinstance(asked, Day) and text == TODAY:
        return day
    if isinstance(asked, Choice):
        return text if text in asked.options else _chosen(loaded, asked, text)
    return read_answer(asked, text, day)


def said_alone(
    loaded: Loaded, calculation: Calculation, text: str, day: date
) -> tuple[str, str] | None:
    """Give what a message that is little more than a number or a day tells a calculator.

    Returns:
        The name of the entity and its value, for the first field that it answers.
    """
    for asked in _fields(loaded, calculation):
        value = None if isinstance(asked, Choice) else read_answer(asked, text, day)
        if value is not None and asked.entity and refusal(asked, value, day) is None:
            return asked.entity, str(value)
    return None


def _chosen(loaded: Loaded, asked: Choice, text: str) -> str | None:
    """Give the one option whose own words a short message has, whatever their case endings."""
    if len(text.split()) > _CHOICE_WORDS:
        return None
    said = _stems(text)
    words = {
        option: _stems(" ".join(loaded.texts.everywhere(f"{asked.name}_{option}_button")))
        for option in asked.options
    }
    meant = [
        option
        for option in words
        if said & words[option].difference(*(words[each] for each in words if each != option))
    ]
    return meant[0] if len(meant) == 1 else None


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in skeleton(normalise(text)).split()}


def with_entities(
    loaded: Loaded,
    calculation: Calculation,
    entities: Mapping[str, Any],
    today: date | None = None,
) -> Calculation:
    """Take what the message itself says: the persons, the area, the sum, the day."""
    day = today or clock.today()
    given = dict(calculation.given)
    for each in _fields(loaded, calculation):
        found = entities.get(each.entity) if each.entity else None
        if found is None or each.name in given:
            continue
        value = _entity_value(each, found, day)
        if value is not None and refusal(each, value, day) is None:
            given[each.name] = value
    return replace(calculation, given=given)


def with_message(
    loaded: Loaded, calculation: Calculation, entities: Mapping[str, Any], text: str
) -> tuple[Calculation, Problem | None]:
    """Take what a question itself says, and tell what of it makes no sense, if anything does."""
    # First the kind: what is too large for a house may do for another building.
    choices = _choices(loaded, calculation, text)
    known = with_entities(loaded, replace(calculation, given=choices), entities)
    if not known.given.keys() - choices.keys():
        known = calculation
    chosen = replace(calculation, given=choices)
    fields = (each for each in _fields(loaded, chosen) if isinstance(each, Number))
    problems = (_misstated(each, entities, text) for each in fields)
    problem = next((each for each in problems if each is not None), None)
    if problem is None:
        return known, None
    given = {name: value for name, value in known.given.items() if name != problem.field.name}
    return replace(known, given={**choices, **given}), problem


def _choices(loaded: Loaded, calculation: Calculation, text: str) -> dict[str, Value]:
    """Give what a question with a number in it says of a choice: "a house of 120 m²"."""
    choices = (each for each in _fields(loaded, calculation) if isinstance(each, Choice))
    named = {each.name: option for each in choices if (option := named_option(each, text))}
    return {**named, **calculation.given}


def _misstated(asked: Number, entities: Mapping[str, Any], text: str) -> Problem | None:
    if asked.not_of_a_home or asked.not_of_a_month:
        named = _OF_A_HOME & entities.keys()
        other = _of_something_else(asked, text) if named else ""
        return Problem(other, asked) if other else None
    value = stated(asked, text)
    refused = asked.refuses(value) if value is not None else None
    if refused == "calculation_range":
        refused = f"calculation_range_{asked.name}"
    return Problem(refused, asked) if refused else None


def _of_something_else(asked: Number, text: str) -> str:
    """Give the text for who names a number of something else than is asked for, or nothing."""
    if asked.not_of_a_home and speaks_of_a_home(text):
        return asked.not_of_a_home
    return asked.not_of_a_month if speaks_of_a_month(text) else ""


def proceed(
    loaded: Loaded,
    calculation: Calculation,
    language: str,
    problem: Problem | None = None,
    today: date | None = None,
) -> tuple[Reply, Calculation | None]:
    """Ask for the next thing that is missing, or tell the result.

    Args:
        loaded: the knowledge and the texts.
        calculation: what is known so far.
        language: the language to answer in.
        problem: what was wrong with what was told last.
        today: the day whose figures hold; today in Georgia when not given.

    Returns:
        The reply, and the calculation as it goes on; None when it is done.
    """
    day = today or clock.today()
    for each in _fields(loaded, calculation):
        if each.name not in calculation.given:
            question = _question(loaded, calculation, each, language, problem)
            return question, replace(calculation, asks=each.name)
    calculator, entry = CALCULATORS[calculation.name], _entry(loaded, calculation)
    result = calculator.work_out(entry, calculation.given, day)
    if result is None:
        reply = loaded.texts.get("no_answer_yet", language, calculation.town)
        return replace(reply, service=entry.id), None
    return _told(loaded, calculation, entry, result, language, day), None


def _told(
    loaded: Loaded,
    calculation: Calculation,
    entry: Entry,
    result: Result,
    language: str,
    day: date,
) -> Reply:
    texts, town = loaded.texts, calculation.town
    lines = [texts.text(result.text, language, town, **result.values)]
    periods = [entry.period(name, day) for name in result.facts]
    if any(period is not None and not period.holds(day) for period in periods):
        lines.append(texts.text("expired", language, town))
    buttons = answers.card_buttons(
        loaded.knowledge, texts, entry, town, language, "price", calculated=True
    )
    return Reply(
        text="\n\n".join(lines),
        buttons=buttons,
        service=entry.id,
        sources=answer_texts.sources(entry, result.facts, (), language, day),
        checked_on=entry.verified_on.isoformat() if entry.verified_on else None,
    )


def _question(
    loaded: Loaded, calculation: Calculation, asked: Field, language: str, problem: Problem | None
) -> Reply:
    texts, town = loaded.texts, calculation.town
    lines = [texts.text(f"ask_{asked.name}", language, town)]
    if problem is not None:
        limits = (
            {"least": format_value(told.least), "most": format_value(told.most)}
            if isinstance(told := problem.field, Number)
            else {}
        )
        lines.insert(0, texts.text(problem.text, language, town, **limits))
    words: tuple[str, ...] = ()
    if isinstance(asked, Choice):
        words = asked.options
    elif isinstance(asked, Day):
        words = (TODAY,)
    buttons = tuple(
        Button(
            texts.text(f"{asked.name}_{word}_button", language),
            str(Payload("calculate", (calculation.name, word))),
        )
        for word in words
    )
    return Reply("\n".join(lines), buttons, service=calculation.service)


def _nothing_read(asked: Field) -> str:
    kinds = {Number: "calculation_number", Choice: "calculation_choice", Day: "calculation_day"}
    return kinds[type(asked)]


def _entry(loaded: Loaded, calculation: Calculation) -> Entry:
    entry = loaded.knowledge.entry(calculation.service, calculation.town)
    # The knowledge may have changed since the calculation began.
    return entry or Entry(calculation.service)


def _fields(loaded: Loaded, calculation: Calculation) -> tuple[Field, ...]:
    calculator: Calculator = CALCULATORS[calculation.name]
    return calculator.fields(_entry(loaded, calculation), calculation.given)


def _field(loaded: Loaded, calculation: Calculation, name: str | None) -> Field | None:
    return next((each for each in _fields(loaded, calculation) if each.name == name), None)


def _field_with(loaded: Loaded, calculation: Calculation, word: str) -> Field | None:
    """Give the field that a button's word answers, for a button pressed once more."""
    return next(
        (
            each
            for each in _fields(loaded, calculation)
            if (isinstance(each, Choice) and word in each.options)
            or (isinstance(each, Day) and word == TODAY)
        ),
        None,
    )


def _entity_value(asked: Field, found: Any, day: date) -> Value | None:
    if isinstance(asked, Day):
        return read_day(str(found), day)
    if isinstance(asked, Number):
        try:
            return Decimal(str(found))
        except InvalidOperation:
            return read_number(str(found))
    return None
