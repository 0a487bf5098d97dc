"""An XML payload within the name of its root element is what stands there; it would be sent within itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import Engine, rehearse

if TYPE_CHECKING:
    from pathlib import Path

_CONFIG: dict[str, Any] = {
    "type": "object",
    "xml": {"name": "Config"},
    "properties": {"Region": {"type": "string"}, "zone": {"type": "string", "xml": {"name": "Zone"}}},
}
_WORDS = "the description has that as the name of the root element, which would be sent within itself"


def _written(folder: Path, payload: Any, schema: Any = None) -> Path:
    body = {"content": {"application/xml": {"schema": schema or _CONFIG}}}
    operation = {"operationId": "put", "requestBody": body, "responses": {"200": {"description": "ok"}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"put": operation}},
        "components": {"schemas": {"Named": {**_CONFIG, "xml": {"namespace": "urn:n"}}}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    step = {"stepId": "a", "operationId": "put", "requestBody": {"contentType": "application/xml", "payload": payload}}
    inputs = {"type": "object", "required": ["region"], "properties": {"region": {"type": "string"}}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [step]}],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _told(path: Path) -> list[str]:
    with Engine() as engine:
        return [f"{each.code}: {each.message}; {each.fix}" for each in engine.validate(path)]


def _sent(path: Path) -> str:
    (step,) = rehearse(path, "w", inputs={"region": "eu"}).steps
    assert step.request is not None
    return bytes(step.request.content).decode().partition("\n")[2]


@pytest.mark.parametrize("region", ["eu", "$inputs.region"])
def test_what_stands_in_the_name_of_the_root_is_the_payload(tmp_path: Path, region: str) -> None:
    path = _written(tmp_path, {"Config": {"Region": region}})
    assert _told(path) == [f"repaired: the payload is read as what it has in `Config`: {_WORDS}; leave out `Config`"]
    assert _sent(path) == "<Config><Region>eu</Region></Config>"


def test_a_component_names_the_root_as_well(tmp_path: Path) -> None:
    path = _written(tmp_path, {"Named": {"Region": "eu"}}, {"$ref": "#/components/schemas/Named"})
    assert [each.partition(":")[0] for each in _told(path)] == ["repaired"]
    assert _sent(path) == '<Named xmlns="urn:n"><Region>eu</Region></Named>'


@pytest.mark.parametrize(
    ("payload", "schema"),
    [
        ({"Region": "eu"}, _CONFIG),
        ({"Config": {"Region": "eu"}, "zone": "z"}, _CONFIG),
        ({"Config": "eu"}, {**_CONFIG, "properties": {"Config": {"type": "string"}}}),
        ({"Config": "eu"}, {**_CONFIG, "properties": {"own": {"type": "string", "xml": {"name": "Config"}}}}),
        ({"Config": "eu"}, {**_CONFIG, "additionalProperties": {"type": "string"}}),
        ({"Config": {"Region": "eu"}}, {"type": "object", "xml": {"name": "Config"}}),
    ],
)
def test_a_member_that_may_be_meant_stays(tmp_path: Path, payload: Any, schema: Any) -> None:
    assert not any(each.startswith("repaired") for each in _told(_written(tmp_path, payload, schema)))
