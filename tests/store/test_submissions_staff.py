from __future__ import annotations

import pytest

from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import Kind
from bot.store import submissions, submissions_staff
from bot.store.database import Database
from bot.store.submissions_staff import Wanted
from tests.store.participation import (
    ANSWER,
    CLERK,
    NOW,
    OTHER_CLERK,
    PERSONAL_NUMBER,
    PROGRAMME,
    hand_in,
    happen,
    taken,
)

FULL = {"use": (8.0, "კარგია"), "cost": (4.0, "")}


def eligible(database: Database) -> str:
    code = taken(database, kind=Kind.CO_FUNDING, programme="youth")
    happen(database, code, "check", rules={"age": True})
    return code


def test_the_queue_is_sorted_by_what_is_due_first(database: Database) -> None:
    for number, due in enumerate((5, 1, None, 3)):
        code = hand_in(database, f"k{number}", NOW + number, conversation=f"tg:{number}")
        if due is not None:
            happen(database, code, "take", assignee=CLERK, due_at=NOW + due * DAY)
    due_days = [
        None if one.due_at is None else round((one.due_at - NOW) / DAY)
        for one in database.call(submissions_staff.queue, Wanted())
    ]
    assert due_days == [1, 3, 5, None]
    overdue = Wanted(overdue_at=NOW + 4 * DAY)
    assert database.call(submissions_staff.count, overdue) == 2
    assert database.call(submissions_staff.count, Wanted(unassigned=True)) == 1
    assert len(database.call(submissions_staff.queue, Wanted(), 2, 1)) == 2


def test_lists_are_filtered(database: Database) -> None:
    idea = taken(database, "a")
    hand_in(database, "b", kind=Kind.PROBLEM, category="waste", body="ნაგავი ეზოში დარჩა")
    happen(database, idea, "decline", ANSWER, "no_money")
    count = lambda wanted: database.call(submissions_staff.count, wanted)  # noqa: E731
    assert count(Wanted(kind=Kind.IDEA)) == 1
    assert count(Wanted(only_open=True)) == 1
    assert count(Wanted(stages=("declined",))) == 1
    assert count(Wanted(category="waste")) == 1
    assert count(Wanted(municipality="marneuli")) == 0
    assert count(Wanted(words="ნაგავი ეზო")) == 1
    assert count(Wanted(words=idea.lower())) == 1
    assert count(Wanted(words="%")) == 0


def test_many_are_assigned_at_once_and_each_refusal_is_named(database: Database) -> None:
    new, old = hand_in(database, "a"), taken(database, "b")
    done, refused = database.call(
        submissions_staff.assign_all,
        [new, old, new, "I-26-9999-X"],
        OTHER_CLERK,
        NOW + 3 * DAY,
        CLERK,
        NOW + 120,
    )
    assert [one.event.type for one in done] == ["take", "assign"]
    assert {one.submission.assignee for one in done} == {OTHER_CLERK}
    assert refused == {"I-26-9999-X": "unknown_code"}
    _none, late = database.call(
        submissions_staff.assign_all, [old], CLERK, NOW - 1, CLERK, NOW + 130
    )
    assert late == {old: "due_date_missing"}


def test_notes_are_kept_apart_from_the_history(database: Database) -> None:
    code = hand_in(database)
    words = f"დავურეკე, ნომერი {PERSONAL_NUMBER}, ტელ. 599 12 34 56"
    assert database.call(submissions_staff.add_note, code, CLERK, words, NOW)
    # The form once more.
    assert not database.call(submissions_staff.add_note, code, CLERK, words, NOW + 1)
    [note] = database.call(submissions_staff.notes, code)
    assert note.text == "დავურეკე, ნომერი ●●●●●, ტელ. 599 12 34 56"
    assert len(database.call(submissions.history, code)) == 1
    with pytest.raises(Refused, match="text_missing"):
        database.call(submissions_staff.add_note, code, CLERK, " ", NOW)
    for actor, text in (("staff:8", words), (CLERK, words), (CLERK, "სხვა")):
        assert database.call(submissions_staff.add_note, code, actor, text, NOW + 2)


def test_two_people_score_every_criterion_before_the_decision(database: Database) -> None:
    code = eligible(database)

    def score(actor: str, scores: dict[str, tuple[float, str]]) -> None:
        database.call(submissions_staff.evaluate, code, actor, scores, PROGRAMME, NOW)

    score(CLERK, FULL)
    with pytest.raises(Refused, match="too_few_evaluators"):
        happen(database, code, "evaluate")
    score(OTHER_CLERK, {"use": (5.0, "")})
    with pytest.raises(Refused, match="evaluation_incomplete"):
        happen(database, code, "evaluate")
    score(OTHER_CLERK, {"use": (6.0, "გადავიფიქრე"), "cost": (1.0, "")})
    assert happen(database, code, "evaluate").submission.stage == "evaluated"
    given = {(s.staff, s.criterion): s.score for s in database.call(submissions_staff.scores, code)}
    assert given == {
        (CLERK, "cost"): 4.0,
        (CLERK, "use"): 8.0,
        (OTHER_CLERK, "cost"): 1.0,
        (OTHER_CLERK, "use"): 6.0,
    }
    with pytest.raises(Refused, match="not_in_this_stage"):
        score(CLERK, FULL)
    happen(database, code, "decide", decision="approved", amount=1500)
    assert happen(database, code, "contract", official_ref="17-26").submission.official_ref == (
        "17-26"
    )


def test_only_the_programmes_criteria_within_their_range_are_scored(database: Database) -> None:
    code = eligible(database)
    for scores, why in (
        ({"beauty": (1.0, "")}, "criterion_unknown"),
        ({"cost": (5.5, "")}, "score_out_of_range"),
        ({"cost": (-1.0, "")}, "score_out_of_range"),
    ):
        with pytest.raises(Refused, match=why):
            database.call(submissions_staff.evaluate, code, CLERK, scores, PROGRAMME, NOW)
    assert database.call(submissions_staff.scores, code) == []


def test_a_rule_that_nobody_ticked_keeps_the_check_from_being_done(database: Database) -> None:
    code = taken(database, kind=Kind.CO_FUNDING, programme="youth")
    with pytest.raises(Refused, match="rules_not_ticked"):
        happen(database, code, "check", rules={})
    after = happen(database, code, "check", "", "papers_missing", rules={"age": False})
    assert after.submission.stage == "ineligible"
