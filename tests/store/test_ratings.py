from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.core.errors import InputError
from bot.core.ratings import Scale, Voter, voter
from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import RESIDENT
from bot.store import ratings, rounds
from bot.store.database import Database
from bot.store.participation_tables import rating_log
from bot.store.participation_tables import ratings as table
from bot.store.ratings import Round, State
from bot.store.salts import Salts
from tests.store.participation import ME, NOW, YOU, happen, taken

SALT = b"salt" * 8
LATER = NOW + 10 * DAY
TITLE = {"ka": "სკვერი", "en": "A square"}


def add_round(database: Database, scale: Scale = Scale.STARS, count: int = 3) -> list[int]:
    new = Round("spring", "rustavi", "", {"ka": "გაზაფხული"}, scale, NOW, LATER, False)
    database.call(ratings.open_round, new)
    return [database.call(ratings.add_initiative, "spring", TITLE, {"ka": "…"})
            for _ in range(count)]  # fmt: skip


def person(number: int | str) -> Voter:
    return voter(SALT, f"tg:{number}")


def test_two_parallel_ratings_of_one_person_give_one_row(
    database: Database, other: Database
) -> None:
    [one] = add_round(database, count=1)

    def rate(number: int) -> None:
        (database, other)[number % 2].call(
            ratings.rate, one, person(1), number % 5 + 1, NOW + number
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rate, range(12)))
    with database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
        assert connection.execute(select(func.count()).select_from(rating_log)).scalar() == 12


def test_a_rating_is_changed_and_taken_back_until_the_round_closes(database: Database) -> None:
    first, second, _third = add_round(database)
    database.call(ratings.rate, first, person(1), 2, NOW)
    database.call(ratings.rate, first, person(1), 5, NOW + 1)
    database.call(ratings.rate, second, person(1), 1, NOW + 1)
    given = database.call(ratings.given, "spring", person(1))
    assert [(one.initiative.id, one.value) for one in given] == [(first, 5), (second, 1)]
    assert database.call(ratings.take_back, second, person(1), NOW + 2)
    assert not database.call(ratings.take_back, second, person(1), NOW + 2)
    for fn, rest in ((ratings.rate, (3, LATER)), (ratings.take_back, (LATER,))):
        with pytest.raises(Refused, match="round_not_open"):
            database.call(fn, first, person(1), *rest)
    with pytest.raises(Refused, match="round_not_open"):
        database.call(ratings.rate, first, person(1), 3, NOW - 1)


@pytest.mark.parametrize(
    ("scale", "value"),
    [(Scale.STARS, 0), (Scale.STARS, 6), (Scale.SUPPORT, 2), (Scale.SUPPORT, -1)],
)
def test_only_values_of_the_scale_are_taken(database: Database, scale: Scale, value: int) -> None:
    [one] = add_round(database, scale, 1)
    with pytest.raises(Refused, match="value_out_of_range"):
        database.call(ratings.rate, one, person(1), value, NOW)


def test_each_person_sees_what_is_left_in_an_order_of_their_own(database: Database) -> None:
    every = add_round(database, count=8)
    orders = set()
    for number in range(5):
        left = [one.id for one in database.call(ratings.remaining, "spring", person(number), SALT)]
        again = database.call(ratings.remaining, "spring", person(number), SALT)
        assert left == [one.id for one in again]
        assert sorted(left) == every
        orders.add(tuple(left))
    assert len(orders) > 1
    database.call(ratings.rate, every[0], person(1), 4, NOW)
    assert len(database.call(ratings.remaining, "spring", person(1), SALT)) == 7


def test_nobody_rates_their_own_and_what_is_hidden_is_not_shown(database: Database) -> None:
    add_round(database, count=0)
    code = taken(database)
    with pytest.raises(Refused, match="not_published"):
        database.call(ratings.add_initiative, "spring", TITLE, TITLE, code=code)
    happen(database, code, "publish", checked=True)
    one = database.call(ratings.add_initiative, "spring", TITLE, TITLE, code=code)
    with pytest.raises(Refused, match="in_round_already"):
        database.call(ratings.add_initiative, "spring", TITLE, TITLE, code=code)
    me, you = voter(SALT, ME), voter(SALT, YOU)
    assert database.call(ratings.remaining, "spring", me, SALT) == []
    assert len(database.call(ratings.remaining, "spring", you, SALT)) == 1
    with pytest.raises(Refused, match="own_submission"):
        database.call(ratings.rate, one, me, 5, NOW)
    happen(database, code, "withdraw", actor=RESIDENT)
    assert database.call(ratings.remaining, "spring", you, SALT) == []
    with pytest.raises(Refused, match="unknown_initiative"):
        database.call(ratings.rate, one, you, 5, NOW)


