from __future__ import annotations

import re
from pathlib import Path

from tests.commands.running import cbot


def test_first_administrator_is_added_listed_and_shut_out(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = cbot("staff", *arguments, CBOT_ROOT=str(tmp_path))
        return result.returncode, result.stdout + result.stderr

    code, told = run("add", "nino", "--role", "administrator")
    assert code == 0
    assert "http://127.0.0.1:8081/sign-in" in told
    assert re.search(r"one-time password +([A-Z2-9]{4}-){4}[A-Z2-9]{4}\n", told)
    assert run("add", "nino")[0] == 1
    code, told = run("add", "ნინო")
    assert code == 1
    assert "a-z" in told
    assert "invited" in run("list")[1]
    assert run("disable", "nino")[0] == 0
    assert "shut out" in run("list")[1]
    assert "one-time password" in run("reset", "nino")[1]
    assert "invited" in run("list")[1]
    assert run("disable", "nobody")[0] == 1
