"""A recording that is exported as a scenario passes: the rehearsal gets what the run got, and does what it did."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import httpx
import hypothesis.strategies as st
import pytest
import yaml
from drawn import SCRIPTS, documents
from hypothesis import given, settings
from recorded_runs import API, Clock, Script, opened, recorded
from scripted import DOWN, answer, document, step, workflow

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.recording.recording import read_recording
from arazzo_engine.reporting.events import ignore
from arazzo_engine.scenarios.comparing import path_of
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.authoring.exporting import export_scenarios
from arazzo_engine.world.authoring.testing import Bench
from arazzo_engine.world.drivers.deadline import Deadline

if TYPE_CHECKING:
    from arazzo_engine.scenarios.verdict import Verdict

# `RECORDINGS=1000 pytest tests/recording` is the campaign of CONTRIBUTING.md
_EXAMPLES = int(os.environ.get("RECORDINGS", "60"))


def _tested(folder: Path, content: bytes, **options: Any) -> Verdict:
    """Return the verdict on the scenario of a recording, written to a file as `arazzo test` reads it."""
    recording = read_recording(content, str(folder / "run.jsonl"))
    path = folder / "run.scenario.yaml"
    (exported,) = export_scenarios(recording, options.get("document"), str(path))
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
        export_scenarios(opened(content), None, None)
    assert _tested(tmp_path, content, document=str(tmp_path / "now/main.json")).passed


def test_a_scenario_that_goes_another_way_is_told(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TWO, Script({"a": [answer(200, {"n": 1})]}))
    changed = _TWO.replace('"operationId": "b"', '"operationId": "b",\n"successCriteria": [{"condition": "false"}]')
    (tmp_path / "main.json").write_text(changed)
    reasons = _tested(tmp_path, content).reasons()
    assert reasons.startswith('the outcome: expected "succeeded", found "failed"')


def _scenario(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load((folder / "run.scenario.yaml").read_text())
    return value


@settings(max_examples=_EXAMPLES // 2, deadline=None)
@given(documents(), SCRIPTS, st.data())
def test_a_recording_that_was_cut_off_anywhere_passes_as_far_as_it_goes(
    text: str, script: dict[str, list[Response | NoResponse]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        report, content = recorded(folder, text, Script(script), max_steps=40, max_nesting=4)
        lines = content.splitlines(keepends=True)
        first = next(at for at, each in enumerate(lines) if b'"type":"runStarted"' in each) + 1
        kept = data.draw(st.integers(first, len(lines)))
        verdict = _tested(folder, b"".join(lines[:kept]))
        assert verdict.passed, f"{verdict.reasons()}\n{(folder / 'run.scenario.yaml').read_text()}"
        path, finished = [*path_of(report)], sum(b'"type":"stepFinished"' in each for each in lines[:kept])
        assert _scenario(folder)["expect"]["path"][:finished] == path[:finished]
        # what ended as nothing but success was through
        if _scenario(folder)["expect"]["outcome"] == "succeeded":
            assert report.succeeded


_NOT_SENT = {"error": "interrupted", "sent": False}


@pytest.mark.parametrize(
    ("last", "outcome", "path", "given"),
    [
        ('"type":"runStarted"', "stopped", ["a interrupted"], {"a": _NOT_SENT}),
        ('"stepId":"a","attempt":1', "in-doubt", ["a interrupted"], {"a": {"error": "interrupted"}}),
        (
            '"step":["main","a",1]',
            "stopped",
            ["a 200", "b interrupted"],
            {"b": {"error": "interrupted", "sent": False}},
        ),
        ('"stepId":"b","attempt":1', "in-doubt", ["a 200", "b interrupted"], {"b": {"error": "interrupted"}}),
        ('"step":["main","b",1]', "succeeded", ["a 200", "b 200"], {}),
    ],
)
def test_what_is_not_known_of_a_cut_recording_is_an_interruption(
    tmp_path: Path, last: str, outcome: str, path: list[str], given: dict[str, Any]
) -> None:
    _, content = recorded(tmp_path, _TWO, Script({"a": [answer(200, {"n": 1})]}))
    lines = content.splitlines(keepends=True)
    end = next(at for at, each in enumerate(lines) if last.encode() in each) + 1
    assert _tested(tmp_path, b"".join(lines[:end])).passed
    scenario = _scenario(tmp_path)
    assert (scenario["expect"]["outcome"], scenario["expect"]["path"]) == (outcome, path)
    assert {name: scenario["answers"][f"main.{name}"][-1] for name in given} == given


def test_a_run_that_was_interrupted_at_a_request_is_interrupted_there(tmp_path: Path) -> None:
    asked: list[str] = []

    def interrupt(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/b":
            raise KeyboardInterrupt
        return httpx.Response(200)

    report, content = recorded(tmp_path, _TWO, interrupt)
    assert _tested(tmp_path, content).passed
    scenario = _scenario(tmp_path)
    assert scenario["answers"]["main.b"] == [{"error": "interrupted"}]
    assert scenario["expect"] == {"outcome": "in-doubt", "path": ["a 200", "b interrupted"]}
    assert report.status.value == "in-doubt"


def test_a_run_that_was_interrupted_while_it_waited_is_interrupted_before_its_next_request(tmp_path: Path) -> None:
    class Impatient(Clock):
        def sleep(self, seconds: float) -> None:
            del seconds
            raise KeyboardInterrupt

    again = [{"name": "again", "type": "retry", "retryAfter": 3, "retryLimit": 3}]
    text = document(workflow(step("a", onFailure=again)))
    report, content = recorded(tmp_path, text, Script({"a": [answer(503)]}), clock=Impatient())
    assert report.status.value == "stopped"
    assert _tested(tmp_path, content).passed
    expected = _scenario(tmp_path)["expect"]
    assert (expected["outcome"], expected["path"]) == ("stopped", ["a 503", "a interrupted"])


_ORDER = workflow(step("a", outputs={"n": "$response.body#/n"}), name="order", outputs={"n": "$steps.a.outputs.n"})
_PAY = workflow(
    step("b", parameters=[{"name": "n", "in": "query", "value": "$workflows.order.outputs.n"}]),
    name="pay",
    dependsOn=["order"],
)


def test_each_of_several_workflows_is_a_scenario_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    script = Script({"a": [answer(200, {"n": 7})], "b": [answer(200)], "c": [answer(503)]})
    _record_all(tmp_path, document(_ORDER, _PAY, workflow(step("c"), name="close")), script)
    assert run_command(["replay", "run.jsonl", "--export", "scenario"]) == 2
    told = capsys.readouterr().err
    assert "it is of 3 workflows, and each is a scenario of its own" in told
    assert "name a folder for them: `--output FOLDER`" in told
    assert run_command(["replay", "run.jsonl", "--export", "scenario", "--output", "scenarios"]) == 0
    names = [f"run-{each}.scenario.yaml" for each in ("1-order", "2-pay", "3-close")]
    assert sorted(each.name for each in Path("scenarios").iterdir()) == names
    read = [yaml.safe_load(Path("scenarios", each).read_text())["expect"] for each in names]
    # what a workflow depends on is run before it
    assert [each["path"] for each in read] == [["a 200"], ["a 200", "b 200"], ["c 503"]]
    assert [each["outcome"] for each in read] == ["succeeded", "succeeded", "failed"]
    assert run_command(["test", "scenarios"]) == 0


def test_of_several_workflows_those_that_had_not_begun_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    content = _record_all(tmp_path, document(_ORDER, workflow(step("c"), name="close")), Script({}))
    cut = content[: content.index(b'"workflowId":"close","stepId"')].rpartition(b"\n")[0]
    begun = cut[: cut.index(b'"type":"runStarted","workflowId":"close"')].rpartition(b"\n")[0]
    for number, (kept, told) in enumerate(((cut, "it ends before the run does"), (begun, "no scenario of `close`"))):
        Path(f"cut-{number}.jsonl").write_bytes(kept + b"\n")
        assert run_command(["replay", f"cut-{number}.jsonl", "--export", "scenario", "--output", f"s{number}"]) == 0
        assert told in capsys.readouterr().err
        assert run_command(["test", f"s{number}"]) == 0


def _record_all(folder: Path, text: str, script: Script) -> bytes:
    (folder / "api.json").write_text(json.dumps(API))
    (folder / "main.json").write_text(text)
    place = folder / "run.jsonl"
    with Engine(transport=httpx.MockTransport(script), clock=Clock(), record=place) as engine:
        program = engine.load(folder / "main.json")
        runs = program.prepare(program.workflow_ids, GivenInputs({})).start(ignore, Deadline())
        for call in runs.calls:
            runs.run(call)
    return place.read_bytes()


def test_a_recording_of_a_run_that_had_not_begun_is_refused(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TWO, Script())
    lines = content.splitlines(keepends=True)
    first = next(at for at, each in enumerate(lines) if b'"type":"runStarted"' in each)
    with pytest.raises(ArazzoError, match="it ends before the run does, before the first step"):
        export_scenarios(opened(b"".join(lines[:first])), None, None)


def test_a_run_that_a_bug_ended_is_refused(tmp_path: Path) -> None:
    class Broken(Clock):
        def sleep(self, seconds: float) -> None:
            del seconds
            raise RuntimeError("a bug of a clock")

    again = [{"name": "again", "type": "retry", "retryAfter": 3, "retryLimit": 3}]
    _, content = recorded(
        tmp_path, document(workflow(step("a", onFailure=again))), Script({"a": [answer(503)]}), clock=Broken()
    )
    with pytest.raises(ArazzoError, match="a bug of the engine ended its run"):
        export_scenarios(opened(content), None, None)
