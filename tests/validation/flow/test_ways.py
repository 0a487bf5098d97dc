"""Steps that no way leads to, and loops that nothing leads out of."""

from __future__ import annotations

from typing import Any

import pytest
from flowing import end, found, found_in, gives, goto, reads, retry, told
from scripted import step, workflow


def _to_workflow(name: str, **rest: Any) -> dict[str, Any]:
    return {"name": f"to-{name}", "type": "goto", "workflowId": name, **rest}


def test_a_step_that_no_way_leads_to() -> None:
    problems = found_in(step("a", onSuccess=[end(name="done")]), step("b"))
    assert told(problems) == [
        "warning[step-unreachable]: no way leads to step `b`",
        "  step `a`, before it, always goes on by action `done`",
    ]
    assert problems[0].fix == "give action `done` criteria, lead another one to `b`, or remove the step"


def test_criteria_that_hold_whenever_the_step_succeeds_lead_past_the_next_one() -> None:
    accepted = {"condition": "$statusCode == 200"}
    (problem,) = found_in(
        step("a", successCriteria=[accepted], onSuccess=[goto("c", accepted["condition"])]), step("b"), step("c")
    )
    assert problem.related[0].message == (
        "step `a`, before it, always goes on by action `jump`: "
        "whenever the step succeeds, the criteria of the action hold"
    )
    assert problem.fix == "lead an action in the `onFailure` of step `a` to `b`, or remove the step"


def test_several_actions_of_which_one_is_always_taken_lead_past_the_next_step() -> None:
    accepted = {"condition": "$statusCode == 200 || $statusCode == 201"}
    actions = [goto("c", "$statusCode == 200"), end("$statusCode == 201", name="done")]
    (problem,) = found_in(step("a", successCriteria=[accepted], onSuccess=actions), step("b"), step("c"))
    assert problem.related[0].message == (
        "step `a`, before it, always goes on by one of its actions, `done` the last of them"
    )
    assert problem.fix == "lead an action in the `onFailure` of step `a` to `b`, or remove the step"


def test_steps_that_stand_together_are_told_once() -> None:
    problems = found_in(step("a", onSuccess=[goto("d")]), step("b"), step("c"), step("d"))
    assert told(problems)[0] == "warning[step-unreachable]: no way leads to step `b`, nor to those after it up to `c`"
    assert len(problems) == 1


@pytest.mark.parametrize(
    "steps",
    [
        [step("a", onSuccess=[end()], onFailure=[goto("b")]), step("b")],
        [step("a", onSuccess=[end()], onFailure=[retry(stepId="b")]), step("b")],
        [step("a", onSuccess=[end("$statusCode == 202")]), step("b")],
        [step("a", onSuccess=[goto("c")]), step("b"), step("c", onSuccess=[goto("b", "$statusCode == 202")])],
    ],
)
def test_a_step_that_some_way_leads_to_is_let_be(steps: list[Any]) -> None:
    assert told(found_in(*steps)) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"type": "goto"}, "exclusive-fields"),
        ({"type": "contine"}, "field-value"),
        ({"type": "retry"}, "field-value"),
        ({"type": 3}, "field-type"),
        ({"type": "end", "criteria": [3]}, "field-type"),
        ({"type": "end", "criteria": 3}, "field-type"),
    ],
)
def test_nothing_follows_from_an_action_that_cannot_be_read(written: dict[str, Any], code: str) -> None:
    unread = {"name": "unread", **written}
    steps = (step("a", onSuccess=[unread, goto("c")]), step("b"), step("c", outputs={"n": "$response.body#/n"}))
    problems = found(workflow(*steps, outputs={"n": "$steps.c.outputs.n"}))
    assert [each.code for each in problems] == [code]


@pytest.mark.parametrize(
    ("actions", "fix"),
    [
        ("onSuccess", "remove the action: when none is taken, the next step follows; or write `type: goto` with"),
        ("onFailure", "write `type: goto` with the id of the step that follows"),
    ],
)
def test_an_action_that_is_to_go_on_is_told_how_the_run_goes_on(actions: str, fix: str) -> None:
    (problem,) = found_in(step("a", **{actions: [{"name": "on", "type": "continue"}]}), step("b"))
    assert problem.message == "`type` is `continue`, which no action can be"
    assert problem.fix.startswith(fix)


_IN_CRITERIA = "remove the action, and write the opposite of its `criteria` in `successCriteria`"


@pytest.mark.parametrize(
    ("actions", "fields", "fix"),
    [
        ("onSuccess", {"stepId": "a"}, "add `type: goto`"),
        ("onFailure", {"workflowId": "main"}, "add `type: goto`"),
        ("onFailure", {"retryLimit": 3}, "add `type: retry`"),
        ("onFailure", {"stepId": "a", "retryAfter": 3}, "add `type: retry`"),
        ("onFailure", {}, "add `type: end`, or `type: goto` with the `stepId` of where it leads"),
    ],
)
def test_the_type_that_an_action_lacks_follows_from_its_fields(actions: str, fields: dict[str, Any], fix: str) -> None:
    problems = found_in(step("a", **{actions: [{"name": "on", **fields}]}))
    assert [each.fix for each in problems if each.code == "field-missing"] == [fix]


