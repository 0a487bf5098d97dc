"""What an expression yields, against what it is compared with and where it goes: refused only where that is certain."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

JSON: Final = "application/json"
JOB: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "state": {"type": "string", "enum": ["queued", "finished"]},
        "maybe": {"type": "string", "enum": ["on"], "nullable": True},
        "count": {"type": "integer"},
        "size": {"type": "number"},
        "ready": {"type": "boolean"},
        "name": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "either": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        "open": {},
    },
}


def _answers(status: str = "200", **more: Any) -> dict[str, Any]:
    content = {JSON: {"schema": JOB}}
    return {"responses": {status: {"description": "ok", "content": content}}, **more}


def _compared(condition: str) -> list[tuple[str, str, str]]:
    found = validated({"successCriteria": [{"condition": condition}]}, _answers())
    assert {each.code for each in found} <= {"comparison-decided"}
    return [(each.severity.value, each.message, each.fix) for each in found]


@pytest.mark.parametrize("condition", ["$response.body#/open || true", "$response.body#/open && 1"])
def test_a_value_that_may_be_meant_is_not_told(condition: str) -> None:
    assert _compared(condition) == []


@pytest.mark.parametrize(
    ("condition", "severity", "message", "fix"),
    [
        (
            "$response.body#/state == 'finishd'",
            "warning",
            "`$response.body#/state` is one of `'queued'`, `'finished'`, so the comparison never holds",
            "did you mean `'finished'`?",
        ),
        (
            "'done' != $response.body.state",
            "warning",
            "`$response.body.state` is one of `'queued'`, `'finished'`, so the comparison always holds",
            "",
        ),
        (
            "$response.body#/ready == 'true'",
            "error",
            "`$response.body#/ready` is a boolean, so the comparison never holds",
            "write `true` without quotes",
        ),
        (
            "$statusCode == 200 && $response.body#/count == true",
            "error",
            "`$response.body#/count` is an integer, so the comparison never holds",
            "",
        ),
        (
            "$response.body#/ready == 'true' || $statusCode == 200",
            "warning",
            "`$response.body#/ready` is a boolean, so the comparison never holds",
            "write `true` without quotes",
        ),
        (
            "$response.body#/count == 'many'",
            "error",
            "`$response.body#/count` is an integer, so the comparison never holds",
            "",
        ),
        (
            "$response.body#/count > 'many'",
            "error",
            "`$response.body#/count` is an integer, so the comparison never holds",
            "",
        ),
        (
            "3 < $response.body#/state",
            "warning",
            "`$response.body#/state` is one of `'queued'`, `'finished'`, so the comparison never holds",
            "",
        ),
        (
            "$response.body#/tags > 0",
            "error",
            "`$response.body#/tags` is a list, so the comparison never holds",
            "",
        ),
    ],
)
def test_a_comparison_that_says_the_same_whatever_comes_is_told(
    condition: str, severity: str, message: str, fix: str
) -> None:
    assert _compared(condition) == [(severity, message, fix)]


@pytest.mark.parametrize(
    "condition",
    [
        "$response.body#/state == 'FINISHED'",
        "$response.body#/count > '3'",
        "$response.body#/state < 'r'",
        "$response.body#/state == null",
        "$response.body#/maybe == null",
        "$response.body#/count == '3'",
        "$response.body#/name == 3",
        "$response.body#/name > 3",
        "$response.body#/size == 3",
        "$response.body#/either == true || $response.body#/either == 1",
        "$response.body#/open == 'x'",
        "$response.body#/name == $inputs.sku",
        "$response.body#/state == $inputs.sku",
        "$response.body#/tags",
        "$response.header.ETag == 1",
        "$inputs.count > 1",
    ],
)
def test_what_may_hold_is_not_told(condition: str) -> None:
    found = [each for each in _compared(condition) if "either" not in each[1]]
    assert found == []


def test_a_comparison_in_an_action_is_a_warning() -> None:
    action = {"name": "n", "type": "end", "criteria": [{"condition": "$response.body#/ready == 'x'"}]}
    for field in ("onSuccess", "onFailure"):
        assert codes(validated({field: [action]}, _answers())) == [("warning", "comparison-decided")]


@pytest.mark.parametrize(
    ("status", "conditions", "is_told"),
    [
        ("200", ["$statusCode == 201"], True),
        ("200", ["$statusCode == '201'"], True),
        ("200", ["$statusCode == 200 || $statusCode == 201"], False),
        ("200", ["$statusCode >= 200", "$statusCode < 300"], False),
        ("200", ["$statusCode >= 300 && $statusCode < 400"], True),
        ("200", ["!($statusCode == 200)"], True),
        ("2XX", ["$statusCode == 204"], False),
        ("2xx", ["$statusCode == 204"], False),
        ("default", ["$statusCode == 204"], False),
        ("201", ["$response.body#/count == 1"], False),
        ("404", ["$statusCode == 404"], False),
    ],
)
def test_a_status_that_is_not_documented_is_told(status: str, conditions: list[str], *, is_told: bool) -> None:
    step = {"successCriteria": [{"condition": each} for each in conditions]}
    assert codes(validated(step, _answers(status))) == [("warning", "status-undocumented")] * is_told


@pytest.mark.parametrize(
    ("statuses", "pattern", "message"),
    [
        (("200",), "^20[12]$", "operation `tried` documents no status that `^20[12]$` matches"),
        (
            ("200", "default"),
            "^20[12]$",
            "operation `tried` documents no status that `^20[12]$` matches, but for `default`",
        ),
        (("200", "default"), "^201$", "operation `tried` documents no status 201, but for `default`"),
        (("200", "404"), r"^3\d\d$", r"operation `tried` documents no status that `^3\d\d$` matches"),
        # a failure that is waited for is one of all others, and so is any status where nothing else is documented
        *((each, "^4", "") for each in (("200", "default"), ("200", "404"))),
        *((each, "^20[12]$", "") for each in (("default",), ("2XX",), ("202",), ("404", "default"))),
    ],
)
def test_a_pattern_of_statuses_that_are_not_documented_is_told(
    statuses: tuple[str, ...], pattern: str, message: str
) -> None:
    step = {"successCriteria": [{"context": "$statusCode", "type": "regex", "condition": pattern}]}
    found = validated(step, {"responses": {each: {"description": "an answer"} for each in statuses}})
    assert [each.message for each in found if each.code == "status-undocumented"] == [message] * bool(message)


def test_an_undocumented_status_is_told_with_those_that_are_documented() -> None:
    found = validated({"successCriteria": [{"condition": "$statusCode == 201"}]}, _answers())
    assert [(each.message, each.fix) for each in found] == [
        ("operation `tried` documents no status 201", "use what is documented: `200`")
    ]


@pytest.mark.parametrize("openapi", ["2.0", "3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("statuses", "condition", "is_told"),
    [
        (("201", "default"), "$statusCode == 200", True),
        (("201", "404", "default"), "$statusCode == 200", True),
        (("201", "default"), "$statusCode == 200 || $statusCode == 201", False),
        (("201", "default"), "$statusCode >= 200", False),
        # a failure that is waited for is one of all others
        (("201", "default"), "$statusCode == 404", False),
        (("201", "default"), "$statusCode == 200 || $statusCode == 404", False),
        # no success has a description of its own
        (("default",), "$statusCode == 200", False),
        (("404", "default"), "$statusCode == 200", False),
    ],
)
def test_a_success_that_only_the_default_documents_beside_another_one_is_told(
    statuses: tuple[str, ...], condition: str, openapi: str, *, is_told: bool
) -> None:
    operation = {"responses": {each: {"description": each} for each in statuses}}
    found = validated({"successCriteria": [{"condition": condition}]}, operation, openapi=openapi)
    documented = "use what is documented: `201`" if len(statuses) == 2 else "use what is documented: `201`, `404`"
    assert [(each.message, each.fix) for each in found] == [
        ("operation `tried` documents no status 200, but for `default`", documented)
    ] * is_told


def test_a_documented_status_that_the_criteria_exclude_is_not_told_as_undocumented() -> None:
    (found,) = validated({"successCriteria": [{"condition": "$statusCode != 200"}]}, _answers())
    assert found.message == "operation `tried` documents no status with which the step succeeds"


@pytest.mark.parametrize(("status", "is_told"), [("204", True), ("200", False)])
def test_a_part_of_a_body_that_no_answer_has_is_told(status: str, *, is_told: bool) -> None:
    found = validated({"outputs": {"id": "$response.body#/id"}}, {"responses": {status: {"description": ""}}})
    assert codes(found) == [("warning", "part-undescribed")] * is_told


# --- where a value goes ---

_BEFORE: Final[dict[str, Any]] = {
    "stepId": "find",
    "operationId": "op",
    "outputs": {name: f"$response.body#/{name}" for name in JOB["properties"]},
}


def _body(schema: Any, *required: str) -> dict[str, Any]:
    whole = {"type": "object", "properties": {"to": schema}, "required": list(required)}
    return {"requestBody": {"content": {JSON: {"schema": whole}}}}


def _sent(value: Any, schema: Any, *required: str) -> list[tuple[str, str]]:
    step = {"requestBody": {"contentType": JSON, "payload": {"to": value}}}
    found = validated(step, _body(schema, *required), first=_answers(), before=_BEFORE)
    assert {each.code for each in found} <= {"type-refused"}
    return [(each.severity.value, each.message) for each in found]


def _refused(name: str, what: str) -> str:
    return f"`$steps.find.outputs.{name}` is {what}, which `to` of the payload of operation `tried` does not take"


@pytest.mark.parametrize(
    ("name", "what", "schema"),
    [
        ("name", "a text", {"type": "integer"}),
        ("count", "an integer", {"type": "string"}),
        ("size", "a number", {"type": "boolean"}),
        ("tags", "a list", {"type": "object"}),
        ("tags", "a list", {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ("state", "one of `'queued'`, `'finished'`", {"type": "string", "enum": ["open", "shut"]}),
    ],
)
def test_what_a_member_cannot_take_is_an_error_where_it_is_required(name: str, what: str, schema: Any) -> None:
    value = f"$steps.find.outputs.{name}"
    assert _sent(value, schema, "to") == [("error", _refused(name, what))]
    assert _sent(value, schema) == [("warning", _refused(name, what))]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("name", {"type": "string"}),
        ("name", {"type": "string", "enum": ["a"]}),
        ("name", {}),
        ("count", {"type": "number"}),
        ("size", {"type": "integer"}),
        ("either", {"type": "string"}),
        ("open", {"type": "integer"}),
        ("state", {"type": "string", "enum": ["finished", "gone"]}),
        ("tags", {"type": "array"}),
        ("count", {"type": ["string", "integer"]}),
        ("name", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    ],
)
def test_what_may_be_taken_is_not_told(name: str, schema: Any) -> None:
    assert _sent(f"$steps.find.outputs.{name}", schema, "to") == []


def test_a_list_and_an_object_within_the_payload_are_looked_into() -> None:
    rows = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    assert [severity for severity, _ in _sent([{"n": "$steps.find.outputs.name"}], rows, "to")] == ["warning"]


@pytest.mark.parametrize(
    ("name", "schema", "severity"),
    [
        ("name", {"type": "integer"}, None),
        ("count", {"type": "string"}, None),
        ("tags", {"type": "integer"}, "warning"),
        ("ready", {"type": "integer"}, "error"),
        ("state", {"type": "integer"}, "error"),
        ("state", {"type": "string", "enum": ["open"]}, "error"),
        ("state", {"type": "string", "enum": ["finished"]}, None),
        ("maybe", {"type": "string"}, "warning"),
    ],
)
def test_in_a_url_a_value_is_a_text_that_may_be_that_of_a_number(name: str, schema: Any, severity: str | None) -> None:
    operation = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": schema}]}
    step = {"parameters": [{"name": "q", "in": "query", "value": f"$steps.find.outputs.{name}"}]}
    found = validated(step, operation, first=_answers(), before=_BEFORE)
    assert codes(found) == ([] if severity is None else [(severity, "type-refused")])


def test_a_header_is_a_text_wherever_it_goes() -> None:
    before = {**_BEFORE, "outputs": {"n": "$response.header.X-Count"}}
    step = {"requestBody": {"contentType": JSON, "payload": {"to": "$steps.find.outputs.n"}}}
    found = validated(step, _body({"type": "integer"}, "to"), before=before)
    assert codes(found) == [("error", "type-refused")]


def test_a_replacement_is_held_to_its_place() -> None:
    replacements = [{"target": "/to", "value": "$steps.find.outputs.name"}]
    step = {"requestBody": {"contentType": JSON, "payload": {"to": 1}, "replacements": replacements}}
    found = validated(step, _body({"type": "integer"}), first=_answers(), before=_BEFORE)
    assert codes(found) == [("warning", "type-refused")]


def test_an_input_of_a_called_workflow_is_held_to_its_schema() -> None:
    called = {
        "workflowId": "called",
        "inputs": {"type": "object", "properties": {"n": {"type": "integer"}}},
        "steps": [{"stepId": "a", "operationId": "op"}],
        "outputs": {"n": "$inputs.n"},
    }
    calling = {"stepId": "call", "workflowId": "called", "parameters": [{"name": "n", "value": "$inputs.sku"}]}
    after = {
        "stepId": "after",
        "operationId": "op",
        "successCriteria": [{"condition": "$steps.call.outputs.n == true"}],
    }
    found = validated({}, workflow={"steps": [calling, after]}, others=[called])
    assert sorted(codes(found)) == [("error", "comparison-decided"), ("error", "type-refused")]
