"""An output whose name no output may have gets one that it may have, and so does every expression that names it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.repairs.corrections import Repaired, repair


def _repaired(outputs: dict[str, str], *texts: str, **more: Any) -> Repaired:
    steps = [
        {"stepId": "find", "operationId": "find", "outputs": outputs},
        {"stepId": "use", "operationId": "use", "requestBody": {"payload": list(texts)}},
    ]
    workflow = {"workflowId": "w", "inputs": {"type": "object"}, "steps": steps, **more}
    return repair(read_document(json.dumps({"arazzo": "1.1.0", "workflows": [workflow]}), "file:///w.json"))


def _texts(repaired: Repaired) -> list[str]:
    payload: list[str] = repaired.document.value["workflows"][0]["steps"][1]["requestBody"]["payload"]
    return payload


def _names(repaired: Repaired) -> list[str]:
    return [*repaired.document.value["workflows"][0]["steps"][0]["outputs"]]


NAMES = (
    ("Token (raw)", "Token_raw"),
    ("Array<Item>", "Array_Item"),
    ("items[]", "items"),
    ("a b", "a_b"),
    ("Preis (€)", "Preis"),
    ("()", "output"),
)


@pytest.mark.parametrize(("found", "written"), NAMES)
def test_a_name_is_written_with_the_characters_that_it_may_have(found: str, written: str) -> None:
    repaired = _repaired(
        {found: "$response.body"}, f"$steps.find.outputs.{found}", f"a {{$steps.find.outputs.{found}}}"
    )
    assert _names(repaired) == [written]
    assert _texts(repaired) == [f"$steps.find.outputs.{written}", f"a {{$steps.find.outputs.{written}}}"]


def test_a_declared_name_is_meant_before_a_part_of_a_value() -> None:
    outputs = {"lists": "$response.body#/lists", "lists[0].id": "$response.body#/lists/0/id"}
    repaired = _repaired(outputs, "$steps.find.outputs.lists[0].id", "$steps.find.outputs.lists[0].name")
    assert _texts(repaired) == ["$steps.find.outputs.lists_0_.id", "$steps.find.outputs.lists#/0/name"]


def test_what_another_output_is_called_stays_free() -> None:
    repaired = _repaired({"a b": "$response.body", "a_b": "$url", "a  b": "$method"}, "$steps.find.outputs.a_b")
    assert _names(repaired) == ["a_b-2", "a_b", "a_b-3"]
    assert _texts(repaired) == ["$steps.find.outputs.a_b"]


@pytest.mark.parametrize("text", ["$steps.find.outputs.a bc", "$steps.other.outputs.a b", "the a b"])
def test_a_text_that_names_something_else_stays_as_it_is(text: str) -> None:
    assert _texts(_repaired({"a b": "$response.body"}, text)) == [text]


def test_the_outputs_of_a_workflow_are_named_anew_where_it_is_called() -> None:
    called = {"workflowId": "log in", "steps": [], "outputs": {"Token (raw)": "$url"}, "inputs": {}}
    step = {"stepId": "call", "workflowId": "log in", "outputs": {"own": "$outputs.Token (raw)"}}
    caller = {
        "workflowId": "w",
        "inputs": {},
        "steps": [step],
        "outputs": {"a": "$steps.call.outputs.Token (raw)", "b": "$workflows.log in.outputs.Token (raw)"},
    }
    text = json.dumps({"arazzo": "1.0.1", "workflows": [called, caller]})
    value = repair(read_document(text, "file:///w.json")).document.value
    assert value["workflows"][0]["outputs"] == {"Token_raw": "$url"}
    assert value["workflows"][1]["steps"][0]["outputs"] == {"own": "$outputs.Token_raw"}
    assert value["workflows"][1]["outputs"] == {
        "a": "$steps.call.outputs.Token_raw",
        "b": "$workflows.log in.outputs.Token_raw",
    }


def test_each_place_is_told_once_with_what_to_write() -> None:
    name, reference = _repaired({"Token (raw)": "$response.body"}, "$steps.find.outputs.Token (raw)").problems
    reason = "the name of an output has letters, digits, `.`, `-` and `_`"
    assert name.message == f"the name `Token (raw)` is read as `Token_raw`: {reason}"
    assert name.fix == "write `Token_raw`"
    assert reference.message == (
        f"`$steps.find.outputs.Token (raw)` is read as `$steps.find.outputs.Token_raw`: {reason}"
    )
    assert reference.fix == "write `$steps.find.outputs.Token_raw`"


def test_what_is_wrong_with_such_an_output_is_told_where_it_stands() -> None:
    text = json.dumps(
        {
            "arazzo": "1.1.0",
            "workflows": [
                {
                    "workflowId": "w",
                    "steps": [{"stepId": "s", "operationId": "o", "outputs": {"a b": "$response.bdy"}}],
                }
            ],
        },
        indent=1,
    )
    problems = read_description(read_document(text, "file:///w.json")).problems
    (problem,) = [each for each in problems if each.code == "invalid-expression"]
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/0/outputs/a b"
    assert "$response.bdy" in problem.location.source
