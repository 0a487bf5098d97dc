"""What is said of a field that does not exist and of a value of the wrong type: how it is written right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.fixed_fields import REQUEST_BODY, STEP, TARGETS
from arazzo_engine.language.reading.advice import fix_field, fix_type
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.reading.other_formats.fields import OddField

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAST = (
    "in the step before, write an entry of `onSuccess`: `{{name: skip, type: goto, stepId: <the step after this one>,"
    " criteria: [{{condition: {}}}]}}`"
)


def _fix(owner: str, name: str, found: dict[str, Any], allowed: Iterable[str]) -> str:
    return fix_field(owner, OddField(name, found, tuple(allowed)))


@pytest.mark.parametrize(
    ("owner", "name", "fix"),
    [
        (
            "Step Object",
            "headers",
            "write `headers` as entries of `parameters`, each with `name`, `in: header` and `value`",
        ),
        ("Step Object", "body", "write it as `requestBody: {payload: …}`"),
        ("Step Object", "method", "name an operation of a source description: `operationId`, or `operationPath`"),
        ("Step Object", "succesCriteria", "did you mean `successCriteria`?"),
        ("Step Object", "success", "write it as `successCriteria: [{condition: …}]`"),
        (
            "Step Object",
            "wholly-unknown",
            "remove `wholly-unknown`, or name it `x-wholly-unknown` if it is an extension",
        ),
        ("Request Body Object", "status", "put `status` under `payload`"),
        ("Request Body Object", "paylod", "did you mean `payload`?"),
    ],
)
def test_a_field_that_does_not_exist_is_told_with_its_place(owner: str, name: str, fix: str) -> None:
    fields = REQUEST_BODY if owner == "Request Body Object" else STEP
    assert _fix(owner, name, {"stepId": "s"}, fields.allowed(version_1_1=True)) == fix


@pytest.mark.parametrize(
    ("name", "found", "fix"),
    [
        ("body", {"a": [1], "b": "x"}, "write it as `requestBody: {payload: {a: [1], b: x}}`"),
        ("body", "a: b", "write it as `requestBody: {payload: 'a: b'}`"),
        ("body", {"a": "x" * 300}, "write it as `requestBody: {payload: …}`"),
        ("check", "$statusCode == 200", "write `successCriteria: [{condition: $statusCode == 200}]`"),
        ("check", "ok", "write it as `successCriteria: [{condition: …}]`"),
        (
            "assertions",
            ["$statusCode == 200", "$response.body#/a == '[x]'"],
            ("write `successCriteria: [{condition: $statusCode == 200}, {condition: '$response.body#/a == ''[x]'''}]`"),
        ),
        (
            "captures",
            {"id": {"jsonpath": "$.items[0].id"}, "etag": {"header": "ETag"}, "b": "$response.body#/b"},
            ("write `outputs: {id: $response.body#/items/0/id, etag: $response.header.ETag, b: $response.body#/b}`"),
        ),
        ("extract", {"id": "$.id"}, "write `outputs: {id: $response.body#/id}`"),
        # a part in a language that is not known, and several parts
        ("capture", {"id": {"xpath": "/a"}}, "write it as `outputs: {<name>: $response.body#/<part>}`"),
        ("extract", {"id": "$..id"}, "write it as `outputs: {<name>: $response.body#/<part>}`"),
        ("if", "$inputs.a == 1", _PAST.format("'!($inputs.a == 1)'")),
        ("condition", "$steps.a.outputs.b", _PAST.format("'!($steps.a.outputs.b)'")),
        ("condition", "$statusCode == 200", "write it as `successCriteria: [{condition: $statusCode == 200}]`"),
        ("skipIf", "$inputs.a == 1", _PAST.format("$inputs.a == 1")),
        ("when", 3, _PAST.format("'!(…)'")),
        (
            *("continueOnError", "$inputs.a"),
            (
                "write an entry at the end of `onFailure`: `{name: go-on, type: goto, stepId: <the step that"
                " follows>}`; in the last step, write `successCriteria: [{condition: $statusCode >= 100}]`: any answer"
                " is a success then"
            ),
        ),
        ("check", [1], "write it as `successCriteria: [{condition: …}]`"),
    ],
)
def test_what_stands_in_such_a_field_is_in_the_fix(name: str, found: Any, fix: str) -> None:
    allowed = STEP.allowed(version_1_1=True)
    assert _fix("Step Object", name, {"stepId": "s", name: found}, allowed) == fix


_LOOP = "Arazzo has no loops: write a step for each, or run the workflow for each of many rows with `arazzo batch`"
_LEFT_OUT = (
    "remove the step; or, in the step before, write an entry of `onSuccess`: `{name: skip, type: goto, stepId: <the"
    " step after this one>}`"
)


@pytest.mark.parametrize(
    ("owner", "name", "found", "fix"),
    [
        ("Step Object", "forEach", "$inputs.items", _LOOP),
        ("Step Object", "as", "item", _LOOP),
        ("Workflow Object", "repeat", 3, _LOOP),
        ("Step Object", "parallel", False, "remove `parallel`: it is so without it"),
        ("Step Object", "skip", True, _LEFT_OUT),
        ("Step Object", "enabled", False, _LEFT_OUT),
        ("Step Object", "enabled", True, "remove `enabled`: the step is made without it"),
        ("Step Object", "enabled", "$inputs.a == 1", _PAST.format("'!($inputs.a == 1)'")),
        ("Step Object", "skip", "$inputs.a == 1", _PAST.format("$inputs.a == 1")),
        *(
            ("Step Object", name, [], "write it as `dependsOn`, or put the step behind what it needs")
            for name in ("needs", "requires", "depends")
        ),
        (
            *("Step Object", "on_error", []),
            "write it as `onFailure`: a list of actions, each with `name` and `type: retry`, `goto` or `end`",
        ),
        ("Criterion Object", "severity", "error", "remove `severity`: it is so without it"),
        # what is left out when it is false is not so without it
        *(
            (
                *("Workflow Object", name, False),
                (
                    "Arazzo has no workflow that is left out: where a step or an action leads to it, write `criteria`"
                    " there"
                ),
            )
            for name in ("enabled", "if", "run_if")
        ),
        (
            *("Criterion Object", "severity", "warn"),
            (
                "Arazzo has no criterion that only warns: a step whose criterion does not hold has failed; leave the"
                " criterion out, or go on by an entry of `onFailure`"
            ),
        ),
        ("Failure Action Object", "retryInterval", 3, "write it as `retryAfter: 3`, in seconds"),
        ("Success Action Object", "conditionExpression", "$url", "write it as `criteria: [{condition: $url}]`"),
        ("Failure Action Object", "retryInterval", 500, "write it as `retryAfter`, in seconds"),
        (
            *("Request Body Object", "reference", "$components.bodies.a"),
            "write the body itself, as `contentType` and `payload`: no component is a body",
        ),
    ],
)
def test_a_field_that_governs_what_happens_is_not_said_to_be_removed(
    owner: str, name: str, found: Any, fix: str
) -> None:
    assert _fix(owner, name, {name: found}, STEP.allowed(version_1_1=True)) == fix


def test_no_field_is_suggested_that_is_unlike() -> None:
    assert "did you mean" not in _fix("Step Object", "optionale", {}, ["operationPath"])


def test_the_type_and_the_version_of_a_query_are_in_the_fix() -> None:
    found = {"type": "jsonpath", "version": "rfc9535"}
    assert _fix("Criterion Object", "version", found, []) == (
        "write it in the type: `type: {type: jsonpath, version: rfc9535}`"
    )


def test_a_field_that_the_object_has_already_is_not_suggested() -> None:
    allowed = STEP.allowed(version_1_1=True)
    assert _fix("Step Object", "ouputs", {}, allowed) == "did you mean `outputs`?"
    assert "outputs" not in _fix("Step Object", "ouputs", {"outputs": {}}, allowed).replace("ouputs", "")


@pytest.mark.parametrize(
    ("what", "wanted", "found", "fix"),
    [
        ("`retryAfter`", "a number", "1s", "write `1`: it is a number of seconds"),
        ("`retryAfter`", "a number", "500ms", "write `0.5`: it is a number of seconds"),
        ("`retryAfter`", "a number", "2 minutes", "write `120`: it is a number of seconds"),
        ("`timeout`", "an integer", "1s", "write `1000`: it is a number of milliseconds"),
        ("`retryLimit`", "an integer", "3", "write `3`, without quotes"),
        ("`retryLimit`", "an integer", 1.5, "write a whole number"),
        (
            *("`retryAfter`", "a number", "$response.header.X-Wait"),
            (
                "write the number itself: an expression is not evaluated here;"
                " the `Retry-After` of an answer is obeyed before it"
            ),
        ),
        ("`retryLimit`", "an integer", "$inputs.n", "write the number itself: an expression is not evaluated here"),
        ("`version`", "a string", 1.0, "put it in quotes: `'1.0'`"),
        ("`title`", "a string", True, "put it in quotes: `'true'`"),
        ("`dependsOn`", "a list", "find", "write `[find]`"),
        (
            "`successCriteria`",
            "a list",
            "$statusCode == 200",
            "write a list, each entry `- condition: $statusCode == 200`",
        ),
        ("`parameters`", "a list", {"id": 1}, "write a list, each entry `- name: …`, `in: …` and `value: …`"),
        ("the Criterion Object", "an object", "$statusCode == 200", "write `- condition: $statusCode == 200`"),
        (
            "the Parameter Object",
            "an object",
            "$components.parameters.id",
            "write `- reference: $components.parameters.id`",
        ),
        ("the Request Body Object", "an object", "text", "put it under `payload`"),
        ("`outputs`", "an object", ["id"], "write a mapping: `id: $response.body#/<part>`"),
        ("`outputs`", "an object", ["id", "$url"], "write a mapping: `<name>: $response.body#/<part>`"),
        ("`outputs`", "an object", "id", "write a mapping: `<name>: $response.body#/<part>`"),
        ("`outputs`", "an object", "$response.body", "write `{body: $response.body}`"),
        (
            *("`outputs`", "an object", ["$steps.a.outputs.b-c", "$statusCode", "$response.body#/x/y"]),
            "write `{b-c: $steps.a.outputs.b-c, statusCode: $statusCode, 'y': $response.body#/x/y}`",
        ),
        ("`outputs`", "an object", ["$url", "$inputs.url"], "write a mapping: `<name>: $response.body#/<part>`"),
        ("`retryLimit`", "an integer", "Unlimited", "write a whole number: nothing is tried again without end"),
        (
            *("`inputs`", "a JSON Schema", ["id", "name"]),
            "write `type: object` and `properties: {id: {type: string}, name: {type: string}}`",
        ),
        (
            *("`inputs`", "a JSON Schema", ["id", 3]),
            "write `type: object` and `properties: {<name>: {type: string}}`",
        ),
        ("`steps`", "a list", None, "give it a value, or remove it"),
    ],
)
def test_a_value_of_the_wrong_type_is_told_as_it_is_written_right(what: str, wanted: str, found: Any, fix: str) -> None:
    assert fix_type(what, wanted, found) == fix


def test_an_integer_may_be_written_with_a_point() -> None:
    text = (
        "arazzo: 1.1.0\ninfo: {title: a, version: b}\nsourceDescriptions: [{name: a, url: b}]\nworkflows:\n"
        "- workflowId: w\n  steps:\n  - {stepId: s, operationId: o, timeout: 20.0}\n"
    )
    reading = read_description(read_document(text, "file:///a.yaml"))
    assert reading.problems == ()
    timeout = reading.description.workflows[0].steps[0].timeout
    assert (timeout, type(timeout)) == (20, int)


def test_a_growing_delay_is_removed_where_the_delay_is_written() -> None:
    told = "Arazzo has one delay for all attempts"
    for name in ("backoffRate", "backoffMultiplier"):
        assert _fix("Failure Action Object", name, {name: 2}, ()) == f"{told}: write `retryAfter`, in seconds"
        beside = {name: 2, "retryAfter": 1}
        assert _fix("Failure Action Object", name, beside, ()) == f"remove `{name}`: {told}, and `retryAfter` is it"


@pytest.mark.parametrize(
    ("owner", "name", "found", "fix"),
    [
        ("Step Object", "operatonPath", {"operationId": "a"}, "remove `operationId` and write `operationPath`"),
        ("Step Object", "operatonId", {"workflowId": "a"}, "remove `workflowId` and write `operationId`"),
        ("Step Object", "requstBody", {"workflowId": "a"}, "remove `workflowId` and write `requestBody`"),
    ],
)
def test_a_misspelt_field_is_not_told_to_be_one_that_another_field_excludes(
    owner: str, name: str, found: dict[str, Any], fix: str
) -> None:
    assert _fix(owner, name, found, STEP.allowed(version_1_1=True)) == f"keep one: remove `{name}`, or {fix}"


@pytest.mark.parametrize("name", ["workflwId", "worflowId"])
def test_a_misspelt_second_target_of_an_action_is_told_as_one_of_two(name: str) -> None:
    fix = _fix("Success Action Object", name, {"stepId": "a"}, ("stepId", "workflowId"))
    assert fix == f"keep one: remove `{name}`, or remove `stepId` and write `workflowId`"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["operation", "method", "operationRef", "path"])
def test_the_call_of_another_format_beside_what_a_step_calls_says_nothing_more(name: str, target: str) -> None:
    fix = _fix("Step Object", name, {target: "a", name: "GET"}, STEP.allowed(version_1_1=True))
    assert fix == f"remove `{name}`: `{target}` names what is called"
