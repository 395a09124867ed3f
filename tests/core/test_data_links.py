from __future__ import annotations

import pytest

from bot.core import data_links


def test_link_opens_its_conversation_until_it_ends() -> None:
    token = data_links.make("key", "web:a:b", 1_000.0)
    assert data_links.read("key", token, 1_000.0 + data_links.GOOD_FOR - 1) == "web:a:b"
    assert data_links.read("key", token, 1_000.0 + data_links.GOOD_FOR) is None


def test_link_of_another_key_opens_nothing() -> None:
    token = data_links.make("key", "web:a", 1_000.0)
    assert data_links.read("other", token, 1_000.0) is None


@pytest.mark.parametrize("token", ["", "a", "=" * 40, "ა", "A" * 64, "../../etc", "A" * 4_001])
def test_what_was_never_a_link_opens_nothing(token: str) -> None:
    assert data_links.read("key", token, 1_000.0) is None


def test_changed_link_opens_nothing() -> None:
    token = data_links.make("key", "web:a", 1_000.0)
    for place in range(len(token) - 1):
        letter = "B" if token[place] == "A" else "A"
        assert data_links.read("key", token[:place] + letter + token[place + 1 :], 1_000.0) is None