@pytest.mark.parametrize("field", ["retryAfter", "delay", "maxRetries"])
def test_a_success_that_is_to_be_tried_again_is_told_once(field: str) -> None:
    on = {"name": "on", "type": "goto", "stepId": "a", "criteria": [{"condition": "$response.body#/n == 1"}]}
    (problem,) = (each for each in found_in(step("a", onSuccess=[{**on, field: 2}])) if each.severity.value == "error")
    assert (problem.code, problem.fix.partition(":")[0]) == ("field-unknown", "a success is not tried again")


@pytest.mark.parametrize("name", ["inputs.n", "$inputs.n"])
def test_an_input_that_is_given_by_an_expression_is_told_by_its_name(name: str) -> None:
    called = workflow(step("b"), name="called", inputs={"type": "object", "properties": {"n": {}}})
    call = {"stepId": "a", "workflowId": "called", "parameters": [{"name": name, "value": 1}]}
    fixes = [each.fix for each in found(workflow(call), called) if each.code == "input-unknown"]
    assert fixes == ["write `n`"]


@pytest.mark.parametrize(("steps", "of", "named"), [("a", "`a`", "a"), ("ab", "the step that it is of", "<stepId>")])
def test_an_answer_as_an_output_of_a_workflow_is_told_as_one_of_a_step(steps: str, of: str, named: str) -> None:
    (problem,) = found(workflow(*map(step, steps), outputs={"n": "$response.body#/id"}))
    assert problem.fix == f"add `n: $response.body#/id` to the `outputs` of {of}, and write `$steps.{named}.outputs.n`"


def test_a_workflow_that_is_named_as_an_operation_is_told_as_one() -> None:
    problems = found(workflow(step("a"), {"stepId": "s", "operationId": "called"}), workflow(step("b"), name="called"))
    assert [(each.code, each.fix) for each in problems] == [
        ("operation-not-found", "`called` is a workflow: write `workflowId: called`")
    ]


def test_a_workflow_that_is_named_like_its_operation_does_not_call_itself() -> None:
    (problem,) = found(workflow({"stepId": "s", "operationId": "called"}, name="called"))
    assert problem.fix == "add the operation to the API description, or name one that it has"


def test_what_is_no_workflow_moves_no_other() -> None:
    none: Any = "none"
    problems = found(none, workflow({"stepId": "s", "operationId": "gone"}, dependsOn=["nowhere"]))
    assert {each.code for each in problems} == {"field-type", "unknown-workflow", "operation-not-found"}


def test_outputs_of_a_workflow_in_a_list_are_told_as_those_of_steps() -> None:
    (problem,) = found(workflow(step("a"), outputs=["id"]))
    assert problem.fix == "write a mapping: `id: $steps.<stepId>.outputs.<name>`"


@pytest.mark.parametrize(
    ("actions", "type_", "fix"),
    [
        ("onFailure", "fail", "write `type: end`: the workflow has failed then"),
        ("onFailure", "Abort", "write `type: end`: the workflow has failed then"),
        ("onFailure", "stop", "write `type: end`: the workflow has failed then"),
        ("onSuccess", "succeed", "write `type: end`: the workflow has succeeded then"),
        ("onSuccess", "exit", "write `type: end`: the workflow has succeeded then"),
        # what an end does not change
        ("onSuccess", "fail", f"{_IN_CRITERIA}: a step fails there"),
        ("onFailure", "succeed", "remove the action, and write what is a success in `successCriteria`"),
        ("onFailure", "wait", "use one of `end`, `goto`, `retry`"),
    ],
)
def test_an_action_that_is_to_end_is_told_how_the_run_ends(actions: str, type_: str, fix: str) -> None:
    (problem,) = found_in(step("a", **{actions: [{"name": "on", "type": type_}]}))
    assert problem.code == "field-value"
    assert problem.fix.startswith(fix)


def test_an_action_that_says_where_in_another_word_is_told_once() -> None:
    on = {"name": "on", "type": "goto", "next": "a"}
    (problem,) = found_in(step("a"), step("b", onSuccess=[on]))
    assert (problem.code, problem.fix) == ("field-unknown", "write it as `stepId: a`")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            [step("a", onSuccess=[goto("a", name="more")])],
            "warning[endless-loop]: only a failure leads out of the loop `a` → onSuccess `more` → `a`",
        ),
        (
            [step("a", onSuccess=[goto("a", name="more")], onFailure=[goto("a", name="anyway")])],
            "error[endless-loop]: nothing leads out of the loop `a` → onFailure `anyway` → `a`",
        ),
        (
            [step("a"), step("b", onSuccess=[goto("a", name="more")])],
            "warning[endless-loop]: only a failure leads out of the loop `a` → `b` → onSuccess `more` → `a`",
        ),
        (
            [step("a"), step("b"), step("c", onSuccess=[goto("a", name="more")])],
            "warning[endless-loop]: only a failure leads out of the loop `a` → … → `c` → onSuccess `more` → `a`",
        ),
        (
            [step("a", onSuccess=[_to_workflow("main")])],
            "warning[endless-loop]: only a failure leads out of the loop `a` → onSuccess `to-main` → workflow `main`",
        ),
        # the way out is an action that is never chosen
        (
            [step("a", onSuccess=[end("$statusCode == 404"), goto("a", name="more")])],
            "warning[endless-loop]: only a failure leads out of the loop `a` → onSuccess `more` → `a`",
        ),
    ],
)
def test_a_loop_that_nothing_leads_out_of(steps: list[Any], message: str) -> None:
    assert message in told(found_in(*steps))


