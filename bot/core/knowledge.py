"""What the bot knows: entries per service, national ones overlaid by each town's own.

Entries are merged once, when the knowledge is loaded; asking for one is a look-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from bot.core import placeholders
from bot.core.languages import pick

#: What a resident may ask about a service, in the order in which the questions are offered.
ATTRIBUTES = (
    "price",
    "documents",
    "steps",
    "deadline",
    "place",
    "contact",
    "who",
    "exceptions",
    "penalty",
    "law",
)

PerLanguage = Mapping[str, str]


@dataclass(frozen=True)
class FactPeriod:
    """A figure with the days on which it holds: both ends included, None while it holds."""

    value: int | float | str
    unit: str
    valid_from: date
    valid_until: date | None
    source: str

    def holds(self, day: date) -> bool:
        """Tell whether the figure is valid on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class SourceRef:
    """Where something is written; ``date`` is ISO, only a month or a year when no more is known."""

    title: PerLanguage
    url: str
    date: str


@dataclass(frozen=True)
class LinkRef:
    """An official page a resident may open."""

    title: PerLanguage
    url: str


@dataclass(frozen=True)
class Contact:
    """A way to reach the city hall: one ``value`` for all languages or a text per language."""

    value: str | PerLanguage
    source: str

    def text(self, language: str) -> str | None:
        """Give the contact as it is written in ``language`` or the next best one."""
        return self.value if isinstance(self.value, str) else pick(self.value, language)


@dataclass(frozen=True)
class Municipality:
    """A town: its name, its city hall's name, and how to reach it."""

    id: str
    name: PerLanguage
    city_hall: PerLanguage
    contacts: Mapping[str, Contact]
    sources: Mapping[str, SourceRef]
    verified_on: date | None
    review_by: date | None
    gaps: tuple[str, ...] = ()

    def value(self, name: str, language: str) -> str | None:
        """Give what ``{name}`` stands for in a text: ``municipality``, ``city_hall``, a contact."""
        if name == "municipality":
            return pick(self.name, language)
        if name == "city_hall":
            return pick(self.city_hall, language)
        contact = self.contacts.get(name)
        return contact.text(language) if contact else None


#: Placeholders every town has a value for, besides its contacts.
TOWN_NAMES = frozenset({"municipality", "city_hall"})


@dataclass(frozen=True)
class Rendered:
    """A text with its figures filled in; ``facts`` are the names of those used.

    ``expired`` tells that a figure in it was not valid on the day asked for, so that the last
    known one stands there.
    """

    text: str
    expired: bool
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Figures that several entries use by name, with the sources they are written in.

    The names of these sources start with :data:`SHARED`, so that no entry has the same.
    """

    facts: Mapping[str, tuple[FactPeriod, ...]] = field(default_factory=dict)
    sources: Mapping[str, SourceRef] = field(default_factory=dict)

    def overlaid(self, town: Figures) -> Figures:
        """Give these national figures with those of a town before them."""
        return Figures({**self.facts, **town.facts}, {**self.sources, **town.sources})


#: What the name of a shared figure's source starts with.
SHARED = "figures:"


@dataclass(frozen=True)
class Entry:
    """What is known about one service.

    ``own`` tells whether the town has a rule of its own; ``town`` is None for a national entry
    asked for without a town. ``national`` is the entry a town's one was laid over, if any, and
    ``own_sources`` names the sources the town's one brought: a merged entry has both.
    ``figure_sources`` are those of the figures it shares with other entries. ``gaps`` name, for
    staff alone, what nobody could source yet. ``words`` are what people type for it, separated by
    commas: the search finds it by them, no resident reads them.
    """

    id: str
    title: PerLanguage = field(default_factory=dict)
    long_title: PerLanguage = field(default_factory=dict)
    words: PerLanguage = field(default_factory=dict)
    answer: PerLanguage = field(default_factory=dict)
    attributes: Mapping[str, PerLanguage] = field(default_factory=dict)
    facts: Mapping[str, tuple[FactPeriod, ...]] = field(default_factory=dict)
    sources: Mapping[str, SourceRef] = field(default_factory=dict)
    links: tuple[LinkRef, ...] = ()
    related: tuple[str, ...] = ()
    verified_on: date | None = None
    review_by: date | None = None
    owner: str = ""
    gaps: tuple[str, ...] = ()
    own: bool = False
    town: Municipality | None = None
    national: Entry | None = field(default=None, repr=False)
    own_sources: tuple[str, ...] = ()
    figure_sources: Mapping[str, SourceRef] = field(default_factory=dict)

    def overlaid(self, town: Entry) -> Entry:
        """Give this national entry as a town's ``town`` entry changes it."""
        return replace(
            town,
            title=town.title or self.title,
            long_title=town.long_title or self.long_title,
            words=town.words or self.words,
            answer=town.answer or self.answer,
            attributes={**self.attributes, **town.attributes},
            facts={**self.facts, **town.facts},
            sources={**town.sources, **_others(self.sources, town.sources)},
            links=town.links or self.links,
            related=town.related or self.related,
            verified_on=town.verified_on or self.verified_on,
            review_by=town.review_by or self.review_by,
            owner=town.owner or self.owner,
            national=self,
            own_sources=tuple(town.sources),
        )

    def texts(self) -> Iterator[str]:
        """List the texts that may name figures, in all languages."""
        for texts in (self.answer, *self.attributes.values()):
            yield from texts.values()

    def with_figures(self, shared: Figures) -> Entry:
        """Add the shared figures its texts name; a figure of its own goes before."""
        named = {name for text in self.texts() for name in placeholders.names(text)}
        taken = {
            name: periods
            for name, periods in shared.facts.items()
            if name in named and name not in self.facts
        }
        wanted = {period.source for periods in taken.values() for period in periods}
        sources = {name: source for name, source in shared.sources.items() if name in wanted}
        return replace(self, facts={**self.facts, **taken}, figure_sources=sources)

    def source(self, name: str) -> SourceRef | None:
        """Give a source of the entry, or of a figure it shares with others."""
        return self.sources.get(name) or self.figure_sources.get(name)

    def attribute(self, name: str, language: str) -> str | None:
        """Give an attribute's text, not yet rendered; None when nothing is known about it."""
        texts = self.attributes.get(name)
        return pick(texts, language) if texts else None

    def is_national(self, attribute: str | None) -> bool:
        """Tell whether the answer, or an attribute's text, is the country's and not the town's."""
        if self.national is None:
            return not self.own
        mine, theirs = self.answer, self.national.answer
        if attribute:
            mine = self.attributes.get(attribute, {})
            theirs = self.national.attributes.get(attribute, {})
        return mine is theirs

    def sources_of(self, attribute: str | None) -> tuple[str, ...]:
        """Give the names of the sources behind the answer, or behind an attribute's text.

        A text that is the country's rests on the national sources, a town's on the town's.
        """
        if self.national is None:
            return tuple(self.sources)
        if self.is_national(attribute):
            return tuple(self.national.sources)
        return self.own_sources or tuple(self.sources)

    def period(self, name: str, day: date) -> FactPeriod | None:
        """Give the figure ``name`` as it holds on ``day``, or else the last known one.

        When none has come into force yet, the first one that will.
        """
        periods = self.facts.get(name)
        if not periods:
            return None
        in_order = sorted(periods, key=lambda period: period.valid_from)
        begun = [period for period in in_order if period.valid_from <= day]
        return begun[-1] if begun else in_order[0]

    def render(self, text: str, language: str, day: date) -> Rendered:
        """Fill a text's placeholders with the figures of ``day`` and the town's contacts.

        A line (in a one-line text the sentence) with a contact the town lacks is left out.
        """
        used = tuple(name for name in placeholders.names(text) if name in self.facts)
        filled = placeholders.fill(text, lambda name: self._value(name, language, day))
        periods = [self.period(name, day) for name in used]
        expired = any(period is not None and not period.holds(day) for period in periods)
        return Rendered(filled, expired, used)

    def _value(self, name: str, language: str, day: date) -> str | None:
        period = self.period(name, day)
        if period is not None:
            return format_value(period.value)
        return self.town.value(name, language) if self.town else None


