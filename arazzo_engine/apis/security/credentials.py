"""Credentials: what an operation's security needs, what satisfies it, and how a credential stands in a request.

Decides which alternative is used, and names every way to give a credential that is missing. Where credentials are
read from is not known here, and none is ever part of a message.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import UNDEFINED, In
from arazzo_engine.apis.security.client import OAuthClient
from arazzo_engine.apis.security.kinds import KINDS, MUTUAL_TLS, OAUTH, is_run, kind_of, place, place_of, ways_to_give
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import (
        Operation,
        ParameterDescription,
        SecurityRequirement,
        SecurityScheme,
    )
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.apis.security.digest import DigestLogin
    from arazzo_engine.apis.security.oauth import Token, TokenGrant

# The name and location of a parameter that a step sets
Given: TypeAlias = tuple[str, str]
# What a credential must look like, and what is said of one that does not
_ANY_TEXT: Final = (
    re.compile("[^\x00-\x1f\x7f\ud800-\udfff]+"),
    "it is empty, or has a line break or another control character",
)
_HEADER_TEXT: Final = (
    re.compile("[!-~]([ -~]*[!-~])?"),
    "it is empty, or has a line break, a space at an end or another character that a header cannot carry",
)
_TOKEN_ALONE: Final = (re.compile("(?!bearer ).*", re.IGNORECASE), "it must be the token alone, without `Bearer`")
_PAIR: Final = (re.compile("[^:]*:.*"), "it must be `user:password`")
# RFC 6265, section 4.1.1, cookie-octet: what a cookie carries as it is
_COOKIE_OCTETS: Final = "!#$%&'()*+-./:<=>?@[]^_`{|}~"


class Credential(Typed, frozen=True):
    """A credential as it was given; ``origin`` says where.

    A ``client`` gets tokens: the first one, unless that is the ``value``, and each that follows. With one that has
    nothing, the value is a token, whatever it looks like.
    """

    value: str = ""
    origin: str = ""
    client: OAuthClient | None = None

    def _shown(self) -> str:
        return f"origin={self.origin!r}"

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown: it, what `basic` makes of it, its password, its client's."""
        user, separator, password = self.value.partition(":")
        client = self.client or _client_in(self.value)
        own = (self.value, _encode_basic(self.value), password if separator and user else "")
        pair = "" if client is None or not client.username else f"{client.username}:{client.password}"
        others = () if client is None else (*client.secrets(), pair, _encode_basic(pair))
        return tuple(filter(None, (*own, *others)))


