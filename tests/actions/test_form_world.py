from __future__ import annotations

from datetime import date

import pytest

from bot.actions import form_world
from bot.core.forms.answers import World
from bot.core.programmes import Programme
from tests.actions.conversation import tracker


@pytest.mark.parametrize("language", ["ka", "en", "ru", "az", "hy"])
def test_the_day_a_programme_opens_is_told_as_people_write_it(language: str) -> None:
    coming = Programme(
        id="youth",
        municipality="rustavi",
        kind="co_funding",
        service="participation.co_funding_programme",
        title={"ka": "პროგრამა", "en": "Programme"},
        about={"ka": "…", "en": "…"},
        opens=date(2027, 3, 1),
    )
    world = World({}, "rustavi", date(2026, 11, 29), programmes={"youth": coming})
    reply = form_world.none_open(tracker(slots={"language": language}), world)
    assert "01.03.2027" in reply.text
    assert [str(button.payload) for button in reply.buttons] == ["remind:youth", "act:human"]
