"""Spans of OpenTelemetry: which there are, what is within which, and what they say."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARENT = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-0[0-9]")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[TracerProvider]:
    """A tracer provider that is the global one for a test: that of a process can be set once only."""
    made = TracerProvider()
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: made)
    yield made
    made.shutdown()


@pytest.fixture
def exporter(provider: TracerProvider) -> InMemorySpanExporter:
    """What keeps the spans of a test."""
    kept = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return kept


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": "read", **rest}


def _write(folder: Path, url: str, *workflows: dict[str, Any], **operation: Any) -> str:
    read = {"operationId": "read", "responses": {"default": {"description": "any"}}, **operation}
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": url}],
        "paths": {"/things/{id}": {"get": read}},
        "components": {"securitySchemes": schemes},
    }
    parameter = {"name": "id", "in": "path", "value": "7"}
    for workflow in workflows:
        for step in workflow["steps"]:
            if "operationId" in step:
                step["parameters"] = [parameter, *step.get("parameters", [])]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": list(workflows),
    }
    item: dict[str, Any] = api["paths"]["/things/{id}"]  # type: ignore[index]  # a literal above
    item["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "main.json").write_text(json.dumps(document))
    return str(folder / "main.json")


def _main(*steps: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"workflowId": "main", "steps": list(steps), **rest}


def _tree(exporter: InMemorySpanExporter) -> list[str]:
    """Return the names of the spans, each indented by how many it is within, in the order in which they began."""
    spans = exporter.get_finished_spans()
    within = {each.context.span_id: each.parent for each in spans}
    # of those that began at one time, the outer ones ended later
    ended = dict(zip(spans, range(len(spans)), strict=True))
    ordered = sorted(spans, key=lambda each: (each.start_time or 0, -ended[each]))

    def depth(span: ReadableSpan) -> int:
        count, parent = 0, span.parent
        while parent is not None:
            count, parent = count + 1, within.get(parent.span_id)
        return count

    return [f"{'  ' * depth(each)}{each.name}" for each in ordered]


def _attempts(exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    return [each for each in exporter.get_finished_spans() if each.kind is SpanKind.CLIENT]


def _rehearsed(folder: Path, *workflows: dict[str, Any], fail: dict[str, int] | None = None) -> None:
    with Engine(otel=True) as engine:
        engine.load(_write(folder, "https://api.example.com", *workflows)).rehearse("main", fail=fail)


def test_a_run_has_a_span_and_within_it_its_workflow_steps_and_attempts(
    exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    _rehearsed(tmp_path, _main(_step("one"), _step("two")))
    assert _tree(exporter) == [
        "run main",
        "  workflow main",
        "    step one",
        "      GET /things/{id}",
        "    step two",
        "      GET /things/{id}",
    ]
    run = exporter.get_finished_spans()[-1]
    assert run.attributes is not None
    assert run.attributes["arazzo.run.status"] == "succeeded"
    assert {each.context.trace_id for each in exporter.get_finished_spans()} == {run.context.trace_id}
    assert {each.status.status_code for each in exporter.get_finished_spans()} == {StatusCode.UNSET}


def test_an_attempt_says_what_was_sent_and_what_came(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer
) -> None:
    server.script("GET", "/things/7", Reply(200))
    document = _write(tmp_path, server.url, _main(_step("one")))
    with Engine(otel=True) as engine:
        report = engine.load(document).run()
    assert report.succeeded
    (attempt,) = _attempts(exporter)
    port = int(server.url.rpartition(":")[2])
    assert dict(attempt.attributes or {}) == {
        "arazzo.workflow.id": "main",
        "arazzo.step.id": "one",
        "arazzo.step.attempt": 1,
        "arazzo.step.status": "succeeded",
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.full": f"{server.url}/things/7",
        "url.scheme": "http",
        "url.template": "/things/{id}",
        "server.address": "127.0.0.1",
        "server.port": port,
    }
    step = report.steps[0]
    assert attempt.end_time is not None
    assert attempt.start_time is not None
    assert attempt.start_time / 1e9 <= step.started_at + step.elapsed <= attempt.end_time / 1e9 + 1


def test_a_secret_in_a_url_is_masked(exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/things/7?api_key=sec%20ret-1", Reply(200))
    document = _write(tmp_path, server.url, _main(_step("one")), security=[{"key": []}])
    with Engine(otel=True, credentials={"key": "sec ret-1"}) as engine:
        engine.load(document).run()
    (sent,) = server.requests
    assert sent.path.endswith("api_key=sec%20ret-1")
    (attempt,) = _attempts(exporter)
    assert (attempt.attributes or {})["url.full"] == f"{server.url}/things/7?api_key=***"
    assert "ret-1" not in "".join(each.to_json() for each in exporter.get_finished_spans())


def test_a_status_that_fails_the_step_is_the_error_of_its_attempt(
    exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    _rehearsed(tmp_path, _main(_step("one")), fail={"one": 503})
    (attempt,) = _attempts(exporter)
    assert (attempt.attributes or {})["error.type"] == "503"
    failed = [each.name for each in exporter.get_finished_spans() if each.status.status_code is StatusCode.ERROR]
    assert failed == ["GET /things/{id}", "step one", "run main"]


def test_a_status_that_the_step_expects_is_no_error(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer
) -> None:
    gone = _step("one", successCriteria=[{"condition": "$statusCode == 404"}])
    with Engine(otel=True) as engine:
        assert engine.load(_write(tmp_path, server.url, _main(gone))).run().succeeded
    (attempt,) = _attempts(exporter)
    assert (attempt.attributes or {})["http.response.status_code"] == 404
    assert "error.type" not in (attempt.attributes or {})
    assert attempt.status.status_code is StatusCode.UNSET


def test_no_answer_is_an_error_of_its_kind(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    with RecordingServer() as server:
        url = server.url
    with Engine(otel=True) as engine:
        engine.load(_write(tmp_path, url, _main(_step("one")))).run()
    (attempt,) = _attempts(exporter)
    assert (attempt.attributes or {})["error.type"] == "connect"
    assert "http.response.status_code" not in (attempt.attributes or {})


def test_attempts_of_one_visit_are_within_one_step(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    retried = _step("one", onFailure=[{"name": "again", "type": "retry", "retryLimit": 2, "retryAfter": 1}])
    _rehearsed(tmp_path, _main(retried), fail={"one": 503})
    assert _tree(exporter) == ["run main", "  workflow main", "    step one", *["      GET /things/{id}"] * 3]
    resent = [(each.attributes or {}).get("http.request.resend_count") for each in _attempts(exporter)]
    assert resent == [None, 1, 2]


def test_a_step_that_is_come_to_again_has_another_span(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    back = {"name": "back", "type": "goto", "stepId": "one", "criteria": [{"condition": "$statusCode == 503"}]}
    tried = _step("two", successCriteria=[{"condition": "$statusCode == 200"}], onFailure=[back])
    document = _write(tmp_path, "https://api.example.com", _main(_step("one"), tried))
    with Engine(otel=True, max_steps=4) as engine:
        engine.load(document).rehearse(fail={"two": 503})
    assert [each.strip() for each in _tree(exporter) if "step" in each] == ["step one", "step two"] * 2


def test_what_a_step_calls_is_within_its_attempt(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    called = {"workflowId": "called", "steps": [_step("inner")]}
    calls = {"stepId": "calls", "workflowId": "called"}
    _rehearsed(tmp_path, _main(calls, _step("after")), called)
    assert _tree(exporter) == [
        "run main",
        "  workflow main",
        "    step calls",
        "      attempt",
        "        workflow called",
        "          step inner",
        "            GET /things/{id}",
        "    step after",
        "      GET /things/{id}",
    ]


def test_what_a_workflow_depends_on_is_within_it(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    first, second = ({"workflowId": name, "steps": [_step("inner")]} for name in ("first", "second"))
    _rehearsed(tmp_path, _main(_step("one"), dependsOn=["first", "second"]), first, second)
    inner = ["      step inner", "        GET /things/{id}"]
    assert _tree(exporter) == [
        *("run main", "  workflow main", "    workflow first", *inner, "    workflow second", *inner),
        *("    step one", "      GET /things/{id}"),
    ]


def test_a_workflow_that_control_goes_to_follows_the_one_before(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    other = {"workflowId": "other", "steps": [_step("there")]}
    leaves = _step("one", onSuccess=[{"name": "leave", "type": "goto", "workflowId": "other"}])
    _rehearsed(tmp_path, _main(leaves), other)
    inner = ["      GET /things/{id}"]
    assert _tree(exporter) == [
        *("run main", "  workflow main", "    step one", *inner),
        *("  workflow other", "    step there", *inner),
    ]


def test_a_step_that_runs_before_a_retry_is_within_the_step_that_is_retried(
    exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    again = {"name": "again", "type": "retry", "retryLimit": 1, "stepId": "mend"}
    _rehearsed(tmp_path, _main(_step("mend"), _step("one", onFailure=[again])), fail={"one": 503})
    assert _tree(exporter)[4:] == [
        "    step one",
        "      GET /things/{id}",
        "      step mend",
        "        GET /things/{id}",
        "      GET /things/{id}",
    ]


def test_the_run_is_within_the_span_of_its_caller(
    exporter: InMemorySpanExporter, provider: TracerProvider, tmp_path: Path
) -> None:
    with provider.get_tracer("caller").start_as_current_span("request"):
        _rehearsed(tmp_path, _main(_step("one")))
    *_, run, caller = exporter.get_finished_spans()
    assert (caller.name, run.name) == ("request", "run main")
    assert run.parent == caller.context


@pytest.mark.parametrize("in_a_loop", [False, True], ids=["sync", "async"])
def test_a_server_is_told_the_span_of_the_attempt_and_the_report_has_what_was_sent(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer, in_a_loop: bool
) -> None:
    server.script("GET", "/things/7", Reply(503), Reply(200))
    retried = _step("one", onFailure=[{"name": "again", "type": "retry", "retryLimit": 1, "retryAfter": 0}])
    with Engine(trace_context=True) as engine:
        program = engine.load(_write(tmp_path, server.url, _main(retried)))
        report = asyncio.run(program.run_async()) if in_a_loop else program.run()
    told = [each.header("traceparent") for each in server.requests]
    assert told == [
        f"00-{each.context.trace_id:032x}-{each.context.span_id:016x}-{each.context.trace_flags:02x}"
        for each in _attempts(exporter)
    ]
    for sent, step in zip(server.requests, report.steps, strict=True):
        assert step.request is not None
        assert step.request.headers == sent.headers


def test_a_traceparent_of_the_step_stays(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer
) -> None:
    given = f"00-{'1' * 32}-{'2' * 16}-01"
    own = _step("one", parameters=[{"name": "Traceparent", "in": "header", "value": given}])
    with Engine(trace_context=True) as engine:
        engine.load(_write(tmp_path, server.url, _main(own))).run()
    (sent,) = server.requests
    assert [value for name, value in sent.headers if name.lower() == "traceparent"] == [given]
    assert exporter.get_finished_spans()


def test_spans_alone_send_no_header(exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer) -> None:
    with Engine(otel=True) as engine:
        engine.load(_write(tmp_path, server.url, _main(_step("one")))).run()
    assert server.requests[0].header("traceparent") is None
    assert exporter.get_finished_spans()


def test_a_dry_run_makes_no_span(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    with Engine(trace_context=True) as engine:
        plan = engine.load(_write(tmp_path, "https://api.example.com", _main(_step("one")))).plan()
    assert plan.request is not None
    assert not exporter.get_finished_spans()


def test_rows_of_a_batch_have_traces_of_their_own(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer
) -> None:
    server.script("GET", "/things/7", Reply(200), Reply(200))
    document = _write(tmp_path, server.url, _main(_step("one"), inputs={"type": "object"}))
    (tmp_path / "rows.jsonl").write_text("{}\n{}\n")
    command = ["batch", document, "--each", str(tmp_path / "rows.jsonl"), "--trace-context"]
    assert run_command([*command, "--output", str(tmp_path / "out.jsonl")]) == 0
    told = {each.header("traceparent") for each in server.requests}
    traces = {each.context.trace_id for each in _attempts(exporter)}
    assert len(told) == len(traces) == 2


def test_a_run_that_is_kept_has_the_headers_that_were_sent_when_it_is_told_again(
    exporter: InMemorySpanExporter,
    tmp_path: Path,
    server: RecordingServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ARAZZO_STATE_DIR", str(tmp_path / "state"))
    server.script("GET", "/things/7", Reply(200))
    document = _write(tmp_path, server.url, _main(_step("one")))
    command = ["run", document, "--durable", "--run-id", "r1", "--trace-context", "--format", "json"]
    told: list[str] = []
    for _ in range(2):
        assert run_command(command) == 0
        headers = json.loads(capsys.readouterr().out)["steps"][0]["request"]["headers"]
        told = [each["value"] for each in headers if each["name"] == "traceparent"]
        assert told == [server.requests[0].header("traceparent")]
    assert len(server.requests) == 1
    found = _PARENT.fullmatch(told[0])
    assert found is not None
    assert int(found[2], 16) in {each.context.span_id for each in _attempts(exporter)}


def test_a_recording_of_a_traced_run_replays_to_the_same_requests_and_makes_no_span(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/things/7", Reply(200))
    recording = str(tmp_path / "run.jsonl")
    document = _write(tmp_path, server.url, _main(_step("one")))
    assert run_command(["run", document, "--trace-context", "--record", recording]) == 0
    made = len(exporter.get_finished_spans())
    capsys.readouterr()
    assert run_command(["replay", recording, "--format", "json"]) == 0
    assert f'"{server.requests[0].header("traceparent")}"' in (tmp_path / "run.jsonl").read_text()
    assert len(exporter.get_finished_spans()) == made


class _Broken(SpanProcessor):
    def on_start(self, span: Any, parent_context: Any = None) -> None:
        del span, parent_context
        raise OSError("secret-token-1")


def test_whoever_takes_the_spans_stops_no_run(
    provider: TracerProvider, tmp_path: Path, server: RecordingServer
) -> None:
    provider.add_span_processor(_Broken())
    server.script("GET", "/things/7", Reply(200))
    with Engine(trace_context=True) as engine:
        report = engine.load(_write(tmp_path, server.url, _main(_step("one")))).run()
    assert report.succeeded
    (told,) = report.diagnostics
    assert told.code == "observer-bug"
    assert told.message.startswith("what takes the spans of the run raised OSError at test_spans.py:")
    assert "secret-token-1" not in told.message
    assert server.requests[0].header("traceparent") is None


def test_a_run_that_is_interrupted_ends_its_spans(
    exporter: InMemorySpanExporter, tmp_path: Path, server: RecordingServer
) -> None:
    server.script("GET", "/things/7", Reply.interrupt())
    assert run_command(["run", _write(tmp_path, server.url, _main(_step("one"))), "--otel"]) == 130
    assert _tree(exporter) == ["run main", "  workflow main", "    step one", "      GET /things/{id}"]
    (attempt,) = _attempts(exporter)
    assert (attempt.attributes or {})["error.type"] == "interrupted"


def test_without_a_provider_it_is_said_that_nobody_sees_the_spans(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/things/7", Reply(200))
    with Engine(trace_context=True) as engine:
        report = engine.load(_write(tmp_path, server.url, _main(_step("one")))).run()
    assert report.succeeded
    assert [each.code for each in report.warnings] == ["spans-unseen"]
    assert server.requests[0].header("traceparent") is None


def test_nothing_of_opentelemetry_is_imported_unless_spans_are_asked_for(
    tmp_path: Path, server: RecordingServer
) -> None:
    server.script("GET", "/things/7", Reply(200))
    document = _write(tmp_path, server.url, _main(_step("one")))
    script = (
        "import sys; from arazzo_engine import Engine;"
        f"assert Engine().load({document!r}).run().succeeded; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "arazzo_engine.world.http.transport" in loaded
    assert not [each for each in loaded if each.startswith("opentelemetry")]


def test_an_extra_that_is_missing_is_told_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arazzo_engine.world.tracing.installed.find_spec", lambda _: None)
    with pytest.raises(ArazzoError) as refused:
        Engine(otel=True)
    (told,) = refused.value.diagnostics
    assert (told.code, told.fix) == ("option-invalid", "pip install 'arazzo-engine[otel]'")
