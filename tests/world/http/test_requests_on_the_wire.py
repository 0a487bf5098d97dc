"""Whole runs against a real server: the bytes of the request line, the headers and the body, and what comes back."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import brotli
import pytest
import zstandard
from loopback import RecordingServer, Reply

import arazzo_engine
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Recorded


def run(
    folder: Path,
    server: RecordingServer,
    operation: dict[str, Any],
    step: dict[str, Any],
    path: str = "/a",
    inputs: dict[str, Any] | None = None,
) -> Any:
    """Run one step that calls one operation, and return the report."""
    api = {
        "openapi": "3.2.0",
        "info": {"title": "One", "version": "1"},
        "servers": [{"url": server.url}],
        "paths": {path: {"post": {"operationId": "op", "responses": {}, **operation}}},
    }
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "One request", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "main",
                "inputs": {"properties": {"x": {}}},
                "steps": [{"stepId": "one", "operationId": "op", **step}],
            }
        ],
    }
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "main.arazzo.json").write_text(json.dumps(document))
    return arazzo_engine.run(folder / "main.arazzo.json", inputs=inputs, servers=server.url)


def send(
    folder: Path, server: RecordingServer, operation: dict[str, Any], step: dict[str, Any], path: str = "/a"
) -> Recorded:
    """Run one step, and return the request that arrived."""
    run(folder, server, operation, step, path)
    (request,) = server.requests
    return request


def test_parameters_arrive_where_they_belong(tmp_path: Path, server: RecordingServer) -> None:
    declared: list[dict[str, Any]] = [
        {"name": "id", "in": "path", "required": True, "style": "matrix", "schema": {}},
        {"name": "filter", "in": "query", "style": "deepObject", "explode": True, "schema": {}},
        {"name": "ids", "in": "query", "style": "pipeDelimited", "explode": False, "schema": {}},
        {"name": "next", "in": "query", "allowReserved": True, "schema": {}},
        {"name": "where", "in": "query", "content": {"application/json": {}}},
        {"name": "X-List", "in": "header", "schema": {}},
        {"name": "seen", "in": "cookie", "style": "cookie", "schema": {}},
    ]
    given = {
        "id": "a/b?c#d é",
        "filter": {"a": {"b": ["c d"]}},
        "ids": [1, 2],
        "next": "https://x/?y=1&z",
        "where": {"é": [1]},
        "X-List": ["a", "b"],
        "seen": ["x", "y"],
    }
    parameters = [{"name": each["name"], "in": each["in"], "value": given[each["name"]]} for each in declared]
    request = send(tmp_path, server, {"parameters": declared}, {"parameters": parameters}, "/things/{id}/parts")
    assert request.path == (
        "/things/;id=a%2Fb%3Fc%23d%20%C3%A9/parts?filter%5Ba%5D%5Bb%5D%5B0%5D=c%20d&ids=1%7C2"
        "&next=https://x/?y=1%26z&where=%7B%22%C3%A9%22%3A%5B1%5D%7D"
    )
    assert (request.header("x-list"), request.header("cookie")) == ("a,b", "seen=x; seen=y")


def test_a_whole_query_string_arrives_as_it_was_written(tmp_path: Path, server: RecordingServer) -> None:
    parameter = {"name": "q", "in": "querystring", "value": "a=b c&d[]=%2F"}
    request = send(tmp_path, server, {}, {"parameters": [parameter]})
    assert request.path == "/a?a=b%20c&d%5B%5D=%2F"


_MULTIPART = (
    b'--BOUNDARY\r\nContent-Disposition: form-data; name="title"\r\n\r\nA \xc3\xa9\r\n'
    b'--BOUNDARY\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: a/b\r\n\r\n\x00\xff\r\n'
    b"--BOUNDARY--\r\n"
)


@pytest.mark.parametrize(
    ("content_type", "described", "payload", "content"),
    [
        ("application/json", {}, {"é": [1.5, None]}, '{"é":[1.5,null]}'.encode()),
        ("application/merge-patch+json", {}, {"a": None}, b'{"a":null}'),
        ("application/x-www-form-urlencoded", {}, {"a": [1, 2], "b": {"c": "d e"}}, b"a=1&a=2&b%5Bc%5D=d+e"),
        ("multipart/form-data", {"schema": {"properties": {"file": {"format": "binary"}}}}, {"title": "A é", "file": "data:a/b;name=a.bin;base64,AP8="}, _MULTIPART),
        ("application/xml", {"schema": {"xml": {"name": "p"}, "properties": {"id": {"xml": {"attribute": True}}}}}, {"id": 1, "a": "<"}, b'<?xml version="1.0" encoding="UTF-8"?>\n<p id="1"><a>&lt;</a></p>'),
        ("text/plain; charset=latin-1", {}, "é", b"\xe9"),
        ("application/octet-stream", {}, "AP8=", b"\x00\xff"),
        ("application/x-ndjson", {}, [1, {"a": 2}], b'1\n{"a":2}\n'),
    ],
)  # fmt: skip
def test_a_body_arrives_as_its_media_type(
    content_type: str,
    described: dict[str, Any],
    payload: object,
    content: bytes,
    tmp_path: Path,
    server: RecordingServer,
) -> None:
    operation = {"requestBody": {"content": {content_type: described}}}
    request = send(tmp_path, server, operation, {"requestBody": {"payload": payload}})
    found = request.header("content-type") or ""
    boundary = found.partition("; boundary=")[2]
    assert found == f"{content_type}; boundary={boundary}" if boundary else content_type
    assert request.body == content.replace(b"BOUNDARY", boundary.encode())
    assert request.header("content-length") == str(len(request.body))


def test_the_content_type_that_the_step_sets_as_a_header_decides(tmp_path: Path, server: RecordingServer) -> None:
    header = {"name": "content-type", "in": "header", "value": "multipart/form-data"}
    request = send(tmp_path, server, {}, {"parameters": [header], "requestBody": {"payload": {"a": "b"}}})
    assert (request.header("content-type") or "").startswith("multipart/form-data; boundary=arazzo-")
    assert b'name="a"\r\n\r\nb\r\n' in request.body


@pytest.mark.parametrize("value", ["application/json", "$inputs.x"])
def test_that_header_decides_before_the_first_request_too(value: str, tmp_path: Path, server: RecordingServer) -> None:
    header = {"name": "Content-Type", "in": "header", "value": value}
    operation: dict[str, Any] = {"requestBody": {"content": {"application/octet-stream": {}}}}
    step = {"parameters": [header], "requestBody": {"payload": "no base64"}}
    run(tmp_path, server, operation, step, inputs={"x": "application/json"})
    assert [request.body for request in server.requests] == [b'"no base64"']


def test_two_media_types_for_one_body_are_refused(tmp_path: Path, server: RecordingServer) -> None:
    body = {"contentType": "application/json", "payload": {"a": 1}}
    for value in ("text/xml", "$inputs.x"):
        header = {"name": "Content-Type", "in": "header", "value": value}
        try:
            report = run(tmp_path, server, {}, {"parameters": [header], "requestBody": body}, inputs={"x": "text/xml"})
            found = report.steps[0].diagnostics
        except ArazzoError as error:
            found = error.diagnostics
        assert [each.code for each in found if each.is_error] == ["request-body-unsupported"]
    assert not server.requests


def test_what_is_accepted_is_what_is_documented(tmp_path: Path, server: RecordingServer) -> None:
    responses: dict[str, Any] = {"200": {"content": {"text/csv": {}, "application/json": {}}}}
    assert send(tmp_path, server, {"responses": responses}, {}).header("accept") == "application/json, text/csv"


@pytest.mark.parametrize(
    ("headers", "body", "output"),
    [
        (
            (("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
            gzip.compress(b'{"a":[1]}', mtime=0),
            {"a": [1]},
        ),
        ((("Content-Type", "application/json"), ("Content-Encoding", "br")), brotli.compress(b"[1]"), [1]),
        ((("Content-Type", "application/json"), ("Content-Encoding", "zstd")), zstandard.compress(b"[1]"), [1]),
        ((("Content-Type", "text/plain; charset=iso-8859-1"),), b"\xe9", "é"),
        ((("Content-Type", "text/html"),), b'{"a": 1}', '{"a": 1}'),
        ((("Content-Type", "application/xml"),), b"<a/>", "<a/>"),
        ((("Content-Type", "application/pdf"),), b"\xff\x00", "/wA="),
        ((("Content-Type", "application/x-ndjson"),), b'{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ((("Content-Type", "text/event-stream"),), b"event: e\ndata: 1\n\n", [{"event": "e", "data": "1"}]),
        ((), b'{"a": 1}', {"a": 1}),
    ],
)
def test_an_answer_is_what_it_claims_to_be(
    headers: tuple[tuple[str, str], ...], body: bytes, output: object, tmp_path: Path, server: RecordingServer
) -> None:
    server.script("POST", "/a", Reply(200, headers, body))
    report = run(tmp_path, server, {}, {"outputs": {"body": "$response.body"}})
    assert report.steps[0].outputs == {"body": output}


def test_bytes_that_came_can_be_sent_on(tmp_path: Path, server: RecordingServer) -> None:
    server.script("POST", "/a", Reply(200, (("Content-Type", "image/png"),), b"\x89PNG\xff"))
    step: dict[str, Any] = {"outputs": {"photo": "$response.body"}}
    photo = run(tmp_path, server, {}, step).steps[0].outputs["photo"]
    step = {"requestBody": {"contentType": "image/png", "payload": photo}}
    run(tmp_path, server, {}, step)
    assert server.requests[-1].body == b"\x89PNG\xff"


_OPEN_HEADER = {"encoding": {"a": {"headers": {"X-Id": {"required": True, "schema": {"type": "string"}}}}}}


@pytest.mark.parametrize(
    ("content_type", "described", "payload", "code"),
    [
        ("application/octet-stream", {}, "no base64", "request-body-malformed"),
        ("application/octet-stream", {}, {"a": "$inputs.x"}, "request-body-unsupported"),
        ("application/x-www-form-urlencoded", {}, ["$inputs.x"], "request-body-unsupported"),
        ("application/x-ndjson", {}, {"a": 1}, "request-body-malformed"),
        ("text/plain; charset=ascii", {}, "é", "request-body-malformed"),
        ("application/xml", {}, {"a": 1}, "request-body-malformed"),
        ("multipart/form-data", {}, "--x--", "request-body-malformed"),
        ("multipart/form-data", _OPEN_HEADER, {"a": "$inputs.x"}, "request-body-unsupported"),
        ("image/*", {}, "AP8=", "request-body-unsupported"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_first_request(
    content_type: str, described: dict[str, Any], payload: object, code: str, tmp_path: Path, server: RecordingServer
) -> None:
    operation = {"requestBody": {"content": {content_type: described}}}
    with pytest.raises(ArazzoError) as refused:
        run(tmp_path, server, operation, {"requestBody": {"payload": payload}})
    found = [each for each in refused.value.diagnostics if each.code.startswith("request-body")]
    assert [each.code for each in found] == [code]
    assert found[0].location is not None
    assert not server.requests


def test_an_input_that_is_not_of_the_media_type_is_refused_before_the_first_request(
    tmp_path: Path, server: RecordingServer
) -> None:
    step = {"requestBody": {"contentType": "image/png", "payload": "$inputs.x"}}
    with pytest.raises(ArazzoError) as refused:
        run(tmp_path, server, {}, step, inputs={"x": "no base64"})
    (found,) = refused.value.diagnostics
    assert (found.code, "no base64" in found.message) == ("input-unsendable", False)
    assert not server.requests
