from __future__ import annotations

from bot.store.affected import affected
from bot.store.database import Database
from tests.store.participation import ME, NOW, YOU, meet, taken


def test_everybody_with_something_new_since_then_is_named(database: Database) -> None:
    meet(database, ME, YOU)
    taken(database, now=NOW + 100)
    found = database.call(lambda connection: list(affected(connection, NOW + 50)))
    assert {(one.person, one.table, one.rows) for one in found} == {
        (ME, "submissions", 1),
        (ME, "submission_news", 1),
    }
    everybody = database.call(lambda connection: list(affected(connection, NOW)))
    assert {one.person for one in everybody} == {ME, YOU}
    assert database.call(lambda connection: list(affected(connection, NOW + 500))) == []
