"""Measure both bots and print a table; `results/bench.json` keeps the figures."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import tempfile
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import load, stock
from tests.bench.processes import memory_mb, process, wait_for

ROOT = Path(__file__).parents[2]
#: Both bots learn the same: a part of the data, or stock training would take hours.
TOPICS = ("local_fees", "dialogue")
CONNECTORS, ENGINE, CONSOLE, STOCK, ACTIONS = 18080, 15005, 18081, 15006, 15055

console = Console()


def own_project(folder: Path) -> None:
    """Prepare a copy of this bot with the same part of the data, and train it."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder)
    for name in ("data/rules", "data/stories", "knowledge", "bot/nlu", "data/nlu/lookups"):
        shutil.copytree(ROOT / name, folder / name)
    for topic in TOPICS:
        shutil.copytree(ROOT / "data" / "nlu" / topic, folder / "data" / "nlu" / topic)
    cbot(folder, "train")


def own_environment(folder: Path) -> dict[str, str]:
    return {
        "CBOT_ROOT": str(folder),
        "PYTHONPATH": str(ROOT),
        "CBOT_CONNECTORS_PORT": str(CONNECTORS),
        "CBOT_ENGINE_PORT": str(ENGINE),
        "CBOT_CONSOLE_PORT": str(CONSOLE),
    }


def cbot(folder: Path, *arguments: str) -> None:
    environment = {**stock.environment(ROOT), **own_environment(folder)}
    command = [str(ROOT / ".venv/bin/cbot"), *arguments]
    subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)


async def acknowledgements(number: int) -> float:
    """Give the 99th percentile of the milliseconds until a message is acknowledged."""
    took = []
    address = f"http://127.0.0.1:{CONNECTORS}/chat"
    headers: dict[str, str] = {}
    async with load.session() as client:
        for count in range(number):
            if count % 10 == 0:  # a new resident before the limit of one is reached
                answer = await load.ask(client, "GET", f"{address}/session")
                headers = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
            message = {"id": str(uuid.uuid4()), "text": "გამარჯობა", "locale": "ka"}
            begun = time.perf_counter()
            await load.ask(client, "POST", f"{address}/messages", json=message, headers=headers)
            took.append((time.perf_counter() - begun) * 1000)
    return load.percentile(took, 0.99)


def measure_own(folder: Path, seconds: float) -> dict[str, Any]:
    """Measure this bot: started as `make run` starts it."""
    command = [str(ROOT / ".venv/bin/cbot"), "run"]
    ready = f"http://127.0.0.1:{CONNECTORS}/readyz"
    with process(command, own_environment(folder), folder, folder / "run.log") as child:
        figures: dict[str, Any] = {"ready_seconds": wait_for(ready, child)}
        say = load.engine(f"http://127.0.0.1:{ENGINE}")
        for residents in (1, 8):
            figures[f"engine_{residents}"] = asdict(
                asyncio.run(load.measure(say, residents, seconds))
            )
            chat = load.WebChat(f"http://127.0.0.1:{CONNECTORS}")
            figures[f"web_{residents}"] = asdict(
                asyncio.run(load.measure(chat, residents, seconds))
            )
        figures["turn_ms"] = asyncio.run(load.growth(say, (10, 100, 1000)))
        figures["ack_p99_ms"] = asyncio.run(acknowledgements(300))
        figures["memory_mb"] = memory_mb(child.pid)
    with process(
        [str(ROOT / ".venv/bin/cbot"), "connectors"],
        own_environment(folder),
        folder,
        folder / "connectors.log",
    ) as child:
        wait_for(f"http://127.0.0.1:{CONNECTORS}/healthz", child)
        figures["ack_p99_ms_engine_stopped"] = asyncio.run(acknowledgements(300))
    return figures


def measure_stock(folder: Path, seconds: float) -> dict[str, Any]:
    """Measure the stock bot: `rasa run` and `rasa run actions`."""
    environment = stock.environment(ROOT)
    begun = time.perf_counter()
    with (
        process(
            stock.actions(ROOT, ACTIONS), environment, folder, folder / "actions.log"
        ) as helper,
        process(stock.server(ROOT, STOCK), environment, folder, folder / "run.log") as child,
    ):
        wait_for(f"http://127.0.0.1:{STOCK}/", child)
        wait_for(f"http://127.0.0.1:{ACTIONS}/health", helper)
        figures: dict[str, Any] = {"ready_seconds": time.perf_counter() - begun}
        say = load.rest(f"http://127.0.0.1:{STOCK}")
        for residents in (1, 8):
            figures[f"engine_{residents}"] = asdict(
                asyncio.run(load.measure(say, residents, seconds))
            )
        figures["turn_ms"] = asyncio.run(load.growth(say, (10, 100)))
        figures["memory_mb"] = {**memory_mb(child.pid), **memory_mb(helper.pid)}
    return figures


def show(own: dict[str, Any], other: dict[str, Any]) -> None:
    """Print the figures side by side."""
    table = Table("", "C-Bot", "stock Rasa", "ratio")

    def row(name: str, mine: float, theirs: float | None = None, better: str = "less") -> None:
        ratio = ""
        if theirs is not None:
            ratio = f"{theirs / mine if better == 'less' else mine / theirs:.1f}×"
        table.add_row(name, f"{mine:.1f}", "" if theirs is None else f"{theirs:.1f}", ratio)

    row("ready after, s", own["ready_seconds"], other["ready_seconds"])
    for residents in (1, 8):
        mine, theirs = own[f"engine_{residents}"], other[f"engine_{residents}"]
        row(f"turns/s, {residents} at once", mine["per_second"], theirs["per_second"], "more")
        row(f"p50 ms, {residents} at once", mine["p50"], theirs["p50"])
        row(f"p95 ms, {residents} at once", mine["p95"], theirs["p95"])
    for residents in (1, 8):
        web = own[f"web_{residents}"]
        row(f"web channel: turns/s, {residents} at once", web["per_second"])
        row(f"web channel: p50 ms, {residents} at once", web["p50"])
        row(f"web channel: p95 ms, {residents} at once", web["p95"])
    row("turn 10, ms", own["turn_ms"][10], other["turn_ms"][10])
    row("turn 100, ms", own["turn_ms"][100], other["turn_ms"][100])
    row("turn 1000, ms", own["turn_ms"][1000])
    row(
        "memory of all processes, MB",
        sum(own["memory_mb"].values()),
        sum(other["memory_mb"].values()),
    )
    for name, size in own["memory_mb"].items():
        row(f"  {name}, MB", size)
    for name, size in other["memory_mb"].items():
        table.add_row(f"  {name}, MB", "", f"{size:.1f}", "")
    row("acknowledged within, p99 ms", own["ack_p99_ms"])
    row("  the same with the engine stopped", own["ack_p99_ms_engine_stopped"])
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--seconds", type=float, default=20, help="of load for each measurement")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as own, tempfile.TemporaryDirectory() as other:
        console.print("Training this bot …")
        own_project(Path(own))
        console.print("Training the stock bot (some minutes) …")
        stock.build(ROOT, Path(other), TOPICS, ACTIONS)
        console.print("Measuring this bot …")
        mine = measure_own(Path(own), seconds)
        console.print("Measuring the stock bot …")
        theirs = measure_stock(Path(other), seconds)
    results = ROOT / "results"
    results.mkdir(exist_ok=True)
    content = json.dumps({"c_bot": mine, "stock": theirs}, indent=1)
    (results / "bench.json").write_text(content, encoding="utf-8")
    show(mine, theirs)


if __name__ == "__main__":
    main()
