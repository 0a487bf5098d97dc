"""What only a person can grant, end to end: a browser that follows the server, a device, and metadata that is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest
from loopback import Reply
from oauth_documents import Browser, run, write_documents
from oauth_server import CLIENT, METADATA, OAUTH_METADATA, SECRET, OAuthServer

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.apis.security.oauth_client import OAuthClient
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.authorizing.desk import Desk
from arazzo_engine.world.authorizing.settling import settle_access
from arazzo_engine.world.drivers.live import LiveWorld
from arazzo_engine.world.http.transport import Transport
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import check_document, make_ready

if TYPE_CHECKING:
    from collections.abc import Callable

_PUBLIC: Final = {"client_id": CLIENT}


@pytest.fixture
def oauth(oauth: OAuthServer) -> OAuthServer:
    oauth.is_public = True
    return oauth


def code_flow(oauth: OAuthServer, **changes: Any) -> None:
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}, **changes}
    write_documents(oauth, scopes=("read", "write"), flows={"authorizationCode": flow})


def device_flow(oauth: OAuthServer) -> None:
    flow = {"deviceAuthorizationUrl": f"{oauth.url}/device", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, flows={"deviceAuthorization": flow})


def discovered(oauth: OAuthServer) -> None:
    write_documents(oauth, type="openIdConnect", openIdConnectUrl=f"{oauth.url}{METADATA}", flows={})


def told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    for secret in (SECRET, "token-1-x", "refresh-1", "code-0-y", "device-z", "Traceback"):
        assert secret not in text
    return text


# --- authorization code ---


def test_a_person_logs_in_once_for_all_the_scopes_of_the_run(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    code_flow(oauth)
    assert run(_PUBLIC) == 0
    page = browser.wait()
    assert dict(parse_qsl(urlsplit(page).query))["scope"] == "read write"
    assert browser.ends == [(200, "You are logged in. This page can be closed.\n")]
    assert [form["grant_type"] for form in oauth.granted] == ["authorization_code"]
    assert [each.header("authorization") for each in oauth.calls] == [f"Bearer {token}" for token in oauth.tokens] * 2
    assert "`OAuth` needs you to log in: open this page in a browser:" in told(capsys)


def test_a_client_with_a_secret_says_it_with_the_code(oauth: OAuthServer, browser: Browser) -> None:
    oauth.is_public = False
    code_flow(oauth)
    assert run({**_PUBLIC, "client_secret": SECRET}) == 0
    assert browser.wait()


def test_every_login_has_its_own_secrets(oauth: OAuthServer, browser: Browser) -> None:
    code_flow(oauth)
    assert run(_PUBLIC) == 0
    assert run(_PUBLIC) == 0
    first, second = (dict(parse_qsl(urlsplit(page).query)) for page in browser.pages)
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_a_page_keeps_its_own_query(oauth: OAuthServer, browser: Browser) -> None:
    code_flow(oauth, authorizationUrl=f"{oauth.url}/authorize?audience=api")
    assert run(_PUBLIC) == 0
    assert dict(parse_qsl(urlsplit(browser.wait()).query))["audience"] == "api"


@pytest.mark.parametrize(
    "stray",
    ["?code=evil", "?code=evil&state=wrong", "?code=evil&state=%C3%A9", "/elsewhere?state=x", "?error=access_denied"],
)
def test_a_visit_without_the_state_is_not_believed(oauth: OAuthServer, browser: Browser, stray: str) -> None:
    browser.strays = [stray]
    code_flow(oauth)
    assert run(_PUBLIC) == 0
    browser.wait()
    assert [status for status, _ in browser.ends] == [400, 200]
    assert "evil" not in "".join(form["code"] for form in oauth.granted)


def test_a_login_that_is_refused_is_told(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.consents = False
    code_flow(oauth)
    assert run(_PUBLIC) == 4
    assert browser.wait()
    assert "the login was refused with `access_denied`" in told(capsys)
    assert oauth.calls == []


def test_a_code_that_is_refused_is_told(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.token_reply = Reply(400, body={"error": "invalid_grant"})
    code_flow(oauth)
    assert run(_PUBLIC) == 4
    assert browser.wait()
    assert "refused with `invalid_grant`" in told(capsys)
    assert len(oauth.token_requests) == 1


def test_a_token_of_a_login_is_renewed_with_its_refresh_token(oauth: OAuthServer, browser: Browser) -> None:
    oauth.gives_refresh_tokens = True
    oauth.afterwards["/a"] = oauth.tokens.clear
    code_flow(oauth)
    assert run(_PUBLIC) == 0
    assert browser.wait()
    assert [form["grant_type"] for form in oauth.granted] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize("flow", [code_flow, device_flow, discovered])
def test_nobody_is_asked_when_nobody_is_there(
    oauth: OAuthServer,
    flow: Callable[[OAuthServer], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    flow(oauth)
    assert run(_PUBLIC) == 2
    assert "only a person at a terminal can grant a token for `OAuth`" in told(capsys)
    assert oauth.requests == []


def test_a_login_in_a_browser_is_not_waited_for_without_end(oauth: OAuthServer) -> None:
    code_flow(oauth)
    loader = Loader()
    checked = check_document(loader.load_entry("main.json"), loader)
    access = Access(credentials=Credentials({("api", "OAuth"): Credential(client=OAuthClient(client_id=CLIENT))}))
    ready = make_ready(checked, ["main"], GivenInputs({}), Settings(access))
    with Transport() as transport, pytest.raises(ArazzoError) as refused:
        settle_access(ready.workflows, access, Desk(LiveWorld(transport), patience=0.001), _Absent())
    assert "nobody logged in within 0.001 s" in str(refused.value)


class _Absent:
    def ask(self, message: str, url: str) -> None:
        """Do not answer."""


@pytest.mark.parametrize("url", ["http://login.example/authorize", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_page_that_is_not_safe_is_never_opened(
    oauth: OAuthServer, browser: Browser, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code_flow(oauth, authorizationUrl=url)
    assert run(_PUBLIC) == 2
    assert browser.pages == []
    assert "must be an https URL" in told(capsys)


def test_a_page_is_opened_in_a_browser_that_waits_for_it_at_a_real_terminal(oauth: OAuthServer, tmp_path: Path) -> None:
    code_flow(oauth)
    Path("auth.json").write_text(json.dumps({"OAuth": _PUBLIC}))
    (tmp_path / "browse.py").write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).close()\n")
    environment = {**os.environ, "BROWSER": f"{sys.executable} {tmp_path / 'browse.py'} %s", "TERM": "dumb"}
    command = [sys.executable, "-m", "arazzo_engine", "run", "main.json", "--auth-file", "auth.json"]
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment) as process:
        os.close(theirs)
        text = _read_terminal(ours)
    os.close(ours)
    assert process.returncode == 0, text
    assert [form["grant_type"] for form in oauth.granted] == ["authorization_code"]
    assert "token-1-x" not in text


def _read_terminal(terminal: int) -> str:
    found = b""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # the other side is closed
            return found.decode()
        if not part:
            return found.decode()
        found += part


# --- device code ---


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting."""
    seconds: list[float] = []
    monkeypatch.setattr("arazzo_engine.world.drivers.surroundings.time.sleep", seconds.append)
    return seconds


