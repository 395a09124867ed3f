"""What the sentence that opens a form already holds: the idea, or only the wish to send one.

"მინდა ველობილიკი მეჩვიდმეტეში" is an idea; "როგორ გავაგზავნო იდეა?" only asks for the form.
The words by which people speak *of* sending are taken away; when enough is left, the message is
the body.
"""

from __future__ import annotations

import re

from bot.core.forms.words import folded, is_question

#: So many words of its own make a message a description; what money is for takes more.
_ENOUGH, _ENOUGH_FOR_MONEY = 2, 5

#: Beginnings of words that speak of sending, of city hall or of nothing at all.
_SENDING_WORDS = """
იდეა იდეებ იდეის იდეას წინადადებ ინიციატივ შემოთავაზებ შემოგთავაზ შევთავაზ გთავაზობ მოსაზრებ
აზრი აზრს რჩევ გაგზავნ გავგზავნ გამოგზავნ გამოგიგზავნ გავაგზავნ გამოვაგზავნ მოგწერ მოვწერ დავწერ
ვწერ ჩავწერ ჩაიწერ მივწერ შეტყობინ შევატყობინ ვაცნობ ვუთხრა დავუკავშირ დავურეკ დავაფიქსირ
დაფიქსირ დავტოვ დატოვ პრობლემ განაცხად განცხადებ შევავს შემავსებინ ფორმა ფორმის თანადაფინანს
დაფინანს დამეხმარ დახმარებ მერია მერიას მერიის მერს მუნიციპალიტეტ ქალაქისთვის ბოტ ჩატ აპლიკაცი
მინდა მინდოდა მსურს მჭირდება გვინდა მაქვს მაქ გვაქვს შეიძლება შემიძლია გამარჯობა სალამი გთხოვთ
როგორ სად საით ვის ვინ რა რამე რაღაც ერთი მე მაგას მაგ ეს ის არის და თუ ან რომ რო აქ ჩემი ჩვენი
თქვენთან თქვენ რუსთავ აბა მოვიფიქრე გზით წარდგენ წარვუდგინ წარმოვადგინ იღებ მიიღებ სურათ ფოტო
ანონიმურ რეგისტრაცი ავტორ მოგც ვურჩი ბიჭო კითხულ წაიკითხ ყუთი our your of about for this that we
us you idea proposal suggest suggestion report problem issue send submit apply application co-
funding cofunding funding fund grant how where can may i want to would like have a an the my
hello hi city hall please something it is there form bot who whom do write tell идея идею идеи
предложен предложить проблем сообщить отправить подать заявк хочу у меня есть как куда можно
софинансирован мэри здравствуйте привет ideya təklif göndər problem bildir necə istəyirəm մի
գաղափար առաջարկ ուղարկել խնդիր ինչպես ուզում
"""
_ABOUT_SENDING = tuple(folded(stem) for stem in _SENDING_WORDS.split())
#: Of these, the short ones stand for whole words only.
_WHOLE = frozenset(stem for stem in _ABOUT_SENDING if len(stem) <= 4)
_STEMS = tuple(stem for stem in _ABOUT_SENDING if len(stem) > 4)


#: Such a question asks what may be done and proposes nothing.
_CAN_WORDS = "შეიძლება შემიძლია can may how where можно куда как"
_CAN = frozenset(folded(word) for word in _CAN_WORDS.split())
#: Words that show that a question is about sending and not a polite way to propose something.
_IDEA_WORDS = "იდე წინადადებ ინიციატივ idea proposal suggest идеи идея предлож"
_IDEA = tuple(folded(word) for word in _IDEA_WORDS.split())
_SENTENCE = re.compile(r"(?<=[.!?…։])\s+|\n+")


def description_in(text: str, kind: str) -> str:
    """Give the part of an opening message that says what it is about; empty when there is none.

    Args:
        text: the message.
        kind: ``idea``, ``problem`` or ``co_funding``. A problem may be told as a question ("who
            mends the hole in …?"); an idea or a need for money is not.
    """
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    if kind != "problem":
        sentences = [sentence for sentence in sentences if not _asks_how_to_send(sentence, kind)]
    kept = " ".join(sentence.strip() for sentence in sentences)
    own = [word for word in folded(kept).split() if len(word) > 2 and not _is_about_sending(word)]
    enough = _ENOUGH_FOR_MONEY if kind == "co_funding" else _ENOUGH
    return kept if len(own) >= enough else ""


def says_only_that(text: str) -> bool:
    """Tell whether a message speaks of sending something and of nothing else."""
    spoken = [word for word in folded(text).split() if len(word) > 2]
    return bool(spoken) and all(map(_is_about_sending, spoken))


def _asks_how_to_send(sentence: str, kind: str) -> bool:
    if not is_question(sentence):
        return False
    return kind == "co_funding" or any(
        word.startswith(_IDEA) or word in _CAN for word in folded(sentence).split()
    )


def _is_about_sending(word: str) -> bool:
    return word in _WHOLE or word.startswith(_STEMS)
