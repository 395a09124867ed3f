from __future__ import annotations

import pytest

from bot.core.language_choice import answer_language


@pytest.mark.parametrize(
    ("detected", "sure", "chosen", "previous", "hint", "answer"),
    [
        ("ka", True, None, None, None, "ka"),
        ("ru", True, None, "ka", "en", "ru"),
        ("ka", True, "en", "ru", "hy", "en"),
        ("en", False, None, "ka", "az", "ka"),
        ("en", False, None, None, "az", "az"),
        ("en", False, None, None, None, "en"),
        (None, False, None, "hy", None, "hy"),
        (None, False, None, None, None, "ka"),
        ("fr", True, None, "ru", None, "ru"),
        ("ru", True, "fr", None, None, "ru"),
        ("ru", False, "", "xx", "de", "ru"),
        ("fr", False, "fr", "fr", "fr", "ka"),
    ],
)
def test_language_of_the_answer(
    detected: str | None,
    sure: bool,
    chosen: str | None,
    previous: str | None,
    hint: str | None,
    answer: str,
) -> None:
    assert answer_language(detected, sure, chosen, previous, hint) == answer
