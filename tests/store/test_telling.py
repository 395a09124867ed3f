from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.knowledge_folder import Loaded, load_all
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import RESIDENT, Kind
from bot.store import submissions_staff, submissions_timers
from bot.store.database import Database
from bot.store.notices import Sender
from bot.store.submissions_followers import follow
from bot.store.telling import Teller
from tests.store.participation import (
    ANSWER,
    CLERK,
    ME,
    NOW,
    OTHER_CLERK,
    PROGRAMME,
    YOU,
    happen,
    meet,
    taken,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_all(ROOT / "knowledge")


def teller_of(database: Database, loaded: Loaded) -> Teller:
    def texts():  # type: ignore[no-untyped-def]
        return loaded.texts

    return Teller(database, Sender(database, texts, "rustavi"), texts, "rustavi")


@pytest.fixture
def teller(database: Database, loaded: Loaded) -> Teller:
    meet(database, ME, YOU)
    return teller_of(database, loaded)


def sent(database: Database, conversation: str = ME) -> list[dict[str, object]]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT body FROM outbox WHERE conversation = :c ORDER BY id"),
            {"c": conversation},
        )
        return [json.loads(body) for (body,) in rows]


def texts_sent(database: Database, conversation: str = ME) -> list[str]:
    return [str(body["text"]) for body in sent(database, conversation)]


def test_a_decision_is_told_with_the_clerks_words_and_the_reason(
    database: Database, teller: Teller
) -> None:
    code = taken(database)
    happen(database, code, "decline", ANSWER, "no_money")
    assert teller.tell(NOW + 120) == 1
    assert teller.tell(NOW + 130) == 0
    [told] = texts_sent(database)
    assert code in told
    assert ANSWER in told
    assert "ბიუჯეტში ამისთვის თანხა არ არის" in told
    # What happened before stands below.
    assert "განიხილება" in told


def test_taking_alone_is_no_message(database: Database, teller: Teller) -> None:
    taken(database)
    assert teller.tell(NOW + 30 * DAY) == 0
    assert sent(database) == []


def test_one_message_a_day_but_a_question_at_once(database: Database, teller: Teller) -> None:
    code = taken(database)
    happen(database, code, "inform", "ვნახეთ", now=NOW + 10)
    assert teller.tell(NOW + 20) == 1
    happen(database, code, "inform", "ვზომავთ", now=NOW + 30)
    happen(database, code, "inform", "გავზომეთ", now=NOW + 40)
    assert teller.tell(NOW + 50) == 0
    happen(database, code, "ask", "რომელ ქუჩაზე?", now=NOW + 60)
    assert teller.tell(NOW + 70) == 1
    asked = sent(database)[-1]
    assert "რომელ ქუჩაზე?" in str(asked["text"])
    assert [b["payload"] for b in asked["buttons"]] == [f"form:reply:{code}"]  # type: ignore[index, attr-defined]
    happen(database, code, "reply", "კოსტავაზე", actor=RESIDENT, now=NOW + 80)
    happen(database, code, "accept", ANSWER, now=NOW + 90, who_and_when="ჯერ უცნობია")
    assert teller.tell(NOW + 100) == 0
    assert teller.tell(NOW + 71 + DAY) == 1
    assert "ჯერ უცნობია" in texts_sent(database)[-1]
    assert len(sent(database)) == 3


def test_an_answered_question_is_not_asked_any_more(database: Database, teller: Teller) -> None:
    code = taken(database)
    happen(database, code, "ask", "რომელ ქუჩაზე?")
    happen(database, code, "reply", "კოსტავაზე", actor=RESIDENT)
    assert teller.tell(NOW + 120) == 0
    assert sent(database) == []


def test_a_decision_on_money_tells_sum_and_score(database: Database, teller: Teller) -> None:
    code = taken(database, kind=Kind.CO_FUNDING, programme="youth")
    happen(database, code, "check", rules={"age": True})
    for clerk, use in ((CLERK, 8.0), (OTHER_CLERK, 5.0)):
        scores = {"use": (use, ""), "cost": (4.0, "")}
        database.call(submissions_staff.evaluate, code, clerk, scores, PROGRAMME, NOW)
    happen(database, code, "evaluate")
    happen(database, code, "decide", decision="approved", amount=1500)
    teller.tell(NOW + 100)
    [told] = texts_sent(database)
    assert "თანხა: 1500 ლარი" in told
    assert "ქულა: 10.50" in told


