"""A default within an object that is not given is not used, and who reads that part is told what to write."""

from __future__ import annotations

from typing import Any, Final

import pytest
from scripted import document, make_workflows_ready, step, workflow

_REGION: Final = {"properties": {"region": {"type": "string", "default": "eu"}, "size": {"type": "integer"}}}
_GEO: Final = {"properties": {"geo": _REGION}}


def _told(env: dict[str, Any], value: Any = "$inputs.env#/region", *, required: bool = False) -> list[str]:
    inputs = {"type": "object", "properties": {"env": {"type": "object", **env}}, "required": ["env"] * required}
    sends = step("a", parameters=[{"name": "q", "in": "query", "value": value}])
    given: dict[str, Any] = {"env": {"geo": {}}} if required else {}
    ready = make_workflows_ready(document(workflow(sends, inputs=inputs)), inputs=given)
    return [each.message for each in ready.warnings if each.code == "schema-part-idle"]


def test_a_default_of_a_part_that_is_read_is_not_used_without_the_input() -> None:
    (told,) = _told(_REGION)
    assert told == (
        "`$inputs.env#/region` has no value where input `env` is not given: "
        "the default of `region` is used in an object that is given"
    )


@pytest.mark.parametrize(
    ("env", "value"),
    [
        ({**_REGION, "default": {}}, "$inputs.env#/region"),
        ({**_REGION, "required": ["size"]}, "$inputs.env#/region"),
        (_REGION, "$inputs.env#/size"),
        (_REGION, "$inputs.env"),
        (_GEO, "$inputs.env#/geo/region"),
        ({}, "$inputs.env#/region"),
    ],
)
def test_where_it_is_used_or_an_empty_object_would_not_do_nothing_is_told(env: dict[str, Any], value: str) -> None:
    assert _told(env, value) == []


def test_of_an_input_that_is_required_nothing_is_told() -> None:
    assert _told(_REGION, required=True) == []


def test_a_workflow_that_is_called_gets_what_it_needs() -> None:
    inputs = {"properties": {"env": {"type": "object", **_REGION}}}
    sends = step("a", parameters=[{"name": "q", "in": "query", "value": "$inputs.env#/region"}])
    calls = {"stepId": "c", "workflowId": "called", "parameters": [{"name": "env", "value": {}}]}
    ready = make_workflows_ready(document(workflow(calls), workflow(sends, name="called", inputs=inputs)))
    assert "schema-part-idle" not in {each.code for each in ready.warnings}