def test_one_person_on_two_channels_counts_once_by_their_telephone(database: Database) -> None:
    [one] = add_round(database, count=1)
    database.call(ratings.rate, one, voter(SALT, "tg:1"), 1, NOW)
    database.call(ratings.rate, one, voter(SALT, "tg:1", "599 12 34 56"), 2, NOW)
    database.call(ratings.rate, one, voter(SALT, "fb:1:2", "+995599123456"), 3, NOW)
    with database.engine.connect() as connection:
        [(value, tier)] = connection.execute(select(table.c.value, table.c.tier)).all()
    assert (value, tier) == (3, "phone")


def test_counts_are_hidden_until_the_close_and_below_five(database: Database) -> None:
    many, few, none = add_round(database)
    for number in range(6):
        database.call(ratings.rate, many, person(number), 3 + number % 2, NOW)
    database.call(ratings.rate, many, voter(SALT, "tg:77", "599123456"), 5, NOW)
    for number in range(4):
        database.call(ratings.rate, few, person(number), 5, NOW)
    with pytest.raises(Refused, match="round_still_open"):
        database.call(ratings.results, "spring", LATER - 1)
    best, *rest = database.call(ratings.results, "spring", LATER)
    assert best.initiative == many
    assert best.total is not None
    assert (best.total.count, round(best.total.mean, 2)) == (7, 3.71)
    assert {tier: tally.count for tier, tally in best.tiers.items()} == {"chat": 6, "phone": 1}
    assert {one.initiative for one in rest} == {few, none}
    assert {one.total for one in rest} == {None}


def test_an_archived_round_keeps_results_but_no_log(database: Database, tmp_path: Path) -> None:
    [one] = add_round(database, count=1)
    for number in range(5):
        database.call(ratings.rate, one, person(number), 4, NOW)
    with pytest.raises(Refused, match="round_still_open"):
        database.call(rounds.archive, "spring", NOW)
    database.call(rounds.archive, "spring", LATER)
    with database.engine.connect() as connection:
        assert connection.execute(select(rating_log)).first() is None
    [result] = database.call(ratings.results, "spring", LATER)
    assert result.total is not None
    [round] = database.call(ratings.rounds, "rustavi")
    assert round.state(NOW + 1) is State.ARCHIVED


def test_rounds_need_sense(database: Database) -> None:
    add_round(database, count=0)
    again = Round("spring", "rustavi", "", {}, Scale.STARS, NOW, LATER, False)
    with pytest.raises(Refused, match="round_exists"):
        database.call(ratings.open_round, again)
    wrong = Round("x", "rustavi", "", {}, Scale.STARS, LATER, NOW, False)
    with pytest.raises(Refused, match="dates_wrong"):
        database.call(ratings.open_round, wrong)
    for fn in (ratings.results, rounds.archive):
        with pytest.raises(Refused, match="unknown_round"):
            database.call(fn, "nope", NOW)
    with pytest.raises(Refused, match="unknown_round"):
        database.call(ratings.add_initiative, "nope", TITLE, TITLE)
    assert [found.id for found in database.call(ratings.rounds, "rustavi")] == ["spring"]
    assert database.call(ratings.rounds, "marneuli") == []


def test_salts_are_files_for_the_owner_alone(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    assert salts.get("spring") is None
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: salts.make("spring"), range(8)))
    assert made == {salts.get("spring")}
    [file] = (tmp_path / "salts").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    salts.destroy("spring")
    assert salts.get("spring") is None
    for id in ("../x", "", "Ä", "a/b"):
        with pytest.raises(InputError):
            salts.make(id)
