"""``arazzo record --proxy``: what passes through it, what is captured of it, and what it refuses."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import zlib
from contextlib import suppress
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from loopback import RecordingServer, Reply
from opened_proxy import Proxy, opened_proxy

from arazzo_engine import ArazzoError
from arazzo_engine.cli import run_command
from arazzo_engine.recording.effects import read_body
from arazzo_engine.world.capturing import serving

if TYPE_CHECKING:
    from pathlib import Path

_POST = b"POST http://x/ HTTP/1.1\r\nHost: x\r\n"
_SCHEMA = resources.files("arazzo_engine.recording").joinpath("recording.schema.json").read_text(encoding="utf-8")


def test_a_request_passes_with_its_body_and_is_captured_whole(tmp_path: Path, server: RecordingServer) -> None:
    content = bytes(range(256)) * 1_000
    answered = (("X-Kept", "yes"), ("Connection", "close, X-Hop"), ("X-Hop", "1"))
    server.script("POST", "/things", Reply(201, answered, content))
    sent = {"Connection": "X-Own", "X_Own": "1", "X_Mine": "2", "Proxy_Authorization": "x"}
    with opened_proxy(tmp_path) as proxy:
        status, body, headers = proxy.ask("POST", f"{server.url}/things?a=1", content, **sent)
        assert (status, body, headers["x-kept"], headers.get("x-hop")) == (201, content, "yes", None)
        (captured,) = proxy.captured()
    (came,) = server.requests
    assert came.body == content
    assert [came.header(each) for each in ("X-Mine", "X-Own", "Proxy-Authorization")] == ["2", None, None]
    assert captured["request"]["url"] == f"{server.url}/things?a=1"
    assert read_body(captured["request"]["body"]) == content
    assert read_body(captured["reply"]["response"]["body"]) == content
    assert proxy.told == [f"POST {server.url}/things?a=1 201"]


def test_an_exchange_is_on_the_disk_before_the_client_has_its_answer(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(body={"n": 1}))
    with opened_proxy(tmp_path) as proxy:
        for count in (1, 2, 3):
            proxy.ask("GET", f"{server.url}/a")
            assert len(proxy.captured()) == count


def test_chunks_are_put_together_and_packed_answers_unpacked_in_the_capture(
    tmp_path: Path, server: RecordingServer
) -> None:
    packed = zlib.compress(b"the answer")
    server.script("POST", "/a", Reply(200, (("Content-Encoding", "deflate"),), packed))
    with opened_proxy(tmp_path) as proxy:
        chunks = f"POST {server.url}/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        answer = proxy.raw(chunks.encode() + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        (captured,) = proxy.captured()
    assert server.requests[0].body == b"abcde"
    assert server.requests[0].header("Accept-Encoding") == "identity"
    assert answer.endswith(packed)
    assert captured["reply"]["response"]["body"] == {"text": "the answer"}


def test_with_a_target_every_request_goes_there_and_redirects_lead_back_here(
    tmp_path: Path, server: RecordingServer
) -> None:
    server.script("GET", "/v1/a", Reply(302, (("Location", f"{server.url}/v1/b"),)))
    with opened_proxy(tmp_path, f"{server.url}/v1") as proxy:
        status, _, headers = proxy.ask("GET", "/a")
        assert (status, headers["location"]) == (302, f"http://127.0.0.1:{proxy.port}/b")
        assert proxy.ask("GET", "http://elsewhere.example/a")[0] == 400
        (captured,) = proxy.captured()
    assert captured["request"]["url"] == f"{server.url}/v1/a"


def test_a_head_says_how_long_the_answer_would_be(tmp_path: Path, server: RecordingServer) -> None:
    server.script("HEAD", "/a", Reply(200, (("Content-Length", "7"),)))
    with opened_proxy(tmp_path) as proxy:
        status, body, headers = proxy.ask("HEAD", f"{server.url}/a")
    assert (status, body, headers["content-length"]) == (200, b"", "7")


def test_a_secret_has_one_stand_in_everywhere_also_before_it_was_known(tmp_path: Path, server: RecordingServer) -> None:
    secret = "tok-1234-abcd"
    server.script("GET", "/a", Reply(body={"found": secret}))
    server.script("POST", "/b", Reply(body={"access_token": secret}))
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/a")
        proxy.ask("POST", f"{server.url}/b?next={secret}", b"{}")
        proxy.ask("GET", f"{server.url}/a", Authorization=f"Bearer {secret}")
    assert secret not in proxy.place.read_text()
    assert secret not in "".join(proxy.told)
    first, second, third = proxy.captured()
    stand_in = json.loads(first["reply"]["response"]["body"]["text"])["found"]
    assert json.loads(second["reply"]["response"]["body"]["text"]) == {"access_token": stand_in}
    assert ["Authorization", f"Bearer {stand_in}"] in third["request"]["headers"]
    assert len(stand_in) == len(secret)


@pytest.mark.parametrize(
    ("first_line", "status", "told"),
    [
        ("CONNECT api.example.com:443 HTTP/1.1", 405, "start `arazzo record --proxy --target https://api.example.com`"),
        ("GET /orders HTTP/1.1", 400, "this is a proxy: use it as one"),
        ("GET http://localhost:{port}/a HTTP/1.1", 508, "the request leads back to this proxy"),
        ("GET http://127.0.0.1:1/a HTTP/1.1", 502, "cannot connect to 127.0.0.1:1"),
        ("GET ftp://127.0.0.1:1/a HTTP/1.1", 400, "this is a proxy"),
    ],
)
def test_what_is_not_passed_on_is_told(tmp_path: Path, first_line: str, status: int, told: str) -> None:
    with opened_proxy(tmp_path) as proxy:
        line = first_line.format(port=proxy.port)
        answer = proxy.raw(f"{line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode()).decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert f"arazzo record: {told}" in answer or told in answer


def test_a_loop_through_the_environment_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    with opened_proxy(tmp_path, port=port) as proxy:
        status, body, _ = proxy.ask("GET", "http://api.example.com/a")
    assert status == 508
    assert b"leads back to this proxy" in body


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (
            _POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (_POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        (b"GET http://x/ HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70_000, 431),
        (_POST + b"Content-Length: 99999999\r\n\r\n" + b"a" * 10_000_001, 413),
        (b"no request at all\r\n\r\n", 400),
    ],
)
def test_a_message_with_two_readings_or_too_large_is_refused(tmp_path: Path, content: bytes, status: int) -> None:
    with opened_proxy(tmp_path) as proxy:
        assert _answered(proxy, content).startswith(f"HTTP/1.1 {status} ".encode())
        assert proxy.captured() == []


def _answered(proxy: Proxy, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        with suppress(ConnectionError):
            connection.sendall(content)
        return connection.recv(65_536)


def test_a_request_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_PATIENCE", 0.05)
    with opened_proxy(tmp_path) as proxy:
        answer = proxy.raw(_POST + b"Content-Length: 5\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_each_line_is_as_the_schema_says(tmp_path: Path, server: RecordingServer) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/a")
        proxy.ask("GET", "http://127.0.0.1:1/a")
    is_line = jsonschema_rs.validator_for(json.loads(_SCHEMA)).is_valid
    assert [is_line(json.loads(line)) for line in proxy.place.read_text().splitlines()] == [True] * 3


def test_a_capture_is_told_from_a_recording_and_can_be_exported(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/a")
    place = str(proxy.place)
    assert run_command(["replay", place]) == 3
    assert "is a capture of traffic, and there is no run in it that could be made again" in capsys.readouterr().err
    assert run_command(["replay", place, "--export", "curl"]) == 0
    assert f"# the client sends GET {server.url}/a" in capsys.readouterr().out
    assert run_command(["replay", place, "--export", "har"]) == 0
    assert json.loads(capsys.readouterr().out)["log"]["entries"][0]["response"]["status"] == 404


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (lambda text: text.replace("/first", "/other"), "recording-unreadable", "line 2 is not what was written"),
        (lambda text: text.replace('"capture":1', '"capture":2'), "recording-too-new", "by a newer engine"),
        (lambda text: text[: text.index("/second")], "", ""),
    ],
)
def test_a_capture_that_was_changed_is_refused_and_one_that_was_cut_is_read_so_far(
    tmp_path: Path, server: RecordingServer, change: Any, code: str, told: str
) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/first")
        proxy.ask("GET", f"{server.url}/second")
    proxy.place.write_text(change(proxy.place.read_text()))
    if not code:
        assert len(proxy.captured()) == 1
        return
    with pytest.raises(ArazzoError) as raised:
        proxy.captured()
    assert raised.value.diagnostics[0].code == code
    assert told in raised.value.diagnostics[0].message


def test_the_command_captures_until_it_is_ended(tmp_path: Path, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(body={"n": 1}))
    command = [sys.executable, "-m", "arazzo_engine", "record", "--proxy", "--target", server.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[2].rpartition(":")[2])
        Proxy(port, tmp_path).ask("GET", "/a")
        process.send_signal(signal.SIGTERM)
        told, log = process.communicate(timeout=30)
    assert process.returncode == 0
    assert log == f"GET {server.url}/a 200\n"
    assert "captured 1 exchange in capture.jsonl" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "`arazzo record` captures through a proxy only"),
        ("--proxy --target api.example.com", "`--target` names no server"),
        ("--proxy --output there.jsonl", "`--output` names a file that is there already: there.jsonl"),
    ],
)
def test_what_cannot_be_captured_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.jsonl").write_text("")
    assert run_command(["record", *options.split()]) == 2
    assert told in capsys.readouterr().err
