"""How requests travel: certificates, proxies, redirects, HTTP/2, on real sockets with certificates made here."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

import h2.config
import h2.connection
import h2.events
import pytest
import trustme
from loopback import RecordingServer, Reply
from proxy import Proxy
from secure_peers import listening

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.servers import is_allowed
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.uris import origin_of
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http.redirects import MOST_REDIRECTS, next_request
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import Wire, proxy_for, wire_warnings
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.options import check_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OPERATION: Final = Operation(read_document("{}", "file:///api.yaml").root(), "api", "file:///api.yaml", "GET", "/")
AMPLE: Final = 20.0
KEY: Final = (("key", "secret"), ("Authorization", "Bearer secret"), ("Cookie", "a=secret"), ("Accept", "text/plain"))


class Sender(Protocol):
    """Sends one request over a transport of its own, blocking or not."""

    def __call__(self, request: Request, wire: Wire = ...) -> Answer: ...


def send_blocking(request: Request, wire: Wire = Wire()) -> Answer:  # noqa: B008 - a frozen value
    with Transport(wire=wire) as transport:
        return transport.send(Send(request, OPERATION, AMPLE))


def send_in_a_loop(request: Request, wire: Wire = Wire()) -> Answer:  # noqa: B008 - a frozen value
    async def send() -> Answer:
        async with AsyncTransport(wire=wire) as transport:
            return await transport.send(Send(request, OPERATION, AMPLE))

    return asyncio.run(send())


@pytest.fixture(params=[send_blocking, send_in_a_loop], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Sender:
    """Both kinds of transport: every test runs with each."""
    sender: Sender = request.param
    return sender


@pytest.fixture(autouse=True)
def _no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Authority:
    """A certificate authority whose files lie in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self._folder = folder
        self.bundle = str(folder / "authority.pem")
        self._authority.cert_pem.write_to_path(self.bundle)

    def context_of_server(
        self, *, wants_certificate: bool = False, not_after: dt.datetime | None = None
    ) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("127.0.0.1", not_after=not_after).configure_cert(context)
        if wants_certificate:
            # so that a refusal comes within the handshake
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = ssl.CERT_REQUIRED
            self._authority.configure_trust(context)
        return context

    def client_files(self) -> tuple[str, str]:
        issued = self._authority.issue_cert("client@example.com")
        paths = str(self._folder / "client.pem"), str(self._folder / "client.key")
        issued.cert_chain_pems[0].write_to_path(paths[0])
        issued.private_key_pem.write_to_path(paths[1])
        return paths


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@contextmanager
def serving_each(context: ssl.SSLContext, talk: Callable[[ssl.SSLSocket], None]) -> Iterator[str]:
    """Do the same for several connections at once."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection, context.wrap_socket(connection, server_side=True) as secure:
            talk(secure)

    with listening(serve) as host:
        yield host


@contextmanager
def serving(context: ssl.SSLContext, talk: Callable[[ssl.SSLSocket], None]) -> Iterator[str]:
    """Run a server with TLS that talks to each connection as the function says, and give its host and port."""

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with connection, context.wrap_socket(connection, server_side=True) as secure:
                    talk(secure)
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def say_ok(connection: ssl.SSLSocket) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def response(answer: Answer) -> Response:
    assert isinstance(answer.result, Response), answer
    return answer.result


def no_response(answer: Answer) -> NoResponse:
    assert isinstance(answer.result, NoResponse), answer
    return answer.result


# --- certificates ---


def test_the_authorities_of_the_user_are_trusted(send: Sender, authority: Authority) -> None:
    with serving(authority.context_of_server(), say_ok) as host:
        assert response(send(Request("GET", f"https://{host}/"), Wire(ca_bundle=authority.bundle))).content == b"ok"
        assert no_response(send(Request("GET", f"https://{host}/"))).failure is Failure.TLS


def test_a_certificate_that_has_expired_ends_before_anything_is_sent(send: Sender, authority: Authority) -> None:
    context = authority.context_of_server(not_after=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with serving(context, say_ok) as host:
        found = no_response(send(Request("POST", f"https://{host}/"), Wire(ca_bundle=authority.bundle)))
    reason = f"no secure connection to {host}: certificate has expired"
    assert found == NoResponse(Failure.TLS, reason, sent=False)


def test_nothing_is_verified_when_the_user_says_so_and_that_is_told(send: Sender, authority: Authority) -> None:
    wire = Wire(insecure=True)
    with serving(authority.context_of_server(), say_ok) as host:
        assert response(send(Request("GET", f"https://{host}/"), wire)).status == 200
    assert [each.code for each in wire_warnings(wire)] == ["tls-unverified"]
    assert wire_warnings(Wire()) == ()


def test_a_server_that_asks_gets_the_client_s_certificate(send: Sender, authority: Authority) -> None:
    certificate, key = authority.client_files()
    trusting = Wire(ca_bundle=authority.bundle)
    with serving(authority.context_of_server(wants_certificate=True), say_ok) as host:
        known = Wire(ca_bundle=authority.bundle, certificate=certificate, key=key)
        assert response(send(Request("GET", f"https://{host}/"), known)).status == 200
        assert isinstance(send(Request("GET", f"https://{host}/"), trusting).result, NoResponse)


@pytest.mark.parametrize(
    "wire",
    [
        Wire(ca_bundle="nowhere.pem"),
        Wire(certificate="nowhere.pem"),
        Wire(key="only.key"),
        Wire(proxy="socks5://127.0.0.1:1"),
        Wire(proxy="127.0.0.1:1"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(wire: Wire) -> None:
    with pytest.raises(ArazzoError) as refused:
        check_wire(wire)
    assert [each.code for each in refused.value.diagnostics] == ["option-invalid"]


# --- proxies ---


def test_requests_go_through_the_proxy_that_the_user_names(send: Sender, server: RecordingServer) -> None:
    server.script("POST", "/a%2Fb", Reply(201, body={"n": 1}))
    with Proxy() as proxy:
        answer = send(Request("POST", f"{server.url}/a%2Fb?q=1", content=b"{}"), Wire(proxy=f"http://{proxy.host}"))
        assert response(answer).status == 201
        assert proxy.asked == [("POST", f"{server.url}/a%2Fb?q=1")]
    assert [(each.path, each.body) for each in server.requests] == [("/a%2Fb?q=1", b"{}")]


def test_a_secure_request_goes_through_a_tunnel(send: Sender, authority: Authority) -> None:
    with serving(authority.context_of_server(), say_ok) as host, Proxy("me:secret") as proxy:
        wire = Wire(ca_bundle=authority.bundle, proxy=f"http://me:secret@{proxy.host}")
        assert response(send(Request("GET", f"https://{host}/x"), wire)).content == b"ok"
        assert proxy.asked == [("CONNECT", host)]


@contextmanager
def secured(proxy: Proxy, context: ssl.SSLContext) -> Iterator[str]:
    """Let a proxy be asked over TLS."""
    context.set_alpn_protocols(["h2", "http/1.1"])

    def serve(connection: socket.socket) -> None:
        host, _, port = proxy.host.partition(":")
        with suppress(OSError), connection, socket.create_connection((host, int(port))) as other:
            connection.settimeout(AMPLE)
            with context.wrap_socket(connection, server_side=True) as secure:
                # a proxy speaks HTTP/1.1 alone
                assert secure.selected_alpn_protocol() == "http/1.1"
                secure.settimeout(0.01)
                other.settimeout(0.01)
                while _pumps(secure, other) and _pumps(other, secure):
                    pass

    with listening(serve) as host:
        yield host


def _pumps(one: socket.socket, other: socket.socket) -> bool:
    try:
        content = one.recv(65_536)
    except TimeoutError:
        return True
    other.sendall(content)
    return bool(content)


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_tunnel_may_go_through_a_proxy_that_is_asked_over_tls(
    http2: bool, send: Sender, authority: Authority
) -> None:
    context = authority.context_of_server()
    context.set_alpn_protocols(["h2"] if http2 else ["http/1.1"])
    talk = speak_http2 if http2 else say_ok
    with (
        serving_each(context, talk) as host,
        Proxy("me:secret") as proxy,
        secured(proxy, authority.context_of_server()) as at,
    ):
        wire = Wire(ca_bundle=authority.bundle, proxy=f"https://me:secret@{at}", http2=http2)
        assert response(send(Request("POST", f"https://{host}/x", content=b"{}"), wire)).status == 200
        assert proxy.asked == [("CONNECT", host)]


def test_a_proxy_that_refuses_is_told_over_http2_too(send: Sender, authority: Authority) -> None:
    with Proxy("me:secret") as proxy:
        wire = Wire(ca_bundle=authority.bundle, proxy=f"http://me:wrong@{proxy.host}", http2=True, connect_retries=1)
        found = no_response(send(Request("POST", "https://a.example/x"), wire))
    said = f"no way to a.example through the proxy {proxy.host}: the proxy answered 407 Proxy Authentication Required"
    assert found == NoResponse(Failure.CONNECT, said, sent=False)


def test_a_proxy_that_refuses_is_told_without_its_password(send: Sender, authority: Authority) -> None:
    with serving(authority.context_of_server(), say_ok) as host, Proxy("me:secret") as proxy:
        wire = Wire(ca_bundle=authority.bundle, proxy=f"http://me:wrong@{proxy.host}")
        found = no_response(send(Request("POST", f"https://{host}/x"), wire))
    assert found == NoResponse(
        Failure.CONNECT,
        f"no way to {host} through the proxy {proxy.host}: the proxy answered 407 Proxy Authentication Required",
        sent=False,
    )


def test_the_environment_names_a_proxy_and_what_goes_without(
    send: Sender, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script("GET", "/", Reply(200))
    with Proxy() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.host)
        response(send(Request("GET", f"{server.url}/")))
        assert len(proxy.asked) == 1
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.0/8")
        response(send(Request("GET", f"{server.url}/")))
        assert len(proxy.asked) == 1


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("127.0.0.0/8", "http://127.0.0.1:8911/a"),
        ("localhost, 127.0.0.1/8", "http://127.9.9.9/"),
        ("10.0.0.0/255.0.0.0", "https://10.1.2.3"),
        ("127.0.0.1", "http://127.0.0.1:8911"),
        ("127.0.0.1:8911", "http://127.0.0.1:8911"),
        ("127.0.0.0/8:8911", "http://127.0.0.1:8911"),
        ("example.com:443", "https://api.example.com/"),
        ("fd00::/8", "http://[fd00::1]:8911/"),
        ("[fd00::]/8", "http://[fd12::1]/"),
        ("::1", "http://[0:0:0:0:0:0:0:1]/"),
        ("[::1]", "http://[::1]:8911/"),
        ("[::1]:8911", "http://[::1]:8911/"),
        ("127.0.0.0/8", "http://[::ffff:127.0.0.1]/"),
        ("example.com", "https://API.Example.COM./"),
        (".example.com", "https://example.com"),
        ("*.example.com", "https://api.example.com"),
        ("a.example b.example", "https://b.example"),
        ("Example.com.", "https://example.com"),
        ("*", "https://example.com"),
    ],
)
def test_what_stands_in_no_proxy_is_asked_without_one(listed: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("NO_PROXY", listed)
    assert proxy_for(url, Wire()) is None


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("", "http://127.0.0.1/"),
        ("126.0.0.0/8", "http://127.0.0.1/"),
        ("127.0.0.0/33", "http://127.0.0.1/"),
        ("127.0.0.1:8911", "http://127.0.0.1:8912/"),
        ("127.0.0.1:80", "https://127.0.0.1/"),
        ("127.0.0.0/8", "http://127.0.0.1.example.com/"),
        ("fe80::/10", "http://[fd00::1]/"),
        ("example.com", "https://notexample.com/"),
        ("example.com", "https://example.com.evil.example/"),
        ("example.com:99999999999999999999", "https://example.com/"),
        (", .", "https://example.com/"),
        ("*.", "https://example.com/"),
    ],
)
def test_what_does_not_stand_in_no_proxy_goes_through_the_proxy(
    listed: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("NO_PROXY", listed)
    assert proxy_for(url, Wire()) == "http://proxy.example:1"


def test_a_proxy_that_is_not_there_is_told(send: Sender, server: RecordingServer) -> None:
    found = no_response(send(Request("GET", f"{server.url}/"), Wire(proxy="http://127.0.0.1:1")))
    assert found.reason.endswith("through the proxy 127.0.0.1:1: connection refused")


# --- redirects ---


def test_a_redirect_is_followed_when_the_user_asks(send: Sender, server: RecordingServer) -> None:
    server.script("POST", "/a", Reply(303, (("Location", "/b"),)))
    server.script("GET", "/b", Reply(200, body={"n": 1}))
    request = Request("POST", f"{server.url}/a", KEY, b"body")
    assert response(send(request, Wire(follow_redirects=True))).payload == {"n": 1}
    assert [(each.method, each.path, each.header("key")) for each in server.requests] == [
        ("POST", "/a", "secret"),
        ("GET", "/b", "secret"),
    ]


def test_what_a_redirect_leads_to_says_nothing_of_the_first_request(send: Sender, server: RecordingServer) -> None:
    server.script("POST", "/a", Reply(303, (("Location", "/b"),)), Reply(303, (("Location", "http://127.0.0.1:1/"),)))
    server.script("GET", "/b", Reply(401))
    request = Request("POST", f"{server.url}/a")
    assert send(request, Wire(follow_redirects=True)).hops == 1
    lost = send(request, Wire(follow_redirects=True))
    assert lost.hops == 1
    # nobody listens there, and yet the first request has left
    assert no_response(lost).sent


def test_no_credential_crosses_to_another_origin(send: Sender, server: RecordingServer) -> None:
    with RecordingServer({("GET", "/b"): [Reply(200)]}) as other:
        server.script("GET", "/a", Reply(302, (("Location", f"{other.url}/b"),)))
        assert response(send(Request("GET", f"{server.url}/a", KEY), Wire(follow_redirects=True))).status == 200
        assert "secret" not in str(other.requests[0].headers)
        assert other.requests[0].header("accept") == "text/plain"


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_does_not_cross_to_another_origin(status: int, send: Sender, server: RecordingServer) -> None:
    with RecordingServer() as other:
        server.script("POST", "/a", Reply(status, (("Location", f"{other.url}/b"),)))
        answer = send(Request("POST", f"{server.url}/a", content=b"{}"), Wire(follow_redirects=True))
        assert response(answer).status == status
        assert other.requests == []


def test_that_a_post_became_a_get_is_told(send: Sender, server: RecordingServer) -> None:
    with RecordingServer({("GET", "/b"): [Reply(200)]}) as other:
        server.script("POST", "/a", Reply(303, (("Location", f"{other.url}/b?token=t0ken"),)))
        answer = send(Request("POST", f"{server.url}/a", content=b"{}"), Wire(follow_redirects=True))
    (note,) = answer.notes
    sent = f"the POST was answered with 303, and became a GET to another origin, {other.url}"
    assert note == f"{sent}, without its body: what came is the answer to that"


def test_a_redirect_that_changes_no_method_is_nothing_to_tell(send: Sender, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(302, (("Location", "/b"),)))
    server.script("GET", "/b", Reply(200))
    assert send(Request("GET", f"{server.url}/a"), Wire(follow_redirects=True)).notes == ()


def test_a_redirect_leads_to_no_host_that_is_not_allowed(send: Sender, server: RecordingServer) -> None:
    with RecordingServer() as other:
        server.script("GET", "/a", Reply(302, (("Location", f"{other.url}/b"),)))
        host = server.url.removeprefix("http://")
        answer = send(Request("GET", f"{server.url}/a"), Wire(follow_redirects=True, allowed_hosts=(host,)))
        assert response(answer).status == 302
        assert other.requests == []


def test_a_loop_of_redirects_ends(send: Sender, server: RecordingServer) -> None:
    server.script("GET", "/a", Reply(302, (("Location", "/a"),)))
    found = no_response(send(Request("GET", f"{server.url}/a"), Wire(follow_redirects=True)))
    assert found.reason.endswith(f"redirects more than {MOST_REDIRECTS} times")
    assert len(server.requests) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("method", "status", "location", "expected"),
    [
        ("GET", 302, "b?x=1#part", ("GET", "https://a.example/x/b?x=1")),
        ("GET", 302, "//a.example/c", ("GET", "https://a.example/c")),
        ("POST", 301, "/b", ("GET", "https://a.example/b")),
        ("POST", 302, "/b", ("GET", "https://a.example/b")),
        ("PUT", 302, "/b", ("PUT", "https://a.example/b")),
        ("PUT", 303, "/b", ("GET", "https://a.example/b")),
        ("HEAD", 303, "/b", ("HEAD", "https://a.example/b")),
        ("POST", 307, "/b", ("POST", "https://a.example/b")),
        ("PATCH", 308, "https://a.example:443/b", ("PATCH", "https://a.example:443/b")),
        ("DELETE", 307, "http://a.example/b", None),
        ("GET", 304, "/b", None),
        ("GET", 302, "", None),
        ("GET", 302, "file:///etc/passwd", None),
        ("GET", 302, "javascript:x", None),
        ("GET", 302, "https://b.example:99999/", None),
        ("GET", 302, "https://[x/", None),
        ("GET", 302, "https://a.example@b.example/b", None),
        ("GET", 302, "https://me:secret@a.example/b", None),
        ("GET", 302, "https://b.example\\@a.example/b", None),
        ("GET", 302, "https://a.example:4_43/b", None),
        ("GET", 302, "https:///b.example/b", ("GET", "https://a.example/b.example/b")),
    ],
)
def test_which_request_follows_a_redirect(
    method: str, status: int, location: str, expected: tuple[str, str] | None
) -> None:
    request = Request(method, "https://a.example/x/a", (("Content-Type", "text/plain"), *KEY), b"body")
    found = next_request(request, Response(status, (("Location", location),)))
    assert (None if found is None else (found.method, found.url)) == expected
    if found is not None and found.method == "GET" != method:
        assert (found.content, "Content-Type" in dict(found.headers)) == (b"", False)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://A.example/x") == origin_of("HTTPS://a.example:443")
    assert len({origin_of(each) for each in ("http://a.example", "https://a.example", "https://a.example:444")}) == 3


# --- hosts ---


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        ("https://a.example/x", (), True),
        ("https://a.example/x", ("a.example",), True),
        ("https://A.example/x", ("a.EXAMPLE",), True),
        ("https://a.example/x", ("b.example", "a.example:443"), True),
        ("https://a.example:8443/x", ("a.example:443",), False),
        ("https://a.example:8443/x", ("a.example",), True),
        ("https://x.a.example/x", ("*.a.example",), True),
        ("https://a.example/x", ("*.a.example",), False),
        ("https://evil-a.example/x", ("*.a.example",), False),
        ("https://a.example@evil.example/x", ("a.example",), False),
        ("https://a.example.evil.example/x", ("a.example",), False),
        ("http://[::1]:80/x", ("[::1]",), True),
        ("http://[::1]:80/x", ("[::1]:80",), True),
        ("https://a.example:99999/x", ("a.example",), False),
        ("https://xn--bcher-kva.example/x", ("Bücher.example",), True),
        ("https://api.xn--bcher-kva.example/x", ("*.bücher.example:443",), True),
        ("https://xn--bcher-kva.example/x", ("*.bücher.example",), False),
        ("https://xn--bcher-kva.example/x", ("\u0661.example",), False),
    ],
)
def test_which_hosts_are_allowed(url: str, hosts: tuple[str, ...], expected: bool) -> None:
    assert is_allowed(url, hosts) is expected


def test_a_document_is_loaded_from_no_host_that_is_not_allowed(server: RecordingServer) -> None:
    server.script("GET", "/doc.json", Reply(200, body={"arazzo": "1.1.0"}))
    with pytest.raises(ArazzoError, match="--allow-host"):
        Loader(wire=Wire(allowed_hosts=("a.example",))).load_entry(f"{server.url}/doc.json")
    assert server.requests == []


# --- HTTP/2 ---


def speak_http2(connection: ssl.SSLSocket) -> None:
    """Answer the first request of an HTTP/2 connection with its own path."""
    speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    speaker.initiate_connection()
    connection.sendall(speaker.data_to_send())
    paths: dict[int, Any] = {}
    while content := connection.recv(65_536):
        for event in speaker.receive_data(content):
            if isinstance(event, h2.events.RequestReceived):
                paths[event.stream_id] = dict[Any, Any](event.headers)[":path"]
            if isinstance(event, h2.events.StreamEnded):
                speaker.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
                speaker.send_data(event.stream_id, paths[event.stream_id].encode(), end_stream=True)
        connection.sendall(speaker.data_to_send())


def test_http2_is_spoken_where_both_sides_know_it(send: Sender, authority: Authority) -> None:
    context = authority.context_of_server()
    context.set_alpn_protocols(["h2"])
    with serving(context, speak_http2) as host:
        wire = Wire(ca_bundle=authority.bundle, http2=True)
        check_wire(wire)
        assert (
            response(send(Request("POST", f"https://{host}/a%2Fb?x=1", content=b"{}"), wire)).content == b"/a%2Fb?x=1"
        )


def echo_http2(heard: list[int]) -> Callable[[ssl.SSLSocket], None]:
    """Answer each request with the body that it had, and note the connection of each."""

    def talk(connection: ssl.SSLSocket) -> None:
        speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        speaker.initiate_connection()
        connection.sendall(speaker.data_to_send())
        bodies: dict[int, bytes] = {}
        while content := connection.recv(65_536):
            for event in speaker.receive_data(content):
                if isinstance(event, h2.events.RequestReceived):
                    heard.append(connection.fileno())
                    bodies[event.stream_id] = b""
                if isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                    speaker.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if isinstance(event, h2.events.StreamEnded):
                    speaker.send_headers(event.stream_id, [(":status", "200")])
                    _send_whole(speaker, event.stream_id, bodies[event.stream_id])
            connection.sendall(speaker.data_to_send())

    return talk


def _send_whole(speaker: h2.connection.H2Connection, stream: int, content: bytes) -> None:
    size = speaker.max_outbound_frame_size
    for start in range(0, len(content), size):
        speaker.send_data(stream, content[start : start + size])
    speaker.end_stream(stream)


@pytest.mark.parametrize("size", [0, 1, 16_384, 3_000_000])
def test_bodies_of_any_size_go_both_ways_over_http2(size: int, send: Sender, authority: Authority) -> None:
    context = authority.context_of_server()
    context.set_alpn_protocols(["h2"])
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    with serving(context, echo_http2([])) as host:
        wire = Wire(ca_bundle=authority.bundle, http2=True)
        assert response(send(Request("POST", f"https://{host}/", content=content), wire)).content == content


def test_a_connection_of_http2_is_used_again_by_what_does_no_harm_and_by_nothing_else(authority: Authority) -> None:
    context = authority.context_of_server()
    context.set_alpn_protocols(["h2"])
    heard: list[int] = []

    def count(methods: tuple[str, ...], url: str) -> int:
        heard.clear()
        wire = Wire(ca_bundle=authority.bundle, http2=True)
        with Transport(wire=wire) as transport:
            for method in methods:
                response(transport.send(Send(Request(method, url), OPERATION, AMPLE)))
            (channel,) = transport._open.values()
            return len(channel.idle.waiting)  # type: ignore[attr-defined]  # the channel of HTTP/2

    with serving_each(context, echo_http2(heard)) as host:
        # each POST had a connection of its own, and each GET the first that was left
        assert count(("GET", "GET", "QUERY"), f"https://{host}/") == 1
        assert count(("POST", "POST", "GET"), f"https://{host}/") == 2


# --- connecting ---


def test_only_a_connection_that_was_not_made_is_tried_again(send: Sender, server: RecordingServer) -> None:
    server.script("POST", "/a", Reply.close())
    assert no_response(send(Request("POST", f"{server.url}/a", content=b"{}"), Wire(connect_retries=3))).sent
    assert len(server.requests) == 1
    assert not no_response(send(Request("POST", "http://127.0.0.1:1/a"), Wire(connect_retries=1))).sent
