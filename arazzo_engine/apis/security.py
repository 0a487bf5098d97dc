"""Credentials: what an operation's security needs, what satisfies it, and how a credential stands in a request.

Decides which alternative is used, and names every way to give a credential that is missing. Where credentials are
read from is not known here, and none is ever part of a message.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from msgspec import Struct, field

from arazzo_engine.apis.operations import In, ParameterDescription, SecurityRequirement, SecurityScheme
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.apis.operations import Operation

# The name and location of a parameter that a step sets
Given: TypeAlias = tuple[str, str]
_AUTHORIZATION: Final = (In.HEADER.value, "authorization")
_PLACES_OF_KEYS: Final = frozenset({In.HEADER, In.QUERY, In.COOKIE})
# What a person gives for each kind of scheme; a kind that is not here is not run yet
_FORMS: Final = {
    "apiKey": "key",
    "basic": "user:password",
    "bearer": "token",
    "oauth2": "token",
    "openIdConnect": "token",
}
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


class Credential(Struct, frozen=True):
    """A credential as it was given; ``origin`` says where."""

    value: str
    origin: str = ""

    def __repr__(self) -> str:
        return f"Credential(origin={self.origin!r})"


class Credentials(Struct, frozen=True):
    """The credentials of a run, by source description and scheme; the source ``""`` stands for any."""

    by_scheme: Mapping[tuple[str, str], Credential] = field(default_factory=dict)

    def find(self, source: str, scheme: str) -> Credential | None:
        """Return the credential for a scheme of a source."""
        return self.by_scheme.get((source, scheme), self.by_scheme.get(("", scheme)))

    def values(self) -> tuple[str, ...]:
        """Return every text that must never be shown: each credential, what `basic` makes of it, and its password."""
        found = []
        for credential in self.by_scheme.values():
            user, separator, password = credential.value.partition(":")
            found += [credential.value, _encode_basic(credential.value), *([password] if separator and user else [])]
        return tuple(filter(None, found))


NO_CREDENTIALS: Final = Credentials()


class SecurityChoice(Struct, frozen=True):
    """What the credentials add to a request."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()


class _Available(Struct, frozen=True):
    """What there is to satisfy security with: the places that the step sets, and the credentials."""

    operation: Operation
    places: frozenset[tuple[str, str]]
    credentials: Credentials

    def find(self, scheme: SecurityScheme) -> Credential | None:
        """Return the credential that must be added, ``None`` when the step sets its place or there is none."""
        if _place(scheme) in self.places or not _is_run(scheme):
            return None
        return self.credentials.find(self.operation.source, scheme.name)

    def lacking(self, alternative: Iterable[SecurityRequirement]) -> tuple[SecurityScheme, ...]:
        """Return the schemes of an alternative that nothing satisfies."""
        schemes = (requirement.scheme for requirement in alternative)
        return tuple(each for each in schemes if _place(each) not in self.places and self.find(each) is None)


def choose_security(operation: Operation, given: Sequence[Given], credentials: Credentials) -> SecurityChoice:
    """Return what satisfies the operation's security.

    "Only one of the Security Requirement Objects need to be satisfied": the first alternative of which everything is
    there, by a credential or by a parameter of the step. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``unsupported-feature``, ``api-malformed``.
    """
    if not operation.security:
        return SecurityChoice()
    places = frozenset(_key(name, location) for name, location in given)
    available = _Available(operation, places, credentials)
    # an alternative that needs nothing is for those who have nothing
    for alternative in sorted(operation.security, key=lambda each: not each):
        # "all schemes MUST be satisfied for a request to be authorized"
        if not available.lacking(alternative):
            return _apply(tuple(requirement.scheme for requirement in alternative), available)
    raise ArazzoError(*_missing(available))


def satisfies(operation: Operation, description: ParameterDescription) -> bool:
    """Whether a parameter is the place of one of the operation's credentials."""
    places = {_place(requirement.scheme) for alternative in operation.security for requirement in alternative}
    return _key(description.name, description.location) in places


def environment_names(source: str, scheme: str) -> tuple[str, str]:
    """Return the environment variables that hold a credential, the specific one first.

    >>> environment_names("billingApi", "ApiKeyAuth")
    ('ARAZZO_AUTH_BILLINGAPI_APIKEYAUTH', 'ARAZZO_AUTH_APIKEYAUTH')
    """
    parts = [re.sub(r"[^A-Z0-9]", "_", part.upper()) for part in (source, scheme)]
    return f"ARAZZO_AUTH_{parts[0]}_{parts[1]}", f"ARAZZO_AUTH_{parts[1]}"


