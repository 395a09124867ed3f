from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.payloads import MAX_LENGTH, VERBS, Payload, parse


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("service:local_fees.debt", Payload("service", ("local_fees.debt",))),
        ("attribute:local_fees.debt:price", Payload("attribute", ("local_fees.debt", "price"))),
        ("service:local_fees.debt:bolnisi", Payload("service", ("local_fees.debt", "bolnisi"))),
        ("town:bolnisi", Payload("town", ("bolnisi",))),
        ("topic:local_fees", Payload("topic", ("local_fees",))),
        ("act:human", Payload("act", ("human",))),
        ("language:en", Payload("language", ("en",))),
        ("none_of_these", Payload("none_of_these")),
    ],
)
def test_own_payload_is_read_and_written_the_same(text: str, payload: Payload) -> None:
    assert parse(text) == payload
    assert str(payload) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "service",
        "service:",
        "service:a:b:c",
        "attribute:a",
        "none_of_these:a",
        "SERVICE:a",
        "service:a b",
        "service:ა",
        "service:a\n",
        "service:a/b",
        "/service:a",
        "restart",
        '/dialogue.greet{"a": "b"}',
        "service:" + "a" * MAX_LENGTH,
        "service:\ud800",
    ],
)
def test_foreign_payload_is_none(text: str) -> None:
    assert parse(text) is None


@given(st.text(alphabet=st.characters(exclude_categories=())) | st.from_regex(r"[a-z_]+(:\w*)*"))
def test_what_is_read_is_ours(text: str) -> None:
    payload = parse(text)
    if payload is not None:
        allowed = VERBS[payload.verb]
        least, most = (allowed, allowed) if isinstance(allowed, int) else allowed
        assert least <= len(payload.arguments) <= most
        assert str(payload) == text
