"""What may be null and goes where null is not taken: told once for each value, with a criterion that settles it."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

JSON: Final = "application/json"
MAYBE: Final = {"type": ["string", "null"]}
ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"id": MAYBE, "whole": {"type": "object", "properties": {"id": MAYBE}}},
}
FIRST: Final = {"responses": {"200": {"description": "ok", "content": {JSON: {"schema": ANSWER}}}}}
IN_QUERY: Final = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
IN_PATH: Final = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
ID: Final = "$steps.find.outputs.id"


def _find(criteria: tuple[Any, ...] = (), **more: Any) -> dict[str, Any]:
    outputs = {"id": "$response.body#/id", "whole": "$response.body#/whole"}
    written = [each if isinstance(each, dict) else {"condition": each} for each in criteria]
    asked = {"successCriteria": written} if written else {}
    return {"stepId": "find", "operationId": "op", "outputs": outputs, **asked, **more}


def _used(value: str = ID, **rest: Any) -> Findings:
    step = {"parameters": [{"name": each["name"], "in": each["in"], "value": value} for each in (IN_QUERY, IN_PATH)]}
    rest.setdefault("before", _find())
    return validated(
        {**step, **rest.pop("step", {})}, {"parameters": [IN_QUERY, IN_PATH]}, first=FIRST, path="/tried/{id}", **rest
    )


def _told(findings: Findings) -> list[tuple[str, str, str]]:
    assert {each.code for each in findings} <= {"type-refused"}
    return [(each.severity.value, each.message, each.fix) for each in findings]


def _message(value: str) -> str:
    return f"`{value}` may be null, which query parameter `q` of operation `tried` does not take"


@pytest.mark.parametrize(
    ("value", "read"), [(ID, "$response.body#/id"), ("$steps.find.outputs.whole#/id", "$response.body#/whole/id")]
)
def test_what_may_be_null_is_told_once_with_the_criterion_of_the_step_that_reads_it(value: str, read: str) -> None:
    fix = f"add `condition: $statusCode < 400 && {read} != null` to the `successCriteria` of step `find`"
    assert _told(_used(value)) == [("warning", _message(value), fix)]
    fix = f"add `condition: {read} != null` to the `successCriteria` of step `find`"
    assert _told(_used(value, before=_find(("$statusCode == 200",)))) == [("warning", _message(value), fix)]
    assert _told(_used(value, before=_find((f"$statusCode < 400 && {read} != null",)))) == []


@pytest.mark.parametrize(
    "criterion",
    [
        "$response.body#/id",
        "$response.body.id != null",
        "$response.body#/id == 'x'",
        "$response.body#/id == $inputs.sku",
        "!($response.body#/id == null)",
        {"context": "$response.body#/id", "type": "regex", "condition": "^a"},
        {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.id != null]"},
    ],
)
def test_it_is_not_told_where_a_criterion_excludes_null(criterion: Any) -> None:
    assert _told(_used(before=_find(("$statusCode == 200", criterion)))) == []


@pytest.mark.parametrize("condition", ["$response.body#/id != 'x'", "$response.body#/id == null || $statusCode == 200"])
def test_it_is_told_where_null_passes_the_criterion(condition: str) -> None:
    assert [each[1] for each in _told(_used(before=_find((condition,))))] == [_message(ID)]


def test_it_is_not_told_where_an_action_asks_for_null() -> None:
    end = {"name": "none", "type": "end", "criteria": [{"condition": f"{ID} == null"}]}
    assert _told(_used(before=_find(onSuccess=[end]))) == []


def test_it_is_not_told_where_null_is_taken_or_nothing_is_required() -> None:
    step = {"parameters": [{"name": "q", "in": "query", "value": ID}]}
    for schema in ({**IN_QUERY, "schema": MAYBE}, {**IN_QUERY, "required": False}):
        assert _told(validated(step, {"parameters": [schema]}, first=FIRST, before=_find())) == []


def test_of_an_input_the_schema_is_what_to_change() -> None:
    inputs = {"type": "object", "required": ["id"], "properties": {"id": MAYBE}}
    found = _used("$inputs.id", workflow={"inputs": inputs})
    assert _told(found) == [("warning", _message("$inputs.id"), "leave null out of the schema of input `id`")]


def test_of_a_called_workflow_the_step_that_calls_it_has_the_criterion() -> None:
    called = {"workflowId": "called", "steps": [_find()], "outputs": {"id": ID}}
    before = {"stepId": "call", "workflowId": "called"}
    value = "$steps.call.outputs.id"
    fix = f"add `condition: {value} != null` to the `successCriteria` of step `call`"
    assert _told(_used(value, before=before, others=[called])) == [("warning", _message(value), fix)]
    checked = {**before, "successCriteria": [{"condition": f"{value} != null"}]}
    assert _told(_used(value, before=checked, others=[called])) == []
