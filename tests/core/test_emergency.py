from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core.clock import GEORGIA
from bot.core.emergency import Notice, unseen
from bot.core.emergency_files import add_notice, read_notices, remove_notice
from bot.core.errors import InputError
from tests.fakes.knowledge_tree import Tree

NOW = datetime(2026, 12, 1, 12, tzinfo=GEORGIA)
HOUR = timedelta(hours=1)
WORDS = {"ka": "წყალი შეწყდა.", "en": "The water is off.", "ru": ""}


def notice(id: str, begins: datetime = NOW - HOUR, ends: datetime = NOW + HOUR) -> Notice:
    return Notice(id, begins, ends, WORDS)


def test_a_notice_is_told_while_it_holds_and_to_who_has_not_seen_it() -> None:
    notices = {
        "rustavi": (notice("now"), notice("later", NOW + HOUR, NOW + 2 * HOUR), notice("seen")),
        "bolnisi": (notice("elsewhere"),),
        None: (notice("everywhere", NOW - 2 * HOUR), notice("over", NOW - HOUR, NOW - HOUR)),
    }
    assert [n.id for n in unseen(notices, "rustavi", ["seen"], NOW)] == ["everywhere", "now"]
    assert [n.id for n in unseen(notices, None, [], NOW)] == ["everywhere"]


def test_what_is_written_is_read_and_taken_back(tree: Tree) -> None:
    add_notice(tree.root, "rustavi", "water", "2026-12-01", "2026-12-02 20:00", WORDS)
    add_notice(tree.root, "national", "storm", "2026-12-01 08:00", "2026-12-01", WORDS)
    assert tree.findings() == []
    notices = tree.load().notices
    (water,), (storm,) = notices["rustavi"], notices[None]
    assert (water.begins.hour, water.ends.hour) == (0, 20)
    assert (storm.begins.hour, storm.ends.hour) == (8, 23)
    assert water.words("hy") == "The water is off."
    remove_notice(tree.root, "rustavi", "water")
    assert tree.load().notices == {None: (storm,)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("from: 2026-12-01", "from: soon", ":2: must be like 2026-12-01"),
        ("until: 2026-12-02", "until: 2026-11-02", ":3: until is before from"),
        ("en: Off.", "ru: Нет.", ":4: text.en is missing"),
        ("en: Off.", "en: წყალი.", ":4: other letters in the en text"),
        ("until: 2026-12-02\n", "\n", ":1: until is missing"),
        ("  text:", "  towns: all\n  text:", ":4: unknown key towns"),
        ("en: Off.", f"en: {'x' * 601}", ":4: 601 characters; at most 600 fit"),
    ],
)
def test_mistakes_are_named_with_their_line(tree: Tree, old: str, new: str, expected: str) -> None:
    text = "w:\n  from: 2026-12-01\n  until: 2026-12-02\n  text: {ka: წყალი., en: Off.}\n"
    tree.write("rustavi/notices.yml", text)
    assert tree.findings() == []
    tree.change("rustavi/notices.yml", old, new)
    findings = [f"{f}" for f in read_notices(tree.root)[1]]
    assert any(f"knowledge/rustavi/notices.yml{expected}" in finding for finding in findings)
    assert set(findings) <= set(tree.findings())


def test_a_wrong_notice_is_not_written(tree: Tree) -> None:
    for town, id, begins, words in (
        ("rustavi", "water", "soon", WORDS),
        ("rustavi", "water", "2026-12-01", {"ka": "წყალი."}),
        ("atlantis", "water", "2026-12-01", WORDS),
    ):
        with pytest.raises(InputError):
            add_notice(tree.root, town, id, begins, "2026-12-02", words)
    assert not (tree.root / "rustavi" / "notices.yml").exists()
    add_notice(tree.root, "rustavi", "water", "2026-12-01", "2026-12-02", WORDS)
    with pytest.raises(InputError, match="choose another name"):
        add_notice(tree.root, "rustavi", "water", "2026-12-01", "2026-12-02", WORDS)
    with pytest.raises(InputError, match="did you mean water"):
        remove_notice(tree.root, "rustavi", "watr")
