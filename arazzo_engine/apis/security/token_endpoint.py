"""The token endpoint of an OAuth server: the request that asks for a token or refreshes one, and what the answer means.

Nothing is sent here; who asks, when, and how often is the machine's. No secret is ever part of a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import FORM, JSON
from arazzo_engine.apis.security.grants import Grant, Token, TokenGrant
from arazzo_engine.apis.security.oauth_client import AUTHENTICATIONS, basic_credentials
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_json, media_type
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.security.oauth_client import OAuthClient
    from arazzo_engine.documents.values import JsonValue

# RFC 6750, section 2.1: "b64token"; a few servers use more, and a header carries it
_TOKEN: Final = lazy_pattern(r"[!-~]+")
# RFC 6749, section 5.2: what each error means for the person who runs the workflow
_FIXES: Final = {
    "invalid_client": "check `client_id` and `client_secret`; some servers want them in the body: give"
    " `client_authentication: post` (`client_secret_post`)",
    "invalid_grant": "what was given has expired, was revoked or is wrong: get a new one",
    "invalid_scope": "give the `scopes` that the server knows",
    "unauthorized_client": "allow the client this grant at the server, or choose another with `flow`",
    "unsupported_grant_type": "choose another grant with `flow`, or give the token itself",
    "invalid_request": "check `token_url`, `flow`, `scopes` and `parameters`",
    # RFC 8628, section 3.5
    "access_denied": "run it again, and allow it when you are asked",
    "expired_token": "run it again, and enter the code in time",
    # RFC 8707, section 2
    "invalid_target": "give the `resource` or `audience` that the server knows, with `parameters`",
}
_ENDPOINT_FIX: Final = "check that `token_url` is the token endpoint, or give the token itself"
_LONGEST_DESCRIPTION: Final = 200
# they ask for something besides the token, which says itself whether it came
_OF_NO_RIGHT: Final = frozenset({"openid", "offline_access"})
_DIGITS: Final = lazy_pattern("[0-9]{1,20}")
_LONGEST_SECONDS: Final = 10**9


class Refusal(Struct, frozen=True):
    """Why there is no token, and what to do; ``error`` is the code of RFC 6749, if there was one."""

    reason: str
    fix: str
    error: str = ""

    def hiding(self, secrets: Iterable[str]) -> Refusal:
        """Return the same without what was sent, which a server may say again."""
        reason = self.reason
        for secret in filter(None, secrets):
            reason = reason.replace(secret, "***")
        return Refusal(reason, self.fix, self.error)


def token_request(grant: TokenGrant, refresh_token: str = "") -> Request:
    """Return the request for a token: by a refresh token that came with an earlier one, else by the grant itself."""
    client = grant.client
    form: dict[str, str] = {}
    match Grant.REFRESH_TOKEN if refresh_token else grant.grant:
        case Grant.AUTHORIZATION_CODE | Grant.DEVICE:
            raise ValueError("this token is granted by a person before a run")
        case Grant.CLIENT_CREDENTIALS:
            form["grant_type"] = "client_credentials"
        case Grant.PASSWORD:
            form |= {"grant_type": "password", "username": client.username, "password": client.password}
        case Grant.REFRESH_TOKEN:
            form |= {"grant_type": "refresh_token", "refresh_token": refresh_token or client.refresh_token}
    if grant.scopes:
        form["scope"] = " ".join(grant.scopes)
    return endpoint_request(grant.url, client, form)


def endpoint_request(url: str, client: OAuthClient, form: Mapping[str, str]) -> Request:
    """Return a request to an endpoint of the server at which the client says who it is."""
    headers = [("Accept", JSON), ("Content-Type", FORM)]
    form = dict(form)
    if client.client_secret and AUTHENTICATIONS[client.client_authentication] == "basic":
        headers.append(("Authorization", f"Basic {basic_credentials(client)}"))
    else:
        said = {"client_id": client.client_id, "client_secret": client.client_secret}
        form |= {name: value for name, value in said.items() if value}
    return Request("POST", url, tuple(headers), urlencode([*form.items(), *client.parameters]).encode("ascii"))


def read_token(grant: TokenGrant, response: Response, now: float) -> Token | Refusal:
    """Return the token in the answer of a token endpoint, which came at ``now``, or why there is none."""
    found = read_answer(grant.endpoint, grant.client, response)
    if isinstance(found, Refusal):
        return found
    value, kind = found.get("access_token"), found.get("token_type")
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        return Refusal(f"{grant.endpoint} answered without an `access_token` that can be sent", _ENDPOINT_FIX)
    # RFC 6749, section 7.1: "The client MUST NOT use an access token if it does not understand the token type."
    if not isinstance(kind, str) or kind.lower() != "bearer":
        reason = f"{grant.endpoint} granted a token whose `token_type` is not `Bearer`, and no other kind can be sent"
        return Refusal(reason, "ask the server for bearer tokens")
    refresh = found.get("refresh_token")
    lacking = _lacking(grant.scopes, found.get("scope"))
    return Token(value, _expiry(found.get("expires_in"), now), refresh if isinstance(refresh, str) else "", lacking)


def _lacking(asked: tuple[str, ...], said: JsonValue) -> tuple[str, ...]:
    """Return the scopes that were asked for and not granted."""
    # RFC 6749, section 5.1: "OPTIONAL, if identical to the scope requested by the client; otherwise, REQUIRED."
    granted = said.split() if isinstance(said, str) else said
    if not isinstance(granted, list):
        return ()
    return tuple(each for each in asked if each not in granted and each not in _OF_NO_RIGHT)


def read_answer(endpoint: str, client: OAuthClient, response: Response) -> dict[str, JsonValue] | Refusal:
    """Return the object that an endpoint of an OAuth server answered with, or why it is none."""
    status, content_type = response.status, header(response.headers, "content-type") or ""
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110, section 15.4: "Redirection 3xx"
        return Refusal(f"{endpoint} answered with status {status}, a redirect that no secret follows", _ENDPOINT_FIX)
    if not is_json(content_type) or not isinstance(response.payload, dict):
        named = f"`{_printable(media_type(content_type))}`" if content_type else "no content type"
        what = f"JSON that is no object (status {status})" if is_json(content_type) else f"{named} (status {status})"
        return Refusal(f"{endpoint} answered with {what} instead of a JSON object", _ENDPOINT_FIX)
    error = response.payload.get("error")
    if isinstance(error, str):
        code = _printable(error)
        told = _told(response.payload.get("error_description"), client)
        reason = f"{endpoint} refused with `{code}`" + (f": {told}" if told else "")
        return Refusal(reason, _FIXES.get(error, _ENDPOINT_FIX), error)
    if status != 200:  # noqa: PLR2004 - RFC 6749, section 5.1: "with a 200 (OK) status code"
        return Refusal(f"{endpoint} answered with status {status}", _ENDPOINT_FIX)
    return response.payload


def _told(description: JsonValue, client: OAuthClient) -> str:
    text = description if isinstance(description, str) else ""
    for secret in client.secrets():
        text = text.replace(secret, "***")
    return _printable(text)


def _printable(text: str) -> str:
    # RFC 6749, section 5.2: 'Values for the "error_description" parameter MUST NOT include characters outside the set
    # %x20-21 / %x23-5B / %x5D-7E.'
    return re.sub(r"[^ -~]|[`\\]", "", text)[:_LONGEST_DESCRIPTION]


def _expiry(seconds: JsonValue, now: float) -> float | None:
    if isinstance(seconds, str) and _DIGITS.fullmatch(seconds):
        seconds = int(seconds)
    found = number_of_seconds(seconds)
    return None if found is None else now + found


def number_of_seconds(value: JsonValue) -> float | None:
    """Return how long something lasts, ``None`` when a server does not say it by a number; no clock counts more."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(max(0, min(value, _LONGEST_SECONDS)))
