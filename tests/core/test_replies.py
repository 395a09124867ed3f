from __future__ import annotations

import json

import pytest

from bot.core.replies import Button, Link, Reply, Source

REPLY = Reply(
    text="მოსაკრებელი თვეში 3 ლარია.",
    buttons=(Button("სად ვიხდი?", "attribute:local_fees.payment:place"),),
    service="local_fees.cleaning_fee",
    sources=(Source("საკრებულოს დადგენილება", "https://example.ge/1", "2024-01-01"),),
    links=(Link("პორტალი", "https://example.ge/pay"),),
    images=("https://example.ge/a.png",),
    checked_on="2026-11-01",
)


def test_reply_survives_json() -> None:
    assert Reply.from_json(json.loads(json.dumps(REPLY.to_json()))) == REPLY


def test_json_has_every_key_also_for_a_bare_reply() -> None:
    assert Reply("გამარჯობა").to_json() == {
        "text": "გამარჯობა",
        "buttons": [],
        "service": None,
        "sources": [],
        "links": [],
        "images": [],
        "checked_on": None,
    }


@pytest.mark.parametrize("data", [{}, {"text": None, "buttons": None}, {"unknown": 1}])
def test_missing_keys_are_empty_and_unknown_ones_ignored(data: dict[str, object]) -> None:
    assert Reply.from_json(data) == Reply("")


@pytest.mark.parametrize(
    "data",
    [
        {"buttons": [{"title": "ა"}]},
        {"sources": [{"title": "ა", "url": "https://example.ge"}]},
        {"links": [{"url": "https://example.ge"}]},
    ],
)
def test_half_a_part_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        Reply.from_json(data)
