"""How a round of ratings speaks: its cards, one's own ratings, and the results."""

from __future__ import annotations

from typing import List, Mapping, Optional, Sequence

from rasa_sdk import Tracker

from bot.actions import library
from bot.actions.submission_words import button, day
from bot.core.languages import pick
from bot.core.payloads import Payload
from bot.core.ratings import Result, Scale
from bot.core.replies import Button, Reply
from bot.store.ratings import Given, Initiative, Round

#: At most so many of one's own ratings have a button to change them.
_CHANGEABLE = 8
_TITLE = 20


class RoundWords:
    """The words of one round in the language of the conversation."""

    def __init__(self, tracker: Tracker, round: Round) -> None:
        self._round = round
        self._language = library.language_of(tracker)
        self._town = library.town_of(tracker)

    def intro(self, count: int) -> Reply:
        """Say what is rated, until when, and that it is advisory."""
        return self._say(
            "rate_intro",
            round=self._pick(self._round.title),
            count=str(count),
            closes=day(self._round.closes_at) or "",
        )

    def card(self, initiative: Initiative, value: Optional[int]) -> Reply:
        """Show one initiative with the ratings it may be given."""
        values = {
            "title": self._pick(initiative.title),
            "summary": self._pick(initiative.summary),
        }
        if value is not None:
            values["given"] = self._say("rate_yours", value=self._value(value)).text
        text = self._say("rate_card", **values).text
        id = str(initiative.id)
        buttons = [
            Button(self._title(number), str(Payload("rate", ("give", id, str(number)))))
            for number in self._round.scale.values
        ]
        if value is not None:
            buttons.append(button(f"rate:erase:{id}", "rate_erase_button", self._language))
        buttons.append(button(f"rate:next:{id}", "rate_next_button", self._language))
        buttons.append(button("rate:mine", "rate_mine_button", self._language))
        images = (initiative.image,) if initiative.image else ()
        return Reply(text, tuple(buttons), images=images)

    def given(self, initiative: Initiative, value: int) -> Reply:
        """Confirm a rating."""
        line = self._say("rate_yours", value=self._value(value)).text
        return Reply(f"{self._pick(initiative.title)}\n{line}")

    def erased(self, title: str) -> Reply:
        """Confirm that a rating is gone."""
        return self._say("rate_erased", title=title)

    def none(self) -> Reply:
        """Say that there is no rating of one's own."""
        return self._say("rate_mine_none")

    def own(self, given: Sequence[Given], text_id: str) -> Reply:
        """List one's own ratings, each with a button to change it."""
        if not given:
            return self.none()
        lines = [self._say(text_id).text]
        lines.extend(
            self._say(
                "rate_line",
                number=str(number),
                title=self._pick(item.initiative.title),
                value=self._value(item.value),
            ).text
            for number, item in enumerate(given, 1)
        )
        buttons = [
            Button(
                _short(f"{number}. {self._pick(item.initiative.title)}"),
                str(Payload("rate", ("show", str(item.initiative.id)))),
            )
            for number, item in enumerate(given[:_CHANGEABLE], 1)
        ]
        return Reply("\n".join(lines), tuple(buttons))

    def results(self, results: Sequence[Result]) -> Reply:
        """Tell what came out, with a chart; counts of few are not told."""
        round_title = self._pick(self._round.title)
        lines: List[str] = [self._say("ratings_result_title", round=round_title).text]
        for number, item in enumerate(results, 1):
            lines.append(f"{number}. {self._result(item)}")
        lines.append(self._say("ratings_result_advisory").text)
        chart = f"{library.public_url()}/charts/{self._round.id}.png?language={self._language}"
        return Reply("\n".join(lines), images=(chart,))

    def title_of(self, initiative: Initiative) -> str:
        """Give an initiative's title."""
        return self._pick(initiative.title)

    def _result(self, item: Result) -> str:
        title = self._pick(item.title)
        if item.total is None:
            return self._say("ratings_few_line", title=title).text
        stars = self._round.scale is Scale.STARS
        values = {"title": title, "count": str(item.total.count)}
        if stars:
            values["mean"] = f"{item.total.mean:.1f}"
        return self._say("ratings_result_line" if stars else "ratings_support_line", **values).text

    def _value(self, value: int) -> str:
        if self._round.scale is Scale.SUPPORT:
            return self._say("rate_support_value").text
        return f"{value} / {max(self._round.scale.values)}"

    def _title(self, value: int) -> str:
        if self._round.scale is Scale.SUPPORT:
            return self._say("rate_support_button").text
        return f"{value} ★"

    def _say(self, text_id: str, **values: str) -> Reply:
        return library.say(text_id, self._language, self._town, **values)

    def _pick(self, texts: Mapping[str, str]) -> str:
        return pick(texts, self._language) or ""


def _short(text: str) -> str:
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1].rstrip()}…"
