"""The bubbles of a form: each question with its buttons, and the preview.

The words are those of the texts, ``form_…``; of a programme's own question those of its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.core.categories import OTHER, guess
from bot.core.forms import money, places, questions
from bot.core.forms.answers import World, offered
from bot.core.forms.questions import NOTICE, PREVIEW, PROGRAMME, TERMS, TWINS, Question
from bot.core.forms.state import State
from bot.core.languages import pick
from bot.core.payloads import Payload
from bot.core.programmes import Programme
from bot.core.replies import CONTACT, LOCATION, Button, Reply
from bot.core.submissions.model import Kind, Place, Publicity
from bot.core.texts import Texts

#: How many categories are offered before the whole list.
GUESSES = 3
_DAYS_OF_A_MONTH = 30.44
#: The longest title of a button.
_TITLE = 20
#: Questions that a telephone may answer by itself.
_BY_TELEPHONE = {"place": LOCATION, "phone": CONTACT}
_PUBLICITY_TEXTS = {
    Publicity.WITHOUT_NAME.value: "form_without_name",
    Publicity.WITH_NAME.value: "form_with_name",
    Publicity.NOT_AT_ALL.value: "form_not_published",
}


class Twin(Protocol):
    """What may be about the same: as the store finds it."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def title(self) -> str:
        """Its title; empty unless everybody may see it."""

    @property
    def category(self) -> str:
        """What it is about."""

    @property
    def metres(self) -> int | None:
        """How far it is from the new one."""


