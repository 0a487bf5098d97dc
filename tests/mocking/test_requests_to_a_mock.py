"""Whether the parameters of a request are what an operation describes, by all that their schemas say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mocked import ask, described, mock_of_paths

if TYPE_CHECKING:
    from pathlib import Path

_QUERY: dict[str, Any] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 50},
    "name": {"type": "string", "pattern": "^[a-z]+$"},
    "ids": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
    "state": {"type": ["string", "null"], "enum": ["on", None]},
    "maybe": {"type": ["integer", "null"]},
    "level": {"enum": [1, 2]},
    "body_no": {"type": "integer"},
    "at": {"$ref": "#/components/schemas/Nowhere"},
}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("limit=50&name=ab&ids=1&ids=2&state=on&maybe=3&level=1&at=x", ""),
        ("limit=51", "query parameter `limit` must be at most 50"),
        ("limit=0", "query parameter `limit` must be at least 1"),
        ("name=A1", "query parameter `name` does not match the pattern `^[a-z]+$`"),
        ("ids=1&ids=x", "query parameter `ids` at `/1` must be an integer, not a string"),
        ("ids=1&ids=2&ids=3", "query parameter `ids`"),
        ("state=off", "query parameter `state` is none of on"),
        ("maybe=x", "query parameter `maybe` must be"),
        ("level=3", "query parameter `level` is none of 1, 2"),
        ("body_no=x", "query parameter `body_no` is no integer"),
    ],
)
def test_a_query_is_held_to_the_schemas_of_its_parameters(query: str, told: str, tmp_path: Path) -> None:
    listed = [{"name": name, "in": "query", "schema": schema} for name, schema in _QUERY.items()]
    answered = ask(mock_of_paths(tmp_path, {"/a": {"get": described("200", parameters=listed)}}), "GET", f"/a?{query}")
    assert "".join(answered.mistakes).startswith(told)
    assert bool(answered.mistakes) == bool(told)
    assert answered.response.status == (400 if told else 200)


def test_a_body_without_a_type_is_told_as_that(tmp_path: Path) -> None:
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    mock = mock_of_paths(tmp_path, {"/a": {"post": described("200", operationId="a", requestBody=body)}})
    answered = ask(mock, "POST", "/a", {}, Content_Type="")
    told = "the request's body has no `Content-Type`; operation `a` documents `application/json`"
    assert answered.mistakes == (f"the body: {told}",)


def test_a_cookie_that_must_be_there_is_missed(tmp_path: Path) -> None:
    cookie = {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string", "minLength": 3}}
    any_step = [
        {"stepId": "a", "operationId": "a", "parameters": [{"name": "session", "in": "cookie", "value": "abc"}]}
    ]
    operation = described("200", operationId="a", parameters=[cookie])
    mock = mock_of_paths(tmp_path, {"/a": {"get": operation}}, any_step)
    assert ask(mock, "GET", "/a", Cookie="other=1").mistakes == ("cookie parameter `session` is missing",)
    assert ask(mock, "GET", "/a", Cookie="other=1; session=ab").mistakes[0].startswith("cookie parameter `session`")
    assert not ask(mock, "GET", "/a", Cookie="session=abc; other=1").mistakes


def test_a_request_that_a_step_writes_out_itself_is_of_no_api_that_is_simulated(tmp_path: Path) -> None:
    written = {"stepId": "out", "x-operation": {"url": "https://other.test/elsewhere", "method": "GET"}}
    listed = {"stepId": "list", "operationId": "list"}
    mock = mock_of_paths(tmp_path, {"/things": {"get": described("200", operationId="list")}}, [written, listed])
    statuses = [ask(mock, "GET", path).response.status for path in ("/api/things", "/things", "/elsewhere")]
    assert statuses == [200, 200, 404]
