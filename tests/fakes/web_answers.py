"""What the fake web chat knows and answers: enough kinds of messages to see the page by."""

from __future__ import annotations

from typing import Any

Content = dict[str, Any]

LANGUAGES = {
    "ka": "ქართული",
    "en": "English",
    "ru": "Русский",
    "az": "Azərbaycanca",
    "hy": "Հայերեն",
}
TOWN = {"ka": "რუსთავი", "en": "Rustavi"}
TOPICS = {
    "public_information": {"ka": "საჯარო ინფორმაცია", "en": "Public information"},
    "social_programmes": {"ka": "სოციალური დახმარება", "en": "Social support"},
    "architecture": {"ka": "მშენებლობა", "en": "Construction"},
    "conscription": {"ka": "სამხედრო გაწვევა", "en": "Military service"},
    "municipal_property": {"ka": "მუნიციპალური ქონება", "en": "Municipal property"},
    "local_fees": {"ka": "მოსაკრებლები", "en": "Local fees"},
    "public_health": {"ka": "ჯანმრთელობა", "en": "Public health"},
    "participation": {"ka": "მონაწილეობა", "en": "Taking part"},
}


def _buttons(*titles: str) -> list[Content]:
    return [{"title": title, "payload": f"service:{title}"} for title in titles]


_SITE = {
    "title": "რუსთავის მერია, საჯარო ინფორმაცია",
    "url": "https://rustavi.gov.ge/sajaro-informacia/",
    "date": "2026-11-21",
}
_CODE = {
    "title": "საქართველოს ზოგადი ადმინისტრაციული კოდექსი",
    "url": "https://matsne.gov.ge/ka/document/view/16270",
    "date": "1999-06-25",
}
_DECREE = {
    "title": "რუსთავის საკრებულოს დადგენილება №25 მოსაკრებლების შესახებ",
    "url": "https://matsne.gov.ge/ka/document/view/2666140",
    "date": "2015",
}

FEE = {
    "text": "დასუფთავების მოსაკრებელი თვეში 3 ლარია ერთ სულზე. ის კომუნალურ ქვითარში წერია.",
    "buttons": _buttons("ვინ არის გათავისუფლებული?", "სად გადავიხადო?", "დავალიანება"),
    "service": "local_fees.cleaning_fee",
    "sources": [_SITE],
    "checked_on": "2026-11-21",
}
FEE_EN = {
    "text": "The cleaning fee is 3 lari a month per person. It is on your utility bill.",
    "buttons": _buttons("Who is exempt?", "Where do I pay?", "Arrears"),
    "service": "local_fees.cleaning_fee",
    "sources": [{**_SITE, "title": "Rustavi City Hall, public information page"}],
    "checked_on": "2026-11-21",
}
LONG = {
    "text": "\n".join(
        [
            "საჯარო ინფორმაციას ნებისმიერი ადამიანი მოითხოვს, მიზეზის თქმა საჭირო არ არის.",
            "",
            "1. დაწერეთ განცხადება: რა ინფორმაცია გჭირდებათ და როგორ გინდათ მიღება.",
            "2. მიუთითეთ სახელი, გვარი და მისამართი ან ელფოსტა.",
            "3. გააგზავნეთ ელფოსტით (info@rustavi.gov.ge), პორტალით https://my.gov.ge/ka-ge/services"
            " ან მიიტანეთ მერიაში: მერაბ კოსტავას გამზირი 20.",
            "4. შეინახეთ რეგისტრაციის ნომერი: მისით პასუხს მოძებნით.",
            "",
            "მერია დაუყოვნებლივ გპასუხობთ ან, თუ ინფორმაცია სხვაგან აქვს, 10 სამუშაო დღეში. "
            "კითხვებისთვის: +995 341 25 52 31 ან 032 2 00 00 00.",
        ]
    ),
    "buttons": _buttons("რა ღირს?", "რა ვადაში?", "უარის გასაჩივრება", "ელექტრონულად"),
    "service": "public_information.request",
    "sources": [_CODE, _SITE, _DECREE],
    "links": [
        {"title": "განცხადების გაგზავნა my.gov.ge-ზე", "url": "https://my.gov.ge/"},
        {"title": "მერიის საიტი", "url": "https://rustavi.gov.ge/"},
    ],
    "checked_on": "2026-11-21",
}
MANY = {
    "text": "საჯარო ინფორმაცია: აირჩიეთ, რა გაინტერესებთ.",
    "buttons": _buttons(
        "ინფორმაციის მოთხოვნა",
        "პასუხის ვადა",
        "ასლის საფასური",
        "უარის გასაჩივრება",
        "ელექტრონულად",
        "განაცხადის სტატუსი",
        "ბიუჯეტი",
        "საკრებულოს სხდომები",
        "მერთან შეხვედრა",
        "კონტაქტი",
        "პეტიცია",
    ),
}
OFFER = {
    "text": "რომ არ შემეშალოს, დამიზუსტეთ, რომელი გაინტერესებთ?",
    "buttons": _buttons("დასუფთავება", "დავალიანება", "ქონების გადასახადი", "არცერთი"),
}
PICTURE = {"text": "აი სურათი.", "images": ["/static/cover.svg", "https://example.org/x.png"]}
HOSTILE = {
    "text": "<img src=x onerror=\"document.title='broken'\"> <b>მუქი</b> &amp; https://rustavi.gov.ge.",
    "buttons": [{"title": "<i>ღილაკი</i>", "payload": "act:help"}],
    "links": [{"title": "ცუდი", "url": "javascript:alert(1)"}],
}
CHANGED = {
    "ka": "კარგი, ამიერიდან ქართულად გიპასუხებთ.",
    "en": "All right, I'll answer in English from now on.",
    "ru": "Хорошо, теперь буду отвечать по-русски.",
    "az": "Yaxşı, bundan sonra Azərbaycan dilində cavab verəcəyəm.",
    "hy": "Լավ, այսուհետ կպատասխանեմ հայերեն։",
}

#: The first of these words that stands in a message decides the answer.
_BY_WORD: list[tuple[str, list[Content]]] = [
    ("topic:", [MANY]),
    ("დასუფთავება", [FEE]),
    ("cleaning", [FEE_EN]),
    ("ინფორმაცია", [LONG]),
    ("სურათი", [PICTURE]),
    ("html", [HOSTILE]),
    ("ორი", [{"text": "პირველი პასუხი."}, {"text": "მეორეც.", "buttons": _buttons("მესამე")}]),
]


def answers_to(said: str, language: str) -> list[Content]:
    """Give the bot's replies to a text or a payload."""
    if said.startswith("language:"):
        return [{"text": CHANGED[language]}]
    for word, contents in _BY_WORD:
        if word in said:
            return contents
    if said.startswith("service:"):
        return [{"text": f"აირჩიეთ: {said.partition(':')[2]}", "buttons": _buttons("უკან")}]
    return [OFFER] if language == "ka" else [{"text": f"You said: {said}"}]
