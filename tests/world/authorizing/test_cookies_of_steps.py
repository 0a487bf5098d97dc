"""A cookie that a step's own header writes out goes before the credential for the same cookie, which is sent once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_SECURITY = {
    "components": {"securitySchemes": {"k": {"type": "apiKey", "in": "cookie", "name": "sid"}}},
    "security": [{"k": []}],
}


def _load(folder: Path, header: str) -> Path:
    operation = {"operationId": "op", "responses": {"default": {"description": "ok"}}}
    api: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, **_SECURITY}
    (folder / "api.json").write_text(json.dumps({**api, "paths": {"/a": {"get": operation}}}))
    cookie = {"name": "Cookie", "in": "header", "value": header}
    step = {"stepId": "one", "operationId": "op", "parameters": [cookie]}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "inputs": {"properties": {"id": {}}}, "steps": [step]}],
    }
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("sid=mine", "sid=mine"),
        ("a=1;  sid=mine; b=2", "a=1;  sid=mine; b=2"),
        ("a=1; sid={$inputs.id}", "a=1; sid=x"),
        ("sid{$inputs.id}=1", "sidx=1; sid=s3cret"),
        ("a=sid; ssid=1; sid", "a=sid; ssid=1; sid; sid=s3cret"),
    ],
)
def test_a_cookie_of_the_step_is_sent_once(header: str, line: str, tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(200))
    with Engine(servers=server.url, credentials={"k": "s3cret"}) as engine:
        assert engine.load(_load(tmp_path, header)).run(inputs={"id": "x"}).succeeded
    (request,) = server.requests
    assert [value for name, value in request.headers if name == "Cookie"] == [line]


def test_a_credential_that_the_header_gives_is_not_missed(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(200))
    with Engine(servers=server.url) as engine:
        assert engine.load(_load(tmp_path, "sid=mine")).run(inputs={"id": "x"}).succeeded
    assert [each.header("cookie") for each in server.requests] == ["sid=mine"]
