"""Answers that are given are answered as they are; what is not given of one is made up; mistakes are told by place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import places
import pytest
from rehearsed import answers, bodies, rehearsed, thing

import arazzo_engine
from arazzo_engine import ArazzoError, RunReport, RunStatus
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response, header

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_SCHEMA: Final = json.loads((places.ROOT / "arazzo_engine/simulation/answers.schema.json").read_text(encoding="utf-8"))


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _answered(folder: Path, operation: dict[str, Any], given: Any, **rest: Any) -> RunReport:
    return rehearsed(folder, [_step("a", **rest)], {"a": operation}, asked={"answers": {"a": given}})


def _response(report: RunReport, index: int = 0) -> Response:
    response = report.steps[index].response
    assert isinstance(response, Response)
    return response


def test_a_body_is_answered_as_it_is(tmp_path: Path) -> None:
    operation = answers(thing(id=_TEXT, state=_TEXT))
    report = _answered(tmp_path, operation, {"body": {"id": 7}}, outputs={"state": "$response.body#/state"})
    assert bodies(report) == [{"id": 7}]
    assert report.steps[0].outputs == {}


def test_what_is_not_given_is_made_up_as_the_status_documents_it(tmp_path: Path) -> None:
    operation = answers(thing(id=_TEXT))
    operation["responses"]["402"] = {
        "description": "",
        "headers": {"X-Left": {"schema": {"type": "integer"}}},
        "content": {"application/problem+json": {"schema": thing(why=_TEXT)}},
    }
    report = _answered(tmp_path, operation, {"status": 402})
    response = _response(report)
    assert (response.status, response.payload) == (402, {"why": "sample"})
    assert response.headers == (("Content-Type", "application/problem+json"), ("X-Left", "1"))
    assert report.status is RunStatus.FAILED


def test_headers_go_before_those_that_are_documented(tmp_path: Path) -> None:
    operation = answers(thing(id=_TEXT))
    operation["responses"]["200"]["headers"] = {"X-Left": {"schema": {"type": "integer"}}}
    given = {"headers": {"x-left": 3, "Set-Cookie": ["a=1", "b=2"], "X-On": True}}
    response = _response(_answered(tmp_path, operation, given))
    assert response.headers[1:] == (("x-left", "3"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-On", "true"))
    assert response.payload == {"id": "sample"}


@pytest.mark.parametrize(
    ("given", "media", "content"),
    [
        ({"body": "as it is"}, "text/plain", b"as it is"),
        ({"body": {"a": 1}}, "application/json", b'{"a": 1}'),
        ({"body": None}, "application/json", b"null"),
        ({"body": "a", "headers": {"content-type": "application/json"}}, "application/json", b'"a"'),
        ({"body": "<a/>", "headers": {"Content-Type": "application/xml"}}, "application/xml", b"<a/>"),
    ],
)
def test_a_body_that_no_description_has_is_of_its_own_media_type(
    given: dict[str, Any], media: str, content: bytes, tmp_path: Path
) -> None:
    response = _response(_answered(tmp_path, answers(), given))
    assert header(response.headers, "content-type") == media
    assert response.content == content


@pytest.mark.parametrize(
    ("given", "content"),
    [({"text": '{"a": 1,}'}, b'{"a": 1,}'), ({"base64": "AP/+"}, b"\x00\xff\xfe"), ({"text": ""}, b"")],
)
def test_a_body_can_be_given_byte_for_byte(given: dict[str, Any], content: bytes, tmp_path: Path) -> None:
    response = _response(_answered(tmp_path, answers(thing(id=_TEXT)), given))
    assert response.content == content
    assert header(response.headers, "content-type") == "application/json"


@pytest.mark.parametrize(
    ("given", "headers", "content"),
    [
        ({}, (), b""),
        ({"headers": {"X-A": "b"}}, (("X-A", "b"),), b""),
        ({"body": {"id": 7}}, (), b'{"id": 7}'),
        (
            {"body": "x", "headers": {"Content-Type": "application/json"}},
            (("Content-Type", "application/json"),),
            b'"x"',
        ),
    ],
)
def test_nothing_of_a_whole_answer_is_made_up(
    given: dict[str, Any], headers: tuple[tuple[str, str], ...], content: bytes, tmp_path: Path
) -> None:
    operation = answers(thing(id=_TEXT))
    operation["responses"]["200"]["headers"] = {"X-Left": {"schema": {"type": "integer"}}}
    outputs = {"left": "$response.header.X-Left", "more": "$response.header.X-More"}
    response = _response(_answered(tmp_path, operation, {"status": 200, "whole": True, **given}, outputs=outputs))
    assert (response.headers, response.content) == (headers, content)


def test_an_error_says_whether_the_request_may_have_come(tmp_path: Path) -> None:
    for is_sent in (True, False):
        response = _answered(tmp_path, answers(), {"error": "protocol", "sent": is_sent}).steps[0].response
        assert isinstance(response, NoResponse)
        assert response.sent is is_sent


def test_of_a_list_each_request_gets_its_own_answer_and_then_what_is_made_up(tmp_path: Path) -> None:
    schema = thing(state={"type": "string", "enum": ["queued", "running", "done"]})
    waits = {"condition": "$response.body#/state != 'done'"}
    again = {"name": "again", "type": "goto", "stepId": "a", "criteria": [waits]}
    given = [{"body": {"state": "queued"}}, {"body": {"state": "running"}}]
    report = _answered(tmp_path, answers(schema), given, onSuccess=[again])
    assert [body["state"] for body in bodies(report)] == ["queued", "running", "done"]


def test_one_answer_is_for_every_request(tmp_path: Path) -> None:
    retry = {"name": "again", "type": "retry", "retryLimit": 2}
    report = _answered(tmp_path, answers(), {"status": 503}, onFailure=[retry])
    assert [_response(report, index).status for index in range(3)] == [503, 503, 503]


def test_an_answer_that_takes_longer_than_the_step_waits_is_none(tmp_path: Path) -> None:
    report = _answered(tmp_path, answers(), {"delay": 45})
    response = report.steps[0].response
    assert isinstance(response, NoResponse)
    assert (response.failure, response.reason) == (Failure.TIMEOUT, "no answer within 30 s")
    assert report.steps[0].elapsed == pytest.approx(30, abs=0.1)


def test_an_answer_may_take_its_time(tmp_path: Path) -> None:
    report = _answered(tmp_path, answers(), {"delay": 20})
    assert report.status is RunStatus.SUCCEEDED
    assert report.steps[0].elapsed == pytest.approx(20, abs=0.1)
    assert report.elapsed == pytest.approx(20, abs=5)


def test_an_error_is_no_answer(tmp_path: Path) -> None:
    report = _answered(tmp_path, answers(), {"error": "connect", "delay": 2})
    response = report.steps[0].response
    assert isinstance(response, NoResponse)
    assert not response.sent
    assert report.steps[0].elapsed == pytest.approx(2, abs=0.1)


def test_a_failure_that_is_asked_for_goes_before_the_answers(tmp_path: Path) -> None:
    asked = {"answers": {"a": {"status": 200}}, "fail": {"a": 503}}
    report = rehearsed(tmp_path, [_step("a")], {"a": answers()}, asked=asked)
    assert _response(report).status == 503


def test_answers_can_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("w.a:\n  status: 202\n")
    report = rehearsed(tmp_path, [_step("a")], {"a": answers()}, asked={"answers": path})
    assert _response(report).status == 202
    assert report.steps[0].notes == ("202 is not documented: it is answered because it was asked for",)


def test_an_answer_that_nobody_asked_for_is_told(tmp_path: Path) -> None:
    steps = [_step("a", onSuccess=[{"name": "over", "type": "end"}]), _step("b")]
    report = rehearsed(tmp_path, steps, {"a": answers(), "b": answers()}, asked={"answers": {"b": {}}})
    assert [each.code for each in report.diagnostics] == ["answer-unused"]


_GIVEN: Final[tuple[dict[str, Any], ...]] = (
    {"a": {}},
    {"a": []},
    {"a": [{"status": 200}, {"headers": {"A": ["b", 1, True]}, "body": None, "delay": 0}]},
    {"a": {"error": "timeout", "delay": 1.5}},
    {"a": 200},
    {"a": [200]},
    {"a": {"status": "200"}},
    {"a": {"status": True}},
    {"a": {"status": 99}},
    {"a": {"status": 600}},
    {"a": {"headers": []}},
    {"a": {"headers": {"A": None}}},
    {"a": {"headers": {"A": [["b"]]}}},
    {"a": {"delay": -1}},
    {"a": {"delay": "1"}},
    {"a": {"delay": 31_536_001}},
    {"a": {"error": "none"}},
    {"a": {"error": 1}},
    {"a": {"error": "tls", "body": 1}},
    {"a": {"other": 1}},
    {"a": {"text": "{", "whole": True}},
    {"a": {"base64": "AA=="}},
    {"a": {"error": "too-large", "sent": False}},
    {"a": {"error": "interrupted", "sent": False}},
    {"a": {"text": 1}},
    {"a": {"base64": "%%%"}},
    {"a": {"base64": "AAA"}},
    {"a": {"base64": 1}},
    {"a": {"whole": 1}},
    {"a": {"sent": True}},
    {"a": {"error": "tls", "sent": 1}},
    {"a": {"error": "tls", "whole": True}},
    {"a": {"body": 1, "text": "1"}},
    {"a": {"text": "1", "base64": "AA=="}},
)


@pytest.mark.parametrize("given", _GIVEN, ids=json.dumps)
def test_the_schema_says_what_is_read(given: dict[str, Any], tmp_path: Path) -> None:
    codes = _codes(tmp_path, given)
    assert codes in ([], ["answer-invalid"])
    assert jsonschema.Draft202012Validator(_SCHEMA).is_valid(given) is (codes == [])


def _codes(folder: Path, given: dict[str, Any]) -> list[str]:
    try:
        rehearsed(folder, [_step("a")], {"a": answers()}, asked={"answers": given})
    except ArazzoError as error:
        return [each.code for each in error.diagnostics]
    return []


def test_answers_that_are_no_object_are_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("- a\n")
    with pytest.raises(ArazzoError, match="the answers must be an object, not a list"):
        rehearsed(tmp_path, [_step("a")], {"a": answers()}, asked={"answers": path})


def test_what_is_no_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArazzoError, match="the answers are no JSON value"):
        rehearsed(tmp_path, [_step("a")], {"a": answers()}, asked={"answers": {"a": {"body": {1, 2}}}})
    with pytest.raises(TypeError, match="`answers` must be a path or an object, not int"):
        arazzo_engine.rehearse(tmp_path / "doc.json", "w", answers=5)  # type: ignore[arg-type]  # what is told


@pytest.mark.parametrize("given", [{"error": "interrupted"}, {"error": "interrupted", "sent": False}])
def test_a_run_is_interrupted_where_an_answer_says_so(given: dict[str, Any], tmp_path: Path) -> None:
    steps, operations = [_step("a"), _step("b")], {each: answers(thing(id=_TEXT)) for each in ("a", "b")}
    report = rehearsed(tmp_path, steps, operations, asked={"answers": {"a": given}})
    # what only asks leaves no doubt
    assert report.status is RunStatus.STOPPED
    assert [each.step_id for each in report.steps] == ["a"]
    none = report.steps[0].response
    assert isinstance(none, NoResponse)
    assert (none.failure, none.sent) == (Failure.INTERRUPTED, given.get("sent", True))
