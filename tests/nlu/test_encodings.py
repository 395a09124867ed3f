from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.nlu import encoder, encodings
from bot.nlu.encoder import EncoderError, Floats
from bot.nlu.encodings import Recent, encode_all, taken_from


class Counting:
    """An encoder that counts what it is asked, and may fail at a text."""

    name, size = "counting-1", 3

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[str] = []
        self._fails_at = fails_at

    def encode(self, text: str) -> Floats:
        if text == self._fails_at:
            raise EncoderError("it broke")
        self.asked.append(text)
        return np.array([len(text), ord(text[0]), 0.5], np.float32)


def test_each_text_is_encoded_once_and_never_again(tmp_path: Path) -> None:
    first = Counting()
    vectors = encode_all(first, ["aa", "b", "aa"], tmp_path)
    assert sorted(first.asked) == ["aa", "b"]
    assert vectors[:, 0].tolist() == [2, 1, 2]
    second = Counting()
    again = encode_all(second, ["b", "ccc", "aa"], tmp_path)
    assert second.asked == ["ccc"]
    assert again[:, 0].tolist() == [1, 3, 2]


def test_progress_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot.nlu.encodings"):
        encode_all(Counting(), [str(number) for number in range(120)], tmp_path)
    assert caplog.messages == ["encoding 120 messages", "encoded 50", "encoded 100", "encoded 120"]


def test_what_is_done_is_kept_when_it_breaks_off(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(30)]
    with pytest.raises(EncoderError):
        encode_all(Counting(fails_at="text 29"), texts, tmp_path)
    rest = Counting()
    encode_all(rest, texts, tmp_path)
    assert rest.asked == ["text 29"]


def test_encodings_of_another_version_do_not_count(tmp_path: Path) -> None:
    encode_all(Counting(), ["a"], tmp_path)
    newer = Counting()
    newer.name = "counting-2"
    encode_all(newer, ["a"], tmp_path)
    assert newer.asked == ["a"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"{}"])
def test_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "counting-1.npz").write_bytes(content)
    assert encode_all(Counting(), ["a"], tmp_path).shape == (1, 3)
    again = Counting()
    encode_all(again, ["a"], tmp_path)
    assert again.asked == []


def test_file_is_bounded_and_keeps_what_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "_ON_DISK", 3)
    encode_all(Counting(), ["a", "b", "c"], tmp_path)
    encode_all(Counting(), ["a", "d"], tmp_path)
    last = Counting()
    encode_all(last, ["a", "c", "d"], tmp_path)
    assert last.asked == []


def test_latest_encodings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_IN_MEMORY", 2)
    counting = Counting()
    recent = Recent(counting)
    for text in ("a", "b", "a", "c", "a", "b"):
        assert recent.encode(text)[0] == 1
    assert counting.asked == ["a", "b", "c", "b"]


def test_what_is_on_disk_is_not_encoded_again_while_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode_all(Counting(), ["aa", "b"], tmp_path)
    counting = Counting()
    monkeypatch.setitem(encoder.ENCODERS, "counting", lambda: counting)
    with taken_from(tmp_path):
        known = encoder.load("counting")
    assert (known.name, known.size) == (counting.name, counting.size)
    assert [known.encode(text)[0] for text in ("aa", "b", "ccc")] == [2, 1, 3]
    assert counting.asked == ["ccc"]
    assert encoder.load("counting") is counting
