"""What an author answered to a form's own questions, in the words the form had."""

from __future__ import annotations

from typing import Any

from bot.core.languages import pick
from bot.core.programmes import Programme
from bot.core.submissions.model import Submission
from bot.core.texts import Texts
from console.site import Words


def answered(
    one: Submission, programme: Programme | None, texts: Texts, words: Words, language: str
) -> list[tuple[str, str]]:
    """Give each question with its answer, as a clerk reads them.

    Args:
        programme: whose questions were asked, if it is still known.
        texts: hold the questions that every form has.
        words: the console's.
    """
    asked = {question.id: question for question in programme.questions} if programme else {}

    def title(id: str) -> str:
        if id in asked and (ask := pick(asked[id].ask, language)):
            return ask
        label = f"form_label_{id}"
        return texts.text(label, language) if texts.has(label) else id

    def said(id: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(words.submissions.yes if value else words.submissions.no)
        options = {option.id: option.title for option in asked[id].options} if id in asked else {}
        if value in options:
            return pick(options[value], language) or str(value)
        button = f"form_{id}_{value}_button"
        return texts.text(button, language) if texts.has(button) else str(value)

    return [(title(id), said(id, value)) for id, value in one.answers.items()]
