"""The shape of an entry and of a town's file: which fields there are and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.core.knowledge import (
    ATTRIBUTES,
    Contact,
    Entry,
    FactPeriod,
    LinkRef,
    Municipality,
    SourceRef,
)
from bot.core.yaml_shapes import Path as KeyPath
from bot.core.yaml_shapes import Reader

ENTRY_FIELDS = (
    "title",
    "long_title",
    "words",
    "answer",
    "attributes",
    "facts",
    "sources",
    "links",
    "related",
    "verified_on",
    "review_by",
    "owner",
    "gaps",
)
FIGURES_FIELDS = ("facts", "sources")
PERIOD_FIELDS = ("value", "unit", "valid_from", "valid_until", "source")
TOWN_FIELDS = (
    "id",
    "name",
    "city_hall",
    "contacts",
    "sources",
    "verified_on",
    "review_by",
    "gaps",
)


def read_entry(reader: Reader, id: str, value: Any) -> Entry:
    """Read one entry; missing fields stay empty."""
    path: KeyPath = (id,)
    data = reader.mapping(value, path, ENTRY_FIELDS)
    return Entry(
        id=id,
        title=_optional_texts(reader, data, path, "title"),
        long_title=_optional_texts(reader, data, path, "long_title"),
        words=_optional_texts(reader, data, path, "words"),
        answer=_optional_texts(reader, data, path, "answer"),
        attributes=_read_attributes(reader, data, path),
        facts=_read_facts(reader, data, path),
        sources=read_sources(reader, data, path),
        links=_read_links(reader, data, path),
        related=_read_list(reader, data, path, "related"),
        verified_on=_optional_day(reader, data, path, "verified_on"),
        review_by=_optional_day(reader, data, path, "review_by"),
        owner=_optional_text(reader, data, path, "owner"),
        gaps=_read_list(reader, data, path, "gaps"),
    )


def read_figures(reader: Reader, value: Any) -> Entry:
    """Read the figures several entries share: an entry with nothing but facts and sources."""
    data = reader.mapping(value, (), FIGURES_FIELDS)
    return Entry(id="", facts=_read_facts(reader, data, ()), sources=read_sources(reader, data, ()))


def _optional_texts(
    reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str
) -> dict[str, str]:
    return reader.texts(data[name], (*path, name)) if name in data else {}


def _optional_text(reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str) -> str:
    return reader.text(data[name], (*path, name)) if name in data else ""


def _optional_day(reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str) -> date | None:
    return reader.day(data[name], (*path, name)) if name in data else None


def _read_attributes(
    reader: Reader, data: Mapping[str, Any], path: KeyPath
) -> dict[str, dict[str, str]]:
    if "attributes" not in data:
        return {}
    path = (*path, "attributes")
    given = reader.mapping(data["attributes"], path, ATTRIBUTES)
    return {name: reader.texts(texts, (*path, name)) for name, texts in given.items()}


def _read_facts(
    reader: Reader, data: Mapping[str, Any], path: KeyPath
) -> dict[str, tuple[FactPeriod, ...]]:
    if "facts" not in data:
        return {}
    path = (*path, "facts")
    facts = {}
    for name, items in reader.mapping(data["facts"], path).items():
        periods = [
            _read_period(reader, item, (*path, name, index))
            for index, item in enumerate(reader.items(items, (*path, name)))
        ]
        facts[name] = tuple(period for period in periods if period is not None)
    return facts


def _read_period(reader: Reader, value: Any, path: KeyPath) -> FactPeriod | None:
    data = reader.mapping(value, path, PERIOD_FIELDS)
    figure = data.get("value")
    if not isinstance(figure, str | int | float) or isinstance(figure, bool) or figure == "":
        reader.report("the figure has no value; give a number or a text", *path, "value")
        return None
    if "valid_from" not in data:
        reader.report("the figure lacks valid_from; give the day it came into force", *path)
        return None
    begin = reader.day(data["valid_from"], (*path, "valid_from"))
    end = data.get("valid_until")
    if end is not None:
        end = reader.day(end, (*path, "valid_until"))
    unit = _optional_text(reader, data, path, "unit")
    source = _optional_text(reader, data, path, "source")
    return FactPeriod(figure, unit, begin, end, source) if begin else None


def read_sources(reader: Reader, data: Mapping[str, Any], path: KeyPath) -> dict[str, SourceRef]:
    """Read where things are written, by the names they have in the file."""
    if "sources" not in data:
        return {}
    path = (*path, "sources")
    given = reader.mapping(data["sources"], path)
    return {name: _read_source(reader, value, (*path, name)) for name, value in given.items()}


def _read_source(reader: Reader, value: Any, path: KeyPath) -> SourceRef:
    data = reader.mapping(value, path, ("title", "url", "date"))
    day = ""
    if data.get("date") is None:
        reader.report("the source has no date; give the day it was issued or seen", *path)
    else:
        day = reader.source_date(data["date"], (*path, "date"))
    return SourceRef(*_read_title_and_url(reader, data, path), day)


def _read_links(reader: Reader, data: Mapping[str, Any], path: KeyPath) -> tuple[LinkRef, ...]:
    if "links" not in data:
        return ()
    path = (*path, "links")
    links = []
    for index, value in enumerate(reader.items(data["links"], path)):
        fields = reader.mapping(value, (*path, index), ("title", "url"))
        links.append(LinkRef(*_read_title_and_url(reader, fields, (*path, index))))
    return tuple(links)


def _read_title_and_url(
    reader: Reader, data: Mapping[str, Any], path: KeyPath
) -> tuple[dict[str, str], str]:
    title = reader.texts(data["title"], (*path, "title")) if "title" in data else {}
    return title, reader.text(data.get("url"), (*path, "url"))


def _read_list(
    reader: Reader, data: Mapping[str, Any], path: KeyPath, name: str
) -> tuple[str, ...]:
    if name not in data:
        return ()
    path = (*path, name)
    return tuple(
        reader.text(value, (*path, index))
        for index, value in enumerate(reader.items(data[name], path))
    )


def read_town(reader: Reader, value: Any) -> Municipality:
    """Read a town's file; missing fields stay empty."""
    fields = reader.mapping(value, (), TOWN_FIELDS)
    return Municipality(
        id=reader.text(fields.get("id"), ("id",)),
        name=_optional_texts(reader, fields, (), "name"),
        city_hall=_optional_texts(reader, fields, (), "city_hall"),
        contacts=_read_contacts(reader, fields),
        sources=read_sources(reader, fields, ()),
        verified_on=_optional_day(reader, fields, (), "verified_on"),
        review_by=_optional_day(reader, fields, (), "review_by"),
        gaps=_read_list(reader, fields, (), "gaps"),
    )


def _read_contacts(reader: Reader, fields: Mapping[str, Any]) -> dict[str, Contact]:
    if "contacts" not in fields:
        return {}
    contacts = {}
    for name, value in reader.mapping(fields["contacts"], ("contacts",)).items():
        path = ("contacts", name)
        data = reader.mapping(value, path)
        source = reader.text(data.get("source"), (*path, "source"))
        if "value" in data:
            data = reader.mapping(value, path, ("value", "source"))
            text: str | dict[str, str] = reader.text(data["value"], (*path, "value"))
        else:
            given = {key: item for key, item in data.items() if key != "source"}
            text = reader.texts(given, path)
        contacts[name] = Contact(text, source)
    return contacts
