"""The whole knowledge for others: a page to print and proofread, a table, schema.org data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any

from bot.core import answers
from bot.core.knowledge import ATTRIBUTES, Entry, Municipality, SourceRef
from bot.core.knowledge_folder import Loaded
from bot.core.languages import LANGUAGES, pick

FORMATS = ("html", "json", "csv")


def as_csv(loaded: Loaded, town: str, day: date) -> str:
    """Give every text as a row: service, whose rule, language, field, text with its figures."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("service", "rule", "language", "field", "text", "verified_on", "review_by"))
    for entry in loaded.knowledge.entries(town).values():
        for field, texts in _texts(entry):
            rule = "national" if _is_national(entry, field) else town
            for language, text in texts.items():
                filled = entry.render(text, language, day).text
                dates = (entry.verified_on or "", entry.review_by or "")
                writer.writerow((entry.id, rule, language, field, filled, *dates))
    return out.getvalue()


def _is_national(entry: Entry, field: str) -> bool:
    if field in ("title", "long_title") and entry.national is not None:
        return getattr(entry, field) is getattr(entry.national, field)
    return entry.is_national(field if field in ATTRIBUTES else None)


def _texts(entry: Entry) -> Iterator[tuple[str, Any]]:
    yield "title", entry.title
    yield "long_title", entry.long_title
    yield "answer", entry.answer
    for name in ATTRIBUTES:
        if name in entry.attributes:
            yield name, entry.attributes[name]


def as_json_ld(loaded: Loaded, town: str, day: date) -> str:
    """Give all services as schema.org ``GovernmentService``, in all their languages."""
    graph = {"@context": "https://schema.org", "@graph": _services(loaded, town, day)}
    return json.dumps(graph, ensure_ascii=False, indent=2) + "\n"


def _services(loaded: Loaded, town: str, day: date) -> list[dict[str, Any]]:
    municipality = loaded.knowledge.municipalities[town]
    services = []
    for entry in loaded.knowledge.entries(town).values():
        topic = loaded.catalogue.topics[entry.id.partition(".")[0]]
        service: dict[str, Any] = {
            "@type": "GovernmentService",
            "identifier": entry.id,
            "name": _in_languages(entry.long_title or entry.title),
            "alternateName": _in_languages(entry.title),
            "description": _in_languages(
                {code: entry.render(text, code, day).text for code, text in entry.answer.items()}
            ),
            "serviceType": _in_languages(
                {code: topic.name(code) for code in entry.answer if topic.name(code)}
            ),
            "areaServed": {
                "@type": "AdministrativeArea",
                "name": _in_languages(dict(municipality.name)),
            },
            "provider": _provider(municipality),
            "availableChannel": _channel(municipality, entry),
            "isRelatedTo": [
                {"@type": "GovernmentService", "identifier": id} for id in entry.related
            ],
            "subjectOf": [
                {
                    "@type": "CreativeWork",
                    "name": _in_languages(dict(source.title)),
                    "url": source.url,
                    "datePublished": source.date,
                }
                for source in _all_sources(entry)
            ],
        }
        services.append({name: value for name, value in service.items() if value})
    return services


def _in_languages(texts: dict[str, str] | Any) -> list[dict[str, str]]:
    return [{"@language": code, "@value": text} for code, text in texts.items()]


def _provider(municipality: Municipality) -> dict[str, Any]:
    provider = {
        "@type": "GovernmentOrganization",
        "name": _in_languages(dict(municipality.city_hall)),
        "telephone": municipality.value("phone", "en") or municipality.value("hotline", "en"),
        "address": municipality.value("address", "en"),
        "url": municipality.value("website", "en"),
    }
    return {name: value for name, value in provider.items() if value}


def _channel(municipality: Municipality, entry: Entry) -> dict[str, Any]:
    hotline = municipality.value("hotline", "en")
    channel: dict[str, Any] = {
        "@type": "ServiceChannel",
        "availableLanguage": list(entry.answer),
        "serviceUrl": entry.links[0].url if entry.links else None,
        "servicePhone": {"@type": "ContactPoint", "telephone": hotline} if hotline else None,
    }
    return {name: value for name, value in channel.items() if value}


