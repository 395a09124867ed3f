from __future__ import annotations

from datetime import date

import pytest

from bot.core.forms import dates, money, places, reading
from bot.core.forms.reading import NotUsable

TODAY = date(2026, 11, 29)
RUSTAVI = ((41.62, 44.93), (41.62, 45.03), (41.58, 45.09), (41.49, 45.11), (41.48, 45.02))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2 500", 2500),
        ("2500₾", 2500),
        ("2,5 ათასი", 2500),
        ("ორი ათასი", 2000),
        ("ori atasi", 2000),
        ("ათას ხუთასი ლარი", 1500),
        ("2.500", 2500),
        ("2,500.00", 2500),
        ("10 000 GEL", 10_000),
        ("ოცდახუთი ათასი", 25_000),
        ("ორნახევარი ათასი", 2500),
        ("2 ათას 500", 2500),
        ("სამას ორმოცდაათი", 350),
        ("5k", 5000),
        ("2 тысячи", 2000),
        ("five hundred", 500),
        ("5 min manat", 5000),
        ("1500,50", 1500),
        ("დაახლოებით 700 ლარი მინდა", 700),
    ],
)
def test_sum_is_read_however_it_is_written(text: str, amount: int) -> None:
    assert money.sum_in_lari(text) == amount


@pytest.mark.parametrize("text", ["2000-3000", "არ ვიცი", "0", "-5", "0.4", "", "999999999999"])
def test_sum_that_is_none_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUsable):
        money.sum_in_lari(text)


@pytest.mark.parametrize(
    "text", ["555123456", "+995 555 12 34 56", "0 555 123 456", "995-555-123-456", "555.12.34.56"]
)
def test_telephone_is_read_however_it_is_written(text: str) -> None:
    assert reading.phone(text) == "555123456"


@pytest.mark.parametrize("text", ["12345", "0341 25 52 31", "455123456", "ტელეფონი არ მაქვს"])
def test_telephone_that_is_no_mobile_is_refused(text: str) -> None:
    with pytest.raises(NotUsable):
        reading.phone(text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("მაისი 2027", "2027-05"),
        ("maisi", "2027-05"),
        ("05.2027", "2027-05"),
        ("2027-05-10", "2027-05"),
        ("10.05.2027", "2027-05"),
        ("may 2027", "2027-05"),
        ("დეკემბერი", "2026-12"),
        ("мая 2027", "2027-05"),
    ],
)
def test_month_is_read_however_it_is_written(text: str, month: str) -> None:
    assert dates.month(text, TODAY) == month


@pytest.mark.parametrize("text", ["2020-01", "13.2027", "მალე", ""])
def test_month_that_is_past_or_none_is_refused(text: str) -> None:
    with pytest.raises(NotUsable):
        dates.month(text, TODAY)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("მაისი – სექტემბერი 2027", "2027-05 – 2027-09"),
        ("მაისიდან სექტემბრამდე", "2027-05 – 2027-09"),
        ("01.05.2027 - 30.09.2027", "2027-05 – 2027-09"),
        ("ივნისი 2027", "2027-06"),
    ],
)
def test_period_is_read_from_one_answer(text: str, period: str) -> None:
    assert dates.period(text, TODAY) == period


def test_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(NotUsable) as caught:
        dates.period("2027-09 – 2027-05", TODAY)
    assert caught.value.text_id == "form_month_before_start"


def test_pin_counts_inside_of_the_town_alone() -> None:
    inside = places.pin({"lat": 41.55, "lon": 45.0}, RUSTAVI)
    assert (inside.lat, inside.lon) == (41.55, 45.0)
    for lat, lon in ((41.72, 44.78), (0, 0)):
        with pytest.raises(NotUsable):
            places.pin({"lat": lat, "lon": lon}, RUSTAVI)
    assert places.pin({"lat": 41.72, "lon": 44.78}, None).lat == 41.72


@pytest.mark.parametrize("pin", [{}, {"lat": "x", "lon": 1}, {"lat": None, "lon": None}])
def test_pin_without_a_point_is_refused(pin: dict[str, object]) -> None:
    with pytest.raises(NotUsable):
        places.pin(pin, RUSTAVI)


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("მე-17 მიკრორაიონი, სტადიონთან", "17"),
        ("მეჩვიდმეტეში", "17"),
        ("me-11 mikroraioni", "11"),
        ("მეხუთე მიკრორაიონი", "5"),
        ("კოსტავას 20", ""),
        ("სტადიონთან", ""),
    ],
)
def test_place_in_words_is_taken_with_its_district(text: str, district: str) -> None:
    assert places.words(text).text == text
    assert places.words(text).district == district


@pytest.mark.parametrize("text", ["", "12", "😀", "ა" * 201])
def test_place_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(NotUsable):
        places.words(text)


def test_description_is_tidied_and_bounded() -> None:
    assert reading.body("  ორმო\x00  დიდია\t გზაზე \n\n\n\n აქ ") == "ორმო დიდია გზაზე\n\nაქ"
    for text in ("ორმო", "ორმო აქ", "123 456 789 012", "ა" * 40, "სიტყვა " * 300):
        with pytest.raises(NotUsable):
            reading.body(text)


@pytest.mark.parametrize("name", ["Ana", "გიორგი", "Ната", "ნინო მ.", "Əli"])
def test_name_may_be_in_any_letters_and_of_one_word(name: str) -> None:
    assert reading.name(name) == name


@pytest.mark.parametrize("name", ["", "ა", "555123456", "a@b.ge", "ა" * 61])
def test_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NotUsable):
        reading.name(name)


@pytest.mark.parametrize("title", ["აბა", "დარეკეთ 555 12 34 56", "a@b.ge ნახეთ", "ნახეთ www.x.ge"])
def test_title_without_contacts(title: str) -> None:
    with pytest.raises(NotUsable):
        reading.title(title)
