"""How a credential stands in a request: as a key, as ``Authorization: Basic`` or ``Bearer``, or as a need.

A need is what can only be met when the request is sent: a token, an answer to a challenge. Decides what a credential
must look like for each kind of scheme, and no credential is ever part of a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.security.credentials import Credential, client_in, encode_basic
from arazzo_engine.apis.security.schemes import OAUTH, kind_for, kind_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import (
        SecurityRequirement,
        SecurityScheme,
    )
    from arazzo_engine.apis.security.credentials import Entry
    from arazzo_engine.apis.security.digest import DigestLogin
    from arazzo_engine.apis.security.grants import Token, TokenGrant
    from arazzo_engine.apis.security.oauth_client import OAuthClient

# What a credential must look like, and what is said of one that does not
_ANY_TEXT: Final = (
    lazy_pattern("[^\x00-\x1f\x7f\ud800-\udfff]+"),
    "it is empty, or has a line break or another control character",
)
_HEADER_TEXT: Final = (
    lazy_pattern("[!-~]([ -~]*[!-~])?"),
    "it is empty, or has a line break, a space at an end or another character that a header cannot carry",
)
_TOKEN_ALONE: Final = (lazy_pattern("(?!bearer ).*", re.IGNORECASE), "it must be the token alone, without `Bearer`")
_PAIR: Final = (lazy_pattern("[^:]*:.*"), "it must be `user:password`")
# RFC 6265, section 4.1.1, cookie-octet: what a cookie carries as it is
_COOKIE_OCTETS: Final = "!#$%&'()*+-./:<=>?@[]^_`{|}~"


class TokenNeed(Struct, frozen=True):
    """A scheme that is satisfied by a token, which has to be got first, or when the ``initial`` one has ended.

    ``origin`` says who gave what gets it, ``entry`` where it is kept beyond the run.
    """

    scheme: SecurityScheme
    grant: TokenGrant
    initial: Token | None = None
    origin: str = ""
    entry: Entry | None = None

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The URLs that get the token, or say where it is got."""
        grant = self.grant
        return tuple(filter(None, (grant.url or self.scheme.metadata_url, grant.person_url, grant.refresh_url)))


class DigestNeed(Struct, frozen=True):
    """A scheme that is satisfied by an answer to the server's challenge."""

    scheme: SecurityScheme
    login: DigestLogin


class Signature(Struct, frozen=True):
    """A scheme of a source that a function of the user's satisfies, and the header where the scheme has its proof."""

    source: str
    scheme: SecurityScheme

    @property
    def header(self) -> str:
        """The header that the scheme names."""
        is_named = self.scheme.type == "apiKey" and self.scheme.location is In.HEADER
        return self.scheme.parameter_name if is_named else "Authorization"


# What can be added to a request only when it is sent
Need: TypeAlias = TokenNeed | DigestNeed


