"""The form of a round of ratings: what stands in it, what is made of it, how two of them differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.clock import GEORGIA
from bot.core.languages import LANGUAGES, REQUIRED
from bot.core.ratings import Scale
from bot.core.submissions.guards import Refused
from bot.store.ratings import Round
from bot.store.rounds import Plan, Project
from console.site import when
from console.visit import Visit, not_found

#: The longest name of a round or a project, and the longest text about a project.
MOST_CHARACTERS, MOST_SUMMARY = 80, 500
#: The fields of a project; they may stand in the form of a round.
_TITLE, _SUMMARY = "project.title", "project.summary"


@dataclass(frozen=True)
class Kept:
    """A round as it is kept: its ideas' codes, and the mark by which a change of it is noticed."""

    round: Round
    codes: Sequence[str]
    version: str


def given(found: Round) -> dict[str, str]:
    """Give a round as the form's fields hold it."""
    titles = {f"title.{code}": words for code, words in found.title.items()}
    moments = {"opens": found.opens_at, "closes": found.closes_at}
    fields = {
        name: datetime.fromtimestamp(at, GEORGIA).strftime("%Y-%m-%dT%H:%M")
        for name, at in moments.items()
    }
    return {**titles, **fields, "scale": found.scale.value}


def plan(visit: Visit) -> Plan:
    """Read the form of a round.

    Raises:
        Refused: ``round_title_missing`` or ``round_moment_missing``.
    """
    title = _texts(visit, "title", MOST_CHARACTERS)
    if not set(REQUIRED) <= set(title):
        raise Refused("round_title_missing")
    opens = visit.moment("opens") if visit.field("opens") else visit.site.now()
    closes = visit.moment("closes")
    if opens is None or closes is None:
        raise Refused("round_moment_missing")
    if visit.field("scale") not in Scale._value2member_map_:
        raise not_found()
    return Plan(title, Scale(visit.field("scale")), opens, closes, visit.many("codes"))


def project(visit: Visit) -> Project | None:
    """Read a project of the city; None when nothing of one was written.

    Raises:
        Refused: ``project_incomplete`` without title and text in Georgian and English.
    """
    title, summary = (
        _texts(visit, _TITLE, MOST_CHARACTERS),
        _texts(visit, _SUMMARY, MOST_SUMMARY),
    )
    if not title and not summary:
        return None
    if not (set(REQUIRED) <= set(title) and set(REQUIRED) <= set(summary)):
        raise Refused("project_incomplete")
    return Project(title, summary)


def _texts(visit: Visit, name: str, most: int) -> dict[str, str]:
    texts = {code: visit.field(f"{name}.{code}", most) for code in LANGUAGES}
    return {code: words for code, words in texts.items() if words}


def fields(visit: Visit) -> dict[str, object]:
    """Give what the templates need for the fields of a project, with what was sent."""
    return {
        "sent": dict(visit.form),
        "begun": any(_texts(visit, name, 1) for name in (_TITLE, _SUMMARY)),
        "ways": LANGUAGES,
        "required": REQUIRED,
        "most": MOST_CHARACTERS,
        "most_summary": MOST_SUMMARY,
    }


def differing(visit: Visit, kept: Kept) -> list[tuple[str, str, str]]:
    """List what was sent and is kept otherwise: the field's name, what is kept, what was sent."""
    words, held = visit.texts.ratings, kept.round
    languages: Mapping[str, str] = visit.texts.languages
    scales: Mapping[str, str] = words.scales
    rows = [
        (
            f"{words.name}: {languages[code]}",
            held.title.get(code, ""),
            visit.field(f"title.{code}", MOST_CHARACTERS),
        )
        for code in LANGUAGES
    ]
    rows += [
        (words.scale, scales[held.scale.value], scales.get(visit.field("scale"), "")),
        (words.opens, when(held.opens_at), when(visit.moment("opens"))),
        (words.closes, when(held.closes_at), when(visit.moment("closes"))),
        (words.choose, _listed(kept.codes), _listed(visit.many("codes"))),
    ]
    return [row for row in rows if row[1] != row[2]]


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(sorted(set(codes)))
