from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.staff import Role
from bot.store import inbox, staff, waiting
from bot.store.database import Database
from bot.store.staff import Invitation, NewMember
from tests.store.samples import ME, WEB, said


@pytest.fixture
def clerks(database: Database) -> list[int]:
    database.call(inbox.add, said("a", "1"), 100.0)
    invitation = Invitation("", 0.0, "salt")
    return [
        database.call(staff.add, NewMember(name, name, Role.CLERK, None), invitation, 1.0).id
        for name in ("nino", "levan", "eka", "zaza")
    ]


def test_one_of_many_takes_a_conversation(
    database: Database, other: Database, clerks: list[int]
) -> None:
    assert database.call(waiting.ask, "a", "rustavi", 101.0)
    assert not database.call(waiting.ask, "a", "rustavi", 102.0)
    (one,) = database.call(waiting.open_ones, "rustavi")
    with ThreadPoolExecutor(4) as pool:
        taken = list(
            pool.map(
                lambda pair: pair[0].call(waiting.take, one.id, pair[1], 103.0),
                zip([database, other, database, other], clerks, strict=True),
            )
        )
    assert sorted(taken) == [False, False, False, True]
    owner = clerks[taken.index(True)]
    stranger = clerks[taken.index(False)]
    assert not database.call(waiting.hand_back, one.id, stranger, 104.0)
    assert database.call(waiting.hand_back, one.id, owner, 104.0)
    assert database.call(waiting.open_ones) == []


def test_bot_is_silent_while_somebody_talks(database: Database, clerks: list[int]) -> None:
    database.call(waiting.ask, "a", "rustavi", 101.0)
    (one,) = database.call(waiting.open_ones)
    database.call(waiting.take, one.id, clerks[0], 102.0)
    database.call(inbox.add, said("a", "2"), 103.0)
    assert database.call(inbox.claim, ME, WEB, 200.0, 9) == []
    database.call(waiting.release, clerks[0])
    assert database.call(inbox.claim, ME, WEB, 200.0, 9) == []
    (again,) = database.call(waiting.open_ones)
    assert again.taken_by is None
    database.call(waiting.take, one.id, clerks[1], 104.0)
    database.call(waiting.hand_back, one.id, clerks[1], 105.0)
    database.call(inbox.add, said("a", "3"), 106.0)
    assert [claimed.ext_id for claimed in database.call(inbox.claim, ME, WEB, 200.0, 9)] == ["3"]


def test_other_towns_are_not_listed(database: Database, clerks: list[int]) -> None:
    database.call(waiting.ask, "a", "marneuli", 101.0)
    assert database.call(waiting.open_ones, "rustavi") == []
    assert len(database.call(waiting.open_ones)) == 1
