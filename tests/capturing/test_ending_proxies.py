"""What is under way when the proxy ends: it is in the capture without an answer, and is told to be in doubt."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from loopback import RecordingServer, Reply
from opened_proxy import Proxy, opened_proxy

from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.world.capturing.writing import begin_capture

if TYPE_CHECKING:
    from pathlib import Path

_TOLD = "no answer: the proxy ended before an answer came, and the server may have acted upon the request"


def test_an_exchange_under_way_is_kept_as_unanswered_and_told(tmp_path: Path, server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    server.script("POST", "/pay", Reply(200).telling(arrived).after(released))
    command = [sys.executable, "-m", "arazzo_engine", "record", "--proxy", "--target", server.url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        proxy = Proxy(int(process.stdout.readline().split()[2].rpartition(":")[2]), tmp_path / "capture.jsonl")
        asking = threading.Thread(target=_ask, args=(proxy,))
        asking.start()
        assert arrived.wait(30)
        process.send_signal(signal.SIGINT)
        told, log = process.communicate(timeout=30)
        released.set()
        asking.join()
    assert process.returncode == 0
    assert log == f"POST {server.url}/pay {_TOLD}\n"
    assert "captured 1 exchange in capture.jsonl, 1 of them without an answer" in told
    (captured,) = proxy.captured()
    assert captured["request"]["body"] == {"text": "{}"}
    reason = _TOLD.removeprefix("no answer: ")
    none = {"failure": "interrupted", "reason": reason, "sent": True, "processed": True}
    assert captured["reply"]["noResponse"] == none


def _ask(proxy: Proxy) -> None:
    try:
        proxy.ask("POST", "/pay", b"{}")
    except OSError:
        return


def test_an_answer_that_comes_after_the_end_is_no_second_line(tmp_path: Path) -> None:
    capturing = begin_capture(str(tmp_path / "capture.jsonl"), "")
    begun = capturing.begin_exchange(Request("POST", "http://x.example/pay"))
    assert begun is not None
    assert capturing.close() == (f"POST http://x.example/pay {_TOLD}",)
    assert capturing.tell(begun, Answer(Response(200), 0.0, 0.0)) == ""
    assert len((tmp_path / "capture.jsonl").read_text().splitlines()) == 2
    assert capturing.begin_exchange(Request("POST", "http://x.example/pay")) is None


def test_a_client_whose_connection_is_still_open_is_refused_after_the_end(
    tmp_path: Path, server: RecordingServer
) -> None:
    with opened_proxy(tmp_path, server.url) as proxy:
        proxy.capturing.close()
        status, body, _ = proxy.ask("GET", "/a")
    assert (status, body) == (503, b"arazzo record: `arazzo record` has ended: send the request to the server itself\n")
    assert server.requests == []


def test_an_exchange_that_could_not_be_written_is_told_at_once(tmp_path: Path, server: RecordingServer) -> None:
    with opened_proxy(tmp_path, server.url) as proxy:
        proxy.capturing.lost = OSError(28, "No space left on device")
        assert proxy.ask("GET", "/a")[0] == 404
        assert proxy.told == [f"GET {server.url}/a 404; not captured: no space left on device"]
