from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import (
    RESIDENT,
    STAGES,
    TIMER,
    Event,
    Kind,
    Publicity,
    StageType,
    Visibility,
)
from bot.core.submissions.transitions import (
    ARROWS,
    Arrow,
    Telling,
    possible,
    transition,
)
from tests.core.submissions.samples import (
    ANSWER,
    CLERK,
    EVENTS,
    NOW,
    actor,
    event,
    known,
    submission,
)

WALKED = [
    pytest.param(arrow, kind, source, id=f"{kind.value}-{source}-{arrow.who}-{arrow.event}")
    for arrow in ARROWS
    for kind in arrow.kinds
    for source in arrow.sources
]
STEPS = {(a.who, a.event, kind, source) for a in ARROWS for kind in a.kinds for source in a.sources}
ROLES = {"staff": CLERK, "author": RESIDENT, "timer": TIMER}


def standing_for(arrow: Arrow, kind: Kind, source: str) -> Any:
    changes: dict[str, Any] = {"kind": kind, "stage": source}
    if arrow.event == "unhide":
        changes["visibility"] = Visibility.HIDDEN
    return submission(**changes)


@pytest.mark.parametrize(("arrow", "kind", "source"), WALKED)
def test_every_arrow_leads_where_the_table_says(arrow: Arrow, kind: Kind, source: str) -> None:
    before = standing_for(arrow, kind, source)
    facts = known(arrow)
    if facts.target is not None:
        facts = replace(facts, target=replace(facts.target, kind=kind))
    change = transition(before, event(arrow), actor(arrow), facts)
    assert change.arrow.event == arrow.event
    assert change.stage == (arrow.to or source)


def test_everything_else_is_refused() -> None:
    events = {arrow.event for arrow in ARROWS}
    for role, type, kind, source in product(ROLES, events, Kind, STAGES):
        if (role, type, kind, source) in STEPS:
            continue
        plain = EVENTS.get(type, Event(type))
        with pytest.raises(Refused):
            transition(submission(kind=kind, stage=source), plain, ROLES[role], known(ARROWS[1]))


@pytest.mark.parametrize("who", ["", "resident:7", "admin", "staff"])
def test_nobody_else_may_do_anything(who: str) -> None:
    with pytest.raises(Refused) as refused:
        transition(submission(), EVENTS["decline"], who, known(ARROWS[1]))
    assert refused.value.code == "not_yours_to_do"


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        transition(submission(), Event("explode"), CLERK, known(ARROWS[1]))
    assert refused.value.code == "unknown_event"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_stage_is_reached_and_finds_a_way_to_an_end(kind: Kind) -> None:
    steps = {(s, a.to) for a in ARROWS if kind in a.kinds for s in a.sources if a.to}
    reached = {"received"}
    while new := {to for source, to in steps if source in reached} - reached:
        reached |= new
    ends = {stage for stage in reached if STAGES[stage] is not StageType.OPEN}
    leads_to_end = set(ends)
    while more := {s for s, to in steps if to in leads_to_end} - leads_to_end:
        leads_to_end |= more
    assert reached <= leads_to_end
    assert {"withdrawn", "declined" if kind is not Kind.CO_FUNDING else "completed"} <= reached


def test_every_stage_of_the_list_is_used() -> None:
    assert {arrow.to for arrow in ARROWS if arrow.to} == set(STAGES)


def refusal(
    type: str, *, stage: str, kind: Kind = Kind.IDEA, who: str = CLERK, **changes: Any
) -> str:
    given = {key: changes.pop(key) for key in ("text", "reason", "data") if key in changes}
    facts = {key: changes.pop(key) for key in list(changes) if key in KNOWN}
    arrow = next(a for a in ARROWS if a.event == type and ROLES[a.who] == who and kind in a.kinds)
    plain = replace(event(arrow), **given)
    with pytest.raises(Refused) as refused:
        transition(submission(kind=kind, stage=stage, **changes), plain, who, known(arrow, **facts))
    return refused.value.code


KNOWN = ("now", "conversation", "target", "happened", "rules", "scored", "closes_at")
PROBLEM, MONEY = Kind.PROBLEM, Kind.CO_FUNDING


