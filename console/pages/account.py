"""What people look after themselves: their password, and where they are signed in."""

from __future__ import annotations

import asyncio

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.store import journal, staff, staff_sessions
from console import credentials
from console.guard import Page
from console.visit import Visit


async def account(visit: Visit) -> Response:
    """Show the account."""
    return visit.page("account.html", {"wrong": "", "shortest": credentials.SHORTEST})


async def change_password(visit: Visit) -> Response:
    """Change the password, with the present one; other sessions end."""
    member = visit.member
    password = str(visit.form.get("password", ""))
    problem = credentials.weakness(password, member.name)
    if problem is None and password != visit.form.get("again"):
        problem = "differs"
    present = str(visit.form.get("present", ""))[: credentials.LONGEST]
    if not await asyncio.to_thread(credentials.is_password, present, member.password_hash):
        problem = "wrong"
    if problem is not None:
        values = {"wrong": problem, "shortest": credentials.SHORTEST}
        return visit.page("account.html", values, 400)
    hashed = await asyncio.to_thread(credentials.hash_password, password)

    def keep(connection: Connection) -> None:
        staff.set_password(connection, member.id, hashed)
        staff_sessions.end_all(connection, member.id, but=visit.session.token_hash)
        journal.write(
            connection, member.actor, "staff.password", member.actor, now=visit.site.now()
        )

    await visit.site.database.run(keep)
    return visit.back_to("/account", "password_changed")


async def end_others(visit: Visit) -> Response:
    """End this person's sessions in other browsers."""
    await visit.site.database.run(
        staff_sessions.end_all, visit.member.id, but=visit.session.token_hash
    )
    return visit.back_to("/account", "others_ended")


PAGES = [
    Page("/account", account),
    Page("/account/password", change_password, method="POST"),
    Page("/account/end-others", end_others, method="POST"),
]
