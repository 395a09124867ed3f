from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.submissions import codes
from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import RESIDENT, Kind, Place, Visibility
from bot.store import submissions, submissions_staff
from bot.store.database import Database
from tests.store.participation import (
    ANSWER,
    CLERK,
    ME,
    NOW,
    PERSONAL_NUMBER,
    YOU,
    draft,
    hand_in,
    happen,
    taken,
)


def test_submitting_keeps_everything_and_gives_a_code(database: Database) -> None:
    place = Place("მე-17 მიკრორაიონი", 41.5512, 45.0123)
    given = draft(place=place, photos=("p2", "p1"), answers={"for": "school"}, name="ნინო")
    stored = database.call(submissions.submit, given, "k1", NOW)
    assert stored.new
    found = database.call(submissions.by_code, stored.submission.code)
    assert found == stored.submission
    assert found is not None
    assert (found.stage, found.visibility) == ("received", Visibility.PRIVATE)
    assert (found.body, found.place, found.answers) == (given.body, place, {"for": "school"})
    assert found.photos == ("p1", "p2")
    assert codes.read(found.code) == found.code
    assert [event.type for event in database.call(submissions.history, found.code)] == ["submit"]


def test_the_same_message_twice_gives_one_submission(database: Database, other: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        every = list(
            pool.map(
                lambda number: (database, other)[number % 2].call(
                    submissions.submit, draft(), "tg:1:77", NOW
                ),
                range(8),
            )
        )
    assert len({stored.submission.code for stored in every}) == 1
    assert sum(stored.new for stored in every) == 1
    assert len(database.call(submissions.mine, ME)) == 1


def test_codes_are_never_given_twice(database: Database, other: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(
                lambda number: hand_in(
                    (database, other)[number % 2], f"k{number}", conversation=f"tg:{number}"
                ),
                range(12),
            )
        )
    numbers = sorted(int(code.split("-")[2]) for code in found)
    assert numbers == list(range(1, 13))


def test_numbers_begin_anew_with_kind_and_year(database: Database) -> None:
    assert hand_in(database, "a").startswith("I-26-0001-")
    assert hand_in(database, "b", kind=Kind.PROBLEM).startswith("P-26-0001-")
    assert hand_in(database, "c", now=NOW + 60 * DAY).startswith("I-27-0001-")


def test_a_chat_hands_in_three_a_day(database: Database) -> None:
    for number in range(3):
        hand_in(database, f"k{number}", NOW + number)
    with pytest.raises(Refused) as refused:
        hand_in(database, "k3", NOW + 10)
    assert refused.value.code == "daily_limit"
    hand_in(database, "k0", NOW + 10)
    hand_in(database, "k4", NOW + 10, conversation=YOU)
    hand_in(database, "k5", NOW + DAY + 3)


def test_numbers_nobody_needs_are_hidden_before_storing(database: Database) -> None:
    given = draft(
        body=f"ჩემი ნომერია {PERSONAL_NUMBER} და მინდა ველობილიკი",
        title=f"ბილიკი {PERSONAL_NUMBER}",
        name=PERSONAL_NUMBER,
        place=Place(f"სახლი {PERSONAL_NUMBER}"),
        answers={"who": f"მე, {PERSONAL_NUMBER}", "deep": [{"x": PERSONAL_NUMBER}]},
        phone="599123456",
    )
    stored = database.call(submissions.submit, given, "k1", NOW)
    assert stored.masked == ("personal_number",)
    assert stored.submission.phone == "599123456"
    assert PERSONAL_NUMBER not in repr(stored.submission)


def test_what_no_database_takes_is_left_out(database: Database) -> None:
    odd = "ველო\ud800ბილიკი\x00 გვინდა"
    code = taken(database, body=odd, title=odd, answers={"a": odd}, name=odd, place=Place(odd))
    happen(database, code, "ask", odd)
    happen(database, code, "reply", odd, actor=RESIDENT)
    found = database.call(submissions.by_code, code)
    assert found is not None
    assert found.body == found.answers["a"] == "ველობილიკი გვინდა"


def test_with_a_code_from_elsewhere_one_sees_stage_and_dates_only(database: Database) -> None:
    code = taken(database)
    own = database.call(submissions.status, code, ME)
    assert own is not None
    assert own.own
    assert own.submission is not None
    for stranger in (YOU, None):
        foreign = database.call(submissions.status, code, stranger)
        assert foreign is not None
        assert (foreign.own, foreign.submission) == (False, None)
        assert (foreign.stage, foreign.created_at) == ("in_review", NOW)
    assert database.call(submissions.status, "I-26-9999-X", ME) is None


def test_events_are_written_down_in_their_order(database: Database) -> None:
    code = taken(database)
    happen(database, code, "ask", "რომელ ქუჩაზე?")
    assert database.call(submissions.open_question, ME) is not None
    happen(database, code, "reply", "კოსტავაზე", actor=RESIDENT)
    assert database.call(submissions.open_question, ME) is None
    happen(database, code, "decline", ANSWER, "no_money")
    events = database.call(submissions.history, code)
    assert [(e.type, e.actor, e.to_stage) for e in events] == [
        ("submit", RESIDENT, "received"),
        ("take", CLERK, "in_review"),
        ("ask", CLERK, "needs_info"),
        ("reply", RESIDENT, "in_review"),
        ("decline", CLERK, "declined"),
    ]
    assert (events[4].reason, events[4].text) == ("no_money", ANSWER)
    found = database.call(submissions.by_code, code)
    assert found is not None
    assert (found.stage, found.assignee, found.due_at) == ("declined", CLERK, NOW + 10 * DAY)


def test_a_refused_event_changes_nothing(database: Database) -> None:
    code = taken(database)
    before = database.call(submissions.by_code, code)
    for type in ("decline", "fix", "withdraw"):
        with pytest.raises(Refused):
            happen(database, code, type)
    with pytest.raises(Refused) as refused:
        happen(database, "I-26-9999-X", "decline", ANSWER, "no_money")
    assert refused.value.code == "unknown_code"
    assert database.call(submissions.by_code, code) == before
    assert len(database.call(submissions.history, code)) == 2


def test_numbers_in_events_are_hidden_but_staff_may_name_a_telephone(database: Database) -> None:
    code = taken(database)
    happen(database, code, "ask", f"თქვენი ნომერი {PERSONAL_NUMBER}? რეკეთ 599 12 34 56")
    happen(database, code, "reply", f"კი, {PERSONAL_NUMBER}, ტელ. 599123456", actor=RESIDENT)
    texts = [event.text for event in database.call(submissions.history, code)]
    assert texts[2] == "თქვენი ნომერი ●●●●●? რეკეთ 599 12 34 56"
    assert texts[3] == "კი, ●●●●●, ტელ. ●●●●●"


def test_revising_never_loses_the_first_words(database: Database) -> None:
    code = taken(database, place=Place("აქ", 41.5, 45.0))
    happen(database, code, "revise", title="ბილიკი", body="ბილიკი გვინდა", place=None)
    happen(database, code, "revise", title="ველობილიკი")
    found = database.call(submissions.by_code, code)
    assert found is not None
    assert (found.title, found.body, found.place) == ("ველობილიკი", "ბილიკი გვინდა", None)
    kept = database.call(submissions_staff.revisions, code)
    assert [revision.before["title"] for revision in kept] == [draft().title, "ბილიკი"]
    assert kept[0].before["place"]["lat"] == 41.5


def test_an_events_data_sets_only_what_it_may(database: Database) -> None:
    code = taken(database)
    happen(database, code, "inform", "ვმუშაობთ", assignee="staff:9", title="სხვა", due_at=1.0)
    found = database.call(submissions.by_code, code)
    assert found is not None
    assert (found.assignee, found.title, found.due_at) == (CLERK, draft().title, NOW + 10 * DAY)


#: Such a name holds what would be a telephone number in words.
PHOTO = "ab599123456f"


def asked(database: Database, place: Place | None = None) -> str:
    code = hand_in(database, place=place)
    happen(database, code, "ask", "სად არის ზუსტად?")
    return code


def test_photo_and_pin_answer_a_question_without_words(database: Database) -> None:
    code = asked(database, Place("კოსტავას 20", 41.5, 45.0, "17"))
    answer = {"photos": [PHOTO], "place": {"type": "location", "lat": 41.55, "lon": 45.01}}
    applied = happen(database, code, "reply", "", actor=RESIDENT, **answer)
    assert applied.submission.stage == "in_review"
    assert applied.submission.photos == (PHOTO,)
    assert applied.submission.place == Place("კოსტავას 20", 41.55, 45.01, "17")
    assert applied.event.data["photos"] == [PHOTO]
    (before,) = database.call(submissions_staff.revisions, code)
    assert before.before["place"]["lat"] == 41.5


def test_author_alone_adds_while_it_is_open_and_twice_is_once(database: Database) -> None:
    code = hand_in(database)
    for photo in ("p1", "p2", "p1"):
        happen(database, code, "add", "", actor=RESIDENT, photos=[photo])
    found = database.call(submissions.by_code, code)
    assert found is not None
    assert (found.stage, found.photos) == ("received", ("p1", "p2"))
    for conversation, data, code_of_refusal in (
        (YOU, {"photos": ["p3"]}, "not_the_author"),
        (ME, {}, "text_missing"),
    ):
        with pytest.raises(Refused) as refused:
            happen(database, code, "add", "", conversation=conversation, actor=RESIDENT, **data)
        assert refused.value.code == code_of_refusal
    happen(database, code, "withdraw", actor=RESIDENT)
    with pytest.raises(Refused):
        happen(database, code, "add", "", actor=RESIDENT, photos=["p3"])


def test_what_was_answered_just_now_is_found_for_a_while(database: Database) -> None:
    code = asked(database)
    assert database.call(submissions.just_answered, ME, NOW - DAY) is None
    happen(database, code, "reply", "აქ", actor=RESIDENT, now=NOW + 10)
    assert database.call(submissions.just_answered, ME, NOW) == code
    assert database.call(submissions.just_answered, YOU, NOW) is None
    assert database.call(submissions.just_answered, ME, NOW + 11) is None


def test_two_clerks_at_once_one_decides(database: Database, other: Database) -> None:
    code = taken(database)

    def decide(number: int) -> str:
        try:
            happen((database, other)[number % 2], code, "decline", ANSWER, "no_money")
        except Refused as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(decide, range(4)))
    assert sorted(ends) == ["done", *["not_in_this_stage"] * 3]
    assert len(database.call(submissions.history, code)) == 3


def test_a_dispute_is_possible_only_once_in_a_life(database: Database) -> None:
    code = taken(database, kind=Kind.PROBLEM)
    happen(database, code, "fix", "გამოვცვალეთ")
    happen(database, code, "dispute", actor=RESIDENT)
    happen(database, code, "fix", "ისევ გამოვცვალეთ")
    with pytest.raises(Refused) as refused:
        happen(database, code, "dispute", actor=RESIDENT)
    assert refused.value.code == "only_once"
    assert happen(database, code, "confirm", actor=RESIDENT).submission.stage == "confirmed"
