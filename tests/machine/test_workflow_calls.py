"""Workflows that call each other, transfer to each other, wait for each other, and are given up after a timeout."""

from __future__ import annotations

from typing import Any, Final

import pytest
from scripted import DOWN, ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.reporting.outcomes import RunStatus

_AGAIN = {"name": "again", "type": "retry"}


def _go(target: str, **rest: Any) -> dict[str, Any]:
    return {"name": f"to-{target}", "type": "goto", "workflowId": target, **rest}


def _call(target: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": f"call-{target}", "workflowId": target, **rest}


_ENDS = workflow(step("e", outputs={"n": "$response.body#/n"}), name="ends", outputs={"n": "$steps.e.outputs.n"})


def test_the_outputs_of_a_workflow_that_transferred_are_those_of_its_target() -> None:
    goes = workflow(
        step("b", onSuccess=[_go("ends")]),
        name="goes",
        outputs={"own": "$inputs.own"},
        inputs={"properties": {"own": {}}},
    )
    named = {"step": "$steps.call-goes.outputs.n", "workflow": "$workflows.goes.outputs.n"}
    main = workflow(_call("goes", successCriteria=[{"condition": "$outputs.n == 7"}]), outputs=named)
    report = run_scripted(document(main, goes, _ENDS), ScriptedWorld({"e": [answer(200, {"n": 7})]}))
    assert report.outputs == {"step": 7, "workflow": 7}


def test_a_target_sees_the_inputs_and_outputs_of_the_workflow_that_transferred_to_it() -> None:
    first = step("a", outputs={"t": "$response.body#/t"}, onSuccess=[_go("next")])
    main = workflow(first, inputs={"properties": {"x": {}}}, outputs={"t": "$steps.a.outputs.t"})
    payload = {"t": "$workflows.main.outputs.t", "x": "$workflows.main.inputs.x"}
    following = workflow(step("b", requestBody={"payload": payload}), name="next")
    world = ScriptedWorld({"a": [answer(200, {"t": "token"})]})
    assert run_scripted(document(main, following), world, {"x": 4}).succeeded
    assert world.sent[1].request.payload == {"t": "token", "x": 4}


def test_a_dependency_that_transfers_runs_once_whoever_depends_on_it() -> None:
    login = workflow(step("b", onSuccess=[_go("ends")]), name="login")
    both = [workflow(step(name), name=f"needs-{name}", dependsOn=["login"]) for name in "cd"]
    world = ScriptedWorld()
    text = document(workflow(_call("needs-c"), _call("needs-d")), login, *both, _ENDS)
    assert run_scripted(text, world).succeeded
    assert world.calls == "becd"


@pytest.mark.parametrize("back", [_call("main"), step("c", onSuccess=[_go("main")])])
def test_a_dependency_that_leads_back_to_what_depends_on_it_is_refused(back: dict[str, Any]) -> None:
    text = document(workflow(step("a"), dependsOn=["login"]), workflow(back, name="login"))
    with pytest.raises(ArazzoError) as refusal:
        run_scripted(text, ScriptedWorld())
    assert [each.code for each in refusal.value.diagnostics] == ["dependency-cycle"]


_STRICT = workflow(step("b"), name="strict", inputs={"required": ["x"], "properties": {"x": {"type": "integer"}}})
_ABSENT = [{"name": "x", "value": "$steps.a.outputs.x"}]
_WRONG = [{"name": "x", "value": "$method"}]


def _before(**rest: Any) -> dict[str, Any]:
    return step("a", outputs={"x": "$response.body#/x"}, **rest)


@pytest.mark.parametrize(("parameters", "code"), [(_ABSENT, "value-missing"), (_WRONG, "input-invalid")])
def test_a_transfer_whose_inputs_cannot_be_given_fails_the_workflow(parameters: list[Any], code: str) -> None:
    goes = _before(onSuccess=[_go("strict", parameters=parameters)])
    world = ScriptedWorld({"a": [answer(200, {})]})
    report = run_scripted(document(workflow(goes), _STRICT), world)
    assert (report.status, world.calls) == (RunStatus.FAILED, "a")
    assert [each.code for each in report.diagnostics] == [code]


def test_a_retry_whose_workflow_cannot_be_called_gives_way_to_the_next_action() -> None:
    retry = {**_AGAIN, "workflowId": "strict", "parameters": _WRONG}
    fallback = {"name": "then", "type": "goto", "stepId": "c"}
    steps = [_before(onFailure=[retry, fallback]), step("d"), step("c")]
    world = ScriptedWorld({"a": [answer(500)]})
    assert run_scripted(document(workflow(*steps), _STRICT), world).succeeded
    assert world.calls == "ac"


def test_a_retry_runs_its_workflow_with_its_parameters_and_then_the_step_again() -> None:
    retry = {**_AGAIN, "workflowId": "strict", "parameters": [{"name": "x", "value": 3}]}
    world = ScriptedWorld({"a": [answer(401), answer()]})
    assert run_scripted(document(workflow(_before(onFailure=[retry])), _STRICT), world).succeeded
    assert world.calls == "aba"


def test_a_dependency_that_refuses_its_inputs_fails_the_workflow_before_its_first_step() -> None:
    main = workflow(step("a"), dependsOn=["strict"], inputs={"properties": {"x": {}}})
    world = ScriptedWorld()
    report = run_scripted(document(main, _STRICT), world, {"x": "word"})
    assert (report.status, world.calls) == (RunStatus.FAILED, "")
    assert [each.code for each in report.diagnostics] == ["input-invalid"]


_SLOW = workflow(step("b"), step("c"), step("d"), name="slow")


@pytest.mark.parametrize(
    ("timeout", "calls", "status"),
    [(3500, "bcda", "succeeded"), (2500, "bcd", "in-doubt"), (2000, "bc", "failed"), (1999, "bc", "in-doubt")],
)
def test_a_workflow_that_takes_longer_than_the_timeout_of_the_step_is_given_up(
    timeout: int, calls: str, status: str
) -> None:
    world = ScriptedWorld(takes=1.0)
    report = run_scripted(document(workflow(_call("slow", timeout=timeout), step("a")), _SLOW), world)
    assert (world.calls, report.status.value) == (calls, status)
    if status != "succeeded":
        assert report.steps[-1].notes == (f"workflow `slow` was given up after the step's timeout of {timeout} ms",)
        assert world.now <= 1_000_000.0 + timeout / 1000


def test_the_steps_between_are_given_up_with_the_step_whose_time_has_passed() -> None:
    world = ScriptedWorld(takes=1.0)
    between = workflow(_call("slow"), name="between")
    report = run_scripted(document(workflow(_call("between", timeout=2000)), between, _SLOW), world)
    assert (world.calls, report.status) == ("bc", RunStatus.FAILED)
    assert [each.step_id for each in report.steps] == ["b", "c", "call-slow", "call-between"]
    assert [each.notes for each in report.steps[2:]] == [
        ("the step was given up: the time of one that led to it had passed",),
        ("workflow `between` was given up after the step's timeout of 2000 ms",),
    ]
    told = [type(each).__name__ for each in world.events]
    assert told.count("StepStarted") == told.count("StepFinished") == 4


def test_failure_actions_handle_a_workflow_that_was_given_up() -> None:
    handled = _call("slow", timeout=1500, onFailure=[{"name": "on", "type": "goto", "stepId": "a"}])
    world = ScriptedWorld(takes=1.0)
    assert run_scripted(document(workflow(handled, step("a")), _SLOW), world).succeeded
    assert world.calls == "bca"


def test_a_wait_that_would_pass_the_timeout_is_not_waited_out() -> None:
    waits = workflow(step("b", onFailure=[{**_AGAIN, "retryAfter": 60}]), name="waits")
    world = ScriptedWorld({"b": [DOWN]})
    report = run_scripted(document(workflow(_call("waits", timeout=5000)), waits), world)
    assert (report.status, world.calls, world.waited) == (RunStatus.FAILED, "b", [])


@pytest.mark.parametrize(("outer", "inner", "calls"), [(10_000, 1500, "bce"), (1500, 10_000, "bc")])
def test_the_earlier_timeout_of_nested_steps_is_the_one_that_fails(outer: int, inner: int, calls: str) -> None:
    recovers = [{"name": "on", "type": "goto", "stepId": "e"}]
    middle = workflow(_call("slow", timeout=inner, onFailure=recovers), step("e"), name="middle")
    world = ScriptedWorld(takes=1.0)
    report = run_scripted(document(workflow(_call("middle", timeout=outer)), middle, _SLOW), world)
    assert (world.calls, report.succeeded) == (calls, outer > inner)


def test_a_workflow_that_was_given_up_does_not_run_again_as_a_dependency() -> None:
    needs = workflow(step("e"), name="needs", dependsOn=["slow"])
    goes_on = _call("slow", timeout=1500, onFailure=[{"name": "on", "type": "goto", "stepId": "call-needs"}])
    world = ScriptedWorld(takes=1.0)
    report = run_scripted(document(workflow(goes_on, _call("needs")), needs, _SLOW), world)
    assert (report.status, world.calls) == (RunStatus.IN_DOUBT, "bc")


def test_the_timeout_of_a_step_is_that_of_each_of_its_requests() -> None:
    world = ScriptedWorld(takes=1.0)
    gets = {"stepId": "get", "operationId": "getThing", "parameters": [{"name": "id", "in": "path", "value": 1}]}
    report = run_scripted(document(workflow({**gets, "timeout": 500, "onFailure": [_AGAIN]})), world)
    assert (report.status, len(report.steps)) == (RunStatus.FAILED, 2)
    assert [effect.timeout for effect in world.sent] == [0.5, 0.5]


@pytest.mark.parametrize("timeout", [10**20, 10**400])
def test_a_timeout_that_no_clock_counts_is_a_year(timeout: int) -> None:
    world = ScriptedWorld()
    called = workflow(step("b"), name="called")
    calling = {"stepId": "call", "workflowId": "called", "timeout": timeout}
    again = {"name": "again", "type": "retry", "retryAfter": timeout, "criteria": [{"condition": "$statusCode == 1"}]}
    text = document(workflow({**step("a"), "timeout": timeout, "onFailure": [again]}, calling), called)
    assert run_scripted(text, world).succeeded
    assert [effect.timeout for effect in world.sent] == [31_536_000.0, 31_536_000.0]


@pytest.mark.parametrize("header", [None, "9" * 400, "Mon, 1 Jan 2020 00:00:00 +99999999999999", "Mon, 99 Jan 2020"])
def test_a_wait_that_no_clock_counts_is_not_waited_out(header: str | None) -> None:
    again = {"name": "again", "type": "retry", "retryAfter": 10**400}
    headers = {} if header is None else {"Retry_After": header}
    world = ScriptedWorld({"a": [answer(503, **headers)]})
    report = run_scripted(document(workflow({**step("a"), "onFailure": [again]})), world)
    assert report.status is RunStatus.FAILED
    assert world.calls == "a"


# --- a step that calls a workflow names its outputs as its own: that workflow has ended when the step is judged ---


def _calling(**rest: Any) -> str:
    return document(workflow(_call("ends", **rest), outputs={"n": "$steps.call-ends.outputs.mine"}), _ENDS)


_OWN: Final = "$steps.call-ends.outputs.n"


@pytest.mark.parametrize(("expected", "status"), [(7, RunStatus.SUCCEEDED), (8, RunStatus.FAILED)])
def test_a_calling_step_is_judged_with_the_outputs_of_the_workflow_as_its_own(expected: int, status: RunStatus) -> None:
    text = _calling(successCriteria=[{"condition": f"{_OWN} == {expected}"}], outputs={"mine": _OWN})
    report = run_scripted(text, ScriptedWorld({"e": [answer(200, {"n": 7})]}))
    assert report.status is status
    assert report.outputs == ({"n": 7} if status is RunStatus.SUCCEEDED else {})


def test_an_action_of_a_calling_step_sees_the_outputs_that_the_step_took() -> None:
    ends = {"name": "stop", "type": "end", "criteria": [{"condition": "$steps.call-ends.outputs.mine == 7"}]}
    text = document(
        workflow(_call("ends", outputs={"mine": _OWN}, onSuccess=[ends]), step("a")),
        _ENDS,
    )
    world = ScriptedWorld({"e": [answer(200, {"n": 7})]})
    assert run_scripted(text, world).succeeded
    assert world.calls == "e"
