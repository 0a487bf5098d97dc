"""OAuth: which grant gets a token for an operation, the request that asks for it, and what the answer means.

Decides what is sent to a token endpoint, and that it goes there over https or within the machine alone. Nothing is
sent here; who asks, when, and how often is the machine's. No secret is ever part of a message or a representation.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlencode, urlsplit

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import FORM, JSON
from arazzo_engine.apis.security.client import basic_credentials
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_json, media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.operations import OAuthFlow, SecurityScheme
    from arazzo_engine.apis.security.client import OAuthClient
    from arazzo_engine.documents.values import JsonValue


class Grant(StrEnum):
    """The ways of getting a token, by the names of OpenAPI's flows."""

    CLIENT_CREDENTIALS = "clientCredentials"
    PASSWORD = "password"  # noqa: S105 - the name of a flow
    REFRESH_TOKEN = "refreshToken"  # noqa: S105 - the same
    AUTHORIZATION_CODE = "authorizationCode"
    DEVICE = "deviceAuthorization"


# the grants that only a person can give
INTERACTIVE: Final = frozenset({Grant.AUTHORIZATION_CODE, Grant.DEVICE})
# what a person must have given for each grant, beside the client's id
_NEEDED: Final = {
    Grant.CLIENT_CREDENTIALS: ("client_secret",),
    Grant.PASSWORD: ("username", "password"),
    Grant.REFRESH_TOKEN: ("refresh_token",),
    Grant.AUTHORIZATION_CODE: (),
    Grant.DEVICE: (),
}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# RFC 6750, section 2.1: "b64token"; a few servers use more, and a header carries it
_TOKEN: Final = re.compile(r"[!-~]+")
# RFC 6749, section 5.2: what each error means for the person who runs the workflow
_FIXES: Final = {
    "invalid_client": "check `client_id` and `client_secret`; some servers want them in the body: give"
    " `client_authentication: post`",
    "invalid_grant": "what was given has expired, was revoked or is wrong: get a new one",
    "invalid_scope": "give the `scopes` that the server knows",
    "unauthorized_client": "allow the client this grant at the server, or choose another with `flow`",
    "unsupported_grant_type": "choose another grant with `flow`, or give the token itself",
    "invalid_request": "check `token_url`, `flow` and `scopes`",
}
_ENDPOINT_FIX: Final = "check that `token_url` is the token endpoint, or give the token itself"
_LONGEST_DESCRIPTION: Final = 200
_DIGITS: Final = re.compile("[0-9]{1,20}")
_LONGEST_SECONDS: Final = 10**9


class TokenGrant(Struct, frozen=True):
    """What gets a token: equal grants get the same token. Without a ``url``, it has to be discovered first.

    ``person_url`` is where a person is asked, or a code for one, when only a person can grant it.
    """

    grant: Grant
    url: str
    client: OAuthClient
    scopes: tuple[str, ...] = ()
    person_url: str = ""

    @property
    def is_located(self) -> bool:
        """Whether every endpoint is known that the grant needs."""
        return bool(self.url) and (bool(self.person_url) or self.grant not in INTERACTIVE)

    @property
    def endpoint(self) -> str:
        """The token endpoint as it may be shown."""
        return self.url.partition("?")[0]


