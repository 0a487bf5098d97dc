"""What a fix tells to write is tried: with it in the place of what was wrong, no error is left."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine
from arazzo_engine.documents.pointers import parse_pointer

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

_ANSWER: Final = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "data": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}},
    },
}
_TOLD: Final = re.compile(r"(?:write|use|did you mean) `([^`<…]+)`")


def _api() -> dict[str, Any]:
    content = {"application/json": {"schema": _ANSWER}}
    operations = {
        f"/{name}": {"get": {"operationId": name, "responses": {"200": {"description": "ok", "content": content}}}}
        for name in ("getItem", "listItems")
    }
    servers = [{"url": "https://shop.example.com"}]
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "servers": servers, "paths": operations}


def _document(step: dict[str, Any], **rest: Any) -> dict[str, Any]:
    find = {
        "stepId": "find",
        "operationId": "getItem",
        "outputs": {"id": "$response.body#/id", "list": "$response.body#/data"},
    }
    tried = {"stepId": "tried", "operationId": "listItems", **step}
    inputs = {"type": "object", "properties": {"sku": {"type": "string"}, "trip_date": {"type": "string"}}}
    return {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [find, tried], **rest}],
    }


def _errors(document: dict[str, Any], folder: Path) -> list[Diagnostic]:
    (folder / "api.json").write_text(json.dumps(_api()))
    with Engine() as engine:
        found = engine.validate(json.dumps(document, indent=1), base=str(folder / "w.json"))
    return [each for each in found if each.is_error]


def _apply(document: dict[str, Any], problem: Diagnostic) -> None:
    """Write what the fix of a problem tells in the place of what it is about."""
    told = _TOLD.search(problem.fix)
    assert told is not None, problem.fix
    assert problem.location is not None
    *path, last = parse_pointer(problem.location.pointer)
    owner: Any = document
    for token in path:
        owner = owner[int(token) if isinstance(owner, list) else token]
    named = re.findall(r"`([^`]+)`", problem.message)
    within = [each for each in named if each in owner[last]]
    # a name is written for a name, and an expression for an expression
    wrong = within[0] if told[1].startswith("$") or len(within) == 1 else within[1]
    # the name in an expression is told with the whole of it
    is_whole = named[0] not in within or (told[1].startswith("$") and not wrong.startswith("$"))
    # what is read of a text is told in the form of the specification
    owner[last] = owner[last].replace(owner[last] if is_whole else wrong, told[1])


@pytest.mark.parametrize(
    "step",
    [
        {"outputs": {"a": "$outputs.data[0].id"}},
        {"outputs": {"a": "$outputs.data.id"}},
        {"outputs": {"a": "$outputs.data"}},
        {"successCriteria": [{"condition": "$outputs.data[0].id == 'a'"}]},
        {"successCriteria": [{"context": "$outputs.data", "type": "jsonpath", "condition": "$[0]"}]},
        {"parameters": [{"name": "a", "in": "query", "value": "$outputs.id"}]},
        {"parameters": [{"name": "a", "in": "query", "value": "$steps.fnid.outputs.id"}]},
        {"parameters": [{"name": "a", "in": "query", "value": "$steps.find.outputs.idd"}]},
        {"parameters": [{"name": "a", "in": "query", "value": "$steps.tried.outputs.list#/0/id"}]},
        {"outputs": {"a": "$steps.tried.outputs.list"}},
        {"parameters": [{"name": "a", "in": "query", "value": "$inputs.skuu"}]},
        {"parameters": [{"name": "a", "in": "query", "value": "$inputs.order.sku"}]},
        {"outputs": {"a": "$response.bdy#/id"}},
        {"onFailure": [{"name": "back", "type": "goto", "stepId": "fnid"}]},
        {"operationId": "lstItems"},
        {"operationId": "$source.lstItems"},
        {"operationId": "$sourceDescriptions.shpo.listItems"},
    ],
)
def test_what_a_fix_tells_to_write_leaves_no_error(step: dict[str, Any], tmp_path: Path) -> None:
    document = _document(step)
    (problem,) = _errors(document, tmp_path)
    _apply(document, problem)
    assert _errors(document, tmp_path) == []


@pytest.mark.parametrize("value", ["$outputs.id", "$outputs.list[0]", "$steps.fnid.outputs.id"])
def test_what_a_fix_of_a_workflows_output_tells_to_write_leaves_no_error(value: str, tmp_path: Path) -> None:
    document = _document({}, outputs={"a": value})
    (problem,) = _errors(document, tmp_path)
    _apply(document, problem)
    assert _errors(document, tmp_path) == []


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("$outputs.data[0].id", "write `$response.body#/data/0/id`, which the answer is described with"),
        ("$outputs.id", "use `$response.body#/id` for the answer of this step, or `$steps.find.outputs.id`"),
        (
            "$outputs.gone",
            (
                "use a part of the answer of this step, such as `$response.body#/data`, "
                "or `$steps.<stepId>.outputs.<name>`"
            ),
        ),
        (
            "$steps.getItem.outputs.gone",
            "step `find` runs `getItem`: add `gone` to its `outputs`, and write `$steps.find.outputs.gone`",
        ),
    ],
)
def test_what_is_told_instead_of_a_value_that_is_not_there(value: str, fix: str, tmp_path: Path) -> None:
    (problem,) = _errors(_document({"outputs": {"a": value, "b": "$response.body#/data"}}), tmp_path)
    assert problem.fix == fix


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("$steps.find.outputs.gone", "use `id` or `list`, or add what the answer of step `find` has to its `outputs`"),
        ("$steps.tried.outputs.gone", "use an output of an earlier step"),
        ("$workflows.gone.outputs.id", "use an output of an earlier step, `$steps.<stepId>.outputs.<name>`"),
    ],
)
def test_an_output_that_nothing_has_is_told_with_what_else_to_read(value: str, fix: str, tmp_path: Path) -> None:
    (problem,) = _errors(_document({"parameters": [{"name": "a", "in": "query", "value": value}]}), tmp_path)
    assert problem.fix.startswith(fix)


def test_an_output_of_a_workflow_that_has_none_is_to_be_added_there(tmp_path: Path) -> None:
    document = _document({"operationId": "listItems"})
    document["workflows"].append({"workflowId": "v", "steps": [{"stepId": "call", "workflowId": "w"}]})
    document["workflows"][1]["steps"][0]["outputs"] = {"a": "$outputs.gone"}
    (problem,) = _errors(document, tmp_path)
    assert problem.fix == "add `gone` to the `outputs` of workflow `w`"


@pytest.mark.parametrize(
    ("target", "fix"),
    [
        ("$request.body#/name", "write `/name`"),
        ("$.list[*].name", "a JSON Pointer is written as `/list/0`; of a JSONPath, the type of the query has to say"),
    ],
)
def test_a_target_that_is_no_pointer_is_told_with_how_one_is_written(target: str, fix: str, tmp_path: Path) -> None:
    body = {"contentType": "application/json", "payload": {}, "replacements": [{"target": target, "value": 1}]}
    (problem,) = (each for each in _errors(_document({"requestBody": body}), tmp_path) if each.code == "invalid-query")
    assert problem.fix.startswith(fix)


def test_a_text_that_is_no_json_is_told_to_be_an_object(tmp_path: Path) -> None:
    body = {"contentType": "application/json", "payload": '{"name": $inputs.sku + 1}'}
    (problem,) = (each for each in _errors(_document({"requestBody": body}), tmp_path) if "malformed" in each.code)
    assert problem.fix == "write an object or a list in the place of the text, with each expression as a value in it"


def test_the_answer_of_an_earlier_step_is_named_by_the_one_output_that_is_the_same(tmp_path: Path) -> None:
    for named, fix in (
        ("$response.body#/id", "did you mean `$steps.find.outputs.id`?"),
        ("$response.body#/other", "use an output of an earlier step"),
    ):
        document = _document({"parameters": [{"name": "a", "in": "query", "value": named}]})
        (found,) = (each for each in _errors(document, tmp_path) if each.code == "expression-unavailable")
        assert found.fix == fix


@pytest.mark.parametrize(
    ("step_id", "needed", "fix"),
    [
        ("tried", "tride", "use `find`"),
        ("fin", "fimd", "did you mean `find`?"),
    ],
)
def test_no_step_is_told_to_depend_on_itself(step_id: str, needed: str, fix: str, tmp_path: Path) -> None:
    (problem,) = _errors(_document({"stepId": step_id, "dependsOn": [needed]}), tmp_path)
    assert (problem.code, problem.fix) == ("unknown-step", fix)
    assert all("this step" not in each.message or "`find`" in each.message for each in problem.related)
