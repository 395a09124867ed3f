"""Test stories read with their lines, and gone through with a real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import InputError, MissingError
from bot.core.progress import Silent
from bot.evaluation.conversations import Failure, converse
from bot.evaluation.stories import read_stories

GOOD = """\
version: "3.1"
stories:
- story: a question, another by a button, and a farewell
  steps:
  - user: |
      nagvis fuli ramdenia
    intent: local_fees.cleaning_fee
  - action: action_answer_service
  - slot_was_set:
    - service: local_fees.cleaning_fee
    - language
  - intent: local_fees.debt
  - action: action_answer_service
  - active_loop: null
  - user: |
      ნახვამდის
    intent: dialogue.goodbye
  - action: utter_goodbye
"""


def failures(folder: Path, model: Path, *contents: str) -> list[Failure]:
    for number, content in enumerate(contents):
        (folder / f"{number}.yml").write_text(content, encoding="utf-8")
    return converse(model, read_stories(folder, folder), Silent())


def test_conversation_that_goes_as_written_is_no_failure(tmp_path: Path, small_model: Path) -> None:
    assert failures(tmp_path, small_model, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("local_fees.cleaning_fee\n  - action", "dialogue.greet\n  - action", 5, "intent dialogue"),
        ("action: utter_goodbye", "action: utter_thank", 18, "it did utter_goodbye"),
        ("service: local_fees.cleaning_fee", "service: local_fees.debt", 9, "slot service"),
        ("active_loop: null", "active_loop: idea_form", 14, "active_loop idea_form"),
        ("  - action: utter_goodbye\n", "", None, ""),
        (
            "  - action: utter_goodbye\n",
            "  - action: utter_goodbye\n  - action: utter_thank\n",
            19,
            "nothing more was done",
        ),
    ],
)
def test_failure_is_named_with_its_line(
    tmp_path: Path, small_model: Path, old: str, new: str, line: int | None, says: str
) -> None:
    assert old in GOOD
    found = failures(tmp_path, small_model, GOOD.replace(old, new))
    if line is None:
        # Who names no action does not care which one it is.
        assert found == []
        return
    (failure,) = found
    assert str(failure).startswith(f"0.yml:{line}: “a question, another by a button")
    assert says in str(failure)


def test_each_story_has_a_conversation_of_its_own(tmp_path: Path, small_model: Path) -> None:
    wrong = GOOD.replace("action: utter_goodbye", "action: utter_thank")
    found = failures(tmp_path, small_model, GOOD, wrong, GOOD)
    assert [failure.story.path for failure in found] == ["1.yml"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("stories:\n\t- story: a\n", 2, "tab"),
        ("stories:\n- story: a\n  steps: []\n", 2, "no steps"),
        ("stories:\n- story: a\n  steps:\n  - action: b\n  - intent: c\n", 4, "nobody said"),
        ("stories: [\n", 1, "bracket"),
    ],
)
def test_broken_stories_are_named_with_their_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    path = tmp_path / "stories.yml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_stories(path, tmp_path)
    (finding,) = error.value.findings
    assert (finding.path, finding.line) == ("stories.yml", line)
    assert says in finding.message


def test_stories_that_are_not_there_are_missing(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none.yml"):
        with pytest.raises(MissingError, match="no test stories"):
            read_stories(place, tmp_path)
