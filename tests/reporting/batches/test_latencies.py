"""Percentiles of durations are within two in a hundred of the exact ones, whatever their number."""

from __future__ import annotations

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.reporting.batches.latencies import Latency

_SECONDS = st.floats(1e-5, 1e4)


@given(st.lists(_SECONDS, min_size=1, max_size=60), st.sampled_from([1, 50, 90, 99, 100]))
def test_a_percentile_is_nearly_the_exact_one(durations: list[float], percent: int) -> None:
    latency = Latency()
    for each in durations:
        latency.add(each)
    exact = sorted(durations)[ceil(len(durations) * percent / 100) - 1]
    assert exact * 0.98 <= latency.percentile(percent) <= exact * 1.021
    assert latency.longest == max(durations)
    assert latency.count == len(durations)


def test_nothing_has_no_percentile() -> None:
    assert Latency().percentile(50) == 0.0
    latency = Latency()
    latency.add(0.0, failed=True)
    assert (latency.percentile(50), latency.failed) == (0.0, 1)
