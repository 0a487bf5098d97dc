"""``arazzo check-api --recordings``: which recorded runs a new version of an API breaks, and where."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from recorded_runs import Script, recorded
from scripted import answer, document, step, workflow

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Callable

_JSON = "application/json"
_KEY = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
_ORDER = {"type": "object", "properties": {"amount": {"type": "number"}}}
_API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://x.example"}],
    "paths": {
        "/a": {
            "post": {
                "operationId": "a",
                "parameters": [_KEY],
                "requestBody": {"content": {_JSON: {"schema": _ORDER}}},
                "responses": {"200": {"description": "", "content": {_JSON: {"schema": {"type": "object"}}}}},
            }
        },
        "/b": {"post": {"operationId": "b", "responses": {"200": {"description": ""}}}},
    },
}
_SENDING = {"contentType": _JSON, "payload": {"amount": "$inputs.amount"}}
_AGAIN = [{"name": "again", "type": "retry", "retryLimit": 1}]
_RUN = document(
    workflow(step("a", requestBody=_SENDING, onFailure=_AGAIN, outputs={"n": "$response.body#/n"}), step("b"))
)


def _record(folder: Path, answering: Callable[[httpx.Request], httpx.Response]) -> None:
    _, content = recorded(folder, _RUN, answering, {"amount": 12.5}, api=deepcopy(_API))
    (folder / "runs").mkdir(exist_ok=True)
    (folder / "runs/run.jsonl").write_bytes(content)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document, its API and a recorded run."""
    _record(tmp_path, Script({"a": [answer(200, {"n": 1})]}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _new(change: Callable[[dict[str, Any]], object]) -> None:
    api = deepcopy(_API)
    change(api)
    Path("new.json").write_text(json.dumps(api, indent=1))


def _check(*words: str) -> int:
    return run_command(["check-api", "main.json", "--against", "new.json", "--recordings", "runs", *words])


def _differing(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    capsys.readouterr()
    assert _check("--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["breaks"] is True
    (found,) = told["recordings"]
    attempts = {each["stepId"]: each["differences"] for each in found["attempts"]}
    by_step = {step: [f"{one['field']}: {one['now']}" for one in each] for step, each in attempts.items()}
    return {**by_step, "end": [f"{one['field']}: {one['now']}" for one in found["ending"]]}


@pytest.mark.usefixtures("folder")
def test_an_equal_version_breaks_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    _new(lambda api: api["info"].update(version="2"))
    assert _check() == 0
    told = capsys.readouterr()
    assert told.out == "runs/run.jsonl: same: 2 attempts\n"
    assert told.err == "nothing breaks: 2 steps call `api`\n1 recorded run: 0 would break\n"


@pytest.mark.usefixtures("folder")
def test_a_request_that_holds_no_more_is_told_at_its_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    _new(
        lambda api: api["paths"]["/a"]["post"]["requestBody"]["content"][_JSON]["schema"]["properties"][
            "amount"
        ].update(maximum=10)
    )
    assert _check() == 1
    told = capsys.readouterr()
    assert "  main.a\n    request, as described:  (new.json:" in told.out
    assert "      then  fits\n      now   the request's body at `/amount` must be at most 10\n" in told.out
    assert told.err == "nothing breaks: 2 steps call `api`\n1 recorded run: 1 would break\n"


@pytest.mark.usefixtures("folder")
def test_an_answer_that_fits_no_more_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    _new(lambda api: api["paths"]["/a"]["post"]["responses"]["200"]["content"][_JSON]["schema"].update(required=["m"]))
    assert _differing(capsys) == {"a": ["answer, as described: the answer's body lacks `m`"], "b": [], "end": []}


@pytest.mark.usefixtures("folder")
def test_a_request_that_goes_elsewhere_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    _new(lambda api: api["servers"].insert(0, {"url": "https://y.example"}))
    assert _differing(capsys)["b"] == ["server: https://y.example"]


def test_a_decision_that_would_be_another_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def break_off_once(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if len(asked) == 1:
            raise httpx.ReadError("the connection was reset")
        return httpx.Response(200, json={"n": 1})

    (folder / "runs/run.jsonl").unlink()
    _record(folder, break_off_once)
    assert asked == ["/a", "/a", "/b"]
    # without its key, the request may not be sent twice
    _new(lambda api: api["paths"]["/a"]["post"].pop("parameters"))
    told = _differing(capsys)
    assert told == {"a": ["next: stops"], "end": []}


@pytest.mark.usefixtures("folder")
def test_a_run_that_does_not_begin_is_held_to_the_new_version_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    def change(api: dict[str, Any]) -> None:
        del api["paths"]["/b"]
        api["paths"]["/a"]["post"]["parameters"].append({"name": "shop", "in": "query", "required": True})

    _new(change)
    told = _differing(capsys)
    assert told["a"] == ["request, as described: query parameter `shop` is required and was not sent"]
    assert [each.split(":")[1].strip() for each in told["end"]] == ["operation-not-found", "required-parameter-missing"]


@pytest.mark.usefixtures("folder")
def test_what_is_so_with_the_api_as_it_is_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    api = deepcopy(_API)
    api["paths"]["/a"]["post"]["responses"]["200"]["content"][_JSON]["schema"]["required"] = ["m"]
    Path("api.json").write_text(json.dumps(api))
    Path("new.json").write_text(json.dumps(api))
    assert _check() == 0
    # a request that is edited is answered as it was, whichever version
    Path("main.json").write_text(_RUN.replace('"$inputs.amount"', "13"))
    assert _check() == 0
    capsys.readouterr()
    Path("main.json").write_text(_RUN.replace('"stepId": "a"', '"stepId": "c"'))
    assert _check() == 2
    told = capsys.readouterr().err
    assert "runs/run.jsonl cannot be compared: with the API as it is, the document does something else" in told
    assert "1 recorded run: 0 would break, 1 cannot be replayed\n" in told


@pytest.mark.usefixtures("folder")
def test_what_a_project_says_of_its_sources_counts(capsys: pytest.CaptureFixture[str]) -> None:
    Path("apis").mkdir()
    Path("api.json").rename("apis/now.json")
    Path("arazzo.toml").write_text('[sources]\napi = "apis/now.json"\n')
    _new(lambda api: api["paths"]["/a"]["post"]["responses"]["200"]["content"][_JSON]["schema"].update(required=["m"]))
    assert _differing(capsys)["a"] == ["answer, as described: the answer's body lacks `m`"]


def test_recordings_that_cannot_be_replayed_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _new(lambda api: api["info"].update(version="2"))
    whole = (folder / "runs/run.jsonl").read_bytes()
    (folder / "runs/cut.jsonl").write_bytes(whole.rpartition(b'{"end"')[0])
    (folder / "runs/foreign.jsonl").write_text("{}\n")
    assert _check() == 3
    told = capsys.readouterr()
    assert "runs/cut.jsonl: same: 2 attempts; it ends before the run does, after step `b`\n" in told.out
    assert "error[recording-unreadable]: runs/foreign.jsonl is no recording" in told.err
    assert "3 recorded runs: 0 would break, 1 cannot be replayed\n" in told.err
    (folder / "runs/foreign.jsonl").unlink()
    (folder / "main.json").write_text(_RUN.replace('"workflowId": "main"', '"workflowId": "other"'))
    assert _check() == 2
    assert "2 recorded runs: 0 would break, 2 cannot be replayed\n" in capsys.readouterr().err
