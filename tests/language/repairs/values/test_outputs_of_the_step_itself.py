"""An output of the step itself, wherever it is named: in contexts, in braces, in outputs and in reused actions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair

_OUTPUTS: dict[str, Any] = {"state": "$response.body#/state", "items": "$response.body#/items", "all": "$response.body"}
_BY_STEP = "$steps.own.outputs"


def _step(name: str = "own", outputs: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": "listItems", "outputs": outputs or _OUTPUTS, **fields}


def _read(*steps: dict[str, Any], around: dict[str, Any] | None = None, **components: Any) -> dict[str, Any]:
    workflow = {"workflowId": "w", "steps": [*steps], **(around or {})}
    text = json.dumps({"arazzo": "1.1.0", "workflows": [workflow], "components": components})
    value: dict[str, Any] = repair(read_document(text, "file:///a.json")).document.value
    return value


def _criterion(condition: str, context: str | None = None, type_: str | None = None) -> dict[str, str]:
    found = {"condition": condition, "context": context, "type": type_}
    return {name: each for name, each in found.items() if each is not None}


_ITEMS = "$[0].id"
_PLACES = [
    (_criterion(_ITEMS, "OWN.items", "jsonpath"), _criterion(_ITEMS, "$response.body#/items", "jsonpath")),
    (_criterion("^done$", "OWN.state", "regex"), _criterion("^done$", "$response.body#/state", "regex")),
    (_criterion("^done$", "{OWN.state}", "regex"), _criterion("^done$", "$response.body#/state", "regex")),
    (_criterion("^done$", "OWN.all.state", "regex"), _criterion("^done$", "$response.body#/state", "regex")),
    (_criterion("^{OWN.state}$", "$url", "regex"), _criterion("^{$response.body#/state}$", "$url", "regex")),
    (_criterion("{OWN.state} == 'done'"), _criterion("$response.body#/state == 'done'")),
    (_criterion("'{OWN.state}' == 'done'"), _criterion("'{$response.body#/state}' == 'done'")),
    (_criterion("OWN.state == 'done'"), _criterion("$response.body#/state == 'done'")),
    # none of its outputs: the validation tells that
    (_criterion("'{OWN.other}' == 'done'"), _criterion("'{OWN.other}' == 'done'")),
]


@pytest.mark.parametrize("own", ["$outputs", _BY_STEP])
@pytest.mark.parametrize(("found", "meant"), _PLACES)
def test_an_own_output_is_what_it_reads_wherever_a_criterion_of_its_step_names_it(
    found: dict[str, str], meant: dict[str, str], own: str
) -> None:
    written, read = ({name: text.replace("OWN", own) for name, text in each.items()} for each in (found, meant))
    (step,) = _read(_step(successCriteria=[written]))["workflows"][0]["steps"]
    assert step["successCriteria"] == [read]


@pytest.mark.parametrize(
    ("field", "text", "meant"),
    [
        ("onSuccess", "is {$outputs.state}", "is {$steps.own.outputs.state}"),
        ("onSuccess", "$outputs.state", "$steps.own.outputs.state"),
        ("onFailure", "is {$outputs.state}", "is {$response.body#/state}"),
        ("onFailure", "is {$outputs.other}", "is {$outputs.other}"),
    ],
)
def test_an_own_output_in_a_text_of_an_action_is_read_as_one_alone(field: str, text: str, meant: str) -> None:
    action = {"name": "go", "type": "goto", "workflowId": "w", "parameters": [{"name": "a", "value": text}]}
    (step,) = _read({**_step(), field: [action]})["workflows"][0]["steps"]
    assert step[field][0]["parameters"][0]["value"] == meant


def test_an_output_that_names_another_one_of_its_step_reads_what_that_one_reads() -> None:
    selector: dict[str, Any] = {"context": "$outputs.items", "selector": "$[0]", "type": "jsonpath"}
    outputs: dict[str, Any] = {
        "a": "$outputs.state",
        "b": "$steps.own.outputs.items#/0",
        "c": "is {$outputs.state}",
        "d": selector,
    }
    (step,) = _read(_step(outputs={**_OUTPUTS, **outputs, "e": "$outputs.e"}))["workflows"][0]["steps"]
    assert step["outputs"] == {
        **_OUTPUTS,
        "a": "$response.body#/state",
        "b": "$response.body#/items/0",
        "c": "is {$response.body#/state}",
        "d": {**selector, "context": "$response.body#/items"},
        "e": "$outputs.e",
    }


_AGAIN = {"reference": "$components.successActions.again"}
_FAILED = {"reference": "$components.failureActions.again"}
_OTHER = _step("other", {"state": "$response.body#/status"})


@pytest.mark.parametrize(
    ("steps", "around", "meant"),
    [
        ([_step(onSuccess=[_AGAIN])], {}, "$steps.own.outputs.state == 'done'"),
        ([_step(onFailure=[_FAILED])], {}, "$response.body#/state == 'done'"),
        # what both of them read, or each something else
        ([_step(onSuccess=[_AGAIN]), _step("next", onSuccess=[_AGAIN])], {}, "$response.body#/state == 'done'"),
        ([_step(onSuccess=[_AGAIN]), {**_OTHER, "onSuccess": [_AGAIN]}], {}, "$outputs.state == 'done'"),
        # nobody's, or that of every step
        ([_step()], {}, "$outputs.state == 'done'"),
        ([_step(onSuccess=[_AGAIN])], {"successActions": [_AGAIN]}, "$outputs.state == 'done'"),
    ],
)
def test_an_own_output_in_a_reused_action_is_of_the_steps_that_refer_to_it(
    steps: list[dict[str, Any]], around: dict[str, Any], meant: str
) -> None:
    action = {"name": "again", "type": "end", "criteria": [{"condition": "$outputs.state == 'done'"}]}
    shelf = "failureActions" if _FAILED in steps[0].get("onFailure", []) else "successActions"
    value = _read(*steps, around=around, **{shelf: {"again": action}})
    assert value["components"][shelf]["again"]["criteria"] == [{"condition": meant}]


@pytest.mark.parametrize(
    ("action", "is_kept"),
    [
        ({"name": "a", "type": "goto", "stepId": "own"}, True),
        ({"name": "a", "type": "retry", "stepId": "own"}, True),
        ({"name": "a", "type": "retry"}, False),
        ({"name": "a", "type": "goto", "workflowId": "w"}, False),
        (_AGAIN, False),
    ],
)
def test_what_an_earlier_visit_may_have_given_stays_and_a_workflow_begins_anew(
    action: dict[str, str], *, is_kept: bool
) -> None:
    criterion = {"condition": "$steps.own.outputs.state == 'done'"}
    again = {"name": "again", "type": "end"}
    (step,) = _read(_step(successCriteria=[criterion], onSuccess=[action]), successActions={"again": again})[
        "workflows"
    ][0]["steps"]
    assert (step["successCriteria"] == [criterion]) is is_kept
