from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.errors import InputError, MissingError
from bot.evaluation import page, plots, report
from bot.evaluation.comparison import CHANGED, NOW_RIGHT, NOW_WRONG, compare
from bot.evaluation.report import Report
from tests.evaluation.samples import DEBT, FEE, GREET, SET, judged


@pytest.fixture(scope="module")
def full() -> Report:
    return Report("20260101", "20260101", "dev.jsonl", SET, SET[:2])


def test_saved_report_reads_as_it_was(full: Report, tmp_path: Path) -> None:
    path = full.save(tmp_path / "new")
    assert report.load(path) == full
    assert report.load(path.parent) == full
    data = json.loads(path.read_text())
    assert data["overall"]["top1"] == 0.5
    assert list(data["languages"]) == ["ka", "ka-Latn", "en", "ru"]
    assert set(data["topics"]) == {"local_fees", "dialogue"}
    assert data["confusions"][0] == {"label": FEE, "given": DEBT, "count": 2}
    assert data["milliseconds"] == 2.0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sentences": 5}', '"text"'])
def test_what_is_no_report_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(InputError, match=r"report\.json is no report"):
        report.load(path)
    with pytest.raises(MissingError):
        report.load(tmp_path / "other.json")


def test_difference_is_told_sentence_by_sentence_the_worse_ones_first() -> None:
    before = [
        judged("a", given=(DEBT,), outcome="offered"),
        judged("b"),
        judged("c", given=(DEBT,)),
        judged("d"),
        judged("only before"),
    ]
    after = [
        judged("a"),
        judged("b", given=(FEE, DEBT), outcome="offered"),
        judged("c", given=(GREET,)),
        judged("d", confidence=0.5),
        judged("only after"),
    ]
    found = compare(before, after)
    assert [(change.kind, change.after.text) for change in found.changes] == [
        (NOW_WRONG, "b"),
        (NOW_RIGHT, "a"),
        (CHANGED, "c"),
    ]
    assert found.compared == 4
    assert found.to_json()["now_right"] == 1


def test_page_shows_figures_sentences_and_pictures_and_needs_nothing_else(
    full: Report, tmp_path: Path
) -> None:
    hostile = judged("<script>alert(1)</script>", given=(DEBT,))
    shown = Report("r", "m", "s", [*SET, hostile])
    plots.draw(shown, tmp_path)
    for name in (plots.HEAT_MAP, plots.RELIABILITY):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    path = page.write(shown, tmp_path, compare(SET[:1], [judged("ერთი", given=(DEBT,))]))
    html = path.read_text(encoding="utf-8")
    assert '<html lang="ka">' in html
    assert "რამდენად ესმის" in html
    assert "How well C-Bot understands" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    assert "local_<wbr>fees.<wbr>debt" in html
    assert html.count('src="data:image/png;base64,') == 2
    assert html.count("alt=") == 2
