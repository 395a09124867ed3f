"""Replies made from the knowledge: the card of a service, menus, and "did you mean"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.core import clock
from bot.core.answer_texts import IN_THE_ANSWER, About
from bot.core.calculators.registry import calculator_of
from bot.core.catalogue import Catalogue
from bot.core.knowledge import ATTRIBUTES, Entry, Knowledge
from bot.core.languages import pick
from bot.core.payloads import Payload, parse
from bot.core.replies import Button, Link, Reply
from bot.core.texts import Texts

#: How many buttons a card carries, and how many of them may be attributes when the entry has
#: neighbours to offer.
CARD_BUTTONS = 3
OFFERED = 3
#: Asked for like an attribute: where an answer is written.
SOURCES = "sources"
#: Who asks for them is told so many of them.
_SOURCES_TOLD = 3


def card(
    knowledge: Knowledge,
    texts: Texts,
    catalogue: Catalogue,
    service: str,
    municipality: str | None,
    language: str,
    attribute: str | None = None,
    also: Sequence[str] = (),
    today: date | None = None,
    follow_up: bool = False,
    at_home: str | None = None,
    story: bool = False,
) -> Reply:
    """Answer a question about a service, or about attributes of it: only what was asked.

    Args:
        knowledge: where the entry is looked up.
        texts: the sentences around it and the titles of the buttons.
        catalogue: tells which services there are.
        service: a catalogue id.
        municipality: the resident's town; None for the country's rule.
        language: the language to answer in.
        attribute: price, documents … when the resident asked about it.
        also: the other attributes the resident asked about in the same message.
        today: the day whose figures hold; today in Georgia when not given.
        follow_up: whether the resident was told the answer before and asks for more.
        story: whether the resident told what happened: the next step is told with the answer.
        at_home: the town of the conversation, when ``municipality`` was named in passing.

    Returns:
        The reply with ``service`` set. Without an entry it says that nothing is confirmed yet.
        That an attribute is not known is said, and what is known unless it was told before.

    Raises:
        KeyError: when the catalogue has no such service.
    """
    if service not in catalogue.services:
        raise KeyError(service)
    entry = knowledge.entry(service, municipality)
    if entry is None:
        reply = texts.get("no_answer_yet", language, municipality)
        return Reply(reply.text, reply.buttons, service=service)
    day = today or clock.today()
    sides = tuple(dict.fromkeys(side for side in (attribute, *also) if side))
    if not follow_up and len(sides) == 1 and _only_foreign(entry, sides[0], language):
        # The short answer in one's own language says more than details in another.
        sides = ()
    known = [side for side in sides if entry.attribute(side, language)]
    if follow_up and sides and not known:
        return not_known(knowledge, texts, entry, municipality, language, sides[0])
    about = About(knowledge, texts, entry, municipality, language, day)
    if known and len(sides) > 1:
        told = about.several(sides, known, follow_up)
    else:
        # Of several that are not known, one that the answer itself does not answer.
        first = sides[0] if sides else None
        told = about.one(next((side for side in sides if side not in IN_THE_ANSWER), first), story)
    lines = list(told.lines)
    in_passing = at_home is not None and municipality is not None and municipality != at_home
    if in_passing:
        lines.insert(0, texts.text("about_town", language, municipality))
    buttons = card_buttons(knowledge, texts, entry, municipality, language, *sides)
    buttons = _first(told.next_door, buttons)
    if in_passing:
        buttons = tuple(_for_town(button, municipality) for button in buttons)
    return Reply(
        text="\n\n".join(line for line in lines if line),
        buttons=buttons,
        service=service,
        sources=told.sources,
        links=tuple(Link(pick(link.title, language) or link.url, link.url) for link in entry.links),
        checked_on=entry.verified_on.isoformat() if entry.verified_on else None,
    )


def _only_foreign(entry: Entry, attribute: str, language: str) -> bool:
    """Tell whether the answer is there in a language, and one side of it in others alone."""
    return language in entry.answer and language not in entry.attributes.get(attribute, (language,))


def not_known(
    knowledge: Knowledge,
    texts: Texts,
    entry: Entry,
    municipality: str | None,
    language: str,
    attribute: str | None = None,
) -> Reply:
    """Say that nothing is confirmed about an attribute, or that all was told; ask what else."""
    buttons = card_buttons(knowledge, texts, entry, municipality, language, attribute)
    if attribute is None:
        title = pick(entry.title, language) or entry.id
        told = texts.text("all_told", language, municipality, service=title)
        return Reply(told, buttons, service=entry.id)
    missing, next_door = About(
        knowledge, texts, entry, municipality, language, clock.today()
    ).missing(attribute)
    return Reply(missing, _first(next_door, buttons), service=entry.id)


def told_from(
    knowledge: Knowledge,
    texts: Texts,
    entry: Entry,
    municipality: str | None,
    language: str,
    attributes: Sequence[str],
) -> Reply:
    """Say where an answer, or what was told of ``attributes``, is written."""
    known = [name for name in attributes if entry.attribute(name, language)]
    about = About(knowledge, texts, entry, municipality, language, clock.today())
    found = about.sources(known or [None])
    lines = [
        f"• {source.title}, {source.date}" if source.date else f"• {source.title}"
        for source in found[:_SOURCES_TOLD]
    ]
    return Reply(
        "\n".join([texts.text("sources_title", language, municipality), *lines]),
        card_buttons(knowledge, texts, entry, municipality, language, *attributes),
        service=entry.id,
        sources=found,
    )


def _first(next_door: Button | None, buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Put the neighbour that knows before a card's own buttons, its title once."""
    if next_door is None:
        return buttons
    others = [button for button in buttons if button.title != next_door.title]
    return (next_door, *others)[:CARD_BUTTONS]


