"""One step and the operation that it calls, validated: what is found in a document that a test says in few words."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from arazzo_engine import Engine

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

Findings: TypeAlias = "tuple[Diagnostic, ...]"
INPUTS: Final = {
    "type": "object",
    "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}, "order.line": {}, "customer": {}},
}
_EARLIER: Final = {"stepId": "find", "operationId": "op", "outputs": {"id": "$response.body#/id"}}


def validated(step: dict[str, Any], operation: dict[str, Any] | None = None, **rest: Any) -> Findings:
    """Return what is found in a workflow whose second step is this one, and calls this operation.

    ``rest`` may have the ``arazzo`` version, the ``openapi`` version, ``components`` or ``definitions`` of the
    description, ``workflow`` fields, ``arazzo_components``, ``before``, another first step, ``first``, what its
    operation says, and ``others``, more workflows.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "api.json").write_text(json.dumps(_description(operation or {}, rest)))
        document = _document(step, rest)
        with Engine() as engine:
            return engine.validate(json.dumps(document, indent=1), base=str(Path(folder) / "w.json"))


def codes(findings: Findings) -> list[tuple[str, str]]:
    """Return the severity and the code of each finding."""
    return [(each.severity.value, each.code) for each in findings]


def _description(operation: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    field = "swagger" if rest.get("openapi") == "2.0" else "openapi"
    first = {"operationId": "op", "responses": {"200": {"description": "ok"}}, **rest.get("first", {})}
    described = {"operationId": "tried", "responses": {"200": {"description": "ok"}}, **operation}
    return {
        field: rest.get("openapi", "3.1.0"),
        "info": {"title": "t", "version": "1"},
        **(
            {"host": "shop.example.com", "schemes": ["https"]}
            if field == "swagger"
            else {"servers": [{"url": "https://shop.example.com"}]}
        ),
        "paths": {"/first": {"get": first}, rest.get("path", "/tried"): {rest.get("method", "post"): described}},
        **{name: rest[name] for name in ("components", "definitions") if name in rest},
    }


def _document(step: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    steps = [rest.get("before", _EARLIER), {"stepId": "tried", "operationId": "tried", **step}]
    workflow = {"workflowId": "w", "inputs": INPUTS, "steps": steps, **rest.get("workflow", {})}
    return {
        "arazzo": rest.get("arazzo", "1.1.0"),
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "api.json", "type": "openapi"}],
        "workflows": [workflow, *rest.get("others", [])],
        **({"components": rest["arazzo_components"]} if "arazzo_components" in rest else {}),
    }