def test_a_person_enters_a_code_on_any_device(
    oauth: OAuthServer, browser: Browser, waited: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.polls = ["authorization_pending", "slow_down", "authorization_pending"]
    oauth.device_reply = {"expires_in": 600, "interval": 7}
    device_flow(oauth)
    assert run(_PUBLIC) == 0
    assert waited == [7, 7, 12, 12]
    assert browser.wait() == f"{oauth.url}/enter"
    assert "enter the code WDJB-MJHT" in told(capsys)


def test_a_device_is_asked_every_five_seconds_when_nothing_is_said(
    oauth: OAuthServer, browser: Browser, waited: list[float]
) -> None:
    oauth.device_reply = {"expires_in": 600}
    device_flow(oauth)
    assert run(_PUBLIC) == 0
    assert waited == [5]
    assert browser.wait()


@pytest.mark.parametrize(
    ("polls", "reply", "reason"),
    [
        (["access_denied"], {"expires_in": 600}, "refused with `access_denied`"),
        (["expired_token"], {"expires_in": 600}, "refused with `expired_token`"),
        (["authorization_pending"] * 9, {"expires_in": 0}, "nobody entered the code in time"),
        (["authorization_pending"] * 9, {"expires_in": 600, "interval": 1e18}, "nobody entered the code in time"),
        (["authorization_pending"] * 9, {"expires_in": 10**400, "interval": 3601}, "nobody entered the code in time"),
        (["authorization_pending"] * 9, {"expires_in": 0.5, "interval": -1}, "nobody entered the code in time"),
        *(([], {name: value}, "gave no code") for name in ("user_code", "device_code") for value in (None, "", 5)),
        ([], {"user_code": "\x1b\n"}, "gave no code"),
    ],
)
def test_a_code_that_leads_nowhere_is_told(
    oauth: OAuthServer,
    browser: Browser,
    waited: list[float],
    polls: list[str],
    reply: dict[str, object],
    reason: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    oauth.polls, oauth.device_reply = polls, reply
    device_flow(oauth)
    assert run(_PUBLIC) == 4
    assert reason in told(capsys)
    assert len(waited) <= 1
    assert reason == "gave no code" or browser.wait()


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        ("access_denied", "run it again, and allow it when you are asked"),
        ("expired_token", "run it again, and enter the code in time"),
    ],
)
def test_what_ended_a_login_says_what_to_do(
    oauth: OAuthServer,
    browser: Browser,
    waited: list[float],
    capsys: pytest.CaptureFixture[str],
    error: str,
    fix: str,
) -> None:
    oauth.polls = [error]
    device_flow(oauth)
    assert run(_PUBLIC) == 4
    assert browser.wait()
    assert f"= fix: {fix}\n" in told(capsys)
    assert waited == [1]


