"""What must be settled before a run can get its tokens: where an OAuth server is, and what only a person can grant.

Decides for which credentials metadata is read or a person is asked, before the first request of the run. The result is
an access with which the run needs neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.security.credentials import Credential, Credentials, Granted
from arazzo_engine.apis.security.grants import INTERACTIVE, Grant, is_secure
from arazzo_engine.apis.security.oauth_client import AUTHENTICATIONS, OAuthClient
from arazzo_engine.apis.security.schemes import TOKEN_ALONE, ways_to_give
from arazzo_engine.apis.security.token_endpoint import Refusal, read_answer
from arazzo_engine.apis.servers import is_allowed
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.machine.effects import Send
from arazzo_engine.printable import in_line
from arazzo_engine.world.authorizing.desk import Issuer, Wanted
from arazzo_engine.world.authorizing.unsettled import Unsettled, Wants, unsettled_in

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def settle_access(workflows: Iterable[LinkedWorkflow], access: Access, desk: Desk, person: Person | None) -> Access:
    """Return the access with every token endpoint known, and every token that only a person can grant.

    ``person`` is ``None`` when nobody is there. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``host-not-allowed``, ``token-not-granted``, ``option-invalid`` for a token store.
    """
    unsettled = unsettled_in(workflows, access, Wants(has_store=desk.store is not None))
    desk = replace(desk, allowed_hosts=access.allowed_hosts)
    for each in unsettled.values():
        # before anything is asked of anybody
        if person is None and each.grant().grant in INTERACTIVE and not _is_kept(each, desk):
            raise ArazzoError(nobody(each))
    settled = {key: _recalled(each, desk) or settle(each, desk, person) for key, each in unsettled.items()}
    return replace(access, credentials=Credentials({**access.credentials.by_scheme, **settled}))


def _is_kept(unsettled: Unsettled, desk: Desk) -> bool:
    kept = None if desk.store is None else desk.store.find(unsettled.entry())
    if kept is None:
        return False
    from arazzo_engine.world.authorizing.kept_tokens import lasts  # noqa: PLC0415 - few runs have a store

    return bool(kept.refresh_token) or lasts(kept, desk)


def _recalled(unsettled: Unsettled, desk: Desk) -> Credential | None:
    if desk.store is None or unsettled.grant().grant not in {*INTERACTIVE, Grant.REFRESH_TOKEN}:
        return None
    from arazzo_engine.world.authorizing.kept_tokens import recall  # noqa: PLC0415 - few runs have a store

    return recall(unsettled, desk)


def settle(unsettled: Unsettled, desk: Desk, person: Person | None) -> Credential:
    """Return a credential with which a run needs nobody; raises ``ArazzoError``."""
    entry = unsettled.entry()
    client, issuer = _discover(unsettled, desk)
    unsettled = replace(unsettled, client=client)
    grant = unsettled.grant()
    for url in filter(None, (grant.url, grant.person_url, grant.refresh_url)):
        if not is_allowed(url, desk.allowed_hosts):
            raise ArazzoError(_not_allowed(unsettled, url, desk))
    entry = replace(entry, token_url=grant.refreshing().url)
    if grant.grant not in INTERACTIVE:
        # a text that was a client's id and secret has become the client
        is_text = unsettled.credential.client is None
        known = Granted(entry=entry if desk.store is not None and grant.grant is Grant.REFRESH_TOKEN else None)
        value = "" if is_text else unsettled.credential.value
        return replace(unsettled.credential, value=value, client=client, granted=known)
    if person is None:
        raise ArazzoError(nobody(unsettled))
    from arazzo_engine.world.authorizing.kept_tokens import granted  # noqa: PLC0415 - most runs need nobody
    from arazzo_engine.world.authorizing.logins import log_in  # noqa: PLC0415 - the same

    token = log_in(Wanted(grant, unsettled.scheme, issuer), desk, person)
    if desk.store is not None:
        desk.store.keep(entry, token)
    return granted(unsettled, grant, token, None if desk.store is None else entry)


def _discover(unsettled: Unsettled, desk: Desk) -> tuple[OAuthClient, Issuer]:
    """Return the client with the endpoints that the server's metadata names, where none is known, and its name."""
    url, client = unsettled.scheme.metadata_url, unsettled.client
    if unsettled.grant().is_located or not url:
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


def _authentication(unsettled: Unsettled, metadata: dict[str, JsonValue]) -> str:
    # RFC 8414, section 2: "If omitted, the default is "client_secret_basic""
    methods = metadata.get(_METHODS) or ["client_secret_basic"]
    known = [each for each in AUTHENTICATIONS if isinstance(methods, list) and each in methods]
    if known or not unsettled.client.client_secret:
        return min(known, default="")
    listed = ", ".join(f"`{in_line(str(each))[:_LONGEST]}`" for each in list(methods)[:_MOST])
    raise ArazzoError(_undiscovered(unsettled, f"takes no client by its secret, but only by {listed}"))


def _read_metadata(unsettled: Unsettled, desk: Desk) -> dict[str, JsonValue]:
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


def _undiscovered(unsettled: Unsettled, reason: str) -> Diagnostic:
    url = unsettled.scheme.metadata_url.partition("?")[0]
    message = f"there is no token for `{unsettled.scheme.name}`: the metadata at {url} {reason}"
    fix = "give the `token_url` that the server documents, or the token itself"
    return diagnose("token-not-granted", message, unsettled.scheme.at.location(), fix=fix)


def _not_allowed(unsettled: Unsettled, endpoint: str, desk: Desk) -> Diagnostic:
    url = unsettled.scheme.metadata_url.partition("?")[0]
    named = f"the metadata at {url} names `{in_line(endpoint.partition('?')[0])}`"
    message = f"{named} for `{unsettled.scheme.name}`, and `--allow-host` does not name that host"
    listed = ", ".join(f"`{each}`" for each in desk.allowed_hosts)
    fix = f"add it with `--allow-host`; allowed are {listed}"
    return diagnose("host-not-allowed", message, unsettled.scheme.at.location(), fix=fix)


def nobody(unsettled: Unsettled, fix: str = "") -> Diagnostic:
    """Return the problem that nobody is there who could log in; the ``fix`` is that of a run, unless it is given."""
    name = unsettled.scheme.name
    message = f"only a person at a terminal can grant a token for `{name}`, and nobody is there"
    if not fix:
        ways = ", or ".join(ways_to_give(unsettled.source, unsettled.scheme, TOKEN_ALONE))
        before = "log in before with `arazzo login` and `--token-store`"
        fix = f"run it at a terminal, or {before}, or give a token with {ways}"
    return diagnose("credential-missing", message, unsettled.scheme.at.location(), fix=fix)