_STYLE = """\
body{font:11pt/1.45 "Noto Sans Georgian",sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h2{border-bottom:2px solid;margin-top:2.5rem}h3{margin-bottom:.2rem}
article{break-inside:avoid;margin-bottom:1.6rem}dt{font-weight:600;margin-top:.4rem}
dd{margin:0 0 0 1rem;white-space:pre-line}.small{font-size:8.5pt;color:#555}
.answer{white-space:pre-line}nav li{margin:.1rem 0}
@media print{nav{break-after:page}a{color:inherit}}
"""


def as_html(loaded: Loaded, town: str, language: str, day: date) -> str:
    """Give the knowledge of a town as one page to print, with its schema.org data inside."""
    texts, knowledge = loaded.texts, loaded.knowledge
    municipality = knowledge.municipalities[town]
    title = pick(municipality.city_hall, language) or town
    parts, contents = [], []
    for topic in loaded.catalogue.topics:
        name = answers.topic_name(texts, loaded.catalogue, topic, language)
        contents.append(f'<li><a href="#{topic}">{escape(name)}</a></li>')
        parts.append(f'<h2 id="{topic}">{escape(name)}</h2>')
        for entry in knowledge.entries(town).values():
            if entry.id.startswith(f"{topic}."):
                parts.append(_article(loaded, entry, language, day))
    # In a script element only "</" could end it early.
    data = as_json_ld(loaded, town, day).replace("</", "<\\/")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}, {day.isoformat()}</title>\n<style>\n{_STYLE}</style>\n"
        f'<script type="application/ld+json">\n{data}</script>\n</head>\n<body>\n'
        f"<h1>{escape(title)}, {day.isoformat()}</h1>\n<nav><ul>{''.join(contents)}</ul></nav>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _all_sources(entry: Entry) -> list[SourceRef]:
    """Give every source once, also when a shared figure brings one that the entry has."""
    sources = (*entry.sources.values(), *entry.figure_sources.values())
    return list({source.url: source for source in reversed(sources)}.values())[::-1]


def _article(loaded: Loaded, entry: Entry, language: str, day: date) -> str:
    texts = loaded.texts

    def filled(text: str | None) -> str:
        return escape(entry.render(text or "", language, day).text.strip())

    rows = [
        f"<dt>{escape(texts.attribute(name, language))}</dt><dd>{filled(text)}</dd>"
        for name in ATTRIBUTES
        if (text := entry.attribute(name, language))
    ]
    sources = [
        f'<li><a href="{escape(source.url)}">{escape(pick(source.title, language) or source.url)}'
        f"</a>, {escape(source.date)}</li>"
        for source in _all_sources(entry)
    ]
    remarks = []
    if not entry.own and entry.town is not None:
        remarks.append(texts.text("national_only", language, entry.town.id))
    if entry.verified_on:
        checked = entry.verified_on.isoformat()
        remarks.append(texts.text("checked_on", language, date=checked))
    heading = pick(entry.long_title, language) or entry.id
    small = " ".join(escape(remark) for remark in (*remarks, entry.id, entry.owner) if remark)
    return (
        f'<article id="{entry.id}">\n<h3>{escape(heading)}</h3>\n'
        f'<p class="answer">{filled(pick(entry.answer, language))}</p>\n'
        f"<dl>{''.join(rows)}</dl>\n"
        f'<p class="small">{small}</p>\n<ul class="small">{"".join(sources)}</ul>\n</article>'
    )


def export(loaded: Loaded, form: str, town: str, language: str, day: date) -> str:
    """Give the knowledge of a town in one of the :data:`FORMATS`.

    Raises:
        KeyError: when there is no such town.
        ValueError: when the format or the language is none of ours.
    """
    if form not in FORMATS or language not in LANGUAGES:
        raise ValueError(f"{form} in {language}")
    if form == "csv":
        return as_csv(loaded, town, day)
    if form == "json":
        return as_json_ld(loaded, town, day)
    return as_html(loaded, town, language, day)
