"""What a message names like a secret shows in no report of it, and what only looks like one stays to be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import Body

SECRET = "Zq7-s3cret/val+ue"
_PLAIN = "Zq7s3cretvalue"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(server: RecordingServer, capsys: pytest.CaptureFixture[str], *options: str, **outputs: str) -> str:
    """Run two steps, of which the second sends under a plain name what the first was answered."""
    operation: dict[str, Any] = {"responses": {}, "requestBody": {"content": {"application/json": {"schema": {}}}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": server.url}],
        "paths": {f"/{name}": {"post": {"operationId": name, **operation}} for name in ("login", "use")},
    }
    using: dict[str, Any] = {"requestBody": {"payload": {"all": "$steps.login.outputs.all"}}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "main",
                "steps": [
                    {"stepId": "login", "operationId": "login", "outputs": {"all": "$response.body", **outputs}},
                    {"stepId": "use", "operationId": "use", **using},
                ],
                "outputs": {name: f"$steps.login.outputs.{name}" for name in outputs},
            }
        ],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))
    run_command(["run", "main.json", *options])
    told = capsys.readouterr()
    return told.out + told.err


def messages(told: str) -> str:
    """Return what a report tells of requests and answers alone."""
    steps = json.JSONDecoder().raw_decode(told)[0]["steps"]
    return json.dumps([(each["request"], each["response"]) for each in steps])


_TYPED = {
    "token answer": {"access_token": SECRET, "token_type": "Bearer", "refresh_token": SECRET[::-1]},
    "nested": {"user": {"auth": [{"clientSecret": SECRET}]}},
    "object": {"credentials": {"key": SECRET}},
    "JSON in JSON": {"data": json.dumps({"password": SECRET})},
    "address": {"next": f"/callback?access_token={SECRET.replace('/', '%2F').replace('+', '%2B')}"},
}


@pytest.mark.parametrize("body", _TYPED.values(), ids=_TYPED)
@pytest.mark.parametrize("status", [200, 402])
def test_a_member_of_an_answer_that_is_named_like_a_secret_is_in_no_message(
    body: Body, status: int, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(status, body=body))
    server.script("POST", "/use", Reply(200, body={"echo": body}))
    told = messages(run(server, capsys, "--format", "json"))
    assert "***" in told
    for form in (SECRET, SECRET[::-1], "s3cret"):
        assert form not in told


_TEXTS = {
    "form": ("application/x-www-form-urlencoded", f"access_token={_PLAIN}&scope=repo"),
    "XML": ("application/xml", f"<a><sessionToken>{_PLAIN}</sessionToken></a>"),
    "attribute": ("application/xml", f'<a password="{_PLAIN}"/>'),
    "HTML": ("text/html", f'<input type="hidden" name="csrf_token" value="{_PLAIN}">'),
    "undeclared JSON": ("text/plain", json.dumps({"apiKey": _PLAIN})),
    "cut JSON": ("application/json", json.dumps({"apiKey": _PLAIN})[:-1]),
    "lines": ("application/x-ndjson", json.dumps({"apiKey": _PLAIN}) + "\n"),
    "events": ("text/event-stream", f'data: {{"apiKey": "{_PLAIN}"}}\n\n'),
    "YAML": ("application/yaml", f"api_key: {_PLAIN}{_PLAIN}\n"),
}


@pytest.mark.parametrize(("content_type", "body"), _TEXTS.values(), ids=_TEXTS)
def test_a_text_of_any_type_names_its_secrets(
    content_type: str, body: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(200, (("Content-Type", content_type),), body))
    server.script("POST", "/use", Reply(200))
    assert _PLAIN not in messages(run(server, capsys, "--format", "json"))


_HEADERS = {
    "cookie": ("Set-Cookie", f"any={_PLAIN}; Path=/; HttpOnly"),
    "short cookie": ("Set-Cookie", "session=Zq7; Path=/"),
    "token": ("X-Auth-Token", _PLAIN),
    "authorization": ("Authorization", f"Bearer {_PLAIN}"),
    "location": ("Location", f"/done?access_token={_PLAIN}{_PLAIN}"),
}


@pytest.mark.parametrize("header", _HEADERS.values(), ids=_HEADERS)
@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_a_header_of_an_answer_that_is_named_like_a_secret_is_told_without_its_value(
    header: tuple[str, str], format_: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(200, (header,), {"n": 1}))
    server.script("POST", "/use", Reply(200))
    told = run(server, capsys, "--format", format_)
    assert f'"name": "{header[0]}"' in told
    assert "Zq7" not in told


def test_a_failed_answer_shows_no_token_to_a_person(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(403, body={"access_token": SECRET, "why": "scope"}))
    told = run(server, capsys)
    assert '{"access_token": "***", "why": "scope"}' in told


def test_an_output_is_what_the_workflow_gives_though_its_name_is_that_of_a_token(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(200, body={"access_token": SECRET}))
    server.script("POST", "/use", Reply(200))
    told = run(server, capsys, "--format", "json", token="$response.body#/access_token")
    assert json.JSONDecoder().raw_decode(told)[0]["outputs"] == {"token": SECRET}
    assert SECRET not in messages(told)


def test_of_an_object_that_is_named_like_a_secret_only_what_could_open_something_is_masked(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = {"decision": "allow", "transferId": "transfer-0001", "amount": 0, "revision": 1, "is_final": True}
    token = {
        "value": SECRET,
        "manage": "https://b.example/tokens/1",
        "expires_in": 3600,
        "access": [{"type": "read-all", "actions": ["complete", "read"], "identifier": "wallet-of-a-shop"}],
    }
    server.script("POST", "/login", Reply(200, body={"authorization": payment, "access_token": token, "otp": 0}))
    server.script("POST", "/use", Reply(200, body="1 of 3600"))
    told, _ = json.JSONDecoder().raw_decode(run(server, capsys, "--format", "json"))
    first, second = (each["response"]["body"] for each in told["steps"])
    assert json.loads(first) == {"authorization": payment, "access_token": {**token, "value": "***"}, "otp": 0}
    assert second == "1 of 3600"


def test_what_a_workflow_gives_is_shown_at_the_end_and_not_in_the_line_of_a_step(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("POST", "/login", Reply(200, body={"access_token": SECRET}))
    server.script("POST", "/use", Reply(200))
    told = run(server, capsys, token="$response.body#/access_token")
    assert told.startswith(f"token: {SECRET}\n")
    assert "token ***" in told
    assert told.count(SECRET) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"error": "token: expired", "hint": 'unknown token "abc"', "next_page_token": "page-2-of-the-list"},
        {"password": None, "token": "", "has_password": True, "max_tokens": 4096},
        "the password: at least twelve characters, one of them a digit",
        {"logprobs": [{"token": "passant", "logprob": -0.25, "top": [{"token": "passant", "logprob": -1}]}]},
    ],
    ids=["prose", "empty", "text", "pieces of a text"],
)
def test_what_is_no_secret_stays_to_be_read(
    body: Body, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    cookie = ("Set-Cookie", "lang=en; Path=/")
    server.script("POST", "/login", Reply(200, (cookie,), body))
    server.script("POST", "/use", Reply(200, body="en passant"))
    told, _ = json.JSONDecoder().raw_decode(run(server, capsys, "--format", "json"))
    first, second = (each["response"] for each in told["steps"])
    assert first["body"] == (body if isinstance(body, str) else json.dumps(body))
    assert second["body"] == "en passant"
    assert {"name": "Set-Cookie", "value": "lang=***; Path=/"} in first["headers"]


def test_of_a_long_run_each_answer_is_masked_by_its_own_names(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = [{"token": f"{_PLAIN}{number}"} for number in range(1_200)]
    server.script("POST", "/login", Reply(200, body=tokens))
    server.script("POST", "/use", Reply(200, body=[{"token": f"other-{each['token']}"} for each in tokens]))
    told = messages(run(server, capsys, "--format", "json"))
    assert told.count("***") >= 2_400
    assert _PLAIN not in told