def _others(
    sources: Mapping[str, SourceRef], known: Mapping[str, SourceRef]
) -> dict[str, SourceRef]:
    return {name: source for name, source in sources.items() if name not in known}


def format_value(value: int | float | str | Decimal) -> str:
    """Write a figure as people read it: 3, 2.5, 10 000; a text stays as it is."""
    if isinstance(value, str):
        return value
    number = Decimal(str(value)).normalize()
    grouped = "," if abs(number) >= 10_000 else ""
    return format(number, f"{grouped}f").replace(",", " ")


@dataclass(frozen=True)
class Knowledge:
    """All entries and towns.

    ``merged`` holds, under a town's id or None for the whole country, every service's entry as
    it reads there, in the order of the catalogue.
    """

    municipalities: Mapping[str, Municipality]
    merged: Mapping[str | None, Mapping[str, Entry]]

    def entries(self, municipality: str | None) -> Mapping[str, Entry]:
        """Give all entries as they read in a town, in the catalogue's order.

        A town without a folder of its own has the national ones.
        """
        return self.merged.get(municipality, self.merged[None])

    def entry(self, service_id: str, municipality: str | None) -> Entry | None:
        """Give what is known about a service in a town, or None."""
        return self.entries(municipality).get(service_id)

    def municipality(self, id: str | None) -> Municipality | None:
        """Give a town, or None when there is no folder for it."""
        return self.municipalities.get(id) if id else None


def merge(
    order: Mapping[str, int],
    national: Mapping[str, Entry],
    towns: Mapping[str, Mapping[str, Entry]],
    municipalities: Mapping[str, Municipality],
    figures: Mapping[str | None, Figures],
) -> Knowledge:
    """Make the knowledge from the entries as the files have them.

    Args:
        order: each service's place in the catalogue.
        national: the national entries by id.
        towns: each town's own entries by id.
        municipalities: the towns by id.
        figures: what the entries share, of the country (None) and of each town.
    """
    shared = figures.get(None, Figures())
    country = {id: entry.with_figures(shared) for id, entry in national.items()}
    merged: dict[str | None, Mapping[str, Entry]] = {None: _sorted(country, order)}
    for id, town in municipalities.items():
        own = towns.get(id, {})
        mine = shared.overlaid(figures.get(id, Figures()))
        entries = {
            service: replace(
                _overlay(national.get(service), own.get(service)).with_figures(mine), town=town
            )
            for service in {*national, *own}
        }
        merged[id] = _sorted(entries, order)
    return Knowledge(municipalities, merged)


def _overlay(national: Entry | None, own: Entry | None) -> Entry:
    if own is None:
        assert national is not None  # noqa: S101 - one of the two holds the id
        return national
    own = replace(own, own=True)
    return national.overlaid(own) if national else own


def _sorted(entries: Mapping[str, Entry], order: Mapping[str, int]) -> dict[str, Entry]:
    return {id: entries[id] for id in sorted(entries, key=lambda id: order.get(id, len(order)))}
