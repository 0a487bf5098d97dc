"""Schemas of inputs in other files: they are found, held to, and told where they are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from arazzo_engine import Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_ADOPTER: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 2}, "referredBy": {"$ref": "./adopter.json"}},
}
_API: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://x.example"}],
    "paths": {"/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}}},
    "components": {
        "schemas": {
            "Pet": {"type": "object", "properties": {"age": {"$ref": "#/components/schemas/Age"}}},
            "Age": {"type": "integer", "nullable": True, "minimum": 0, "exclusiveMinimum": True},
        }
    },
}


_PET = "api.json#/components/schemas/Pet"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("schemas").mkdir()
    Path("schemas/adopter.json").write_text(json.dumps(_ADOPTER))
    Path("api.json").write_text(json.dumps(_API))


def _write(inputs: dict[str, Any], used: str = "$inputs.name", **more: Any) -> None:
    step = {
        "stepId": "s",
        "operationId": "list",
        "parameters": [{"name": "a", "in": "query", "value": used}],
    }
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [step]}],
        **more,
    }
    Path("w.json").write_text(json.dumps(document, indent=1))


def _found() -> list[Diagnostic]:
    with Engine() as engine:
        return [each for each in engine.validate("w.json") if each.is_error]


def _outcome(**inputs: Any) -> int:
    given = [
        part
        for name, value in inputs.items()
        for part in ("-i", f"{name}={value if isinstance(value, str) else json.dumps(value)}")
    ]
    return run_command(["rehearse", "w.json", *given])


def test_the_whole_schema_may_be_in_another_file_that_refers_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    _write({"$ref": "./schemas/adopter.json"})
    assert _found() == []
    assert _outcome(name="Ann", referredBy={"name": "Bob", "referredBy": {"name": "Cid"}}) == 0
    assert _outcome(name="Ann", referredBy={"name": "Bob", "referredBy": {}}) == 2
    assert "add it to the JSON of `-i referredBy=…`" in capsys.readouterr().err


def test_a_component_may_be_what_refers_to_one() -> None:
    components = {"inputs": {"adopter": {"$ref": "schemas/adopter.json"}}}
    _write({"$ref": "#/components/inputs/adopter"}, components=components)
    assert _found() == []
    assert _outcome(name="Ann") == 0
    assert _outcome(name="A") == 2


def test_an_input_that_the_other_file_does_not_have_is_told() -> None:
    _write({"$ref": "./schemas/adopter.json"}, "$inputs.nmae")
    assert [(each.code, each.fix) for each in _found()] == [("unknown-input", "did you mean `name`?")]


@pytest.mark.parametrize(
    ("reference", "used", "written"),
    [
        (_PET, "$inputs.pet", "{type: object, required: [pet], properties: {pet: {$ref: HERE}}}"),
        (_PET, "$inputs.owner", "{allOf: [{$ref: HERE}], required: [owner], properties: {owner: {}}}"),
        (_PET, "{$inputs.age} {$inputs.pet}", "{allOf: [{$ref: HERE}], required: [pet], properties: {pet: {}}}"),
    ],
)
def test_one_is_declared_beside_the_reference_to_another_file(reference: str, used: str, written: str) -> None:
    _write({"$ref": reference}, used)
    (found,) = _found()
    assert (found.code, found.fix) == ("unknown-input", f"write `inputs: {written.replace('HERE', reference)}`")
    _write(yaml.safe_load(written.replace("HERE", reference)), used)
    assert _found() == []


def test_nothing_is_declared_beside_a_schema_that_allows_no_others() -> None:
    Path("schemas/adopter.json").write_text(json.dumps({**_ADOPTER, "additionalProperties": False}))
    _write({"$ref": "./schemas/adopter.json"}, "$inputs.pet")
    assert [each.fix for each in _found()] == ["declare `pet` in the workflow's `inputs`"]


def test_a_schema_of_an_api_description_means_what_it_means_there() -> None:
    _write({"type": "object", "properties": {"pet": {"$ref": "api.json#/components/schemas/Pet"}}}, "$inputs.pet#/age")
    assert _found() == []
    assert [_outcome(pet={"age": age}) for age in (1, 0, "1")] == [0, 2, 2]


def test_a_schema_is_found_by_the_id_that_it_gives_itself() -> None:
    named = {
        "$id": "https://example.com/schemas/adoption.yaml",
        "type": "object",
        "properties": {"name": {"$ref": "name.yaml"}},
        "$defs": {"name": {"$id": "name.yaml", "type": "string", "minLength": 2}},
    }
    _write({"$ref": "https://example.com/schemas/adoption.yaml"}, components={"inputs": {"adoption": named}})
    assert _found() == []
    assert _outcome(name="Ann") == 0
    assert _outcome(name="A") == 2


def test_a_relative_reference_is_resolved_against_self() -> None:
    _write({"$ref": "adopter.json"}, **{"$self": "schemas/w.json"}, sourceDescriptions=[
        {"name": "api", "url": "../api.json", "type": "openapi"}
    ])  # fmt: skip
    assert _found() == []
    assert _outcome(name="A") == 2


def test_a_reference_that_leads_nowhere_is_told_once_where_it_stands() -> None:
    _write({"type": "object", "properties": {"name": {"$ref": "./schemas/adoptr.json"}}})
    (problem,) = _found()
    assert problem.code == "reference-not-found"
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/inputs/properties/name/$ref"
    components = {"inputs": {"adopter": {"$ref": "schemas/adopter.json#/nothing"}}}
    _write({"$ref": "#/components/inputs/adopter"}, components=components)
    assert [each.code for each in _found()] == ["reference-not-found"]
