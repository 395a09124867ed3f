from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from tests.commands.running import CBOT, cbot, environment, jsonl, objects
from tests.engine.examination import messages

KEYS = ["text", "language", "script", "outcome", "label", "confidence", "ranking", "entities"]


def test_lines_are_answered_in_their_order(small_model: Path, root: Path) -> None:
    texts = [
        "რამდენია დასუფთავების გადასახადი?",
        "nagvis fuli ramdenia",
        "",
        "how much is the garbage bill?",
        "\ud800 ნაგვის ფული \udfff",
        "😀\x00 \u2028 \u2029 \x85",
        "ა" * 50_000,
        "გამარჯობა",
        "/dialogue.greet",
    ]
    stdin = "\n \n".join(json.dumps({"text": text, "id": 1}) for text in texts)
    result = cbot("parse", "--jsonl", "--model", small_model, stdin=stdin)
    assert result.returncode == 0, result.stderr
    lines = objects(result.stdout)
    assert [line["text"] for line in lines] == texts
    assert all(list(line) == KEYS for line in lines)
    assert [lines[n]["label"] for n in (0, 1, 3)] == ["local_fees.cleaning_fee"] * 3
    assert [lines[n]["language"] for n in (0, 1, 3, 7)] == ["ka", "ka", "en", "ka"]
    assert lines[0]["outcome"] == "answered"


def test_first_wrong_line_is_named_after_what_came_before(small_model: Path) -> None:
    stdin = b'{"text": "nagvis fuli"}\n\n{"texts": "a"}\n{"text": "gamarjoba"}\n'
    result = cbot("parse", "--jsonl", "--model", small_model, stdin=stdin)
    assert result.returncode == 1
    first, finding = result.stdout.splitlines()
    assert json.loads(first)["text"] == "nagvis fuli"
    assert finding.startswith("<stdin>:3: ")
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_each_line_is_answered_when_it_comes(small_model: Path) -> None:
    with subprocess.Popen(
        [CBOT, "parse", "--jsonl", "--model", small_model],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as process:
        for text in ("gamarjoba", "nagvis fuli"):
            process.stdin.write(jsonl({"text": text}).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(timeout=120) == 0


@pytest.mark.slow
def test_one_message_is_shown_to_a_person(small_model: Path) -> None:
    result = cbot("parse", "რამდენია დასუფთავების გადასახადი?", "--model", small_model)
    assert result.returncode == 0
    assert "local_fees.cleaning_fee" in result.stdout
    assert "answered, ka" in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.slow
def test_fifteen_lines_a_second_are_answered(small_model: Path) -> None:
    texts = messages(200)
    with subprocess.Popen(
        [CBOT, "parse", "--jsonl", "--model", small_model],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as process:
        process.stdin.write(jsonl({"text": "გამარჯობა"}).encode())
        process.stdin.flush()
        process.stdout.readline()
        given = jsonl(*({"text": text} for text in texts)).encode()
        worked = psutil.Process(process.pid).cpu_times
        begun = worked()
        # Beside the reading: neither side may wait for the other with a full pipe.
        with ThreadPoolExecutor(1) as writing:
            writing.submit(lambda: (process.stdin.write(given), process.stdin.flush()))
            lines = [process.stdout.readline() for _ in texts]
        ended = worked()
        process.stdin.close()
    # Of the processor's time: what else the machine does meanwhile does not count.
    seconds = ended.user + ended.system - begun.user - begun.system
    assert [line["text"] for line in objects(b"".join(lines).decode())] == texts
    assert len(texts) / seconds >= 15
