"""The key of a Security Requirement Object: the name of a component, and from OpenAPI 3.2 on the URI of a scheme."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine

_SHARED = {
    "openapi": "3.2.0",
    "info": {"title": "s", "version": "1"},
    "components": {
        "securitySchemes": {
            "own": {"type": "apiKey", "in": "header", "name": "X-Shared"},
            "hub": {"type": "apiKey", "in": "header", "name": "X-Hub"},
            "led": {"$ref": "#/components/securitySchemes/hub"},
        }
    },
}
_ALONE = {"type": "apiKey", "in": "header", "name": "X-Alone"}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shared.json").write_text(json.dumps(_SHARED))
    Path("alone").write_text(json.dumps(_ALONE))


def _written(key: str, server: str, version: str = "3.2.0") -> dict[str, Any]:
    own = {"type": "apiKey", "in": "header", "name": "X-Own"}
    api = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server}],
        "components": {"securitySchemes": {"own": own, "alone": own}},
        "paths": {"/a": {"get": {"operationId": "a", "security": [{key: []}], "responses": {}}}},
    }
    Path("api.json").write_text(json.dumps(api))
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "a", "operationId": "a"}]}],
    }


@pytest.mark.parametrize(
    ("key", "name", "header"),
    [
        ("own", "own", "X-Own"),
        ("alone", "alone", "X-Own"),
        ("#/components/securitySchemes/own", "own", "X-Own"),
        ("./api.json#/components/securitySchemes/own", "own", "X-Own"),
        ("shared.json#/components/securitySchemes/hub", "hub", "X-Hub"),
        ("shared.json#/components/securitySchemes/led", "led", "X-Hub"),
        # another scheme has the name already
        ("shared.json#/components/securitySchemes/own", "shared.json#/components/securitySchemes/own", "X-Shared"),
        ("./alone", "./alone", "X-Alone"),
    ],
)
def test_a_scheme_may_be_named_by_its_uri(key: str, name: str, header: str) -> None:
    with RecordingServer() as server:
        server.script("GET", "/a", Reply(200))
        document = _written(key, server.url)
        with Engine(credentials={f"api.{name}": "k"}) as engine:
            assert engine.load(document, base=".").run().succeeded
        (request,) = server.requests
        assert request.header(header) == "k"


@pytest.mark.parametrize(
    ("key", "version"),
    [
        ("gone", "3.2.0"),
        # "declared in the Security Schemes under the Components Object"
        ("shared.json#/components/securitySchemes/hub", "3.1.0"),
    ],
)
def test_a_name_that_nothing_defines_is_no_uri(key: str, version: str) -> None:
    with RecordingServer() as server:
        server.script("GET", "/a", Reply(200))
        document = _written(key, server.url, version)
        with Engine() as engine:
            report = engine.load(document, base=".").run()
        (found,) = report.warnings
        assert (found.code, f"`{key}`" in found.message) == ("security-undefined", True)
        (request,) = server.requests
        assert request.header("x-hub") is None


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("shared.json#/components/securitySchemes/hubb", "leads nowhere: there is no `hubb`"),
        ("gone.json#/x", "leads to a document that cannot be used: gone.json: no such file"),
    ],
)
def test_a_uri_that_leads_nowhere_is_told_before_anything_is_sent(key: str, message: str) -> None:
    with RecordingServer() as server:
        document = _written(key, server.url)
        with Engine() as engine, pytest.raises(ArazzoError) as caught:
            engine.load(document, base=".").run()
        (found,) = caught.value.diagnostics
        assert found.code == "reference-not-found"
        assert message in found.message
        assert server.requests == []
