"""The conversations of test_conversations.yml, judged by Rasa itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.running import environment


def rasa(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("rasa"), *arguments],
        cwd=root,
        env=environment(RASA_TELEMETRY_ENABLED="false"),
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.mark.slow
def test_conversations_go_as_written(root: Path, full_model: Path, tmp_path: Path) -> None:
    result = rasa(
        root,
        *("test", "core", "--stories", "tests/dialogue", "--model", full_model),
        *("--out", tmp_path, "--fail-on-prediction-errors", "--no-plot"),
    )
    failed = tmp_path / "failed_test_stories.yml"
    assert result.returncode == 0, failed.read_text() if failed.exists() else result.stderr[-3_000:]
    assert "Correct:          31 / 31" in result.stdout + result.stderr


@pytest.mark.slow
def test_data_pass_the_check_of_rasa(root: Path) -> None:
    result = rasa(root, "data", "validate", "--fail-on-warnings")
    assert result.returncode == 0, result.stderr[-3_000:]
