"""One step that calls one operation of a server on loopback: what arrives there, or why nothing is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import arazzo_engine
from arazzo_engine.diagnostics import ArazzoError, Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Recorded, RecordingServer


class OneStep:
    """Writes the two documents into a folder, and runs them."""

    def __init__(self, folder: Path, server: RecordingServer) -> None:
        self._folder = folder
        self._server = server
        self.method = "post"
        self.path = "/a"
        self.inputs: dict[str, Any] = {}
        self.components: dict[str, Any] = {}
        self.version = "3.2.0"

    def run(self, operation: dict[str, Any], step: dict[str, Any]) -> arazzo_engine.RunReport:
        """Run the step; raises ``ArazzoError`` when it is refused."""
        return arazzo_engine.run(self.write(operation, step), inputs=self.inputs, servers=self._server.url)

    def write(self, operation: dict[str, Any], step: dict[str, Any]) -> Path:
        """Write the documents, and return the path of the Arazzo Description."""
        api = {
            "openapi": self.version,
            "info": {"title": "One", "version": "1"},
            "paths": {self.path: {self.method: {"operationId": "op", "responses": {}, **operation}}},
            "components": {"schemas": self.components},
        }
        workflow = {
            "workflowId": "main",
            "inputs": {"properties": {name: {} for name in self.inputs}},
            "steps": [{"stepId": "one", "operationId": "op", **step}],
        }
        document = {
            "arazzo": "1.1.0",
            "info": {"title": "One request", "version": "1"},
            "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
            "workflows": [workflow],
        }
        (self._folder / "api.json").write_text(json.dumps(api))
        (self._folder / "main.arazzo.json").write_text(json.dumps(document))
        return self._folder / "main.arazzo.json"

    def sent(self, operation: dict[str, Any], step: dict[str, Any]) -> Recorded:
        """Run the step, and return the one request that arrived."""
        before = len(self._server.requests)
        self.run(operation, step)
        (request,) = self._server.requests[before:]
        return request

    def body(self, content: dict[str, Any], payload: Any, content_type: str | None = None) -> Recorded:
        """Send a payload to an operation whose body is described by ``content``, and return what arrived."""
        body = {"payload": payload, **({"contentType": content_type} if content_type else {})}
        return self.sent({"requestBody": {"content": content}}, {"requestBody": body})

    def parameter(self, described: dict[str, Any], value: Any) -> Recorded:
        """Send one parameter, and return what arrived."""
        given = {"name": described["name"], "in": described["in"], "value": value}
        return self.sent({"parameters": [described]}, {"parameters": [given]})

    def refused(self, operation: dict[str, Any], step: dict[str, Any]) -> Diagnostic:
        """Run the step, and return why it was refused; nothing was sent."""
        before = len(self._server.requests)
        try:
            self.run(operation, step)
        except ArazzoError as error:
            found = [each for each in error.diagnostics if each.severity == "error"]
            assert len(self._server.requests) == before
            (diagnostic,) = found
            return diagnostic
        raise AssertionError("it was sent")
