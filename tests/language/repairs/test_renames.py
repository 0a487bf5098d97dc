"""What a step calls, under the names that other formats give the field: by an id, or by a pointer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair


def _read(**step: Any) -> Any:
    document = {"arazzo": "1.0.1", "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", **step}]}]}
    found = repair(read_document(json.dumps(document), "file:///a.json")).document.value
    return {name: each for name, each in found["workflows"][0]["steps"][0].items() if name != "stepId"}


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("operationRef", "findItem", "operationId"),
        ("operation_ref", "findItem", "operationId"),
        ("operationRef", "./api.yaml#/paths/~1items/get", "operationPath"),
    ],
)
def test_what_a_step_calls_is_read_by_what_stands_there(name: str, written: str, meant: str) -> None:
    assert _read(**{name: written}) == {meant: written}


@pytest.mark.parametrize("written", ["./api.yaml#/paths/~1items/get", "findItem"])
def test_what_stands_beside_a_call_is_none(written: str) -> None:
    step = {"operationId": "find", "operationRef": written}
    assert _read(**step) == step
