"""Who may sign in: adding people, their roles and towns, letting in anew, shutting out."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.core.errors import InputError
from bot.core.staff import May, Role
from bot.store import journal, staff, waiting
from bot.store.staff import Member, NewMember
from console.guard import Page
from console.visit import Visit, not_found

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}\Z")


async def listing(visit: Visit) -> Response:
    """Show everybody this person looks after."""
    return await _shown(visit)


async def _shown(visit: Visit, problem: str = "", status: int = 200, **more: Any) -> Response:
    people = await visit.site.database.read(staff.everybody)
    values = {
        "people": [one for one in people if visit.sees(one.municipality)],
        "roles": list(Role),
        "towns": [visit.town] if visit.town else [None, *visit.site.towns()],
        "town_names": visit.site.town_names(visit.language),
        # Of a refused form, what was written.
        "given": visit.form if problem else {},
        "problem": problem,
        "invited": None,
        **more,
    }
    return visit.page("people.html", values, status)


def _role_and_town(visit: Visit) -> tuple[Role, str | None]:
    """Read role and town; who sees one town only can give leave for that one alone."""
    role, town = visit.field("role"), visit.field("municipality") or None
    known = town is None or town in visit.site.towns()
    if role not in Role._value2member_map_ or not known or not visit.sees(town):
        raise not_found()
    return Role(role), town


async def add(visit: Visit) -> Response:
    """Add somebody; their one-time password is shown this once."""
    name, full_name = visit.field("name", 40).lower(), visit.field("full_name", 120)
    role, town = _role_and_town(visit)
    if not _NAME.match(name) or not full_name:
        return await _shown(visit, "name", 400)
    password, invitation = visit.site.keyring.invite(visit.site.now())

    def work(connection: Connection) -> Member:
        new = NewMember(name, full_name, role, town)
        member = staff.add(connection, new, invitation, visit.site.now())
        _write(connection, visit, "staff.add", member, {"role": role.value, "town": town})
        return member

    try:
        member = await visit.site.database.run(work)
    except InputError:
        return await _shown(visit, "taken", 409)
    return await _shown(visit, invited=member, password=password)


def _other(connection: Connection, visit: Visit) -> Member:
    """Give whom it is about: nobody of another town, and never oneself."""
    found = staff.by_id(connection, visit.request.path_params["id"])
    if found is None or found.id == visit.member.id or not visit.sees(found.municipality):
        raise not_found()
    return found


def _write(
    connection: Connection, visit: Visit, action: str, about: Member, details: Any = None
) -> None:
    now = visit.site.now()
    journal.write(connection, visit.member.actor, action, about.actor, details, now)


async def change(visit: Visit) -> Response:
    """Give somebody another role or town; they sign in anew."""
    role, town = _role_and_town(visit)

    def work(connection: Connection) -> None:
        other = _other(connection, visit)
        staff.change(connection, other.id, role, town)
        waiting.release(connection, other.id)
        _write(connection, visit, "staff.change", other, {"role": role.value, "town": town})

    await visit.site.database.run(work)
    return visit.back_to("/people", "changed")


async def reset(visit: Visit) -> Response:
    """Let somebody choose a new password and second factor."""
    password, invitation = visit.site.keyring.invite(visit.site.now())

    def work(connection: Connection) -> Member:
        other = _other(connection, visit)
        staff.invite_again(connection, other.id, invitation)
        _write(connection, visit, "staff.reset", other)
        return other

    member = await visit.site.database.run(work)
    return await _shown(visit, invited=member, password=password)


async def disable(visit: Visit) -> Response:
    """Shut somebody out at once; who they talked with waits for a colleague."""

    def work(connection: Connection) -> None:
        other = _other(connection, visit)
        staff.disable(connection, other.id, visit.site.now())
        waiting.release(connection, other.id)
        _write(connection, visit, "staff.disable", other)

    await visit.site.database.run(work)
    return visit.back_to("/people", "shut_out")


PAGES = [
    Page("/people", listing, May.ADMINISTER),
    Page("/people", add, May.ADMINISTER, "POST"),
    Page("/people/{id:int}/change", change, May.ADMINISTER, "POST"),
    Page("/people/{id:int}/reset", reset, May.ADMINISTER, "POST"),
    Page("/people/{id:int}/disable", disable, May.ADMINISTER, "POST"),
]
