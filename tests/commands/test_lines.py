from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from bot.commands import lines
from bot.core.errors import InputError


class Bytes(io.StringIO):
    """Standard input or output, of which only the bytes are read or written."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__()
        self.buffer = io.BytesIO(content)


def read(content: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, dict[str, Any]]]:
    monkeypatch.setattr(sys, "stdin", Bytes(content))
    return list(lines.read())


def test_lines_are_numbered_and_empty_ones_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(b'\n{"a": 1}\n \t\r\n{"a": 2}\r\n{"a": 3}', monkeypatch)
    assert found == [(2, {"a": 1}), (4, {"a": 2}), (5, {"a": 3})]


def test_nothing_is_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(b"", monkeypatch) == []


def test_bytes_that_are_no_text_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(b'{"a": "\xff"}\n', monkeypatch) == [(1, {"a": "\ufffd"})]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (b"{", "no JSON"),
        (b"text", "no JSON"),
        (b'["text"]', "no JSON object"),
        (b"null", "no JSON object"),
        (b"[" * 10_000, "no JSON"),
        (b'{"a":' * 10_000, "no JSON"),
        (b"\x00", "no JSON"),
    ],
    ids=range(7),
)
def test_line_that_is_no_object_is_named(
    monkeypatch: pytest.MonkeyPatch, wrong: bytes, says: str
) -> None:
    with pytest.raises(InputError) as raised:
        read(b'{"a": 1}\n\n' + wrong, monkeypatch)
    (finding,) = raised.value.findings
    assert (finding.path, finding.line) == ("<stdin>", 3)
    assert says in finding.message


@pytest.mark.parametrize("line", [{}, {"texts": "a"}, {"text": 5}, {"text": None}])
def test_text_that_is_wanted_and_missing_is_named(line: dict[str, Any]) -> None:
    with pytest.raises(InputError) as raised:
        lines.wanted(line, 7, "text")
    (finding,) = raised.value.findings
    assert str(finding).startswith('<stdin>:7: the key "text"')


@pytest.mark.parametrize(
    "text", ["გამარჯობა", "\ud800", "a\nb\x00", "\x85 \u2028 \u2029 \x1c", "😀", "\\u2028"]
)
def test_object_is_written_as_one_line(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    output = Bytes()
    monkeypatch.setattr(sys, "stdout", output)
    lines.write({"text": text})
    written = output.buffer.getvalue().decode()
    assert len(written.splitlines()) == 1
    assert written.endswith("\n")
    assert json.loads(written) == {"text": text}


def test_georgian_is_written_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    output = Bytes()
    monkeypatch.setattr(sys, "stdout", output)
    lines.write({"text": "ნაგავი"})
    assert "ნაგავი" in output.buffer.getvalue().decode()