def test_taking_needs_somebody_and_a_day_to_come() -> None:
    assert refusal("take", stage="received", data={"due_at": NOW + 1}) == "assignee_missing"
    late = {"assignee": CLERK, "due_at": NOW - 1}
    assert refusal("take", stage="received", data=late) == "due_date_missing"


def test_a_question_an_answer_and_a_reason_must_be_there() -> None:
    assert refusal("ask", stage="in_review", text="  ") == "question_missing"
    assert refusal("decline", stage="in_review", text="არა") == "answer_too_short"
    assert refusal("decline", stage="in_review", reason="") == "reason_missing"
    assert refusal("decline", stage="in_review", reason="insult") == "reason_missing"
    assert refusal("drop", stage="planned", reason="") == "reason_missing"
    assert refusal("accept", stage="in_review", data={}) == "who_and_when_missing"
    assert refusal("hide", stage="done", reason="") == "reason_missing"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (None, "target_unknown"),
        (submission(), "target_is_itself"),
        (submission(id=2, stage="merged"), "target_is_merged"),
        (submission(id=2, stage="withdrawn"), "target_is_merged"),
        (submission(id=2, municipality="marneuli"), "target_is_other_kind"),
        (submission(id=2, kind=Kind.PROBLEM), "target_is_other_kind"),
    ],
)
def test_merging_needs_a_good_target(target: Any, code: str) -> None:
    assert refusal("merge", stage="received", target=target) == code


@pytest.mark.parametrize("type", ["withdraw", "reply", "reopen"])
def test_only_the_author_acts_on_their_own(type: str) -> None:
    stage = {"reply": "needs_info", "reopen": "declined"}.get(type, "received")
    assert refusal(type, stage=stage, who=RESIDENT, conversation="tg:2") == "not_the_author"
    assert refusal(type, stage=stage, who=RESIDENT, conversation=None) == "not_the_author"
    erased = {"conversation": "tg:1"}
    arrow = next(a for a in ARROWS if a.event == type and a.who == "author")
    with pytest.raises(Refused):
        transition(submission(stage=stage, conversation=None), event(arrow), RESIDENT,
                   known(arrow, **erased))  # fmt: skip


def test_an_author_reopens_once_within_thirty_days_with_new_words() -> None:
    assert refusal("reopen", stage="declined", who=RESIDENT, now=NOW + 21 * DAY) == "too_late"
    assert refusal("reopen", stage="declined", who=RESIDENT, happened={"reopen"}) == "only_once"
    assert refusal("reopen", stage="declined", who=RESIDENT, text="") == "text_missing"


def test_a_dispute_is_possible_once_within_thirty_days() -> None:
    again = {"happened": {"dispute"}, "kind": PROBLEM}
    assert refusal("dispute", stage="fixed", who=RESIDENT, **again) == "only_once"
    late = {"now": NOW + 21 * DAY, "kind": PROBLEM}
    assert refusal("confirm", stage="fixed", who=RESIDENT, **late) == "too_late"


def test_timers_wait_their_days() -> None:
    assert refusal("remind", stage="needs_info", who=TIMER, now=NOW - 4 * DAY) == "too_early"
    assert refusal("expire", stage="needs_info", who=TIMER, now=NOW + 3 * DAY) == "too_early"
    early = {"kind": PROBLEM, "now": NOW - 4 * DAY}
    assert refusal("ask_fixed", stage="fixed", who=TIMER, **early) == "too_early"
    assert refusal("remind", stage="needs_info", who=TIMER, happened={"remind"}) == "only_once"


def test_only_what_was_checked_and_agreed_is_published() -> None:
    unchecked = refusal("publish", stage="in_review", data={})
    assert unchecked == "not_checked_for_personal_data"
    secret = refusal("publish", stage="in_review", publicity=Publicity.NOT_AT_ALL)
    assert secret == "publicity_refused"
    for body in ("ჩემი ნომერია 599123456", "ნომერი ●●●●●"):
        assert refusal("publish", stage="in_review", body=body) == "personal_data_in_text"
    shown = refusal("publish", stage="in_review", visibility=Visibility.PUBLIC)
    assert shown == "published_already"
    assert refusal("publish", stage="in_review", visibility=Visibility.HIDDEN) == "is_hidden"


