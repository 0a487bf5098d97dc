"""XML that is described as a mere text is made up by what the criteria of its step ask of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import rehearse
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path


def _answered(folder: Path, condition: str, **media_type: Any) -> str:
    content = {"application/xml": {"schema": {"type": "string"}, **media_type}}
    operation = {"operationId": "get", "responses": {"200": {"description": "ok", "content": content}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    criterion = {"context": "$response.body", "type": "xpath", "condition": condition}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {"workflowId": "w", "steps": [{"stepId": "a", "operationId": "get", "successCriteria": [criterion]}]}
        ],
    }
    (folder / "w.json").write_text(json.dumps(document))
    (step,) = rehearse(folder / "w.json", "w").steps
    assert isinstance(step.response, Response)
    return bytes(step.response.content).decode().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("/job/color = 'blue'", "<job><color>blue</color></job>"),
        ("/job/build/number > 3", "<job><build><number>4</number></build></job>"),
        ("/*:job/*:color = 'blue'", "<job><color>blue</color></job>"),
        ("/*[local-name() = 'job']/color = 'blue'", "<job><color>blue</color></job>"),
        ("1 = 1", "sample"),
    ],
)
def test_an_answer_has_the_elements_that_a_criterion_asks_for(tmp_path: Path, condition: str, answer: str) -> None:
    assert _answered(tmp_path, condition) == answer


def test_an_example_is_answered_as_it_is(tmp_path: Path) -> None:
    example = "<job><color>red</color></job>"
    assert _answered(tmp_path, "/job/color = 'blue'", example=example) == example
