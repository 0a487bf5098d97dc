"""What must be settled before a run can get its tokens: where an OAuth server is, and what only a person can grant.

Decides for which credentials metadata is read or a person is asked, before the first request of the run. The result is
an access with which the run needs neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.security.authorization import TokenNeed
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.apis.security.grants import INTERACTIVE, TokenGrant, is_secure, plan_grant
from arazzo_engine.apis.security.oauth_client import AUTHENTICATIONS, NO_CLIENT, OAuthClient
from arazzo_engine.apis.security.requirements import choose_security
from arazzo_engine.apis.security.schemes import ways_to_give
from arazzo_engine.apis.security.token_endpoint import Refusal, read_answer
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.machine.effects import Send
from arazzo_engine.printable import in_line
from arazzo_engine.world.authorizing.desk import Issuer, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.world.authorizing.desk import Desk, Person

# OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3
_WELL_KNOWN: Final = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
_ENDPOINTS: Final = {
    "token_url": "token_endpoint",
    "authorization_url": "authorization_endpoint",
    "device_authorization_url": "device_authorization_endpoint",
}
# RFC 8414, section 2, and RFC 9207, section 3: what is read besides the endpoints, and of which kind it is
_METHODS: Final = "token_endpoint_auth_methods_supported"
_NAMES_ITSELF: Final = "authorization_response_iss_parameter_supported"
_MEMBERS: Final[dict[str, tuple[type, str]]] = {
    "issuer": (str, "a text"),
    _METHODS: (list, "a list of texts"),
    _NAMES_ITSELF: (bool, "`true` or `false`"),
}
_MOST: Final = 5
_LONGEST: Final = 50


class _Open(Struct):
    """A credential that is not settled, and all the scopes that the steps need of it."""

    source: str
    scheme: SecurityScheme
    credential: Credential
    client: OAuthClient
    scopes: list[str]


def settle_access(workflows: Iterable[LinkedWorkflow], access: Access, desk: Desk, person: Person | None) -> Access:
    """Return the access with every token endpoint known, and every token that only a person can grant.

    ``person`` is ``None`` when nobody is there. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``token-not-granted``.
    """
    unsettled = _unsettled(workflows, access)
    for each in unsettled.values():
        if person is None and _grant(each).grant in INTERACTIVE:
            raise ArazzoError(_nobody(each))
    settled = {key: _settle(each, desk, person) for key, each in unsettled.items()}
    return replace(access, credentials=Credentials({**access.credentials.by_scheme, **settled}))


def _unsettled(workflows: Iterable[LinkedWorkflow], access: Access) -> dict[tuple[str, str], _Open]:
    found: dict[tuple[str, str], _Open] = {}
    for source, need in _needs(workflows, access):
        is_known = bool(need.grant.url) and (need.grant.grant not in INTERACTIVE or need.initial is not None)
        credential = access.credentials.find(source, need.scheme.name)
        if credential is None or is_known:
            continue
        key = source, need.scheme.name
        opened = found.setdefault(key, _Open(source, need.scheme, credential, need.grant.client, []))
        opened.scopes.extend(scope for scope in need.grant.scopes if scope not in opened.scopes)
    return found


def _needs(workflows: Iterable[LinkedWorkflow], access: Access) -> Iterator[tuple[str, TokenNeed]]:
    for step in (each for workflow in workflows for each in workflow.steps):
        if isinstance(step.target, Operation):
            need = choose_security(step.target, step.given, access).need
            if isinstance(need, TokenNeed):
                yield step.target.source, need


def _settle(unsettled: _Open, desk: Desk, person: Person | None) -> Credential:
    client, issuer = _discover(unsettled, desk)
    unsettled = replace(unsettled, client=client)
    grant = _grant(unsettled)
    if person is None or grant.grant not in INTERACTIVE:
        # a text that was a client's id and secret has become the client
        is_text = unsettled.credential.client is None
        return replace(unsettled.credential, value="" if is_text else unsettled.credential.value, client=client)
    from arazzo_engine.world.authorizing.logins import log_in  # noqa: PLC0415 - most runs need nobody

    token = log_in(Wanted(grant, unsettled.scheme, issuer), desk, person)
    following = replace(client, token_url=grant.refreshing().url, refresh_token=token.refresh_token, flow="")
    # without a refresh token there is no next token
    return replace(unsettled.credential, value=token.value, client=following if token.refresh_token else NO_CLIENT)


def _grant(unsettled: _Open) -> TokenGrant:
    planned = plan_grant(unsettled.scheme, unsettled.client, tuple(unsettled.scopes))
    if isinstance(planned, str):
        raise ArazzoError(diagnose("credential-malformed", f"`{unsettled.scheme.name}` cannot be used: {planned}"))
    return planned


def _discover(unsettled: _Open, desk: Desk) -> tuple[OAuthClient, Issuer]:
    """Return the client with the endpoints that the server's metadata names, where none is known, and its name."""
    url, client = unsettled.scheme.metadata_url, unsettled.client
    if _grant(unsettled).is_located or not url:
        return client, Issuer(client.issuer)
    metadata = _read_metadata(unsettled, desk)
    for name, member in _ENDPOINTS.items():
        found = metadata.get(member)
        if getattr(client, name) or found is None:
            continue
        if not isinstance(found, str) or not is_secure(found):
            raise ArazzoError(_undiscovered(unsettled, f"names a `{name}` that is no https URL"))
        client = replace(client, **{name: found})
    if not client.token_url:
        raise ArazzoError(_undiscovered(unsettled, "names no token endpoint"))
    client = replace(client, client_authentication=client.client_authentication or _authentication(unsettled, metadata))
    return client, Issuer(client.issuer or str(metadata.get("issuer") or ""), metadata.get(_NAMES_ITSELF) is True)


