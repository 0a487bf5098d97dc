"""A recording that is exported as a scenario passes: the rehearsal gets what the run got, and does what it did."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml
from drawn import SCRIPTS, documents
from hypothesis import given, settings
from recorded_runs import API, Script, opened, recorded
from scripted import DOWN, answer, document, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.recording.recording import read_recording
from arazzo_engine.world.authoring.exporting import export_scenario
from arazzo_engine.world.authoring.testing import Bench

if TYPE_CHECKING:
    from arazzo_engine.scenarios.verdict import Verdict

# `RECORDINGS=1000 pytest tests/recording` is the campaign of CONTRIBUTING.md
_EXAMPLES = int(os.environ.get("RECORDINGS", "60"))


def _tested(folder: Path, content: bytes, **options: Any) -> Verdict:
    """Return the verdict on the scenario of a recording, written to a file as `arazzo test` reads it."""
    recording = read_recording(content, str(folder / "run.jsonl"))
    path = folder / "run.scenario.yaml"
    exported = export_scenario(recording, options.get("document"), str(path))
    path.write_text(exported.text, encoding="utf-8")
    verdict = Bench().run(path)
    assert verdict.passed == exported.verdict.passed
    return verdict


@settings(max_examples=_EXAMPLES)
@given(documents(), SCRIPTS)
def test_any_recorded_run_passes_as_a_scenario(text: str, script: dict[str, list[Response | NoResponse]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        _, content = recorded(folder, text, Script(script), max_steps=40, max_nesting=4)
        verdict = _tested(folder, content)
        assert verdict.passed, f"{verdict.reasons()}\n{(folder / 'run.scenario.yaml').read_text()}"


_TWO = document(workflow(step("a", outputs={"n": "$response.body"}), step("b"), outputs={"n": "$steps.a.outputs.n"}))
_JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("result", "written"),
    [
        (Response(200, _JSON, b'{"n": 1e3, "t": "1e3"}'), {"body": {"n": 1000.0, "t": "1e3"}}),
        (Response(200, _JSON, b'{"n": 1,}'), {"text": '{"n": 1,}'}),
        (Response(200, (("Content-Type", "image/png"),), b"\x00\xff"), {"base64": "AP8="}),
        (Response(200, (("Content-Type", "text/plain; charset=latin-1"),), b"caf\xe9"), {"base64": "Y2Fm6Q=="}),
        (
            Response(200, (("X-A", "1"), ("X-A", "2")), b"plain"),
            {"headers": {"X-A": ["1", "2"], "Content-Length": "5"}},
        ),
        (Response(204), {"status": 204}),
        (DOWN, {"error": "connect"}),
    ],
)
def test_each_kind_of_answer_is_given_again(
    result: Response | NoResponse, written: dict[str, Any], tmp_path: Path
) -> None:
    _, content = recorded(tmp_path, _TWO, Script({"a": [result]}))
    verdict = _tested(tmp_path, content)
    assert verdict.passed, verdict.reasons()
    (given,) = yaml.safe_load((tmp_path / "run.scenario.yaml").read_text())["answers"]["main.a"]
    assert {name: given[name] for name in written} == written
    assert given.get("whole", False) == isinstance(result, Response)


def test_a_failure_that_may_have_been_acted_upon_stays_one(tmp_path: Path) -> None:
    def break_off(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("the connection was reset")

    report, content = recorded(tmp_path, _TWO, break_off)
    verdict = _tested(tmp_path, content)
    assert verdict.passed, verdict.reasons()
    assert verdict.report is not None
    assert verdict.report.status is report.status
    none = verdict.report.steps[0].response
    assert isinstance(none, NoResponse)
    assert (none.failure, none.is_in_doubt) == (Failure.PROTOCOL, True)


def test_files_secrets_and_options_of_a_run_are_in_its_scenario(tmp_path: Path) -> None:
    body = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    api = json.loads(json.dumps(API))
    api["paths"]["/a"]["post"]["requestBody"] = body
    api["components"] = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    api["paths"]["/a"]["post"]["security"] = [{"key": []}]
    sending = {"contentType": "application/octet-stream", "payload": "$inputs.file"}
    properties = {"file": {"type": "string", "format": "binary"}, "password": {"type": "string", "format": "password"}}
    outputs = {"token": "$response.body#/token", "password": "$inputs.password"}
    text = document(
        workflow(step("a", requestBody=sending, outputs=outputs), inputs={"type": "object", "properties": properties})
    )
    (tmp_path / "cat.bin").write_bytes(b"\x00\xffcat")
    inputs = {"file": tmp_path / "cat.bin", "password": "hunter2-hunter2"}
    script = Script({"v2/a": [answer(200, {"token": "s3cret-token-1"})]})
    given = {"credentials": {"key": "api-key-0815"}, "servers": {"api": "https://other.example/v2"}}
    _, content = recorded(tmp_path, text, script, inputs, api=api, **given)
    (tmp_path / "cat.bin").unlink()
    verdict = _tested(tmp_path, content)
    assert verdict.passed, verdict.reasons()
    written = (tmp_path / "run.scenario.yaml").read_text()
    assert not [each for each in ("hunter2", "s3cret-token-1", "api-key-0815") if each in written]
    assert yaml.safe_load(written)["options"]["servers"] == {"api": "https://other.example/v2"}
    assert verdict.report is not None
    request = verdict.report.steps[0].request
    assert request is not None
    assert request.url == "https://other.example/v2/a"
    assert bytes(request.content) == b"\x00\xffcat"


def test_time_passes_in_a_scenario_as_it_did(tmp_path: Path) -> None:
    again = [{"name": "again", "type": "retry", "retryAfter": 3, "retryLimit": 3}]
    call = {"stepId": "call", "workflowId": "other", "timeout": 5_000}
    text = document(workflow(call), workflow(step("e", onFailure=again), name="other"))
    report, content = recorded(tmp_path, text, Script({"e": [answer(503)]}))
    # its limit was not reached: the time of the step was over
    assert len([each for each in report.steps if each.step_id == "e"]) < 4
    verdict = _tested(tmp_path, content)
    assert verdict.passed, verdict.reasons()


def test_a_document_that_is_elsewhere_now_is_named(tmp_path: Path) -> None:
    _, content = recorded(tmp_path / "then", _TWO, Script())
    shutil.move(tmp_path / "then", tmp_path / "now")
    with pytest.raises(ArazzoError, match="the document of its run is no file here"):
        export_scenario(opened(content), None, None)
    assert _tested(tmp_path, content, document=str(tmp_path / "now/main.json")).passed


def test_a_scenario_that_goes_another_way_is_told(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TWO, Script({"a": [answer(200, {"n": 1})]}))
    changed = _TWO.replace('"operationId": "b"', '"operationId": "b",\n"successCriteria": [{"condition": "false"}]')
    (tmp_path / "main.json").write_text(changed)
    reasons = _tested(tmp_path, content).reasons()
    assert reasons.startswith('the outcome: expected "succeeded", found "failed"')


def test_what_no_scenario_can_be_of_is_refused(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TWO, Script())
    with pytest.raises(ArazzoError, match="it ends before the run does, after step `b`"):
        export_scenario(opened(content.rpartition(b'{"end"')[0]), None, None)

    def interrupt(_: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    _, content = recorded(tmp_path, _TWO, interrupt)
    with pytest.raises(ArazzoError, match="its run was interrupted"):
        export_scenario(opened(content), None, None)
