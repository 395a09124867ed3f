from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import yaml_lines
from bot.core.yaml_lines import parse


def test_values_are_what_a_person_means() -> None:
    document = parse(
        "count: 3\nsum: 2.50\nanswer: no\nphone: 0341\nhours: 10:30\nday: 2026-11-21\n"
        "nothing:\nquoted: '3'\nblock: |\n  ორი\n  ხაზი\nyes: true\n",
        "a.yml",
    )
    assert document.data == {
        "count": 3,
        "sum": 2.5,
        "answer": "no",
        "phone": "0341",
        "hours": "10:30",
        "day": date(2026, 11, 21),
        "nothing": None,
        "quoted": "3",
        "block": "ორი\nხაზი\n",
        "yes": True,
    }
    assert document.findings == ()


def test_line_of_every_key_path() -> None:
    document = parse("a:\n  b:\n  - c: 1\n    d: 2\n  - c: 3\n", "a.yml")
    assert document.line("a") == 1
    assert document.line("a", "b") == 2
    assert document.line("a", "b", 0, "d") == 4
    assert document.line("a", "b", 1) == 5
    # A path that ends early gives the last line that exists.
    assert document.line("a", "b", 1, "missing") == 5
    assert document.line("missing") == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a stands here twice (first in line 1)"),
        ("a:\n\t- b\n", 2, "a tab stands at the start of the line; use spaces"),
        ("a: 1\nb: რა: სად\n", 2, "a text with a colon stands in quotes"),
        ("a: 1\nb:2\nc: 3\n", 2, "with a space after the colon"),
        ("a: 1\nb: {rate} ლარი\n", 2, "a text that starts with { must be in quotes"),
        ("a: 'it's'\nb: 1\n", 1, "the text goes on after its closing quote"),
        ("a: 1\nb: @me\n", 2, "a text may not start with @"),
        ("a: 1\nb: [x, y\nc: 1\n", 2, "a bracket opens here and never closes"),
        ("- a\nb: c\n", 2, "the indentation does not fit"),
        ("a:\n  b: 1\n c: 2\n", 3, "the indentation does not fit"),
        ('x: 1\na: "b\nc: 1\n', 2, "a quote opens here and never closes"),
        ("a: &x 1\nb: *x\n", 1, "anchors and aliases"),
        ("a: *x\n", 1, "may not start with *"),
        ("a: 2026-02-30\n", 1, "2026-02-30 is no date of the calendar"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("? [a]\n: 1\n", 1, "a key must be a plain word"),
        ("a: \x07\n", 1, "not valid YAML"),
        ("a: \ud800\n", 1, "not valid YAML"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, line: int, words: str) -> None:
    (finding,) = parse(text, "a.yml").findings
    assert (finding.path, finding.line) == ("a.yml", line)
    assert words in finding.message


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "? " * 100_000, "a: {" * 500])
def test_deep_nesting_is_refused(text: str) -> None:
    (finding,) = parse(text, "a.yml").findings
    assert "nested" in finding.message


def test_load_names_the_file_relative_to_the_root(tmp_path: Path) -> None:
    path = tmp_path / "knowledge" / "a.yml"
    path.parent.mkdir()
    path.write_bytes(b"a: \xff")
    (finding,) = yaml_lines.load(path, tmp_path).findings
    assert str(finding) == "knowledge/a.yml:1: the file is not UTF-8 (byte 3); save it as UTF-8"
    (finding,) = yaml_lines.load(path.with_name("b.yml"), tmp_path).findings
    assert finding.message == "the file cannot be read (No such file or directory)"


@given(st.text(alphabet="ab:-[]{}&*!'\"|># \n\tა1.", max_size=60))
def test_parse_never_fails(text: str) -> None:
    document = parse(text, "a.yml")
    assert document.data is None or document.root is not None