def ways_to_give(source: str, scheme: SecurityScheme) -> tuple[str, ...]:
    """Return every way to satisfy a scheme: options and variables when it is run, and a step's own parameter."""
    place = _place(scheme)
    if place is None:
        return ()
    name = scheme.parameter_name if scheme.type == "apiKey" else "Authorization"
    step = f"a step parameter `{name}` with `in: {place[0]}`"
    if not _is_run(scheme):
        return (step,)
    form = _FORMS[_kind(scheme)]
    specific, general = environment_names(source, scheme.name)
    return (
        f"--auth {source}.{scheme.name}={form}",
        f"{general}={form} (or {specific}) in the environment",
        f"--auth-file with `{scheme.name}: {form}`",
        step,
    )


def _kind(scheme: SecurityScheme) -> str:
    return scheme.scheme if scheme.type == "http" else scheme.type


def _is_run(scheme: SecurityScheme) -> bool:
    return _kind(scheme) in _FORMS and _place(scheme) is not None


def _place(scheme: SecurityScheme) -> tuple[str, str] | None:
    """Return the parameter that the scheme's credential is, or ``None`` when it is none."""
    match scheme.type:
        case "apiKey" if scheme.location in _PLACES_OF_KEYS and scheme.parameter_name:
            return _key(scheme.parameter_name, scheme.location)
        case "http" | "oauth2" | "openIdConnect":
            return _AUTHORIZATION
        case _:
            return None


def _key(name: str, location: str) -> tuple[str, str]:
    return str(location), name.lower() if location == In.HEADER else name


def _apply(schemes: Sequence[SecurityScheme], available: _Available) -> SecurityChoice:
    joined = SecurityChoice()
    taken: dict[tuple[str, str] | None, SecurityScheme] = {}
    for scheme in schemes:
        credential = available.find(scheme)
        if credential is None:
            continue
        if taken.setdefault(_place(scheme), scheme) is not scheme:
            raise ArazzoError(_clash(taken[_place(scheme)], scheme, available.operation))
        each = _write(scheme, credential)
        joined = SecurityChoice(joined.headers + each.headers, joined.query + each.query, joined.cookies + each.cookies)
    return joined


def _write(scheme: SecurityScheme, credential: Credential) -> SecurityChoice:
    value, kind = credential.value, _kind(scheme)
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
        case _:
            return SecurityChoice(headers=(("Authorization", f"Bearer {value}"),))


def _required_forms(scheme: SecurityScheme) -> tuple[tuple[re.Pattern[str], str], ...]:
    match _kind(scheme):
        case "basic":
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
    return diagnose("credential-malformed", message, fix=f"give it as `{_FORMS[_kind(scheme)]}`")


def _clash(first: SecurityScheme, second: SecurityScheme, operation: Operation) -> Diagnostic:
    message = f"operation `{operation.label}` needs `{first.name}` and `{second.name}` in one and the same place"
    return diagnose("unsupported-feature", message, second.at.location(), fix="set it with a step parameter")


def _missing(available: _Available) -> Iterator[Diagnostic]:
    """Yield what is missing of the alternatives that a credential can satisfy, or why none can."""
    lacking = [available.lacking(alternative) for alternative in available.operation.security]
    usable = [schemes for schemes in lacking if all(map(_is_run, schemes))]
    if usable:
        yield _credential_missing(usable, available.operation)
        return
    for scheme in {each.name: each for schemes in lacking for each in schemes if not _is_run(each)}.values():
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
    return ", or ".join(way if "`" in way else f"`{way}`" for way in ways)


def _not_run(scheme: SecurityScheme, operation: Operation) -> Diagnostic:
    if scheme.type == "apiKey":
        message = f"the security scheme `{scheme.name}` does not say which header, query parameter or cookie it is"
        return diagnose("api-malformed", message, scheme.at.location(), fix="give it a `name`, and an `in`")
    kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
    message = f"operation `{operation.label}` needs `{scheme.name}`, and security of type `{kind}` is not run yet"
    fix = "".join(f"give it with {way}" for way in ways_to_give(operation.source, scheme))
    return diagnose("unsupported-feature", message, scheme.at.location(), fix=fix)