@pytest.mark.parametrize(
    "steps",
    [
        [step("a", onSuccess=[goto("a", "$statusCode == 202")])],
        # pages, until there is none
        [step("a", onSuccess=[goto("a")], onFailure=[goto("b", "$statusCode == 404")]), step("b")],
        [step("a", onSuccess=[goto("a")], onFailure=[end()])],
        [step("a", onFailure=[retry(retryLimit=1000)])],
        [step("a", onSuccess=[_to_workflow("main", criteria=[{"condition": "$response.body#/next"}])])],
        [step("a", onSuccess=[_to_workflow("other")])],
    ],
)
def test_a_loop_with_a_way_out_is_let_be(steps: list[Any]) -> None:
    assert told(found(workflow(*steps), workflow(step("h"), name="other"))) == []


def test_workflows_that_lead_to_each_other() -> None:
    problems = found(
        workflow(step("a", onSuccess=[_to_workflow("other")])),
        workflow(step("h", onSuccess=[_to_workflow("main")]), name="other"),
    )
    assert told(problems) == [
        "warning[endless-loop]: only a failure leads out of the loop `h` → onSuccess `to-main` → workflow `main`"
    ]


def test_the_outputs_of_a_workflow_that_never_ends_are_not_told_besides() -> None:
    endless = step("a", outputs={"n": "$response.body#/n"}, onSuccess=[goto("a", name="more")])
    assert [each.code for each in found_in(endless, outputs={"n": "$steps.a.outputs.n"})] == ["endless-loop"]


@pytest.mark.parametrize(("named", "fix"), [("mian", "did you mean `mine`?"), ("mainWorkflo", "use `mine`")])
def test_a_workflow_is_not_told_to_depend_on_itself(named: str, fix: str) -> None:
    problems = found(workflow(step("a"), name="mainWorkflow", dependsOn=[named]), workflow(step("b"), name="mine"))
    assert [(each.code, each.fix) for each in problems] == [("unknown-workflow", fix)]


@pytest.mark.parametrize("named", ["$steps.a", "$steps.a.outputs.n", "$inputs.n"])
def test_a_value_of_a_run_is_no_workflow_to_depend_on(named: str) -> None:
    problems = found(workflow(step("a"), dependsOn=[named]))
    fix = "use a workflowId, or `$sourceDescriptions.<name>.<workflowId>`"
    assert [(each.code, each.fix) for each in problems] == [("unknown-workflow", fix)]


def test_the_only_workflow_is_told_to_depend_on_nothing() -> None:
    problems = found(workflow(step("a"), dependsOn=["other"]))
    assert [(each.code, each.fix) for each in problems] == [("unknown-workflow", "remove it")]


def test_a_step_that_runs_before_one_that_is_written_before_it_is_told() -> None:
    found = found_in(step("a", dependsOn=["b"]), gives("b"), reads("c", "d"), gives("d"))
    told = [(each.message, each.fix) for each in found if each.code == "step-before-its-place"]
    assert told == [
        (
            "step `b` runs before step `a`, which depends on it and is written before it",
            "write step `b` before step `a`",
        ),
        (
            "step `d` runs before step `c`, which depends on it and is written before it",
            "write step `d` before step `c`",
        ),
    ]
    assert {each.severity.value for each in found if each.code == "step-before-its-place"} == {"warning"}


def test_steps_that_are_written_as_they_run_are_not_told_of() -> None:
    for steps in ((gives("b"), step("a", dependsOn=["b"])), (step("a", dependsOn=["b"]), step("b", dependsOn=["a"]))):
        assert "step-before-its-place" not in {each.code for each in found_in(*steps)}


def test_a_workflow_that_is_named_as_a_step_is_told_to_be_one() -> None:
    leads = step("a", onSuccess=[goto("other", name="on")])
    problems = found(workflow(leads), workflow(step("b"), name="other"))
    (unknown,) = [each for each in problems if each.code == "unknown-step"]
    assert unknown.fix == "`other` is a workflow: write `workflowId: other`"


def test_a_step_of_another_workflow_is_told_to_be_one() -> None:
    leads = step("a", onSuccess=[goto("b", name="on")], dependsOn=["c"])
    problems = found(workflow(leads), workflow(step("b"), step("c"), name="other"))
    assert [each.fix for each in problems if each.code == "unknown-step"] == [
        "it is a step of workflow `other`: write `$workflows.other.steps.c`",
        "`b` is a step of workflow `other`, which an action leads to as a whole: `workflowId: other`",
    ]
