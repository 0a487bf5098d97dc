"""Percentiles of durations are within two in a hundred of the exact ones, whatever their number."""

from __future__ import annotations

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.reporting.batches.latencies import Latencies, Latency
from arazzo_engine.reporting.outcomes import ActionTaken, StepStatus
from arazzo_engine.reporting.step_report import StepReport

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


def test_a_poll_that_says_not_yet_is_no_failure() -> None:
    def attempt(number: int, status: StepStatus, action: str) -> StepReport:
        request = Request("GET", "https://shop.example/jobs/1")
        return StepReport(
            "poll", "wait", number, status, request=request, response=Response(200), action=ActionTaken(action)
        )

    latencies = Latencies()
    latencies.add([attempt(1, StepStatus.FAILED, "retry"), attempt(2, StepStatus.SUCCEEDED, "next")])
    latencies.add([attempt(1, StepStatus.FAILED, "retry"), attempt(2, StepStatus.FAILED, "end")])
    (told,) = latencies.by_step.values()
    assert (told.count, told.failed) == (4, 1)
