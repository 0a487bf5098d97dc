"""Tokens end to end: real runs against an OAuth server that enforces the RFCs, with the API behind it."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from loopback import RecordingServer, Reply
from oauth_documents import run, write_documents
from oauth_server import CLIENT, FIRST_REFRESH, PASSWORD, SECRET, USER, OAuthServer

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import Recorded

_CLIENT: Final = {"client_id": CLIENT, "client_secret": SECRET}


def tokens_sent(requests: list[Recorded]) -> list[str | None]:
    return [each.header("authorization") for each in requests]


def check_nothing_leaks(capsys: pytest.CaptureFixture[str], *files: str) -> str:
    told = capsys.readouterr()
    text = "".join((told.out, told.err, *(Path(name).read_text() for name in files)))
    for secret in (SECRET, json.dumps(SECRET)[1:-1], PASSWORD, FIRST_REFRESH, "token-1-x", "token-2-x", "refresh-1"):
        assert secret not in text
    assert "Traceback" not in text
    return told.err


# --- a token is got, and used ---


@pytest.mark.parametrize("method", ["basic", "post"])
def test_a_client_gets_one_token_for_all_its_requests(oauth: OAuthServer, method: str) -> None:
    oauth.client_authentication = method
    assert run({**_CLIENT, "client_authentication": method}) == 0
    (asked,) = oauth.granted
    assert (asked["grant_type"], asked["scope"]) == ("client_credentials", "read")
    assert tokens_sent(oauth.calls) == [f"Bearer {token}" for token in oauth.tokens] * 2


@pytest.mark.parametrize(
    ("given", "form"),
    [
        (
            {**_CLIENT, "username": USER, "password": PASSWORD},
            {"grant_type": "password", "username": USER, "password": PASSWORD, "scope": "read"},
        ),
        ({**_CLIENT, "refresh_token": FIRST_REFRESH}, {"grant_type": "refresh_token", "refresh_token": FIRST_REFRESH}),
        ({**_CLIENT, "scopes": ["admin", "write"]}, {"grant_type": "client_credentials", "scope": "admin write"}),
        ({**_CLIENT, "scopes": "admin write"}, {"grant_type": "client_credentials", "scope": "admin write"}),
        (
            {**_CLIENT, "username": USER, "flow": "clientCredentials"},
            {"grant_type": "client_credentials", "scope": "read"},
        ),
    ],
)
def test_what_is_given_chooses_the_grant(oauth: OAuthServer, given: dict[str, Any], form: dict[str, str]) -> None:
    assert run(given) == 0
    assert oauth.granted == [form]


def test_each_set_of_scopes_has_its_own_token(oauth: OAuthServer) -> None:
    write_documents(oauth, scopes=("read", "write"))
    assert run(_CLIENT) == 0
    assert [form["scope"] for form in oauth.granted] == ["read", "write"]
    assert len(set(tokens_sent(oauth.calls))) == 2


@pytest.mark.parametrize("name", ["OAuth", "api.OAuth"])
def test_a_client_is_given_as_its_id_and_secret_with_a_colon(oauth: OAuthServer, name: str) -> None:
    assert run_command(["run", "main.json", "--auth", f"{name}={CLIENT}:{SECRET}"]) == 0
    assert len(oauth.granted) == 1


@pytest.mark.parametrize("prefix", ["ARAZZO_AUTH_OAUTH", "ARAZZO_AUTH_API_OAUTH"])
def test_a_client_is_given_in_the_environment(oauth: OAuthServer, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{prefix}_CLIENT_ID", CLIENT)
    monkeypatch.setenv(f"{prefix}_CLIENT_SECRET", SECRET)
    monkeypatch.setenv(f"{prefix}_SCOPES", "read write")
    assert run_command(["run", "main.json"]) == 0
    assert [form["scope"] for form in oauth.granted] == ["read write"]


@pytest.mark.parametrize("given", ["given:token", {"access_token": "given:token"}])
def test_a_token_that_is_given_is_sent_as_it_is_and_nothing_is_asked(oauth: OAuthServer, given: Any) -> None:
    oauth.tokens["given:token"] = "read"
    is_pair = isinstance(given, str)
    assert run(given) == (1 if is_pair else 0)
    assert len(oauth.token_requests) == (1 if is_pair else 0)
    assert tokens_sent(oauth.calls) == ([] if is_pair else ["Bearer given:token"] * 2)


def test_a_token_url_that_is_given_goes_before_the_one_of_the_description(oauth: OAuthServer) -> None:
    write_documents(oauth, flows={"clientCredentials": {"tokenUrl": "https://127.0.0.1:9/token", "scopes": {}}})
    assert run({**_CLIENT, "token_url": f"{oauth.url}/token"}) == 0


# --- a token ends ---


def test_a_token_that_is_over_is_got_anew_before_it_is_sent(oauth: OAuthServer) -> None:
    oauth.lifetime = 5  # less than it could take on the way
    assert run(_CLIENT) == 0
    assert len(oauth.granted) == 2
    assert [each.path for each in oauth.requests] == ["/token", "/a", "/token", "/b"]


@pytest.mark.parametrize("lifetime", [None, "3600", 3600, True, "soon", "9" * 5000, 10**400])
def test_a_lifetime_may_be_missing_or_a_text(oauth: OAuthServer, lifetime: object) -> None:
    oauth.lifetime = lifetime
    assert run(_CLIENT) == 0
    assert len(oauth.granted) == 1


def test_a_token_that_is_refused_is_got_anew_once_and_the_request_sent_once_more(oauth: OAuthServer) -> None:
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run(_CLIENT) == 0
    assert [each.path for each in oauth.requests] == ["/token", "/a", "/b", "/token", "/b"]
    first, second = oauth.calls[1:]
    assert first.body == second.body
    assert first.header("authorization") != second.header("authorization")


def test_a_new_token_that_is_refused_too_ends_it(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    oauth.afterwards["/a"] = lambda: setattr(oauth, "tokens", _Forgetful())
    assert run(_CLIENT) == 1
    assert [each.path for each in oauth.requests] == ["/token", "/a", "/b", "/token", "/b"]
    assert "401 Unauthorized" in check_nothing_leaks(capsys)


def test_a_fresh_token_that_is_refused_is_not_asked_for_again(oauth: OAuthServer) -> None:
    oauth.tokens = _Forgetful()
    assert run(_CLIENT) == 1
    assert [each.path for each in oauth.requests] == ["/token", "/a"]


def test_a_refused_token_whose_renewal_fails_leaves_the_answer_and_says_why(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    def end() -> None:
        oauth.tokens.clear()
        oauth.secret = "another"

    oauth.afterwards["/a"] = end
    assert run(_CLIENT) == 1
    told = check_nothing_leaks(capsys)
    assert "401 Unauthorized" in told
    assert "  note      there is no token for `OAuth`" in told


class _Forgetful(dict[str, str]):
    """Tokens of which none is ever valid."""

    def __contains__(self, key: object) -> bool:
        return False


def test_a_refresh_token_that_came_with_a_token_gets_the_next_one(oauth: OAuthServer) -> None:
    oauth.gives_refresh_tokens = True
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run({**_CLIENT, "username": USER, "password": PASSWORD}) == 0
    assert [form["grant_type"] for form in oauth.granted] == ["password", "refresh_token"]
    assert oauth.granted[1]["refresh_token"] == "refresh-1"


def test_a_refresh_token_that_was_given_is_replaced_by_the_one_that_came(oauth: OAuthServer) -> None:
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run({**_CLIENT, "refresh_token": FIRST_REFRESH}) == 0
    assert [form["refresh_token"] for form in oauth.granted] == [FIRST_REFRESH, "refresh-1"]


def test_a_refresh_token_that_ended_leads_back_to_what_was_given(oauth: OAuthServer) -> None:
    oauth.gives_refresh_tokens = True

    def end() -> None:
        oauth.tokens.clear()
        oauth.refresh_tokens.clear()

    oauth.afterwards["/a"] = end
    assert run({**_CLIENT, "username": USER, "password": PASSWORD}) == 0
    assert [form["grant_type"] for form in oauth.granted] == ["password", "password"]


def test_a_token_that_was_given_is_renewed_when_it_is_refused(oauth: OAuthServer) -> None:
    assert run({**_CLIENT, "access_token": "ended", "refresh_token": FIRST_REFRESH}) == 0
    assert [each.path for each in oauth.requests] == ["/a", "/token", "/a", "/b"]


def test_a_401_that_a_redirect_led_to_sends_nothing_again(oauth: OAuthServer, server: RecordingServer) -> None:
    oauth.script("POST", "/b", Reply(303, (("Location", f"{server.url}/elsewhere"),)))
    server.script("GET", "/elsewhere", Reply(401))
    assert run(_CLIENT, "--follow-redirects") == 1
    assert [each.path for each in oauth.requests] == ["/token", "/a", "/b"]
    assert [each.header("authorization") for each in server.requests] == [None]


# --- no token ---

_HTML: Final = Reply(200, (("Content-Type", "text/html"),), "<html>please log in</html>")
_ANSWERS: Final = [
    (_HTML, "answered with `text/html` (status 200) instead of a JSON object", "token_url"),
    (Reply(200, body=["x"]), "answered with JSON that is no object (status 200)", "token_url"),
    (Reply(200, (("Content-Type", ""),), b"{}"), "answered with no content type (status 200)", "token_url"),
    (Reply(200, (("Content-Type", "application/json"),), "{"), "JSON that is no object", "token_url"),
    (Reply(200, body={"token_type": "Bearer"}), "without an `access_token` that can be sent", "token_url"),
    (Reply(200, body={"access_token": "a\r\nb", "token_type": "Bearer"}), "without an `access_token`", "token_url"),
    (Reply(200, body={"access_token": "t"}), "whose `token_type` is not `Bearer`", "bearer tokens"),
    (Reply(200, body={"access_token": "t", "token_type": "mac"}), "whose `token_type` is not `Bearer`", "bearer"),
    (Reply(503, body={"message": "busy"}), "answered with status 503", "token_url"),
    (Reply(302, (("Location", "https://elsewhere.example/"),), {}), "answered with status 302", "token_url"),
    (Reply(400, body={"error": "invalid_client"}), "refused with `invalid_client`", "client_authentication: post"),
    (Reply(400, body={"error": "invalid_grant"}), "refused with `invalid_grant`", "get a new one"),
    (Reply(400, body={"error": "invalid_scope"}), "refused with `invalid_scope`", "`scopes`"),
    (Reply(400, body={"error": "unauthorized_client"}), "refused with `unauthorized_client`", "`flow`"),
    (Reply(400, body={"error": "unsupported_grant_type"}), "refused with `unsupported_grant_type`", "`flow`"),
    (Reply(400, body={"error": "x", "error_description": f"bad {SECRET}\x1b[2J"}), "`x`: bad ***[2J", "token_url"),
    (Reply.close(), "gave no answer", "can be reached"),
]


@pytest.mark.parametrize(("reply", "reason", "fix"), _ANSWERS)
@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_token_endpoint_that_grants_nothing_fails_the_step_and_nothing_is_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], reply: Reply, reason: str, fix: str, format_: str
) -> None:
    oauth.token_reply = reply
    assert run(_CLIENT, "--format", format_, "--output", "result") == 1
    assert [each.path for each in oauth.requests] == ["/token"]
    told = check_nothing_leaks(capsys, "result")
    assert "error[token-not-granted]: there is no token for `OAuth`" in told
    assert reason in told
    assert fix in told.partition("= fix: ")[2]


def test_a_token_endpoint_that_is_down_is_told(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run({**_CLIENT, "token_url": "http://127.0.0.1:9/token"}) == 1
    assert "http://127.0.0.1:9/token gave no answer: cannot connect to 127.0.0.1:9" in check_nothing_leaks(capsys)
    assert oauth.requests == []


@pytest.mark.parametrize("status", [302, 303, 307, 308])
@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_token_request_is_never_redirected(
    oauth: OAuthServer, server: RecordingServer, status: int, *, is_elsewhere: bool
) -> None:
    server.script("POST", "/token", Reply(200, body={"access_token": "t", "token_type": "Bearer"}))
    oauth.token_reply = Reply(status, (("Location", f"{server.url if is_elsewhere else ''}/token"),))
    assert run(_CLIENT, "--follow-redirects") == 1
    assert server.requests == []
    assert [each.path for each in oauth.requests] == ["/token"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"client_id": CLIENT}, "a token is got with"),
        ({"client_secret": SECRET}, "`clientCredentials` needs `client_id`"),
        ({**_CLIENT, "username": USER}, "`password` needs `password`"),
        ({**_CLIENT, "client_secret": f"{SECRET}\n"}, "`client_secret` cannot be sent"),
        ({**_CLIENT, "client_id": "a\u0000b"}, "`client_id` cannot be sent"),
        ({**_CLIENT, "flow": "magic"}, "`flow` must be one of `clientCredentials`, `password`, `refreshToken`"),
        ({**_CLIENT, "client_authentication": "jwt"}, "`client_authentication` must be `basic` or `post`"),
        ({**_CLIENT, "token_url": "http://auth.example/token"}, "must be an https URL"),
        ({**_CLIENT, "token_url": "https://u:p@auth.example/token"}, "must be an https URL"),
        ({**_CLIENT, "token_url": "https://auth.example/token#x"}, "must be an https URL"),
        ({**_CLIENT, "token_url": "/token"}, "must be an https URL"),
        ({**_CLIENT, "token_url": "https://[/token"}, "must be an https URL"),
    ],
)
def test_a_client_that_cannot_get_a_token_is_refused_before_anything_is_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], given: dict[str, Any], reason: str
) -> None:
    assert run(given) == 2
    told = check_nothing_leaks(capsys)
    assert "error[credential-malformed]" in told
    assert reason in told
    assert oauth.requests == []


def test_a_secret_that_is_no_text_is_refused(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_SECRET", "s3cret\udcff")
    assert run_command(["run", "main.json"]) == 2
    assert "`client_secret` cannot be sent" in check_nothing_leaks(capsys)
    assert oauth.requests == []


def test_a_description_without_a_token_endpoint_asks_for_one(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_documents(oauth, flows={"implicit": {"authorizationUrl": f"{oauth.url}/authorize", "scopes": {}}})
    assert run(_CLIENT) == 2
    assert "names no token endpoint for `clientCredentials`: give `token_url`" in capsys.readouterr().err


def test_nothing_is_sent_without_a_credential(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "main.json"]) == 2
    told = capsys.readouterr().err
    assert "needs the credential `OAuth`" in told
    assert "`--auth api.OAuth=client_id:client_secret`" in told
    assert oauth.requests == []


def test_a_token_is_not_asked_for_where_nothing_may_be_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {**_CLIENT, "token_url": "https://auth.example/token"}
    assert run(given, "--allow-host", urlsplit(oauth.url).netloc) == 2
    told = check_nothing_leaks(capsys)
    assert "error[host-not-allowed]: `OAuth` gets its token at `https://auth.example/token`" in told
    assert oauth.requests == []


# --- in Python ---


@pytest.mark.parametrize("is_async", [False, True])
def test_a_program_gives_a_client(oauth: OAuthServer, *, is_async: bool) -> None:
    client = arazzo_engine.OAuthClient(client_id=CLIENT, client_secret=SECRET)
    credential = arazzo_engine.Credential(client=client)
    credentials = arazzo_engine.Credentials({("api", "OAuth"): credential})
    run = partial(asyncio.run, arazzo_engine.run_async("main.json", credentials=credentials)) if is_async else None
    report = run() if run else arazzo_engine.run("main.json", credentials=credentials)
    assert report.succeeded
    assert len(oauth.granted) == 1
    assert SECRET not in repr(client) + repr(credential) + repr(credentials) + repr(report)


# --- nothing shows ---


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_no_token_and_no_secret_shows(oauth: OAuthServer, capsys: pytest.CaptureFixture[str], format_: str) -> None:
    oauth.gives_refresh_tokens = True
    echo = {"seen": ["token-1-xxxxxxxxxxxxxxxx", "refresh-1", SECRET]}
    oauth.script("POST", "/b", Reply(500, body=echo))
    assert run(_CLIENT, "--format", format_, "--output", "result") == 1
    assert "***" in check_nothing_leaks(capsys, "result")


@pytest.mark.parametrize("command", [["run", "--dry-run"], ["rehearse"]])
def test_a_run_that_sends_nothing_asks_for_no_token(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    Path("auth.json").write_text(json.dumps({"OAuth": _CLIENT}))
    name, *options = command
    assert run_command([name, "main.json", "--auth-file", "auth.json", *options]) == 0
    check_nothing_leaks(capsys)
    assert oauth.requests == []
