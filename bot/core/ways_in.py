"""The buttons by which a resident takes part in what a card tells of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.core.answers import CARD_BUTTONS
from bot.core.programmes import CO_FUNDING, Programmes
from bot.core.replies import Button, Reply
from bot.core.texts import Texts

#: Services whose form can be opened from their card, and the title of that button.
_FORMS = {
    "participation.submit_idea": ("start:idea", "start_idea_button"),
    "participation.report_problem": ("start:problem", "start_problem_button"),
    "participation.co_funding_programme": ("start:co_funding", "start_co_funding_button"),
    "participation.co_funding_enquiry": ("start:co_funding", "start_co_funding_button"),
}


def with_ways_in(
    card: Reply, texts: Texts, programmes: Programmes, language: str, today: date
) -> Reply:
    """Give a service's card with the buttons by which the form behind it is opened.

    Args:
        programmes: those of the resident's town; one that is open has a button of its own.
    """
    service = card.service or ""
    buttons = [
        Button(texts.text("take_part_button", language), f"programme:{programme.id}")
        for programme in programmes.values()
        if programme.service == service
        and programme.kind != CO_FUNDING
        and programme.is_open(today)
    ]
    if service in _FORMS:
        payload, text_id = _FORMS[service]
        buttons.append(Button(texts.text(text_id, language), payload))
    return replace(card, buttons=(*buttons, *card.buttons)[:CARD_BUTTONS])
