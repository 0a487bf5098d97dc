"""Which step follows which: success and failure actions, retries and their budgets, workflows that call each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scripted import DOWN, ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import Answer, NoResponse
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.machine.effects import Send

_FAILED = {"condition": "$statusCode >= 400"}


def _goto(target: str, **rest: Any) -> dict[str, Any]:
    return {"name": f"to-{target}", "type": "goto", "stepId": target, **rest}


def _retry(limit: int | None = None, **rest: Any) -> dict[str, Any]:
    limited = {} if limit is None else {"retryLimit": limit}
    return {"name": "again", "type": "retry", "retryAfter": 0, **limited, **rest}


_END = {"name": "stop", "type": "end"}


@pytest.mark.parametrize(
    ("steps", "answers", "calls", "status"),
    [
        # the next step follows a success, and a failure ends the workflow
        ([step("a"), step("b")], {}, "ab", "succeeded"),
        ([step("a"), step("b")], {"a": [answer(400)]}, "a", "failed"),
        ([step("a"), step("b")], {"a": [answer(302)]}, "ab", "succeeded"),
        ([step("a"), step("b")], {"a": [DOWN]}, "a", "failed"),
        # the step's own criteria decide
        ([step("a", successCriteria=[{"condition": "$statusCode == 404"}])], {"a": [answer(404)]}, "a", "succeeded"),
        ([step("a", successCriteria=[{"condition": "true"}, {"condition": "false"}])], {}, "a", "failed"),
        # success actions: the first whose criteria hold
        ([step("a", onSuccess=[_goto("c")]), step("b"), step("c")], {}, "ac", "succeeded"),
        ([step("a", onSuccess=[_END]), step("b")], {}, "a", "succeeded"),
        (
            [step("a", onSuccess=[_goto("c", criteria=[_FAILED]), _END]), step("b"), step("c")],
            {},
            "a",
            "succeeded",
        ),
        ([step("a", onSuccess=[_goto("c", criteria=[_FAILED])]), step("b"), step("c")], {}, "abc", "succeeded"),
        # failure actions
        ([step("a", onFailure=[_goto("c")]), step("b"), step("c")], {"a": [answer(500)]}, "ac", "succeeded"),
        ([step("a", onFailure=[_END]), step("b")], {"a": [answer(500)]}, "a", "failed"),
        ([step("a", onFailure=[_goto("c")]), step("b"), step("c")], {"a": [DOWN]}, "ac", "succeeded"),
        # retries: once when nothing is said, then as often as the limit says, each visit with a new budget
        ([step("a", onFailure=[_retry()])], {"a": [answer(500)]}, "aa", "failed"),
        ([step("a", onFailure=[_retry(0)])], {"a": [answer(500)]}, "a", "failed"),
        ([step("a", onFailure=[_retry(3)])], {"a": [answer(500)]}, "aaaa", "failed"),
        ([step("a", onFailure=[_retry(3)])], {"a": [answer(500), answer(500), answer()]}, "aaa", "succeeded"),
        # "The `retryLimit` MUST be exhausted prior to executing subsequent failure actions."
        (
            [step("a", onFailure=[_retry(1), _goto("c")]), step("b"), step("c")],
            {"a": [answer(500)]},
            "aac",
            "succeeded",
        ),
        (
            [step("a", onFailure=[_retry(1, name="one"), _retry(2, name="two")])],
            {"a": [answer(500)]},
            "aaaa",
            "failed",
        ),
        # a retry with a step runs that step first
        (
            [step("a", onFailure=[_retry(2, stepId="b")]), step("b")],
            {"a": [answer(401), answer()]},
            "abab",
            "succeeded",
        ),
        (
            [step("a", onFailure=[_retry(2, stepId="b"), _goto("c")]), step("b"), step("c")],
            {"a": [answer(401)], "b": [answer(500)]},
            "abc",
            "succeeded",
        ),
        # a loop that comes back to a step gives it a new budget
        (
            [
                step("a", onFailure=[_retry(1), _goto("b")]),
                step("b", onSuccess=[_goto("a", criteria=[{"condition": "$response.body#/more"}]), _END]),
            ],
            {"a": [answer(500)], "b": [answer(200, {"more": True}), answer(200, {"more": False})]},
            "aabaab",
            "succeeded",
        ),
    ],
)
def test_steps_follow_each_other(steps: list[Any], answers: dict[str, Any], calls: str, status: str) -> None:
    world = ScriptedWorld(answers={name: list(script) for name, script in answers.items()})
    report = run_scripted(document(workflow(*steps)), world)
    assert world.calls == calls
    assert report.status.value == status


def test_the_actions_of_the_workflow_hold_for_every_step_and_a_step_replaces_one_by_its_name() -> None:
    own = step("a", onFailure=[{"name": "again", "type": "goto", "stepId": "b"}])
    text = document(workflow(own, step("b"), step("c"), failureActions=[_retry(1)]))
    world = ScriptedWorld(answers={"a": [answer(500)], "b": [answer(500), answer()]})
    assert run_scripted(text, world).succeeded
    assert world.calls == "abbc"


def test_the_actions_of_a_step_are_tried_before_those_of_the_workflow() -> None:
    own = step("a", onFailure=[_goto("b", criteria=[{"condition": "$statusCode == 500"}])])
    text = document(workflow(own, step("b"), step("c"), failureActions=[_goto("c")]))
    world = ScriptedWorld(answers={"a": [answer(500)]})
    run_scripted(text, world)
    assert world.calls == "abc"
    world = ScriptedWorld(answers={"a": [answer(400)]})
    run_scripted(text, world)
    assert world.calls == "ac"


@pytest.mark.parametrize(
    ("action", "headers", "waited"),
    [
        ({"retryAfter": 2.5}, {}, [2.5]),
        ({"retryAfter": 2.5}, {"Retry_After": "7"}, [7.0]),
        ({}, {"Retry_After": "Mon, 12 Jan 1970 13:46:45 GMT"}, [5.0]),
        ({}, {"Retry_After": "Mon, 12 Jan 1970 13:46:35 GMT"}, []),
        ({"retryAfter": 1}, {"Retry_After": "soon"}, [1.0]),
        ({}, {}, []),
    ],
)
def test_a_retry_waits_as_the_server_or_the_action_says(
    action: dict[str, Any], headers: dict[str, str], waited: list[float]
) -> None:
    retry = {"name": "again", "type": "retry", **action}
    world = ScriptedWorld(answers={"a": [answer(503, **headers), answer()]})
    assert run_scripted(document(workflow(step("a", onFailure=[retry]))), world).succeeded
    assert world.waited == waited


def test_a_wait_above_the_ceiling_is_not_waited_out() -> None:
    retry = {"name": "again", "type": "retry", "retryAfter": 301}
    world = ScriptedWorld(answers={"a": [answer(503)]})
    report = run_scripted(document(workflow(step("a", onFailure=[retry]))), world)
    assert (report.status, world.waited, world.calls) == (RunStatus.FAILED, [], "a")
    assert report.steps[0].notes == (
        "retry `again` was not made: it would wait 301 s, and the longest wait is 300 s: raise it with `--max-wait`",
    )


def test_a_failed_step_has_no_outputs_and_a_step_visited_again_replaces_them() -> None:
    first = step(
        "a",
        outputs={"n": "$response.body#/n"},
        onSuccess=[_goto("a", criteria=[{"condition": "$response.body#/again"}])],
        onFailure=[_goto("b")],
    )
    answers: dict[str, list[Response | NoResponse]] = {
        "a": [answer(200, {"n": 1, "again": True}), answer(500, {"n": 2})]
    }
    world = ScriptedWorld(answers=answers)
    report = run_scripted(document(workflow(first, step("b"), outputs={"n": "$steps.a.outputs.n"})), world)
    assert report.succeeded
    assert report.outputs == {}
    assert [step.outputs for step in report.steps] == [{"n": 1}, {}, {}]


def _called(**rest: Any) -> dict[str, Any]:
    return workflow(
        step("b", requestBody={"payload": {"x": "$inputs.x"}}, outputs={"y": "$response.body#/y"}),
        name="called",
        inputs={"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}, "z": {"default": 1}}},
        outputs={"y": "$steps.b.outputs.y"},
        **rest,
    )


def test_a_step_that_calls_a_workflow_gives_it_its_parameters_and_gets_its_outputs() -> None:
    calling = {
        "stepId": "call",
        "workflowId": "called",
        "parameters": [{"name": "x", "value": "$inputs.n"}],
        "outputs": {"twice": "$outputs.y"},
        "successCriteria": [{"condition": "$outputs.y == 5"}],
    }
    outputs = {
        "own": "$steps.call.outputs.twice",
        "theirs": "$steps.call.outputs.y",
        "named": "$workflows.called.outputs.y",
        "given": "$workflows.called.inputs.x",
    }
    main = workflow(calling, inputs={"properties": {"n": {}}}, outputs=outputs)
    world = ScriptedWorld(answers={"b": [answer(200, {"y": 5})]})
    report = run_scripted(document(main, _called()), world, {"n": 3})
    assert report.outputs == {"own": 5, "theirs": 5, "named": 5, "given": 3}
    assert world.sent[0].request.payload == {"x": 3}
    assert [(each.step_id, each.depth) for each in report.steps] == [("b", 1), ("call", 0)]


def test_a_step_fails_when_the_workflow_it_calls_fails() -> None:
    calling = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "x", "value": 1}]}
    world = ScriptedWorld(answers={"b": [answer(500)]})
    report = run_scripted(document(workflow(calling, step("a")), _called()), world)
    assert (report.status, world.calls) == (RunStatus.FAILED, "b")
    assert report.steps[-1].status is StepStatus.FAILED


def test_goto_a_workflow_is_one_way_and_passes_inputs_of_the_same_name() -> None:
    going = {"name": "go", "type": "goto", "workflowId": "called", "parameters": [{"name": "z", "value": 9}]}
    main = workflow(
        step("a", onSuccess=[going]),
        step("c"),
        inputs={"properties": {"x": {"type": "integer"}}},
        outputs={"n": "$inputs.x"},
    )
    world = ScriptedWorld(answers={"b": [answer(200, {"y": 6})]})
    report = run_scripted(document(main, _called()), world, {"x": 4})
    assert (report.outputs, world.calls) == ({"y": 6}, "ab")
    assert world.sent[1].request.payload == {"x": 4}


def test_workflows_that_go_to_each_other_a_thousand_times_end_at_the_step_limit() -> None:
    going = {"name": "go", "type": "goto", "workflowId": "other"}
    back = {"name": "back", "type": "goto", "workflowId": "main"}
    text = document(workflow(step("a", onSuccess=[going])), workflow(step("b", onSuccess=[back]), name="other"))
    report = run_scripted(text, ScriptedWorld())
    assert report.status is RunStatus.STOPPED
    assert [each.code for each in report.diagnostics] == ["step-limit"]
    assert len(report.steps) == 1000


def test_a_workflow_that_calls_itself_ends_at_the_nesting_limit() -> None:
    stop = {"name": "enough", "type": "end"}
    text = document(workflow(step("a"), {"stepId": "self", "workflowId": "main", "onFailure": [stop]}))
    report = run_scripted(text, ScriptedWorld(), limits=Limits(nesting=3))
    assert [each.code for each in report.diagnostics] == ["nesting-limit"]
    assert "".join(each.step_id[0] for each in report.steps) == "aaaassss"


def test_a_dependency_runs_once_before_and_its_failure_fails_the_workflow() -> None:
    main = workflow(
        {"stepId": "call", "workflowId": "called"},
        step("a", requestBody={"payload": "$workflows.login.outputs.token"}),
        dependsOn=["login"],
    )
    login = workflow(
        step("c", outputs={"token": "$response.body#/token"}), name="login", outputs={"token": "$steps.c.outputs.token"}
    )
    called = workflow(step("b"), name="called", dependsOn=["login"])
    world = ScriptedWorld(answers={"c": [answer(200, {"token": "t"})]})
    report = run_scripted(document(main, login, called), world)
    assert report.succeeded
    assert world.calls == "cba"
    assert world.sent[-1].request.payload == "t"
    world = ScriptedWorld(answers={"c": [answer(500)]})
    assert run_scripted(document(main, login, called), world).status is RunStatus.FAILED
    assert world.calls == "c"


def test_end_on_failure_gives_the_outputs_that_there_are() -> None:
    first = step("a", outputs={"n": "$response.body#/n"})
    main = workflow(first, step("b", onFailure=[_END]), outputs={"n": "$steps.a.outputs.n"})
    world = ScriptedWorld(answers={"a": [answer(200, {"n": 1})], "b": [answer(500)]})
    report = run_scripted(document(main), world)
    assert (report.status, report.outputs) == (RunStatus.FAILED, {"n": 1})


def test_no_status_code_is_there_after_a_network_failure_and_actions_can_tell() -> None:
    no_status = _goto("b", criteria=[{"condition": "$statusCode == null"}])
    text = document(workflow(step("a", onFailure=[no_status]), step("b")))
    world = ScriptedWorld(answers={"a": [DOWN]})
    assert run_scripted(text, world).succeeded
    assert world.calls == "ab"


def test_a_request_that_cannot_be_built_is_a_failed_step_that_actions_can_handle() -> None:
    needs = step("b", requestBody={"payload": "$steps.a.outputs.n"}, onFailure=[_goto("c")])
    text = document(workflow(step("a", outputs={"n": "$response.body#/n"}), needs, step("c")))
    world = ScriptedWorld(answers={"a": [answer(200, {})]})
    report = run_scripted(text, world)
    assert report.succeeded
    assert world.calls == "ac"
    assert [each.code for each in report.steps[1].diagnostics] == ["value-missing"]


@pytest.mark.parametrize(
    ("status", "criteria", "expected"),
    [
        (307, [], ("307 asks for the same POST at another URL, which was not sent: name that server",)),
        (308, [], ("308 asks for the same POST at another URL, which was not sent: name that server",)),
        (303, [], ()),
        (307, [{"condition": "$statusCode == 307"}], ()),
    ],
)
def test_a_redirect_that_has_done_nothing_is_told(
    status: int, criteria: list[dict[str, str]], expected: tuple[str, ...]
) -> None:
    world = ScriptedWorld({"a": [answer(status)]})
    given = {"successCriteria": criteria} if criteria else {}
    report = run_scripted(document(workflow(step("a", **given))), world)
    assert report.steps[0].notes == expected


class _SlowToBegin(ScriptedWorld):
    """A world that needs a minute of its own before it sends the first request."""

    def send(self, effect: Send) -> Answer:
        if not self.sent:
            self.now += 60
        return super().send(effect)


def test_the_time_of_a_step_counts_from_its_request() -> None:
    world = _SlowToBegin(takes=2.0)
    report = run_scripted(document(workflow(step("a"), step("b"))), world)
    assert [each.elapsed for each in report.steps] == [2.0, 2.0]


_LACKING = [{"name": "q", "in": "query", "value": "$steps.a.outputs.n"}]


def test_what_could_not_be_sent_is_tried_again_only_after_something_else_has_run() -> None:
    """No wait brings what is missing; a step that runs first may."""
    world = ScriptedWorld({"a": [answer(500)]})
    first = step("a", outputs={"n": "$response.body#/n"}, onFailure=[_goto("b")])
    second = step("b", parameters=_LACKING, onFailure=[_retry(5, retryAfter=9), _goto("c")])
    report = run_scripted(document(workflow(first, second, step("c"))), world)
    assert (world.calls, world.waited) == ("ac", [])
    (lacking,) = [each for each in report.steps if each.step_id == "b"]
    assert lacking.notes == ("retry `again` cannot help: what the request lacks would lack again",)


def test_a_retry_that_runs_first_what_gives_the_value_is_made() -> None:
    world = ScriptedWorld({"a": [answer(200, {}), answer(200, {"n": 1})]})
    first = step("a", outputs={"n": "$response.body#/n"})
    second = step("b", parameters=_LACKING, onFailure=[_retry(5, stepId="a")])
    assert run_scripted(document(workflow(first, second)), world).succeeded
    assert world.calls == "aab"
