"""The documents of the OAuth tests: a workflow of two steps over an API that an OAuth server protects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oauth_server import OAuthServer

_FLOWS: Final = ("clientCredentials", "password")


def write_documents(oauth: OAuthServer, *, scopes: tuple[str, str] = ("read", "read"), **scheme: Any) -> None:
    """Write a workflow of two steps, ``a`` and ``b``, that both need a token of these scopes."""
    flows = {name: {"tokenUrl": f"{oauth.url}/token", "scopes": {}} for name in _FLOWS}
    operations: dict[str, Any] = {
        f"/{name}": {method: {"operationId": name, "security": [{"OAuth": [scope]}], "responses": {}}}
        for name, method, scope in zip("ab", ("get", "post"), scopes, strict=True)
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": oauth.url}],
        "paths": operations,
        "components": {"securitySchemes": {"OAuth": {"type": "oauth2", "flows": flows, **scheme}}},
    }
    body = {"contentType": "application/json", "payload": {"amount": 1}}
    steps = [{"stepId": "a", "operationId": "a"}, {"stepId": "b", "operationId": "b", "requestBody": body}]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": steps}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))


def run(client: Mapping[str, Any], *options: str) -> int:
    """Run the workflow with what is in a file for the scheme."""
    Path("auth.json").write_text(json.dumps({"OAuth": client}))
    return run_command(["run", "main.json", "--auth-file", "auth.json", *options])
