"""What a run makes and keeps has a size: a value that grows ends in a diagnostic, and what was sent stays told."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.sizes import Room, TooLarge, size_of
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from arazzo_engine.reporting.run_report import RunReport

_SMALL: Final = Limits(value=10_000, report=100_000)
_INPUT: Final[dict[str, Any]] = {"inputs": {"type": "object", "properties": {"x": {}}}}


def _again(value: Any) -> dict[str, Any]:
    """Return an action that begins the workflow anew with another input."""
    return {"name": "again", "type": "goto", "workflowId": "main", "parameters": [{"name": "x", "value": value}]}


def _run(*steps: dict[str, Any], body: Any = "ab", limits: Limits = _SMALL, **rest: Any) -> RunReport:
    text = document(workflow(*steps, **rest))
    world = ScriptedWorld({each["operationId"]: [answer(body=body)] * 50 for each in steps})
    return run_scripted(text, world, limits=limits, inputs={"x": "ab"} if rest else None)


def _codes(report: RunReport) -> set[str]:
    return {each.code for each in (*report.diagnostics, *(each for step in report.steps for each in step.diagnostics))}


def test_a_shared_part_is_looked_at_once_for_each_level_and_counts_as_often_as_it_is_written() -> None:
    value: Any = "ab"
    for _ in range(60):
        value = [value, value]
    assert size_of(value, 1_000) > 1_000
    assert size_of([["ab"] * 3] * 4, 1_000) == size_of([["ab", "ab", "ab"] for _ in range(4)], 1_000)
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(TooLarge, match="nests deeper than 400"):
        size_of(deep, 10**9)


def test_several_values_share_one_room() -> None:
    room = Room(100)
    room.take_value("a" * 40)
    with pytest.raises(TooLarge, match="is larger than 100 characters"):
        room.take_value("a" * 40)


@pytest.mark.parametrize(
    "grown",
    ["{$inputs.x}{$inputs.x}", ["$inputs.x", "$inputs.x"], {"a": "$inputs.x", "b": ["{$inputs.x}", "$inputs.x"]}],
)
def test_an_input_that_grows_from_call_to_call_ends_the_run(grown: Any) -> None:
    report = _run(step("a", onSuccess=[_again(grown)]), **_INPUT)
    assert report.status is RunStatus.FAILED
    assert _codes(report) == {"value-too-large"}
    assert 5 < len(report.steps) < 20
    assert all(each.status is StepStatus.SUCCEEDED for each in report.steps)


def test_an_input_that_is_put_into_itself_ends_the_run() -> None:
    report = _run(step("a", onSuccess=[_again(["$inputs.x"])]), limits=Limits(), **_INPUT)
    assert _codes(report) == {"value-too-large"}
    assert len(report.steps) == 402


@pytest.mark.parametrize("payload", ["{$steps.a.outputs.x}" * 4, ["$steps.a.outputs.x"] * 4])
def test_a_payload_that_is_too_large_is_not_sent(payload: Any) -> None:
    body = {"contentType": "application/json", "payload": payload}
    first = step("a", outputs={"x": "$response.body"})
    report = _run(first, step("b", requestBody=body), body="x" * 3_000)
    assert [each.request is None for each in report.steps] == [False, True]
    assert _codes(report) == {"value-too-large"}


def test_parameters_are_too_large_together() -> None:
    first = step("a", outputs={"x": "$response.body"})
    parameters = [{"name": f"p{number}", "in": "query", "value": "$steps.a.outputs.x"} for number in range(4)]
    report = _run(first, step("b", parameters=parameters), body="x" * 3_000)
    assert [each.request is None for each in report.steps] == [False, True]
    assert _codes(report) == {"value-too-large"}


def test_one_value_in_many_places_of_a_payload_is_not_sent() -> None:
    body = {
        "contentType": "application/json",
        "payload": {"list": [0] * 100},
        "replacements": [{"target": "$.list[*]", "targetSelectorType": "jsonpath", "value": "$steps.a.outputs.x"}],
    }
    report = _run(step("a", outputs={"x": "$response.body"}), step("b", requestBody=body), body="x" * 3_000)
    assert [each.request is None for each in report.steps] == [False, True]
    assert _codes(report) == {"value-too-large"}


@pytest.mark.parametrize(
    "criterion",
    [
        {"condition": f"'{'{$response.body}' * 9}' == 'a'"},
        {"condition": "a" + "{$response.body}" * 9, "context": "$response.body", "type": "regex"},
    ],
)
def test_a_text_of_a_criterion_that_is_too_large_fails_it(criterion: dict[str, str]) -> None:
    report = _run(step("a", successCriteria=[criterion]), body="x" * 3_000)
    ((judged,),) = (each.criteria for each in report.steps)
    assert not judged.passed
    assert "is larger than 10,000 characters" in judged.explanation


def test_an_output_that_is_too_large_ends_the_run_and_what_was_sent_is_told() -> None:
    report = _run(step("a", outputs={"x": "{$response.body}" * 9}), step("b"), body="x" * 3_000)
    assert report.status is RunStatus.STOPPED
    assert _codes(report) == {"value-too-large"}
    (told,) = report.steps
    assert isinstance(told.response, Response)
    assert told.response.status == 200


@pytest.mark.parametrize(
    ("outputs", "steps"),
    [({}, 34), ({"all": "$response.body"}, 17), ({f"o{number}": "$response.body" for number in range(50)}, 1)],
)
def test_a_loop_ends_when_the_run_has_too_much_to_tell(outputs: dict[str, str], steps: int) -> None:
    again = {"name": "again", "type": "goto", "stepId": "a"}
    report = _run(step("a", outputs=outputs, onSuccess=[again]), body="x" * 3_000)
    assert report.status is RunStatus.STOPPED
    assert _codes(report) == {"report-too-large"}
    assert abs(len(report.steps) - steps) <= steps // 4
    assert all(isinstance(each.response, Response) for each in report.steps)


def test_inputs_that_grow_too_large_are_refused_before_the_run() -> None:
    names = ["main", *(f"w{number}" for number in range(11))]
    grown = [{"name": "x", "value": "{$inputs.x}" * 9}]
    calls = [
        workflow(*({"stepId": f"s{each}", "workflowId": other, "parameters": grown} for each in range(2)), name=name)
        for name, other in pairwise(names)
    ]
    workflows = [{**each, **_INPUT} for each in (*calls, workflow(step("a"), name=names[-1]))]
    with pytest.raises(ArazzoError) as refused:
        run_scripted(document(*workflows), ScriptedWorld(), inputs={"x": "ab"}, limits=_SMALL)
    assert {each.code for each in refused.value.diagnostics} == {"value-too-large"}
