"""The OAuth server of the tests refuses what the RFCs refuse: a client that does it wrong is seen to."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

import pytest
from oauth_server import CLIENT, FIRST_REFRESH, PASSWORD, SECRET, USER, OAuthServer

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIR: Final = f"{quote_plus(CLIENT)}:{quote_plus(SECRET)}"
_GOOD: Final = {"grant_type": "client_credentials"}
_VERIFIER: Final = "v" * 43


@pytest.fixture
def oauth() -> Iterator[OAuthServer]:
    with OAuthServer() as running:
        yield running


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def post(url: str, form: dict[str, str], pair: str | None = _PAIR) -> tuple[int, Any]:
    headers = {} if pair is None else {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    request = urllib.request.Request(url, urlencode(form).encode(), headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())["error"]


def authorize(oauth: OAuthServer, **changes: str) -> dict[str, str]:
    digest = hashlib.sha256(_VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://127.0.0.1:1/callback",
        "state": "s",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **changes,
    }
    opener = urllib.request.build_opener(_Stay)
    with pytest.raises(urllib.error.HTTPError) as redirected:
        opener.open(f"{oauth.url}/authorize?{urlencode(asked)}")
    with redirected.value as answer:
        return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


@pytest.mark.parametrize(
    ("form", "pair", "status", "error"),
    [
        (_GOOD, None, 401, "invalid_client"),
        (_GOOD, f"{CLIENT}:wrong", 401, "invalid_client"),
        # not encoded as a form, as the RFC wants it
        (_GOOD, f"{CLIENT}:{SECRET}", 401, "invalid_client"),
        ({**_GOOD, "client_id": CLIENT, "client_secret": SECRET}, None, 401, "invalid_client"),
        ({**_GOOD, "client_secret": SECRET}, _PAIR, 401, "invalid_client"),
        ({}, _PAIR, 400, "invalid_request"),
        ({"grant_type": "magic"}, _PAIR, 400, "unsupported_grant_type"),
        ({**_GOOD, "scope": "read everything"}, _PAIR, 400, "invalid_scope"),
        ({"grant_type": "password", "username": USER, "password": "wrong"}, _PAIR, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "wrong"}, _PAIR, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "wrong"}, _PAIR, 400, "invalid_grant"),
    ],
)
def test_a_wrong_request_for_a_token_is_refused(
    oauth: OAuthServer, form: dict[str, str], pair: str | None, status: int, error: str
) -> None:
    assert post(f"{oauth.url}/token", form, pair) == (status, error)


def test_a_grant_that_the_client_may_not_use_is_refused(oauth: OAuthServer) -> None:
    oauth.grants.clear()
    form = {"grant_type": "password", "username": USER, "password": PASSWORD}
    assert post(f"{oauth.url}/token", form) == (400, "unauthorized_client")


def test_a_refresh_token_is_good_once(oauth: OAuthServer) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": FIRST_REFRESH}
    assert [post(f"{oauth.url}/token", form)[0] for _ in range(2)] == [200, 400]


def test_a_code_is_good_once_and_its_token_ends_when_it_comes_again(oauth: OAuthServer) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": authorize(oauth)["code"],
        "redirect_uri": "http://127.0.0.1:1/callback",
        "code_verifier": _VERIFIER,
    }
    assert post(f"{oauth.url}/token", form)[0] == 200
    assert len(oauth.tokens) == 1
    assert post(f"{oauth.url}/token", form) == (400, "invalid_grant")
    assert not oauth.tokens


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "w" * 43}, {"code_verifier": ""}, {"redirect_uri": "http://127.0.0.1:2/callback"}]
)
def test_a_code_without_its_verifier_and_page_is_refused(oauth: OAuthServer, wrong: dict[str, str]) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": authorize(oauth)["code"],
        "redirect_uri": "http://127.0.0.1:1/callback",
        "code_verifier": _VERIFIER,
        **wrong,
    }
    assert post(f"{oauth.url}/token", form) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "wrong",
    [{"code_challenge_method": "plain"}, {"code_challenge": ""}, {"state": ""}, {"response_type": "token"}],
)
def test_a_login_without_its_protection_gets_no_code(oauth: OAuthServer, wrong: dict[str, str]) -> None:
    assert "code" not in authorize(oauth, **wrong)
    assert authorize(oauth, redirect_uri="https://evil.example/callback") == {}


def test_a_login_says_from_which_server_it_is(oauth: OAuthServer) -> None:
    assert authorize(oauth)["iss"] == oauth.url
    oauth.consents = False
    assert authorize(oauth)["iss"] == oauth.url


@pytest.mark.parametrize(
    ("registered", "asked", "is_known"),
    [
        ("http://127.0.0.1/callback", "http://127.0.0.1:8400/callback", True),
        ("http://127.0.0.1/callback", "http://127.0.0.1:8400/other", False),
        # RFC 8252, section 7.3, speaks of addresses alone
        ("http://localhost/callback", "http://localhost:8400/callback", False),
        ("http://localhost:8400/callback", "http://localhost:8400/callback", True),
        ("http://127.0.0.1:8400/callback", "http://127.0.0.1:8401/callback", False),
    ],
)
def test_a_login_leads_to_a_page_that_is_registered(
    oauth: OAuthServer, registered: str, asked: str, *, is_known: bool
) -> None:
    oauth.redirect_uris = {registered}
    assert ("code" in authorize(oauth, redirect_uri=asked)) == is_known


def test_a_device_that_asks_too_often_or_too_late_is_told(oauth: OAuthServer) -> None:
    now = [0.0]
    oauth.clock = lambda: now[0]
    oauth.device_reply = {"expires_in": 60, "interval": 10}
    _, device = post(f"{oauth.url}/device", {})
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"]}
    answers = []
    for now[0] in (9.0, 19.0, 34.0, 94.0):
        oauth.polls = ["authorization_pending"]
        answers.append(post(f"{oauth.url}/token", form))
    # the interval has grown to 15 s when it is asked for the second time
    errors = ["slow_down", "slow_down", "slow_down", "expired_token"]
    assert answers == [(400, error) for error in errors]


def test_a_refresh_token_is_taken_where_it_belongs(oauth: OAuthServer) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": FIRST_REFRESH}
    assert post(f"{oauth.url}/refresh", form) == (400, "unauthorized_client")
    oauth.refreshes_elsewhere = True
    assert post(f"{oauth.url}/token", form) == (400, "unauthorized_client")
    assert post(f"{oauth.url}/refresh", form)[0] == 200


def test_a_server_that_knows_no_clients_takes_none(oauth: OAuthServer) -> None:
    oauth.knows_clients = False
    form = {"grant_type": "password", "username": USER, "password": PASSWORD}
    assert post(f"{oauth.url}/token", form) == (401, "invalid_client")
    assert post(f"{oauth.url}/token", form, None)[0] == 200


def test_the_api_takes_no_token_but_those_that_are_valid(oauth: OAuthServer) -> None:
    request = urllib.request.Request(f"{oauth.url}/a", headers={"Authorization": "Bearer made-up"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    with refused.value as answer:
        assert (answer.code, 'error="invalid_token"' in answer.headers["WWW-Authenticate"]) == (401, True)