# --- discovery ---


@pytest.mark.parametrize("method", ["basic", "post"])
def test_the_endpoints_of_a_provider_are_discovered(oauth: OAuthServer, method: str) -> None:
    oauth.is_public = False
    oauth.client_authentication = method
    discovered(oauth)
    assert run_command(["run", "main.json", "--auth", f"OAuth={CLIENT}:{SECRET}"]) == 0
    assert [each.path for each in oauth.requests] == [METADATA, "/token", "/a", "/b"]


@pytest.mark.parametrize(("issuer", "exit_code"), [("", 0), ("/tenant", 4)])
def test_the_endpoints_of_an_oauth_server_are_discovered(oauth: OAuthServer, issuer: str, exit_code: int) -> None:
    oauth.is_public = False
    oauth.metadata = {"issuer": oauth.url + issuer}
    write_documents(oauth, oauth2MetadataUrl=f"{oauth.url}{OAUTH_METADATA}", flows={})
    assert run({**_PUBLIC, "client_secret": SECRET}) == exit_code
    assert oauth.requests[0].path == OAUTH_METADATA


def test_a_person_logs_in_at_a_provider(oauth: OAuthServer, browser: Browser) -> None:
    discovered(oauth)
    assert run(_PUBLIC) == 0
    assert browser.wait()


def test_a_device_logs_in_at_a_provider(oauth: OAuthServer, browser: Browser) -> None:
    discovered(oauth)
    assert run({**_PUBLIC, "flow": "deviceAuthorization"}) == 0
    assert browser.wait()


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"issuer": "https://evil.example"}, "are those of another issuer"),
        ({"issuer": None}, "are those of another issuer"),
        ({"token_endpoint": None}, "names no token endpoint"),
        ({"token_endpoint": "http://evil.example/token"}, "names a `token_url` that is no https URL"),
        ({"token_endpoint": 1}, "names a `token_url` that is no https URL"),
    ],
)
def test_metadata_that_cannot_be_believed_ends_it_before_anything_is_sent(
    oauth: OAuthServer, metadata: dict[str, object], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.metadata = metadata
    discovered(oauth)
    assert run({**_PUBLIC, "client_secret": SECRET}) == 4
    assert reason in told(capsys)
    assert [each.path for each in oauth.requests] == [METADATA]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9/.well-known/openid-configuration", "cannot be read: cannot connect"),
        ("http://provider.example/.well-known/openid-configuration", "must have an https URL"),
    ],
)
def test_metadata_that_cannot_be_had_is_told(
    oauth: OAuthServer, url: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_documents(oauth, type="openIdConnect", openIdConnectUrl=url, flows={})
    assert run({**_PUBLIC, "client_secret": SECRET}) == 4
    assert reason in told(capsys)
    assert oauth.requests == []


def test_metadata_leads_nowhere_that_nothing_may_be_sent_to(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.metadata = {"token_endpoint": "https://auth.example/token"}
    discovered(oauth)
    assert run({**_PUBLIC, "client_secret": SECRET}, "--allow-host", urlsplit(oauth.url).netloc) == 2
    assert "names `https://auth.example/token` for `OAuth`, and `--allow-host` does not name that host" in told(capsys)
    assert [each.path for each in oauth.requests] == [METADATA]


def test_a_token_that_is_given_needs_no_metadata(oauth: OAuthServer) -> None:
    oauth.tokens["given"] = "read"
    discovered(oauth)
    assert run_command(["run", "main.json", "--auth", "OAuth=given"]) == 0
    assert len(oauth.requests) == 2
