"""Bodies as they arrive: the media type and the bytes, for what descriptions really say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from one_step import OneStep

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"


@pytest.fixture
def step(tmp_path: Path, server: RecordingServer) -> OneStep:
    return OneStep(tmp_path, server)


# --- which media type ---


@pytest.mark.parametrize(
    ("documented", "payload", "content_type"),
    [
        ([PATCH, "application/json", "text/json", "application/*+json"], {"title": "x"}, "application/json"),
        ([PATCH, "application/json", "text/json", "application/*+json"], "$inputs.object", "application/json"),
        ([PATCH, MERGE], {"title": "$inputs.text"}, MERGE),
        ([PATCH, MERGE], "$inputs.object", MERGE),
        ([PATCH, MERGE], '{"title": "{$inputs.text}"}', MERGE),
        ([MERGE, PATCH], "$inputs.list", PATCH),
        ([MERGE, PATCH], ' [{"op": "remove", "path": "/{$inputs.text}"}]', PATCH),
        ([MERGE, PATCH], "{$inputs.json}", PATCH),
    ],
)
def test_a_patch_is_chosen_for_what_it_can_be(
    step: OneStep, documented: list[str], payload: Any, content_type: str
) -> None:
    step.inputs = {"object": {"a": 1}, "list": [{"op": "remove", "path": "/a"}], "text": "x", "json": "[]"}
    sent = step.body({each: {} for each in documented}, payload)
    assert sent.header("content-type") == content_type


def test_an_object_is_no_json_patch_unless_the_step_says_so(step: OneStep) -> None:
    step.inputs = {"object": {"a": 1}}
    described: dict[str, Any] = {"requestBody": {"content": {PATCH: {}}}}
    for payload in ({"a": 1}, {"a": "$inputs.object"}, "$inputs.object", '{"a": 1}'):
        problem = step.refused(described, {"requestBody": {"payload": payload}})
        assert (problem.code, problem.fix) in {
            ("request-body-unsupported", "give an array, or say by `contentType` what is sent"),
            ("input-unsendable", "give an array, or say by `contentType` what is sent"),
        }
    assert step.body({PATCH: {}}, {"a": 1}, PATCH).body == b'{"a":1}'


# --- cookies ---


@pytest.mark.parametrize(
    ("header", "line"),
    [("z=1", "z=1; a=x; b=1; b=2"), ("z=1; y=2;", "z=1; y=2; a=x; b=1; b=2"), ("", "a=x; b=1; b=2")],
)
def test_cookies_are_one_line_wherever_they_are_given(step: OneStep, header: str, line: str) -> None:
    declared = [
        {"name": "a", "in": "cookie", "schema": {}},
        {"name": "b", "in": "cookie", "style": "cookie", "schema": {}},
    ]
    given = [
        {"name": "a", "in": "cookie", "value": "x"},
        {"name": "cookie", "in": "header", "value": header},
        {"name": "b", "in": "cookie", "value": [1, 2]},
    ]
    sent = step.sent({"parameters": declared}, {"parameters": given})
    assert [value for name, value in sent.headers if name.lower() == "cookie"] == [line]


# --- methods ---


def test_trace_has_no_body(step: OneStep) -> None:
    step.method = "trace"
    for required in (True, False):
        described: dict[str, Any] = {"requestBody": {"required": required, "content": {"application/json": {}}}}
        problem = step.refused(described, {"requestBody": {"payload": {"a": 1}}})
        assert problem.code == "request-body-unsupported"
        assert problem.message == "step `one` sends a body with TRACE, which has none"
        assert step.sent(described, {}).body == b""
