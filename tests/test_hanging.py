from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SWIFT = """
from tests import hanging
from tests.hanging import pytest_configure

hanging.LONGEST, hanging.GRACE = 1.0, {grace}
"""
HANGS = """
import time

def test_hangs():
    time.sleep(3600)

def test_is_well():
    pass
"""
HANGS_FOR_GOOD = """
import time

def test_hangs():
    while True:
        try:
            time.sleep(3600)
        except BaseException:
            pass
"""


def run(
    folder: Path, root: Path, tests: str, grace: float, *more: str
) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(SWIFT.format(grace=grace))
    (folder / "test_it.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more, "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_a_test_that_hangs_fails_with_its_place_and_the_others_go_on(
    root: Path, tmp_path: Path
) -> None:
    ended = run(tmp_path, root, HANGS, 60.0)
    assert ended.returncode == 1
    assert "It hangs: not done after 1 seconds." in ended.stdout
    assert "1 failed, 1 passed" in ended.stdout.splitlines()[-1]
    assert "in test_hangs" in ended.stderr


@pytest.mark.slow
def test_a_test_that_cannot_be_told_to_end_is_ended_with_its_process(
    root: Path, tmp_path: Path
) -> None:
    ended = run(tmp_path, root, HANGS_FOR_GOOD, 1.0, "-n", "1", "--max-worker-restart", "0")
    assert ended.returncode == 1
    assert "crashed while running" in ended.stdout
    assert "1 failed" in ended.stdout.splitlines()[-1]
    assert "in test_hangs" in ended.stderr
