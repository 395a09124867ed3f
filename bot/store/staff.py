"""The people who may sign in to the console.

Every function runs inside the caller's transaction. Whatever takes rights away from somebody ends
their sessions in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.engine.row import Row
from sqlalchemy.exc import IntegrityError

from bot.core.errors import InputError
from bot.core.staff import Role
from bot.store import staff_sessions
from bot.store.staff_tables import staff


@dataclass(frozen=True)
class Member:
    """Somebody who may sign in; ``municipality`` None sees every town."""

    id: int
    name: str
    full_name: str
    role: Role
    municipality: str | None
    password_hash: str | None
    one_time_hash: str | None
    one_time_until: float | None
    totp_salt: str
    totp_step: int
    recovery_hashes: tuple[str, ...]
    enrolled_at: float | None
    disabled_at: float | None
    created_at: float
    signed_in_at: float | None

    @property
    def actor(self) -> str:
        """Who did something, as the journal and the histories write it."""
        return f"staff:{self.id}"


@dataclass(frozen=True)
class NewMember:
    """Somebody to be added."""

    name: str
    full_name: str
    role: Role
    municipality: str | None


@dataclass(frozen=True)
class Invitation:
    """What lets somebody in once: the hash of a password, its end, and a new second factor."""

    one_time_hash: str
    until: float
    totp_salt: str


def add(connection: Connection, new: NewMember, invitation: Invitation, now: float) -> Member:
    """Add somebody, who then signs in with the one-time password.

    Raises:
        InputError: when somebody of that name is there already.
    """
    values = {
        "name": new.name,
        "full_name": new.full_name,
        "role": new.role.value,
        "municipality": new.municipality,
        "one_time_hash": invitation.one_time_hash,
        "one_time_until": invitation.until,
        "totp_salt": invitation.totp_salt,
        "created_at": now,
    }
    try:
        connection.execute(insert(staff).values(**values))
    except IntegrityError as error:
        raise InputError(
            f"{new.name} is there already; choose another name or use `cbot staff reset`."
        ) from error
    return _member(connection.execute(select(staff).where(staff.c.name == new.name)).one())


def invite_again(connection: Connection, id: int, invitation: Invitation) -> None:
    """Let somebody choose a new password and second factor; what they had opens nothing more."""
    _set(
        connection,
        id,
        password_hash=None,
        recovery_hashes="[]",
        enrolled_at=None,
        disabled_at=None,
        one_time_hash=invitation.one_time_hash,
        one_time_until=invitation.until,
        totp_salt=invitation.totp_salt,
        totp_step=0,
    )
    staff_sessions.end_all(connection, id)


def by_name(connection: Connection, name: str) -> Member | None:
    """Give who signs in as ``name``."""
    row = connection.execute(select(staff).where(staff.c.name == name)).first()
    return _member(row) if row is not None else None


def by_id(connection: Connection, id: int) -> Member | None:
    """Give somebody by number."""
    row = connection.execute(select(staff).where(staff.c.id == id)).first()
    return _member(row) if row is not None else None


def everybody(connection: Connection) -> list[Member]:
    """Give all people, in the order of their names."""
    return [_member(row) for row in connection.execute(select(staff).order_by(staff.c.name))]


def names(connection: Connection) -> dict[str, str]:
    """Give the names of all, by how the histories write them (``staff:7``)."""
    rows = connection.execute(select(staff.c.id, staff.c.full_name))
    return {f"staff:{row.id}": row.full_name for row in rows}


def enrol(
    connection: Connection, id: int, password_hash: str, recovery: Sequence[str], now: float
) -> None:
    """Note that somebody chose a password and confirmed the second factor."""
    _set(
        connection,
        id,
        password_hash=password_hash,
        recovery_hashes=json.dumps(list(recovery)),
        enrolled_at=now,
        one_time_hash=None,
        one_time_until=None,
    )


def set_password(connection: Connection, id: int, password_hash: str) -> None:
    """Keep a new password's hash."""
    _set(connection, id, password_hash=password_hash)


def signed_in(connection: Connection, id: int, now: float) -> None:
    """Note when somebody came in."""
    _set(connection, id, signed_in_at=now)


def use_step(connection: Connection, id: int, step: int) -> bool:
    """Use up a time step of the second factor; False when it or a later one was used already."""
    changed = connection.execute(
        update(staff).where(staff.c.id == id, staff.c.totp_step < step).values(totp_step=step)
    )
    return bool(changed.rowcount)


def use_recovery(connection: Connection, id: int, code_hash: str) -> bool:
    """Use up a recovery code; False when it is none, or none any more."""
    row = connection.execute(
        select(staff.c.recovery_hashes).where(staff.c.id == id).with_for_update()
    ).one()
    left = json.loads(row.recovery_hashes)
    if code_hash not in left:
        return False
    left.remove(code_hash)
    _set(connection, id, recovery_hashes=json.dumps(left))
    return True


def change(connection: Connection, id: int, role: Role, municipality: str | None) -> None:
    """Give somebody another role or town; they sign in anew."""
    _set(connection, id, role=role.value, municipality=municipality)
    staff_sessions.end_all(connection, id)


def disable(connection: Connection, id: int, now: float) -> None:
    """Shut somebody out, at once."""
    _set(connection, id, disabled_at=now)
    staff_sessions.end_all(connection, id)


def _set(connection: Connection, id: int, **values: object) -> None:
    connection.execute(update(staff).where(staff.c.id == id).values(**values))


def _member(row: Row) -> Member:
    values = dict(row._mapping)
    values["role"] = Role(values["role"])
    values["recovery_hashes"] = tuple(json.loads(values["recovery_hashes"]))
    return Member(**values)
