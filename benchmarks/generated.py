"""Documents made for benchmarks, of any size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from arazzo_engine.apis.linking.sources import SourceLoader

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document


def description_text() -> str:
    """Return a small OpenAPI description with one operation."""
    operation = {
        "operationId": "addThing",
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"200": {"description": "done"}},
    }
    return json.dumps(_open_api({"/things": {"post": operation}}))


def many_steps(count: int) -> str:
    """Return an Arazzo document whose one workflow has that many steps, each using the one before."""
    steps = [_step(number) for number in range(count)]
    return json.dumps(
        {
            "arazzo": "1.0.1",
            "info": {"title": "Many steps", "version": "1"},
            "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
            "workflows": [
                {
                    "workflowId": "many",
                    "inputs": {"type": "object", "properties": {"name": {"type": "string"}}},
                    "steps": steps,
                }
            ],
        }
    )


def _step(number: int) -> dict[str, Any]:
    name = f"$steps.step{number - 1}.outputs.state" if number else "$inputs.name"
    return {
        "stepId": f"step{number}",
        "operationId": "addThing",
        "parameters": [{"name": "X-Name", "in": "header", "value": name}],
        "requestBody": {"payload": {"name": name}},
        "successCriteria": [{"condition": "$statusCode == 200"}],
        "outputs": {"state": "$response.body#/state"},
    }


def large_description(size: int) -> str:
    """Return an OpenAPI description of about that many characters, as YAML."""
    import yaml  # noqa: PLC0415 - only this benchmark needs it

    paths = {f"/things{number}/{{id}}": _path_item(number) for number in range(size // 1180)}
    return yaml.dump(_open_api(paths), Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)


def _path_item(number: int) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {f"field{each}": {"type": "string", "maxLength": 40} for each in range(8)},
    }
    content = {"application/json": {"schema": schema}}
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "put": {
            "operationId": f"putThing{number}",
            "summary": "Put a thing in its place.",
            "requestBody": {"content": content},
            "responses": {"200": {"description": "It was put there.", "content": content}},
        },
    }


def _open_api(paths: dict[str, Any]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Generated", "version": "1"},
        "servers": [{"url": "https://things.example.com"}],
        "paths": paths,
    }


def one_source(document: Document) -> SourceLoader:
    """Return a loader that gives one document for everything."""

    class OneSource(SourceLoader):
        def get(self, uri: str) -> Document:
            del uri
            return document

        def load_source(self, source: object, base_uri: str) -> Document:
            del source, base_uri
            return document

    return OneSource()
