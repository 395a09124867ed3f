from __future__ import annotations

import pytest

from bot.core.errors import InputError
from bot.core.staff import Role
from bot.store import staff, staff_sessions
from bot.store.database import Database
from bot.store.staff import Invitation, Member, NewMember

NINO = NewMember("nino", "ნინო", Role.CLERK, "rustavi")


def added(database: Database, new: NewMember = NINO) -> Member:
    return database.call(staff.add, new, Invitation("hash", 500.0, "salt"), 100.0)


def test_somebody_is_added_once(database: Database) -> None:
    member = added(database)
    assert (member.actor, member.role, member.municipality) == (
        f"staff:{member.id}",
        Role.CLERK,
        "rustavi",
    )
    assert (member.one_time_hash, member.one_time_until) == ("hash", 500.0)
    with pytest.raises(InputError):
        added(database)
    assert [one.name for one in database.call(staff.everybody)] == ["nino"]
    assert database.call(staff.names) == {member.actor: "ნინო"}


def test_step_of_the_second_factor_is_used_once_and_never_an_earlier_one(
    database: Database,
) -> None:
    id = added(database).id
    used = [database.call(staff.use_step, id, step) for step in (7, 7, 6, 8)]
    assert used == [True, False, False, True]


def test_recovery_code_is_used_once(database: Database) -> None:
    id = added(database).id
    database.call(staff.enrol, id, "password", ["a", "b"], 200.0)
    used = [database.call(staff.use_recovery, id, code) for code in ("a", "a", "c", "b")]
    assert used == [True, False, False, True]


@pytest.mark.parametrize("what", ["disable", "change", "invite_again"])
def test_whatever_takes_rights_away_ends_the_sessions(database: Database, what: str) -> None:
    member = added(database)
    database.call(staff_sessions.begin, "token", member.id, "full", 200.0)
    assert database.call(staff_sessions.find, "token", 201.0) is not None
    if what == "disable":
        database.call(staff.disable, member.id, 202.0)
    elif what == "change":
        database.call(staff.change, member.id, Role.VIEWER, None)
    else:
        database.call(staff.invite_again, member.id, Invitation("new", 900.0, "other"))
    assert database.call(staff_sessions.find, "token", 203.0) is None


def test_failures_are_counted_within_their_window_and_forgiven(database: Database) -> None:
    for at in (100.0, 150.0, 190.0):
        database.call(staff_sessions.failed, ["a", "b"], at, 60.0)
    assert database.call(staff_sessions.failures, "a", 140.0) == 2
    database.call(staff_sessions.forgive, "a")
    assert database.call(staff_sessions.failures, "a", 0.0) == 0
    assert database.call(staff_sessions.failures, "b", 0.0) == 2


def test_other_sessions_end_and_this_one_stays(database: Database) -> None:
    member = added(database)
    for token in ("here", "there"):
        database.call(staff_sessions.begin, token, member.id, "full", 200.0)
    database.call(staff_sessions.end_all, member.id, but="here")
    assert database.call(staff_sessions.find, "here", 201.0) is not None
    assert database.call(staff_sessions.find, "there", 201.0) is None
