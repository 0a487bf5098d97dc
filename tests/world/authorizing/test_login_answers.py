"""What comes back from a login: whom it is from, what is said twice, who else visits, and what the page says of it."""

from __future__ import annotations

import socket
import time
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest
from loopback import Reply
from oauth_documents import Browser, run, write_documents
from oauth_server import CLIENT, METADATA, SECRET, OAuthServer
from proxy import Proxy

from arazzo_engine import ArazzoError
from arazzo_engine.apis.security.redirect_uris import ANY_PORT, read_redirect_uri
from arazzo_engine.cli import run_command
from arazzo_engine.cli.terminal import person
from arazzo_engine.world.authorizing.loopback_redirect import Redirect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.security.redirect_uris import RedirectUri

_PUBLIC: Final = {"client_id": CLIENT}
_FAILED: Final = (400, "The login failed, and nobody is logged in. The terminal says why.\n")
_LOGGED_IN: Final = (200, "You are logged in. This page can be closed.\n")
_RIGHT: Final = b"GET %s?state=s&code=right HTTP/1.1\r\nHost: x\r\n\r\n"
# longer than a busy machine takes for anything here
_AMPLE: Final = 120.0


@pytest.fixture
def oauth(oauth: OAuthServer) -> OAuthServer:
    oauth.is_public = True
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, flows={"authorizationCode": flow})
    return oauth


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting."""
    seconds: list[float] = []
    monkeypatch.setattr("arazzo_engine.world.drivers.surroundings.time.sleep", seconds.append)
    return seconds


def discovered(oauth: OAuthServer) -> None:
    write_documents(oauth, type="openIdConnect", openIdConnectUrl=f"{oauth.url}{METADATA}", flows={})


def by_device(oauth: OAuthServer) -> None:
    flow = {"deviceAuthorizationUrl": f"{oauth.url}/device", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, flows={"deviceAuthorization": flow})


def told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    for secret in (SECRET, "token-1-x", "code-0-y", "device-z", "Traceback"):
        assert secret not in text
    return text


# --- from whom it is ---


@pytest.mark.parametrize(
    ("is_discovered", "iss", "given", "exit_code"),
    [
        (True, "its own", {}, 0),
        (True, "https://evil.example", {}, 4),
        (True, None, {}, 4),
        # RFC 9207, section 2.4: "compared [...] using simple string comparison"
        (True, "its own/", {}, 4),
        (False, "its own", {}, 0),
        (False, "its own/realms/x", {}, 0),
        (False, None, {}, 0),
        (False, "https://evil.example", {}, 4),
        (False, "https://server.example", {"issuer": "https://server.example"}, 0),
        (False, "its own", {"issuer": "https://server.example"}, 4),
    ],
)
def test_an_answer_of_another_server_is_not_believed(
    oauth: OAuthServer, browser: Browser, is_discovered: bool, iss: str | None, given: dict[str, str], exit_code: int
) -> None:
    if is_discovered:
        discovered(oauth)
    oauth.iss = None if iss is None else iss.replace("its own", oauth.url)
    assert run({**_PUBLIC, **given}) == exit_code
    assert browser.wait()
    assert bool(oauth.token_requests) == (exit_code == 0)
    assert browser.ends == [_FAILED if exit_code else _LOGGED_IN]


def test_a_server_that_is_not_the_one_that_was_asked_is_named(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.iss = "https://evil.example/\n`x"
    assert run(_PUBLIC) == 4
    assert browser.wait()
    text = told(capsys)
    assert f"is from `https://evil.example/x`, and `{oauth.url}/authorize` was asked" in text
    assert "give `issuer`, if that is the name of the server that you trust" in text


@pytest.mark.parametrize(
    ("besides", "reason"),
    [
        ([("code", "evil")], "says `code` more than once"),
        ([("iss", "https://evil.example")], "says `iss` more than once"),
        ([("x", "1"), ("x", "1")], "says `x` more than once"),
        ([("error", "access_denied")], "the login was refused with `access_denied`"),
    ],
)
def test_an_answer_that_says_two_things_is_refused(
    oauth: OAuthServer,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
    besides: list[tuple[str, str]],
    reason: str,
) -> None:
    oauth.answer_of_login = besides
    assert run(_PUBLIC) == 4
    assert browser.wait()
    assert reason in told(capsys)
    assert browser.ends == [_FAILED]
    assert oauth.token_requests == []


def test_a_visit_with_two_states_is_none_of_this_login(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def come_twice(page: str) -> bool:
        oauth.answer_of_login = [("state", "other")]
        browser.follow(page)
        oauth.answer_of_login = []
        return browser.open(page)

    monkeypatch.setattr(webbrowser, "open", come_twice)
    assert run(_PUBLIC) == 0
    assert browser.wait()
    assert browser.ends == [(400, "This is not the login that was asked for.\n"), _LOGGED_IN]
    assert len(oauth.token_requests) == 1


# --- what the page says, and to whom ---


def test_the_page_says_that_a_login_failed(oauth: OAuthServer, browser: Browser) -> None:
    oauth.token_reply = Reply(400, body={"error": "invalid_grant"})
    assert run(_PUBLIC) == 4
    assert browser.wait()
    assert browser.ends == [_FAILED]


def test_a_connection_that_says_nothing_keeps_no_login_waiting(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # it would keep the login waiting for longer than there is
    monkeypatch.setattr("arazzo_engine.world.authorizing.loopback_redirect._SILENCE", 2 * _AMPLE)
    silent: list[socket.socket] = []

    def be_silent(callback: str) -> None:
        parts = urlsplit(callback)
        for begun in (b"", b"GET /callback?", b"GET / HTTP/1.1\r\nX: " + b"x" * 1000):
            silent.append(socket.create_connection((parts.hostname or "", parts.port or 0)))
            silent[-1].sendall(begun)

    browser.before = be_silent
    assert run(_PUBLIC, "--timeout", str(_AMPLE)) == 0
    assert browser.wait()
    assert browser.ends == [_LOGGED_IN]
    assert len(oauth.granted) == 1
    for each in silent:
        each.close()


@pytest.mark.parametrize(
    "stray",
    [
        b"POST /callback?state=s&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /other?state=s&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /callback?state=s&state=s&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /callback?state=%FF&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //[x/callback?state=s&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[/callback?state=s&code=evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x00",
        b"GET /callback?" + b"x" * 100_000,
        b"\r\n" * 20,
    ],
)
def test_what_is_no_answer_to_the_login_is_passed_over(stray: bytes) -> None:
    with Redirect("s", ANY_PORT) as redirect:
        address = ("127.0.0.1", urlsplit(redirect.url).port or 0)
        with socket.create_connection(address) as odd, socket.create_connection(address) as right:
            odd.sendall(stray)
            right.sendall(_RIGHT % b"/callback")
            assert redirect.wait(_AMPLE) == (("state", "s"), ("code", "right"))
            redirect.tell("told")
            assert b"told" in right.recv(1000)


@contextmanager
def waited_for(uri: RedirectUri = ANY_PORT) -> Iterator[int]:
    """Serve the page of a login, at a port that is given, until somebody comes who is believed."""
    with Redirect("s", uri) as redirect, ThreadPoolExecutor(1) as pool:
        found = pool.submit(redirect.wait, _AMPLE)
        parts = urlsplit(redirect.url)
        yield parts.port or 0
        with socket.create_connection((uri.addresses[0], parts.port or 0), _AMPLE) as right:
            right.sendall(_RIGHT % parts.path.encode())
            assert found.result() == (("state", "s"), ("code", "right"))


def test_a_connection_that_drips_is_closed_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arazzo_engine.world.authorizing.loopback_redirect._SILENCE", 0.2)
    ends = time.monotonic() + _AMPLE
    with waited_for() as port, socket.create_connection(("127.0.0.1", port)) as dripping:
        dripping.settimeout(0.01)
        dripping.sendall(b"GET /callback HTTP/1.1\r\n")
        while time.monotonic() < ends:
            # each byte comes in time for the next
            try:
                dripping.sendall(b"X")
                if not dripping.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it was never closed")


def test_many_silent_connections_are_given_up_for_the_one_that_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    # none is given up for its silence
    monkeypatch.setattr("arazzo_engine.world.authorizing.loopback_redirect._SILENCE", _AMPLE)
    with waited_for() as port, ExitStack() as opened:
        # more than are served at once
        silent = [opened.enter_context(socket.create_connection(("127.0.0.1", port), _AMPLE)) for _ in range(70)]
        assert [each.recv(1) for each in silent[:6]] == [b""] * 6


def test_as_many_may_wait_as_are_served() -> None:
    """Nobody takes them yet, and each is let in at once: what does not fit in a queue waits for seconds."""
    with Redirect("s", ANY_PORT) as redirect, ExitStack() as opened:
        address = ("127.0.0.1", urlsplit(redirect.url).port or 0)
        for _ in range(64):
            opened.enter_context(socket.create_connection(address, _AMPLE))
        with socket.create_connection(address, _AMPLE) as right:
            right.sendall(_RIGHT % b"/callback")
            assert redirect.wait(_AMPLE) == (("state", "s"), ("code", "right"))


# --- where a browser comes back to ---


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    "form", ["http://127.0.0.1:{port}/done", "http://localhost:{port}/a/b", "http://localhost:{port}"]
)
def test_a_login_comes_back_to_the_page_that_is_named(oauth: OAuthServer, browser: Browser, form: str) -> None:
    uri = form.format(port=_free_port())
    oauth.redirect_uris = {uri}
    assert run(_PUBLIC, "--redirect-uri", uri) == 0
    assert dict(parse_qsl(urlsplit(browser.wait()).query))["redirect_uri"] == uri
    assert browser.ends == [_LOGGED_IN]


def test_a_page_without_a_port_has_any(oauth: OAuthServer, browser: Browser) -> None:
    oauth.redirect_uris = {"http://127.0.0.1/done"}
    assert run(_PUBLIC, "--redirect-uri", "http://127.0.0.1/done") == 0
    assert browser.wait()


def test_a_name_of_two_addresses_is_served_at_both_or_not_at_all() -> None:
    uri = read_redirect_uri(f"http://localhost:{_free_port()}/done")
    assert uri is not None
    # a machine may have no IPv6
    there = [each for each in uri.addresses if _is_there(each)]
    with waited_for(uri) as port:
        for address in there:
            with socket.create_connection((address, port), _AMPLE) as visit:
                visit.sendall(b"GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n")
                assert b"This is not the login that was asked for." in visit.recv(1000)
    for address in there:
        with _listen(address, uri.port):
            with pytest.raises(ArazzoError, match="cannot be served at"):
                Redirect("s", uri)
            # the address that was free is free again
            for other in set(there) - {address}:
                _listen(other, uri.port).close()


def _listen(address: str, port: int) -> socket.socket:
    return socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)


def _is_there(address: str) -> bool:
    try:
        _listen(address, 0).close()
    except OSError:
        return False
    return True


def test_a_port_that_is_in_use_is_told_before_anybody_is_asked(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        uri = f"http://127.0.0.1:{taken.getsockname()[1]}/callback"
        assert run(_PUBLIC, "--redirect-uri", uri) == 2
    assert f"the page of a login cannot be served at {uri}: address already in use" in told(capsys)
    assert (browser.pages, oauth.requests) == ([], [])


@pytest.mark.parametrize(
    "uri",
    [
        *("https://127.0.0.1:1/x", "http://example.com/x", "http://127.0.0.1:99999/x", "http://127.0.0.1:0/x", ""),
        *(
            "http://127.0.0.1:80\\@evil.example/",
            "http://u@127.0.0.1/x",
            "http://127.0.0.1/x?y=z",
            "http://127.0.0.1/#x",
        ),
        *("127.0.0.1:8400", "http://127.0.0.1/x y", "http://127.0.0.1/é", "http://127.0.0.1/x\r\nX: y"),
    ],
)
def test_a_page_elsewhere_is_refused(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_redirect_uri(uri) is None
    assert run_command(["run", "none.yaml", "--redirect-uri", uri]) == 2
    assert "`--redirect-uri` needs an http URL on this machine" in told(capsys)


# --- how long it takes ---


@pytest.mark.parametrize("flow", [lambda _: None, by_device])
def test_a_login_ends_with_the_time_of_the_run(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], flow: Any
) -> None:
    flow(oauth)
    monkeypatch.setattr(webbrowser, "open", str)
    monkeypatch.setattr(person, "somebody", person.TerminalPerson)
    assert run(_PUBLIC, "--timeout", "0.3") == 4
    assert "loading and running took longer than 0.3 s" in told(capsys)
    assert oauth.token_requests == []


def test_a_device_asks_at_the_pace_of_the_server(
    oauth: OAuthServer, browser: Browser, waited: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.clock = lambda: sum(waited)
    oauth.polls = ["authorization_pending", "slow_down", "authorization_pending"]
    oauth.device_reply = {"expires_in": 600, "interval": 7}
    by_device(oauth)
    assert run(_PUBLIC) == 0
    assert browser.wait()
    assert "enter the code WDJB-MJHT within 600 s (the server is asked every 7 s):\n" in told(capsys)


@pytest.mark.parametrize(
    "page",
    [
        "javascript:alert(1)",
        "http://evil.example/enter",
        "https://a.example/\r\nopen https://b.example",
        "",
        "https://a b/",
    ],
)
def test_a_page_for_a_code_is_checked_like_any_other(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    oauth.device_reply = {"expires_in": 600, "verification_uri": page}
    by_device(oauth)
    assert run(_PUBLIC) == 4
    text = told(capsys)
    assert "/device names a page that is no https URL: `" in text
    assert "\nopen" not in text
    assert browser.pages == []


# --- what a server says of itself ---


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (
            {"token_endpoint_auth_methods_supported": 5},
            "names `token_endpoint_auth_methods_supported` as something else",
        ),
        ({"token_endpoint_auth_methods_supported": [5]}, "something else than a list of texts"),
        ({"token_endpoint_auth_methods_supported": {"a": 1}}, "something else than a list of texts"),
        ({"token_endpoint_auth_methods_supported": "client_secret_basic"}, "something else than a list of texts"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "takes no client by its secret, but only by"),
        ({"authorization_response_iss_parameter_supported": "yes"}, "something else than `true` or `false`"),
        ({"issuer": ["x"]}, "names `issuer` as something else than a text"),
        ({"token_endpoint": ["x"]}, "names a `token_url` that is no https URL"),
        ({"token_endpoint": "https://a.example/\n"}, "names a `token_url` that is no https URL"),
        ({"authorization_endpoint": {}}, "names a `authorization_url` that is no https URL"),
        ({"device_authorization_endpoint": False}, "names a `device_authorization_url` that is no https URL"),
    ],
)
def test_each_member_of_a_server_s_metadata_is_looked_at(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], metadata: dict[str, Any], reason: str
) -> None:
    oauth.is_public = False
    oauth.metadata = metadata
    discovered(oauth)
    assert run({**_PUBLIC, "client_secret": SECRET, "flow": "clientCredentials"}) == 4
    assert reason in told(capsys)
    assert [each.path for each in oauth.requests] == [METADATA]


@pytest.mark.parametrize(
    "metadata", [{"token_endpoint_auth_methods_supported": None}, {"issuer": "same", "extra": [1]}]
)
def test_what_a_server_need_not_say_is_not_missed(oauth: OAuthServer, metadata: dict[str, Any]) -> None:
    oauth.is_public = False
    oauth.metadata = {name: oauth.url if name == "issuer" else value for name, value in metadata.items()}
    discovered(oauth)
    assert run({**_PUBLIC, "client_secret": SECRET, "flow": "clientCredentials"}) == 0


# --- what stays on this machine ---


@pytest.mark.parametrize("by_option", [True, False])
def test_no_secret_for_this_machine_goes_through_a_proxy(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, *, by_option: bool
) -> None:
    discovered(oauth)
    monkeypatch.setenv("NO_PROXY", "")
    with Proxy() as proxy:
        options = ["--proxy", f"http://{proxy.host}"] if by_option else []
        if not by_option:
            monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.host}")
        assert run(_PUBLIC, *options) == 0
        assert browser.wait()
    assert [urlsplit(target).path for _, target in proxy.asked] == ["/a", "/b"]
