"""Grants of OAuth: which one gets a token for an operation, and where it is asked for.

Decides that a token is got over https or within the machine alone, and names what is missing for a grant. What is asked
of the server is decided by ``token_endpoint``. No secret is ever part of a message or a representation.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.security.oauth_client import AUTHENTICATIONS, OAuthClient
from arazzo_engine.documents.uris import is_loopback
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.descriptions.operations import OAuthFlow, SecurityScheme


class Grant(StrEnum):
    """The ways of getting a token, by the names of OpenAPI's flows."""

    CLIENT_CREDENTIALS = "clientCredentials"
    PASSWORD = "password"  # noqa: S105 - the name of a flow
    REFRESH_TOKEN = "refreshToken"  # noqa: S105 - the same
    AUTHORIZATION_CODE = "authorizationCode"
    DEVICE = "deviceAuthorization"


# the grants that only a person can give
INTERACTIVE: Final = frozenset({Grant.AUTHORIZATION_CODE, Grant.DEVICE})
# What a person must have given for each grant. RFC 6749 asks for no client in sections 4.3.2 and 6, but where "the
# client was issued client credentials"
_NEEDED: Final = {
    Grant.CLIENT_CREDENTIALS: ("client_id", "client_secret"),
    Grant.PASSWORD: ("username", "password"),
    Grant.REFRESH_TOKEN: ("refresh_token",),
    Grant.AUTHORIZATION_CODE: ("client_id",),
    Grant.DEVICE: ("client_id",),
}
# What the requests of a grant say themselves: nobody else says it
_OWN: Final = frozenset(
    (
        *("grant_type", "client_id", "client_secret", "scope", "username", "password", "refresh_token"),
        *("response_type", "response_mode", "redirect_uri", "state", "code", "code_verifier", "code_challenge"),
        *("code_challenge_method", "device_code", "request", "request_uri"),
    )
)
# RFC 8707, section 2: "Multiple resource parameters MAY be used"; RFC 8693 says the same of both
_REPEATABLE: Final = frozenset({"resource", "audience"})
_OTHER_URLS: Final = "give the URLs that the server documents (`token_url`, `authorization_url`), or the token itself"
# `urlsplit` drops some of these, and other readers take others for a slash
_AMBIGUOUS: Final = lazy_pattern(r"[\s\\]")


class TokenGrant(Struct, frozen=True):
    """What gets a token: equal grants get the same token. Without a ``url``, it has to be discovered first.

    ``person_url`` is where a person is asked, or a code for one, when only a person can grant it; ``refresh_url`` where
    a token is refreshed, if not at ``url``.
    """

    grant: Grant
    url: str
    client: OAuthClient
    scopes: tuple[str, ...] = ()
    person_url: str = ""
    refresh_url: str = ""

    @property
    def is_located(self) -> bool:
        """Whether every endpoint is known that the grant needs."""
        return bool(self.url) and (bool(self.person_url) or self.grant not in INTERACTIVE)

    @property
    def endpoint(self) -> str:
        """The token endpoint as it may be shown."""
        return self.url.partition("?")[0]

    def refreshing(self) -> TokenGrant:
        """Return the same for its refresh tokens, which may have an endpoint of their own."""
        return replace(self, url=self.refresh_url or self.url)


