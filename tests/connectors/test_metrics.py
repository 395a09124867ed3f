from __future__ import annotations

import re

from connectors.metrics import Histogram, Metrics, gauge


def test_a_histogram_counts_up_to_each_bound() -> None:
    histogram = Histogram("x_seconds", "About x.", (0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        histogram.observe(seconds)
    assert histogram.lines() == [
        "# HELP x_seconds About x.",
        "# TYPE x_seconds histogram",
        'x_seconds_bucket{le="0.1"} 2',
        'x_seconds_bucket{le="1.0"} 3',
        'x_seconds_bucket{le="+Inf"} 4',
        "x_seconds_sum 7.650000",
        "x_seconds_count 4",
    ]


def test_every_line_has_prometheus_form() -> None:
    lines = Metrics().lines() + gauge("cbot_age_seconds", "Age.", 1234567.5)
    shape = re.compile(r'(# (HELP|TYPE) \w+ .+|\w+(\{le="[\d.+Inf]+"\})? [\d.e+-]+)\Z')
    assert [line for line in lines if not shape.match(line)] == []