def test_a_problem_goes_on_or_is_fixed_only_with_something_to_show() -> None:
    assert refusal("refer", stage="received", kind=PROBLEM, data={"body": "x"}) == (
        "body_or_contact_missing"
    )
    assert refusal("fix", stage="in_progress", kind=PROBLEM, text="") == "text_or_photo_missing"
    shown = replace(EVENTS["fix"], text="", data={"photo": "a1"})
    arrow = next(a for a in ARROWS if a.event == "fix")
    after = transition(submission(kind=PROBLEM, stage="in_progress"), shown, CLERK, known(arrow))
    assert after.stage == "fixed"


def test_every_rule_is_ticked_and_a_failed_one_has_a_reason() -> None:
    unticked = {"rules": {}}
    assert refusal("check", stage="in_review", kind=MONEY, data=unticked) == "rules_not_ticked"
    maybe = {"rules": {"age": "maybe"}}
    assert refusal("check", stage="in_review", kind=MONEY, data=maybe) == "rules_not_ticked"
    failed = {"rules": {"age": False}}
    assert refusal("check", stage="in_review", kind=MONEY, data=failed, reason="") == (
        "reason_missing"
    )


def test_two_people_score_everything_before_it_counts() -> None:
    one = {"staff:1": True}
    assert refusal("evaluate", stage="eligible", kind=MONEY, scored=one) == "too_few_evaluators"
    half = {"staff:1": True, "staff:2": False}
    assert refusal("evaluate", stage="eligible", kind=MONEY, scored=half) == (
        "evaluation_incomplete"
    )


def test_money_is_given_after_the_round_with_a_sum() -> None:
    approve = {"decision": "approved", "amount": 1500}
    open_still = {"kind": MONEY, "data": approve, "closes_at": NOW + 1}
    assert refusal("decide", stage="evaluated", **open_still) == "round_still_open"
    no_sum = {"kind": MONEY, "data": {"decision": "approved", "amount": 0}}
    assert refusal("decide", stage="evaluated", **no_sum) == "amount_missing"
    nothing = {"kind": MONEY, "data": {}}
    assert refusal("decide", stage="evaluated", **nothing) == "decision_missing"
    assert refusal("contract", stage="approved", kind=MONEY, data={}) == "official_ref_missing"
    assert refusal("lapse", stage="approved", kind=MONEY, reason="") == "reason_missing"


def test_hiding_and_unhiding_keep_who_could_see_it() -> None:
    shown = submission(stage="accepted", visibility=Visibility.PUBLIC)
    arrow = next(a for a in ARROWS if a.event == "hide")
    hidden = transition(shown, EVENTS["hide"], CLERK, known(arrow))
    assert (hidden.visibility, hidden.before_hiding) == (Visibility.HIDDEN, Visibility.PUBLIC)
    after = replace(shown, visibility=hidden.visibility, before_hiding=hidden.before_hiding)
    assert transition(after, Event("unhide"), CLERK, known(arrow)).visibility is Visibility.PUBLIC


def test_withdrawing_takes_it_out_of_sight() -> None:
    arrow = next(a for a in ARROWS if a.event == "withdraw")
    shown = submission(visibility=Visibility.PUBLIC)
    after = transition(shown, Event("withdraw"), RESIDENT, known(arrow))
    assert (after.stage, after.visibility) == ("withdrawn", Visibility.PRIVATE)
    hidden = submission(visibility=Visibility.HIDDEN, before_hiding=Visibility.PUBLIC)
    after = transition(hidden, Event("withdraw"), RESIDENT, known(arrow))
    assert (after.visibility, after.before_hiding) == (Visibility.HIDDEN, Visibility.PRIVATE)


def test_what_an_actor_could_do_now() -> None:
    assert set(possible(submission(stage="needs_info"), RESIDENT)) == {"add", "reply", "withdraw"}
    assert "decline" in possible(submission(), CLERK)
    assert "fix" not in possible(submission(), CLERK)
    assert possible(submission(), "nobody") == ()


def test_only_questions_may_interrupt() -> None:
    asking = {arrow.event for arrow in ARROWS if arrow.telling is Telling.ASKS}
    assert asking == {"ask", "remind", "ask_fixed"}
    assert len(ANSWER) >= 20