class Token(Struct, frozen=True):
    """A token that was granted; ``expires_at`` is in seconds since the epoch, ``None`` when nobody knows.

    ``lacking`` are the scopes that were asked for and not granted.
    """

    value: str
    expires_at: float | None = None
    refresh_token: str = ""
    lacking: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at!r})"

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown."""
        return tuple(filter(None, (self.value, self.refresh_token)))


class Unplanned(Struct, frozen=True):
    """Why there is no grant, and what to do; without a ``fix``, something else has to be given."""

    reason: str
    fix: str = ""


Planned: TypeAlias = TokenGrant | Unplanned


def plan_grant(scheme: SecurityScheme, client: OAuthClient, scopes: tuple[str, ...]) -> Planned:
    """Return the grant that gets a token for an operation with these scopes, or why there is none."""
    flows = {flow.grant: flow for flow in scheme.flows}
    grant = _choose(client, flows, scheme)
    if grant is None:
        return _unchosen(client, flows)
    # RFC 6749, section 6: "if omitted is treated as equal to the scope originally granted by the resource owner"
    wanted = client.scopes or (() if grant is Grant.REFRESH_TOKEN else scopes)
    url = client.token_url or _token_url(grant, flows)
    # "refreshUrl: The URL to be used for obtaining refresh tokens": of this flow, at a server that nobody replaced
    refresh_url = "" if client.token_url or grant.value not in flows else flows[grant.value].refresh_url
    planned = TokenGrant(grant, url, client, wanted, _person_url(grant, client, flows), refresh_url)
    return _problem_of_client(grant, client) or _problem_of_urls(planned, scheme) or planned


def _problem_of_client(grant: Grant, client: OAuthClient) -> Unplanned | None:
    """Return why a grant cannot be asked for with what was given, ``None`` when it can."""
    needed = (*(["client_id"] if client.client_secret else []), *_NEEDED[grant])
    missing = [name for name in dict.fromkeys(needed) if not getattr(client, name)]
    if missing:
        return Unplanned(f"`{grant.value}` needs {' and '.join(f'`{name}`' for name in missing)}")
    if client.unsendable:
        names = " and ".join(f"`{name}`" for name in client.unsendable)
        return Unplanned(f"{names} cannot be sent: there is a control character", "take it out")
    if client.client_authentication not in AUTHENTICATIONS:
        ways = "`basic` or `post` (`client_secret_basic` or `client_secret_post`)"
        return Unplanned(f"`client_authentication` must be {ways}", "give one of them, or leave it out")
    return _problem_of_parameters(client)


def _problem_of_parameters(client: OAuthClient) -> Unplanned | None:
    names = [name for name, _ in client.parameters]
    own = [name for name in names if name.lower() in _OWN]
    if own:
        fix = "leave it out; a credential has members for what a grant says"
        return Unplanned(f"`parameters` must not say {_listed(own)}, which a grant says itself", fix)
    if "" in names:
        return Unplanned("`parameters` has one without a name", "name it, or leave it out")
    # RFC 6749, section 3.2: "Request and response parameters MUST NOT be included more than once."
    twice = [name for name in names if names.count(name) > 1 and name not in _REPEATABLE]
    return Unplanned(f"`parameters` says {_listed(twice)} more than once", "say it once") if twice else None


def _problem_of_urls(planned: TokenGrant, scheme: SecurityScheme) -> Unplanned | None:
    """Return why a grant cannot be asked for where it has to be, ``None`` when it can."""
    grant, urls = planned.grant, (planned.url, planned.person_url, planned.refresh_url)
    if not planned.url and not scheme.metadata_url:
        offered = _offered(scheme.flows)
        instead = f", or what its own flows need: {_ways(offered)}" if offered else ""
        reason = f"the description names no token endpoint for `{grant.value}`: give `token_url`{instead}"
        return Unplanned(reason, "add it to the credential, or give the token itself")
    if not planned.is_located and not scheme.metadata_url:
        name = "authorization_url" if grant is Grant.AUTHORIZATION_CODE else "device_authorization_url"
        reason = f"the description does not say where a person grants a token: give `{name}`"
        return Unplanned(reason, "add it to the credential, or give the token itself")
    if any(each and not is_secure(each) for each in urls):
        reason = "a token endpoint must be an https URL, or http on this machine, and so must the page of a login"
        return Unplanned(reason, _OTHER_URLS)
    queries = (urlsplit(each).query for each in urls)
    own = [name for query in queries for name, _ in parse_qsl(query, keep_blank_values=True) if name.lower() in _OWN]
    reason = f"the query of an endpoint must not say {_listed(own)}, which a grant says itself"
    return Unplanned(reason, _OTHER_URLS) if own else None


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


def _unchosen(client: OAuthClient, flows: Mapping[str, OAuthFlow]) -> Unplanned:
    if client.flow:
        return Unplanned(f"`flow` must be one of {_listed(each.value for each in Grant)}", "give one of them")
    usable = _offered(flows.values()) or (Grant.CLIENT_CREDENTIALS, Grant.PASSWORD)
    return Unplanned(f"a token is got with {_ways((*usable, Grant.REFRESH_TOKEN))}")


def _offered(flows: Iterable[OAuthFlow]) -> tuple[Grant, ...]:
    """Return the grants that flows are for; the implicit flow is for none."""
    names = {flow.grant for flow in flows}
    return tuple(each for each in Grant if each.value in names)


def needed_for(flows: Iterable[OAuthFlow]) -> tuple[tuple[str, ...], ...]:
    """Return what has to be given for each grant that flows are for."""
    return tuple(dict.fromkeys(_NEEDED[each] for each in _offered(flows)))


def _ways(grants: Iterable[Grant]) -> str:
    ways = list(dict.fromkeys(" and ".join(f"`{name}`" for name in _NEEDED[each]) for each in grants))
    return ", or ".join(filter(None, (", ".join(ways[:-1]), ways[-1])))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in dict.fromkeys(names))


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
    if not host or "#" in url or parts.username is not None or _AMBIGUOUS.search(url) or not url.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
