"""Streets that no table names, by their form; beside the tables' own in six ways of writing."""

from __future__ import annotations

import pytest

from bot.nlu.entity_finder import EntityFinder


def streets(finder: EntityFinder, text: str, language: str) -> list[tuple[str, str]]:
    return [
        (entity["value"], entity["text"])
        for entity in finder.find(text, language)
        if entity["entity"] == "street"
    ]


@pytest.mark.parametrize(
    ("text", "language", "value", "words"),
    [
        ("მშვიდობის ქუჩა 12, ორმოა", "ka", "მშვიდობის ქუჩა", "მშვიდობის ქუჩა 12"),
        ("მშვიდობის ქუჩის 7-ში ვცხოვრობ", "ka", "მშვიდობის ქუჩა", "მშვიდობის ქუჩის 7"),
        ("ჭავჭავაძის გამზ. 5", "ka", "ჭავჭავაძის გამზირი", "ჭავჭავაძის გამზ. 5"),
        ("პუშკინის ქ. 4", "ka", "პუშკინის ქუჩა", "პუშკინის ქ. 4"),
        ("ილია ჭავჭავაძის ჩიხში", "ka", "ილია ჭავჭავაძის ჩიხი", "ილია ჭავჭავაძის ჩიხში"),
        ("9 აპრილის ქუჩა 4", "ka", "9 აპრილის ქუჩა", "9 აპრილის ქუჩა 4"),
        ("ა. წერეთლის შესახვევთან", "ka", "ა. წერეთლის შესახვევი", "ა. წერეთლის შესახვევთან"),
        ("ვაჟა-ფშაველას ხეივანში", "ka", "ვაჟა-ფშაველას ხეივანი", "ვაჟა-ფშაველას ხეივანში"),
        ("გამსახურდიას გამზირზე", "ka", None, None),
        ("ზვიად გამსახურდიას ქუჩაზე", "ka", "ზვიად გამსახურდიას ქუჩა", None),
        ("tavisuflebis quchis bolos", "ka", "tavisuflebis qucha", "tavisuflebis quchis"),
        ("tabidzis kuchaze 3 nomertan", "ka", "tabidzis kucha", "tabidzis kuchaze 3"),
        ("a hole at 12 Peace Street", "en", "Peace Street", "12 Peace Street"),
        ("on peace street 12 there is a hole", "en", "peace street", "peace street 12"),
        ("Tsereteli street is dark", "en", "Tsereteli street", "Tsereteli street"),
        ("ул.Пушкина, д. 5", "ru", "улица Пушкина", "ул.Пушкина, д. 5"),
        ("на улице 9 апреля", "ru", "улица 9 апреля", "улице 9 апреля"),
        ("на Пушкинской улице", "ru", "Пушкинская улица", "Пушкинской улице"),
        ("на улице гагарина 12", "ru", "улица гагарина", "улице гагарина 12"),
        ("Axundov kucesinde", "az", "Axundov kucesi", "Axundov kucesinde"),
        ("Xətai prospektində 4", "az", "Xətai prospekti", "Xətai prospektində 4"),
        ("Մաշտոցի պողոտա 4", "hy", "Մաշտոցի պողոտա", "Մաշտոցի պողոտա 4"),
        ("Աբովյան փողոցում", "hy", "Աբովյան փողոց", "Աբովյան փողոցում"),
    ],
)
def test_a_name_beside_a_word_for_street_is_one(
    finder: EntityFinder, text: str, language: str, value: str | None, words: str | None
) -> None:
    found = streets(finder, text, language)
    if value is None:
        # A vowel keeps its place in many a genitive; without a first name that tells nothing.
        assert found == []
    else:
        ((got, typed),) = found
        assert (got, typed) == (value, words or typed)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ქუჩის განათება", "ka"),
        ("ამ ქუჩაზე", "ka"),
        ("ჩვენს ქუჩაზე ორმოა", "ka"),
        ("თქვენი ქუჩის ბოლოს", "ka"),
        ("ნაგავს ყრის ქუჩაზე", "ka"),
        ("წყალი მოდის ქუჩაზე", "ka"),
        ("აყენებს მანქანას ქუჩაზე", "ka"),
        ("ქალაქის ქუჩის ხმაური", "ka"),
        ("ბავშვების ქუჩაში თამაში", "ka"),
        ("რუსთავის ქ. მერია", "ka"),
        ("სკოლის ქუჩაზე", "ka"),
        ("chvens quchaze", "ka"),
        ("nagavs yris quchashi", "ka"),
        ("our street", "en"),
        ("streets in Rustavi", "en"),
        ("Dark street again", "en"),
        ("Broken Street lights", "en"),
        ("on the same street", "en"),
        ("a quiet street 12 years ago", "en"),
        ("St. George church", "en"),
        ("улица тёмная", "ru"),
        ("на улице 5 человек", "ru"),
        ("дом на проспекте. Деревянную дверь", "ru"),
        ("улицы Рустави в ямах", "ru"),
        ("Городская улица", "ru"),
        ("bizim küçədə", "az"),
        ("şəhər küçəsi", "az"),
        ("Մեր փողոցի ծայրին", "hy"),
        ("Քաղաքի փողոցները", "hy"),
    ],
)
def test_which_street_is_meant_is_no_name(finder: EntityFinder, text: str, language: str) -> None:
    assert streets(finder, text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("მეგობრობის გამზირზე ორმოა", "ka", "მეგობრობის გამზირი"),
        ("megobrobis gamzirze", "ka", "მეგობრობის გამზირი"),
        ("შოთა რუსთაველის ქუჩაზე", "ka", "რუსთაველის ქუჩა"),
        ("on Kostava street 20", "en", "კოსტავას გამზირი"),
        ("по Тбилисской улице", "ru", "თბილისის ქუჩა"),
        ("Թբիլիսիի փողոցում", "hy", "თბილისის ქუჩა"),
    ],
)
def test_a_street_of_the_tables_has_its_name_there(
    finder: EntityFinder, text: str, language: str, value: str
) -> None:
    assert [got for got, _ in streets(finder, text, language)] == [value]


@pytest.mark.parametrize("text", ["მშვიდობის ქუჩაზე 20 მანქანა დგას", "Peace Street, 12 cars"])
def test_what_is_counted_is_no_house(finder: EntityFinder, text: str) -> None:
    ((_, words),) = streets(finder, text, "ka")
    assert not any(number in words for number in ("12", "20"))


def test_two_streets_are_a_corner(finder: EntityFinder) -> None:
    text = "the corner of Peace Street and Tsereteli Avenue"
    assert [value for value, _ in streets(finder, text, "en")] == [
        "Peace Street",
        "Tsereteli Avenue",
    ]