def test_everybody_is_told_in_their_own_language(database: Database, teller: Teller) -> None:
    code = taken(database)
    happen(database, code, "publish", checked=True)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE conversations SET language = 'ru' WHERE id = :c"),
                           {"c": YOU})  # fmt: skip
    database.call(follow, code, YOU, NOW)
    happen(database, code, "accept", ANSWER, now=NOW + 90, who_and_when="მაისში")
    assert teller.tell(NOW + 100) == 2
    assert "Хорошая новость" in texts_sent(database, YOU)[-1]
    assert "კარგი ამბავია" in texts_sent(database)[-1]


def test_a_merged_ideas_author_gets_the_targets_news(database: Database, teller: Teller) -> None:
    target = taken(database)
    merged = taken(database, "k2", conversation=YOU)
    happen(database, merged, "merge", target=target)
    assert teller.tell(NOW + 100) == 1
    assert target in texts_sent(database, YOU)[0]
    happen(database, target, "decline", ANSWER, "no_money", now=NOW + 200)
    assert teller.tell(NOW + 210) == 2
    news = texts_sent(database, YOU)[1]
    assert target in news
    assert ANSWER in news
    # The target is not public: its words stay its author's.
    assert "ველობილიკი" not in news
    assert "ველობილიკი" in texts_sent(database, ME)[-1]


def test_followers_hear_what_the_author_does(database: Database, teller: Teller) -> None:
    code = taken(database)
    happen(database, code, "publish", checked=True)
    database.call(follow, code, YOU, NOW)
    happen(database, code, "withdraw", actor=RESIDENT)
    teller.tell(NOW + 100)
    assert "ავტორმა გააუქმა" in texts_sent(database, YOU)[-1]


def test_two_processes_tell_everything_once(
    database: Database, other: Database, teller: Teller, loaded: Loaded
) -> None:
    for number in range(6):
        code = taken(database, f"k{number}", now=NOW + number * DAY)
        happen(database, code, "decline", ANSWER, "no_money", now=NOW + number * DAY + 5)
    tellers = [teller, teller_of(other, loaded)] * 2
    with ThreadPoolExecutor(4) as pool:
        told = sum(pool.map(lambda one: one.tell(NOW + 10 * DAY), tellers))
    assert told == 6
    assert len(sent(database)) == 6


def test_somebody_who_cannot_be_told_keeps_nobody_waiting(
    database: Database, teller: Teller
) -> None:
    for key, conversation in (("k1", "tg:unknown"), ("k2", ME)):
        code = taken(database, key, conversation=conversation)
        happen(database, code, "decline", ANSWER, "no_money")
    assert teller.tell(NOW + 100) == 1
    assert len(sent(database)) == 1


def test_a_question_is_repeated_after_a_week_and_given_up_after_two(
    database: Database, teller: Teller
) -> None:
    code = taken(database)
    happen(database, code, "ask", "რომელ ქუჩაზე?", now=NOW)

    def tick(days: float) -> list[str]:
        now = NOW + days * DAY
        done = database.call(submissions_timers.run, now)
        teller.tell(now)
        return [applied.event.type for applied in done]

    assert tick(6.9) == []
    assert tick(7) == ["remind"]
    assert "რომელ ქუჩაზე?" in texts_sent(database)[-1]
    assert tick(7.5) == []
    assert tick(13.9) == []
    assert tick(14) == ["expire"]
    assert tick(30) == []
    assert len(sent(database)) == 3


def test_after_an_outage_a_late_reminder_leaves_its_full_week(
    database: Database, teller: Teller
) -> None:
    code = taken(database)
    happen(database, code, "ask", "რომელ ქუჩაზე?", now=NOW)
    days = [20, 21, 26.9, 27]
    done = [
        [one.event.type for one in database.call(submissions_timers.run, NOW + day * DAY)]
        for day in days
    ]
    assert done == [["remind"], [], [], ["expire"]]


def test_a_week_after_a_fix_the_author_is_asked_once(database: Database, teller: Teller) -> None:
    code = taken(database, kind=Kind.PROBLEM)
    happen(database, code, "fix", "გამოვცვალეთ", now=NOW)
    for days, expected in ((6.9, []), (7, ["ask_fixed"]), (8, []), (29, [])):
        now = NOW + days * DAY
        done = database.call(submissions_timers.run, now)
        assert [one.event.type for one in done] == expected
        teller.tell(now)
    [buttons] = [body["buttons"] for body in sent(database)[-1:]]
    assert [b["payload"] for b in buttons] == [f"form:confirm:{code}", f"form:dispute:{code}"]  # type: ignore[attr-defined]


def test_a_fix_of_long_ago_is_not_asked_about(database: Database) -> None:
    code = taken(database, kind=Kind.PROBLEM)
    happen(database, code, "fix", "გამოვცვალეთ", now=NOW)
    assert database.call(submissions_timers.run, NOW + 31 * DAY) == []
