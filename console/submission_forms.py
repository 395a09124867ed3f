"""What staff are asked for when they act on a submission, and the event made of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bot.core.clock import GEORGIA
from bot.core.programmes import Programme
from bot.core.submissions import reasons
from bot.core.submissions.model import Event

#: The fields of each event's form, in the order in which they are asked for.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "take": ("assignee", "due_at"),
    "ask": ("text",),
    "inform": ("text",),
    "merge": ("target",),
    "unmerge": (),
    "hide": ("reason",),
    "unhide": (),
    "reopen": ("due_at",),
    "assign": ("assignee", "due_at"),
    "categorise": ("category",),
    "revise": ("title", "body"),
    "publish": ("checked",),
    "accept": ("text", "who_and_when"),
    "plan": ("text",),
    "finish": ("text",),
    "drop": ("reason", "text"),
    "decline": ("reason", "text"),
    "refer": ("body", "contact"),
    "start": (),
    "fix": ("text",),
    "check": ("rules", "reason"),
    "evaluate": (),
    "decide": ("decision", "amount", "text"),
    "contract": ("official_ref",),
    "complete": (),
    "lapse": ("reason",),
}
#: What is done every day comes first, what concerns only the staff's own order last.
ORDER = (
    "take", "ask", "inform", "accept", "start", "fix", "plan", "finish", "publish", "check",
    "evaluate", "decide", "contract", "complete", "refer", "decline", "drop", "lapse", "reopen",
    "merge", "unmerge", "assign", "categorise", "revise", "hide", "unhide",
)  # fmt: skip
DECISIONS = ("approved", "reserve", "rejected")


@dataclass(frozen=True)
class ActionForm:
    """A form for one event: its fields and the reasons to choose from."""

    event: str
    fields: tuple[str, ...]
    reasons: tuple[str, ...]


def forms(events: tuple[str, ...]) -> list[ActionForm]:
    """Give the forms of the events that are possible now."""
    return [
        ActionForm(event, FIELDS[event], reasons.of_event(event))
        for event in ORDER
        if event in events
    ]


def event_of(type: str, given: Mapping[str, str], programme: Programme | None) -> Event:
    """Give the event that a form asks for; what is missing the transition's guards tell."""
    fields = FIELDS.get(type, ())
    data: dict[str, Any] = {}
    for name in fields:
        value = given.get(name, "").strip()
        if name in ("text", "reason") or not value:
            continue
        data[name] = value
    if "due_at" in data:
        data["due_at"] = end_of_day(data["due_at"])
    if "checked" in data:
        data["checked"] = True
    if "amount" in data:
        data["amount"] = _number(data["amount"])
    if "rules" in fields and programme is not None:
        data["rules"] = {
            rule.id: given[f"rule.{rule.id}"] == "yes"
            for rule in programme.rules
            if given.get(f"rule.{rule.id}") in ("yes", "no")
        }
    text = given.get("text", "").strip() if "text" in fields else ""
    reason = given.get("reason", "").strip() if "reason" in fields else ""
    return Event(type, text, reason, data)


def end_of_day(text: str) -> float | str:
    """Give the last moment of a day as ``2026-12-01``; what is no day stays as it is."""
    with suppress(ValueError):
        day = datetime.fromisoformat(text).date()
        return datetime.combine(day, time(23, 59), GEORGIA).timestamp()
    return text


def _number(text: str) -> float | str:
    with suppress(ValueError):
        return float(text.replace(" ", "").replace(",", "."))
    return text