class SecurityChoice(Struct, frozen=True):
    """What the credentials add to a request, and what is added when it is sent."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    need: Need | None = None
    signatures: tuple[Signature, ...] = ()

    def joined(self, other: SecurityChoice) -> SecurityChoice:
        """Return what both add."""
        return SecurityChoice(
            self.headers + other.headers,
            self.query + other.query,
            self.cookies + other.cookies,
            self.need or other.need,
            self.signatures + other.signatures,
        )


def authorize(requirement: SecurityRequirement, credential: Credential) -> SecurityChoice:
    """Return what a credential adds to a request for a scheme, or what gets it when the request is sent.

    Raises ``ArazzoError`` (``credential-malformed``).
    """
    client = _client_for(requirement.scheme, credential)
    if client is not None:
        return _need_token(requirement, credential, client)
    return _write(requirement.scheme, credential)


def gets_token(scheme: SecurityScheme, credential: Credential | None) -> bool:
    """Whether a credential gets a token that is sent, rather than being sent itself."""
    return credential is not None and _client_for(scheme, credential) is not None


def _client_for(scheme: SecurityScheme, credential: Credential) -> OAuthClient | None:
    """Return the client that gets the token, ``None`` when the credential is what is sent."""
    if kind_of(scheme) not in OAUTH:
        return None
    client = credential.client
    return client_in(credential.value) if client is None else None if client.is_empty else client


def _need_token(requirement: SecurityRequirement, credential: Credential, client: OAuthClient) -> SecurityChoice:
    from arazzo_engine.apis.security.grants import Token, Unplanned, plan_grant  # noqa: PLC0415 - few runs have a client

    planned = plan_grant(requirement.scheme, client, requirement.scopes)
    if isinstance(planned, Unplanned):
        raise ArazzoError(_malformed(requirement.scheme, credential, planned.reason, planned.fix))
    granted, is_token = credential.granted, bool(credential.value) and client is credential.client
    initial = Token(credential.value, granted.expires_at, lacking=granted.lacking) if is_token else None
    need = TokenNeed(requirement.scheme, planned, initial, credential.origin, granted.entry)
    return SecurityChoice(need=need)


def _write(scheme: SecurityScheme, credential: Credential) -> SecurityChoice:
    value, kind = _text_of(credential, scheme), kind_of(scheme)
    for form, otherwise in _required_forms(scheme):
        if not form.fullmatch(value):
            raise ArazzoError(_malformed(scheme, credential, otherwise))
    match kind, scheme.location:
        case "apiKey", In.QUERY:
            return SecurityChoice(query=(f"{quote(scheme.parameter_name, safe='')}={quote(value, safe='')}",))
        case "apiKey", In.COOKIE:
            return SecurityChoice(cookies=(f"{scheme.parameter_name}={quote(value, safe=_COOKIE_OCTETS)}",))
        case "apiKey", _:
            return SecurityChoice(headers=((scheme.parameter_name, value),))
        # RFC 7617, section 2: "the user-id and password MUST be separated by a single colon"
        case "basic", _:
            return SecurityChoice(headers=(("Authorization", f"Basic {encode_basic(value)}"),))
        case "digest", _:
            from arazzo_engine.apis.security.digest import DigestLogin  # noqa: PLC0415 - few runs use digest

            return SecurityChoice(need=DigestNeed(scheme, DigestLogin(*_pair_of(credential))))
        case _:
            return SecurityChoice(headers=(("Authorization", f"Bearer {value}"),))


def _text_of(credential: Credential, scheme: SecurityScheme) -> str:
    if kind_of(scheme) not in {"basic", "digest"} or credential.client is None:
        return credential.value
    user, password = _pair_of(credential)
    # RFC 7617, section 2: "a user-id containing a colon character is invalid, as the first colon in a user-pass string
    # separates user-id and password from one another"
    if kind_of(scheme) == "basic" and ":" in user:
        reason = "a user with a colon would lose what follows it to the password"
        fix = "HTTP Basic cannot send such a user: give one without a colon"
        raise ArazzoError(_malformed(scheme, credential, reason, fix))
    return f"{user}:{password}" if user or password else credential.value


def _pair_of(credential: Credential) -> tuple[str, str]:
    """Return the user and the password, either of which may be empty."""
    client = credential.client
    if client is not None and (client.username or client.password):
        return client.username, client.password
    user, _, password = credential.value.partition(":")
    return user, password


def _required_forms(scheme: SecurityScheme) -> tuple[tuple[re.Pattern[str], str], ...]:
    match kind_of(scheme):
        case "basic" | "digest":
            return _ANY_TEXT, _PAIR
        case "apiKey":
            return (_HEADER_TEXT if scheme.location is In.HEADER else _ANY_TEXT,)
        case _:
            return _HEADER_TEXT, _TOKEN_ALONE


def _malformed(scheme: SecurityScheme, credential: Credential, reason: str, fix: str = "") -> Diagnostic:
    origin = f" from {credential.origin}" if credential.origin else ""
    message = f"the credential for `{scheme.name}`{origin} cannot be used: {reason}"
    forms = " or ".join(f"`{form}`" for form in kind_for(scheme).written())
    return diagnose("credential-malformed", message, fix=fix or f"give it as {forms}")
