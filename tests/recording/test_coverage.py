"""``arazzo coverage``: what recordings exercised is counted, what drifted is told, nothing bad is taken for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from recorded_runs import Script, recorded
from scripted import DOWN, answer, document, step, workflow

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response

_NUMBER = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}


def _ok(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _api(title: str = "Things") -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": "https://x.example"}],
        "paths": {
            "/a": {
                "post": {
                    "operationId": "a",
                    "parameters": [_query("one"), _query("two")],
                    "responses": {"200": _ok(_NUMBER)},
                }
            },
            "/b/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "put": {"operationId": "b", "requestBody": {"content": {}}, "responses": {"204": {}, "4XX": {}}},
            },
            "/c": {"get": {"operationId": "c", "responses": {"200": {"description": ""}}}},
        },
    }


_RUN = document(
    workflow(
        step("a", parameters=[{"name": "one", "in": "query", "value": "x"}], outputs={"n": "$response.body#/n"}),
        step(
            "b",
            parameters=[{"name": "id", "in": "path", "value": "7"}],
            requestBody={"contentType": "application/json", "payload": {"n": 1}},
            successCriteria=[{"condition": "$statusCode == 204"}],
            onFailure=[{"name": "over", "type": "end"}],
        ),
    )
)


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two recordings, one of which ends with a 404, and the description beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    scripts: dict[str, dict[str, list[Response | NoResponse]]] = {
        "one": {"a": [answer(200, {"n": 1})], "b/7": [answer(204)]},
        "two": {"a": [answer(200, {"n": 2})], "b/7": [answer(404)]},
    }
    for name, script in scripts.items():
        _, content = recorded(tmp_path / "documents", _RUN, Script(script), api=_api())
        Path("runs", f"{name}.jsonl").write_bytes(content)
    Path("api.json").write_text(json.dumps(_api()))
    return tmp_path / "runs"


def _covered(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert run_command(["coverage", *words, "--format", "json"]) == code
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.mark.usefixtures("runs")
def test_what_was_exercised_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    told = _covered(capsys, "runs", "--api", "api.json")
    assert told["recordings"] == 2
    assert told["operations"] == {"shown": 2, "total": 3}
    assert told["parameters"] == {"shown": 3, "total": 4}
    assert told["statuses"] == {"shown": 3, "total": 4}
    counts = {each["operation"]: (each["requests"], each["parameters"], each["statuses"]) for each in told["exercised"]}
    assert counts == {
        "a": (2, {"query one": 2, "query two": 0}, {"200": 2}),
        "b": (2, {"path id": 2, "body": 2}, {"204": 1, "4XX": 1}),
        "c": (0, {}, {"200": 0}),
    }
    (way,) = told["workflows"]
    assert [each["status"] for each in way["paths"]] == ["succeeded", "failed"]
    assert way["criteria"] == {"shown": 2, "total": 2}
    assert told["drifted"] == told["unknown"] == []


@pytest.mark.usefixtures("runs")
def test_the_text_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["coverage", "runs/one.jsonl", "--api", "api.json"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(
        "api.json\n  operations  2 of 3\n  parameters  3 of 4\n  statuses    2 of 4\n\nPOST /a  a  1 request\n"
        "  statuses    200 1 x\n  parameters  query one 1 x, never query two\n"
    )
    assert "never requested:\n  api.json:1:" in told.out
    assert "documents/main.json: 1 path of main:\n  1. a 200 → b 204: succeeded\n" in told.out
    assert told.err.endswith("1 recording: 63.2 % exercised, nothing drifted\n")


@pytest.mark.usefixtures("runs")
def test_too_little_fails(capsys: pytest.CaptureFixture[str]) -> None:
    percent = _covered(capsys, "runs", "--api", "api.json")["percent"]
    _covered(capsys, "runs", "--api", "api.json", "--fail-under", f"{percent - 1}")
    _covered(capsys, "runs", "--api", "api.json", "--fail-under", f"{percent + 1}", code=1)


@pytest.mark.usefixtures("runs")
def test_answers_that_are_not_as_described_are_told_once_with_where_they_were_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    api = _api()
    api["paths"]["/a"]["post"]["responses"]["200"] = _ok({"properties": {"n": {"type": "string"}}})
    del api["paths"]["/b/{id}"]["put"]["responses"]["4XX"]
    Path("api.json").write_text(json.dumps(api, indent=1))
    drifted = _covered(capsys, "runs", "--api", "api.json", code=1)["drifted"]
    assert [(each["code"], each["message"], each["times"], each["first"]) for each in drifted] == [
        (
            "response-contract",
            "the answer's body at `/n` must be a string, not an integer",
            2,
            "runs/one.jsonl, main.a",
        ),
        ("response-undocumented", "operation `b` documents no answer with status 404", 1, "runs/two.jsonl, main.b"),
    ]
    assert drifted[0]["location"]["uri"] == "api.json"
    del api["paths"]["/a"]
    Path("api.json").write_text(json.dumps(api))
    told = _covered(capsys, "runs", "--api", "api.json", code=1)
    assert told["unknown"] == [{"operation": "POST /a", "requests": 2}]


@pytest.mark.usefixtures("runs")
def test_a_path_is_the_same_whatever_its_parameters_are_called(capsys: pytest.CaptureFixture[str]) -> None:
    Path("api.json").write_text(json.dumps(_api()).replace("{id}", "{thing}").replace('"id"', '"thing"'))
    told = _covered(capsys, "runs", "--api", "api.json")
    assert told["exercised"][1]["requests"] == 2


def test_a_failed_connection_is_a_request_without_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, content = recorded(tmp_path, _RUN, Script({"a": [DOWN]}), api=_api())
    (tmp_path / "run.jsonl").write_bytes(content)
    told = _covered(capsys, str(tmp_path / "run.jsonl"), "--api", str(tmp_path / "api.json"))
    assert told["exercised"][0]["requests"] == 1
    assert told["statuses"]["shown"] == 0


def test_of_several_apis_the_one_of_the_same_title_is_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(_RUN)
    value["sourceDescriptions"].append({"name": "other", "url": "other.json", "type": "openapi"})
    steps = value["workflows"][0]["steps"]
    steps[0]["operationId"], steps[1]["operationId"] = "$sourceDescriptions.api.a", "$sourceDescriptions.other.b"
    (tmp_path / "other.json").write_text(json.dumps(_api("Others")))
    _, content = recorded(tmp_path, json.dumps(value), Script({"a": [answer(200, {"n": 1})]}), api=_api())
    run = tmp_path / "run.jsonl"
    run.write_bytes(content)
    api = tmp_path / "api.json"
    told = _covered(capsys, str(run), "--api", str(api))
    assert [each["requests"] for each in told["exercised"]] == [1, 0, 0]
    told = _covered(capsys, str(run), "--api", str(api), "--source", "other", code=1)
    assert [each["requests"] for each in told["exercised"]] == [0, 1, 0]
    api.write_text(json.dumps(_api("Neither")))
    assert run_command(["coverage", str(run), "--api", str(api)]) == 2
    assert "steps call 2 APIs, and it is not said which of them this is" in capsys.readouterr().err
    assert run_command(["coverage", str(run), "--api", str(api), "--source", "nothing"]) == 2
    assert "no step calls a source description `nothing`" in capsys.readouterr().err


def test_a_description_without_an_operation_exercises_nothing(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty.json").write_text('{"openapi": "3.1.0", "info": {}, "paths": {}}')
    assert run_command(["coverage", str(runs), "--api", "empty.json"]) == 3
    assert "there is no operation in empty.json" in capsys.readouterr().err
    assert run_command(["coverage", str(runs), "--api", "nowhere.json"]) == 3


def test_recordings_that_cannot_be_used_are_told_and_the_others_count(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (runs / "one.jsonl").read_bytes()
    (runs / "two.jsonl").write_bytes(whole.rpartition(b'{"end"')[0])
    told = _covered(capsys, "runs", "--api", "api.json")
    assert told["notes"] == ["runs/two.jsonl counts as far as it goes: it ends before the run does, after step `b`"]
    (runs / "two.jsonl").write_bytes(whole.replace(b'"7"', b'"8"'))
    assert _covered(capsys, "runs", "--api", "api.json", code=3)["recordings"] == 1
