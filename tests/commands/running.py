"""Running the `cbot` command as people do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CBOT = Path(sys.executable).with_name("cbot")


def environment(**given: str) -> dict[str, str]:
    """Give this process's environment without settings of C-Bot's, and with the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CBOT_")}
    return {**kept, **given}


def cbot(
    *arguments: str | Path, stdin: str | bytes = b"", timeout: float = 300, **given: str
) -> subprocess.CompletedProcess[str]:
    """Run `cbot` to its end; ``given`` are settings."""
    result = subprocess.run(
        [CBOT, *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        env=environment(**given),
        capture_output=True,
        timeout=timeout,
    )
    return subprocess.CompletedProcess(
        result.args, result.returncode, result.stdout.decode(), result.stderr.decode()
    )


def jsonl(*lines: Mapping[str, Any]) -> str:
    """Give lines of JSON as a file."""
    return "".join(json.dumps(line) + "\n" for line in lines)


def objects(text: str) -> list[Any]:
    """Read lines of JSON."""
    return [json.loads(line) for line in text.splitlines()]
