"""Fixes that say what to write: for the path of a source that runs nothing here, an output, and a text as context."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import arazzo_engine

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import Diagnostic

_API = {
    "openapi": "3.1.0",
    "info": {"title": "a", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "paths": {
        "/a": {
            "get": {
                "operationId": "get",
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"application/json": {"schema": {"type": "object", "properties": {"ab": {}}}}},
                    }
                },
            }
        }
    },
}
_EVENTS = {"asyncapi": "3.0.0", "info": {"title": "e", "version": "1"}, "channels": {}, "operations": {}}


def _found(folder: Path, step: dict[str, Any], **workflow: Any) -> list[Diagnostic]:
    (folder / "api.json").write_text(json.dumps(_API))
    (folder / "ev.json").write_text(json.dumps(_EVENTS))
    sources = [
        {"name": "ev", "url": "ev.json", "type": "asyncapi"},
        {"name": "api", "url": "api.json", "type": "openapi"},
    ]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": sources,
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", **step}], **workflow}],
    }
    (folder / "doc.json").write_text(json.dumps(document))
    return list(arazzo_engine.check(folder / "doc.json"))


@pytest.mark.parametrize("named", ["ev", "$sourceDescriptions.ev", "{$sourceDescriptions.ev}", "ev.json"])
def test_an_operation_of_asyncapi_is_unsupported_however_its_path_is_written(named: str, tmp_path: Path) -> None:
    (told,) = _found(tmp_path, {"operationPath": f"{named}#/operations/onC"})
    assert told.code == "unsupported-feature"
    assert told.message == (
        "source description `ev` is AsyncAPI, and no message is sent or received yet: the workflow is not run"
    )
    assert told.fix == "let the steps of the workflow call operations of OpenAPI alone"


@pytest.mark.parametrize("named", ["api", "{$sourceDescriptions.api}"])
def test_a_path_of_a_source_that_has_no_such_path_is_told_as_that(named: str, tmp_path: Path) -> None:
    (told,) = _found(tmp_path, {"operationPath": f"{named}#/operations/removeEveryOrder"})
    assert (told.code, told.fix) == ("operation-not-found", "name a path that the description has")


def test_the_source_whose_url_a_path_names_is_the_one_of_the_fix(tmp_path: Path) -> None:
    (told,) = _found(tmp_path, {"operationPath": "api.json#/operations/get"})
    assert (told.code, told.fix) == (
        "operation-path-invalid",
        "write `{$sourceDescriptions.api.url}#/paths/~1<path>/<method>`",
    )


def test_a_path_that_names_nothing_is_told_with_a_source_of_operations(tmp_path: Path) -> None:
    (told,) = _found(tmp_path, {"operationPath": "/b/c"})
    assert told.fix == "write `{$sourceDescriptions.api.url}#/paths/~1b~1c/<method>`"


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("other", "what the answer of step `s` has to its `outputs`: `ab`"),
        ("ab", "`ab: $response.body#/ab` to the `outputs` of step `s`"),
    ],
)
def test_an_output_that_the_answer_has_is_told_as_it_is_written(name: str, added: str, tmp_path: Path) -> None:
    step = {"operationId": "$sourceDescriptions.api.get"}
    (told,) = _found(tmp_path, step, outputs={"x": f"$steps.s.outputs.{name}"})
    assert (told.code, told.fix) == ("unknown-output", f"add {added}")


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("other", "use `one` or `two`, or add what the answer of step `s` has to its `outputs`: `ab`"),
        ("ab", "add `ab: $response.body#/ab` to the `outputs` of step `s`, or use `one` or `two`"),
    ],
)
def test_an_output_that_a_step_lacks_is_told_with_those_that_it_has(name: str, fix: str, tmp_path: Path) -> None:
    step = {"operationId": "$sourceDescriptions.api.get", "outputs": {"one": "$response.body#/ab", "two": "$url"}}
    (told,) = _found(tmp_path, step, outputs={"x": f"$steps.s.outputs.{name}"})
    assert (told.code, told.fix) == ("unknown-output", fix)


@pytest.mark.parametrize("context", ["<r><id>7</id></r>", '{"id": 7}', "[1]", "'7'", "7"])
def test_a_text_that_is_written_out_as_context_is_told_to_be_the_same_always(context: str, tmp_path: Path) -> None:
    criterion = {"context": context, "type": "regex", "condition": "7"}
    (told,) = _found(tmp_path, {"operationId": "$sourceDescriptions.api.get", "successCriteria": [criterion]})
    assert told.code == "invalid-expression"
    assert told.fix == (
        "write what is looked at, such as `$response.body`; over a text that is written out the criterion always says "
        "the same: remove it"
    )
