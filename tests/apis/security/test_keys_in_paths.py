"""A scheme whose key stands in the path, where OpenAPI has none: it is the path parameter of that name, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine

_WITHOUT = (
    "operation `latest` needs the security scheme `inPath`, which stands in the path, and no step sets path parameter"
    " `key`: its requests are sent without it"
)
_KEY: dict[str, Any] = {"name": "key", "in": "path", "required": True}


def _written(server: str, scheme: dict[str, Any]) -> None:
    of_key = {"get": {"operationId": "quota", "parameters": [_KEY | {"schema": {"type": "string"}}], "responses": {}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server}],
        "security": [{"inPath": []}],
        "components": {"securitySchemes": {"inPath": scheme}},
        "paths": {"/{key}/quota": of_key, "/latest": {"get": {"operationId": "latest", "responses": {}}}},
    }
    Path("api.json").write_text(json.dumps(api))


def _document(operation: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    step = {"stepId": "a", "operationId": operation, "parameters": parameters}
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
    }


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("operation", "parameters", "path", "told"),
    [
        ("quota", [{"name": "key", "in": "path", "value": "k/1"}], "/k%2F1/quota", []),
        ("latest", [], "/latest", [_WITHOUT]),
    ],
)
def test_a_key_in_the_path_is_what_the_step_sets_there(
    operation: str, parameters: list[dict[str, Any]], path: str, told: list[str]
) -> None:
    with RecordingServer() as server:
        server.script("GET", path, Reply(200))
        _written(server.url, {"type": "apiKey", "in": "path", "name": "key"})
        with Engine() as engine:
            report = engine.load(_document(operation, parameters), base=".").run()
        assert [each.path for each in server.requests] == [path]
    assert [each.message for each in report.warnings] == told
    assert all(each.code == "security-undefined" for each in report.warnings)


@pytest.mark.parametrize("place", ["body", "formData", None])
def test_a_key_in_no_place_is_refused_with_the_places_that_there_are(place: str | None) -> None:
    with RecordingServer() as server:
        _written(server.url, {"type": "apiKey", "name": "key"} | ({} if place is None else {"in": place}))
        with Engine() as engine, pytest.raises(ArazzoError) as caught:
            engine.load(_document("latest", []), base=".").run()
        assert server.requests == []
    (found,) = caught.value.diagnostics
    assert (found.code, found.fix) == ("api-malformed", "give it a `name`, and an `in`: `query`, `header` or `cookie`")
