"""What a card says about a service: its answer, or the sides of it that were asked about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.knowledge import Entry, Knowledge, Rendered, SourceRef
from bot.core.languages import pick
from bot.core.next_step import next_step
from bot.core.payloads import Payload
from bot.core.replies import Button, Source
from bot.core.texts import Texts

#: "Your city hall" of a national text is told with that city hall's address and telephone.
_ASKED_AT_CITY_HALL = frozenset({"contact", "place"})
#: "How do I …" and the like of a message that names its service: the answer itself answers them.
IN_THE_ANSWER = frozenset({"steps", "contact", "place", "who", "exceptions"})
#: The service that is city hall's address and telephone.
_CITY_HALL = "public_information.contacts"
#: Topics whose services are each a matter of its own: what an aid gives tells nothing of another.
_APART = ("social_programmes.", "conscription.")


@dataclass(frozen=True)
class Told:
    """What is said: its paragraphs, where they are written, and a neighbour that knows more."""

    lines: tuple[str, ...]
    sources: tuple[Source, ...]
    next_door: Button | None = None


@dataclass(frozen=True)
class About:
    """What is known about a service in a town (None: the country's rule), in a language."""

    knowledge: Knowledge
    texts: Texts
    entry: Entry
    town: str | None
    language: str
    day: date

    def one(self, side: str | None, story: bool = False) -> Told:
        """Tell the answer, or one side; that the side is not known is said before the answer.

        ``story`` asks for the next step with the answer.
        """
        known = side if side and self.entry.attribute(side, self.language) else None
        rendered = self._rendered(known)
        lines = [*self._text(rendered, side), *self._remarks([rendered], known)]
        step = next_step(self.entry, self.language, self.day) if story and not side else None
        if step is not None and step not in rendered.text:
            lines.insert(1, self._say("next_step", step=step))
        next_door = None
        if side and known is None and side not in IN_THE_ANSWER:
            missing, next_door = self.missing(side)
            lines.insert(0, missing)
        return Told(tuple(lines), self.sources([side]), next_door)

    def several(self, sides: Sequence[str], known: Sequence[str], follow_up: bool) -> Told:
        """Tell each of several sides under the question it answers.

        What is not known is said once, after them. The answer itself comes first where it answers
        one of those, unless it was told before (``follow_up``).
        """
        missing = [side for side in sides if side not in known]
        lines: list[str] = []
        told: list[str | None] = list(known)
        if not follow_up and not IN_THE_ANSWER.isdisjoint(missing):
            missing = [side for side in missing if side not in IN_THE_ANSWER]
            told.insert(0, None)
        # Two questions may have the same answer: where to go and whom to ask.
        questions: dict[str, list[str | None]] = {}
        rendered = {side: self._rendered(side) for side in told}
        for side in told:
            questions.setdefault(rendered[side].text, []).append(side)
        for same in questions.values():
            text = self._text(rendered[same[0]], same[0])
            lines += [f"{self._heading(same)}{text[0]}", *text[1:]]
        next_door = None
        if missing:
            not_known, next_door = self.missing(missing[0])
            lines.append(f"{self._heading(missing)}{not_known}")
        lines += self._remarks(list(rendered.values()), told[0])
        # The same remark may belong to two sides.
        return Told(tuple(dict.fromkeys(lines)), self.sources(told), next_door)

    def missing(self, side: str) -> tuple[str, Button | None]:
        """Say that nothing is confirmed about a side; give the button of a neighbour that knows."""
        title = pick(self.entry.title, self.language) or self.entry.id
        missing, next_door = self._say("attribute_missing", service=title), self._next_door(side)
        if next_door is None:
            return missing, None
        known = self._say("attribute_next_door", service=next_door.title)
        return f"{missing}\n\n{known}", next_door

    def sources(self, told: Sequence[str | None]) -> tuple[Source, ...]:
        """Give where what was told is written, each place once: sides, or the answer (None)."""
        found: dict[str, Source] = {}
        for side in told:
            known = side if side and self.entry.attribute(side, self.language) else None
            facts, names = self._rendered(known).facts, self.entry.sources_of(known)
            places = sources(self.entry, facts, names, self.language, self.day)
            for source in (*places, *self._of_town(side)):
                found.setdefault(source.url, source)
        return tuple(found.values())

    def _of_town(self, side: str | None) -> tuple[Source, ...]:
        town = self.entry.town if self._is_asked_at_city_hall(side) else None
        return tuple(_source(each, self.language) for each in town.sources.values()) if town else ()

    def _say(self, text_id: str, **values: str) -> str:
        return self.texts.text(text_id, self.language, self.town, **values)

    def _rendered(self, side: str | None) -> Rendered:
        text = self.entry.attribute(side, self.language) if side else None
        answer = text or pick(self.entry.answer, self.language) or ""
        return self.entry.render(answer, self.language, self.day)

    def _text(self, rendered: Rendered, side: str | None) -> list[str]:
        """Give the text of a side or the answer, with what goes before and after it."""
        lines = [rendered.text]
        if self._is_asked_at_city_hall(side):
            # Who asks for city hall's telephone reads that first.
            place = 0 if self.entry.id == _CITY_HALL else 1
            lines.insert(place, self._say("town_contacts"))
        texts = self.entry.attributes.get(side or "")
        if texts and self.language not in texts:
            lines.insert(0, self._say("only_in_english"))
        return lines

    def _heading(self, sides: Sequence[str | None]) -> str:
        questions = [self.texts.attribute(side, self.language) for side in sides if side]
        return f"{' '.join(questions)}\n" if questions else ""

    def _is_asked_at_city_hall(self, side: str | None) -> bool:
        entry = self.entry
        return side in _ASKED_AT_CITY_HALL and entry.town is not None and entry.is_national(side)

    def _next_door(self, side: str) -> Button | None:
        """Give the neighbour that knows what is asked: a permit's papers, not its fee's."""
        known = (
            Button(title, str(Payload("attribute", (each.id, side))))
            for each in neighbours_that_know(self.knowledge, self.entry, side, self.town)
            if (title := pick(each.title, self.language))
        )
        return next(known, None)

    def _remarks(self, rendered: Sequence[Rendered], shown: str | None) -> list[str]:
        """Give the sentences under an answer: what its reader should know about it."""
        entry, remarks = self.entry, []
        if entry.town is not None and not entry.own:
            remarks.append(self._say("national_only"))
        elif entry.town is not None and shown is None and entry.is_national(None):
            remarks.append(self._say("national_rule"))
        if any(each.expired for each in rendered):
            remarks.append(self._say("expired"))
        if entry.review_by and entry.review_by < self.day and entry.verified_on:
            remarks.append(self._say("checked_on", date=entry.verified_on.isoformat()))
        return remarks


def neighbours_that_know(
    knowledge: Knowledge, entry: Entry, attribute: str, municipality: str | None
) -> Iterator[Entry]:
    """Give the neighbours of an entry whose attribute answers for it as well."""
    for service in entry.related:
        each = knowledge.entry(service, municipality)
        if each is None or attribute not in each.attributes:
            continue
        if not (entry.id.startswith(_APART) and service.startswith(_APART)):
            yield each


def sources(
    entry: Entry, facts: Sequence[str], names: Sequence[str], language: str, day: date
) -> tuple[Source, ...]:
    """Give the sources of a text, those of its figures first, then those ``names`` stand for."""
    periods = [entry.period(name, day) for name in facts]
    wanted = [*(period.source for period in periods if period), *names]
    found = [source for name in wanted if (source := entry.source(name))]
    by_address = {source.url: source for source in reversed(found)}
    in_order = sorted(by_address.values(), key=found.index)
    return tuple(_source(source, language) for source in in_order)


def _source(source: SourceRef, language: str) -> Source:
    return Source(pick(source.title, language) or source.url, source.url, source.date)