class Credentials(Typed, frozen=True):
    """The credentials of a run, by source description and scheme; the source ``""`` stands for any."""

    by_scheme: Mapping[tuple[str, str], Credential] = field(default_factory=dict)

    def _shown(self) -> str:
        return " ".join(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The schemes, each as ``source.scheme``, or by itself when it stands for any source."""
        return tuple(f"{source}.{scheme}" if source else scheme for source, scheme in self.by_scheme)

    def find(self, source: str, scheme: str) -> Credential | None:
        """Return the credential for a scheme of a source."""
        return self.by_scheme.get((source, scheme), self.by_scheme.get(("", scheme)))

    def values(self) -> tuple[str, ...]:
        """Return every text that must never be shown."""
        return tuple(text for credential in self.by_scheme.values() for text in credential.secrets())


NO_CREDENTIALS: Final = Credentials()


class TokenNeed(Struct, frozen=True):
    """A scheme that is satisfied by a token, which has to be got first, or when the ``initial`` one has ended."""

    scheme: SecurityScheme
    grant: TokenGrant
    initial: Token | None = None

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The URLs that get the token, or say where it is got."""
        return tuple(filter(None, (self.grant.url or self.scheme.metadata_url, self.grant.person_url)))


class DigestNeed(Struct, frozen=True):
    """A scheme that is satisfied by an answer to the server's challenge."""

    scheme: SecurityScheme
    login: DigestLogin


# What can be added to a request only when it is sent
Need: TypeAlias = TokenNeed | DigestNeed


class SecurityChoice(Struct, frozen=True):
    """What the credentials add to a request, and what is added when it is sent."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    need: Need | None = None

    def joined(self, other: SecurityChoice) -> SecurityChoice:
        """Return what both add."""
        return SecurityChoice(
            self.headers + other.headers,
            self.query + other.query,
            self.cookies + other.cookies,
            self.need or other.need,
        )


class _Available(Struct, frozen=True):
    """What there is to satisfy security with: the places that the step sets, and the credentials."""

    operation: Operation
    places: frozenset[tuple[str, str]]
    access: Access

    def find(self, scheme: SecurityScheme) -> Credential | None:
        """Return the credential that must be added, ``None`` when the step sets its place or there is none."""
        if place_of(scheme) in self.places or not is_run(scheme):
            return None
        return self.access.credentials.find(self.operation.source, scheme.name)

    def lacking(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes of an alternative that nothing satisfies."""
        schemes = (requirement.scheme for requirement in alternative)
        return tuple(each for each in schemes if not self._is_satisfied(each))

    def _is_satisfied(self, scheme: SecurityScheme) -> bool:
        if kind_of(scheme) == MUTUAL_TLS:
            return self.access.has_client_certificate
        return place_of(scheme) in self.places or self.find(scheme) is not None


def choose_security(operation: Operation, given: Sequence[Given], access: Access) -> SecurityChoice:
    """Return what satisfies the operation's security.

    "Only one of the Security Requirement Objects need to be satisfied": the first alternative of which everything is
    there, by a credential or by a parameter of the step. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``unsupported-feature``, ``api-malformed``.
    """
    if not operation.security:
        return SecurityChoice()
    places = frozenset(place(name, location) for name, location in given)
    available = _Available(operation, places, access)
    # an alternative that needs nothing is for those who have nothing
    for alternative in sorted(operation.security, key=lambda each: not each):
        # "all schemes MUST be satisfied for a request to be authorized"
        if not available.lacking(alternative):
            return _apply(alternative, available)
    raise ArazzoError(*_missing(available))


def gets_token(scheme: SecurityScheme, credential: Credential | None) -> bool:
    """Whether a credential gets a token that is sent, rather than being sent itself."""
    return credential is not None and _client_for(scheme, credential) is not None


def satisfies(operation: Operation, description: ParameterDescription) -> bool:
    """Whether a parameter is the place of one of the operation's credentials."""
    places = {place_of(requirement.scheme) for alternative in operation.security for requirement in alternative}
    return place(description.name, description.location) in places


def _apply(alternative: Sequence[SecurityRequirement], available: _Available) -> SecurityChoice:
    joined = SecurityChoice()
    taken: dict[tuple[str, str] | None, SecurityScheme] = {}
    for requirement in alternative:
        scheme = requirement.scheme
        credential = available.find(scheme)
        if credential is None:
            continue
        if taken.setdefault(place_of(scheme), scheme) is not scheme:
            raise ArazzoError(_clash(taken[place_of(scheme)], scheme, available.operation))
        client = _client_for(scheme, credential)
        if client is not None:
            joined = joined.joined(_need_token(requirement, credential, client))
        else:
            joined = joined.joined(_write(scheme, credential))
    return joined


def _client_for(scheme: SecurityScheme, credential: Credential) -> OAuthClient | None:
    """Return the client that gets the token, ``None`` when the credential is what is sent."""
    if kind_of(scheme) not in OAUTH:
        return None
    client = credential.client
    return _client_in(credential.value) if client is None else None if client.is_empty else client


def _client_in(value: str) -> OAuthClient | None:
    # RFC 6750, section 2.1: a token has no colon, so a text with one is a client's id and secret
    client_id, separator, secret = value.partition(":")
    if not separator:
        return None
    return OAuthClient(client_id=client_id, client_secret=secret)


def _need_token(requirement: SecurityRequirement, credential: Credential, client: OAuthClient) -> SecurityChoice:
    from arazzo_engine.apis.security.oauth import Token, plan_grant  # noqa: PLC0415 - few runs have a client

    planned = plan_grant(requirement.scheme, client, requirement.scopes)
    if isinstance(planned, str):
        raise ArazzoError(_malformed(requirement.scheme, credential, planned))
    initial = Token(credential.value) if credential.value and client is credential.client else None
    return SecurityChoice(need=TokenNeed(requirement.scheme, planned, initial))


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
            return SecurityChoice(headers=(("Authorization", f"Basic {_encode_basic(value)}"),))
        case "digest", _:
            from arazzo_engine.apis.security.digest import DigestLogin  # noqa: PLC0415 - few runs use digest

            user, _, password = value.partition(":")
            return SecurityChoice(need=DigestNeed(scheme, DigestLogin(user, password)))
        case _:
            return SecurityChoice(headers=(("Authorization", f"Bearer {value}"),))


def _text_of(credential: Credential, scheme: SecurityScheme) -> str:
    client = credential.client
    is_pair = kind_of(scheme) in {"basic", "digest"}
    return f"{client.username}:{client.password}" if client and client.username and is_pair else credential.value


def _required_forms(scheme: SecurityScheme) -> tuple[tuple[re.Pattern[str], str], ...]:
    match kind_of(scheme):
        case "basic" | "digest":
            return _ANY_TEXT, _PAIR
        case "apiKey":
            return (_HEADER_TEXT if scheme.location is In.HEADER else _ANY_TEXT,)
        case _:
            return _HEADER_TEXT, _TOKEN_ALONE


def _encode_basic(value: str) -> str:
    # what is no UTF-8 is refused before it is sent, and still has to be masked
    return base64.b64encode(value.encode("utf-8", errors="replace")).decode("ascii")


def _malformed(scheme: SecurityScheme, credential: Credential, reason: str) -> Diagnostic:
    origin = f" from {credential.origin}" if credential.origin else ""
    message = f"the credential for `{scheme.name}`{origin} cannot be used: {reason}"
    kind = KINDS[kind_of(scheme)]
    forms = " or ".join(f"`{form}`" for form in (*kind.forms, *([kind.mapping] if kind.mapping else [])))
    return diagnose("credential-malformed", message, fix=f"give it as {forms}")


def _clash(first: SecurityScheme, second: SecurityScheme, operation: Operation) -> Diagnostic:
    message = f"operation `{operation.label}` needs `{first.name}` and `{second.name}` in one and the same place"
    return diagnose("unsupported-feature", message, second.at.location(), fix="set it with a step parameter")


def _missing(available: _Available) -> Iterator[Diagnostic]:
    """Yield what is missing of the alternatives that a credential can satisfy, or why none can."""
    lacking = [available.lacking(alternative) for alternative in available.operation.security]
    usable = [schemes for schemes in lacking if all(map(is_run, schemes))]
    if usable:
        yield _credential_missing(usable, available.operation)
        return
    for scheme in {each.name: each for schemes in lacking for each in schemes if not is_run(each)}.values():
        yield _not_run(scheme, available.operation)


def _credential_missing(alternatives: Sequence[Sequence[SecurityScheme]], operation: Operation) -> Diagnostic:
    wanted = ", or ".join(" and ".join(f"`{each.name}`" for each in schemes) for schemes in alternatives)
    schemes = {each.name: each for schemes in alternatives for each in schemes}
    is_one = len(schemes) == 1
    message = (
        f"operation `{operation.label}` of `{operation.source}` needs the credential{'' if is_one else 's'} {wanted}"
    )
    fixes = [
        ("give it with " if is_one else f"give `{name}` with ") + _listed(operation, schemes[name]) for name in schemes
    ]
    location = next(iter(schemes.values())).at.location()
    return diagnose("credential-missing", message, location, fix="; ".join(fixes))


def _listed(operation: Operation, scheme: SecurityScheme) -> str:
    ways = ways_to_give(operation.source, scheme)
    return ", or ".join(ways)


def _not_run(scheme: SecurityScheme, operation: Operation) -> Diagnostic:
    if scheme.type == "apiKey":
        message = f"the security scheme `{scheme.name}` does not say which header, query parameter or cookie it is"
        return diagnose("api-malformed", message, scheme.at.location(), fix="give it a `name`, and an `in`")
    if scheme.type == UNDEFINED:
        message = f"operation `{operation.label}` needs the security scheme `{scheme.name}`, which is not defined"
        fix = "define it in the description, or set the header `Authorization` with a step parameter"
        return diagnose("reference-not-found", message, scheme.at.key_location(), fix=fix)
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    message = f"operation `{operation.label}` needs `{scheme.name}`, and security of type `{kind}` is not run yet"
    fix = "".join(f"give it with {way}" for way in ways_to_give(operation.source, scheme))
    return diagnose("unsupported-feature", message, scheme.at.location(), fix=fix)
