"""A test that hangs fails and shows where it stood, instead of keeping everybody waiting."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest

#: How long a test may take with all it needs, seconds: far more than any does on a busy machine.
LONGEST = 900.0
#: The same for one that may have to train a model first, or wait for another that does.
LONGEST_WITH_A_MODEL = 1_800.0
#: How long it may take to end after it was told so, before the process is ended.
GRACE = 120.0

_MODELS = {"small_model", "taught_model", "full_model"}


class Hanging:
    """Watches over each test of a process.

    The alarm raises in the main thread, so that whatever the test started is ended as ever. Where
    that is of no use, as in a call that never returns to Python, the process ends; pytest-xdist
    then reports the test as failed and goes on with the others in a new one.
    """

    def __init__(self) -> None:
        # The real one: pytest keeps what tests write to theirs.
        self._stderr = os.dup(2)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run a test with its fixtures, but not for ever."""
        models = _MODELS & set(getattr(item, "fixturenames", ()))
        seconds = LONGEST_WITH_A_MODEL if models else LONGEST

        def ring(_number: int, _frame: FrameType | None) -> None:
            faulthandler.dump_traceback(self._stderr)
            pytest.fail(f"It hangs: not done after {seconds:.0f} seconds.")

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, GRACE)
        faulthandler.dump_traceback_later(seconds + 2 * GRACE, exit=True, file=self._stderr)
        try:
            return (yield)
        finally:
            faulthandler.cancel_dump_traceback_later()
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)


def pytest_configure(config: pytest.Config) -> None:
    """Watch over the tests, while the terminal is not yet taken from them."""
    config.pluginmanager.register(Hanging())
