"""A step that names an output of its own: refused where there is none yet, allowed where an earlier visit gave it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import validated

_OWN: Final = {"condition": "$steps.tried.outputs.id == 1"}
_TAKEN: Final = {"outputs": {"id": "$response.body#/id"}}
_AGAIN: Final = {"name": "again", "type": "retry"}
_BACK: Final = {"name": "back", "type": "goto", "stepId": "find"}


def _told(step: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.message, each.fix) for each in validated(step) if each.code != "request-repeated"]


@pytest.mark.parametrize("actions", [{}, {"onFailure": [_AGAIN]}])
def test_a_step_that_is_never_left_and_come_back_to_is_judged_by_what_its_output_reads(actions: dict[str, Any]) -> None:
    ((message, fix),) = _told({**_TAKEN, **actions, "successCriteria": [_OWN]})
    assert message.startswith("`$steps.tried.outputs.id == 1` is read as `$response.body#/id == 1`: ")
    assert fix == "write `condition: $response.body#/id == 1`"


def test_a_step_is_judged_before_its_outputs() -> None:
    # a step that failed has no outputs, so that no way back after a failure gives it any
    ((message, fix),) = _told({**_TAKEN, "onFailure": [_BACK], "successCriteria": [_OWN]})
    assert message.startswith("`$steps.tried.outputs.id` has no value after the answer has come: ")
    assert message.endswith(": a step is judged before its outputs are taken")
    assert fix == "write `$response.body#/id`, as output `id` does"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$steps.tried.outputs.id", "$response.body#/id"),
        ("$outputs.id", "$response.body#/id"),
        ("$outputs.id[0]", "$response.body#/id/0"),
        ("$outputs.id#/0/a", "$response.body#/id/0/a"),
    ],
)
def test_an_output_that_names_another_of_its_step_is_read_as_what_that_one_reads(text: str, meant: str) -> None:
    ((message, fix),) = _told({"outputs": {**_TAKEN["outputs"], "copy": text}})
    assert message.startswith(f"`{text}` is read as `{meant}`: ")
    assert fix == f"write `{meant}`"


@pytest.mark.parametrize(("name", "fix"), [("own", ""), ("other", "use what the answer has: `$response.body#/…`")])
def test_no_fix_is_given_that_leads_back_to_the_same_name(name: str, fix: str) -> None:
    ((_, told),) = _told({"outputs": {"own": f"$steps.tried.outputs.{name}"}})
    assert told == fix


def test_a_request_that_needs_an_output_of_its_own_step_is_refused() -> None:
    parameter = {"name": "id", "in": "query", "value": "$steps.tried.outputs.id"}
    assert _told({**_TAKEN, "parameters": [parameter]}) == [
        (
            "`$steps.tried.outputs.id` has no value before the request is sent: the step itself has not run",
            "use an output of an earlier step",
        )
    ]


_WHEN_ACCEPTED: Final = {**_BACK, "criteria": [{"condition": "$statusCode == 202"}]}


@pytest.mark.parametrize(
    "criterion",
    [_OWN, {"context": "$steps.tried.outputs.id", "type": "regex", "condition": "^1$"}],
    ids=["condition", "context"],
)
def test_a_step_that_asks_for_its_own_output_never_gives_it_for_a_later_visit(criterion: dict[str, Any]) -> None:
    ((message, fix),) = _told({**_TAKEN, "successCriteria": [criterion], "onSuccess": [_WHEN_ACCEPTED]})
    assert message == (
        "`$steps.tried.outputs.id` has no value when step `tried` is judged first: its outputs are taken afterwards"
    )
    assert fix == "write `$response.body#/id`, as output `id` does"


def test_an_earlier_visit_that_succeeded_gave_it() -> None:
    either = {"condition": f"$statusCode == 202 || {_OWN['condition']}"}
    assert _told({**_TAKEN, "successCriteria": [either], "onSuccess": [_WHEN_ACCEPTED]}) == []


def test_the_actions_of_a_step_see_its_outputs() -> None:
    ends = {"name": "stop", "type": "end", "criteria": [_OWN]}
    assert _told({**_TAKEN, "onSuccess": [ends]}) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("id", "$steps.find.outputs.id"),
        # no earlier step has it, and the step itself has none yet
        ("other", "$steps.<stepId>.outputs.<name>"),
        ("own", "$steps.<stepId>.outputs.<name>"),
    ],
)
def test_outputs_of_no_called_workflow_are_those_of_the_only_step_that_has_them(name: str, meant: str) -> None:
    step = {"requestBody": {"payload": {"a": f"$outputs.{name}"}}, "outputs": {"own": "$response.body#/id"}}
    assert [fix for message, fix in _told(step) if "only that step sees them" in message] == [f"use `{meant}`"]


def test_a_part_of_an_operation_is_no_value_and_is_written_itself() -> None:
    ((_, fix),) = _told({"outputs": {"summary": "$sourceDescriptions.shop.tried.summary"}})
    assert fix == "write the value itself, or use `$sourceDescriptions.shop.url`"


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        # of the steps that have such an output, the one that is like it; of none, the step that is like it
        ("$steps.fnd.outputs.id", "did you mean `find`?"),
        ("$steps.createOrder.outputs.id", "use `find`"),
        ("$steps.fimd.outputs.name", "did you mean `find`?"),
        ("$steps.createOrder.outputs.name", "add a step `createOrder` that has the output, or name one that there is"),
    ],
)
def test_a_step_that_does_not_exist_is_told_as_one_that_has_the_output(value: str, fix: str) -> None:
    (found,) = validated({"parameters": [{"name": "q", "in": "query", "value": value}]})
    assert (found.code, found.fix) == ("unknown-step", fix)


_LOGIN: dict[str, Any] = {
    "workflowId": "login",
    "steps": [{"stepId": "loginStep", "operationId": "signIn", "outputs": {"token": "$response.body#/token"}}],
}
_OF_LOGIN = "step `loginStep` of workflow `login`"
_ADD = "add `{}: $steps.loginStep.outputs.token` to the `outputs` of that workflow"
_LIST = "list `login` in the `dependsOn` of this workflow"


@pytest.mark.parametrize(
    ("value", "login", "fix"),
    [
        (
            "$steps.signIn.outputs.token",
            {},
            (
                f"{_OF_LOGIN} runs `signIn` and has the output: {_ADD.format('token')},"
                " and write `$workflows.login.outputs.token`"
            ),
        ),
        (
            "$steps.loginStep.outputs.token",
            {"outputs": {"bearer": "$steps.loginStep.outputs.token"}},
            f"{_OF_LOGIN} has the output: write `$workflows.login.outputs.bearer`",
        ),
        (
            "$steps.loginStep.outputs.token",
            {"outputs": {"token": "$inputs"}},
            (
                f"{_OF_LOGIN} has the output: {_ADD.format('login-token')},"
                " and write `$workflows.login.outputs.login-token`"
            ),
        ),
        (
            "$steps.login.outputs.token",
            {"outputs": {"token": "$steps.loginStep.outputs.token"}},
            "`login` is a workflow: write `$workflows.login.outputs.token`",
        ),
    ],
)
def test_a_step_of_a_workflow_that_ran_before_is_read_by_an_output_of_that_workflow(
    value: str, login: dict[str, Any], fix: str
) -> None:
    rest = {"first": {"operationId": "signIn"}, "before": {"stepId": "find", "operationId": "tried"}}
    step = {"parameters": [{"name": "q", "in": "query", "value": value}]}
    found = validated(step, workflow={"dependsOn": ["login"]}, others=[{**_LOGIN, **login}], **rest)
    assert [each.fix for each in found if each.code == "unknown-step"] == [fix]


@pytest.mark.parametrize(
    ("login", "fix"),
    [
        (
            {},
            (
                f"{_OF_LOGIN} runs `signIn` and has the output: {_LIST}, {_ADD.format('token')},"
                " and write `$workflows.login.outputs.token`"
            ),
        ),
        # it would wait for itself
        ({"dependsOn": ["w"]}, "add a step `signIn` that has the output, or name one that there is"),
    ],
)
def test_a_workflow_that_does_not_run_before_has_to_be_listed(login: dict[str, Any], fix: str) -> None:
    rest = {"first": {"operationId": "signIn"}, "before": {"stepId": "find", "operationId": "tried"}}
    step = {"parameters": [{"name": "q", "in": "query", "value": "$steps.signIn.outputs.token"}]}
    found = validated(step, others=[{**_LOGIN, **login}], **rest)
    assert [each.fix for each in found if each.code == "unknown-step"] == [fix]


@pytest.mark.parametrize("value", ["$sourceDescriptions.shop.tried", "$sourceDescriptions.shop.tried.summary"])
def test_an_operation_is_no_value(value: str) -> None:
    (found,) = validated({"parameters": [{"name": "q", "in": "query", "value": value}]})
    assert found.message == (
        f"`{value}` has no value: of source description `shop`, expressions give `name`, `url` and `type`"
    )
    assert found.fix == "write the value itself, or use `$sourceDescriptions.shop.url`"


@pytest.mark.parametrize("field", ["summary", "description", "workflowId", "steps", "dependsOn"])
def test_what_a_workflow_says_of_itself_is_no_value(field: str) -> None:
    (found,) = validated({"parameters": [{"name": "q", "in": "query", "value": f"$workflows.w.{field}"}]})
    assert found.fix == (
        "write the text itself: an expression names its inputs and `$workflows.w.outputs.<name>` alone"
    )


_ANSWER: Final = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
_PAGE: Final = {"outputs": {"page": "$response.body#/page", "items": "$response.body"}}


@pytest.mark.parametrize(
    ("field", "criterion", "meant"),
    [
        ("onSuccess", {"condition": "$outputs.page != null"}, "condition: $steps.tried.outputs.page != null"),
        ("onSuccess", {"condition": "$outputs.page.id != null"}, "condition: $steps.tried.outputs.page.id != null"),
        ("onSuccess", {"condition": "$outputs.items#/0 != null"}, "condition: $steps.tried.outputs.items#/0 != null"),
        (
            "onSuccess",
            {"context": "$outputs.items", "type": "jsonpath", "condition": "$.a"},
            "context: $steps.tried.outputs.items",
        ),
        (
            "onSuccess",
            {"context": "$response.body", "type": "jsonpath", "condition": "$.a[?@.b == '{$outputs.page}']"},
            "condition: $.a[?@.b == '{$steps.tried.outputs.page}']",
        ),
        # a step that failed has no outputs
        ("onFailure", {"condition": "$outputs.page != null"}, "condition: $response.body#/page != null"),
        ("onFailure", {"condition": "$outputs.page.id != null"}, "condition: $response.body#/page/id != null"),
        ("onFailure", {"condition": "$outputs.items.id != null"}, "condition: $response.body.id != null"),
        (
            "onFailure",
            {"context": "$outputs.items", "type": "jsonpath", "condition": "$.a"},
            "context: $response.body",
        ),
        # however its workflow goes on, no step is judged by the outputs of a workflow that it does not call
        ("successCriteria", {"condition": "$outputs.items.id != null"}, "condition: $response.body.id != null"),
    ],
)
def test_outputs_without_a_called_workflow_are_those_of_the_step_itself(
    field: str, criterion: dict[str, Any], meant: str
) -> None:
    entry = criterion if field == "successCriteria" else {"name": "on", "type": "end", "criteria": [criterion]}
    back = {"name": "back", "type": "goto", "stepId": "find", "criteria": [{"condition": "$statusCode == 204"}]}
    actions = {"onSuccess": [back], field: [entry]} if field == "successCriteria" else {field: [entry]}
    found = validated({**_PAGE, **actions}, {"responses": _ANSWER})
    assert [(each.code, each.fix) for each in found if each.code != "request-repeated"] == [
        ("repaired", f"write `{meant}`")
    ]


def test_a_workflow_that_an_action_goes_to_is_given_the_output_of_the_step_itself() -> None:
    inner = {
        "workflowId": "inner",
        "inputs": {"properties": {"p": {}}},
        "steps": [{"stepId": "a", "operationId": "op"}],
    }
    on = {"name": "on", "type": "goto", "workflowId": "inner", "parameters": [{"name": "p", "value": "$outputs.page"}]}
    (found,) = validated({**_PAGE, "onSuccess": [on]}, {"responses": _ANSWER}, others=[inner])
    assert found.fix == "write `$steps.tried.outputs.page`"


@pytest.mark.parametrize(
    ("workflow", "action", "fix"),
    [
        # an output that the step does not have, and an action of every step
        ({}, {"onSuccess": "$outputs.other"}, "use a part of the answer of this step, or"),
        ({"successActions": "$outputs.page"}, {}, "use `$steps.<stepId>.outputs.<name>`"),
    ],
)
def test_outputs_that_no_step_is_known_to_give_are_refused(
    workflow: dict[str, str], action: dict[str, str], fix: str
) -> None:
    def field(named: dict[str, str]) -> dict[str, Any]:
        criteria = {name: [{"condition": f"{text} == 1"}] for name, text in named.items()}
        return {name: [{"name": "on", "type": "end", "criteria": each}] for name, each in criteria.items()}

    found = validated({**_PAGE, **field(action)}, {"responses": _ANSWER}, workflow=field(workflow))
    assert {each.code for each in found} == {"expression-unavailable"}
    assert found[0].fix.startswith(fix.removesuffix(", or"))
