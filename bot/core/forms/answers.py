"""The value of an answer to a question of any type, checked; :class:`NotUsable` when it is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.core.categories import Categories, guess
from bot.core.forms import dates, money, places, reading, words
from bot.core.forms.outlines import Outline
from bot.core.forms.questions import Question
from bot.core.forms.reading import NotUsable
from bot.core.forms.state import State
from bot.core.masking import SIGN, mask
from bot.core.normalise import normalise
from bot.core.privacy import Privacy
from bot.core.programmes import Programme
from bot.core.submissions.model import Place, Publicity

#: Answers of a programme's money questions by which its sums are checked.
ASKED, OWN = "sum", "own_share"
#: Who says more at the question of the category tells of something, and names none.
_CATEGORY_WORDS = 4


@dataclass(frozen=True)
class World:
    """What a form is filled in with: the town's categories, outline and programmes, and the day.

    ``offered`` are the ids of the programmes that can be chosen, ``noticed`` tells whether the
    resident read the notice about personal data, which says what ``privacy`` holds.
    """

    categories: Categories
    municipality: str
    today: date
    outline: Outline = ()
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    offered: Sequence[str] = ()
    noticed: bool = False
    privacy: Privacy = field(default_factory=Privacy)

    def programme(self, state: State) -> Programme | None:
        """Give the programme of a form; None when it has none yet."""
        return self.programmes.get(state.programme)


def from_text(question: Question, text: str, state: State, world: World) -> Any:
    """Read what was typed in answer to a question.

    Raises:
        NotUsable: when it is no answer; the text it names tells what to do.
    """
    type = question.type
    if type == "body":
        return mask(reading.body(text, placed=state.placed)).text
    if type == "title":
        return mask(reading.title(text)).text
    if type == "name":
        return named(text)
    if type == "place":
        return _place_in_words(text, state)
    if type == "text":
        return _text(question, text)
    if type == "phone":
        return reading.phone(text)
    if type == "month":
        return _month(question, text, state, world)
    if type == "period":
        return dates.period(text, world.today)
    if type in ("number", "money"):
        return _amount(question, text, state, world)
    if type == "photos":
        raise NotUsable("form_photos_unclear")
    if type == "publicity":
        plain = words.folded(text)
        chosen = (each for each, said in words.PUBLICITY.items() if plain in said)
        if (publicity := next(chosen, None)) is not None:
            return publicity.value
    return from_choice(question, _choice_typed(question, text, state, world), world)


def named(text: str) -> str:
    """Read how a resident wishes to be called; a number beside it is no part of a name.

    Raises:
        NotUsable: when it is no name.
    """
    return reading.name(mask(text).text.replace(SIGN, " "))


def from_choice(question: Question, value: str, world: World) -> Any:
    """Take the value of a button.

    Raises:
        NotUsable: when the question offers no such answer.
    """
    if value not in offered(question, world):
        raise NotUsable("form_choice_unclear")
    return value == "yes" if question.type == "yes_no" else value


def offered(question: Question, world: World) -> dict[str, Mapping[str, str]]:
    """Give the answers a question offers, with their titles where the data hold them."""
    if question.type == "category":
        return {id: category.title for id, category in world.categories.items()}
    if question.type == "publicity":
        return {publicity.value: {} for publicity in Publicity}
    if question.type == "yes_no":
        return {"yes": {}, "no": {}}
    return {option.id: option.title for option in question.options}


def programme_named(text: str, world: World) -> str:
    """Give the id of the programme on offer whose title was typed; empty when it was none."""
    plain = words.folded(text)
    return next(
        (
            id
            for id in world.offered
            if plain in {words.folded(title) for title in world.programmes[id].title.values()}
        ),
        "",
    )


def pinned(attachment: Mapping[str, Any], state: State, world: World) -> dict[str, Any]:
    """Take a point on the map, beside the words that were given for the place.

    Raises:
        NotUsable: when it lies outside the town.
    """
    pin = places.pin(attachment, world.outline)
    known = state.place or state.around or Place()
    return Place(known.text, pin.lat, pin.lon, known.district).to_json()


def _place_in_words(text: str, state: State) -> dict[str, Any]:
    place = places.words(mask(text).text)
    known = state.place or Place()
    around = state.around or Place()
    district = place.district or around.district
    return Place(place.text, known.lat, known.lon, district).to_json()


def _text(question: Question, text: str) -> str:
    text = mask(reading.tidy(text)).text
    if not reading.words(text):
        raise NotUsable("form_body_no_words")
    if question.least is not None and len(text) < question.least:
        raise NotUsable("form_body_short")
    most = int(question.most or reading.BODY_LONGEST)
    if len(text) > most:
        raise NotUsable("form_body_long", limit=str(most), length=str(len(text)))
    return text


def _amount(question: Question, text: str, state: State, world: World) -> int:
    amount = money.number(text) if question.type == "number" else money.sum_in_lari(text)
    least, most = question.least, question.most
    programme = world.programme(state)
    if programme is not None and question.id == ASKED and programme.most is not None:
        most = programme.most if most is None else min(most, programme.most)
    if most is not None and amount > most:
        raise NotUsable("form_sum_above", most=money.shown(int(most)))
    if least is not None and amount < least:
        raise NotUsable("form_sum_below", least=money.shown(int(least)))
    if programme is not None and question.id == OWN and programme.own_share:
        _check_own_share(amount, state, programme.own_share)
    return amount


def _check_own_share(own: int, state: State, per_cent: float) -> None:
    asked = state.answers.get(ASKED)
    if not isinstance(asked, int):
        return
    needed = -(-asked * per_cent // (100 - per_cent)) if per_cent < 100 else 0
    if own < needed:
        raise NotUsable("form_own_share_low", least=money.shown(int(needed)), share=f"{per_cent:g}")


def _month(question: Question, text: str, state: State, world: World) -> str:
    month = dates.month(text, world.today)
    start = state.answers.get("start")
    if question.id == "end" and isinstance(start, str) and month < start:
        raise NotUsable("form_month_before_start", start=start)
    return month


def _choice_typed(question: Question, text: str, state: State, world: World) -> str:
    """Give the answer whose title or id was typed, or whose number in the list."""
    plain = words.folded(text)
    choices = offered(question, world)
    for id, titles in choices.items():
        known = {words.folded(title) for title in (*titles.values(), id.replace("_", " "))}
        if plain in known:
            return id
    if question.type == "choice" and text.strip().isdecimal():
        number = int(text.strip())
        if 0 < number <= len(choices):
            return list(choices)[number - 1]
    if question.type == "category" and 0 < len(plain.split()) <= _CATEGORY_WORDS:
        return _category_spoken_of(text, state, world)
    return ""


def _category_spoken_of(text: str, state: State, world: World) -> str:
    best = guess(world.categories, state.kind, text, 1)
    spoken = normalise(text).split()
    known = tuple(beginning for category in best for beginning in category.words)
    found = any(word.startswith(known) and len(word) > 3 for word in spoken)
    return best[0].id if found else ""
