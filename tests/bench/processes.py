"""Starting what is measured, waiting until it is ready, and weighing it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil


@contextmanager
def process(
    command: list[str], environment: dict[str, str], folder: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as the block is entered; its output goes into ``log``."""
    with log.open("wb") as file:
        child = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield child
        finally:
            os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def wait_for(url: str, child: subprocess.Popen[bytes], seconds: float = 400) -> float:
    """Give the seconds until ``url`` answers 200.

    Raises:
        RuntimeError: when the process ends before, or it takes too long.
    """
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if child.poll() is not None:
            raise RuntimeError(f"{child.args} ended with code {child.returncode}")
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return time.perf_counter() - begun
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{url} was not there after {seconds:.0f} s")


def memory_mb(pid: int) -> dict[str, float]:
    """Give the proportional memory (PSS) of a process and its children, in MB, by command."""
    found: dict[str, float] = {}
    parent = psutil.Process(pid)
    for child in [parent, *parent.children(recursive=True)]:
        try:
            name = " ".join(child.cmdline()[-2:])[-40:]
            found[name] = found.get(name, 0) + child.memory_full_info().pss / 1e6
        except psutil.NoSuchProcess:
            continue
    return found
