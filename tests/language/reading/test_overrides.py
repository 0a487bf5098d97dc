"""What stands beside a reference to a component and would change it is told: the component stays as it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description

_INSTEAD = "write the action itself in the place of the reference:"
_COMPONENTS = {
    "parameters": {"page": {"name": "page", "in": "query", "value": 1}},
    "successActions": {"stop": {"name": "stop", "type": "end"}},
    "failureActions": {"again": {"name": "again", "type": "retry", "retryLimit": 2}},
}


def _told(field: str, name: str, **beside: Any) -> list[tuple[str, str, str]]:
    shelf = {"parameters": "parameters", "onSuccess": "successActions", "onFailure": "failureActions"}[field]
    step = {"stepId": "a", "operationId": "op", field: [{"reference": f"$components.{shelf}.{name}", **beside}]}
    value = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "s", "url": "s.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
        "components": _COMPONENTS,
    }
    problems = read_description(read_document(json.dumps(value), "file:///a.json")).problems
    return [(each.severity.value, each.message, each.fix) for each in problems]


@pytest.mark.parametrize(
    ("field", "name", "beside", "message", "fix"),
    [
        (
            *("onFailure", "again", {"retryLimit": 9}),
            "`retryLimit` beside a `reference` is not read: the component stays as it is",
            "write the action itself in the place of the reference: `{name: again, type: retry, retryLimit: 9}`",
        ),
        (
            *("onSuccess", "stop", {"criteria": [{"condition": "$statusCode == 201"}]}),
            "`criteria` beside a `reference` is not read: the component stays as it is",
            _INSTEAD + " `{name: stop, type: end, criteria: [{condition: $statusCode == 201}]}`",
        ),
        (
            *("parameters", "page", {"in": "header", "value": 3}),
            "`in` beside a `reference` is not read: the component stays as it is",
            "write the parameter itself in the place of the reference: `{name: page, in: header, value: 3}`",
        ),
        (
            *("parameters", "page", {"default": 3}),
            "`default` beside a `reference` is not read",
            "write it as `value`",
        ),
        (
            *("onFailure", "again", {"retyrLimit": 9}),
            "`retyrLimit` beside a `reference` is not read",
            "write the action itself in the place of the reference: did you mean `retryLimit`?",
        ),
    ],
)
def test_what_would_change_a_component_is_told(
    field: str, name: str, beside: dict[str, Any], message: str, fix: str
) -> None:
    assert _told(field, name, **beside) == [("warning", message, fix)]


def test_what_no_such_object_has_is_a_warning() -> None:
    assert _told("onFailure", "again", value=3, colour="red") == [
        (
            "warning",
            "`value` beside a `reference` to an action is not read: it is for parameters",
            "remove `value`, or name it `x-value`",
        ),
        ("warning", "`colour` beside a `reference` is not read", "remove `colour`, or name it `x-colour`"),
    ]


@pytest.mark.parametrize("beside", [{"type": "retry"}, {"retryLimit": 2}, {"x-team": "a"}, {}])
def test_what_says_the_same_as_the_component_is_no_finding(beside: dict[str, Any]) -> None:
    assert _told("onFailure", "again", **beside) == []


def test_a_value_beside_a_reference_to_a_parameter_is_its_own() -> None:
    assert _told("parameters", "page", value=3) == []
