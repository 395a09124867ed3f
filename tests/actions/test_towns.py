from __future__ import annotations

from bot.actions.answer_service import AnswerService
from bot.actions.change_municipality import ChangeMunicipality
from bot.actions.follow_up import FollowUp
from tests.actions.conversation import run, tracker

FEE = "local_fees.cleaning_fee"


def test_a_question_about_another_town_is_answered_for_it_and_the_town_stays() -> None:
    asked = tracker(FEE, attribute="price", municipality="marneuli")
    (message,), slots = run(AnswerService(), asked)
    assert message["text"].startswith("Marneuli:\n\nUnder the 2011 decree, 1 GEL")
    assert slots == {"service": FEE, "attribute_told": "price"}
    assert {button["payload"].rpartition(":")[2] for button in message["buttons"]} == {"marneuli"}


def test_a_follow_up_may_name_another_town() -> None:
    asked = tracker("follow_up", slots={"service": FEE}, municipality="tkibuli")
    (message,), _ = run(FollowUp(), asked)
    assert "In Tkibuli, under the 2015 decree, the cleaning fee is 0.5 GEL" in message["text"]


def test_a_town_alone_is_asked_for_what_was_told_of_the_other() -> None:
    told = {"service": FEE, "attribute_told": "price"}
    (message,), _ = run(FollowUp(), tracker("follow_up", slots=told, municipality="marneuli"))
    assert message["text"].startswith("Marneuli:\n\nUnder the 2011 decree, 1 GEL")
    assert message["buttons"][-1]["payload"] == "town:marneuli"


def test_a_town_without_a_rule_of_its_own_has_the_countrys_and_says_so() -> None:
    (message,), _ = run(AnswerService(), tracker(FEE, municipality="chiatura"))
    assert "At most 3 GEL" in message["text"] or "3 GEL per person" in message["text"]
    assert "I have no local rule on it (Chiatura)" in message["text"]


def test_the_town_of_the_conversation_and_unknown_ones_need_no_heading() -> None:
    plain, _ = run(AnswerService(), tracker(FEE))
    for town in ("rustavi", "tbilisi"):
        assert run(AnswerService(), tracker(FEE, municipality=town))[0] == plain


def test_the_town_is_changed_for_good() -> None:
    (message,), slots = run(ChangeMunicipality(), tracker(municipality="dmanisi"))
    assert message["text"] == "All right, from now on I'll answer for this town: Dmanisi."
    assert slots == {"municipality_choice": "dmanisi", "municipality": "dmanisi"}


def test_without_a_town_the_towns_are_offered() -> None:
    for named in ({}, {"municipality": "tbilisi"}):
        (message,), slots = run(ChangeMunicipality(), tracker(**named))
        assert slots == {}
        assert [button["payload"] for button in message["buttons"]] == [
            "town:bolnisi", "town:chiatura", "town:dmanisi", "town:marneuli", "town:tkibuli",
        ]  # fmt: skip


def test_where_to_ask_is_told_with_the_towns_address() -> None:
    asked = tracker("architecture.zoning", attribute="contact", municipality="tkibuli")
    (message,), _ = run(AnswerService(), asked)
    assert "Hotline: (497) 22 20 20" in message["text"]
    assert "Telephone" not in message["text"]
    assert "https://tkibuli.gov.ge/ge/documents?page=1" in str(message["custom"]["sources"])


def test_who_asks_for_a_towns_telephone_reads_that_first() -> None:
    asked = tracker("public_information.contacts", attribute="contact", municipality="chiatura")
    (message,), _ = run(AnswerService(), asked)
    heading, contacts, _ = message["text"].split("\n\n", 2)
    assert heading == "Chiatura:"
    assert "https://chiatura.gov.ge" in contacts
