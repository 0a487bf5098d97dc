"""What is shown is what is sent: the plan, the report and the wire have the same method, URL, headers and body."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine, RunReport
from arazzo_engine.apis.urls import read_base, why_no_base
from arazzo_engine.world.http.addresses import read_url

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.language.messages.exchange import Request

_BYTES = b"\x00\xff\x01"
_OCTETS: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {}}}}
_FORM: dict[str, Any] = {"content": {"multipart/form-data": {"schema": {"properties": {"f": {"format": "binary"}}}}}}
_JSON: dict[str, Any] = {"content": {"application/json": {"schema": {}}}}


def _body(content_type: str, payload: Any) -> dict[str, Any]:
    return {"requestBody": {"contentType": content_type, "payload": payload}}


def _parameters(*rows: tuple[str, str, Any]) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": place, "value": value} for name, place, value in rows]}


_STEPS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("GET", {}, {}),
    ("POST", {}, {}),
    ("Copy", {}, _parameters(("X-Case", "header", "Kept"))),
    ("POST", {"requestBody": _JSON}, _body("application/json", {"a": "é"})),
    ("PUT", {"requestBody": _OCTETS}, _body("application/octet-stream", b64encode(_BYTES).decode())),
    ("POST", {"requestBody": _FORM}, _body("multipart/form-data", {"f": b64encode(_BYTES).decode(), "g": "x"})),
    ("GET", {}, _parameters(("Host", "header", "other.example"), ("User-Agent", "header", "me"), ("c", "cookie", 1))),
    ("DELETE", {}, _parameters(("Accept", "header", "text/plain"), ("Accept-Encoding", "header", "identity"))),
]


def _load(folder: Path, url: str, method: str, operation: dict[str, Any], step: dict[str, Any]) -> Path:
    described = {"operationId": "op", "responses": {"default": {"description": "ok"}}, **operation}
    item = {method.lower(): described} if method.isupper() else {"additionalOperations": {method: described}}
    api = {"openapi": "3.2.0", "info": {"title": "A", "version": "1"}, "servers": [{"url": url}], "paths": {"/a": item}}
    (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": "one", "operationId": "op", **step}]}],
    }
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


def _in_one_line(request: Request | None) -> tuple[Any, ...]:
    assert request is not None
    return request.method, request.url, request.headers, bytes(request.content)


@pytest.mark.parametrize("in_a_loop", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("method", "operation", "step"), _STEPS)
def test_the_plan_the_report_and_the_wire_have_one_request(
    method: str,
    operation: dict[str, Any],
    step: dict[str, Any],
    in_a_loop: bool,
    tmp_path: Path,
    server: RecordingServer,
) -> None:
    server.script(method, "/a", Reply(200))
    with Engine() as engine:
        program = engine.load(_load(tmp_path, server.url, method, operation, step))
        plan = program.plan()
        report: RunReport = asyncio.run(program.run_async()) if in_a_loop else program.run()
        rehearsed = program.rehearse()
    (sent,) = server.requests
    wire = (sent.method, server.url + sent.path, sent.headers, sent.body)
    assert _in_one_line(plan.request) == wire
    assert _in_one_line(report.steps[0].request) == wire
    assert _in_one_line(rehearsed.steps[0].request) == wire
    assert {"Host", "User-Agent", "Accept", "Accept-Encoding"} <= {name for name, _ in sent.headers}
    # whatever the step says, it is that of the server
    assert [value for name, value in sent.headers if name == "Host"] == [server.url.removeprefix("http://")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:8080/v1",
        "HTTPS://Api.Example.com:443/v1",
        "https://api.example.com:8443",
        "http://[::1]:80",
        "http://[2001:DB8::1]:81/x",
        "https://bücher.example/ü",
        "http://a_b.example.:080",
    ],
)
def test_the_host_that_is_shown_is_the_one_that_is_connected_to(url: str) -> None:
    base = read_base(url)
    assert base.host.encode("ascii") == read_url(f"{base}/")[0].name


@pytest.mark.parametrize(
    "url",
    ["http://999.1.1.1", "http://1.2.3.400:80", "http://[::1::2]", "http://[:]/", "https://xn--\u0661\u200d.example"],
)
def test_a_server_that_could_never_be_asked_is_refused_before_anything_is_sent(url: str, tmp_path: Path) -> None:
    assert why_no_base(url).startswith("has a host that ")
    with Engine() as engine:
        program = engine.load(_load(tmp_path, url, "GET", {}, {}))
        with pytest.raises(ArazzoError, match="has a host that "):
            program.run()
