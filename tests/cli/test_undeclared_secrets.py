"""Secrets that no description declares: found by their names, or because the document says so, and shown nowhere."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s3cret-value-1"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(server: RecordingServer, step: dict[str, Any], inputs: dict[str, Any] | None = None) -> None:
    """Write a document of two steps over an API that declares no security: the second one fails, and is shown."""
    operation = {"operationId": "op", "responses": {"200": {"description": "ok"}}}
    body: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": server.url}],
        "paths": {"/a": {"post": {**operation, **body}}, "/b": {"post": {**operation, **body, "operationId": "other"}}},
    }
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "main",
                "inputs": {"type": "object", "properties": inputs or {"given": {"type": "string"}}},
                "steps": [
                    {"stepId": "one", "operationId": "op", **step},
                    {
                        "stepId": "two",
                        "operationId": "other",
                        "requestBody": {"payload": {"seen": "$steps.one.outputs.o"}},
                        "successCriteria": [{"condition": "$statusCode == 200"}],
                    },
                ],
            }
        ],
    }
    from pathlib import Path

    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))


def parameter(name: str, location: str, value: str) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": location, "value": value}]}


STEPS = {
    "header": parameter("X-Api-Key", "header", "$inputs.given"),
    "header of a token": parameter("X-Acme-Token", "header", "$inputs.given"),
    "cookie header": parameter("Cookie", "header", "session={$inputs.given}"),
    "private token": parameter("Private-Token", "header", SECRET),
    "query": parameter("api_key", "query", "$inputs.given"),
    "literal in a query": parameter("access_token", "query", SECRET),
    "cookie": parameter("session", "cookie", "$inputs.given"),
    "member": {"requestBody": {"payload": {"user": {"password": "$inputs.given"}}}},
    "literal member": {"requestBody": {"payload": {"user": {"clientSecret": SECRET}}}},
    "replaced member": {
        "requestBody": {"payload": {"token": 1}, "replacements": [{"target": "/token", "value": "$inputs.given"}]}
    },
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--format", "jsonl"], ["--dry-run"]], ids=str)
def test_a_secret_that_only_its_name_tells_shows_nowhere(
    step: dict[str, Any], options: list[str], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write(server, {**step, "outputs": {"o": "$response.body#/echo"}})
    for path in ("/a", f"/a?api_key={SECRET}", f"/a?access_token={SECRET}"):
        server.script("POST", path, Reply(200, body={"echo": f"you sent {SECRET}"}))
    server.script("POST", "/b", Reply(500, body={"again": SECRET}))
    run_command(["run", "main.json", "-i", f"given={SECRET}", *options])
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    if "--dry-run" not in options:
        sent = server.requests[0]
        assert SECRET in f"{sent.path} {sent.headers} {sent.body.decode()}"


@pytest.mark.parametrize("inputs", [{"password": {}}, {"account": {"type": "object"}}], ids=["input", "member"])
def test_an_input_that_is_named_like_a_secret_is_one(
    inputs: dict[str, Any], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    name = next(iter(inputs))
    value = json.dumps(SECRET if name == "password" else {"apiKey": SECRET})
    write(server, {"requestBody": {"payload": {"x": f"$inputs.{name}"}}, "outputs": {"o": "$response.body"}}, inputs)
    server.script("POST", "/a", Reply(200, body={"echo": SECRET}))
    server.script("POST", "/b", Reply(500, body={"again": SECRET}))
    assert run_command(["run", "main.json", "-i", f"{name}={value}"]) == 1
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err


@pytest.mark.parametrize(
    "step",
    [
        {"x-secret": True, "outputs": {"o": "$response.body#/given"}},
        {"outputs": {"o": {"context": "$response.body", "selector": "$.given", "type": "jsonpath", "x-secret": True}}},
    ],
    ids=["step", "selector"],
)
def test_a_value_that_a_step_declares_to_be_secret_is_one(
    step: dict[str, Any], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write(server, step)
    from pathlib import Path

    Path("main.json").write_text(Path("main.json").read_text().replace('"1.0.1"', '"1.1.0"'))
    server.script("POST", "/a", Reply(200, body={"given": SECRET}))
    server.script("POST", "/b", Reply(500, body={"again": SECRET}))
    assert run_command(["run", "main.json", "--format", "json"]) == 1
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert server.requests[1].json == {"seen": SECRET}


def test_what_is_kept_under_the_name_of_a_secret_is_one_in_every_message(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write(server, {"outputs": {"o": "$response.body#/given", "sessionToken": "$response.body#/given"}})
    server.script("POST", "/a", Reply(200, body={"given": SECRET, "word": "shown"}))
    server.script("POST", "/b", Reply(500, body={"again": SECRET}))
    assert run_command(["run", "main.json", "-v"]) == 1
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert '"word":"shown"' in (told.out + told.err).replace(" ", "")
    assert run_command(["run", "main.json", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    # a report for programs has the outputs as they are
    assert report["steps"][0].pop("outputs")["sessionToken"] == SECRET
    assert SECRET not in json.dumps(report)


def test_a_page_token_is_no_secret(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    write(server, {**parameter("page_token", "query", "$inputs.given"), "outputs": {"o": "$response.body"}})
    server.script("POST", "/a?page_token=the-next-page", Reply(200, body={}))
    run_command(["run", "main.json", "-i", "given=the-next-page", "-v"])
    assert "page_token=the-next-page" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run"], ["validate"], ["validate", "--format", "json"], ["show"]], ids=str)
def test_a_password_in_the_address_of_a_document_or_a_source_shows_nowhere(
    arguments: list[str], server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    from pathlib import Path

    host = server.url.removeprefix("http://")
    write(server, {})
    url = f"http://me:{SECRET}@{host}/d.json?token={SECRET}"
    document = json.loads(Path("main.json").read_text())
    document["sourceDescriptions"][0]["url"] = url
    Path("main.json").write_text(json.dumps(document, indent=2))
    for location in ("main.json", url):
        run_command([*arguments, location])
    told = capsys.readouterr()
    assert host in told.out + told.err
    assert SECRET not in told.out + told.err


def test_the_file_of_a_result_is_for_its_user_alone(server: RecordingServer, tmp_path: Path) -> None:
    write(server, {"outputs": {"o": "$response.body"}})
    (tmp_path / "there.json").touch(0o644)
    for name, mode in (("new.json", 0o600), ("there.json", 0o644)):
        run_command(["run", "main.json", "--format", "json", "--output", name])
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == mode
