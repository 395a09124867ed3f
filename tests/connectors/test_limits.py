from __future__ import annotations

import pytest

from connectors import limits
from connectors.limits import Floods, TokenBuckets


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_a_second() -> None:
    clock = Clock()
    buckets = TokenBuckets(3, 1.0, clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 1.0, 1.0]
    clock.now += 0.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_each_has_a_bucket_of_their_own() -> None:
    buckets = TokenBuckets(1, 1.0, Clock())
    assert (buckets.take("a"), buckets.take("b")) == (0, 0)
    assert buckets.take("a") > 0


def test_a_rest_gives_no_more_than_the_burst() -> None:
    clock = Clock()
    buckets = TokenBuckets(3, 1.0, clock)
    buckets.take("a")
    clock.now += 10_000
    assert [buckets.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_the_number_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    buckets = TokenBuckets(1, 1.0, Clock())
    for number in range(100):
        buckets.take(str(number))
    assert len(buckets._buckets) == 10
    assert buckets.take("99") > 0


def test_73_a_flood_is_told_once_a_minute_and_dropped_in_between() -> None:
    clock = Clock()
    floods = Floods(clock)
    verdicts = [floods.judge("a") for _ in range(200)]
    assert verdicts == ["pass"] * 100 + ["tell"] + ["drop"] * 99
    assert floods.judge("b") == "pass"
    clock.now += 1.0
    assert [floods.judge("a") for _ in range(3)] == ["pass", "pass", "drop"]
    clock.now += 60.0
    assert floods.judge("a") == "pass"
