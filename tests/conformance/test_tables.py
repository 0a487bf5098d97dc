"""Every row of the conformance tables, evaluated by our engine, and evaluated again inside something longer."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from runner.cases import ROOT
from scripted import ScriptedWorld

from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT, NOT_RUN
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.language.conditions.condition import judge
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.criteria import judge_criteria
from arazzo_engine.language.expressions.grammar import ExpressionError, parse_expression
from arazzo_engine.language.expressions.scope import Scope, WorkflowValues
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.language.objects import SourceDescription
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.reading.nodes import Reading
from arazzo_engine.language.reading.values import read_template
from arazzo_engine.language.templates import MissingValue, render
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import check_document, make_ready

_OUTCOMES = {"absent": ABSENT, "notRun": NOT_RUN, "error": "error"}


@cache
def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((ROOT / "tables" / f"{name}.json").read_text(encoding="utf-8"))
    return table


def _rows(name: str) -> list[Any]:
    return [pytest.param(row, id=str(number)) for number, row in enumerate(_table(name)["rows"])]


def _wanted(row: dict[str, Any]) -> Any:
    return next((outcome for key, outcome in _OUTCOMES.items() if key in row), row.get("value"))


def _headers(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = message.get("headers", {}).items()
    given = [(name, each) for name, value in pairs for each in (value if isinstance(value, list) else [value])]
    named = {name.lower() for name, _ in given}
    return (
        tuple(given)
        if "content-type" in named or "body" not in message
        else (*given, ("Content-Type", "application/json"))
    )


def _content(message: dict[str, Any]) -> bytes:
    if "body" not in message:
        return b""
    headers = dict(_headers(message))
    is_json = "json" in next(value for name, value in headers.items() if name.lower() == "content-type")
    return json.dumps(message["body"]).encode() if is_json else message["body"].encode()


def _scope(name: str, row: dict[str, Any]) -> Scope:
    given = _table(name).get("scopes", {})[row["scope"]] if "scope" in row else {}
    at = read_document("{}", "file:///scope.json").root()
    request, response = given.get("request"), given.get("response")
    return Scope(
        inputs=given.get("inputs", {}),
        steps=given.get("steps", {}),
        workflows={
            key: WorkflowValues(each["inputs"], each["outputs"]) for key, each in given.get("workflows", {}).items()
        },
        outputs=given.get("outputs", {}),
        sources={key: SourceDescription(at=at, name=key, url=url) for key, url in given.get("sources", {}).items()},
        self_uri=given.get("self"),
        request=None if request is None else _request(request),
        response=None if response is None else Response(response["status"], _headers(response), _content(response)),
    )


def _request(given: dict[str, Any]) -> Request:
    payload = given.get("body", ABSENT)
    places = given.get("path", {}), given.get("query", {})
    return Request(given.get("method", "GET"), given.get("url", ""), _headers(given), _content(given), payload, *places)


@pytest.mark.parametrize("path", sorted((ROOT / "tables").glob("*[!a].json")), ids=lambda path: path.stem)
def test_a_table_follows_the_schema_and_its_rows_are_different(path: Any) -> None:
    schema = Draft202012Validator(json.loads((ROOT / "tables" / "table.schema.json").read_text(encoding="utf-8")))
    table = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in schema.iter_errors(table)] == []
    texts = [
        json.dumps({key: each for key, each in row.items() if key != "note"}, sort_keys=True) for row in table["rows"]
    ]
    assert [text for text in texts if texts.count(text) > 1] == []


@pytest.mark.parametrize("row", _rows("expressions"))
def test_an_expression_gives_its_value(row: dict[str, Any]) -> None:
    try:
        found = parse_expression(row["expression"]).evaluate(_scope("expressions", row))
    except ExpressionError:
        found = "error"
    assert found is _wanted(row) or (found, type(found)) == (_wanted(row), type(_wanted(row)))


@pytest.mark.parametrize("row", [each for each in _rows("expressions") if "value" in each.values[0]])
def test_an_expression_in_a_longer_string_gives_the_same_as_text(row: dict[str, Any]) -> None:
    found = _render(f"before {{{row['expression']}}} after", _scope("expressions", row))
    assert found == f"before {text_of(row['value'])} after"


@pytest.mark.parametrize("row", _rows("conditions"))
@pytest.mark.parametrize("around", ["{}", "({}) && true", "false || !(!({}))"])
def test_a_condition_passes_or_fails_alone_and_within_a_longer_one(row: dict[str, Any], around: str) -> None:
    found: bool | str
    try:
        found = judge(parse_condition(around.format(row["condition"])), _scope("conditions", row)).passed
    except ExpressionError:
        found = "error"
    assert found == ("error" if "error" in row else row["result"])


@pytest.mark.parametrize("row", _rows("criteria"))
def test_a_criterion_passes_or_fails(row: dict[str, Any]) -> None:
    found = _judged(row)
    assert found == ("error" if "error" in row else row["result"])


def _judged(row: dict[str, Any]) -> bool | str:
    step = {"stepId": "s", "operationId": "o", "successCriteria": [row["criterion"]]}
    # what a row is given is declared, or naming it would be a mistake of the document
    described: dict[str, Any] = {"properties": {key: {} for key in _scope("criteria", row).inputs}}
    written = json.dumps(_document(step, inputs=described))
    checked = check_document(read_document(written, "file:///main.json"), _OneSource(_api({})))
    if checked.errors:
        return "error"
    (result,) = judge_criteria(
        checked.description.workflows[0].steps[0].success_criteria or (), _scope("criteria", row)
    )
    return result.passed


def _render(template: Any, scope: Scope) -> Any:
    reading = Reading(version_1_1=True)
    parsed = read_template(reading, template, read_document("", "file:///t").root())
    if reading.problems:
        return "error"
    try:
        return render(parsed, scope, scope.room())
    except MissingValue:
        return "error"


@pytest.mark.parametrize("row", _rows("templates"))
def test_a_template_becomes_its_value(row: dict[str, Any]) -> None:
    found = _render(row["template"], _scope("templates", row))
    assert found is _wanted(row) or json.dumps(found) == json.dumps(_wanted(row))


@pytest.mark.parametrize(
    "row",
    [each for each in _rows("templates") if isinstance(each.values[0]["template"], str) and "value" in each.values[0]],
)
def test_a_template_in_a_longer_string_becomes_the_same_as_text(row: dict[str, Any]) -> None:
    scope = _scope("templates", row)
    template = row["template"]
    # a bare expression is embedded by braces; a string that embeds expressions already is put between other text
    is_bare = template.startswith("$") and _render(f"{{{template}}}", scope) != f"{{{template}}}"
    embedded = f"{{{template}}}" if is_bare else template
    assert _render(f"before {embedded} after", scope) == f"before {text_of(row['value'])} after"


def _document(step: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {
        "arazzo": "1.1.0",
        "info": {"title": "Row", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [step], **rest}],
    }


class _OneSource(SourceLoader):
    def __init__(self, description: dict[str, Any]) -> None:
        self._api = read_document(json.dumps(description), "file:///api.json")

    def get(self, uri: str) -> Any:
        raise KeyError(uri)

    def load_source(self, source: object, base_uri: str) -> Any:
        del source, base_uri
        return self._api


def _api(operation: dict[str, Any]) -> dict[str, Any]:
    path = "/x/{" + operation["parameters"][0]["name"] + "}" if _has_path(operation) else "/x"
    return {
        "openapi": "3.1.0",
        "info": {"title": "Row", "version": "1"},
        "servers": [{"url": "https://x.example"}],
        "paths": {path: {"post": {"operationId": "o", "responses": {}, **operation}}},
    }


def _sent(step: dict[str, Any], operation: dict[str, Any], inputs: dict[str, Any]) -> Request:
    value = _document({"stepId": "s", "operationId": "o", **step})
    value["workflows"][0]["inputs"] = {"type": "object", "properties": {key: {} for key in inputs}}
    document = read_document(json.dumps(value), "file:///main.json")
    checked = check_document(document, _OneSource(_api(operation)))
    # what is read in another way than it is written is no value of a table
    if repaired := [each for each in checked.problems if each.code == "repaired"]:
        raise ArazzoError(*repaired)
    ready = make_ready(checked, ["main"], GivenInputs(inputs), Settings(Access()))
    world = ScriptedWorld()
    report = drive(run(Session(ready.linked, Settings()), ready.calls[0], "run"), world)
    if not world.sent:
        raise ArazzoError(*report.diagnostics, *(each for step in report.steps for each in step.diagnostics))
    return world.sent[0].request


def _has_path(operation: dict[str, Any]) -> bool:
    return any(parameter["in"] == "path" for parameter in operation.get("parameters", []))


@pytest.mark.parametrize("row", _rows("serialization"))
def test_a_parameter_is_written_as_its_description_says(row: dict[str, Any]) -> None:
    parameter = row["parameter"]
    declared = {**parameter, "required": True} if parameter["in"] == "path" else parameter
    given = {"name": parameter["name"], "in": parameter["in"], "value": row["value"]}
    try:
        request = _sent({"parameters": [given]}, {"parameters": [declared]}, {})
    except ArazzoError:
        assert "error" in row
        return
    assert "error" not in row
    accepted = row["sends"] if isinstance(row["sends"], list) else [row["sends"]]
    assert _written(request, parameter) in accepted


def _written(request: Request, parameter: dict[str, Any]) -> str:
    match parameter["in"]:
        case "path":
            return urlsplit(request.url).path.removeprefix("/x/")
        case "query":
            return urlsplit(request.url).query
        case "header":
            return next((value for name, value in request.headers if name == parameter["name"]), "")
        case _:
            return next((value for name, value in request.headers if name == "Cookie"), "")


@pytest.mark.parametrize("row", _rows("base-uris"))
def test_a_reference_resolves_against_the_base_uri(row: dict[str, Any]) -> None:
    document = _document({"stepId": "s", "operationId": "o"})
    document["sourceDescriptions"][0]["url"] = row["reference"]
    if "self" in row:
        document["$self"] = row["self"]
    description = read_description(read_document(json.dumps(document), row["retrieved"])).description
    (found, *_) = Loader()._candidates(description.source_descriptions[0], base_uri(description))
    assert found == row["value"]


@pytest.mark.parametrize("row", _rows("replacements"))
def test_a_payload_has_its_replacements(row: dict[str, Any]) -> None:
    found = _replaced(row)
    assert found == ("error" if "error" in row else row["value"])


def _replaced(row: dict[str, Any]) -> Any:
    inputs = _table("replacements")["scopes"][row["scope"]]["inputs"] if "scope" in row else {}
    body = {key: row[key] for key in ("contentType", "payload", "replacements")}
    try:
        request = _sent({"requestBody": body}, {"requestBody": {"content": {row["contentType"]: {}}}}, inputs)
    except ArazzoError:
        return "error"
    return json.loads(bytes(request.content)) if "json" in row["contentType"] else bytes(request.content).decode()
