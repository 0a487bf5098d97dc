"""A fix that writes a field is YAML for the very value that is read, whatever its text has in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.repairing import read_repaired

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_OUTPUTS = {"id": "$response.body#/id", "all": "$response.body"}


def _repaired(workflow: dict[str, Any], **step: Any) -> tuple[Any, tuple[Diagnostic, ...]]:
    steps = [{"stepId": "find", "operationId": "a", "outputs": _OUTPUTS}, {"stepId": "s", "operationId": "a", **step}]
    text = json.dumps({"arazzo": "1.1.0", "workflows": [{"workflowId": "w", "steps": steps, **workflow}]})
    repaired, problems = read_repaired(read_document(text, "file:///a.json"))
    return repaired.value["workflows"][0], problems


def _written(problem: Diagnostic) -> Any:
    return yaml.safe_load(problem.fix.split("`")[1])


@pytest.mark.parametrize(
    "text",
    [
        '{\n  "id": $steps.find.outputs.id,\n  "all": $steps.find.outputs.all\n}\n',
        "id: $steps.find.outputs.id",
        "- $steps.find.outputs.id",
        "the  id\n$steps.find.outputs.id # here",
        "[$steps.find.outputs.id]",
    ],
)
def test_an_output_of_any_text_is_written_as_it_is_read(text: str) -> None:
    _, problems = _repaired({"outputs": {"all": {"value": text}}})
    (told,) = (each for each in problems if each.message.endswith("an output is its value alone"))
    assert _written(told) == {"all": text}


@pytest.mark.parametrize("text", ["2:30", "a: b", "[1]", "two  spaces", "# none", "!(a)", "*", "yes", "201"])
def test_a_field_by_another_name_is_written_as_it_is_read(text: str) -> None:
    workflow, problems = _repaired({}, summary=text)
    assert workflow["steps"][1]["description"] == text
    assert [_written(each) for each in problems] == [{"description": text}]


@pytest.mark.parametrize("text", ['$response.body#/a ==  "b  c"', '$response.body#/a == "x: y"\n'])
def test_a_condition_is_written_with_its_texts_as_they_are(text: str) -> None:
    workflow, (problem,) = _repaired({}, successCriteria=[{"condition": text}])
    read = workflow["steps"][1]["successCriteria"][0]["condition"]
    assert " ".join(read.split()) == " ".join(_written(problem)["condition"].split())
    assert ("'b  c'" if "b  c" in text else "'x: y'") in _written(problem)["condition"]
