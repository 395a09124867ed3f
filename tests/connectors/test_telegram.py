from __future__ import annotations

from tests.connectors.telegram_world import TelegramWorld
from tests.fakes.telegram import FakeTelegram


def test_a_resident_writes_and_gets_the_answer_with_buttons(tg: TelegramWorld) -> None:
    telegram: FakeTelegram = tg.telegram
    tg.start()
    telegram.say(5, "რა ღირს დასუფთავება?")
    (answer,) = telegram.replies(5, 1)
    assert answer["text"].startswith("თქვენ თქვით: რა ღირს დასუფთავება?")
    assert "წყარო" in answer["text"]
    telegram.press(5, answer, "ფასი")
    _first, second = telegram.replies(5, 2)
    assert second["text"].startswith("თქვენ თქვით: attribute:local_fees.cleaning_fee:price")
    telegram.wait(lambda: len(telegram.answered) == 1)