def _for_town(button: Button, town: str | None) -> Button:
    """Give a button of a card that asks for the same town as the card."""
    payload = parse(button.payload)
    if payload is None or payload.verb not in ("service", "attribute", "calculate"):
        return button
    return Button(button.title, f"{button.payload}:{town}")


def card_buttons(
    knowledge: Knowledge,
    texts: Texts,
    entry: Entry,
    municipality: str | None,
    language: str,
    *shown: str | None,
    calculated: bool = False,
) -> tuple[Button, ...]:
    """Give at most three buttons: a calculator, what else is known, a neighbour, a person."""
    attributes = [
        Button(texts.attribute(name, language), str(Payload("attribute", (entry.id, name))))
        for name in _attributes_after(entry, shown)
    ]
    calculator = None if calculated else calculator_of(entry.id)
    first = [calculator_button(texts, calculator.name, language)] if calculator else []
    related = service_buttons(knowledge, entry.related, municipality, language)
    room = CARD_BUTTONS - len(first) - min(len(related), 1)
    buttons = [*first, *attributes[:room], *related][:CARD_BUTTONS]
    if len(buttons) < CARD_BUTTONS:
        buttons.append(person_button(texts, language))
    return tuple(buttons)


def calculator_button(texts: Texts, name: str, language: str) -> Button:
    """Give the button that begins a calculation."""
    return Button(texts.text("calculate_button", language), str(Payload("calculate", (name,))))


def person_button(texts: Texts, language: str) -> Button:
    """Give the button that leads to a person."""
    return Button(texts.text("person_button", language), str(Payload("act", ("human",))))


def _attributes_after(entry: Entry, shown: Sequence[str | None]) -> list[str]:
    """Give the entry's attributes in order, from the one after those shown round to before them.

    So pressing the first button again and again leads through all of them.
    """
    last = next((name for name in reversed(shown) if name in ATTRIBUTES), None)
    start = ATTRIBUTES.index(last) + 1 if last else 0
    turned = (*ATTRIBUTES[start:], *ATTRIBUTES[:start])
    return [name for name in turned if name not in shown and entry.attributes.get(name)]


def service_buttons(
    knowledge: Knowledge, services: Sequence[str], municipality: str | None, language: str
) -> list[Button]:
    """Give a button for each of the ``services`` that has an entry, in the given order."""
    entries = [knowledge.entry(service, municipality) for service in dict.fromkeys(services)]
    return [
        Button(title, str(Payload("service", (entry.id,))))
        for entry in entries
        if entry is not None and (title := pick(entry.title, language))
    ]


def topic_buttons(
    knowledge: Knowledge,
    texts: Texts,
    catalogue: Catalogue,
    municipality: str | None,
    language: str,
) -> list[Button]:
    """Give a button for each topic something is known about, in the catalogue's order."""
    known = {id.partition(".")[0] for id in knowledge.entries(municipality)}
    return [
        Button(topic_name(texts, catalogue, topic, language), str(Payload("topic", (topic,))))
        for topic in catalogue.topics
        if topic in known
    ]


def topic_name(texts: Texts, catalogue: Catalogue, topic: str, language: str) -> str:
    """Give a topic's name: the short one of the texts, or else the catalogue's."""
    return texts.topic(topic, language) or catalogue.topics[topic].name(language)


def topic_menu(
    knowledge: Knowledge,
    texts: Texts,
    catalogue: Catalogue,
    topic: str,
    municipality: str | None,
    language: str,
) -> Reply:
    """List the services of a topic that something is known about.

    Raises:
        KeyError: when the catalogue has no such topic.
    """
    services = catalogue.topics[topic].service_ids
    buttons = service_buttons(knowledge, services, municipality, language)
    if not buttons:
        return texts.get("no_answer_yet", language, municipality)
    name = topic_name(texts, catalogue, topic, language)
    return Reply(texts.text("topic_title", language, municipality, topic=name), tuple(buttons))


def main_menu(
    knowledge: Knowledge,
    texts: Texts,
    catalogue: Catalogue,
    municipality: str | None,
    language: str,
    text_id: str = "menu_title",
) -> Reply:
    """List the topics and the way to a person, under the text ``text_id`` (``help``, ``greet``)."""
    topics = topic_buttons(knowledge, texts, catalogue, municipality, language)
    buttons = (*topics, person_button(texts, language))
    return Reply(texts.text(text_id, language, municipality), buttons)


def town_menu(knowledge: Knowledge, texts: Texts, town: str, language: str) -> Reply:
    """Ask which town is meant; with one town alone, say that it is the only one."""
    if len(knowledge.municipalities) < 2:
        return texts.get("change_municipality", language, town)
    buttons = tuple(
        Button(pick(municipality.name, language) or id, str(Payload("town", (id,))))
        for id, municipality in knowledge.municipalities.items()
        if id != town
    )
    return Reply(texts.text("choose_municipality", language, town), buttons)


def offer(
    knowledge: Knowledge,
    texts: Texts,
    services: Sequence[str],
    municipality: str | None,
    language: str,
) -> Reply:
    """Ask which of up to three services is meant; without any known one, say what to do instead."""
    buttons = service_buttons(knowledge, services, municipality, language)[:OFFERED]
    if not buttons:
        return texts.get("not_understood", language, municipality)
    none = Button(texts.text("none_of_these_title", language), str(Payload("none_of_these")))
    text_id = "offer" if len(buttons) > 1 else "offer_one"
    return Reply(texts.text(text_id, language, municipality), (*buttons, none))
