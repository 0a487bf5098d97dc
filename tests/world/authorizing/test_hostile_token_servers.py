"""Token, device and discovery servers that drip, lie, redirect, echo and flood: bounded, explained, nothing leaked."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import pytest
from loopback import Reply
from oauth_documents import Browser, run, write_documents
from oauth_server import CLIENT, FIRST_REFRESH, METADATA, SECRET, OAuthServer

import arazzo_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loopback import Recorded

_CLIENT: Final = {"client_id": CLIENT, "client_secret": SECRET}
_TOKEN: Final = {"access_token": "t0ken-that-was-granted", "token_type": "Bearer"}
_JSON: Final = (("Content-Type", "application/json"),)


def told(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    for secret in (SECRET, FIRST_REFRESH, _TOKEN["access_token"], "Traceback", *more):
        assert secret not in text
    return text


@contextmanager
def raw_server(say: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Serve bytes as ``say`` writes them, and record what was asked."""
    asked: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            asked.append(connection.recv(65_536))
            try:
                say(connection)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)


# each byte comes in time, and the answer never does
_LAST: Final = threading.Event()


def drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not _LAST.wait(0.02):
        connection.sendall(b"X: y\r\n")


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")
    while not _LAST.wait(0.02):
        connection.sendall(b" ")


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")


def break_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")


def token_at(oauth: OAuthServer, url: str) -> None:
    write_documents(oauth, flows={"clientCredentials": {"tokenUrl": f"{url}/token", "scopes": {}}})


def device_at(oauth: OAuthServer, url: str) -> None:
    flow = {"deviceAuthorizationUrl": f"{url}/device", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, flows={"deviceAuthorization": flow})


def metadata_at(oauth: OAuthServer, url: str) -> None:
    write_documents(oauth, type="openIdConnect", openIdConnectUrl=f"{url}{METADATA}", flows={})


@pytest.mark.parametrize("place", [token_at, device_at, metadata_at])
@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (drip_head, "no complete answer from"),
        (drip_body, "no complete answer from"),
        (flood, "is larger than 1,000,000 bytes"),
        (break_off, "broke off the exchange"),
    ],
)
def test_a_server_that_never_answers_is_given_up_and_asked_once(
    oauth: OAuthServer,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
    place: Callable[[OAuthServer, str], None],
    say: Callable[[socket.socket], None],
    reason: str,
) -> None:
    began = time.monotonic()
    with raw_server(say) as (url, asked):
        place(oauth, url)
        assert run(_CLIENT, "--step-timeout", "0.5") in {1, 4}
    assert time.monotonic() - began < 20
    assert reason in told(capsys)
    assert len(asked) == 1
    assert (oauth.requests, browser.pages) == ([], [])


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(200, _JSON, json.dumps({**_TOKEN, "x": "y" * 10_000_000}).encode()), "larger than 1,000,000 bytes"),
        (
            Reply(200, (*_JSON, ("Content-Encoding", "gzip")), gzip.compress(json.dumps([0] * 2_000_000).encode())),
            "larger than 1,000,000 bytes",
        ),
        (Reply(200, _JSON, b'{"access_token": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), "instead of a JSON object"),
        (Reply(200, body={**_TOKEN, "access_token": "t0ken-that-was-granted\r\nX: y"}), "that can be sent"),
        (Reply(200, body={**_TOKEN, "token_type": ["Bearer"]}), "whose `token_type` is not `Bearer`"),
        (Reply(200, body={**_TOKEN, "error": "invalid_grant"}), "refused with `invalid_grant`"),
        (Reply(400, body={"error": ["x"]}), "answered with status 400"),
        (Reply(400, body={"error": "x\n`" * 5000, "error_description": {"a": 1}}), "refused with `xxx"),
        (Reply(307, (("Location", "https://evil.example/"),)), "status 307, a redirect that no secret follows"),
        (Reply.close(), "broke off the exchange"),
    ],
)
def test_a_token_endpoint_that_lies_is_told_and_nothing_is_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], reply: Reply, reason: str
) -> None:
    oauth.token_reply = reply
    assert run(_CLIENT, "--follow-redirects") == 1
    assert reason in told(capsys)
    assert [each.path for each in oauth.requests] == ["/token"]