def _authentication(unsettled: _Open, metadata: dict[str, JsonValue]) -> str:
    # RFC 8414, section 2: "If omitted, the default is "client_secret_basic""
    methods = metadata.get(_METHODS) or ["client_secret_basic"]
    known = [each for each in AUTHENTICATIONS if isinstance(methods, list) and each in methods]
    if known or not unsettled.client.client_secret:
        return min(known, default="")
    listed = ", ".join(f"`{in_line(str(each))[:_LONGEST]}`" for each in list(methods)[:_MOST])
    raise ArazzoError(_undiscovered(unsettled, f"takes no client by its secret, but only by {listed}"))


def _read_metadata(unsettled: _Open, desk: Desk) -> dict[str, JsonValue]:
    url = unsettled.scheme.metadata_url
    if not is_secure(url):
        raise ArazzoError(_undiscovered(unsettled, "must have an https URL, or an http one on this machine"))
    answer = desk.world.send(Send(Request("GET", url, (("Accept", "application/json"),)), None, desk.timeout))
    if isinstance(answer.result, NoResponse):
        raise ArazzoError(_undiscovered(unsettled, f"cannot be read: {answer.result.reason}"))
    found = read_answer(url, unsettled.client, answer.result)
    if isinstance(found, Refusal):
        raise ArazzoError(_undiscovered(unsettled, f"cannot be read: {found.reason}"))
    for name, (kind, described) in _MEMBERS.items():
        if not _is(found.get(name), kind):
            raise ArazzoError(_undiscovered(unsettled, f"names `{name}` as something else than {described}"))
    if not _is_of_its_issuer(url, found.get("issuer")):
        raise ArazzoError(_undiscovered(unsettled, "are those of another issuer"))
    return found


def _is(value: JsonValue, kind: type) -> bool:
    """Whether a member is of a kind, or not there; a list is one of texts."""
    is_kind = value is None or type(value) is kind
    return is_kind and not (isinstance(value, list) and any(not isinstance(each, str) for each in value))


def _is_of_its_issuer(url: str, issuer: JsonValue) -> bool:
    # RFC 8414, section 3.3: "The "issuer" value returned MUST be identical to the authorization server's issuer
    # identifier value into which the well-known URI string was inserted to create the URL used to retrieve the
    # metadata."
    named = next((each for each in _WELL_KNOWN if each in url), None)
    return named is None or (isinstance(issuer, str) and issuer.rstrip("/") == url.replace(named, "", 1).rstrip("/"))


def _undiscovered(unsettled: _Open, reason: str) -> Diagnostic:
    url = unsettled.scheme.metadata_url.partition("?")[0]
    message = f"there is no token for `{unsettled.scheme.name}`: the metadata at {url} {reason}"
    fix = "give the `token_url` that the server documents, or the token itself"
    return diagnose("token-not-granted", message, unsettled.scheme.at.location(), fix=fix)


def _nobody(unsettled: _Open) -> Diagnostic:
    name = unsettled.scheme.name
    message = f"only a person at a terminal can grant a token for `{name}`, and nobody is there"
    ways = ", or ".join(ways_to_give(unsettled.source, unsettled.scheme))
    fix = f"run it at a terminal, or give a token with {ways}"
    return diagnose("credential-missing", message, unsettled.scheme.at.location(), fix=fix)
