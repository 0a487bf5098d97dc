"""The report in JSON has each request as it went over the wire, and each answer as it came, however that came about."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from digest_server import PASSWORD, USER, DigestServer
from loopback import Reply

from arazzo_engine import Engine, RunReport
from arazzo_engine.cli import run_command
from arazzo_engine.language.messages.files import LARGEST_SHOWN

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Recorded, RecordingServer

_BYTES = b"\x00\xff\x01"
_MANY = b"\xfe" * (LARGEST_SHOWN + 1)
_RETRY = {"name": "again", "type": "retry", "retryAfter": 0, "retryLimit": 2}
_CONTENT: dict[str, Any] = {
    each: {"schema": {}} for each in ("application/json", "application/octet-stream", "text/plain", "application/xml")
}
_FORM: dict[str, Any] = {"application/x-www-form-urlencoded": {"schema": {}}}
_PARTS: dict[str, Any] = {"multipart/form-data": {"schema": {"properties": {"f": {"format": "binary"}}}}}
_API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "A", "version": "1"},
    "paths": {
        "/a": {
            "put": {"operationId": "op", "responses": {}, "requestBody": {"content": _CONTENT | _FORM | _PARTS}},
            "get": {"operationId": "read", "responses": {}},
        }
    },
}


def _write(folder: Path, url: str, *steps: dict[str, Any], **more: Any) -> Path:
    (folder / "api.json").write_text(json.dumps({**_API, "servers": [{"url": url}], **more}))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "main",
                "inputs": {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}},
                "steps": [{"stepId": f"s{index}", "operationId": "op", **each} for index, each in enumerate(steps)],
            }
        ],
    }
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


def _sending(content_type: str, payload: Any) -> dict[str, Any]:
    return {"requestBody": {"contentType": content_type, "payload": payload}}


def _compare(told: dict[str, Any], sent: Recorded, url: str) -> None:
    """Hold the form of a request to what arrived: no other way leads from the bytes to the form."""
    assert (told["method"], told["url"]) == (sent.method, url + sent.path)
    assert [(each["name"], each["value"]) for each in told["headers"]] == list(sent.headers)
    known = told.get("bodyBytes")
    if known is None:
        assert told["body"].encode() == sent.body
        return
    assert known["length"] == len(sent.body)
    if known["length"] > LARGEST_SHOWN:
        assert known["sha256"] == hashlib.sha256(sent.body).hexdigest()
    else:
        assert b64decode(known["base64"]) == sent.body


_BODIES = {
    "none": {},
    "JSON": _sending("application/json", {"a": "é", "b": [1, 2.5, None]}),
    "form": _sending("application/x-www-form-urlencoded", {"a": "é &=", "b": [1, 2]}),
    "text": _sending("text/plain", "zwei\nZeilen"),
    "XML": _sending("application/xml", "<a>é</a>"),
    "bytes": _sending("application/octet-stream", b64encode(_BYTES).decode()),
    "parts of text": _sending("multipart/form-data", {"g": "x", "h": {"i": 1}}),
    "header": {
        "parameters": [{"name": "X-A", "in": "header", "value": "b"}, {"name": "c", "in": "cookie", "value": 1}]
    },
    "query": {"parameters": [{"name": "q", "in": "query", "value": "é/&"}]},
}


@pytest.mark.parametrize("step", _BODIES.values(), ids=_BODIES)
def test_the_report_in_json_has_the_request_of_the_wire_and_that_of_the_dry_run(
    step: dict[str, Any], tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("PUT", "/a", Reply(200, body={"n": 1}))
    path = str(_write(tmp_path, server.url, step))
    assert run_command(["run", path, "--dry-run", "--format", "json"]) == 0
    planned = json.loads(capsys.readouterr().out)["firstRequest"]
    assert run_command(["run", path, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["steps"][0]["request"]
    assert run_command(["run", path, "--format", "jsonl"]) == 0
    streamed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == planned
    assert [each["step"]["request"] for each in streamed if each["event"] == "step-finished"] == [told]
    assert [each["report"]["steps"][0]["request"] for each in streamed if "report" in each] == [told]
    assert len(server.requests) == 2
    for sent in server.requests:
        _compare(told, sent, server.url)


@pytest.mark.parametrize("data", [b"small \xff", _MANY, b"text of a file"], ids=["few", "many", "text"])
def test_a_file_is_told_as_the_bytes_that_were_sent(data: bytes, tmp_path: Path, server: RecordingServer) -> None:
    server.script("PUT", "/a", Reply(200))
    whole = _sending("application/octet-stream", "$inputs.f")
    part = _sending("multipart/form-data", {"f": "$inputs.f"})
    with Engine() as engine:
        report = engine.load(_write(tmp_path, server.url, whole, part)).run(inputs={"f": data})
    first, second = (each["request"] for each in report.to_json()["steps"])
    _compare(first, server.requests[0], server.url)
    sent = server.requests[1].body.partition(data)
    digest = hashlib.sha256(data).hexdigest()
    described = {
        b"small \xff": f"<7 bytes, base64 {b64encode(data).decode()}>",
        _MANY: f"<65,537 bytes, sha256 {digest}>",
        b"text of a file": "text of a file",
    }
    assert second["body"] == f"{sent[0].decode()}{described[data]}{sent[2].decode()}"
    assert RunReport.from_json(report.to_json()).to_json() == report.to_json()


def test_each_retry_has_its_own_request_and_answer(tmp_path: Path, server: RecordingServer) -> None:
    server.script("PUT", "/a", Reply(503, body="busy"), Reply(503, (("X-N", "2"),), b"\xff"), Reply(200, body={"n": 3}))
    with Engine() as engine:
        path = _write(tmp_path, server.url, {**_BODIES["JSON"], "onFailure": [_RETRY]})
        steps = engine.load(path).run().to_json()["steps"]
    assert len(steps) == len(server.requests) == 3
    for step, sent in zip(steps, server.requests, strict=True):
        _compare(step["request"], sent, server.url)
    answers = [step["response"] for step in steps]
    assert [each["body"] for each in answers] == ["busy", "<1 byte, base64 /w==>", '{"n": 3}']
    assert answers[1]["bodyBytes"] == {"length": 1, "base64": "/w=="}
    assert {"name": "X-N", "value": "2"} in answers[1]["headers"]


def test_a_redirect_that_is_followed_leaves_the_request_of_the_step(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(302, (("Location", "/b"),)))
    server.script("GET", "/b", Reply(200, body="there"))
    with Engine(follow_redirects=True) as engine:
        report = engine.load(_write(tmp_path, server.url, {"operationId": "read"})).run()
    (step,) = report.to_json()["steps"]
    _compare(step["request"], server.requests[0], server.url)
    assert step["response"]["body"] == "there"


def test_the_answer_to_a_challenge_stands_masked_among_the_headers_that_were_sent(tmp_path: Path) -> None:
    security = {
        "security": [{"Login": []}],
        "components": {"securitySchemes": {"Login": {"type": "http", "scheme": "digest"}}},
    }
    with DigestServer() as server, Engine(credentials={"Login": f"{USER}:{PASSWORD}"}) as engine:
        server.script("PUT", "/a", Reply(200))
        report = engine.load(_write(tmp_path, server.url, _BODIES["form"], **security)).run()
    (told,) = (each["request"] for each in report.to_json()["steps"])
    assert [each["name"] for each in told["headers"]] == [name for name, _ in server.requests[-1].headers]
    shown = {each["name"]: each["value"] for each in told["headers"]}
    assert shown.pop("Authorization") == "***"
    assert shown.items() <= dict(server.requests[-1].headers).items()
    assert told["body"].encode() == server.requests[-1].body


def test_a_long_answer_is_cut_at_the_stated_size_and_says_how_long_it_was(
    tmp_path: Path, server: RecordingServer
) -> None:
    text = "é" * (LARGEST_SHOWN + 1)
    server.script("PUT", "/a", Reply(200, body=text), Reply(200, body="x" * LARGEST_SHOWN))
    with Engine() as engine:
        report = engine.load(_write(tmp_path, server.url, {}, {})).run()
    value = report.to_json()
    cut, whole = (each["response"] for each in value["steps"])
    assert cut["body"] == text[:LARGEST_SHOWN]
    assert cut["bodyBytes"] == {
        "length": len(text.encode()),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    assert (len(whole["body"]), "bodyBytes" in whole) == (LARGEST_SHOWN, False)
    assert RunReport.from_json(json.loads(json.dumps(value))).to_json() == value


@pytest.mark.parametrize("at", range(LARGEST_SHOWN - 12, LARGEST_SHOWN + 3))
def test_a_secret_is_masked_before_the_answer_is_cut(at: int, tmp_path: Path, server: RecordingServer) -> None:
    secret = "Zq7-secret"
    server.script("PUT", "/a", Reply(200, body="." * at + secret + "." * 200_000))
    with Engine(credentials={"Login": secret}) as engine:
        security: dict[str, Any] = {
            "security": [{"Login": []}],
            "components": {"securitySchemes": {"Login": {"type": "http", "scheme": "bearer"}}},
        }
        report = engine.load(_write(tmp_path, server.url, {}, **security)).run()
    assert "Zq" not in json.dumps(report.to_json())


def test_what_a_run_sends_and_gets_counts_for_max_report(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("PUT", "/a", Reply(200, (("X-Long", "h" * 20_000),)))
    path = _write(tmp_path, server.url, {}, {}, {})
    assert run_command(["run", str(path), "--max-report", "30000", "--format", "json"]) == 4
    value = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in value["diagnostics"]] == ["report-too-large"]
    assert len(server.requests) == 2


def test_the_schema_describes_every_request_and_answer(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("PUT", "/a", Reply(200, (("Set-Cookie", "a=b"),), b"\xff"))
    path = _write(tmp_path, server.url, *_BODIES.values())
    assert run_command(["run", str(path), "--format", "json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert run_command(["schema", "report"]) == 0
    jsonschema.validate(value, json.loads(capsys.readouterr().out))


_SECRET = "Zq7-s3cret-K9x"
_KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "bearer": ({"type": "http", "scheme": "bearer"}, _SECRET),
    "basic": ({"type": "http", "scheme": "basic"}, f"me:{_SECRET}"),
    "key in a header": ({"type": "apiKey", "in": "header", "name": "X-Any"}, _SECRET),
    "key in a query": ({"type": "apiKey", "in": "query", "name": "any"}, _SECRET),
    "key in a cookie": ({"type": "apiKey", "in": "cookie", "name": "any"}, _SECRET),
    "client": (
        {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}},
        f"me:{_SECRET}",
    ),
}


@pytest.mark.parametrize(("scheme", "given"), _KINDS.values(), ids=_KINDS)
def test_a_credential_of_any_kind_is_masked_in_its_place_and_wherever_it_is_echoed(
    scheme: dict[str, Any], given: str, tmp_path: Path, server: RecordingServer
) -> None:
    secrets = (_SECRET, "Zq7-token", b64encode(given.encode()).decode(), b64encode(_SECRET.encode()).decode())
    server.script("POST", "/token", Reply(200, body={"access_token": "Zq7-token", "token_type": "Bearer"}))
    echoes = Reply(200, (("X-Echo", " ".join(secrets)),), {"all": secrets[0], "coded": secrets[2:]})
    server.script("PUT", "/a", echoes)
    described = json.loads(json.dumps(scheme).replace("/token", f"{server.url}/token"))
    security = {"security": [{"Login": []}], "components": {"securitySchemes": {"Login": described}}}
    with Engine(credentials={"Login": given}) as engine:
        report = engine.load(_write(tmp_path, server.url, _BODIES["JSON"], **security)).run()
    (step,) = report.to_json()["steps"]
    sent = server.requests[-1]
    assert "Zq7" in f"{sent.path} {sent.headers}" or secrets[2] in str(sent.headers)
    assert [each["name"] for each in step["request"]["headers"]] == [name for name, _ in sent.headers]
    assert step["request"]["body"].encode() == sent.body
    assert "***" in json.dumps(step["request"])
    echoed = secrets[:1] + secrets[2:] + (secrets[1:2] if "oauth2" in scheme.values() else ())
    assert [each for each in echoed if each in json.dumps(step)] == []
