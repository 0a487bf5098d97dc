"""Logins and refresh tokens that outlive a run: kept for their user alone, each used once, and sent to no other API."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from loopback import RecordingServer, Reply
from oauth_documents import Browser, run, write_documents
from oauth_server import CLIENT, FIRST_REFRESH, METADATA, PASSWORD, SECRET, USER, OAuthServer

import arazzo_engine
from arazzo_engine.cli import run_command
from arazzo_engine.cli.terminal import person

_PUBLIC: Final = {"client_id": CLIENT}
_REFRESHING: Final = {**_PUBLIC, "refresh_token": FIRST_REFRESH}
_STORE: Final = ("--token-store", "kept/tokens.json")


@pytest.fixture
def oauth(oauth: OAuthServer) -> OAuthServer:
    oauth.is_public = True
    oauth.gives_refresh_tokens = True
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, scopes=("read", "write"), flows={"authorizationCode": flow})
    return oauth


def leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody be at the terminal any more."""
    monkeypatch.setattr(person, "somebody", lambda: None)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    for secret in (SECRET, "token-1-x", "token-2-x", "refresh-0", "refresh-1", "refresh-2", "Traceback"):
        assert secret not in text
    return text


def grants(oauth: OAuthServer) -> list[str]:
    return [form["grant_type"] for form in oauth.granted]


# --- logins ---


