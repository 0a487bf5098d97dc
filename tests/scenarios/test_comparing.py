"""What is the same as what was expected: by type where there are types, as a text where all is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from arazzo_engine.world.authoring.testing import Bench

if TYPE_CHECKING:
    from pathlib import Path

_LIST = {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
_FORM = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
_ANSWERED = {"200": {"description": "", "content": {"application/json": {"example": {"id": "10"}}}}}
_PATHS = {
    "/pay": {
        "post": {
            "operationId": "pay",
            "parameters": [_LIST, *({"name": name, "in": "query"} for name in ("n", "on"))],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": _ANSWERED,
        }
    },
    "/form": {"post": {"operationId": "form", "requestBody": {"content": _FORM}, "responses": _ANSWERED}},
}
_GIVEN = {"tag": ["a", "b"], "n": 10, "on": True}
_STEPS = [
    {
        "stepId": "pay",
        "operationId": "pay",
        "parameters": [{"name": name, "in": "query", "value": value} for name, value in _GIVEN.items()],
        "requestBody": {"contentType": "application/json", "payload": {"amount": "10", "count": 3}},
        "outputs": {"id": "$response.body#/id"},
    },
    {"stepId": "form", "operationId": "form", "requestBody": {"payload": {"amount": 10, "on": False}}},
]


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"requests": {"pay": {"body": {"amount": "10", "count": 3.0}}}}, ""),
        (
            {"requests": {"pay": {"body": {"amount": 10}}}},
            '`pay`, request 1, body, `amount`: expected 10, found "10"',
        ),
        ({"outputs": {"id": "10"}}, ""),
        ({"outputs": {"id": 10}}, 'output `id`: expected 10, found "10"'),
        ({"requests": {"form": {"body": {"amount": 10, "on": False}}}}, ""),
        ({"requests": {"pay": {"query": {"tag": ["a", "b"], "n": 10, "on": True}}}}, ""),
        ({"requests": {"pay": {"query": {"n": ["10"], "on": "true"}}}}, ""),
        (
            {"requests": {"pay": {"query": {"tag": "b"}}}},
            '`pay`, request 1, query, `tag`: expected "b", found ["a", "b"]',
        ),
        (
            {"requests": {"pay": {"query": {"on": False}}}},
            '`pay`, request 1, query, `on`: expected false, found "true"',
        ),
    ],
)
def test_types_count_where_there_are_any(expect: dict[str, Any], told: str, tmp_path: Path) -> None:
    described = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "servers": [{"url": "https://a.test"}]}
    (tmp_path / "api.yaml").write_text(yaml.safe_dump({**described, "paths": _PATHS}))
    main = {"workflowId": "w", "steps": _STEPS, "outputs": {"id": "$steps.pay.outputs.id"}}
    source = {"name": "api", "url": "api.yaml", "type": "openapi"}
    document = {"arazzo": "1.0.1", "info": {"title": "A", "version": "1"}, "sourceDescriptions": [source]}
    (tmp_path / "a.arazzo.yaml").write_text(yaml.safe_dump({**document, "workflows": [main]}))
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text(yaml.safe_dump({"scenario": 1, "document": "a.arazzo.yaml", "expect": expect}))
    assert Bench().run(scenario).reasons() == told
