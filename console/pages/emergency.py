"""The emergency notice: what everybody who writes is told, once, above the answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.languages import LANGUAGES, REQUIRED
from bot.core.staff import May
from bot.store import emergency, journal
from console.guard import Page
from console.visit import Visit

#: The longest a notice may hold, and the longest text: it is read on a telephone.
MOST_SECONDS, MOST_CHARACTERS = 14 * 86_400.0, 500


def _town(visit: Visit) -> str:
    return visit.town or visit.site.settings.municipality


async def page(visit: Visit) -> Response:
    """Show the notice that holds, and the form for a new one."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", status: int = 200) -> Response:
    notice = await visit.site.database.read(emergency.current, _town(visit), visit.site.now())
    values = {
        "notice": notice,
        "problem": problem,
        "ways": LANGUAGES,
        "required": REQUIRED,
        "most": MOST_CHARACTERS,
        "given": visit.form,
    }
    return visit.page("emergency.html", values, status)


async def begin(visit: Visit) -> Response:
    """Let a notice begin."""
    now = visit.site.now()
    texts = {code: visit.field(f"text.{code}", MOST_CHARACTERS) for code in LANGUAGES}
    texts = {code: words for code, words in texts.items() if words}
    ends_at = visit.moment("until") or 0.0
    if not set(REQUIRED) <= set(texts):
        return await _shown(visit, "texts", 400)
    if not now < ends_at <= now + MOST_SECONDS:
        return await _shown(visit, "until", 400)

    def work(connection: Connection) -> None:
        actor, town = visit.member.actor, _town(visit)
        held = emergency.current(connection, town, now)
        if held is not None and (held.texts, held.ends_at) == (texts, ends_at):
            # The form was sent twice; who has seen the notice is not shown it again.
            return
        emergency.begin(connection, town, texts, ends_at, actor, now)
        details: dict[str, Any] = {"texts": texts, "until": ends_at}
        journal.write(connection, actor, "emergency.begin", town, details, now)

    await visit.site.database.run(work)
    return visit.back_to("/emergency", "notice_begun")


async def end(visit: Visit) -> Response:
    """End the notice that holds."""
    now = visit.site.now()

    def work(connection: Connection) -> None:
        emergency.end(connection, _town(visit), now)
        journal.write(connection, visit.member.actor, "emergency.end", _town(visit), now=now)

    await visit.site.database.run(work)
    return visit.back_to("/emergency", "notice_ended")


PAGES = [
    Page("/emergency", page, May.ADMINISTER),
    Page("/emergency", begin, May.ADMINISTER, "POST"),
    Page("/emergency/end", end, May.ADMINISTER, "POST"),
]
