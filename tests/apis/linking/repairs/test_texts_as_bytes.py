"""An input that is a text in one place and bytes in another: what is sent, what is told, and what stays as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

import arazzo_engine
from arazzo_engine import Engine
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_BINARY: Final = {"type": "string", "format": "binary"}
_RAW: Final = "application/octet-stream"
_FORM: Final = "multipart/form-data"
_AS_JSON: Final = {"stepId": "make", "operationId": "make", "requestBody": {"payload": {"name": "$inputs.name"}}}
_AS_BYTES: Final = {"stepId": "raw", "operationId": "raw", "requestBody": {"payload": "$inputs.name"}}
_AS_MEDIA: Final = {**_AS_BYTES, "requestBody": {"contentType": "image/png", "payload": "$inputs.name"}}
_IN_QUERY: Final = {"stepId": "seek", "operationId": "seek", "parameters": [
    {"name": "q", "in": "query", "value": "named {$inputs.name}"}]}  # fmt: skip
_IN_PART: Final = {"stepId": "form", "operationId": "form", "requestBody": {"payload": {"file": "$inputs.name"}}}
_IN_PARTS: Final = {"stepId": "form", "operationId": "form", "requestBody": {"payload": {"files": ["$inputs.name"]}}}


def _body(media_type: str, schema: Any = None) -> Any:
    content = {media_type: {} if schema is None else {"schema": schema}}
    return {"requestBody": {"content": content}}


def _api(name: Any) -> Any:
    form = {"type": "object", "properties": {"file": _BINARY, "files": {"type": "array", "items": _BINARY}}}
    operations = {
        "make": _body("application/json", {"type": "object", "properties": {"name": name}}),
        "raw": _body(_RAW),
        "form": _body(_FORM, form),
        "seek": {"parameters": [{"name": "q", "in": "query", "schema": _TEXT}]},
    }
    answers = {"200": {"description": "ok"}}
    paths = {
        f"/{key}": {"post": {"operationId": key, "responses": answers, **each}} for key, each in operations.items()
    }
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": "https://a.example"}], "paths": paths}


def _document(folder: Path, steps: tuple[Any, ...], schema: Any = None, name: Any = None) -> Path:
    (folder / "api.json").write_text(json.dumps(_api(name or _TEXT)))
    inputs = {"type": "object", "required": ["name"], "properties": {"name": schema or _TEXT}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": inputs, "steps": [*steps]}],
    }
    (folder / "w.json").write_text(json.dumps(document))
    return folder / "w.json"


def _sent(path: Path, inputs: Any) -> list[bytes]:
    report = arazzo_engine.rehearse(path, "w", inputs=inputs)
    return [bytes(each.request.content) for each in report.steps if each.request is not None]


def _told(path: Path) -> list[str]:
    with Engine() as engine:
        return [f"{each.severity.value}[{each.code}]: {each.message}" for each in engine.validate(path)]


_SENT: Final = "warning[text-sent-as-bytes]: `$inputs.name` is sent as the bytes of its text, in UTF-8: "


@pytest.mark.parametrize(
    ("steps", "step"),
    [
        ((_AS_JSON, _AS_BYTES), "make"),
        ((_AS_BYTES, _AS_JSON), "make"),
        ((_IN_QUERY, _IN_PART), "seek"),
        ((_IN_QUERY, _IN_PARTS), "seek"),
    ],
)
def test_an_input_that_is_sent_as_a_text_elsewhere_is_told(steps: Any, step: str, tmp_path: Path) -> None:
    reason = f"the same input is sent as a text by step `{step}`, so that it is no base64"
    assert _told(_document(tmp_path, steps)) == [_SENT + reason]


def test_a_part_beside_it_tells_it_too(tmp_path: Path) -> None:
    both = {"stepId": "form", "operationId": "form", "requestBody": {
        "payload": {"file": "$inputs.name", "title": "$inputs.name"}}}  # fmt: skip
    told = _told(_document(tmp_path, (both,)))
    assert _SENT + "the same input is sent as a text, so that it is no base64" in told


@pytest.mark.parametrize("text", ["Sales Dätä", "Sale", "Budget26", "c2FtcGxl"])
def test_its_bytes_are_those_of_its_text(text: str, tmp_path: Path) -> None:
    bodies = _sent(_document(tmp_path, (_AS_JSON, _AS_BYTES, _IN_PART)), {"name": text})
    assert json.loads(bodies[0]) == {"name": text}
    assert bodies[1] == text.encode()
    assert b"\r\n\r\n" + text.encode() + b"\r\n--" in bodies[2]


def test_a_data_url_is_the_bytes_that_it_says(tmp_path: Path) -> None:
    assert _sent(_document(tmp_path, (_AS_JSON, _AS_BYTES)), {"name": "data:;base64,AP8="})[1] == b"\x00\xff"


def test_a_rehearsal_makes_up_a_text(tmp_path: Path) -> None:
    assert _sent(_document(tmp_path, (_AS_JSON, _AS_BYTES)), {})[1] == b"sample-name"


_STAYS: Final = (
    ((_AS_BYTES,), {"description": "anything"}, _TEXT),
    ((_AS_BYTES,), {**_TEXT, "description": "The content in Base64."}, _TEXT),
    ((_AS_BYTES, _IN_PART), {**_TEXT, "title": "Path of the file"}, _TEXT),
    ((_AS_BYTES, _IN_PART), {**_TEXT, "default": "c2FtcGxl"}, _TEXT),
    ((_AS_MEDIA,), _TEXT, _TEXT),
    ((_AS_BYTES, _AS_MEDIA), _TEXT, _TEXT),
    ((_AS_JSON, _AS_BYTES), _BINARY, _TEXT),
    ((_AS_JSON, _AS_BYTES), {**_TEXT, "format": "byte"}, _TEXT),
    ((_AS_JSON, _AS_BYTES), {**_TEXT, "contentEncoding": "base64"}, _TEXT),
    ((_AS_JSON, _AS_BYTES), {"description": "anything"}, _TEXT),
    ((_AS_JSON, _AS_BYTES), _TEXT, {**_TEXT, "format": "byte"}),
    ((_AS_JSON, _AS_BYTES), _TEXT, {**_TEXT, "contentEncoding": "base64"}),
)


@pytest.mark.parametrize(("steps", "schema", "name"), _STAYS)
def test_what_may_be_base64_stays_so(steps: Any, schema: Any, name: Any, tmp_path: Path) -> None:
    path = _document(tmp_path, steps, schema, name)
    assert [each for each in _told(path) if "text-sent-as-bytes" in each] == []


@pytest.mark.parametrize("step", [_AS_BYTES, _IN_PART, _IN_PARTS])
def test_a_text_that_goes_nowhere_else_is_the_content_and_told(step: Any, tmp_path: Path) -> None:
    with Engine() as engine:
        (found,) = engine.validate(_document(tmp_path, (step,)))
    assert f"{found.severity.value}[{found.code}]: {found.message}" == (
        _SENT + "its schema says a text, and nothing of bytes"
    )
    assert found.fix == (
        "`-i name=@path` sends the bytes of a file; if base64 is to be given, say `format: binary` in its schema"
    )


@pytest.mark.parametrize("text", ["openapi: 3.0.3", "Budget26", "c2FtcGxl", ""])
def test_of_one_that_goes_nowhere_else_a_run_and_a_rehearsal_send_the_text(text: str, tmp_path: Path) -> None:
    assert _sent(_document(tmp_path, (_AS_BYTES,)), {"name": text}) == [text.encode()]
    assert _sent(_document(tmp_path, (_AS_BYTES,)), {}) == [b"sample-name"]


@pytest.mark.parametrize("schema", [_TEXT, {"description": "anything"}, {**_TEXT, "title": "Path of the file"}])
@pytest.mark.parametrize("step", [_AS_BYTES, _IN_PART, _AS_MEDIA])
def test_a_file_is_read_for_what_goes_nowhere_else(step: Any, schema: Any, tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_bytes(b"\x00\xff")
    (sent,) = _sent(_document(tmp_path, (step,), schema), {"name": tmp_path / "f.txt"})
    assert b"\x00\xff" in sent


@pytest.mark.parametrize("schema", [{"type": "integer"}, {**_TEXT, "format": "date"}, {**_TEXT, "enum": ["@a"]}])
def test_no_file_is_read_for_what_can_be_none(schema: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="paths and bytes are taken where"):
        _sent(_document(tmp_path, (_AS_BYTES,), schema), {"name": tmp_path / "f.txt"})


def test_no_file_is_read_for_what_is_a_text_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="paths and bytes are taken where"):
        _sent(_document(tmp_path, (_AS_JSON, _AS_BYTES)), {"name": tmp_path / "f.txt"})


def test_a_word_that_may_be_base64_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArazzoError) as refused:
        _sent(_document(tmp_path, (_AS_BYTES,), {"description": "anything"}), {"name": "Budget26"})
    assert [each.code for each in refused.value.diagnostics] == ["input-unsendable"]


# --- members of an input that is an object ---

_WHOLE: Final = {"stepId": "form", "operationId": "form", "requestBody": {"payload": "$inputs.name"}}
_MEMBER: Final = {**_WHOLE, "requestBody": {"payload": {"file": "$inputs.name#/file"}}}
_IN_JSON: Final = {**_AS_JSON, "requestBody": {"payload": {"name": "$inputs.name#/file"}}}
_OBJECT: Final = {"type": "object", "properties": {"file": _TEXT}}
_GIVING: Final = '`-i name=\'{"file":"@path"}\'` sends the bytes of a file; '


@pytest.mark.parametrize(("step", "what"), [(_WHOLE, "`file` of `$inputs.name`"), (_MEMBER, "`$inputs.name#/file`")])
def test_a_member_that_is_a_text_is_the_content_and_told(step: Any, what: str, tmp_path: Path) -> None:
    with Engine() as engine:
        (found,) = engine.validate(_document(tmp_path, (step,), _OBJECT))
    assert (
        found.message
        == f"{what} is sent as the bytes of its text, in UTF-8: its schema says a text, and nothing of bytes"
    )
    assert found.fix == f"{_GIVING}if base64 is to be given, say `format: binary` in its schema"


@pytest.mark.parametrize("step", [_WHOLE, _MEMBER])
@pytest.mark.parametrize("text", ["openapi: 3.0.3", "Budget26", "c2FtcGxl"])
def test_of_a_member_a_run_sends_the_text(step: Any, text: str, tmp_path: Path) -> None:
    (sent,) = _sent(_document(tmp_path, (step,), _OBJECT), {"name": {"file": text}})
    assert b"\r\n\r\n" + text.encode() + b"\r\n--" in sent


@pytest.mark.parametrize("file", [{}, _TEXT, _BINARY, {**_TEXT, "description": "The content in Base64."}])
@pytest.mark.parametrize("step", [_WHOLE, _MEMBER])
def test_a_rehearsal_makes_up_members_that_can_be_sent(step: Any, file: Any, tmp_path: Path) -> None:
    (sent,) = _sent(_document(tmp_path, (step,), {"type": "object", "properties": {"file": file}}), {})
    assert b"\r\n\r\nsample\r\n--" in sent or b"\r\n\r\nc2FtcGxl\r\n--" in sent


def test_a_member_that_is_sent_as_a_text_elsewhere_is_told(tmp_path: Path) -> None:
    reason = "the same input is sent as a text by step `make`, so that it is no base64"
    told = _told(_document(tmp_path, (_IN_JSON, _WHOLE), _OBJECT))
    assert told == [_SENT.replace("`$inputs", "`file` of `$inputs") + reason]


@pytest.mark.parametrize("file", [_BINARY, {**_TEXT, "title": "Path of the file"}, {"description": "anything"}])
@pytest.mark.parametrize("step", [_WHOLE, _MEMBER])
def test_a_member_that_may_be_base64_stays_so(step: Any, file: Any, tmp_path: Path) -> None:
    path = _document(tmp_path, (step,), {"type": "object", "properties": {"file": file}})
    assert [each for each in _told(path) if "text-sent-as-bytes" in each] == []
    assert b"\r\n\r\nsample\r\n--" in _sent(path, {"name": {"file": "c2FtcGxl"}})[0]


def test_of_an_object_that_goes_elsewhere_as_a_whole_a_member_stays_as_it_is(tmp_path: Path) -> None:
    whole = {**_AS_JSON, "requestBody": {"payload": {"any": "$inputs.name"}}}
    assert [each for each in _told(_document(tmp_path, (whole, _MEMBER), _OBJECT)) if "sent-as-bytes" in each] == []


@pytest.mark.parametrize("step", [_WHOLE, _MEMBER])
def test_a_file_is_read_for_a_member(step: Any, tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_bytes(b"\x00\xff")
    (sent,) = _sent(_document(tmp_path, (step,), _OBJECT), {"name": {"file": tmp_path / "f.txt"}})
    assert b"\x00\xff" in sent