@pytest.mark.parametrize(
    "odd",
    [
        *({"expires_in": each} for each in ([1], {"a": 1}, "soon", True, 10**400, None)),
        *({"refresh_token": each} for each in (5, ["x"], "a\r\nb", None)),
        *({"scope": each} for each in (5, {"a": 1}, [5], None)),
    ],
)
def test_what_need_not_be_said_of_a_token_may_be_said_wrong(oauth: OAuthServer, odd: dict[str, Any]) -> None:
    oauth.tokens[_TOKEN["access_token"]] = "read"
    oauth.token_reply = Reply(200, body={**_TOKEN, **odd})
    assert run(_CLIENT) == 0
    assert len(oauth.token_requests) == 1


# --- what a server says again ---


def test_a_code_that_a_server_says_again_is_not_shown(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def echo(request: Recorded) -> Reply:
        form = parse_qs(request.body.decode())
        said.extend((form["code"][0], form["code_verifier"][0]))
        return Reply(400, body={"error": "invalid_grant", "error_description": f"no {said[0]} with {said[1]}"})

    monkeypatch.setattr(oauth, "_token", echo)
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, flows={"authorizationCode": flow})
    oauth.is_public = True
    assert run({"client_id": CLIENT}) == 4
    assert browser.wait()
    assert "refused with `invalid_grant`: no *** with ***" in told(capsys, *said)


def test_a_kept_refresh_token_that_a_server_says_again_is_not_shown(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.lifetime = 5
    store = ("--token-store", "tokens.json")
    assert run({**_CLIENT, "refresh_token": FIRST_REFRESH}, *store) == 0
    (kept,) = json.loads(Path("tokens.json").read_text()).values()
    secret = kept["refresh_token"]
    oauth.token_reply = Reply(400, body={"error": "invalid_request", "error_description": f"what is {secret}"})
    assert run({**_CLIENT, "refresh_token": FIRST_REFRESH}, *store) == 4
    assert "refused with `invalid_request`: what is ***, and the refresh token is the one in tokens.json" in told(
        capsys, secret
    )


def test_a_refresh_token_that_was_sent_and_not_answered_is_in_doubt(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.token_reply = Reply.close()
    assert run({**_CLIENT, "refresh_token": FIRST_REFRESH}) == 1
    assert "and whether the refresh token still works is not known" in told(capsys)
    assert len(oauth.token_requests) == 1


# --- a token that many runs share ---


def test_runs_of_a_program_in_many_tasks_use_a_refresh_token_once(oauth: OAuthServer) -> None:
    client = arazzo_engine.OAuthClient(client_id=CLIENT, client_secret=SECRET, refresh_token=FIRST_REFRESH)

    async def run_all() -> list[str]:
        async with arazzo_engine.Engine(credentials={"OAuth": client}) as engine:
            program = engine.load("main.json")
            first = await program.run_async()
            oauth.tokens.clear()
            reports = await asyncio.gather(*(program.run_async() for _ in range(6)))
        return [report.status.value for report in (first, *reports)]

    assert asyncio.run(run_all()) == ["succeeded"] * 7
    assert len(oauth.granted) == 2


def test_runs_of_a_program_in_many_threads_use_a_refresh_token_once(oauth: OAuthServer) -> None:
    oauth.gives_refresh_tokens = True
    client = arazzo_engine.OAuthClient(client_id=CLIENT, client_secret=SECRET, refresh_token=FIRST_REFRESH)
    with arazzo_engine.Engine(credentials={"OAuth": client}) as engine:
        program = engine.load("main.json")
        assert program.run().succeeded
        # all of them find the token refused, and the refresh token is good once
        oauth.tokens.clear()
        with ThreadPoolExecutor(6) as threads:
            reports = list(threads.map(lambda _: program.run(), range(6)))
    assert [report.status.value for report in reports] == ["succeeded"] * 6
    assert len(oauth.granted) == 2