class Token(Struct, frozen=True):
    """A token that was granted; ``expires_at`` is in seconds since the epoch, ``None`` when nobody knows."""

    value: str
    expires_at: float | None = None
    refresh_token: str = ""

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at!r})"

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown."""
        return tuple(filter(None, (self.value, self.refresh_token)))


class Refusal(Struct, frozen=True):
    """Why there is no token, and what to do; ``error`` is the code of RFC 6749, if there was one."""

    reason: str
    fix: str
    error: str = ""


# A grant, or what is wrong with what was given for it
Planned: TypeAlias = TokenGrant | str


def plan_grant(scheme: SecurityScheme, client: OAuthClient, scopes: tuple[str, ...]) -> Planned:
    """Return the grant that gets a token for an operation with these scopes, or why there is none."""
    flows = {flow.grant: flow for flow in scheme.flows}
    grant = _choose(client, flows, scheme)
    if grant is None:
        return _unchosen(client)
    # RFC 6749, section 6: "if omitted is treated as equal to the scope originally granted by the resource owner"
    wanted = client.scopes or (() if grant is Grant.REFRESH_TOKEN else scopes)
    url = client.token_url or _token_url(grant, flows)
    planned = TokenGrant(grant, url, client, wanted, _person_url(grant, client, flows))
    return _problem_of_client(grant, client) or _problem_of_urls(planned, scheme) or planned


def _problem_of_client(grant: Grant, client: OAuthClient) -> str:
    """Return why a grant cannot be asked for with what was given, ``""`` when it can."""
    missing = [name for name in ("client_id", *_NEEDED[grant]) if not getattr(client, name)]
    if missing:
        return f"`{grant.value}` needs {' and '.join(f'`{name}`' for name in missing)}"
    if client.unsendable:
        return f"{' and '.join(f'`{name}`' for name in client.unsendable)} cannot be sent: there is a control character"
    if client.client_authentication not in {"", "basic", "post"}:
        return "`client_authentication` must be `basic` or `post`"
    return ""


def _problem_of_urls(planned: TokenGrant, scheme: SecurityScheme) -> str:
    """Return why a grant cannot be asked for where it has to be, ``""`` when it can."""
    grant = planned.grant
    if not planned.url and not scheme.metadata_url:
        return f"the description names no token endpoint for `{grant.value}`: give `token_url`"
    if not planned.is_located and not scheme.metadata_url:
        name = "authorization_url" if grant is Grant.AUTHORIZATION_CODE else "device_authorization_url"
        return f"the description does not say where a person grants a token: give `{name}`"
    if any(each and not is_secure(each) for each in (planned.url, planned.person_url)):
        return "a token endpoint must be an https URL, or http on this machine, and so must the page of a login"
    return ""


def _choose(client: OAuthClient, flows: Mapping[str, OAuthFlow], scheme: SecurityScheme) -> Grant | None:
    if client.flow:
        return next((each for each in Grant if each.value == client.flow), None)
    # the first of which something was given: what is missing of it is told
    own = (Grant.REFRESH_TOKEN, Grant.PASSWORD)
    found = next((each for each in own if any(getattr(client, name) for name in _NEEDED[each])), None)
    asks = next((each for each in (Grant.AUTHORIZATION_CODE, Grant.DEVICE) if each.value in flows), None)
    if found is not None:
        return found
    # a client with a secret acts for itself where the description lets it, and else for a person
    if client.client_secret and (asks is None or Grant.CLIENT_CREDENTIALS.value in flows):
        return Grant.CLIENT_CREDENTIALS
    by_default = Grant.AUTHORIZATION_CODE if scheme.metadata_url and client.client_id else None
    return asks or by_default


def _unchosen(client: OAuthClient) -> str:
    listed = ", ".join(f"`{each.value}`" for each in Grant)
    if client.flow:
        return f"`flow` must be one of {listed}"
    return "a token is got with `client_id` and `client_secret`, `username` and `password`, or `refresh_token`"


def _person_url(grant: Grant, client: OAuthClient, flows: Mapping[str, OAuthFlow]) -> str:
    flow = flows.get(grant.value)
    match grant:
        case Grant.AUTHORIZATION_CODE:
            return client.authorization_url or ("" if flow is None else flow.authorization_url)
        case Grant.DEVICE:
            return client.device_authorization_url or ("" if flow is None else flow.device_authorization_url)
        case _:
            return ""


def _token_url(grant: Grant, flows: Mapping[str, OAuthFlow]) -> str:
    own = flows.get(grant.value)
    if own is not None:
        return own.token_url
    if grant is not Grant.REFRESH_TOKEN:
        return ""
    # "refreshUrl: The URL to be used for obtaining refresh tokens"
    return next((url for each in flows.values() if (url := each.refresh_url or each.token_url)), "")


def is_secure(url: str) -> bool:
    """Whether a URL may get credentials: over https, or over http within this machine."""
    # RFC 6749, section 3.2: "the authorization server MUST require the use of TLS" and "The endpoint URI MUST NOT
    # include a fragment component."
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


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
    if client.client_secret and client.client_authentication != "post":
        headers.append(("Authorization", f"Basic {basic_credentials(client)}"))
    else:
        form["client_id"] = client.client_id
        form |= {"client_secret": client.client_secret} if client.client_secret else {}
    return Request("POST", url, tuple(headers), urlencode(form).encode("ascii"))


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
    return Token(value, _expiry(found.get("expires_in"), now), refresh if isinstance(refresh, str) else "")


def read_answer(endpoint: str, client: OAuthClient, response: Response) -> dict[str, JsonValue] | Refusal:
    """Return the object that an endpoint of an OAuth server answered with, or why it is none."""
    status, content_type = response.status, header(response.headers, "content-type") or ""
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
