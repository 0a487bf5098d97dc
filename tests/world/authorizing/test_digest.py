"""HTTP digest end to end: real runs against a server that checks every answer to its challenges."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from digest_server import PASSWORD, USER, DigestServer
from loopback import Recorded, RecordingServer, Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DigestServer]:
    monkeypatch.chdir(tmp_path)
    with DigestServer() as running:
        running.script("GET", "/a%20b", Reply(200, body={"n": 1}))
        running.script("POST", "/b", Reply(200, body={"n": 2}))
        write_documents(running)
        yield running


def write_documents(server: RecordingServer) -> None:
    operations = {
        "/a%20b": {"get": {"operationId": "a", "responses": {}}},
        "/b": {"post": {"operationId": "b", "responses": {}}},
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": server.url}],
        "security": [{"Login": []}],
        "paths": operations,
        "components": {"securitySchemes": {"Login": {"type": "http", "scheme": "Digest"}}},
    }
    body = {"contentType": "application/json", "payload": {"amount": 1}}
    query = {"name": "q", "in": "query", "value": "c/d"}
    steps: list[dict[str, Any]] = [
        {"stepId": "a", "operationId": "a", "parameters": [query]},
        {"stepId": "b", "operationId": "b", "requestBody": body},
        {"stepId": "c", "operationId": "b", "requestBody": body},
    ]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": steps}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))


def run(*options: str, login: str = f"{USER}:{PASSWORD}") -> int:
    return run_command(["run", "main.json", "--auth", f"Login={login}", *options])


@pytest.mark.parametrize("algorithm", [None, "MD5", "md5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256"])
@pytest.mark.parametrize("qop", [None, "auth", "auth-int,auth", "auth-int"])
def test_a_challenge_is_answered_once_and_its_nonce_used_again(
    digest: DigestServer, algorithm: str | None, qop: str | None
) -> None:
    digest.algorithm, digest.qop = algorithm, qop
    if qop is None and algorithm is not None and algorithm.lower().endswith("sess"):
        digest.qop = "auth"  # a session has a client nonce, which only comes with `qop`
    assert run() == 0
    assert len(digest.nonces) == 1
    assert [each.method for each in digest.requests] == ["GET", "GET", "POST", "POST"]
    assert len(set(digest.client_nonces)) == 1


def test_a_nonce_that_is_over_leads_to_a_new_challenge(digest: DigestServer) -> None:
    digest.uses = 1
    assert run() == 0
    assert [each.method for each in digest.requests] == ["GET", "GET", "POST", "POST", "POST", "POST"]
    # the server's next nonce has a client nonce of its own, which the world drew
    drawn = {nonce for nonce in digest.client_nonces if nonce}
    assert len(drawn) == 3
    assert all(len(nonce) == 32 for nonce in drawn)


@pytest.mark.parametrize(("user", "userhash"), [("müller", False), ("müller", True), ('a"b', False)])
def test_a_user_has_any_name(digest: DigestServer, user: str, *, userhash: bool) -> None:
    digest.user, digest.userhash = user, userhash
    assert run(login=f"{user}:{PASSWORD}") == 0


def test_a_login_may_be_a_mapping(digest: DigestServer) -> None:
    Path("auth.yaml").write_text(json.dumps({"Login": {"username": USER, "password": PASSWORD}}))
    assert run_command(["run", "main.json", "--auth-file", "auth.yaml"]) == 0
    assert len(digest.requests) == 4


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_wrong_password_is_refused_once_and_never_shown(
    digest: DigestServer, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    assert run("--format", format_, login=f"{USER}:wrong-s3cret") == 1
    assert [each.method for each in digest.requests] == ["GET", "GET"]
    told = capsys.readouterr()
    assert "401 Unauthorized" in told.err
    sent = digest.requests[1].header("authorization") or ""
    (response,) = [part for part in sent.split('"') if len(part) == 64]
    for secret in ("wrong-s3cret", response):
        assert secret not in told.out + told.err


class _EchoingServer(DigestServer):
    """Answers with what it was answered, by itself."""

    def answer(self, request: Recorded) -> Reply:
        reply = super().answer(request)
        found = re.search(r'response="(\w+)"', request.header("authorization") or "")
        return reply if found is None else Reply(500, body={"response": found[1]})


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_the_answer_alone_does_not_show_when_it_is_sent_back(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with _EchoingServer() as server:
        write_documents(server)
        assert run("--format", format_) == 1
        sent = server.requests[1].header("authorization") or ""
    told = capsys.readouterr()
    (response,) = [part for part in sent.split('"') if len(part) == 64]
    assert "500" in told.out + told.err
    assert response not in told.out + told.err


def test_a_challenge_that_cannot_be_answered_is_told(digest: DigestServer, capsys: pytest.CaptureFixture[str]) -> None:
    digest.qop = "auth-conf"
    assert run() == 1
    assert len(digest.requests) == 1
    assert (
        "  note      the 401 has no digest challenge that can be answered, as `Login` needs" in capsys.readouterr().err
    )


def test_a_server_that_asks_for_nothing_gets_nothing(
    server: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_documents(server)
    server.script("GET", "/a%20b", Reply(200))
    server.script("POST", "/b", Reply(200))
    assert run() == 0
    assert [each.header("authorization") for each in server.requests] == [None] * 3


def test_the_answer_to_one_origin_is_never_sent_to_another(digest: DigestServer, server: RecordingServer) -> None:
    document = json.loads(Path("main.json").read_text())
    document["sourceDescriptions"].append({"name": "other", "url": "other.json", "type": "openapi"})
    document["workflows"][0]["steps"][1]["operationId"] = "$sourceDescriptions.other.b"
    document["workflows"][0]["steps"][0]["operationId"] = "$sourceDescriptions.api.a"
    document["workflows"][0]["steps"][2]["operationId"] = "$sourceDescriptions.api.b"
    Path("main.json").write_text(json.dumps(document))
    Path("other.json").write_text(Path("api.json").read_text().replace(digest.url, server.url))
    server.script("POST", "/b", Reply(200))
    assert run() == 0
    assert [each.header("authorization") for each in server.requests] == [None]


def test_a_401_that_a_redirect_led_to_is_not_answered(digest: DigestServer, server: RecordingServer) -> None:
    digest.script("POST", "/b", Reply(303, (("Location", f"{server.url}/elsewhere"),)))
    challenge = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
    server.script("GET", "/elsewhere", Reply(401, (challenge,)))
    assert run("--follow-redirects") == 1
    assert [each.method for each in digest.requests] == ["GET", "GET", "POST"]
    assert [each.header("authorization") for each in server.requests] == [None]


def test_a_rehearsal_needs_no_challenge(digest: DigestServer) -> None:
    assert run_command(["rehearse", "main.json"]) == 0
    assert digest.requests == []
