from __future__ import annotations

from bot.store import channels, outbox
from bot.store.channels import ChannelState
from bot.store.database import Database
from bot.store.outbox import Draft, Target


def state(database: Database) -> ChannelState:
    return database.call(channels.state, "tg", "1")


def waiting(database: Database, now: float) -> int:
    return len(database.call(outbox.claim, ["tg"], f"me{now}", 0.0, now, 10))


def test_an_account_never_used_has_nothing_to_tell(database: Database) -> None:
    assert state(database) == ChannelState("tg", "1", None, None, None, None)
    assert database.call(channels.states) == []


def test_the_last_event_is_kept(database: Database) -> None:
    for now in (100.0, 200.0):
        database.call(channels.heard, "tg", "1", now)
    assert state(database).last_event_at == 200.0


def test_a_paused_account_sends_again_by_itself(database: Database) -> None:
    database.call(outbox.add_notice, Target("tg", "1", "a"), "n", Draft({}), 100.0)
    database.call(channels.pause, "tg", "1", 110.0)
    database.call(channels.pause, "tg", "1", 105.0)  # a shorter one ends nothing
    assert waiting(database, 109.0) == 0
    assert waiting(database, 111.0) == 1


def test_a_stopped_account_sends_again_when_told_and_alarms_once(database: Database) -> None:
    database.call(outbox.add_notice, Target("tg", "1", "a"), "n", Draft({}), 100.0)
    database.call(outbox.add_notice, Target("tg", "2", "b"), "m", Draft({}), 100.0)
    assert database.call(channels.stop, "tg", "1", "bad token", 100.0)
    assert not database.call(channels.stop, "tg", "1", "bad token", 101.0)
    assert (state(database).stopped, state(database).stopped_at) == ("bad token", 100.0)
    assert waiting(database, 900.0) == 1
    assert database.call(channels.resume, "tg", "1")
    assert not database.call(channels.resume, "tg", "1")
    assert waiting(database, 901.0) == 2


def test_one_process_owns_an_account_until_it_gives_it_up_or_dies(database: Database) -> None:
    def own(owner: str, now: float) -> bool:
        return database.call(channels.own, "tg", "1", owner, 10.0, now)

    assert own("a", 100.0)
    assert own("a", 105.0)
    assert not own("b", 114.0)
    assert own("b", 116.0)
    assert not own("a", 117.0)
    database.call(channels.disown, "tg", "1", "a")
    assert not own("a", 118.0)
    database.call(channels.disown, "tg", "1", "b")
    assert own("a", 119.0)
