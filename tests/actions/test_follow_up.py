from __future__ import annotations

from bot.actions.answer_service import AnswerService
from bot.actions.follow_up import FollowUp
from tests.actions.conversation import run, tracker

FEE = "local_fees.construction_permit_fee"
PERMIT = "architecture.construction_permit"


def test_what_a_neighbour_knows_is_offered_by_its_name() -> None:
    asked = tracker("follow_up", slots={"service": FEE}, attribute="documents")
    (message,), _ = run(FollowUp(), asked)
    missing, known = message["text"].split("\n\n")
    assert missing.startswith("Building permit fee: I have no confirmed answer")
    assert known == "I do have a confirmed answer on a related topic: Construction permit."
    papers = "attribute:architecture.construction_permit:documents"
    assert message["buttons"][0]["payload"] == papers
    assert len({button["title"] for button in message["buttons"]}) == len(message["buttons"]) == 3


def test_a_side_that_nobody_near_knows_is_only_said_to_be_missing() -> None:
    asked = tracker("follow_up", slots={"service": FEE}, attribute="exceptions")
    (message,), _ = run(FollowUp(), asked)
    assert "related topic" not in message["text"]


def test_all_sides_that_are_asked_are_told_in_their_order_and_kept() -> None:
    asked = tracker("follow_up", slots={"service": PERMIT}, attribute=["place", "documents"])
    (message,), slots = run(FollowUp(), asked)
    place, papers = (message["text"].index(text) for text in ("Where do I go?", "Which papers?"))
    assert place < papers
    assert slots == {"service": PERMIT, "attribute_told": "place documents"}


def test_several_sides_are_asked_of_another_town_too() -> None:
    told = {"service": PERMIT, "attribute_told": "place documents"}
    (message,), _ = run(FollowUp(), tracker("follow_up", slots=told, municipality="marneuli"))
    assert message["text"].startswith("Marneuli:\n\nWhere do I go?\n")
    assert "\n\nWhich papers?\n" in message["text"]


def test_the_sources_of_several_sides_are_told_together() -> None:
    told = {"service": PERMIT, "attribute_told": "place deadline"}
    (message,), _ = run(FollowUp(), tracker("follow_up", slots=told, attribute="sources"))
    urls = [source["url"] for source in message["custom"]["sources"]]
    assert len(urls) == len(set(urls)) > 0


def test_a_side_that_is_worked_out_stands_after_the_others() -> None:
    sides = ["price", "place"]
    asked = tracker("local_fees.cleaning_fee", "four of us", attribute=sides, persons=4)
    (place, price), slots = run(AnswerService(), asked)
    assert "19 Pirosmani" in place["text"]
    assert "1.6 GEL" in price["text"]
    assert slots["service"] == "local_fees.cleaning_fee"


def test_a_card_is_not_told_twice_running() -> None:
    hut = "architecture.outdoor_trade"
    asked = tracker(hut, "and without a permit?", slots={"service": hut})
    asked.events[:] = [
        {"event": "user"},
        {"event": "action", "name": "action_answer_service"},
        {"event": "user"},
    ]
    (message,), _ = run(AnswerService(), asked)
    assert "what I know for sure is written above" in message["text"]
    # The result of a calculation is no card, and a button may be pressed again.
    asked.events.insert(2, {"event": "slot", "name": "calculation", "value": None})
    assert "written above" not in run(AnswerService(), asked)[0][0]["text"]
    del asked.events[2]
    asked.latest_message["text"] = ""
    assert "written above" not in run(AnswerService(), asked)[0][0]["text"]


def test_what_another_aid_gives_is_no_answer_about_this_one() -> None:
    asked = tracker("follow_up", slots={"service": "social_programmes.funeral"}, attribute="steps")
    (message,), _ = run(FollowUp(), asked)
    assert "related topic" not in message["text"]


def test_a_side_of_what_was_offered_alone_is_answered() -> None:
    slots = {"service": "local_fees.debt", "offered": ["architecture.legalisation"]}
    asked = tracker("follow_up", slots=slots, attribute="documents")
    asked.events[:] = [
        {"event": "user"},
        {"event": "action", "name": "action_not_sure"},
        {"event": "user"},
    ]
    _, slots = run(FollowUp(), asked)
    assert slots["service"] == "architecture.legalisation"
    asked.events[1] = {"event": "action", "name": "action_answer_service"}
    assert run(FollowUp(), asked)[1]["service"] == "local_fees.debt"
