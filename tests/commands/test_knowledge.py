from __future__ import annotations

from pathlib import Path
from shutil import copy, copytree

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.commands.knowledge import app
from tests.fakes.knowledge_tree import make_tree

runner = CliRunner()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copytree(settings.ROOT / "knowledge", tmp_path / "knowledge")
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    monkeypatch.delenv("CBOT_MUNICIPALITY", raising=False)
    return tmp_path


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the small knowledge folder: most commands do the same with it, sooner."""
    tree = make_tree(tmp_path / "knowledge")
    copy(settings.ROOT / "knowledge" / "_municipality.yml", tree.root)
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    monkeypatch.delenv("CBOT_MUNICIPALITY", raising=False)
    return tmp_path


def test_check_of_good_knowledge(root: Path) -> None:
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].endswith(("all well.", "warnings."))


def test_check_names_every_mistake_with_file_and_line(root: Path) -> None:
    for name in ("national/local_fees.yml", "texts/en.yml"):
        path = root / "knowledge" / name
        path.write_text("colour: red\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 1
    assert "knowledge/national/local_fees.yml:1: unknown key colour" in result.stdout
    assert "knowledge/texts/en.yml:1: the text colour is not in" in result.stdout
    assert "2 mistakes to mend." in result.stderr


def test_check_without_knowledge_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CBOT_ROOT", str(tmp_path))
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 3
    assert "catalogue.yml" in result.stderr


def test_show_gives_what_a_resident_reads(root: Path) -> None:
    result = runner.invoke(app, ["show", "local_fees.cleaning_fee", "--language", "en"])
    assert result.exit_code == 0
    assert "In Rustavi you pay" in result.stdout
    assert "owner: finance" in result.stdout
    assert "{rate}: 0.4 GEL" in result.stdout


def test_show_of_an_attribute(root: Path) -> None:
    arguments = ["show", "local_fees.cleaning_fee", "--language", "en", "--attribute", "law"]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 0
    assert "Law on Local Fees" in result.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["local_fees.clening_fee"], "did you mean local_fees.cleaning_fee?"),
        (["local_fees.debt", "--language", "de"], "There is no language de"),
        (["local_fees.debt", "--municipality", "rustawi"], "did you mean rustavi?"),
        (["local_fees.debt", "--attribute", "prise"], "did you mean price?"),
    ],
)
def test_show_of_something_unknown_says_what_there_is(
    root: Path, arguments: list[str], words: str
) -> None:
    result = runner.invoke(app, ["show", *arguments])
    assert result.exit_code == 1
    assert words in result.stderr


def test_show_of_a_service_without_an_entry(root: Path) -> None:
    for path in root.glob("knowledge/*/public_health.yml"):
        if path.parent.name != "facts":
            path.unlink()
    result = runner.invoke(app, ["show", "public_health.volunteer"])
    assert result.exit_code == 1
    assert "act:human" in result.stdout


def test_search_finds_what_was_typed_in_latin_letters(root: Path) -> None:
    result = runner.invoke(app, ["search", "dasuftaveba", "--limit", "2"])
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2
    assert "\tlocal_fees.cleaning_fee\t" in result.stdout.splitlines()[0]
    assert runner.invoke(app, ["search", "🙂"]).exit_code == 1


def test_wrong_knowledge_stops_show_and_search(root: Path) -> None:
    (root / "knowledge/texts/ka.yml").write_text("a: @", encoding="utf-8")
    for arguments in (["show", "local_fees.debt"], ["search", "ფასი"]):
        result = runner.invoke(app, arguments)
        assert result.exit_code == 1
        assert "knowledge/texts/ka.yml:1" in result.stdout


def test_gaps_are_listed_and_counted(small: Path) -> None:
    town = small / "knowledge" / "bolnisi" / "municipality.yml"
    town.write_text(town.read_text(encoding="utf-8") + "gaps: [ცხელი ხაზი]\n", encoding="utf-8")
    result = runner.invoke(app, ["gaps", "--folder", "bolnisi"])
    assert result.exit_code == 0
    assert "knowledge/bolnisi/municipality.yml:" in result.stdout
    assert "facts missing" in result.stdout
    assert runner.invoke(app, ["gaps", "--language", "en"]).exit_code == 1


def test_stale_tells_what_is_due_by_a_day(small: Path) -> None:
    assert "All fresh." in runner.invoke(app, ["stale", "--on", "2025-11-29"]).stdout
    due = runner.invoke(app, ["stale", "--on", "2026-08-01"]).stdout
    assert "knowledge/national/waste.yml:" in due
    assert due.splitlines()[-1].endswith("to compare with the sources again.")
    assert runner.invoke(app, ["stale", "--on", "soon"]).exit_code == 2


def test_strict_check_counts_warnings_as_mistakes(small: Path) -> None:
    assert runner.invoke(app, ["check"]).exit_code == 0
    assert runner.invoke(app, ["check", "--strict"]).exit_code == 1


def test_a_new_town_gets_a_pack(small: Path) -> None:
    result = runner.invoke(app, ["new-municipality", "gori"])
    assert result.exit_code == 0
    assert (small / "knowledge" / "_gori" / "municipality.yml").is_file()
    assert runner.invoke(app, ["check"]).exit_code == 0
    assert runner.invoke(app, ["new-municipality", "gori"]).exit_code == 1


def test_export_writes_a_file(small: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = runner.invoke(app, ["export", "--output", str(page), "--municipality", "bolnisi"])
    assert result.exit_code == 0
    assert "ბოლნისის მერია" in page.read_text(encoding="utf-8")
    assert runner.invoke(app, ["export", "--format", "pdf"]).exit_code == 1


def test_notices_are_added_listed_and_removed(small: Path) -> None:
    words = ["--ka", "წყალი შეწყდა.", "--en", "No water."]
    days = ["--from", "2020-01-01", "--until", "2099-01-01"]
    assert runner.invoke(app, ["notice", "add", "rustavi", "water", *days, *words]).exit_code == 0
    assert "rustavi\twater\tnow" in runner.invoke(app, ["notice", "list"]).stdout
    assert runner.invoke(app, ["notice", "add", "rustavi", "water", *days, *words]).exit_code == 1
    assert runner.invoke(app, ["notice", "remove", "rustavi", "water"]).exit_code == 0
    assert runner.invoke(app, ["notice", "remove", "rustavi", "water"]).exit_code == 1
