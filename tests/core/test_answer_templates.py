from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.answer_templates import for_event, load_templates, read_templates
from bot.core.errors import InputError
from bot.core.submissions.guards import ANSWER_LENGTH
from bot.core.submissions.model import Kind

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
GOOD = """\
no:
  event: decline
  reason: no_money
  kinds: [idea]
  title: {ka: უარი, en: No}
  text: {ka: თანხა არ არის, en: There is no money}
"""


def test_templates_are_given_for_their_event_and_kind() -> None:
    templates = load_templates(KNOWLEDGE)
    declining = {one.id for one in for_event(templates, "decline", Kind.PROBLEM)}
    assert {"decline_no_money", "decline_private"} <= declining
    assert for_event(templates, "accept", Kind.PROBLEM) == []
    assert [one.id for one in for_event(templates, "accept", Kind.IDEA)] == ["accept_planned"]


@pytest.mark.parametrize("language", ["ka", "en", "ru", "az", "hy", "xx"])
def test_every_template_answers_at_length_in_every_language(language: str) -> None:
    for one in load_templates(KNOWLEDGE).values():
        assert len(one.words(language)) >= ANSWER_LENGTH


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("event: decline", "event: declined", "2: unknown word declined; did you mean decline?"),
        ("reason: no_money", "reason: insult", "3: unknown word insult"),
        ("kinds: [idea]", "kinds: [ideas]", "4: unknown word ideas"),
        ("ka: უარი, ", "", "5: the title lacks ka"),
        (", en: There is no money", "", "6: the text lacks en"),
        ("title:", "titel:", "unknown key titel"),
    ],
)
def test_mistakes_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    (tmp_path / "answer_templates.yml").write_text(GOOD.replace(old, new), encoding="utf-8")
    _, findings = read_templates(tmp_path)
    assert any(message in str(finding) for finding in findings), findings
    with pytest.raises(InputError):
        load_templates(tmp_path)


def test_a_folder_without_templates_has_none(tmp_path: Path) -> None:
    assert load_templates(tmp_path) == {}
