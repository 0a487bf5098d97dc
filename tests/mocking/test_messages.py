"""Whatever a description says of an answer, what is sent is one message of HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from mocked import mock_of_paths, sent_for

from arazzo_engine.world.mocking.serving import MockApp

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.world.mocking.answering import Mock

_HEADERS: dict[str, Any] = {
    "Content-Length": 5,
    "Transfer-Encoding": "chunked",
    "Content-Encoding": "gzip",
    "Connection": "upgrade",
    "X Bad": "a",
    "X-Ünï": "a",
    "X-Lines": "a\r\nX-Smuggled: b",
    "X-Euro": "5 €",
}


def _operation(status: str, headers: dict[str, Any]) -> dict[str, Any]:
    described = {name: {"schema": {"const": value}} for name, value in headers.items()}
    content = {"application/json": {"example": {"a": 1}}}
    return {"get": {"responses": {status: {"description": "", "headers": described, "content": content}}}}


def test_a_header_that_would_break_the_message_is_left_out(tmp_path: Path) -> None:
    status, headers, content = sent_for(mock_of_paths(tmp_path, {"/a": _operation("200", _HEADERS)}), "GET", "/a")
    assert (status, content) == (200, b'{"a": 1}')
    assert headers == {
        "content-type": "application/json",
        "content-length": "8",
        "x-lines": "a X-Smuggled: b",
        "x-euro": "5 ?",
    }


@pytest.mark.parametrize("status", [204, 205, 304])
def test_what_has_no_content_is_sent_without(tmp_path: Path, status: int) -> None:
    sent, headers, content = sent_for(mock_of_paths(tmp_path, {"/a": _operation(str(status), {})}), "GET", "/a")
    assert (sent, content) == (status, b"")
    assert "content-type" not in headers


def test_an_operation_without_a_final_answer_is_answered_with_that(tmp_path: Path) -> None:
    status, _, content = sent_for(mock_of_paths(tmp_path, {"/a": _operation("101", {})}), "GET", "/a")
    assert status == 501
    assert b"describes no answer that ends an exchange" in content


def _exchange(*, target: bytes = b"/a", headers: tuple[tuple[bytes, bytes], ...] = (), mock: Mock) -> tuple[Any, str]:
    """Return what is sent for a request, and what is told of it."""
    told: list[str] = []
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"0" * 10_000_001}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path, _, query = target.partition(b"?")
    scope = {"type": "http", "method": "GET", "path": "", "raw_path": path, "query_string": query, "headers": headers}
    asyncio.run(MockApp(mock, told.append)(scope, receive, send))
    return sent[0], "\n".join(told)


@pytest.mark.parametrize(
    ("headers", "status", "told"),
    [
        ([b"content-length", b"transfer-encoding"], 400, "GET /a 400\n    the length of the body is given in two ways"),
        ([b"content-length"], 413, "GET /a 413\n    the body is too large, or never ends"),
    ],
)
def test_what_is_refused_is_told_and_ends_the_connection(
    headers: list[bytes], status: int, told: str, tmp_path: Path
) -> None:
    mock = mock_of_paths(tmp_path, {"/a": _operation("200", {})})
    start, log = _exchange(headers=tuple((each, b"5") for each in headers), mock=mock)
    assert start["status"] == status
    assert (b"connection", b"close") in start["headers"]
    assert log == told


def test_a_target_may_be_a_whole_url_and_a_long_one_is_told_in_short(tmp_path: Path) -> None:
    mock = mock_of_paths(tmp_path, {"/a": _operation("200", {})})
    start, log = _exchange(target=b"http://api.test/a?x=" + b"y" * 10_000, mock=mock)
    assert start["status"] == 200
    assert log.startswith("GET /a?x=yyy")
    assert log.endswith(" 200  w.any")
    assert len(log) < 500
