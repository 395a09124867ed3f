from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.core.files import make_once


def test_of_several_makers_one_wins_and_nobody_else_may_read(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as makers:
        list(makers.map(lambda number: make_once(path, f"{number}".encode() * 40), range(8)))
    first = path.read_bytes()
    assert len(first) == 40
    assert len(set(first)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    make_once(path, b"another")
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
