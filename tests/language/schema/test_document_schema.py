"""The JSON Schema of Arazzo documents has the reader's fields, and says of a document what the reader says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import jsonschema_rs
import places
import pytest
import yaml
from changed import changed_documents

from arazzo_engine import Engine
from arazzo_engine.language import fixed_fields
from arazzo_engine.language.fixed_fields import ObjectFields
from arazzo_engine.language.schema.document import VERSIONS, document_schema
from arazzo_engine.language.schema.fields import FIELDS

if TYPE_CHECKING:
    from pathlib import Path

_OBJECTS: Final = [each for each in vars(fixed_fields).values() if isinstance(each, ObjectFields)]
_SCHEMAS: Final = {version: document_schema(version) for version in VERSIONS}
_JUDGES: Final = {version: jsonschema_rs.Draft202012Validator(schema) for version, schema in _SCHEMAS.items()}
_SHOP: Final = places.SHOP / "orders.arazzo.yaml"
_BUNDLED: Final = [_SHOP, *sorted((places.ROOT / "specs").glob("*/arazzo/*.y*ml"))]
# what the reader says of the form of a document, whatever the sources hold
_OF_FORM: Final = frozenset(
    {
        *("field-missing", "field-unknown", "field-type", "field-value"),
        *("empty-list", "exclusive-fields", "invalid-name", "parameter-location"),
    }
)


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _errors(document: dict[str, Any]) -> list[jsonschema_rs.ValidationError]:
    version = "1.0" if str(document.get("arazzo")).startswith("1.0") else "1.1"
    return list(_JUDGES[version].iter_errors(document))


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_a_schema_of_2020_12(version: str) -> None:
    jsonschema.Draft202012Validator.check_schema(_SCHEMAS[version])
    assert _SCHEMAS[version]["$id"] == f"urn:arazzo-engine:document:{version}"


def test_a_version_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match=r"there is no schema of Arazzo 2\.0: name one of 1\.1, 1\.0"):
        document_schema("2.0")


@pytest.mark.parametrize("fields", _OBJECTS, ids=lambda fields: fields.name)
def test_the_fields_of_an_object_are_those_that_the_reader_reads(fields: ObjectFields) -> None:
    assert set(FIELDS[fields.name]) == set(fields.allowed(version_1_1=True))


def test_every_object_that_the_reader_reads_is_in_the_schema() -> None:
    assert set(FIELDS) == {each.name for each in _OBJECTS}
    described = [_SCHEMAS["1.1"], *_SCHEMAS["1.1"]["$defs"].values()]
    fields = [tuple(each["properties"]) for each in described]
    assert all(each.allowed(version_1_1=True) in fields for each in _OBJECTS)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_says_what_it_is_for_in_a_sentence(name: str) -> None:
    for field in FIELDS[name].values():
        assert field.description[0].isupper()
        assert field.description.endswith(".")


@pytest.mark.parametrize("path", _BUNDLED, ids=lambda path: path.name)
def test_the_documents_of_the_project_fit(path: Path) -> None:
    assert _errors(_read(path)) == []


def _with(step: dict[str, Any], **workflow: Any) -> dict[str, Any]:
    return {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "shop.yaml"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "a", **step}], **workflow}],
    }


_CALL: Final = {"operationId": "op"}
_WRONG: Final[dict[str, dict[str, Any]]] = {
    "an unknown field": {**_CALL, "colour": "red"},
    "no target": {},
    "two targets": {**_CALL, "workflowId": "v"},
    "an operation's parameter without a place": {**_CALL, "parameters": [{"name": "a", "value": 1}]},
    "a place that there is not": {**_CALL, "parameters": [{"name": "a", "in": "body", "value": 1}]},
    "a body for a workflow": {"workflowId": "v", "requestBody": {"payload": 1}},
    "an action that goes nowhere": {**_CALL, "onSuccess": [{"name": "a", "type": "goto"}]},
    "an action that goes to two places": {
        **_CALL, "onFailure": [{"name": "a", "type": "goto", "stepId": "a", "workflowId": "v"}],
    },
    "a retry of a success": {**_CALL, "onSuccess": [{"name": "a", "type": "retry"}]},
    "parameters for no workflow": {
        **_CALL, "onFailure": [{"name": "a", "type": "end", "parameters": [{"name": "a", "value": 1}]}],
    },
    "a place of an action's parameter": {
        **_CALL, "onFailure": [
            {"name": "a", "type": "goto", "workflowId": "v", "parameters": [{"name": "a", "in": "query", "value": 1}]}
        ],
    },
    "a criterion without its context": {**_CALL, "successCriteria": [{"condition": "$.a", "type": "jsonpath"}]},
    "a version of another language": {
        **_CALL, "successCriteria": [
            {"condition": "$.a", "context": "$response.body", "type": {"type": "jsonpath", "version": "xpath-30"}}
        ],
    },
    "no criteria": {**_CALL, "successCriteria": []},
    "replacements in nothing": {**_CALL, "requestBody": {"replacements": [{"target": "/a", "value": 1}]}},
    "an output with a space": {**_CALL, "outputs": {"the id": "$response.body"}},
    "a reference to an input": {**_CALL, "parameters": [{"reference": "$components.inputs.a"}]},
    "an answer that nobody awaits": {"channelPath": "c", "action": "send", "correlationId": "1"},
    "an answer without a name": {"channelPath": "c", "action": "receive", "correlationId": None},
}  # fmt: skip
_RIGHT: Final[dict[str, dict[str, Any]]] = {
    "an extension": {**_CALL, "x-colour": "red"},
    "an operation's parameter": {**_CALL, "parameters": [{"name": "a", "in": "query", "value": {"b": [1]}}]},
    "a workflow's parameter": {"workflowId": "v", "parameters": [{"name": "a", "value": 1}]},
    "a component": {**_CALL, "parameters": [{"reference": "$components.parameters.a", "value": 1, "other": 2}]},
    "an action that goes on": {**_CALL, "onFailure": [{"name": "a", "type": "retry", "retryAfter": 0.5}]},
    "a versioned criterion": {
        **_CALL, "successCriteria": [
            {"condition": "$.a", "context": "$response.body", "type": {"type": "jsonpath", "version": "rfc9535"}}
        ],
    },
    "a selector": {
        **_CALL, "outputs": {"a": {"context": "$response.body", "selector": "/a", "type": "jsonpointer"}},
    },
    "a body": {**_CALL, "requestBody": {"payload": "a", "replacements": [{"target": "/a", "value": 1}]}},
    "a message that is awaited": {"channelPath": "c", "action": "receive", "correlationId": "$inputs.id"},
    "steps before it": {**_CALL, "dependsOn": ["b", "$workflows.w.steps.c", "$sourceDescriptions.d.w.steps.e"]},
}  # fmt: skip


@pytest.mark.parametrize("step", _WRONG.values(), ids=_WRONG)
def test_a_wrong_step_does_not_fit(step: dict[str, Any]) -> None:
    assert _errors(_with(step)) != []


@pytest.mark.parametrize("step", _RIGHT.values(), ids=_RIGHT)
def test_a_right_step_fits(step: dict[str, Any]) -> None:
    assert _errors(_with(step)) == []


def test_what_exists_since_1_1_does_not_fit_1_0() -> None:
    document = {**_with(_CALL), "arazzo": "1.0.1"}
    assert _errors(document) == []
    assert [each.message for each in _errors({**document, "$self": "urn:a"})] == [
        "Additional properties are not allowed ('$self' was unexpected)"
    ]
    in_query = {**_CALL, "parameters": [{"name": "a", "in": "querystring", "value": "a=1"}]}
    assert _errors(_with(in_query)) == []
    assert _errors({**_with(in_query), "arazzo": "1.0.1"}) != []


def test_one_mistake_is_told_once_and_where_it_is() -> None:
    (error,) = _errors(_with({**_CALL, "parameters": [{"name": "a", "in": "bdy", "value": 1}]}))
    assert [*error.instance_path] == ["workflows", 0, "steps", 0, "parameters", 0, "in"]
    assert "is not one of" in error.message


@pytest.mark.parametrize("path", _BUNDLED, ids=lambda path: path.name)
def test_a_change_is_refused_by_the_schema_when_the_reader_tells_its_form(path: Path) -> None:
    with Engine() as engine:
        for what, document in changed_documents(_read(path), 60, seed=11):
            found = engine.validate(json.dumps(document), base=path.with_suffix(".json"))
            of_form = [each for each in found if each.is_error and each.code in _OF_FORM and not _of_a_component(each)]
            refused = _errors(document)
            # a part of a document that the reader goes over is refused by the schema, and the other way round
            assert not of_form or refused, f"{what}: {of_form[0]}"
            assert not refused or found, f"{what}: {refused[0].message}"


def _of_a_component(finding: Any) -> bool:
    """Whether a component lacks what the place that refers to it needs: a schema follows no reference."""
    return finding.code == "parameter-location" and "/components/" in finding.location.pointer
