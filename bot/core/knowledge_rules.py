"""What must be true of an entry: small rules, each naming every place that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.core import placeholders
from bot.core.catalogue import Catalogue
from bot.core.errors import Finding
from bot.core.knowledge import TOWN_NAMES, Entry
from bot.core.knowledge_files import FiguresFile, TopicFile
from bot.core.knowledge_pack import BLANK
from bot.core.knowledge_wording import foreign_letters, foreign_words, other_script
from bot.core.languages import DEFAULT, REQUIRED
from bot.core.texts_files import TITLE_LENGTH
from bot.core.yaml_lines import Key
from bot.core.yaml_shapes import suggestion

LONG_TITLE_LENGTH = 60
_NEEDED = ("title", "long_title", "answer", "sources", "verified_on", "review_by", "owner")
_LANGUAGE_NAMES = {"ka": "Georgian", "en": "English"}


@dataclass(frozen=True)
class Place:
    """One entry in its file, with all a rule needs to judge it.

    ``entry`` is what the file says, ``merged`` what the town's residents read; ``contacts`` are
    the names of all towns' contacts, None when they are not known.
    """

    file: TopicFile | FiguresFile
    entry: Entry
    merged: Entry
    national: bool
    overlays: tuple[Entry, ...]
    catalogue: Catalogue
    contacts: frozenset[str] | None

    def finding(self, message: str, *path: Key) -> Finding:
        """Make a finding at a key path inside the entry."""
        id = (self.entry.id,) if self.entry.id else ()
        return self.file.document.finding(message, *id, *path)

    def texts(self) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """List the entry's texts with placeholders: key path, language, text."""
        for language, text in self.entry.answer.items():
            yield ("answer", language), language, text
        for name, texts in self.entry.attributes.items():
            for language, text in texts.items():
                yield ("attributes", name, language), language, text


Rule = Callable[[Place], Iterator[Finding]]


def _needed_fields(place: Place) -> Iterator[Finding]:
    """A national entry is complete; so is a town's where there is no national one."""
    if place.merged.national is not None:
        return
    given = place.file.document.data[place.entry.id]
    for name in _NEEDED:
        # What is there but has the wrong shape was named when it was read.
        if not isinstance(given, dict) or name not in given:
            yield place.finding(f"{name} is missing; add it")


def _both_languages(place: Place) -> Iterator[Finding]:
    """What residents read is there in Georgian and in English."""
    for path, texts in _texts_by_place(place.entry):
        for language in REQUIRED:
            if language not in texts and (texts or path[0] in ("sources", "links")):
                message = f"the {_LANGUAGE_NAMES[language]} text ({language}) is missing; add it"
                yield place.finding(message, *path)


def _texts_by_place(entry: Entry) -> Iterator[tuple[tuple[Key, ...], Mapping[str, str]]]:
    yield ("title",), entry.title
    yield ("long_title",), entry.long_title
    yield ("words",), entry.words
    yield ("answer",), entry.answer
    for name, texts in entry.attributes.items():
        yield ("attributes", name), texts
    for name, source in entry.sources.items():
        yield ("sources", name, "title"), source.title
    for index, link in enumerate(entry.links):
        yield ("links", index, "title"), link.title


def _title_lengths(place: Place) -> Iterator[Finding]:
    """Titles fit on a button, long titles in a heading."""
    for name, limit in (("title", TITLE_LENGTH), ("long_title", LONG_TITLE_LENGTH)):
        for language, text in getattr(place.entry, name).items():
            if len(text) > limit:
                message = f"“{text}” has {len(text)} characters; at most {limit} fit"
                yield place.finding(message, name, language)


def _review_dates(place: Place) -> Iterator[Finding]:
    """An entry is reviewed after it was verified."""
    entry = place.entry
    if entry.verified_on and entry.review_by and entry.review_by < entry.verified_on:
        yield place.finding("review_by is before verified_on; exchange them", "review_by")


def _known_placeholders(place: Place) -> Iterator[Finding]:
    """Every name in braces is a figure of the entry or a contact of a town."""
    known = {*place.merged.facts, *(place.contacts or ()), *TOWN_NAMES}
    for path, _, text in place.texts():
        for name in placeholders.names(text):
            if name not in known and place.contacts is not None:
                yield place.finding(f"{{{name}}} is not defined{suggestion(name, known)}", *path)
        if placeholders.has_stray_brace(text):
            message = "a brace stands alone; a name in braces is in small letters, like {rate}"
            yield place.finding(message, *path)
    for name in ("title", "long_title"):
        for language, text in getattr(place.entry, name).items():
            if "{" in text:
                yield place.finding("a title has no names in braces; write it out", name, language)


