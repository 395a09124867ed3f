from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from bot.store import journal
from bot.store.database import Database
from bot.store.journal_tables import journal as table


def test_lines_are_listed_newest_first_with_what_they_tell(database: Database) -> None:
    database.call(journal.write, "staff:1", "models.publish", "20260101", {"მიზეზი": "ჩქარა"}, 5.0)
    database.call(journal.write, "timer", "submissions.expire", "R-17", now=6.0)
    newest, oldest = database.call(journal.entries)
    assert (newest.actor, newest.action, newest.subject, newest.at) == (
        ("timer", "submissions.expire", "R-17", 6.0)
    )
    assert newest.details == {}
    assert oldest.details == {"მიზეზი": "ჩქარა"}


def test_lines_are_found_by_actor_action_area_subject_time_and_page(database: Database) -> None:
    for number in range(4):
        action = "models.publish" if number % 2 else "models.note"
        database.call(journal.write, f"staff:{number}", action, f"m{number}", now=float(number))
    database.call(journal.write, "staff:0", "modelsx", "m0", now=9.0)

    def found(**given: object) -> list[str]:
        return [entry.subject for entry in database.call(journal.entries, **given)]

    assert found(actor="staff:2") == ["m2"]
    assert found(action="models.publish") == ["m3", "m1"]
    assert found(action="models.") == ["m3", "m2", "m1", "m0"]
    assert found(subject="m0", action="models.note") == ["m0"]
    assert found(since=1.0, until=3.0) == ["m2", "m1"]
    assert found(limit=1) == ["m0"]
    last = database.call(journal.entries, limit=2)[-1]
    assert found(before_id=last.id) == ["m2", "m1", "m0"]


def test_line_that_is_too_long_is_cut_not_refused(database: Database) -> None:
    database.call(journal.write, "a" * 500, "b" * 500, "c" * 500)
    (entry,) = database.call(journal.entries)
    assert (len(entry.actor), len(entry.action), len(entry.subject)) == (80, 80, 255)


@pytest.mark.parametrize("change", [update(table).values(actor="nobody"), delete(table)])
def test_nothing_written_can_be_changed_or_deleted(database: Database, change: object) -> None:
    database.call(journal.write, "staff:1", "models.publish", "20260101")
    with pytest.raises(DBAPIError, match="only added to"):
        database.call(lambda connection: connection.execute(change))
    assert len(database.call(journal.entries)) == 1
