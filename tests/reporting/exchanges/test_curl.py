"""The command that sends a request again is pasted into a real shell, and the server gets the same request."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.reporting.exchanges.curl import LONGEST_BODY, curl_command
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from loopback import Recorded, RecordingServer

_SECRET = "s3cret'$(id)\"\\x"
_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "arazzo-engine"))
_JSON = b'{"name": "O\'Neill $HOME `id` \\u00e9", "note": "a\\nb"}'
_HAS_CURL = shutil.which("curl") is not None and shutil.which("bash") is not None
_NO_CURL = pytest.mark.skipif(not _HAS_CURL, reason="needs curl and bash")


def _request(**given: object) -> Request:
    return replace(Request("POST", "http://SERVER/a%20b?x=1&y=[2]", _HEADERS, _JSON), **given)


def _paste(request: Request, server: RecordingServer, given: dict[str, str] | None = None) -> Recorded:
    masker = Masker()
    masker.learn([_SECRET])
    command = curl_command(replace(request, url=request.url.replace("http://SERVER", server.url)), masker)
    assert _SECRET not in command
    done = subprocess.run(
        ["bash", "-c", command], env={**os.environ, **(given or {})}, capture_output=True, check=False, timeout=20
    )
    assert done.returncode == 0, (command, done.stderr)
    return server.requests[-1]


@_NO_CURL
@pytest.mark.parametrize(
    "request_",
    [
        _request(),
        _request(method="GET", content=b"", headers=_HEADERS[1:]),
        _request(method="DELETE", content=b""),
        _request(method="PUT", content="tab\there, bell \x07 and \u2028".encode()),
        _request(content=b"\xff\x00binary"),
        _request(content=b"@file", headers=()),
        _request(url="http://SERVER/a/./b?q=%27"),
        _request(headers=(*_HEADERS, ("X-Empty", ""), ("X-Quote", 'it\'s "so" $HOME'))),
    ],
    ids=["json", "get", "delete", "control characters", "bytes", "at sign", "dots", "headers"],
)
def test_the_server_gets_the_same_request(request_: Request, server: RecordingServer) -> None:
    got = _paste(request_, server)
    assert (got.method, got.path) == (request_.method, request_.url.removeprefix("http://SERVER"))
    assert got.body == request_.content
    sent = {name.lower(): value for name, value in request_.headers}
    assert {name.lower(): value for name, value in got.headers if name.lower() in sent} == sent
    assert {name.lower() for name, _ in got.headers} - sent.keys() <= {"host", "content-length"}


@_NO_CURL
def test_secrets_come_from_variables_that_are_named_by_their_places(server: RecordingServer) -> None:
    headers = (*_HEADERS, ("Authorization", f"Bearer {_SECRET}"), ("X-Api-Key", _SECRET))
    body = ('{"password": ' + '"' + _SECRET.replace("\\", "\\\\").replace('"', '\\"') + '", "n": 1}').encode()
    request = _request(url="http://SERVER/login?apiKey=opens-everything", headers=headers, content=body)
    given = {"API_KEY": "k1", "AUTHORIZATION": "Bearer t1", "TOKEN": "t1", "X_API_KEY": "k2", "PASSWORD": "p1"}
    got = _paste(request, server, given)
    assert got.path == "/login?apiKey=k1"
    assert got.header("Authorization") == "Bearer t1"
    assert got.header("X-Api-Key") == "k2"
    assert got.json == {"password": "p1", "n": 1}


def test_a_body_that_is_too_long_is_left_out_and_that_is_said() -> None:
    command = curl_command(_request(content=b"x" * (LONGEST_BODY + 1)), Masker())
    assert command.startswith("# its body of 65,537 bytes is not written out: put it into the file `body`\ncurl ")
    assert command.endswith("--data-binary @body")


def test_a_secret_among_bytes_is_not_written_out() -> None:
    masker = Masker()
    masker.learn(["s3cret-token"])
    command = curl_command(_request(content=b"\xff\xffs3cret-token\xff"), masker)
    assert "--data-binary @body" in command
    assert "base64" not in command