class Asker:
    """Asks in one language."""

    def __init__(self, texts: Texts, world: World, language: str) -> None:
        self._texts = texts
        self._world = world
        self.language = language

    def say(self, text_id: str, **values: str) -> Reply:
        """Give a text of the bot's with its buttons."""
        return self._texts.get(text_id, self.language, self._world.municipality, **values)

    def question(self, state: State, twins: Sequence[Twin] = ()) -> Reply:
        """Ask what waits now."""
        step, programme = state.question, self._world.programme(state)
        if step == PREVIEW:
            return self.preview(state)
        if step == TWINS:
            return self._twins(twins)
        if step == PROGRAMME:
            return self._programmes()
        if step == TERMS and programme is not None:
            return self._terms(programme)
        if step == NOTICE:
            return self._notice()
        question = questions.find(step, state, programme)
        if question is None:
            raise KeyError(step)
        buttons = self._buttons(question, state)
        return Reply(self._asked(question, state), buttons, asks=_BY_TELEPHONE.get(question.type))

    def stuck(self, state: State) -> tuple[Button, ...]:
        """Give the ways out for somebody whose answers could not be used."""
        question = questions.find(state.question, state, self._world.programme(state))
        ways = [self._act("person_button", "human"), self._form("form_cancel_button", "cancel")]
        if question is not None and (not question.required or question.type == "place"):
            ways.insert(0, self._form("form_skip_button", "skip"))
        return tuple(ways)

    def preview(self, state: State) -> Reply:
        """Show everything on one card, to be sent, changed or cancelled."""
        text = self.say(f"form_preview_{state.kind.value}").text
        buttons = (
            self._form("form_send_button", "send"),
            self._form("form_change_button", "change"),
            self._form("form_cancel_button", "cancel"),
        )
        return Reply(f"{text}\n\n{self.card(state)}", buttons)

    def change(self, state: State) -> Reply:
        """Ask what is to be changed."""
        programme = self._world.programme(state)
        buttons = [
            self._form_titled(self._label(question), "change", question.id)
            for question in questions.changeable(state, programme)
        ]
        back = self._form("form_back_to_preview_button", "resume")
        return Reply(self.say("form_what_to_change").text, (*buttons, back))

    def card(self, state: State) -> str:
        """Give the answers as lines."""
        programme = self._world.programme(state)
        lines = (
            [f"{self.say('form_label_programme').text}: {programme.name(self.language)}"]
            if (programme is not None)
            else []
        )
        shown = list(questions.changeable(state, programme))
        shown.sort(key=lambda question: question.id != "title")
        for question in shown:
            value = self._shown(question, state)
            if value:
                lines.append(f"{self._label(question, short=False)}: {value}")
        return "\n".join(lines)

    def for_town(self, state: State) -> tuple[Button, ...]:
        """Give the button that takes the form to the other town that was named."""
        known = state.elsewhere in self._texts.municipalities
        chosen = state.elsewhere == self._world.municipality
        if not known or chosen or state.programme or state.kind is Kind.CO_FUNDING:
            return ()
        title = _start(self.town(state.elsewhere), _TITLE)
        return (Button(title, str(Payload("town", (state.elsewhere,)))),)

    def town(self, id: str) -> str:
        """Give the name of a town."""
        town = self._texts.municipalities.get(id)
        return (town.value("municipality", self.language) if town else None) or id

    def understood(self, state: State) -> tuple[Reply, Button]:
        """Tell which place was read from the words, and give the button to say another."""
        place = state.place or Place()
        # Whoever is sent to a problem has to find it in the street.
        wide = state.kind is Kind.PROBLEM and not any(map(str.isdigit, place.text))
        told = "form_place_understood_problem" if wide else "form_place_understood"
        other = self._form("form_other_place_button", "change", "place")
        return self.say(told, place=self.place(place)), other

    def _asked(self, question: Question, state: State) -> str:
        if question.ask:
            return pick(question.ask, self.language) or question.id
        if question.type == "place" and state.around is not None:
            return self.say("form_ask_place_exact", place=self.place(state.around)).text
        of_kind = f"form_ask_{question.id}_{state.kind.value}"
        id = of_kind if self._texts.has(of_kind) else f"form_ask_{question.id}"
        return self.say(id).text

    def _buttons(self, question: Question, state: State) -> tuple[Button, ...]:
        buttons: list[Button] = []
        if question.type == "category":
            buttons = self._categories(state)
        elif question.type == "publicity":
            buttons = [
                self._form(f"{text}_button", "publicity", value)
                for value, text in _PUBLICITY_TEXTS.items()
            ]
        elif question.type in ("choice", "yes_no"):
            buttons = [
                self._form_titled(self._option(question, id, title), question.id, id)
                for id, title in offered(question, self._world).items()
            ]
        if question.type == "photos" and state.photos:
            buttons.append(self._form("form_go_on_button", "resume"))
        elif question.type == "place" and state.around is not None:
            buttons.append(self._form("form_place_enough_button", "skip"))
        elif not question.required:
            buttons.append(self._form("form_skip_button", "skip"))
        if question.type == "place":
            buttons.extend(self.for_town(state))
        if state.change:
            buttons.append(self._form("form_back_to_preview_button", "back"))
        return tuple(buttons)

    def _categories(self, state: State) -> list[Button]:
        categories = self._world.categories
        body = str(state.answers.get("body") or "")
        most = len(categories) if state.all_categories else GUESSES
        shown = guess(categories, state.kind, body, most)
        buttons = [
            self._form_titled(category.name(self.language), "category", category.id)
            for category in shown
        ]
        other = self._form_titled(categories[OTHER].name(self.language), "more")
        if state.all_categories:
            other = self._form_titled(other.title, "category", OTHER)
        return [*buttons, other]

    def _notice(self) -> Reply:
        """Say who keeps what, why and for how long, and what rights there are."""
        privacy = self._world.privacy
        values = {"months": str(round(privacy.retention.submissions / _DAYS_OF_A_MONTH) or 1)}
        town = self._texts.municipalities.get(self._world.municipality)
        for name, value, otherwise in (
            ("controller", privacy.controller, "city_hall"),
            ("officer", privacy.officer, "hotline"),
        ):
            known = value or (town.value(otherwise, self.language) if town else None)
            if known:
                values[name] = known
        return Reply(
            self.say("form_notice", **values).text,
            (self._form("form_agree_button", "yes"), self._form("form_cancel_button", "cancel")),
        )

    def _programmes(self) -> Reply:
        buttons = [
            self._form_titled(self._world.programmes[id].name(self.language), PROGRAMME, id)
            for id in self._world.offered
        ]
        return Reply(self.say("form_ask_programme").text, tuple(buttons))

    def _terms(self, programme: Programme) -> Reply:
        """Say what the programme implies, its rules, and what an enquiry is not."""
        lines = [pick(programme.about, self.language) or ""]
        rules = [pick(rule.text, self.language) or "" for rule in programme.rules]
        if rules:
            lines.append("\n".join([self.say("form_rules").text, *(f"• {rule}" for rule in rules)]))
        if programme.takes is Kind.CO_FUNDING:
            lines.append(self.say("form_terms_co_funding").text)
        buttons = (
            self._form("form_go_on_button", "yes"),
            self._form("form_cancel_button", "cancel"),
        )
        return Reply("\n\n".join(line for line in lines if line), buttons)

    def _twins(self, twins: Sequence[Twin]) -> Reply:
        lines = [f"{number}. {self._twin(twin)}" for number, twin in enumerate(twins, 1)]
        buttons = [
            self._form_titled(
                self.say("form_follow_button", number=str(number)).text, "follow", twin.code
            )
            for number, twin in enumerate(twins, 1)
        ]
        different = self._form("form_different_button", "skip")
        return Reply("\n".join([self.say("form_twins").text, *lines]), (*buttons, different))

    def _this_one(self, number: int) -> str:
        return self.say("form_follow_button", number=str(number)).text

    def _twin(self, twin: Twin) -> str:
        """Give what may be told of somebody else's: its title when it is public, else its kind."""
        category = self._world.categories.get(twin.category)
        what = twin.title or (category.name(self.language) if category else twin.code)
        if twin.metres is None:
            return what
        return self.say("form_twin_near", what=what, metres=str(twin.metres)).text

    def _label(self, question: Question, short: bool = True) -> str:
        if not question.ask:
            return self.say(f"form_label_{question.id}").text
        text = (pick(question.ask, self.language) or question.id).rstrip("?:. ")
        return _start(text, _TITLE) if short else text

    def _shown(self, question: Question, state: State) -> str:
        value: Any = state.answers.get(question.id)
        if question.type == "photos":
            return str(len(state.photos)) if state.photos else ""
        if value is None or value == "":
            return ""
        if question.type == "place":
            return self.place(Place.from_json(value))
        if question.type == "category":
            return self._world.categories[value].name(self.language)
        if question.type == "publicity":
            return self.say(_PUBLICITY_TEXTS[value]).text
        if question.type in ("choice", "yes_no"):
            id = (
                {True: "yes", False: "no"}.get(value, value) if question.type == "yes_no" else value
            )
            return self._option(question, id, offered(question, self._world).get(id, {}))
        if question.type == "money":
            return self.say("form_sum", sum=money.shown(value)).text
        if question.type == "month":
            year, _, month = str(value).partition("-")
            return f"{month}.{year}" if month else year
        return money.shown(value) if question.type == "number" else str(value)

    def place(self, place: Place) -> str:
        """Say a place: its words, its microdistrict when they do not name it, its pin."""
        pin = self.say("form_pin").text if place.lat is not None else ""
        said = place.district in ("", places.district_in(place.text))
        district = "" if said else self._district(place.district)
        return ", ".join(part for part in (place.text, district, pin) if part)

    def _district(self, number: str) -> str:
        # Where the number of some microdistrict is said in another way than all others.
        own = f"form_district_{number}"
        return self.say(own if self._texts.has(own) else "form_district", number=number).text

    def _option(self, question: Question, id: str, titles: Any) -> str:
        if question.type == "yes_no":
            return self.say(f"form_{id}_button").text
        # The answers of standard questions have their titles in the texts.
        return pick(titles, self.language) or self.say(f"form_{question.id}_{id}_button").text

    def _form(self, text_id: str, verb: str, *arguments: str) -> Button:
        return self._form_titled(self.say(text_id).text, verb, *arguments)

    def _form_titled(self, title: str, verb: str, *arguments: str) -> Button:
        return Button(_start(title, _TITLE), str(Payload("form", (verb, *arguments))))

    def _act(self, text_id: str, act: str) -> Button:
        return Button(self.say(text_id).text, str(Payload("act", (act,))))


def _start(text: str, length: int = 80) -> str:
    """Give the beginning of a text, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
