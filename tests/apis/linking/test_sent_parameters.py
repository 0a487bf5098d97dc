"""Parameters in the body are the request body: all of it by the name that OpenAPI 2.0 has for it, else members."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine, rehearse

if TYPE_CHECKING:
    from pathlib import Path

_KENNEL: dict[str, Any] = {"type": "object", "properties": {"dogs": {"type": "integer"}}}
_READ = "repaired: the parameters in the body are read as `requestBody: "
_WORDS = "what a body holds is its `payload`"


def _written(folder: Path, parameters: list[Any], described: list[Any], consumes: str = "application/json") -> Path:
    operation = {"operationId": "put", "consumes": [consumes], "parameters": described, "responses": {"200": {}}}
    api = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "a.example",
        "schemes": ["https"],
        "paths": {"/a": {"put": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    kennel = {"type": "object", "default": {"dogs": 3}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "inputs": {"type": "object", "properties": {"kennel": kennel}},
                "steps": [{"stepId": "a", "operationId": "put", "parameters": parameters}],
            }
        ],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _told(path: Path) -> list[str]:
    with Engine() as engine:
        return [f"{each.code}: {each.message}" for each in engine.validate(path)]


def _sent(path: Path) -> tuple[str, str]:
    (step,) = rehearse(path, "w").steps
    assert step.request is not None
    kind = dict(step.request.headers)["Content-Type"]
    return kind.partition(";")[0], bytes(step.request.content).decode()


@pytest.mark.parametrize("value", ["$inputs.kennel", {"dogs": 3}])
@pytest.mark.parametrize("name", ["kennel", "body"])
def test_what_has_the_name_of_the_body_is_all_of_it(tmp_path: Path, name: str, value: Any) -> None:
    described = [{"name": "kennel", "in": "body", "schema": _KENNEL}]
    path = _written(tmp_path, [{"name": name, "in": "body", "value": value}], described)
    payload = json.dumps({"payload": value}, separators=(",", ":"))
    assert _told(path) == [f"{_READ}{payload}`: {_WORDS}"]
    assert _sent(path) == ("application/json", '{"dogs":3}')


def test_what_has_another_name_is_a_member(tmp_path: Path) -> None:
    described = [{"name": "kennel", "in": "body", "schema": _KENNEL}]
    path = _written(tmp_path, [{"name": "dogs", "in": "body", "value": 3}], described)
    assert _sent(path) == ("application/json", '{"dogs":3}')


def test_what_an_expression_gives_is_a_member_also_where_a_selector_is_read_for_it(tmp_path: Path) -> None:
    described = [{"name": "kennel", "in": "body", "schema": {}}]
    path = _written(tmp_path, [{"name": "ids", "in": "body", "value": "$inputs.kennel.dogs[*].id"}], described)
    assert [each.partition(":")[0] for each in _told(path)] == ["repaired", "repaired"]


def test_an_object_is_a_member_where_the_body_has_one_of_that_name(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"owner": {"type": "object"}}}
    path = _written(
        tmp_path,
        [{"name": "owner", "in": "body", "value": {"id": 1}}],
        [{"name": "kennel", "in": "body", "schema": schema}],
    )
    assert _sent(path) == ("application/json", '{"owner":{"id":1}}')


@pytest.mark.parametrize(("name", "members"), [("kennel", ["kennel"]), ("other", ["dogs"])])
def test_what_may_be_all_of_the_body_or_a_member_is_refused(tmp_path: Path, name: str, members: list[str]) -> None:
    schema = {"type": "object", "properties": {each: {} for each in members}}
    described = [{"name": "kennel", "in": "body", "schema": schema}]
    path = _written(tmp_path, [{"name": name, "in": "body", "value": {"dogs": 3}}], described)
    with Engine() as engine:
        (problem,) = [each for each in engine.validate(path) if each.code == "field-value"]
    assert problem.message == f"parameter `{name}` in the body may be all of it, or a member of that name"
    assert problem.fix == (
        'write `requestBody: {"payload":{"dogs":3}}` if it is all of it, '
        f'and `requestBody: {{"payload":{{"{name}":{{"dogs":3}}}}}}` if it is a member'
    )


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("name", ["title", "data"])
def test_a_field_of_a_form_is_sent_in_the_form_that_the_operation_takes(tmp_path: Path, kind: str, name: str) -> None:
    described = [{"name": name, "in": "formData", "type": "string"}]
    path = _written(tmp_path, [{"name": name, "in": "formData", "value": "x"}], described, kind)
    new = json.dumps({"contentType": kind, "payload": {name: "x"}}, separators=(",", ":"))
    assert _told(path) == [f"{_READ}{new}`: {_WORDS}"]
    sent = _sent(path)
    assert sent[0] == kind
    assert (f'name="{name}"' in sent[1]) if kind.startswith("multipart") else (sent[1] == f"{name}=x")


def test_it_is_written_where_the_parameters_stand(tmp_path: Path) -> None:
    described = [{"name": "kennel", "in": "body", "schema": _KENNEL}]
    path = _written(tmp_path, [{"name": "kennel", "in": "body", "value": "$inputs.kennel"}], described)
    with Engine() as engine:
        (problem,) = engine.validate(path)
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/0/parameters/0/in"
    assert [each.value["requestBody"] for each in problem.edits] == [{"payload": "$inputs.kennel"}]


def test_an_operation_without_a_body_gets_them_where_it_has_parameters_of_their_names(tmp_path: Path) -> None:
    described = [{"name": each, "in": "query", "type": "string"} for each in ("limit", "sort")]
    given = [
        {"name": "limit", "in": "body", "value": 1},
        {"name": "sort", "in": "body", "value": "$inputs.kennel#/dogs"},
    ]
    path = _written(tmp_path, given, described)
    reason = "the operation takes no body, and has a parameter of each name there"
    assert _told(path) == [f"repaired: the parameters in the body are read as `in: query`: {reason}"]
    (step,) = rehearse(path, "w").steps
    assert step.request is not None
    assert step.request.url.startswith("https://a.example/a?limit=1&sort=")
    assert not step.request.content
    with Engine() as engine:
        (problem,) = engine.validate(path)
        assert engine.fix(path).text.count('"in": "query"') == 2
    assert '"name":"limit","in":"query","value":1' in str(problem.fix)


def test_a_body_that_only_one_of_its_parts_is_a_parameter_of_is_left_as_one(tmp_path: Path) -> None:
    given = [{"name": "limit", "in": "body", "value": 1}, {"name": "dogs", "in": "body", "value": 2}]
    path = _written(tmp_path, given, [{"name": "limit", "in": "query", "type": "string"}])
    assert [each.partition(":")[0] for each in _told(path)] == ["repaired"]
    assert _sent(path) == ("application/json", '{"limit":1,"dogs":2}')