def _used_facts(place: Place) -> Iterator[Finding]:
    """Every figure is used by some text: of the entry, or of a town's entry over a national one."""
    entries = (place.entry, *place.overlays) if place.national else (place.merged,)
    used = {
        name
        for entry in entries
        for texts in (entry.answer, *entry.attributes.values())
        for text in texts.values()
        for name in placeholders.names(text)
    }
    for name in place.entry.facts:
        if name not in used:
            yield place.finding(f"no text uses {{{name}}}; use it or delete it", "facts", name)


def _same_placeholders(place: Place) -> Iterator[Finding]:
    """Every language gives the same figures as Georgian."""
    for path, texts in _texts_by_place(place.entry):
        if DEFAULT not in texts:
            continue
        wanted = set(placeholders.names(texts[DEFAULT]))
        for language, text in texts.items():
            different = wanted ^ set(placeholders.names(text))
            if different:
                names = ", ".join(f"{{{name}}}" for name in sorted(different))
                message = f"{names} stands in only one of {DEFAULT} and {language}; use it in both"
                # English is compared where the text begins, as Georgian is the other half of it.
                where = path if language in REQUIRED else (*path, language)
                yield place.finding(message, *where)


def _fact_sources(place: Place) -> Iterator[Finding]:
    """Every figure says where it is written."""
    for name, periods in place.entry.facts.items():
        if not periods:
            yield place.finding(f"{name} has no figure; add one or delete it", "facts", name)
        for index, period in enumerate(periods):
            path = ("facts", name, index)
            if not period.source:
                yield place.finding("the figure has no source; name one under sources", *path)
            elif period.source not in place.merged.sources:
                known = tuple(place.merged.sources)
                message = f"unknown source {period.source}{suggestion(period.source, known)}"
                yield place.finding(message, *path, "source")


def _fact_periods(place: Place) -> Iterator[Finding]:
    """A figure's periods have a beginning before their end and do not overlap."""
    for name, periods in place.entry.facts.items():
        for index, period in enumerate(periods):
            if period.valid_until and period.valid_until < period.valid_from:
                path = ("facts", name, index, "valid_until")
                yield place.finding("valid_until is before valid_from; exchange them", *path)
        numbered = sorted(enumerate(periods), key=lambda item: item[1].valid_from)
        for (_, earlier), (index, later) in pairwise(numbered):
            if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
                message = f"overlaps the period from {earlier.valid_from}; end that one before"
                yield place.finding(message, "facts", name, index)


def _urls(place: Place) -> Iterator[Finding]:
    """Sources and links are https addresses."""
    for name, source in place.entry.sources.items():
        if source.url and not source.url.startswith("https://"):
            yield place.finding(not_https(source.url), "sources", name, "url")
    for index, link in enumerate(place.entry.links):
        if link.url and not link.url.startswith("https://"):
            yield place.finding(not_https(link.url), "links", index, "url")


def not_https(url: str) -> str:
    """Say that an address is not one people can trust."""
    return f"{url} is no https address; give one that starts with https://"


def _wording(place: Place) -> Iterator[Finding]:
    """No Georgian letters outside Georgian texts, no foreign phrases inside them."""
    for path, texts in _texts_by_place(place.entry):
        for language, text in texts.items():
            letters = foreign_letters(text, language)
            if letters:
                message = f"Georgian letters in the {language} text: {letters}; translate them"
                yield place.finding(message, *path, language)
            # A source or a link may be named as it names itself.
            if path[0] in ("sources", "links"):
                continue
            if other_script(text, language):
                message = f"the {language} text is written in other letters; is it {language}?"
                yield place.finding(message, *path, language)
            words = foreign_words(text, language)
            if words:
                message = f"words in Latin letters in the Georgian text: {words}; write Georgian"
                yield place.finding(message, *path, language)


def _filled_in(place: Place) -> Iterator[Finding]:
    """Nothing is left of a template."""
    for path, texts in _texts_by_place(place.entry):
        for language, text in texts.items():
            if text == BLANK:
                yield place.finding("still to be filled in; write it or delete it", *path, language)


def _related(place: Place) -> Iterator[Finding]:
    """Neighbouring services are services of the catalogue, and not the entry itself."""
    for index, id in enumerate(place.entry.related):
        if id == place.entry.id:
            yield place.finding("an entry is not related to itself; delete it", "related", index)
        elif id not in place.catalogue.services:
            message = f"unknown service {id}{suggestion(id, place.catalogue.services)}"
            yield place.finding(message, "related", index)


#: What must be true of the figures that several entries share.
FIGURE_RULES: tuple[Rule, ...] = (_both_languages, _fact_sources, _fact_periods, _urls, _wording)

RULES: tuple[Rule, ...] = (
    _needed_fields,
    _both_languages,
    _title_lengths,
    _review_dates,
    _known_placeholders,
    _used_facts,
    _same_placeholders,
    _fact_sources,
    _fact_periods,
    _urls,
    _wording,
    _filled_in,
    _related,
)
