"""``dependsOn`` of a step: the order it makes, the circles it refuses, and the ways to a step that it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scripted import ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_N = {"n": "$statusCode"}
_CALL_OTHER = {"stepId": "call", "workflowId": "other"}


def _after(operation: str, *needed: str, **rest: Any) -> dict[str, Any]:
    return step(operation, dependsOn=list(needed), **rest)


def _uses(operation: str, *named: str, **rest: Any) -> dict[str, Any]:
    parameters = [{"name": each, "in": "query", "value": f"$steps.{each}.outputs.n"} for each in named]
    return step(operation, parameters=parameters, **rest)


def _gives(operation: str, **rest: Any) -> dict[str, Any]:
    return step(operation, outputs={"n": "$statusCode"}, **rest)


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        # as written when the needs are met that way
        ([step("a"), _after("b", "a"), step("c")], "abc"),
        # a step waits for what it needs, and the others keep their order
        ([_after("a", "c"), step("b"), step("c"), step("d")], "bcad"),
        ([_after("a", "b"), _after("b", "c"), step("c"), step("d")], "cbad"),
        ([_after("a", "c", "d"), step("b"), _after("c", "d"), step("d")], "bdca"),
        # once one step declares a dependency, references to outputs order the steps too
        ([_uses("a", "c"), _after("b", "d"), _gives("c"), step("d")], "cadb"),
        ([step("a", requestBody={"payload": {"n": "$steps.b.outputs.n"}}), _gives("b"), _after("c", "b")], "bac"),
        (
            [step("a", successCriteria=[{"condition": "$steps.b.outputs.n == 200"}]), _gives("b"), _after("c", "b")],
            "bac",
        ),
        # its own outputs, in its actions, are no dependency
        (
            [
                _after("a", "b"),
                _gives(
                    "b",
                    onSuccess=[{"name": "x", "type": "end", "criteria": [{"condition": "$steps.b.outputs.n > 400"}]}],
                ),
            ],
            "ba",
        ),
        # the workflow itself, named in full, is the same workflow
        ([_after("a", "$workflows.main.steps.b"), step("b")], "ba"),
    ],
)
def test_steps_run_in_an_order_that_meets_their_dependencies(steps: list[Any], calls: str) -> None:
    world = ScriptedWorld()
    assert run_scripted(document(workflow(*steps)), world).succeeded
    assert world.calls == calls


def test_after_a_goto_the_next_step_is_the_next_of_the_computed_order() -> None:
    goto = {"name": "on", "type": "goto", "stepId": "d"}
    world = ScriptedWorld()
    steps = [_after("a", "c"), step("b"), step("c", onSuccess=[goto]), step("d"), step("e")]
    assert run_scripted(document(workflow(*steps)), world).succeeded
    # the order is b c a d e, and the `goto` leaves a out
    assert world.calls == "bcde"


@pytest.mark.parametrize(
    ("steps", "answers", "calls"),
    [
        # a `goto` jumps over the step that is needed
        ([step("a", onSuccess=[{"name": "on", "type": "goto", "stepId": "c"}]), step("b"), _after("c", "b")], {}, "a"),
        # a step that failed has not completed
        (
            [step("a", onFailure=[{"name": "on", "type": "goto", "stepId": "b"}]), _after("b", "a")],
            {"a": [answer(500)]},
            "a",
        ),
        # nor has one that failed when the run came to it again
        (
            [
                step("a", onFailure=[{"name": "on", "type": "goto", "stepId": "c"}]),
                step("b", onSuccess=[{"name": "back", "type": "goto", "stepId": "a"}]),
                _after("c", "a"),
            ],
            {"a": [answer(), answer(500)]},
            "aba",
        ),
        # the target of a retry has dependencies like any other step
        (
            [
                step("a", onFailure=[{"name": "again", "type": "retry", "stepId": "c"}]),
                step("b"),
                _after("c", "b"),
            ],
            {"a": [answer(500)]},
            "a",
        ),
    ],
)
def test_a_step_is_not_run_before_what_it_depends_on_has_completed(
    steps: list[Any], answers: dict[str, Any], calls: str
) -> None:
    world = ScriptedWorld({name: list(script) for name, script in answers.items()})
    report = run_scripted(document(workflow(*steps)), world)
    assert report.status.value == "failed"
    assert world.calls == calls
    codes = [each.code for each_step in report.steps for each in each_step.diagnostics]
    assert codes == ["dependency-not-completed"]


def test_a_step_may_depend_on_a_step_of_a_workflow_that_ran_before() -> None:
    text = document(workflow(_CALL_OTHER, _after("a", "$workflows.other.steps.e")), workflow(step("e"), name="other"))
    world = ScriptedWorld()
    assert run_scripted(text, world).succeeded
    assert world.calls == "ea"


def test_depending_on_a_step_of_another_workflow_does_not_run_it() -> None:
    text = document(workflow(_after("a", "$workflows.other.steps.e"), _CALL_OTHER), workflow(step("e"), name="other"))
    world = ScriptedWorld()
    report = run_scripted(text, world)
    assert report.status.value == "failed"
    assert world.calls == ""
    (problem,) = report.steps[0].diagnostics
    assert problem.code == "dependency-not-completed"


def _refused(text: str) -> list[Diagnostic]:
    with pytest.raises(ArazzoError) as refusal:
        run_scripted(text, ScriptedWorld())
    return [each for each in refusal.value.diagnostics if each.is_error]


@pytest.mark.parametrize(
    ("steps", "code", "said"),
    [
        ([_after("a", "a")], "dependency-cycle", "step `a` depends on `a`, which depends on it"),
        ([_after("a", "b"), _after("b", "a")], "dependency-cycle", "step `a` depends on `b`, which depends on it"),
        ([_after("a", "b", outputs=_N), _uses("b", "a")], "dependency-cycle", "step `a` depends on `b`"),
        ([_after("a", "aa"), step("b")], "unknown-step", "`aa` names step `aa`, which workflow `main` does not have"),
        ([_after("a", "$workflows.main.steps.bb"), step("b")], "unknown-step", "names step `bb`"),
        ([_after("a", "$workflows.mainly.steps.b"), step("b")], "unknown-workflow", "`mainly` is no workflow"),
        ([_after("a", "$sourceDescriptions.no.main.steps.b"), step("b")], "unknown-source", "`no`"),
        ([_after("a", "$sourceDescriptions.api.main.steps.b"), step("b")], "unknown-workflow", "which is openapi"),
        ([_after("a", "$steps.bb"), step("b")], "field-value", "`dependsOn` has `$steps.bb`, which names no step"),
        ([_after("a", "b", "b"), step("b")], "id-duplicate", "`dependsOn` names `b` twice"),
        ([step("a", dependsOn=2), step("b")], "field-type", "`dependsOn` must be a list"),
        ([step("a", dependsOn=[1]), step("b")], "field-type", "an entry of `dependsOn` must be a string"),
    ],
)
def test_a_dependency_that_cannot_be_met_is_refused_before_anything_is_sent(
    steps: list[Any], code: str, said: str
) -> None:
    problems = _refused(document(workflow(*steps)))
    assert (problems[0].code, said in problems[0].message) == (code, True), problems
    assert problems[0].location is not None


def test_a_circle_through_two_workflows_is_refused() -> None:
    text = document(
        workflow(_CALL_OTHER, _after("a", "$workflows.other.steps.e")),
        workflow(_after("e", "$workflows.main.steps.a"), name="other"),
    )
    assert [each.code for each in _refused(text)] == ["dependency-cycle", "dependency-cycle"]


def test_without_dependencies_a_reference_to_a_later_step_is_refused_unless_a_goto_can_lead_back() -> None:
    later = [_uses("a", "b"), _gives("b")]
    assert [each.code for each in _refused(document(workflow(*later)))] == ["forward-reference"]
    back = {"name": "back", "type": "goto", "stepId": "a"}
    on, end = {"name": "on", "type": "goto", "stepId": "b"}, {"name": "x", "type": "end"}
    looping = [step("c", onSuccess=[on]), _uses("a", "b", onSuccess=[end]), _gives("b", onSuccess=[back])]
    world = ScriptedWorld()
    assert run_scripted(document(workflow(*looping)), world).succeeded
    assert world.calls == "cba"
