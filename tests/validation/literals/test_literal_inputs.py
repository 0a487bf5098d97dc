"""What is written out for a workflow that is called is held to the schema of its inputs, before anything runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_CALLED: Final[dict[str, Any]] = {
    "workflowId": "called",
    "inputs": {
        "type": "object",
        "properties": {
            "order": {"$ref": "#/components/inputs/order"},
            "count": {"type": "integer"},
            "kind": {"enum": ["new", "old"]},
            "name": {"type": "string"},
        },
    },
    "steps": [{"stepId": "s", "operationId": "op"}],
}
_COMPONENTS: Final = {"inputs": {"order": {"type": "object", "required": ["id"], "properties": {"id": {}}}}}
_API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {"/a": {"get": {"operationId": "op", "responses": {"200": {"description": "ok"}}}}},
}


def _findings(folder: Path, parameters: list[dict[str, Any]], *, by_action: bool) -> list[tuple[str, str, str]]:
    inputs = {"type": "object", "properties": {"order": {"type": "object"}, "count": {}}}
    called = {"workflowId": "called", "parameters": parameters}
    action = {"name": "n", "type": "goto", **called}
    step = {"operationId": "op", "onSuccess": [action]} if by_action else called
    caller = {"workflowId": "caller", "inputs": inputs, "steps": [{"stepId": "s", **step}]}
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "api.json", "type": "openapi"}],
        "workflows": [caller, _CALLED],
        "components": _COMPONENTS,
    }
    (folder / "api.json").write_text(json.dumps(_API))
    with Engine() as engine:
        found = engine.validate(json.dumps(document), base=folder / "w.json")
    return [(each.severity.value, each.message, each.fix) for each in found]


ROWS = (
    ("order", "{$inputs.order}", "input `order` must be an object, not a string",
     "leave out the braces: the value then keeps its type"),
    ("order", "$inputs.order", None, ""),
    ("order", {"name": "x"}, "input `order` lacks `id`", "add `id`"),
    ("order", {"id": "$inputs.order"}, None, ""),
    ("count", "many", "input `count` must be an integer, not a string", "write an integer"),
    ("kind", "olt", "input `kind` must be one of `new`, `old`", "did you mean `old`?"),
    ("name", "{$inputs.count}", None, ""),
)  # fmt: skip


@pytest.mark.parametrize("by_action", [False, True])
@pytest.mark.parametrize(("name", "value", "message", "fix"), ROWS)
def test_a_literal_for_an_input_that_its_schema_refuses_is_an_error_unless_it_may_never_be_given(
    name: str, value: Any, message: str | None, fix: str, *, by_action: bool, tmp_path: Path
) -> None:
    severity = "warning" if by_action else "error"
    told = [] if message is None else [(severity, f"{message}, as workflow `called` describes it", fix)]
    assert _findings(tmp_path, [{"name": name, "value": value}], by_action=by_action) == told