def test_a_login_outlives_its_run(oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    assert run(_PUBLIC, *_STORE) == 0
    assert grants(oauth) == ["authorization_code"]
    assert len(oauth.calls) == 4


def test_a_login_is_refreshed_run_after_run(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # it ends before it can be used again, and its refresh token is good once
    oauth.lifetime = 5
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    oauth.lifetime = 5
    assert run(_PUBLIC, *_STORE) == 0
    oauth.lifetime = 3600
    assert run(_PUBLIC, *_STORE) == 0
    assert run(_PUBLIC, *_STORE) == 0
    assert grants(oauth)[0] == "authorization_code"
    assert set(grants(oauth)[1:]) == {"refresh_token"}
    assert "no longer works" not in told(capsys)


def test_a_token_that_is_replaced_during_a_run_is_kept(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC, *_STORE) == 0
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC, *_STORE) == 0
    assert grants(oauth) == ["authorization_code", "refresh_token", "refresh_token"]


def test_a_login_that_the_server_knows_no_more_is_asked_for_anew(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.lifetime = 5
    assert run(_PUBLIC, *_STORE) == 0
    oauth.refresh_tokens.clear()
    leave(monkeypatch)
    assert run(_PUBLIC, *_STORE) == 2
    assert "only a person at a terminal can grant a token for `OAuth`" in told(capsys)
    monkeypatch.setattr(person, "somebody", person.TerminalPerson)
    oauth.lifetime = 3600
    assert run(_PUBLIC, *_STORE) == 0
    assert len(browser.pages) == 2


def test_a_login_without_a_refresh_token_lasts_as_long_as_its_token(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    oauth.gives_refresh_tokens = False
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    assert run(_PUBLIC, *_STORE) == 0
    kept = json.loads(Path(_STORE[1]).read_text())
    Path(_STORE[1]).write_text(json.dumps({key: {**each, "expires_at": 1.0} for key, each in kept.items()}))
    assert run(_PUBLIC, *_STORE) == 2
    assert grants(oauth) == ["authorization_code"]


def test_a_login_is_refreshed_where_its_flow_says(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    oauth.refreshes_elsewhere = True
    urls = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "refreshUrl": "/refresh"}
    write_documents(oauth, flows={"authorizationCode": {**urls, "scopes": {}}})
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC, *_STORE) == 0
    assert grants(oauth) == ["authorization_code", "refresh_token", "refresh_token"]


@pytest.mark.parametrize("has_refresh_token", [True, False])
def test_a_login_that_was_revoked_is_asked_for_anew_after_the_run_that_met_it(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str], *, has_refresh_token: bool
) -> None:
    oauth.gives_refresh_tokens = has_refresh_token
    assert run(_PUBLIC, *_STORE) == 0
    oauth.tokens.clear()
    oauth.refresh_tokens.clear()
    assert run(_PUBLIC, *_STORE) == 1
    assert "there is no token for `OAuth`: " in told(capsys)
    assert run(_PUBLIC, *_STORE) == 0
    assert len(browser.pages) == 2
    assert grants(oauth) == ["authorization_code"] * 2


def test_a_program_logs_in(oauth: OAuthServer, browser: Browser) -> None:
    client = arazzo_engine.OAuthClient(client_id=CLIENT)
    options: dict[str, Any] = {"credentials": {"OAuth": client}, "token_store": _STORE[1]}
    with arazzo_engine.Engine(**options, person=person.TerminalPerson()) as engine:
        (login,) = engine.load("main.json").log_in()
    assert browser.wait()
    assert (login.source, login.scheme, login.store, login.is_refreshed) == ("api", "OAuth", _STORE[1], True)
    assert arazzo_engine.run("main.json", **options).succeeded
    assert len(oauth.granted) == 1


def test_a_login_at_a_provider_is_found_without_asking_the_provider(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_documents(oauth, type="openIdConnect", openIdConnectUrl=f"{oauth.url}{METADATA}", flows={})
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC, *_STORE) == 0
    assert [each.path for each in oauth.requests].count(METADATA) == 1
    assert grants(oauth) == ["authorization_code", "refresh_token"]


def test_a_kept_token_is_sent_to_no_other_api(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    # the token endpoint that the user trusts, and an API that asks for what it gives
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    with RecordingServer() as other:
        write_documents(oauth, scopes=("read", "write"), flows={"authorizationCode": flow})
        assert run(_PUBLIC, *_STORE, "--server", other.url) == 2
        assert other.requests == []
    assert "only a person at a terminal can grant a token" in told(capsys)


def test_a_login_is_good_for_the_part_of_its_scopes_that_a_run_needs(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    flow = {"authorizationUrl": f"{oauth.url}/authorize", "tokenUrl": f"{oauth.url}/token", "scopes": {}}
    write_documents(oauth, scopes=("read", "read"), flows={"authorizationCode": flow})
    assert run(_PUBLIC, *_STORE) == 0
    write_documents(oauth, scopes=("read", "admin"), flows={"authorizationCode": flow})
    assert run(_PUBLIC, *_STORE) == 2


# --- refresh tokens that were given ---


def test_a_refresh_token_that_was_replaced_is_told_without_a_store(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(_REFRESHING) == 0
    text = told(capsys)
    assert (
        "warning[token-not-kept]: the server gave a new refresh token for `OAuth`, and the one in auth.json no longer"
        " works" in text
    )
    assert text.index("no longer works") > text.index("✓ b ")
    assert run(_REFRESHING) == 1
    assert len(oauth.granted) == 1


def test_every_refresh_token_of_a_file_that_was_replaced_is_told(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    api = json.loads(Path("api.json").read_text())
    schemes = api["components"]["securitySchemes"]
    schemes["Other"] = schemes["OAuth"]
    api["paths"]["/b"]["post"]["security"] = [{"Other": []}]
    Path("api.json").write_text(json.dumps(api))
    oauth.refresh_tokens["another-0"] = "read"
    given = {"OAuth": _REFRESHING, "Other": {**_PUBLIC, "refresh_token": "another-0"}}
    Path("both.json").write_text(json.dumps(given))
    assert run_command(["run", "main.json", "--auth-file", "both.json"]) == 0
    text = told(capsys)
    for scheme in given:
        assert f"a new refresh token for `{scheme}`, and the one in both.json no longer works" in text


def test_a_refresh_token_of_the_environment_is_told_by_its_own_variable(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARAZZO_AUTH_API_OAUTH_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_REFRESH_TOKEN", FIRST_REFRESH)
    assert run_command(["run", "main.json"]) == 0
    text = told(capsys)
    assert "and the one in ARAZZO_AUTH_OAUTH_REFRESH_TOKEN no longer works" in text
    assert "get another one for ARAZZO_AUTH_OAUTH_REFRESH_TOKEN, and" in text
    assert len(oauth.granted) == 1


def test_a_server_that_replaces_nothing_is_not_told(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    oauth.token_reply = Reply(
        200, body={"access_token": "same", "token_type": "Bearer", "refresh_token": FIRST_REFRESH}
    )
    oauth.tokens["same"] = "read write"
    assert run(_REFRESHING) == 0
    assert "no longer works" not in told(capsys)


def test_what_a_login_or_a_password_gave_is_nothing_to_be_noted_down(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_PUBLIC) == 0
    assert browser.wait()
    oauth.afterwards["/a"] = oauth.tokens.clear
    write_documents(oauth, scopes=("read", "read"))
    assert run({**_PUBLIC, "username": USER, "password": PASSWORD}) == 0
    assert grants(oauth) == ["authorization_code", "refresh_token", "password", "refresh_token"]
    assert "no longer works" not in told(capsys)


def test_a_refresh_token_that_was_replaced_outlives_its_run(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        oauth.tokens.clear()
        assert run(_REFRESHING, *_STORE) == 0
    # the second and third meet a kept token that is refused, and refresh it
    assert grants(oauth) == ["refresh_token"] * 3
    assert "no longer works" not in told(capsys)


def test_a_refresh_token_that_is_given_anew_is_used(oauth: OAuthServer) -> None:
    assert run(_REFRESHING, *_STORE) == 0
    oauth.tokens.clear()
    oauth.refresh_tokens["another"] = "read"
    assert run({**_PUBLIC, "refresh_token": "another"}, *_STORE) == 0
    assert oauth.granted[-1]["refresh_token"] == "another"


def test_runs_side_by_side_use_a_refresh_token_once(oauth: OAuthServer) -> None:
    oauth.lifetime = 5
    Path("auth.json").write_text(json.dumps({"OAuth": _REFRESHING}))
    assert run(_REFRESHING, *_STORE) == 0
    oauth.lifetime = 3600

    def run_it(_: int) -> bool:
        return arazzo_engine.run("main.json", auth_file="auth.json", token_store=_STORE[1]).succeeded

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(run_it, range(4))) == [True] * 4
    # the one of the first run, of its second step, and one for all four
    assert len(oauth.granted) <= 3


def test_a_run_uses_what_another_one_has_kept_meanwhile(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    leave(monkeypatch)
    others: list[bool] = []

    def run_another() -> None:
        oauth.tokens.clear()
        # it meets a token that is refused, and replaces the refresh token that the first run knows
        report = arazzo_engine.run("main.json", auth_file="auth.json", token_store=_STORE[1])
        others.append(report.succeeded)

    oauth.afterwards["/a"] = run_another
    assert run(_PUBLIC, *_STORE) == 0
    assert others == [True]
    assert grants(oauth) == ["authorization_code", "refresh_token"]


def test_a_login_that_another_run_has_kept_meanwhile_is_not_forgotten(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(_PUBLIC, *_STORE) == 0
    assert browser.wait()
    kept = Path(_STORE[1]).read_text()
    newer = kept.replace("refresh-1", "newer")

    def refuse_late() -> None:
        oauth.tokens.clear()
        oauth.refresh_tokens.clear()
        oauth.token_reply = Reply(400, body={"error": "invalid_grant"}, tells=None)

    monkeypatch.setattr(oauth, "_endpoints", _keeping(oauth, newer))
    oauth.afterwards["/a"] = refuse_late
    assert run(_PUBLIC, *_STORE) == 1
    assert Path(_STORE[1]).read_text() == newer


def _keeping(oauth: OAuthServer, text: str) -> Any:
    """Let another login be kept while the token endpoint is asked."""
    endpoints = oauth._endpoints

    def replaced() -> Any:
        found = endpoints()
        ask = found["/token"]

        def token(request: Any) -> Reply:
            Path(_STORE[1]).write_text(text)
            return ask(request)

        return {**found, "/token": token}

    return replaced


@pytest.mark.parametrize("is_async", [False, True])
def test_a_program_has_a_store_too(oauth: OAuthServer, *, is_async: bool) -> None:
    import asyncio

    client = arazzo_engine.OAuthClient(client_id=CLIENT, refresh_token=FIRST_REFRESH)
    for _ in range(2):
        oauth.tokens.clear()
        options: dict[str, Any] = {"credentials": {"OAuth": client}, "token_store": Path(_STORE[1])}
        if is_async:
            report = asyncio.run(arazzo_engine.run_async("main.json", **options))
        else:
            report = arazzo_engine.run("main.json", **options)
        assert report.succeeded
        assert report.diagnostics == ()


# --- the file ---


def test_the_file_is_its_user_s_alone(oauth: OAuthServer) -> None:
    previous = os.umask(0)
    try:
        assert run(_REFRESHING, *_STORE) == 0
        oauth.tokens.clear()
        assert run(_REFRESHING, *_STORE) == 0
    finally:
        os.umask(previous)
    found = {each.name: stat.S_IMODE(each.stat().st_mode) for each in Path("kept").iterdir()}
    assert found == {"tokens.json": 0o600, "tokens.json.lock": 0o600}
    assert stat.S_IMODE(Path("kept").stat().st_mode) == 0o700


def _make(kind: str) -> None:
    path = Path(_STORE[1])
    path.parent.mkdir()
    match kind:
        case "readable":
            path.write_text("{}")
            path.chmod(0o644)
        case "folder":
            path.mkdir()
        case "no folder":
            path.parent.rmdir()
            path.parent.write_text("")
        case "pipe":
            os.mkfifo(path, 0o600)
        case _:
            path.write_text(kind)
            path.chmod(0o600)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("readable", "others may read or write it"),
        ("folder", "it is no file"),
        ("no folder", "cannot be used: "),
        ("pipe", "it is no file"),
        ("secret refresh-0", "it holds something else than tokens"),
        ('{"x": {"entry": 5, "refresh_token": "refresh-0"}}', "it holds something else than tokens"),
        ("[" * 100_000, "it holds something else than tokens"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_told_before_anything_is_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], kind: str, reason: str
) -> None:
    _make(kind)
    assert run(_REFRESHING, *_STORE) == 2
    text = told(capsys)
    assert "error[option-invalid]: `--token-store kept/tokens.json` cannot be used: " in text
    assert reason in text
    assert oauth.requests == []


def test_a_link_stays_one(oauth: OAuthServer) -> None:
    Path("elsewhere.json").touch(0o600)
    Path("link.json").symlink_to("elsewhere.json")
    assert run(_REFRESHING, "--token-store", "link.json") == 0
    assert Path("link.json").is_symlink()
    assert "refresh-1" in Path("elsewhere.json").read_text()
    assert len(oauth.granted) == 1


def test_a_token_that_cannot_be_kept_after_all_is_told_at_the_end(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose() -> None:
        oauth.tokens.clear()
        shutil.rmtree("kept")
        Path("kept").write_text("")

    assert run(_REFRESHING, *_STORE) == 0
    oauth.afterwards["/a"] = lose
    assert run(_REFRESHING, *_STORE) == 0
    text = told(capsys)
    assert "a new refresh token for `OAuth` that could not be kept: `--token-store kept/tokens.json` cannot" in text
    assert "and the one in auth.json no longer works" in text


# --- the system's key store ---


@pytest.fixture
def key_store(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A key store that the package ``keyring`` would lead to."""
    kept: dict[tuple[str, str], str] = {}
    library, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]  # a module of the test
    library.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]  # the same
    library.set_password = lambda service, name, text: kept.update({(service, name): text})  # type: ignore[attr-defined]  # the same
    monkeypatch.setitem(sys.modules, "keyring", library)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


def test_the_key_store_of_the_system_keeps_tokens(oauth: OAuthServer, key_store: dict[tuple[str, str], str]) -> None:
    for _ in range(2):
        oauth.tokens.clear()
        assert run(_REFRESHING, "--token-store", "keyring") == 0
    assert list(key_store) == [("arazzo-engine", "tokens")]
    assert "refresh-2" in key_store["arazzo-engine", "tokens"]
    assert not Path("keyring").exists()


def test_a_key_store_that_does_not_answer_is_told(
    oauth: OAuthServer, key_store: dict[tuple[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: str) -> None:
        raise sys.modules["keyring.errors"].KeyringError("refresh-0 is locked")

    sys.modules["keyring"].get_password = refuse  # type: ignore[attr-defined]  # a module of the test
    assert run(_REFRESHING, "--token-store", "keyring") == 2
    assert "`--token-store keyring` cannot be used: it does not answer (KeyringError)" in told(capsys)
    assert (oauth.requests, key_store) == ([], {})


def test_a_key_store_needs_its_package(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert run(_REFRESHING, "--token-store", "keyring") == 2
    assert "pip install 'arazzo-engine[keyring]'" in told(capsys)
    assert oauth.requests == []


# --- `arazzo login` and `arazzo logout` ---


def _login(*options: str) -> int:
    Path("auth.json").write_text(json.dumps({"OAuth": _PUBLIC}))
    return run_command(["login", "main.json", "--auth-file", "auth.json", *_STORE, *options])


def test_a_person_logs_in_before_any_run_and_out_again(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _login() == 0
    assert browser.wait()
    assert "logged in: OAuth of api, kept in kept/tokens.json until 20" in told(capsys)
    leave(monkeypatch)
    assert run(_PUBLIC, *_STORE) == 0
    assert run_command(["logout", "main.json", *_STORE]) == 0
    assert f"forgotten: OAuth at {oauth.url}" in told(capsys)
    assert run(_PUBLIC, *_STORE) == 2
    assert grants(oauth) == ["authorization_code"]
    assert json.loads(Path(_STORE[1]).read_text()) == {}
    assert run_command(["logout", *_STORE]) == 0
    assert "nothing to forget: kept/tokens.json has no such token" in told(capsys)


@pytest.mark.parametrize(("scheme", "exit_code"), [("OAuth", 0), ("api.OAuth", 0), ("OAuht", 2), ("other.OAuth", 2)])
def test_a_login_is_for_the_scheme_that_is_named(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str], scheme: str, exit_code: int
) -> None:
    assert _login(scheme) == exit_code
    assert len(browser.pages) == len(oauth.granted) == (0 if exit_code else 1)
    assert (f"no step needs a login for `{scheme}`" in told(capsys)) == bool(exit_code)
    assert run_command(["logout", "main.json", scheme, *_STORE]) == exit_code


def test_a_login_needs_a_place_to_keep_it_and_a_person(
    oauth: OAuthServer, browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("auth.json").write_text(json.dumps({"OAuth": _PUBLIC}))
    assert run_command(["login", "main.json", "--auth-file", "auth.json"]) == 2
    assert run_command(["logout"]) == 2
    assert told(capsys).count("a login is kept in a token store, and none is named") == 2
    leave(monkeypatch)
    assert _login() == 2
    text = told(capsys)
    assert "only a person at a terminal can grant a token for `OAuth`" in text
    assert "= fix: log in at a terminal\n" in text
    assert run_command(["login", "main.json", *_STORE]) == 2
    assert "needs the credential `OAuth`" in told(capsys)
    assert (oauth.requests, browser.pages) == ([], [])


def test_a_login_says_who_else_may_change_what_it_is_done_with(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _login() == 0
    assert "credentials-exposed" not in told(capsys)
    Path("auth.json").chmod(0o666)
    assert run_command(["login", "main.json", "--auth-file", "auth.json", *_STORE]) == 0
    assert "warning[credentials-exposed]: others may change the credentials of `--auth-file`: auth.json" in told(capsys)
    assert len(browser.pages) == len(oauth.granted) == 2


def test_a_document_that_needs_no_login_says_so(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    write_documents(oauth)
    Path("auth.json").write_text(json.dumps({"OAuth": {**_PUBLIC, "client_secret": SECRET}}))
    assert run_command(["login", "main.json", "--auth-file", "auth.json", *_STORE]) == 2
    assert "no step needs a login" in told(capsys)


@pytest.mark.parametrize("flow", ["authorizationCode", "deviceAuthorization"])
def test_a_login_at_a_real_terminal_is_kept_for_a_run_without_one(
    oauth: OAuthServer, tmp_path: Path, flow: str
) -> None:
    oauth.device_reply = {"expires_in": 600, "interval": 1}
    urls = {"authorizationUrl": f"{oauth.url}/authorize", "deviceAuthorizationUrl": f"{oauth.url}/device"}
    write_documents(oauth, flows={flow: {**urls, "tokenUrl": f"{oauth.url}/token", "scopes": {}}})
    Path("auth.json").write_text(json.dumps({"OAuth": _PUBLIC}))
    (tmp_path / "browse.py").write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).close()\n")
    environment = {**os.environ, "BROWSER": f"{sys.executable} {tmp_path / 'browse.py'} %s", "TERM": "dumb"}
    login = [sys.executable, "-m", "arazzo_engine", "login", "main.json", "--auth-file", "auth.json", *_STORE]
    ours, theirs = os.openpty()
    with subprocess.Popen(login, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment) as process:
        os.close(theirs)
        assert process.stdout is not None
        text = process.stdout.read().decode()
    os.close(ours)
    assert process.returncode == 0, text
    assert text.startswith("logged in: OAuth of api, kept in kept/tokens.json until 20")
    assert run(_PUBLIC, *_STORE) == 0
    assert len(oauth.granted) == 1


# --- scopes ---


def test_scopes_that_were_not_granted_are_told_with_the_first_request(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.is_public = False
    oauth.token_reply = Reply(200, body={"access_token": "narrow", "token_type": "Bearer", "scope": "read"})
    oauth.tokens["narrow"] = "read"
    write_documents(oauth)
    client = {**_PUBLIC, "client_secret": SECRET}
    assert run({**client, "scopes": "read write admin openid offline_access"}) == 0
    note = "the token for `OAuth` was granted without the scopes `write` and `admin` that the run asked for"
    assert told(capsys).count(note) == 1
    assert run({**client, "scopes": "read openid"}) == 0
    assert "was granted without" not in told(capsys)


def test_scopes_that_a_login_did_not_give_are_told(
    oauth: OAuthServer, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.token_reply = Reply(200, body={"access_token": "narrow", "token_type": "Bearer", "scope": ["read"]})
    oauth.tokens["narrow"] = "read"
    assert run(_PUBLIC) == 0
    assert browser.wait()
    assert told(capsys).count("was granted without the scope `write` that the run asked for") == 1
