"""`make bench-publish`: how long residents wait while another model is published.

A whole `cbot run` answers 5 turns a second of the web channel while a model is published and
rolled back again; the waits before, during and after are told apart.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.core import serving
from bot.engine.training import fingerprint, newest_model, up_to_date
from tests.bench.load import percentile
from tests.commands.deployment import Running
from tests.commands.running import CBOT, environment
from tests.commands.traffic import Residents, Traffic
from tests.fakes.ports import free_ports

ROOT = Path(__file__).parents[2]
OLD, NEW = "20260101-000000", "20260102-000000"
console = Console(width=110)


def project(folder: Path, model: Path) -> dict[str, str]:
    """Make a project with two models that are the same; give its settings."""
    for name in ("knowledge", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "models").mkdir()
    for name in (OLD, NEW):
        shutil.copy(model, folder / "models" / f"{name}.tar.gz")
    note = json.dumps({"fingerprint": fingerprint(folder)})
    (folder / "models" / f"{OLD}.json").write_text(note)
    names = ("CBOT_CONNECTORS_PORT", "CBOT_ENGINE_PORT", "CBOT_CONSOLE_PORT")
    ports = dict(zip(names, map(str, free_ports(3)), strict=True))
    return {"CBOT_ROOT": str(folder), **ports}


def switch(settings: dict[str, str], folder: Path, *command: str) -> float:
    """Publish or roll back; give the seconds until the other engine answers."""
    begun = time.monotonic()
    environ = {**environment(**settings), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [CBOT, "models", *command], env=environ, cwd=folder, capture_output=True, text=True
    )
    if ended.returncode != 0:
        raise SystemExit(ended.stdout + ended.stderr)
    return time.monotonic() - begun


def row(table: Table, name: str, seen: Traffic, more: str = "") -> None:
    waits = seen.waits or [0.0]
    table.add_row(
        name,
        str(len(seen.waits)),
        *(f"{percentile(waits, share) * 1000:.0f}" for share in (0.5, 0.95)),
        f"{seen.longest * 1000:.0f}",
        str(seen.lost + seen.refused),
        str(seen.extra),
        more,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-publish")
    parser.add_argument("--seconds", type=float, default=20, help="of load before and after")
    parser.add_argument("--per-second", type=float, default=5.0, help="turns")
    parser.add_argument("--model", type=Path, help="instead of the newest")
    given = parser.parse_args()
    model = given.model or up_to_date(ROOT) or newest_model(ROOT / "models")
    table = Table(title=f"{given.per_second:g} turns a second", title_justify="left")
    for heading in ("", "turns", "p50 ms", "p95 ms", "longest ms", "lost", "twice", ""):
        table.add_column(heading, justify="right" if heading else "left")
    results = {}
    with tempfile.TemporaryDirectory(prefix="bench-publish-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        settings = project(folder, model)
        running = Running(settings, folder / "run.log")
        try:
            running.wait_until(running.ready)
            running.wait_until(lambda: serving.told(folder / "var") is not None)
            for title, command in (
                ("no change", ()),
                ("publish", ("publish", NEW, "--override", "bench")),
                ("publish the other", ("publish", OLD, "--override", "bench")),
                ("roll back", ("rollback",)),
            ):
                with Residents(running.url, given.per_second) as residents:
                    time.sleep(given.seconds / 4)
                    took = switch(settings, folder, *command) if command else 0.0
                    time.sleep(given.seconds * 3 / 4)
                row(table, title, residents.seen, f"{took:.1f} s" if command else "")
                results[title] = {
                    "turns": len(residents.seen.waits),
                    "longest_ms": round(residents.seen.longest * 1000),
                    "p95_ms": round(percentile(residents.seen.waits or [0.0], 0.95) * 1000),
                    "lost": residents.seen.lost + residents.seen.refused,
                    "twice": residents.seen.extra,
                    "switched_in_seconds": round(took, 1),
                }
        finally:
            running.end()
    folder = ROOT / "results"
    folder.mkdir(exist_ok=True)
    (folder / "bench-publish.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    console.print(table)


if __name__ == "__main__":
    main()
