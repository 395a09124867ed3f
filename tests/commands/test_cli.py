"""Exit codes and what stands beside them: 0 done, 1 wrong input, 2 wrong usage, 3 missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app
from tests.commands.running import cbot


def commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the words of every command there is, of the groups too."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = list(commands(get_command(app)))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_is_there_for_every_command(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"], prog_name="cbot")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: " + " ".join(("cbot", *command)))
    assert len(result.stdout.split("\n\n")[1].strip()) > 10, "it says what it does"


def test_help_of_the_command_itself() -> None:
    result = cbot("--help")
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: cbot ")
    assert result.stderr == ""


@pytest.mark.parametrize(
    "command",
    [
        ("nonsense",),
        ("parse",),
        ("parse", "a", "--jsonl"),
        ("train", "--fast"),
        ("knowledge", "nonsense"),
        ("db", "downgrade"),
        ("engine", "--model"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(command: tuple[str, ...]) -> None:
    result = cbot(*command)
    assert result.returncode == 2
    assert "Error: " in result.stderr or "Usage: " in result.stderr
    assert result.stdout == ""


@pytest.fixture
def empty(root: Path, tmp_path: Path) -> Path:
    """A project without models and data."""
    shutil.copytree(root / "knowledge", tmp_path / "knowledge")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [("parse", "გამარჯობა"), ("chat", "--jsonl"), ("engine",)],
    ids=" ".join,
)
def test_without_a_model_it_is_3_with_one_sentence(empty: Path, command: tuple[str, ...]) -> None:
    result = cbot(*command, CBOT_ROOT=str(empty))
    assert result.returncode == 3
    assert result.stdout == ""
    assert result.stderr == "There is no trained model; train one with `cbot train`.\n"


def test_model_that_is_not_there_is_3_and_named(empty: Path) -> None:
    result = cbot("chat", "--model", "nowhere.tar.gz", CBOT_ROOT=str(empty))
    assert result.returncode == 3
    assert "nowhere.tar.gz" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_model_that_is_broken_is_3_and_named(empty: Path) -> None:
    (empty / "models").mkdir()
    (empty / "models" / "20260101-000000.tar.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    result = cbot("parse", "გამარჯობა", CBOT_ROOT=str(empty))
    assert result.returncode == 3
    assert result.stderr.startswith("20260101-000000.tar.gz is no readable model")
    assert len(result.stderr.splitlines()) == 1


def test_wrong_setting_is_1_and_named(empty: Path) -> None:
    result = cbot("parse", "a", CBOT_ROOT=str(empty), CBOT_ENGINE_PORT="http")
    assert result.returncode == 1
    assert "CBOT_ENGINE_PORT" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command", [("db", "upgrade"), pytest.param(("engine",), marks=pytest.mark.slow)]
)
def test_database_that_is_away_is_3(
    small_model: Path, empty: Path, command: tuple[str, ...]
) -> None:
    (empty / "models").mkdir()
    shutil.copy(small_model, empty / "models" / "20260101-000000.tar.gz")
    address = "postgresql://somebody:password@127.0.0.1:1/bot"
    result = cbot(*command, CBOT_ROOT=str(empty), CBOT_DATABASE_URL=address)
    assert result.returncode == 3
    assert "CBOT_DATABASE_URL" in result.stderr
    assert "password" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_database_is_made_and_may_be_made_again(empty: Path) -> None:
    for _ in range(2):
        result = cbot("db", "upgrade", CBOT_ROOT=str(empty))
        assert result.returncode == 0
    assert (empty / "var" / "cbot.sqlite").stat().st_size


def test_good_tree_is_valid_and_counted(root: Path, tmp_path: Path) -> None:
    for folder in ("knowledge", "data/nlu/local_fees", "data/nlu/dialogue"):
        shutil.copytree(root / folder, tmp_path / folder)
    result = cbot("validate", CBOT_ROOT=str(tmp_path))
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("All well: ")


def test_every_mistake_of_a_broken_tree_is_named_with_its_line(root: Path, tmp_path: Path) -> None:
    for folder in ("knowledge", "data/nlu/local_fees"):
        shutil.copytree(root / folder, tmp_path / folder)
    debt = tmp_path / "data/nlu/local_fees/debt.yml"
    lines = debt.read_text(encoding="utf-8").splitlines()
    debt.write_text("\n".join([*lines, "    - " + "ა" * 601, ""]), encoding="utf-8")
    tabbed = tmp_path / "data/nlu/local_fees/payment.yml"
    tabbed.write_text("nlu:\n\t- intent: local_fees.payment\n", encoding="utf-8")
    texts = tmp_path / "knowledge/texts/en.yml"
    texts.write_text(
        texts.read_text(encoding="utf-8") + "\nunknown_text: Hello\n", encoding="utf-8"
    )
    for command in ("validate", "train"):
        result = cbot(command, CBOT_ROOT=str(tmp_path))
        assert result.returncode == 1
        findings = result.stdout.splitlines()
        assert f"data/nlu/local_fees/debt.yml:{len(lines) + 1}: " in "\n".join(findings)
        assert any(line.startswith("data/nlu/local_fees/payment.yml:2: ") for line in findings)
        assert any("texts/en.yml:" in line for line in findings)
        assert f"{len(findings)} findings" in result.stderr
        assert not (tmp_path / "models").exists()


def test_up_to_date_model_is_not_trained_again(
    small_model: Path, root: Path, tmp_path: Path
) -> None:
    from bot.engine.training import fingerprint

    for folder in ("knowledge", "data/nlu/dialogue"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models" / "20260101-000000.tar.gz")
    note = f'{{"fingerprint": "{fingerprint(tmp_path)}"}}'
    (tmp_path / "models" / "20260101-000000.json").write_text(note)
    result = cbot("train", CBOT_ROOT=str(tmp_path))
    assert result.returncode == 0
    assert "20260101-000000" in result.stderr
    assert len(list((tmp_path / "models").iterdir())) == 2


@pytest.mark.slow
def test_model_of_the_present_files_goes_before_a_newer_one_of_others(
    small_model: Path, root: Path, tmp_path: Path
) -> None:
    from bot.engine.training import fingerprint

    shutil.copytree(root / "knowledge", tmp_path / "knowledge")
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models" / "20260101-000000.tar.gz")
    note = f'{{"fingerprint": "{fingerprint(tmp_path)}"}}'
    (tmp_path / "models" / "20260101-000000.json").write_text(note)
    (tmp_path / "models" / "20260102-000000.tar.gz").write_bytes(b"a model of other files")
    result = cbot("parse", "nagvis fuli ramdenia", CBOT_ROOT=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "local_fees.cleaning_fee" in result.stdout
