"""Rehearsing a workflow over a small API, for tests of what is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import arazzo_engine
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import RunReport


def rehearsed(folder: Path, steps: list[dict[str, Any]], operations: dict[str, Any], **workflow: Any) -> RunReport:
    """Return the report of a rehearsal; ``operations`` are the responses of each operation, by its id.

    ``asked`` is what the rehearsal is asked for besides.
    """
    asked = workflow.pop("asked", {})
    return arazzo_engine.rehearse(written(folder, steps, operations, **workflow), "w", **asked)


def written(folder: Path, steps: list[dict[str, Any]], operations: dict[str, Any], **workflow: Any) -> Path:
    """Return the document, written beside its API."""
    others = workflow.pop("others", [])
    (folder / ".git").mkdir(exist_ok=True)
    paths = {f"/{name}": {"get": {"operationId": name, **operation}} for name, operation in operations.items()}
    api = {"openapi": "3.1.0", "info": {}, "servers": [{"url": "https://a.example"}], "paths": paths}
    (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps, **workflow}, *others],
    }
    path = folder / "doc.json"
    path.write_text(json.dumps(document))
    return path


def answers(schema: Any = None, *, status: str = "200", media: str = "application/json") -> dict[str, Any]:
    """Return an operation with one response, with a body when there is a schema."""
    content = {} if schema is None else {"content": {media: {"schema": schema}}}
    return {"responses": {status: {"description": "", **content}}}


def thing(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object with these properties."""
    return {"type": "object", "properties": properties}


def bodies(report: RunReport) -> list[Any]:
    """Return the bodies of the answers that have one, in order."""
    answered = (step.response for step in report.steps if isinstance(step.response, Response))
    return [json.loads(each.content) for each in answered if each.content]
