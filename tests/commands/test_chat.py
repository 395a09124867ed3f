from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import cbot, jsonl, objects


def chat(model: Path, *lines: dict[str, Any]) -> list[Any]:
    result = cbot("chat", "--jsonl", "--model", model, stdin=jsonl(*lines))
    assert result.returncode == 0, result.stdout + result.stderr
    return objects(result.stdout)


def test_interleaved_conversations_are_kept_apart(small_model: Path) -> None:
    answers = chat(
        small_model,
        {"conversation": "a", "text": "nagvis fuli ramdenia"},
        {"conversation": "b", "text": "how much is parking?"},
        {"conversation": "a", "text": "და სად მივიდე?"},
        {"conversation": "b", "text": "and where do I go?"},
        {"conversation": "c", "text": "და სად მივიდე?"},
        {"conversation": "b", "payload": "service:local_fees.debt"},
        {"conversation": "a", "attachment": {"type": "location", "lat": 41.5, "lon": 45.0}},
        {"conversation": "a", "attachment": {"type": "image"}},
        {"conversation": "a", "text": "/dialogue.greet"},
        {"conversation": "a", "payload": "nonsense"},
        {"conversation": "a", "payload": "language:en"},
        {"conversation": "a", "text": "\ud800 რა ღირს?"},
        {"conversation": "d", "message_id": "1", "text": "nagvis fuli ramdenia"},
        {"conversation": "d", "text": "გამარჯობა"},
        {"conversation": "d", "message_id": "1", "text": "nagvis fuli ramdenia"},
    )
    assert [line["conversation"] for line in answers] == list("ababcbaaaaaaddd")
    services = [line["replies"][0]["service"] for line in answers]
    assert services[:6] == [
        "local_fees.cleaning_fee",
        "local_fees.parking_fee",
        "local_fees.cleaning_fee",
        "local_fees.parking_fee",
        None,
        "local_fees.debt",
    ]
    assert [line["language"] for line in answers[:5]] == ["ka", "en", "ka", "en", "ka"]
    assert [line["language"] for line in answers[10:12]] == ["en", "en"]
    assert answers[12] == answers[14] != answers[13]
    for line in answers:
        assert set(line) == {"conversation", "replies", "language"}
        assert line["replies"]
        for reply in line["replies"]:
            assert {"text", "buttons", "service", "sources", "images"} <= set(reply)
            assert reply["text"]
            assert all(set(button) == {"title", "payload"} for button in reply["buttons"])


def test_line_that_is_no_turn_is_named(small_model: Path) -> None:
    stdin = jsonl({"conversation": "a", "text": "გამარჯობა"}, {"conversation": "a"})
    result = cbot("chat", "--jsonl", "--model", small_model, stdin=stdin)
    assert result.returncode == 1
    _answer, finding = result.stdout.splitlines()
    assert finding.startswith("<stdin>:2: give exactly one of text, payload and attachment")


@pytest.mark.slow
def test_person_talks_and_presses_buttons_by_number(small_model: Path) -> None:
    result = cbot("chat", "--model", small_model, stdin="გამარჯობა\n1\nnagvis fuli ramdenia\n[x]\n")
    assert result.returncode == 0, result.stderr
    assert "[1] " in result.stdout
    assert "0.4" in result.stdout
    assert "Traceback" not in result.stderr
