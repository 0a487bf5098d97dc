"""Whatever a description says of an answer, what is sent is one message of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mocked import mock_of_paths, sent_for

if TYPE_CHECKING:
    from pathlib import Path

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
