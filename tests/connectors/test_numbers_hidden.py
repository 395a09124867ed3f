from __future__ import annotations

from sqlalchemy import select

from bot.core.masking import SIGN
from bot.store.database import open_database
from bot.store.every_table import every_table
from tests.connectors.world import World

NUMBER = "01017012345"


def test_a_personal_number_reaches_neither_the_engine_nor_any_table(world: World) -> None:
    resident = world.resident()
    for words in (f"ჩემი პირადი ნომერია {NUMBER}", f"{NUMBER}", "0101 701 2345"):
        assert resident.say(words).status_code == 202
        resident.replies(1)
    resident.say("599123456")
    resident.replies(1)
    texts = [turn["text"] for turn in world.engine.turns]
    assert texts == [f"ჩემი პირადი ნომერია {SIGN}", SIGN, SIGN, "599123456"]
    database = open_database(world.settings.database_url)
    with database.engine.connect() as connection:
        everything = "".join(
            repr(tuple(row)) for table in every_table() for row in connection.execute(select(table))
        )
    database.close()
    assert NUMBER not in everything
    assert "0101 701" not in everything
    assert everything.count(SIGN) >= 3


def test_open311_is_there_only_when_it_is_switched_on(world: World) -> None:
    off, on = world.start(), world.start(open311=True)
    path = "/open311/v2/services.json"
    assert world.resident(off).http.get(path).status_code == 404
    assert world.resident(on).http.get(path).json() == []
