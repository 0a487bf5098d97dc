"""A rehearsal that did not come to all steps says once which, and what rehearses the other ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_END: Final = {"name": "there", "type": "end", "criteria": [{"condition": "$statusCode == 200"}]}
_TOLD: Final = "not come to on this way: `make`, `tell`; `--all-paths` rehearses the other ways\n"


def _write(folder: Path, first: dict[str, Any]) -> str:
    answers = {"200": {"description": "ok"}}
    description = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/things": {"get": {"operationId": "find", "responses": answers}}},
    }
    steps = [{"stepId": each, "operationId": "find", "outputs": {"code": "$statusCode"}} for each in ("make", "tell")]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{
            "workflowId": "w",
            "steps": [{"stepId": "find", "operationId": "find", **first}, *steps],
            "outputs": {"a": "$steps.make.outputs.code", "b": "$steps.make.outputs.code"},
        }],
    }  # fmt: skip
    (folder / "api.json").write_text(json.dumps(description))
    (folder / "w.json").write_text(json.dumps(document))
    return str(folder / "w.json")


def test_the_steps_are_told_behind_the_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rehearse", _write(tmp_path, {"onSuccess": [_END]})]) == 0
    told = capsys.readouterr().err
    assert told.endswith(f"\n{_TOLD}")
    assert told.count("output-absent") == 1
    assert "outputs `a`, `b` have no value: step `make` was not run\n" in told


@pytest.mark.parametrize(
    ("first", "options"),
    [({}, []), ({"onSuccess": [_END]}, ["-q"]), ({"onSuccess": [_END]}, ["--fail", "find=500"]),
     ({"onSuccess": [_END]}, ["--all-paths"]),
     # to which no way leads
     ({"onSuccess": [{"name": "there", "type": "end"}]}, [])],
)  # fmt: skip
def test_nothing_is_told(first: Any, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["rehearse", _write(tmp_path, first), *options])
    assert "not come to on this way" not in capsys.readouterr().err
