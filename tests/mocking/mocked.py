"""A mock of a few paths, for tests: what it answers and what that is as a message."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import h11
import yaml

from arazzo_engine import Engine
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.world.mocking.answering import Answered, Mock, mock_of
from arazzo_engine.world.mocking.serving import MockApp

if TYPE_CHECKING:
    from pathlib import Path


def described(status: str, body: Any = None, **more: Any) -> dict[str, Any]:
    """Return an operation that answers with a status and a body of a schema."""
    content = {} if body is None else {"content": {"application/json": {"schema": body}}}
    return {"responses": {status: {"description": "", **content}}, **more}


def thing(**properties: str) -> dict[str, Any]:
    """Return the schema of an object that must have these members, each of a type."""
    return {
        "type": "object",
        "required": [*properties],
        "properties": {name: {"type": type_} for name, type_ in properties.items()},
    }


def mock_of_paths(
    folder: Path, paths: dict[str, Any], steps: list[dict[str, Any]] | None = None, server: str = "https://api.test"
) -> Mock:
    """Return the mock of an API with these paths, and of a workflow with these steps: of its first GET, else."""
    api = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "servers": [{"url": server}], "paths": paths}
    (folder / "api.yaml").write_text(yaml.safe_dump(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "A", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps or [{"stepId": "any", "operationPath": _any_of(paths)}]}],
    }
    (folder / "a.arazzo.yaml").write_text(yaml.safe_dump(document))
    with Engine(offline=True) as engine:
        return mock_of([engine.load(folder / "a.arazzo.yaml")])


def _any_of(paths: dict[str, Any]) -> str:
    path, operations = next(iter(paths.items()))
    method = next(each for each in operations if each != "parameters")
    return "{$sourceDescriptions.api.url}#/paths/" + path.replace("~", "~0").replace("/", "~1") + f"/{method}"


def ask(mock: Mock, method: str, path: str, body: Any = None, **headers: str) -> Answered:
    """Return the answer to a request."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", **given} if content else given
    return mock.answer(Request(method, f"http://mock{path}", tuple(given.items()), content))


def body_of(answered: Answered) -> Any:
    """Return the JSON of an answer."""
    return json.loads(answered.response.content)


def sent_for(mock: Mock, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return what an answer is as a message of HTTP: its status, headers and content."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    asyncio.run(MockApp(mock, lambda _line: None)(scope, receive, send))
    start, body = sent
    server, client = h11.Connection(h11.SERVER), h11.Connection(h11.CLIENT)
    server.receive_data(client.send(h11.Request(method=method, target=path, headers=[("Host", "x")])) or b"")
    client.send(h11.EndOfMessage())
    server.next_event()
    events = (h11.Response(status_code=start["status"], headers=start["headers"]), h11.Data(body["body"]))
    client.receive_data(b"".join(server.send(each) or b"" for each in (*events, h11.EndOfMessage())))
    response, content = client.next_event(), b""
    assert isinstance(response, h11.Response)
    while isinstance(data := client.next_event(), h11.Data):
        content += data.data
    assert isinstance(data, h11.EndOfMessage)
    return response.status_code, {n.decode(): v.decode("latin-1") for n, v in response.headers}, content
