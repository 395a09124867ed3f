from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.signing import CODE_BYTES, SEPARATOR, sign, verify

SECRET = "გასაღები" * 4


def test_a_token_gives_its_payload_back_in_its_conversation() -> None:
    token = sign(SECRET, "web:1f", "service:local_fees.cleaning_fee")
    assert verify(SECRET, "web:1f", token) == "service:local_fees.cleaning_fee"


def test_the_code_has_at_least_eighty_bits() -> None:
    assert CODE_BYTES * 8 >= 80
    code = sign(SECRET, "web:1f", "act:help").rpartition(SEPARATOR)[2]
    assert len(base64.urlsafe_b64decode(code)) == CODE_BYTES


@pytest.mark.parametrize(
    ("secret", "conversation"), [("სხვა", "web:1f"), (SECRET, "web:1e"), (SECRET, "")]
)
def test_a_token_is_worth_nothing_elsewhere(secret: str, conversation: str) -> None:
    assert verify(secret, conversation, sign(SECRET, "web:1f", "act:help")) is None


def test_parts_of_conversation_and_payload_cannot_be_moved() -> None:
    code = sign(SECRET, "web:1", "2act:help").rpartition(SEPARATOR)[2]
    assert verify(SECRET, "web:12", f"act:help{SEPARATOR}{code}") is None


@given(st.text())
def test_invented_tokens_are_refused(token: str) -> None:
    assert verify(SECRET, "web:1f", token) is None


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    token = sign(SECRET, "web:1f", "act:help")
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda c: c != token[place]))
    assert verify(SECRET, "web:1f", token[:place] + letter + token[place + 1 :]) is None
