from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.catalogue import load_catalogue
from bot.core.clock import GEORGIA
from bot.core.knowledge import Knowledge
from bot.core.knowledge_folder import Loaded
from bot.core.privacy import Privacy, Retention
from bot.core.texts import Texts
from bot.core.texts_files import read_texts
from bot.store import acknowledgements, unfinished
from bot.store.database import Database
from bot.store.ticking import Ticker
from tests.store.participation import ANSWER, ME, PROGRAMME, YOU, happen, meet, taken

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
OPENS = datetime(2026, 12, 1, tzinfo=GEORGIA).timestamp()
DAY = 86_400.0


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    files, _ = read_texts(KNOWLEDGE)
    texts = Texts({file.language: file.texts for file in files}, {})
    programme = replace(PROGRAMME, opens=date(2026, 12, 1), closes=date(2026, 12, 31))
    now = datetime.now(GEORGIA)
    catalogue = load_catalogue(KNOWLEDGE)
    return Loaded(Knowledge({}, {None: {}}), texts, catalogue, now,
                  {"rustavi": {"youth": programme}})  # fmt: skip


def ticker(database: Database, loaded: Loaded, var: Path) -> Ticker:
    return Ticker(database, lambda: loaded, "rustavi", var, Retention())


def told(database: Database) -> list[tuple[str, str]]:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT conversation, body FROM outbox ORDER BY id"))
        return [(row.conversation, json.loads(row.body)["text"]) for row in rows]


def test_those_who_asked_hear_once_that_a_programme_is_open(
    database: Database, other: Database, loaded: Loaded, tmp_path: Path
) -> None:
    meet(database, ME, YOU)
    for conversation in (ME, YOU, "tg:gone"):
        database.call(acknowledgements.remind, conversation, "youth", OPENS - 9 * DAY)
    first, second = ticker(database, loaded, tmp_path), ticker(other, loaded, tmp_path)
    assert first.run(OPENS - 1)["programmes"] == 0
    assert first.run(OPENS)["programmes"] == 3
    assert second.run(OPENS + 1)["programmes"] == 0
    assert sorted(conversation for conversation, _ in told(database)) == [ME, YOU]
    assert "„პროგრამა“" in told(database)[0][1]
    database.call(acknowledgements.remind, ME, "youth", OPENS + DAY)
    assert first.run(OPENS + 2 * DAY)["programmes"] == 1
    # The same opening is told once, however often somebody asks.
    assert len(told(database)) == 2


def test_one_run_does_timers_news_and_old_data(
    database: Database, loaded: Loaded, tmp_path: Path
) -> None:
    meet(database, ME)
    code = taken(database, now=OPENS)
    happen(database, code, "ask", "რომელ ქუჩაზე?", now=OPENS)
    one = ticker(database, loaded, tmp_path)
    assert one.run(OPENS)["told"] == 1
    done = one.run(OPENS + 8 * DAY)
    assert (done["timers"], done["told"]) == (1, 1)
    happen(database, code, "reply", ANSWER, actor="resident", now=OPENS + 9 * DAY)
    assert one.run(OPENS + 60 * DAY)["purged"] >= 0


def test_the_notice_is_read_again_when_it_changes() -> None:
    usual = Privacy()
    assert usual.version == Privacy().version
    for changed in (
        Privacy(controller="რუსთავის მერია"),
        Privacy(officer="officer@example.ge"),
        Privacy(retention=Retention(messages=31)),
    ):
        assert changed.version != usual.version


def test_an_acknowledgement_is_kept_with_its_version(database: Database) -> None:
    assert not database.call(acknowledgements.acknowledged, ME, "v1")
    for now in (OPENS, OPENS + 1):
        database.call(acknowledgements.acknowledge, ME, "v1", "ka", now)
    assert database.call(acknowledgements.acknowledged, ME, "v1")
    assert not database.call(acknowledgements.acknowledged, ME, "v2")
    assert not database.call(acknowledgements.acknowledged, YOU, "v1")


def test_who_asked_while_nothing_was_known_hears_of_the_next_of_the_kind(
    database: Database, loaded: Loaded, tmp_path: Path
) -> None:
    meet(database, ME)
    database.call(acknowledgements.remind, ME, "co_funding", OPENS - 9 * DAY)
    assert ticker(database, loaded, tmp_path).run(OPENS)["programmes"] == 1
    assert len(told(database)) == 1


def test_unfinished_form_is_offered_once_within_a_day_and_then_forgotten(
    database: Database, other: Database, loaded: Loaded, tmp_path: Path
) -> None:
    meet(database, ME, YOU)
    database.call(unfinished.begun, ME, "idea", OPENS)
    database.call(unfinished.begun, YOU, "problem", OPENS)
    database.call(unfinished.ended, YOU)
    first, second = ticker(database, loaded, tmp_path), ticker(other, loaded, tmp_path)
    assert first.run(OPENS + 19 * 3600)["offered"] == 0
    assert first.run(OPENS + 21 * 3600)["offered"] == 1
    assert second.run(OPENS + 21 * 3600)["offered"] == 0
    [(conversation, words)] = told(database)
    assert conversation == ME
    assert "იდეა" in words
    with database.engine.connect() as connection:
        assert "form:resume" in connection.execute(text("SELECT body FROM outbox")).scalar_one()
    first.run(OPENS + 25 * 3600)
    with database.engine.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM unfinished_forms")).scalar_one()
    assert left == 0
