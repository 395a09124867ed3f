"""The buttons by which a resident takes part in what a card tells of."""

from __future__ import annotations

from typing import List

from rasa_sdk import Tracker

from bot.actions import library
from bot.core import clock
from bot.core.programmes import CO_FUNDING
from bot.core.replies import Button

#: Services whose form can be opened from their card, and the title of that button.
_FORMS = {
    "participation.submit_idea": ("start:idea", "start_idea_button"),
    "participation.report_problem": ("start:problem", "start_problem_button"),
    "participation.co_funding_programme": ("start:co_funding", "start_co_funding_button"),
    "participation.co_funding_enquiry": ("start:co_funding", "start_co_funding_button"),
}


def ways_in(tracker: Tracker, service: str) -> List[Button]:
    """Give the buttons by which a resident takes part in what the card tells of."""
    language, town = library.language_of(tracker), library.town_of(tracker)
    if library.town_asked(tracker) != town:
        return []
    today = clock.today()
    buttons = [
        Button(library.say("take_part_button", language).text, f"programme:{programme.id}")
        for programme in library.programmes(town).values()
        if programme.service == service
        and programme.kind != CO_FUNDING
        and programme.is_open(today)
    ]
    if service in _FORMS:
        payload, text_id = _FORMS[service]
        buttons.append(Button(library.say(text_id, language).text, payload))
    return buttons
