"""A part of an input that its schema describes and that is not given is left out, as an input is that is not given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from arazzo_engine.cli import run_command

_ENV: Final = {
    "type": "object",
    "properties": {
        "size": {"type": "integer"},
        "region": {"type": "string", "default": "eu"},
        "geo": {"allOf": [{"type": "object", "properties": {"exact": {"type": "boolean"}}}]},
        "loose": {"type": "object"},
    },
}
_INPUTS: Final = {"type": "object", "properties": {"env": _ENV}}


def _rehearse(
    parameters: dict[str, str], payload: Any, capsys: pytest.CaptureFixture[str], *given: str, required: bool = False
) -> tuple[int, str]:
    """Return the exit code of a rehearsal and all that it tells, or what it refuses."""
    members = {"title": {"type": "string"}, "size": {"type": "integer"}}
    schema = {"type": "object", "properties": members, "additionalProperties": False}
    operation = {
        "operationId": "op",
        "parameters": [{"name": name, "in": "query", "required": required, "schema": {}} for name in parameters],
        "requestBody": {"content": {"application/json": {"schema": {**schema, "required": ["size"] * required}}}},
        "responses": {"200": {"description": "ok"}},
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/a": {"post": operation}},
    }
    step = {
        "stepId": "s",
        "operationId": "op",
        "parameters": [{"name": name, "in": "query", "value": value} for name, value in parameters.items()],
        "requestBody": {"contentType": "application/json", "payload": payload},
        "successCriteria": [{"condition": "$statusCode == 200"}],
    }
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": _INPUTS, "steps": [step]}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document, indent=1))
    code = run_command(["rehearse", "w.json", "-vv", *(each for one in given for each in ("-i", one))])
    told = capsys.readouterr()
    return code, told.out + told.err


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("given", ["env={}", 'env={"geo": {}}'])
def test_a_part_that_is_not_given_leaves_its_place_out(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    parameters = {"size": "$inputs.env#/size", "exact": "$inputs.env#/geo/exact", "region": "$inputs.env#/region"}
    code, told = _rehearse(parameters, {"title": "x", "size": "$inputs.env#/size"}, capsys, given)
    assert code == 0, told
    assert "/a?region=eu" in told
    assert ("size=" in told, "exact=" in told, '{"title":"x"}' in told.replace(" ", "")) == (False, False, True)


@pytest.mark.parametrize("part", ["sise", "loose/size"])
def test_a_part_that_is_not_described_is_needed(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _rehearse({"size": f"$inputs.env#/{part}"}, {"title": "x"}, capsys, "env={}")
    assert code == 2
    assert f"[input-needed]: step `s` needs `$inputs.env#/{part}`, which names nothing" in told


def test_a_required_parameter_needs_its_part(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _rehearse({"size": "$inputs.env#/size"}, {"size": 1}, capsys, "env={}", required=True)
    assert code == 2
    assert "[input-needed]" in told


def test_a_required_member_needs_its_part(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _rehearse({}, {"title": "x", "size": "$inputs.env#/size"}, capsys, "env={}", required=True)
    assert code == 2
    assert "[input-needed]: step `s` needs `$inputs.env#/size`, which is not given: its payload lacks `size`" in told


def test_a_text_is_not_sent_with_a_hole(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _rehearse({"size": "about {$inputs.env#/size}"}, {"title": "x"}, capsys, "env={}")
    assert code == 2
    assert "[input-needed]" in told
