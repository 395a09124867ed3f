"""Whether the sentence that opens a form is the description already, and its title."""

from __future__ import annotations

import pytest

from bot.core.forms.opening import description_in
from bot.core.forms.titles import suggested

IDEAS = [
    "მინდა ველობილიკი მეჩვიდმეტეში",
    "minda velobiliki mechvidmeteshi",
    "კარგი იქნებოდა საცურაო აუზი",
    "იქნებ შუქნიშანი დადგათ მეცხრამეტესთან, ბავშვები ვერ გადადიან",
    "აბა ერთი იდეა: ავტობუსის გაჩერებებზე ტელეფონის დამტენები",
    "my idea: water fountains in parks for summer",
    "I'd propose a Sunday flea market by the river",
    "хочу предложить новую остановку в 19 микрорайоне",
]
WISHES = [
    "იდეა მაქვს",
    "იდეის გამოგზავნა მინდა",
    "სად ვწერთ იდეებს?",
    "როგორ შევთავაზო მერიას ჩემი იდეა ბაღების შესახებ?",
    "idea maqvs",
    "I have an idea",
    "where can I send my idea to city hall",
    "Do you accept ideas from foreigners who live in Rustavi?",
    "у меня есть идея",
    "",
]


@pytest.mark.parametrize("text", IDEAS)
def test_idea_in_the_first_sentence_is_the_description(text: str) -> None:
    assert description_in(text, "idea")


@pytest.mark.parametrize("text", WISHES)
def test_wish_to_send_one_is_no_description(text: str) -> None:
    assert description_in(text, "idea") == ""


def test_question_how_to_send_is_left_out_of_the_description() -> None:
    text = "ჩვენს ეზოში დიდი ცარიელი ადგილია, ამფითეატრი გაკეთდეს. როგორ შემოგთავაზოთ იდეა?"
    assert description_in(text, "idea") == text.partition(". ")[0] + "."


@pytest.mark.parametrize(
    "text", ["სკოლის გვერდით ლუქს თავსახური აღარ აქვს", "Where do I report sewage on the street?"]
)
def test_problem_told_as_a_question_is_its_description(text: str) -> None:
    assert description_in(text, "problem") == text


def test_wish_for_money_is_not_what_the_money_is_for() -> None:
    assert description_in("თანადაფინანსებაზე განაცხადი მინდა", "co_funding") == ""
    assert description_in("I want to apply for co-funding of our initiative", "co_funding") == ""


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("მინდა ველობილიკი მეჩვიდმეტეში", "ველობილიკი მეჩვიდმეტეში"),
        ("გამარჯობა, გთხოვთ სკამები დადგით პარკში. ძალიან გვჭირდება.", "სკამები დადგით პარკში"),
        ("I want a bike lane on Kostava. It is dangerous.", "A bike lane on Kostava"),
        ("დამირეკეთ a@b.ge ნაგავი არ გააქვთ", "დამირეკეთ ნაგავი არ გააქვთ"),
    ],
)
def test_title_is_suggested_from_the_first_sentence(body: str, title: str) -> None:
    assert suggested(body) == title


def test_title_of_a_long_sentence_is_cut_at_a_word() -> None:
    title = suggested("ძალიან " * 40 + "კარგი იდეა")
    assert 4 <= len(title) <= 60
    assert title.endswith("ძალიან")
