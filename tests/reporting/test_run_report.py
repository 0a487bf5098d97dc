"""A report is plain data: it is written down as JSON and read back, found by its steps, and raised when it failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scripted import DOWN, ScriptedWorld, answer, document, run_scripted, step, workflow

import arazzo_engine
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.reporting.run_report import RunFailed, RunReport

_SCHEMA = json.loads((Path(arazzo_engine.__file__).parent / "reporting" / "report.schema.json").read_text())
_FORMATS = jsonschema.FormatChecker()
_RETRY = {"name": "again", "type": "retry", "retryAfter": 1, "retryLimit": 2}
_IN_DOUBT = NoResponse(Failure.TIMEOUT, "nothing came in time")
_NOT_PROCESSED = NoResponse(Failure.PROTOCOL, "the server refused it", processed=False)


def _body(content: bytes, content_type: str | None, status: int = 500) -> Response:
    return Response(status, () if content_type is None else (("Content-Type", content_type),), content)


_TYPES = (
    *(None, "application/json", "application/xml", "text/plain", "text/plain; charset=utf-16", "text/event-stream"),
    *("image/png", "x/y"),
)
_BODIES = (
    *(b"", b"\x00\xff", b'{"a": 1.0}', b"[1,2]", b"1.50", b"x " * 600, b"9" * 5000, b" a\r\n\tb\x1b[0m "),
    *("\ufeff\ufeffx".encode(), "\ufeff\ufeffx".encode("utf-16-le"), b"\xff\xfex", b'<?xml version="1.0"?><a/>'),
)
_CONTENTS = st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode), st.sampled_from(_BODIES))
_ANSWERS: st.SearchStrategy[Response | NoResponse] = st.one_of(
    st.builds(_body, _CONTENTS, st.sampled_from(_TYPES), st.sampled_from([200, 404, 500, 503])),
    st.sampled_from([answer(200, {"n": 10**30}), answer(201, {"n": "token-1"}), DOWN, _IN_DOUBT, _NOT_PROCESSED]),
)
_ACTIONS = st.sampled_from([[], [_RETRY], [{"name": "over", "type": "end"}], [{**_RETRY, "workflowId": "other"}]])


@st.composite
def _runs(draw: st.DrawFn) -> RunReport:
    """Draw a run that succeeds, fails, is in doubt or is stopped, with retries and a workflow that is called."""
    outputs = {"n": "$response.body#/n", "all": "$response.body"}
    steps = [step(name, outputs=outputs, onFailure=draw(_ACTIONS)) for name in "abc"]
    steps.insert(draw(st.integers(0, 3)), {"stepId": "call", "workflowId": "other"})
    other = workflow(step("e", outputs=outputs), name="other", outputs={"n": "$steps.e.outputs.n"})
    text = document(workflow(*steps, outputs={"n": "$steps.a.outputs.all"}), other)
    script = {name: draw(st.lists(_ANSWERS, min_size=1, max_size=3)) for name in "abce"}
    report = run_scripted(text, ScriptedWorld(script, takes=0.25), limits=Limits(steps=draw(st.integers(1, 20))))
    secrets = draw(st.lists(st.sampled_from(["1", "0", "status", "failed", "token-1", "a", "500", "x x"]), max_size=3))
    return replace(report, secrets=tuple(secrets))


@settings(deadline=None, max_examples=60)
@given(_runs())
def test_a_report_that_was_written_down_is_read_back_and_written_the_same(report: RunReport) -> None:
    value = report.to_json()
    jsonschema.validate(value, _SCHEMA, format_checker=_FORMATS)
    restored = RunReport.from_json(json.loads(json.dumps(value)))
    assert restored.to_json() == value
    assert [str(each) for each in restored.steps] == [str(each) for each in report.steps]


@pytest.mark.parametrize(
    ("answers", "limit", "status"),
    [
        ([answer(200, {"n": 1})], 9, RunStatus.SUCCEEDED),
        ([answer(404)], 9, RunStatus.FAILED),
        ([DOWN], 9, RunStatus.FAILED),
        ([_IN_DOUBT], 9, RunStatus.IN_DOUBT),
        ([answer(500), answer(500), answer(200)], 2, RunStatus.STOPPED),
    ],
)
def test_a_run_of_every_ending_is_written_down_whole(
    answers: list[Response | NoResponse], limit: int, status: RunStatus
) -> None:
    text = document(workflow(step("a", onFailure=[_RETRY])))
    report = run_scripted(text, ScriptedWorld({"a": answers}), limits=Limits(steps=limit))
    assert report.status is status
    restored = RunReport.from_json(report.to_json())
    assert restored.to_json() == report.to_json()
    assert (restored.status, restored.step("a").status) == (status, report.step("a").status)
    assert [each.message for each in restored.findings] == [each.message for each in report.findings]


@pytest.mark.parametrize("content_type", _TYPES)
@pytest.mark.parametrize("content", _BODIES)
def test_the_beginning_of_any_body_is_written_down_and_read_back(content: bytes, content_type: str | None) -> None:
    failed = run_scripted(document(workflow(step("a"))), ScriptedWorld({"a": [_body(content, content_type)]}))
    value = failed.to_json()
    jsonschema.validate(value, _SCHEMA, format_checker=_FORMATS)
    assert RunReport.from_json(value).to_json() == value


def _failed() -> RunReport:
    """Return a run whose second step was declined, twice, with an answer that quotes a secret."""
    declined = answer(402, {"why": "token-1 is declined"})
    text = document(workflow(step("a"), step("b", onFailure=[{**_RETRY, "retryLimit": 1}])))
    return replace(run_scripted(text, ScriptedWorld({"b": [declined]})), secrets=("token-1",))


def test_a_step_is_found_by_its_id_the_last_attempt_of_it() -> None:
    report = _failed()
    assert (report.step("b").attempt, report.step("b", "main").attempt) == (2, 2)
    found = report.step("b").response
    assert isinstance(found, Response)
    assert found.status == 402


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("charge",), "no step `charge` was run"),
        (("B",), "no step `B` was run; did you mean `b`?"),
        (("b", "other"), "no step `b` of workflow `other` was run"),
    ],
)
def test_a_step_that_did_not_run_is_told(asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(KeyError) as raised:
        _failed().step(*asked)
    assert raised.value.args == (said,)


def test_a_run_that_failed_is_raised_with_its_report_and_the_text_of_the_command_line() -> None:
    report = _failed()
    with pytest.raises(RunFailed) as raised:
        report.raise_for_failure()
    assert raised.value.report is report
    assert isinstance(raised.value, ArazzoError)
    assert str(raised.value).splitlines() == [
        "✗ main failed at b, attempt 2: 402 is not from 200 to 399   file:///main.json:23",
        "",
        "    $statusCode >= 200 && $statusCode < 400   402 is not from 200 to 399",
        "",
        "  sent      POST https://x.example/b",
        "  answered  402 Payment Required   application/json",
        '            {"why": "*** is declined"}',
        "",
        "  note      retry `again` is used up: 1 of 1 made",
        "",
        "  done      a (200)",
        "  took      2 steps, 3 requests, 1.0 s",
    ]


def test_a_run_that_succeeded_is_not_raised() -> None:
    run_scripted(document(workflow(step("a"))), ScriptedWorld()).raise_for_failure()


@pytest.mark.parametrize("found", [DOWN, _IN_DOUBT, _NOT_PROCESSED], ids=["not sent", "in doubt", "not processed"])
def test_what_became_of_a_request_is_written_down_and_read_back(found: NoResponse) -> None:
    report = run_scripted(document(workflow(step("a"))), ScriptedWorld({"a": [found]}))
    assert RunReport.from_json(report.to_json()).steps[0].response == found


def test_what_was_read_back_still_tells_how_the_run_ended() -> None:
    report = _failed()
    restored = RunReport.from_json(report.to_json())
    assert str(RunFailed(restored)) == str(RunFailed(report))


def test_secrets_are_masked_and_the_words_of_the_engine_stay() -> None:
    report = replace(_failed(), secrets=("token-1", "1", "failed", "status", "402", "engine"))
    value = report.to_json()
    jsonschema.validate(value, _SCHEMA, format_checker=_FORMATS)
    assert "token-1" not in json.dumps(value)
    charged = value["steps"][1]
    assert (value["status"], charged["attempt"], charged["status"]) == ("failed", 1, "failed")
    assert charged["response"]["body"] == '{"why": "*** is declined"}'


def test_all_findings_are_written_down_those_of_the_steps_last() -> None:
    needs = {"outputs": {"x": "$response.body#/none"}}
    body = {"payload": {"x": "$steps.a.outputs.x"}}
    report = run_scripted(document(workflow(step("a", **needs), step("b", requestBody=body))), ScriptedWorld())
    warned = replace(report, warnings=(diagnose("option-invalid", "it is of no use").as_warning(),))
    value = warned.to_json()
    assert [each["message"] for each in value["diagnostics"]] == [
        "it is of no use",
        "the request needs `$steps.a.outputs.x`, which names nothing",
    ]
    assert value["steps"][1]["diagnostics"] == value["diagnostics"][1:]
    restored = RunReport.from_json(value)
    assert [each.message for each in restored.diagnostics] == ["it is of no use"]
    assert restored.to_json() == value


def _without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: member for each, member in value.items() if each != name}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "Expected `object`, got `array`"),
        (None, "Expected `object`, got `null`"),
        (_without(_failed().to_json(), "steps"), "Object missing required field `steps`"),
        ({**_failed().to_json(), "steps": [{}]}, "Object missing required field `workflowId` - at `$.steps[0]`"),
        ({**_failed().to_json(), "outputs": []}, "Expected `object`, got `array` - at `$.outputs`"),
        ({**_failed().to_json(), "more": 1}, "Object contains unknown field `more`"),
        (
            {**_failed().to_json(), "steps": [{**_failed().to_json()["steps"][0], "startedAt": "noon"}]},
            "Invalid isoformat string: 'noon'",
        ),
    ],
)
def test_what_is_no_report_is_told(value: object, said: str) -> None:
    with pytest.raises(ValueError, match="no report") as raised:
        RunReport.from_json(value)
    assert str(raised.value) == f"this is no report, whose shape `arazzo schema report` prints: {said}"


def test_a_report_of_an_earlier_release_is_read() -> None:
    value = _without(_failed().to_json(), "elapsedMs")
    value["steps"] = [_without(_without(each, "depth"), "diagnostics") for each in value["steps"]]
    assert RunReport.from_json(value).step("b").attempt == 2
