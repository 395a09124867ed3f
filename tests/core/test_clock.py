from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.core import clock


def test_today_turns_at_midnight_in_georgia() -> None:
    before = datetime.now(timezone.utc) + timedelta(hours=4)
    today = clock.today()
    after = datetime.now(timezone.utc) + timedelta(hours=4)
    assert before.date() <= today <= after.date()
