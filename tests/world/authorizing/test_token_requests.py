"""What a request for a token says besides its grant, where it goes, and what is refused before it is sent."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
from loopback import Reply
from oauth_documents import run, write_documents
from oauth_server import CLIENT, FIRST_REFRESH, PASSWORD, SECRET, USER, OAuthServer

import arazzo_engine
from arazzo_engine import ArazzoError, OAuthClient
from arazzo_engine.cli import run_command

_CLIENT: Final = {"client_id": CLIENT, "client_secret": SECRET}
_USER: Final = {"username": USER, "password": PASSWORD}


def forms(oauth: OAuthServer) -> list[list[tuple[str, str]]]:
    return [parse_qsl(each.body.decode()) for each in oauth.requests if each.path in {"/token", "/refresh"}]


def told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    text = captured.out + captured.err
    for secret in (SECRET, PASSWORD, FIRST_REFRESH, "sesame", "Traceback"):
        assert secret not in text
    return text


# --- parameters ---

_AUDIENCE: Final = "https://api.example/a b"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"audience": _AUDIENCE}, [("audience", _AUDIENCE)]),
        (
            {"resource": ["urn:a", "urn:b"], "audience": "x"},
            [("resource", "urn:a"), ("resource", "urn:b"), ("audience", "x")],
        ),
        ("audience=https://api.example/a%20b&resource=urn:a", [("audience", _AUDIENCE), ("resource", "urn:a")]),
        ({}, []),
    ],
)
def test_a_request_for_a_token_says_the_parameters_of_the_auth_file(
    oauth: OAuthServer, given: Any, expected: list[tuple[str, str]]
) -> None:
    assert run({**_CLIENT, "parameters": given}) == 0
    assert forms(oauth) == [[("grant_type", "client_credentials"), ("scope", "read"), *expected]]


def test_a_request_for_a_token_says_the_parameters_of_the_environment(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_PARAMETERS", "audience=https://api.example/a+b")
    assert run_command(["run", "main.json"]) == 0
    assert ("audience", _AUDIENCE) in forms(oauth)[0]


def test_a_request_for_a_token_says_the_parameters_of_a_program(oauth: OAuthServer) -> None:
    client = OAuthClient(client_id=CLIENT, client_secret=SECRET, parameters=(("audience", _AUDIENCE),))
    assert arazzo_engine.run("main.json", credentials={"OAuth": client}).succeeded
    assert ("audience", _AUDIENCE) in forms(oauth)[0]


def test_a_token_is_refreshed_with_the_same_parameters(oauth: OAuthServer) -> None:
    oauth.gives_refresh_tokens = True
    oauth.afterwards["/a"] = oauth.tokens.clear
    assert run({**_CLIENT, **_USER, "parameters": {"audience": "x"}}) == 0
    assert [dict(form)["grant_type"] for form in forms(oauth)] == ["password", "refresh_token"]
    assert [dict(form)["audience"] for form in forms(oauth)] == ["x", "x"]


def test_the_fix_for_what_is_wrong_is_no_form_of_a_credential(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run({**_CLIENT, "parameters": {"grant_type": "x"}}) == 2
    assert "= fix: leave it out; a credential has members for what a grant says" in told(capsys)
    assert run({**_CLIENT, "token_url": "http://auth.example/token"}) == 2
    assert "= fix: give the URLs that the server documents (`token_url`, `authorization_url`)" in told(capsys)
    assert oauth.requests == []


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        *(
            ({name: "x"}, f"`parameters` must not say `{name}`")
            for name in ("grant_type", "client_id", "Scope", "scope")
        ),
        *(({name: "x"}, f"`parameters` must not say `{name}`") for name in ("state", "redirect_uri", "code_challenge")),
        ({"": "x"}, "`parameters` has one without a name"),
        ({"tenant": ["a", "b"]}, "`parameters` says `tenant` more than once"),
        ("tenant=a&tenant=b", "`parameters` says `tenant` more than once"),
        ({"audience": "a\u0000b"}, "`parameters` cannot be sent: there is a control character"),
        ("audience", "the `parameters` of a credential from --auth-file auth.json cannot be read"),
        ({"max_age": 5}, "a credential must be a string"),
    ],
)
def test_parameters_that_a_request_cannot_say_are_refused_before_anything_is_sent(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], parameters: Any, reason: str
) -> None:
    assert run({**_CLIENT, "parameters": parameters}) == 2
    assert reason in told(capsys)
    assert oauth.requests == []


def test_a_parameter_that_is_named_like_a_secret_never_shows(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str]
) -> None:
    oauth.token_reply = Reply(400, body={"error": "invalid_request", "error_description": "no open sesame here"})
    assert run({**_CLIENT, "parameters": {"otp": "sesame"}}) == 1
    assert "no open *** here" in told(capsys)


# --- where a token is refreshed ---


@pytest.mark.parametrize("given", [{**_CLIENT, **_USER}, {**_CLIENT, "refresh_token": FIRST_REFRESH}])
def test_a_token_is_refreshed_where_the_flow_says(oauth: OAuthServer, given: dict[str, str]) -> None:
    oauth.refreshes_elsewhere = True
    oauth.gives_refresh_tokens = True
    oauth.afterwards["/a"] = oauth.tokens.clear
    flow = {"tokenUrl": f"{oauth.url}/token", "refreshUrl": "/refresh", "scopes": {}}
    write_documents(oauth, flows={"password": flow})
    assert run(given) == 0
    assert oauth.granted[-1]["grant_type"] == "refresh_token"
    assert next(each.path for each in reversed(oauth.requests) if each.path in {"/token", "/refresh"}) == "/refresh"


def test_a_token_endpoint_that_the_user_names_refreshes_too(oauth: OAuthServer) -> None:
    oauth.gives_refresh_tokens = True
    oauth.afterwards["/a"] = oauth.tokens.clear
    flow = {"tokenUrl": "https://auth.example/token", "refreshUrl": "https://auth.example/refresh", "scopes": {}}
    write_documents(oauth, flows={"password": flow})
    assert run({**_CLIENT, **_USER, "token_url": f"{oauth.url}/token"}) == 0
    assert [form["grant_type"] for form in oauth.granted] == ["password", "refresh_token"]


@pytest.mark.parametrize(
    ("refresh_url", "reason"),
    [
        ("http://auth.example/refresh", "must be an https URL"),
        ("https://auth.example\\@evil.example/x", "must be an https URL"),
        ("https://auth.example/x\n", "must be an https URL"),
        ("https://auth.example/x?grant_type=password", "must not say `grant_type`, which a grant says itself"),
    ],
)
def test_a_secret_is_refreshed_nowhere_that_it_may_not_go(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], refresh_url: str, reason: str
) -> None:
    flow = {"tokenUrl": f"{oauth.url}/token", "refreshUrl": refresh_url, "scopes": {}}
    write_documents(oauth, flows={"password": flow})
    assert run({**_CLIENT, **_USER}) == 2
    assert reason in told(capsys)
    assert oauth.requests == []


# --- who asks ---


@pytest.mark.parametrize("given", [_USER, {"refresh_token": FIRST_REFRESH}])
def test_a_person_needs_no_client(oauth: OAuthServer, given: dict[str, str]) -> None:
    oauth.knows_clients = False
    assert run(given) == 0
    assert "client_id" not in dict(forms(oauth)[0])


@pytest.mark.parametrize("name", ["client_secret_post", "client_secret_basic"])
def test_the_ways_of_a_client_are_known_by_the_names_of_the_servers(oauth: OAuthServer, name: str) -> None:
    oauth.client_authentication = name.rpartition("_")[2]
    assert run({**_CLIENT, "client_authentication": name}) == 0
    assert len(oauth.granted) == 1


@pytest.mark.parametrize(
    ("flows", "given", "reason"),
    [
        (["password"], {"client_id": CLIENT}, "a token is got with `username` and `password`, or `refresh_token`"),
        (["password"], {"username": USER}, "`password` needs `password`"),
        (["password"], _CLIENT, "or what its own flows need: `username` and `password`"),
        (["password"], {"access_token": ""}, "give it as `token` or `{username: …, password: …}`"),
        (["clientCredentials"], {"client_id": CLIENT}, "with `client_id` and `client_secret`, or `refresh_token`"),
        (["clientCredentials"], {"access_token": ""}, "`token` or `client_id:client_secret` or `{client_id: …, client"),
    ],
)
def test_what_is_missing_is_what_the_flows_can_use(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], flows: list[str], given: dict[str, str], reason: str
) -> None:
    write_documents(oauth, flows={name: {"tokenUrl": f"{oauth.url}/token", "scopes": {}} for name in flows})
    assert run(given) == 2
    assert reason in told(capsys)
    assert oauth.requests == []


def test_a_missing_login_is_asked_for_as_one(oauth: OAuthServer, capsys: pytest.CaptureFixture[str]) -> None:
    write_documents(oauth, flows={"password": {"tokenUrl": f"{oauth.url}/token", "scopes": {}}})
    assert run_command(["run", "main.json"]) == 2
    assert (
        "give it with the option `--auth api.OAuth=token`, or the environment variable `ARAZZO_AUTH_API_OAUTH`, or"
        " `ARAZZO_AUTH_OAUTH` for every source, with `token`, or `ARAZZO_AUTH_API_OAUTH_USERNAME` and"
        " `ARAZZO_AUTH_API_OAUTH_PASSWORD`, or a file for `--auth-file` with `OAuth: token` or"
        " `OAuth: {username: …, password: …}`, or a step parameter"
    ) in told(capsys)


# --- what is misspelt ---


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ARAZZO_AUTH_OAUTH_CLIENTID", "ARAZZO_AUTH_OAUTH_CLIENT_ID"),
        ("ARAZZO_AUTH_API_OAUTH_CLIENT_SECERT", "ARAZZO_AUTH_API_OAUTH_CLIENT_SECRET"),
        ("ARAZZO_AUTH_OAUTH_client_id", "ARAZZO_AUTH_OAUTH_CLIENT_ID"),
        ("ARAZZO_AUTH_OAUTH_SCOPE", "ARAZZO_AUTH_OAUTH_SCOPES"),
        ("ARAZZO_AUTH_OAUTH_ACCESS_TOKEN", "ARAZZO_AUTH_OAUTH"),
    ],
)
def test_a_misspelt_variable_is_refused(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "sesame")
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_SECRET", SECRET)
    assert run_command(["run", "main.json"]) == 2
    shown = told(capsys)
    assert f"`{name}` in the environment gives no member of a credential" in shown
    assert f"did you mean `{meant}`?" in shown
    assert oauth.requests == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("client_secert", "client_secret"),
        ("clientId", "client_id"),
        *((name, "access_token") for name in ("token", "Token", "bearer", "accessToken")),
        ("id", "client_id"),
        ("secret", "client_secret"),
        ("scope", "scopes"),
    ],
)
def test_a_misspelt_member_is_refused(
    oauth: OAuthServer, capsys: pytest.CaptureFixture[str], name: str, meant: str
) -> None:
    assert run({**_CLIENT, name: "sesame"}) == 2
    shown = told(capsys)
    assert "auth.json: there is no such member of a credential" in shown
    assert f"= fix: did you mean `{meant}`?" in shown
    assert oauth.requests == []


@pytest.mark.parametrize("name", ["ARAZZO_AUTH_OAUTH_ADMIN", "ARAZZO_AUTH_OAUTH_ADMIN_CLIENT_ID", "ARAZZO_AUTH_OAUTH2"])
def test_a_variable_of_another_document_is_none_of_this_one(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "sesame")
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_ID", CLIENT)
    monkeypatch.setenv("ARAZZO_AUTH_OAUTH_CLIENT_SECRET", SECRET)
    assert run_command(["run", "main.json"]) == 0
    assert len(oauth.granted) == 1


def test_parameters_of_a_program_are_pairs() -> None:
    with pytest.raises(TypeError, match=r"`parameters` of `OAuthClient` must be"):
        OAuthClient(parameters={"audience": "x"})  # type: ignore[arg-type]  # what a program may get wrong


def test_a_program_is_told_of_parameters_that_cannot_be_said(oauth: OAuthServer) -> None:
    client = OAuthClient(client_id=CLIENT, client_secret=SECRET, parameters=(("grant_type", "x"),))
    with pytest.raises(ArazzoError, match="which a grant says itself"):
        arazzo_engine.run("main.json", credentials={"OAuth": client})
    assert oauth.requests == []
