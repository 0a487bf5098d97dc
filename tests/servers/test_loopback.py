"""The server that other tests rely on records what arrives and answers as it is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from loopback import RecordingServer, Reply


def test_a_request_is_recorded_as_it_arrived(server: RecordingServer) -> None:
    server.script("POST", "/a%2Fb", Reply(201, (("X-One", "1"),), {"made": True}))
    answer = httpx.post(f"{server.url}/a%2Fb?q=%20&q=+", json={"name": "é"}, headers={"Key": "secret"})
    assert (answer.status_code, answer.headers["x-one"], answer.json()) == (201, "1", {"made": True})
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/a%2Fb?q=%20&q=+")
    assert request.header("KEY") == "secret"
    assert request.json == {"name": "é"}


def test_replies_come_in_order_and_the_last_one_repeats() -> None:
    with RecordingServer({("GET", "/job"): [Reply(body={"state": "queued"}), Reply(body={"state": "done"})]}) as server:
        states = [httpx.get(f"{server.url}/job").json()["state"] for _ in range(3)]
    assert states == ["queued", "done", "done"]


def test_what_is_not_scripted_is_not_found(server: RecordingServer) -> None:
    answer = httpx.delete(f"{server.url}/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"error": "nothing is scripted for DELETE /nothing"}


def test_a_route_with_its_query_goes_before_the_one_without(server: RecordingServer) -> None:
    server.script("GET", "/pets", Reply(body="any"))
    server.script("GET", "/pets?kind=cat", Reply(body="cats"))
    assert [httpx.get(server.url + path).text for path in ("/pets?kind=cat", "/pets?kind=dog")] == ["cats", "any"]


@pytest.mark.parametrize(
    ("body", "content_type", "content"),
    [
        (b"\x00\x01", None, b"\x00\x01"),
        ("é", "text/plain; charset=utf-8", "é".encode()),
        ([1, 2], "application/json", b"[1, 2]"),
        (b"", None, b""),
    ],
)
def test_a_body_is_sent_as_what_it_is(
    server: RecordingServer, body: bytes | str | list[int], content_type: str | None, content: bytes
) -> None:
    server.script("GET", "/", Reply(body=body))
    answer = httpx.get(f"{server.url}/")
    assert (answer.headers.get("content-type"), answer.content) == (content_type, content)


def test_a_connection_is_kept_for_the_next_request(server: RecordingServer) -> None:
    server.script("GET", "/", Reply(204))
    with httpx.Client() as client:
        for _ in range(3):
            client.get(f"{server.url}/")
    assert len({request.connection for request in server.requests}) == 1


def test_a_chunked_body_is_recorded_whole(server: RecordingServer) -> None:
    httpx.put(f"{server.url}/file", content=iter((b"one ", b"two")))
    assert server.requests[0].body == b"one two"


def test_a_connection_can_be_closed_without_an_answer(server: RecordingServer) -> None:
    server.script("GET", "/gone", Reply.close())
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{server.url}/gone")
    assert [request.path for request in server.requests] == ["/gone"]


def test_a_slow_answer_waits_until_the_test_releases_it(server: RecordingServer) -> None:
    released = threading.Event()
    server.script("GET", "/slow", Reply(body="late").after(released))
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.url}/slow", timeout=0.05)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, f"{server.url}/slow", timeout=30)
        released.set()
        assert answer.result().text == "late"


def test_a_stopped_server_refuses_connections() -> None:
    with RecordingServer() as server:
        url = server.url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
