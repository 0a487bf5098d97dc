"""Functions that sign a request which is about to leave: what they are given, what leaves, and what never shows."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply
from sigv4 import NOW, SECRET_KEY, SigningServer, sign, signature_of

from arazzo_engine import ArazzoError, Engine, StepFinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine import RunReport

_SIGNED = {"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"}
_UNKNOWN = {"type": "http", "scheme": "AWS4-HMAC-SHA256"}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SigningServer]:
    monkeypatch.chdir(tmp_path)
    with SigningServer() as running:
        running.script("GET", "/things", Reply(200, body={"n": 1}))
        running.script("POST", "/a%20b", Reply(201, body={"n": 2}))
        yield running


def _document(url: str, *schemes: dict[str, Any]) -> dict[str, Any]:
    named = {f"S{number}": each for number, each in enumerate(schemes)}
    security: list[dict[str, list[str]]] = [{name: [] for name in named}]
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": url}],
        "security": security,
        "components": {"securitySchemes": named},
        "paths": {
            "/things": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}},
            "/a b": {"post": {"operationId": "make", "responses": {"201": {"description": "ok"}}}},
        },
    }
    Path("api.json").write_text(json.dumps(api))
    query = [{"name": "b", "in": "query", "value": "x y/é"}, {"name": "a", "in": "query", "value": "~1"}]
    header = {"name": "X-Own", "in": "header", "value": "two  words"}
    again = {"name": "again", "type": "retry", "retryAfter": 0, "criteria": [{"condition": "$statusCode == 503"}]}
    steps = [
        {"stepId": "list", "operationId": "list", "parameters": [*query, header]},
        {
            "stepId": "make",
            "operationId": "make",
            "requestBody": {"contentType": "application/json", "payload": {"amount": 1}},
            "successCriteria": [{"condition": "$statusCode == 201"}],
            "onFailure": [again],
        },
    ]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }


def _run(document: dict[str, Any], signer: Callable[..., Any], **options: Any) -> RunReport:
    with Engine(auth={"S0": signer}, **options) as engine:
        return engine.load(document, base=".").run()


def test_the_signer_of_these_tests_gives_the_known_answers() -> None:
    # `get-vanilla` and `post-vanilla` of the suite that AWS publishes
    headers = {"host": "example.amazonaws.com", "x-amz-date": NOW}
    assert signature_of("GET", "/", headers, b"") == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    assert signature_of("POST", "/", headers, b"") == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"


@pytest.mark.parametrize("scheme", [_SIGNED, _UNKNOWN])
def test_what_leaves_is_what_was_signed(scheme: dict[str, Any], server: SigningServer) -> None:
    server.script("POST", "/a%20b", Reply(503), Reply(201))
    report = _run(_document(server.url, scheme), sign)
    assert report.succeeded
    assert server.refused == []
    # the retry was signed anew
    assert [each.method for each in server.requests] == ["GET", "POST", "POST"]


def test_it_is_the_same_in_an_event_loop(server: SigningServer) -> None:
    async def run() -> RunReport:
        async with Engine(auth={"api.S0": sign}) as engine:
            return await engine.load(_document(server.url, _SIGNED), base=".").run_async()

    assert asyncio.run(run()).succeeded
    assert server.refused == []


def test_a_function_that_signs_something_else_is_refused_by_the_server(server: SigningServer) -> None:
    def late(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        return sign(method, url, headers, body + b" ")

    assert not _run(_document(server.url, _SIGNED), late).succeeded
    assert len(server.refused) == 1


@pytest.mark.usefixtures("server")
def test_it_signs_a_request_with_its_token_and_cookies() -> None:
    seen: list[tuple[str, str, dict[str, str], bytes]] = []

    def keep(method: str, url: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
        seen.append((method, url, dict(headers), body))
        headers["X-Signature"] = "signature-1"
        # everything may come back, and what was there already is no news
        return headers

    token = {"type": "http", "scheme": "bearer"}
    cookie = {"type": "apiKey", "in": "cookie", "name": "sid"}
    named = {"type": "apiKey", "in": "header", "name": "X-Signature"}
    with RecordingServer() as plain:
        plain.script("GET", "/things", Reply(200))
        plain.script("POST", "/a%20b", Reply(201))
        document = _document(plain.url, named, token, cookie)
        assert _run(document, keep, credentials={"S1": "t0ken-1", "S2": "s1d-1"}).succeeded
        host = plain.url.removeprefix("http://")
        (method, url, headers, body), (second, *_) = seen
        assert (method, second, url, body) == ("GET", "POST", f"{plain.url}/things?b=x%20y%2F%C3%A9&a=~1", b"")
        arrived = dict(plain.requests[0].headers)
        assert {**headers, "X-Signature": "signature-1"} == arrived
        assert (headers["Host"], headers["Cookie"], headers["Authorization"]) == (host, "sid=s1d-1", "Bearer t0ken-1")
        assert plain.requests[0].header("x-signature") == "signature-1"
        assert [name for name, _ in plain.requests[0].headers].count("Host") == 1


@pytest.mark.usefixtures("server")
def test_a_header_that_is_there_is_replaced() -> None:
    with RecordingServer() as plain:
        plain.script("GET", "/things", Reply(200))
        _run(_document(plain.url, _SIGNED), lambda *_: {"x-own": "signed", "Authorization": "Own abcdefgh"})
        assert plain.requests[0].header("x-own") == "signed"


def _raises(*_: object) -> dict[str, str]:
    raise ValueError(SECRET_KEY)


@pytest.mark.parametrize(
    ("signer", "what"),
    [
        (_raises, "raised ValueError"),
        (lambda *_: None, "returned NoneType and no mapping of headers"),
        (lambda *_: {"Authorization": b"x"}, "returned a header whose name or value is no text"),
        (
            lambda *_: {"Content-Length": "3"},
            "set a header that is not its own: `Content-Length` says where the body ends",
        ),
        (lambda *_: {"X\r\nY": "3"}, "is no name of a header"),
        (lambda *_: {"Authorization": "a\r\nX-Other: b"}, "gave `Authorization` a value that no header can hold"),
        (lambda *_: {"Authorization": ""}, "gave `Authorization` a value that no header can hold"),
        (lambda *_: {"Authorization": "Ω-secret-1"}, "gave `Authorization` a value that no header can hold"),
    ],
)
def test_without_a_signature_the_step_has_failed_and_nothing_is_sent(
    signer: Callable[..., Any], what: str, server: SigningServer
) -> None:
    report = _run(_document(server.url, _SIGNED), signer)
    (found,) = report.step("list").diagnostics
    assert (report.succeeded, found.code) == (False, "request-not-signed")
    assert found.message.startswith("the request is not signed for `S0`: the function that `auth` gives for it ")
    assert what in found.message
    assert SECRET_KEY not in str(found)
    assert (server.requests, server.refused) == ([], [])


def test_no_signature_shows(server: SigningServer) -> None:
    server.script("GET", "/things", Reply(200, body={}))
    told = []

    def echo(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        added = sign(method, url, headers, body)
        told.append(added["Authorization"].rpartition("=")[2])
        server.script("GET", "/things", Reply(500, body={"all": added["Authorization"], "signature": told[-1]}))
        return added

    events: list[Any] = []
    with Engine(auth={"S0": echo}, on_event=events.append) as engine:
        assert "sign" not in repr(engine)
        program = engine.load(_document(server.url, _SIGNED), base=".")
        report = program.run()
        planned = program.plan().to_text()
        assert "Authorization: ***" in planned
        assert program.rehearse().succeeded
        assert len(told) == 1
    finished = [each.report for each in events if isinstance(each, StepFinished)]
    shown = [json.dumps(report.to_json()), repr(report), repr(finished), str(finished), planned]
    assert told[0] not in "".join(shown)
    assert "AWS4-HMAC-SHA256" not in json.dumps(report.to_json()["steps"][0]["request"])


def test_a_name_that_no_step_needs_is_refused(server: SigningServer) -> None:
    with Engine(auth={"S0s": sign}) as engine, pytest.raises(ArazzoError) as caught:
        engine.load(_document(server.url, _SIGNED), base=".")
    (found,) = caught.value.diagnostics
    assert (found.code, found.fix) == ("option-invalid", "did you mean `S0`?")


def test_what_cannot_sign_is_refused_when_the_engine_is_made() -> None:
    async def later(*_: object) -> dict[str, str]:
        return {}

    with pytest.raises(TypeError, match="must be a function that returns headers, and no coroutine function"):
        Engine(auth={"S0": later})  # type: ignore[dict-item]  # a coroutine function is what must not be given
    with pytest.raises(TypeError, match="holds `str` instead of `Callable`"):
        Engine(auth={"S0": "text"})  # type: ignore[dict-item]  # a text is what must not be given


def test_a_scheme_of_another_kind_says_how_it_can_be_signed(server: SigningServer) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as caught:
        engine.load(_document(server.url, _UNKNOWN), base=".").run()
    assert caught.value.diagnostics[0].fix == (
        "give it with a step parameter `Authorization` with `in: header`, or sign it in Python with"
        " `Engine(auth={'api.S0': …})`"
    )
