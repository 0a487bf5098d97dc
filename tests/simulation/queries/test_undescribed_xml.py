"""XML of which the description says nothing is made up by what its step asks of it, and by what reads it later."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine import rehearse
from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path


_TEXT = {"content": {"application/xml": {"schema": {"type": "string"}}}}


def _answered(folder: Path, step: dict[str, Any], described: dict[str, Any], *more: dict[str, Any]) -> str:
    operation = {"operationId": "get", "responses": {"200": {"description": "ok", **described}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    steps = [{"stepId": name, "operationId": "get", **each} for name, each in zip("abc", (step, *more), strict=False)]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }
    (folder / "w.json").write_text(json.dumps(document))
    first = rehearse(folder / "w.json", "w").steps[0]
    assert isinstance(first.response, Response)
    return bytes(first.response.content).decode().rpartition("\n")[2]


def _asking(condition: str) -> dict[str, Any]:
    return {"successCriteria": [{"context": "$response.body", "type": "xpath", "condition": condition}]}


def _giving(selector: str) -> dict[str, Any]:
    return {"outputs": {"it": {"context": "$response.body", "selector": selector, "type": "xpath"}}}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("/job/color = 'blue'", "<job><color>blue</color></job>"),
        ("/job/build/number > 3", "<job><build><number>4</number></build></job>"),
        ("/*:job/*:color = 'blue'", "<job><color>blue</color></job>"),
        ("/*[local-name() = 'job']/color = 'blue'", "<job><color>blue</color></job>"),
        ("/job/@id = 5", '<job id="5"/>'),
        ("/job/build[@number = 7]/color = 'blue'", '<job><build number="7"><color>blue</color></build></job>'),
        ("/job = 'done'", "<job>done</job>"),
        ("//color = 'blue'", "<root><color>blue</color></root>"),
        ("1 = 1", "sample"),
        ("/job/build/@id = 5 and /job/id = 'x'", "sample"),
        ("/job/color = 'blue' and /build/color = 'blue'", "sample"),
    ],
)
def test_an_answer_has_what_a_criterion_asks_for_where_that_can_be_told(
    tmp_path: Path, condition: str, answer: str
) -> None:
    assert _answered(tmp_path, _asking(condition), _TEXT) == answer


@pytest.mark.parametrize("described", [{}, {"content": {"application/xml": {}}}, _TEXT])
def test_what_an_output_selects_is_there_whatever_is_described(tmp_path: Path, described: dict[str, Any]) -> None:
    assert _answered(tmp_path, _giving("/job/color"), described) == "<job><color>sample-color</color></job>"


def test_what_an_output_selects_is_as_a_later_step_asks_for_it(tmp_path: Path) -> None:
    later = {"successCriteria": [{"condition": "$steps.a.outputs.it == 17"}]}
    assert _answered(tmp_path, _giving("/job/@number"), {}, later) == '<job number="17"/>'


def test_without_a_query_nothing_described_is_no_xml(tmp_path: Path) -> None:
    assert not _answered(tmp_path, {"successCriteria": [{"condition": "$statusCode == 200"}]}, {})


def test_without_a_query_nothing_is_loaded_for_xpath(tmp_path: Path) -> None:
    _answered(tmp_path, {"successCriteria": [{"condition": "$statusCode == 200"}]}, {})
    script = "import sys, arazzo_engine; arazzo_engine.rehearse(sys.argv[1], 'w'); print('elementpath' in sys.modules)"
    command = [sys.executable, "-c", script, str(tmp_path / "w.json")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_an_example_is_answered_as_it_is(tmp_path: Path) -> None:
    example = "<job><color>red</color></job>"
    described = {"content": {"application/xml": {"schema": {"type": "string"}, "example": example}}}
    assert _answered(tmp_path, _asking("/job/color = 'blue'"), described) == example
