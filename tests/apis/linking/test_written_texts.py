"""A text of the document that is no base64 is sent as its bytes where bytes of no type are sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine, rehearse

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

_OCTETS: Final = "application/octet-stream"
_BINARY: Final = {"type": "string", "format": "binary"}
_PAGE: Final = "<h1>hello, wörld</h1>"


def _written(folder: Path, payload: Any, html: Any = None, media_type: str = _OCTETS, schema: Any = _BINARY) -> Path:
    body = {"content": {media_type: {} if schema is None else {"schema": schema}}}
    operation = {"operationId": "put", "requestBody": body, "responses": {"200": {"description": "ok"}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"put": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    inputs = {"type": "object", "properties": {"html": html or {"type": "string", "default": _PAGE}}}
    step = {"stepId": "a", "operationId": "put", "requestBody": {"contentType": media_type, "payload": payload}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [step]}],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _found(path: Path) -> tuple[Diagnostic, ...]:
    with Engine() as engine:
        return engine.validate(path)


def _sent(path: Path) -> bytes:
    (step,) = rehearse(path, "w").steps
    assert step.request is not None
    return bytes(step.request.content)


@pytest.mark.parametrize("schema", [_BINARY, {"type": "string"}, None])
@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (_PAGE, "the payload is sent as the bytes of its text, in UTF-8: it"),
        ("$inputs.html", "`$inputs.html` is sent as the bytes of its text, in UTF-8: its default"),
    ],
)
def test_a_text_that_is_no_base64_is_its_bytes(tmp_path: Path, payload: str, what: str, schema: Any) -> None:
    path = _written(tmp_path, payload, schema=schema)
    (found,) = _found(path)
    assert f"{found.severity.value}[{found.code}]: {found.message}; {found.fix}" == (
        f"warning[text-sent-as-bytes]: {what} has characters that base64 does not have; "
        "if bytes are meant, write them as `data:;base64,…`, or give a file as an input: `-i name=@path`"
    )
    assert _sent(path) == _PAGE.encode()


@pytest.mark.parametrize(
    "payload",
    ["hello", "a text", "./cat.png", "https://a.example/cat?size=1", "@cat", "<file>", "{the content}",
     "[binary data]", "<a path / to it>", "data:image/png,a!"],
)  # fmt: skip
def test_what_may_stand_for_something_else_is_refused(tmp_path: Path, payload: str) -> None:
    assert [each.code for each in _found(_written(tmp_path, payload))] == ["request-body-malformed"]


def test_of_a_picture_nothing_is_guessed(tmp_path: Path) -> None:
    found = _found(_written(tmp_path, _PAGE, media_type="image/png"))
    assert [each.code for each in found] == ["request-body-malformed"]


def test_base64_is_the_bytes_that_it_says(tmp_path: Path) -> None:
    path = _written(tmp_path, "PGgxPg==")
    assert (_found(path), _sent(path)) == ((), b"<h1>")


@pytest.mark.parametrize("html", [{"title": "A page"}, {"type": "string", "format": "binary", "default": _PAGE}])
def test_an_input_that_says_nothing_of_a_text_or_speaks_of_bytes_stays(tmp_path: Path, html: Any) -> None:
    assert "text-sent-as-bytes" not in [each.code for each in _found(_written(tmp_path, "$inputs.html", html))]
