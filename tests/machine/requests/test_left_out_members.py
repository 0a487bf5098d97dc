"""An optional input that is not given leaves its member out: told before the run where the operation requires it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from arazzo_engine.cli import run_command

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
_TEXT: Final = {"type": "string"}
_INPUTS: Final = {"type": "object", "properties": {"mail": _TEXT, "name": _TEXT, "whole": {"type": "object"}}}
_OPEN: Final = {"type": "object", "required": ["mail"], "properties": {"mail": _TEXT, "name": _TEXT}}
_CLOSED: Final = {**_OPEN, "additionalProperties": False}
_WITHIN: Final = {"type": "object", "properties": {"user": _CLOSED}}
_LIST: Final = {"type": "object", "properties": {"users": {"type": "array", "items": _CLOSED}}}
_EITHER: Final = {"oneOf": [_CLOSED, {"type": "object", "required": ["name"], "properties": {"name": _TEXT}}]}


def _told(
    payload: Any, schema: Any, capsys: pytest.CaptureFixture[str], content_type: str = JSON, **more: Any
) -> tuple[int, str]:
    """Return the exit code of a run that is given the inputs of ``given``, and what it says of inputs that lack."""
    body = {**more.get("said", {"required": True}), "content": {content_type: {"schema": schema}}}
    operation = {"operationId": "op", "requestBody": body, "responses": {"200": {"description": "ok"}}}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/a": {more.get("method", "post"): operation}},
    }
    sent = {"contentType": content_type, "payload": payload, **more.get("body", {})}
    step = {"stepId": "s", "operationId": "op", "requestBody": sent, **more.get("step", {})}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "a", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": _INPUTS, "steps": [step]}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("w.json").write_text(json.dumps(document, indent=1))
    code = run_command(["run", "w.json", "--dry-run", *more.get("given", ())])
    said = capsys.readouterr().err.splitlines()
    return code, "\n".join(line for line in said if "[input-needed]" in line)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


_REFUSED: Final = (
    ({"mail": "$inputs.mail", "name": "x"}, _CLOSED, JSON, "its payload lacks `mail`"),
    ({"mail": "$inputs.mail", "name": "x"}, _CLOSED, FORM, "its payload lacks `mail`"),
    ({"user": {"mail": "$inputs.mail"}}, _WITHIN, JSON, "`user` of its payload lacks `mail`"),
    ({"users": ["$inputs.name", {"mail": "$inputs.mail"}]}, _LIST, JSON, "`users/0` of its payload lacks `mail`"),
    ({"mail": "$inputs.mail", "name": "x"}, {"allOf": [_CLOSED]}, JSON, "its payload lacks `mail`"),
)


@pytest.mark.parametrize(("payload", "schema", "content_type", "what"), _REFUSED)
def test_a_required_member_of_a_closed_body_that_no_input_gives_is_an_error(
    payload: Any, schema: Any, content_type: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = f"step `s` needs `$inputs.mail`, which is not given: {what}, as operation `op` describes it"
    assert _told(payload, schema, capsys, content_type) == (2, f"error[input-needed]: {message}")
    given = ("-i", "mail=a", "-i", "name=b")
    assert "input-needed" not in _told(payload, schema, capsys, content_type, given=given)[1]


@pytest.mark.parametrize("more", [{}, {"method": "patch"}, {"payload": {"mail": "$inputs.mail"}}], ids=str)
def test_where_the_server_may_do_without_it_is_a_warning(
    more: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    payload = more.pop("payload", {"mail": "$inputs.mail", "name": "$inputs.name"})
    schema = _CLOSED if "method" in more else _OPEN
    code, said = _told(payload, schema, capsys, **more)
    assert code == 0
    assert said.startswith(
        "warning[input-needed]: step `s` needs `$inputs.mail`, which is not given: its payload lacks"
    )


@pytest.mark.parametrize(
    ("said", "wish"),
    [({"required": True}, "requires one"), ({}, "describes one with `mail`"), ({"required": False}, "")],
)
def test_a_body_that_an_input_is_and_that_is_wanted_is_a_warning(
    said: dict[str, bool], wish: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = _told("$inputs.whole", _OPEN, capsys, said=said)
    message = "step `s` needs `$inputs.whole`, which is not given: no body is sent, and operation `op`"
    assert (code, told) == (0, f"warning[input-needed]: {message} {wish}" if wish else "")


_QUIET: Final[tuple[tuple[Any, Any, dict[str, Any]], ...]] = (
    ({"mail": "a", "name": "$inputs.name"}, _CLOSED, {}),
    ({"mail": "$inputs.mail", "name": "x"}, _EITHER, {}),
    ({"mail": "$inputs.mail"}, _CLOSED, {"body": {"replacements": [{"target": "/mail", "value": "b"}]}}),
    ({"mail": "a"}, _CLOSED, {"body": {"replacements": [{"target": "/mail", "value": "$inputs.mail"}]}}),
    ({"mail": "$inputs.mail"}, _CLOSED, {"step": {"successCriteria": [{"condition": "$statusCode == 400"}]}}),
    ({"name": "x", "note": "$inputs.name"}, {"type": "object"}, {}),
)


@pytest.mark.parametrize(("payload", "schema", "more"), _QUIET, ids=str)
def test_what_may_be_left_out_is_not_told(
    payload: Any, schema: Any, more: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _told(payload, schema, capsys, **more) == (0, "")


def test_a_member_that_a_called_workflow_lacks_is_told_by_what_its_caller_has_to_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _told({"mail": "$inputs.mail", "name": "x"}, _CLOSED, capsys)
    written = json.loads(Path("w.json").read_text())
    (sub,) = written["workflows"]
    main = {"workflowId": "main", "inputs": _INPUTS, "steps": [{"stepId": "call", "workflowId": "w"}]}
    Path("w.json").write_text(json.dumps({**written, "workflows": [main, sub]}))
    run_command(["run", "w.json", "--dry-run", "--workflow", "main", "-i", "mail=a@example.com"])
    said = capsys.readouterr().err
    assert "= fix: add `{name: mail, value: $inputs.mail}` to the `parameters` of step `call`" in said
