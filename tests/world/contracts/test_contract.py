"""Contract checks: what breaks an API description is told with the place of its schema, and what does not is silent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

PRICE = {"type": "object", "required": ["price"], "properties": {"price": {"$ref": "#/components/schemas/Price"}}}


def _json(schema: dict[str, Any], type_: str = "application/json") -> dict[str, Any]:
    return {"content": {type_: {"schema": schema}}}


def _write(folder: Path, operation: dict[str, Any], step: dict[str, Any], **rest: Any) -> str:
    item = {"post": {"operationId": "act", **operation}, **rest.pop("item", {})}
    components = {"schemas": {"Price": {"type": "number", "minimum": 1}}}
    api = {
        "openapi": "3.1.0",
        "info": {},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {"/act/{id}": item},
    }
    (folder / "api.json").write_text(json.dumps({**api, "components": components, **rest}, indent=1))
    parameters = [{"name": "id", "in": "path", "value": "a/b"}, *step.pop("parameters", [])]
    # what is literal is held to the description before anything is sent
    inputs = {"properties": {"given": {"default": "secret-text"}}}
    steps = [{"stepId": "s", "operationId": "act", "parameters": parameters, **step}]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": steps}],
    }
    (folder / "doc.json").write_text(json.dumps(document))
    return str(folder / "doc.json")


def _findings(
    document: str, server: RecordingServer, capsys: pytest.CaptureFixture[str], mode: str = "warn"
) -> tuple[int, list[tuple[str, str, str]]]:
    arguments = ["run", document, "--server", f"{server.url}/other/base", "--check", mode, "--format", "json"]
    code = run_command(arguments)
    report = json.loads(capsys.readouterr().out)
    found = [(each["code"], each["message"], each["location"]["pointer"]) for each in report["diagnostics"]]
    return code, found


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


@pytest.mark.parametrize(
    ("operation", "step", "reply"),
    [
        ({"responses": {"200": _json(PRICE)}}, {}, Reply(200, body={"price": 2})),
        ({"responses": {"2XX": {}}}, {}, Reply(201)),
        (
            {"responses": {"default": _json(PRICE, "application/problem+json")}},
            {},
            Reply(200, (("Content-Type", "Application/Problem+JSON; charset=utf-8"),), '{"price": 2}'),
        ),
        ({"responses": {"200": _json({}, "*/*")}}, {}, Reply(200, body={"price": 2})),
        (
            {"responses": {"200": {}}, "requestBody": _json(PRICE)},
            {"requestBody": {"payload": {"price": 3}}},
            Reply(200),
        ),
        (
            {"responses": {"200": {}}, "security": [{"nobody": []}]},
            {"parameters": [{"name": "k", "in": "header", "value": "x"}]},
            Reply(200),
        ),
        (
            {
                "responses": {"200": {}},
                "parameters": [
                    ID,
                    {"name": "n", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                ],
            },
            {"parameters": [{"name": "n", "in": "query", "value": [1, 2]}]},
            Reply(200),
        ),
    ],
)
def test_what_keeps_the_contract_is_no_finding(
    operation: dict[str, Any],
    step: dict[str, Any],
    reply: Reply,
    server: RecordingServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", reply)
    schemes = {"securitySchemes": {"nobody": {"type": "apiKey", "in": "header", "name": "k"}}}
    document = _write(
        tmp_path, operation, dict(step), components={**schemes, "schemas": {"Price": {"type": "number", "minimum": 1}}}
    )
    assert _findings(document, server, capsys, "error") == (0, [])


@pytest.mark.parametrize(
    ("operation", "step", "reply", "expected"),
    [
        (
            {"responses": {"200": _json(PRICE)}},
            {},
            Reply(200, body={"price": 0.5}),
            (
                "response-contract",
                "the answer's body at `/price` must be at least 1",
                "/components/schemas/Price/minimum",
            ),
        ),
        (
            {"responses": {"200": _json(PRICE)}},
            {},
            Reply(200, body={}),
            (
                "response-contract",
                "the answer's body lacks `price`",
                "/paths/~1act~1{id}/post/responses/200/content/application~1json/schema/required",
            ),
        ),
        (
            {"responses": {"200": _json(PRICE)}},
            {},
            Reply(200, (("Content-Type", "text/html"),), "<p>"),
            (
                "response-contract",
                "the answer's body is `text/html`; operation `act` documents `application/json`",
                "/paths/~1act~1{id}/post",
            ),
        ),
        (
            {"responses": {"200": {}}},
            {},
            Reply(302),
            ("response-undocumented", "operation `act` documents no answer with status 302", "/paths/~1act~1{id}/post"),
        ),
        (
            {"responses": {"200": {}}, "requestBody": _json(PRICE)},
            {"requestBody": {"payload": {"price": "$inputs.given"}}},
            Reply(200),
            (
                "request-contract",
                "the request's body at `/price` must be a number, not a string",
                "/components/schemas/Price/type",
            ),
        ),
        (
            {"responses": {"200": {}}, "parameters": [ID, {"name": "n", "in": "query", "schema": {"type": "integer"}}]},
            {"parameters": [{"name": "n", "in": "query", "value": "$inputs.given"}]},
            Reply(200),
            (
                "request-contract",
                "query parameter `n` must be an integer, not a string",
                "/paths/~1act~1{id}/post/parameters/1/schema/type",
            ),
        ),
        (
            {"responses": {"200": {"headers": {"X-Count": {"required": True, "schema": {"type": "integer"}}}}}},
            {},
            Reply(200),
            (
                "response-contract",
                "the answer's header `X-Count` is required and did not come",
                "/paths/~1act~1{id}/post/responses/200/headers/X-Count",
            ),
        ),
    ],
)
def test_what_breaks_the_contract_is_told(
    operation: dict[str, Any],
    step: dict[str, Any],
    reply: Reply,
    expected: tuple[str, str, str],
    server: RecordingServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", reply)
    document = _write(tmp_path, operation, dict(step))
    code, found = _findings(document, server, capsys)
    assert found == [expected]
    assert "secret-text" not in str(found)
    assert code == 0
    sent = len(server.requests)
    code, found = _findings(document, server, capsys, "error")
    assert (code, found) == (4, [expected])
    # a request that breaks its contract is not sent
    assert len(server.requests) - sent == (expected[0] != "request-contract")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_each_version_of_openapi_is_checked(
    version: str, server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200, body={"price": "no number"}))
    document = _write(tmp_path, {"responses": {"200": _json(PRICE)}}, {}, openapi=version)
    _, found = _findings(document, server, capsys)
    assert [code for code, _, _ in found] == ["response-contract"]


def test_a_parameter_that_refers_to_nothing_at_all_is_no_bug_of_the_check(
    server: RecordingServer, tmp_path: Path
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200))
    document = _write(tmp_path, {"responses": {"200": {}}, "parameters": [ID, {"$ref": 5}]}, {})
    assert run_command(["run", document, "--server", f"{server.url}/other/base", "--check", "warn"]) in {0, 3}


def test_what_cannot_be_checked_is_said(
    server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200, (("Content-Type", "multipart/mixed"),), "--a--"))
    document = _write(tmp_path, {"responses": {"200": _json(PRICE, "multipart/mixed")}}, {})
    message = "operation `act` was not checked as a whole: a multipart body that is no form cannot be"
    assert _findings(document, server, capsys, "error") == (
        0,
        [("contract-unchecked", message, "/paths/~1act~1{id}/post")],
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"price": {"pattern": "("}}},
        {"properties": {"price": {"multipleOf": 0}}},
        {"properties": {"price": {"minimum": "1"}}},
        {"properties": {"price": {"type": 5}}},
        {"properties": {"price": {"type": "nonsense"}}},
        {"properties": {"price": {"$ref": "#/components/schemas/Nowhere"}}},
        {"patternProperties": {"(": {}}},
        {"properties": 5},
        {"required": 5},
        {"$ref": "#/components/schemas/Round"},
        {"$ref": "#/components/schemas/Fan0"},
    ],
)
@pytest.mark.parametrize("value", ["x", 3])
def test_a_schema_that_is_none_cannot_lose_the_report_of_what_happened(
    schema: dict[str, Any], value: object, server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200, body={"price": value}))
    fan = {f"Fan{n}": {"allOf": [{"$ref": f"#/components/schemas/Fan{n + 1}"}] * 2} for n in range(20)}
    round_ = {"allOf": [{"$ref": "#/components/schemas/Round"}]}
    components = {"schemas": {"Price": {}, "Round": round_, **fan, "Fan20": {"type": "object"}}}
    document = _write(tmp_path, {"responses": {"200": _json(schema)}}, {}, components=components)
    code, found = _findings(document, server, capsys)
    assert code == 0
    assert {each[0] for each in found} <= {"contract-unchecked", "response-contract"}
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("schema", "body", "codes"),
    [
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 40 + "!"}, ["response-contract"]),
        ({"properties": {"a": {"pattern": r"^\p{L}+$"}}}, {"a": "é"}, []),
        ({"patternProperties": {"^(a+)+$": {"maximum": 1}}}, {"aa": 2, "a" * 40 + "!": 3}, ["response-contract"]),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {"ab": 1}, []),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {"ab": 1, "b": 1}, ["response-contract"]),
        ({"properties": {"a": {}}, "additionalProperties": {"maximum": 1}}, {"a": 5, "b": 5}, ["response-contract"]),
        ({}, "[" * 10_000 + "]" * 10_000, ["response-contract"]),
        ({}, '{"a": NaN}', ["response-contract"]),
    ],
)
def test_patterns_are_those_of_ecmascript_and_cannot_hang(
    schema: dict[str, Any],
    body: Any,
    codes: list[str],
    server: RecordingServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reply = (
        Reply(200, (("Content-Type", "application/json"),), body) if isinstance(body, str) else Reply(200, body=body)
    )
    server.script("POST", "/other/base/act/a%2Fb", reply)
    document = _write(tmp_path, {"responses": {"200": _json(schema)}}, {})
    assert [code for code, _, _ in _findings(document, server, capsys)[1]] == codes


def test_a_body_is_held_to_its_media_type(
    server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200))
    described = {"responses": {"200": {}}, "requestBody": _json({}, "multipart/form-data") | {"required": True}}
    body = {"contentType": "multipart/form-data", "payload": {"a": "b"}}
    code, found = _findings(_write(tmp_path, described, {"requestBody": body}), server, capsys, "error")
    assert (code, found) == (0, [])
    described["requestBody"] = _json({}, "application/json")
    code, found = _findings(_write(tmp_path, described, {"requestBody": body}), server, capsys, "error")
    assert (code, [each[0] for each in found]) == (4, ["body-undescribed", "request-contract"])


def test_a_schema_in_another_file_is_found(
    server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schemas.json").write_text(json.dumps({"Price": {"type": "array", "maxItems": 0}}))
    server.script("POST", "/other/base/act/a%2Fb", Reply(200, body=[4]))
    document = _write(tmp_path, {"responses": {"200": _json({"$ref": "schemas.json#/Price"})}}, {})
    _, found = _findings(document, server, capsys)
    assert found == [("response-contract", "the answer's body must have at most 0 elements", "/Price/maxItems")]


# --- an answer after redirects: held to the operation only where that was asked ---

_ELSEWHERE = "an answer that a redirect led to, with another method or at another path, cannot be"


@pytest.mark.parametrize(
    ("status", "location", "reached", "told"),
    [
        (303, "/other/base/act/a%2Fb", "GET /other/base/act/a%2Fb", "contract-unchecked"),
        (302, "/login", "GET /login", "contract-unchecked"),
        (307, "/other/base/act/c", "POST /other/base/act/c", "contract-unchecked"),
        (308, "/other/base/act/a%2Fb/", "POST /other/base/act/a%2Fb/", "response-contract"),
    ],
)
def test_an_answer_after_a_redirect_is_held_to_the_operation_only_where_it_was_asked(
    status: int,
    location: str,
    reached: str,
    told: str,
    server: RecordingServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(status, (("Location", location),)))
    method, path = reached.split()
    server.script(method, path, Reply(200, body={"price": "no number"}))
    document = _write(tmp_path, {"responses": {"200": _json(PRICE)}}, {})
    arguments = ["run", document, "--server", f"{server.url}/other/base", "--check", "error", "--follow-redirects"]
    code = run_command([*arguments, "--format", "json"])
    found = [(each["code"], each["message"]) for each in json.loads(capsys.readouterr().out)["diagnostics"]]
    assert [each for each, _ in found] == [told]
    assert code == (0 if told == "contract-unchecked" else 4)
    assert all(message.endswith(_ELSEWHERE) for each, message in found if each == "contract-unchecked")


@pytest.mark.parametrize(("most", "told"), [(2, []), (1, ["request-contract"])])
def test_a_multipart_payload_that_is_no_form_is_held_to_its_schema_by_its_values(
    most: int, told: list[str], server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/other/base/act/a%2Fb", Reply(200))
    schema = {"type": "array", "maxItems": most}
    described = {"responses": {"200": {}}, "requestBody": _json(schema, "multipart/mixed")}
    body = {"contentType": "multipart/mixed", "payload": ["$inputs.given", "b"]}
    _, found = _findings(_write(tmp_path, described, {"requestBody": body}), server, capsys)
    assert [code for code, _, _ in found] == told
