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
    from collections.abc import Iterable, Mapping, Sequence

    from arazzo_engine.apis.operations import Operation

# The name and location of a parameter that a step sets
Given: TypeAlias = tuple[str, str]
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
# what a person gives for each kind of scheme
_FORMS: Final = {
    "basic": "user:password",
    "bearer": "token",
    "apiKey": "key",
    "oauth2": "token",
    "openIdConnect": "token",
}


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
        """Return every text that must never be shown."""
        found = []
        for credential in self.by_scheme.values():
            user, separator, password = credential.value.partition(":")
            found += [credential.value, _encode_basic(credential.value), *([password] if separator and user else [])]
        return tuple(found)


NO_CREDENTIALS: Final = Credentials()


class SecurityChoice(Struct, frozen=True):
    """What the credentials add to a request."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()


def choose_security(operation: Operation, given: Sequence[Given], credentials: Credentials) -> SecurityChoice:
    """Return what satisfies the operation's security.

    "Only one of the Security Requirement Objects need to be satisfied": the first alternative of which everything is
    there, by a credential or by a parameter of the step. Raises ``ArazzoError``: ``credential-missing``,
    ``credential-malformed``, ``unsupported-feature``.
    """
    # an alternative that needs nothing is for those who have nothing
    ordered = sorted(operation.security, key=lambda alternative: not alternative)
    if not ordered:
        return SecurityChoice()
    for alternative in ordered:
        if all(_is_there(requirement, operation, given, credentials) for requirement in alternative):
            return _join(_apply(requirement.scheme, operation, given, credentials) for requirement in alternative)
    raise ArazzoError(*_missing(operation, given, credentials))


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
    """Return every way to give the credential of a scheme."""
    form = _FORMS.get(scheme.scheme, _FORMS.get(scheme.type, "value"))
    specific, general = environment_names(source, scheme.name)
    location, name = _place(scheme)
    return (
        f"--auth {source}.{scheme.name}={form}",
        f"{general}={form} (or {specific}) in the environment",
        f"--auth-file with `{scheme.name}: {form}`",
        f"a step parameter `{scheme.parameter_name or name.title()}` with `in: {location}`",
    )


def _place(scheme: SecurityScheme) -> tuple[str, str]:
    if scheme.type == "apiKey" and scheme.location is not None:
        return _key(scheme.parameter_name, scheme.location)
    return In.HEADER.value, "authorization"


def _key(name: str, location: str) -> tuple[str, str]:
    return str(location), name.lower() if location == In.HEADER else name


def _is_set(scheme: SecurityScheme, given: Sequence[Given]) -> bool:
    return _place(scheme) in {_key(name, location) for name, location in given}


def _is_there(
    requirement: SecurityRequirement, operation: Operation, given: Sequence[Given], credentials: Credentials
) -> bool:
    scheme = requirement.scheme
    if _is_set(scheme, given):
        return True
    return _is_supported(scheme) and credentials.find(operation.source, scheme.name) is not None


def _is_supported(scheme: SecurityScheme) -> bool:
    match scheme.type:
        case "apiKey":
            return scheme.location is not None
        case "http":
            return scheme.scheme in {"basic", "bearer"}
        case "oauth2" | "openIdConnect":
            return True
        case _:
            return False


def _apply(
    scheme: SecurityScheme, operation: Operation, given: Sequence[Given], credentials: Credentials
) -> SecurityChoice:
    credential = credentials.find(operation.source, scheme.name)
    if _is_set(scheme, given) or credential is None:
        return SecurityChoice()
    value = credential.value
    if _CONTROL.search(value) or not value:
        raise ArazzoError(
            _malformed(scheme, credential, "it is empty, or has a line break or another control character")
        )
    if scheme.type == "apiKey":
        return _apply_key(scheme, value)
    if scheme.scheme != "basic":
        return SecurityChoice(headers=(("Authorization", f"Bearer {value}"),))
    if ":" not in value:
        raise ArazzoError(_malformed(scheme, credential, "it must be `user:password`"))
    return SecurityChoice(headers=(("Authorization", f"Basic {_encode_basic(value)}"),))


def _apply_key(scheme: SecurityScheme, value: str) -> SecurityChoice:
    name = scheme.parameter_name
    match scheme.location:
        case In.QUERY:
            return SecurityChoice(query=(f"{quote(name, safe='')}={quote(value, safe='')}",))
        case In.COOKIE:
            return SecurityChoice(cookies=(f"{name}={quote(value, safe='')}",))
        case _:
            return SecurityChoice(headers=((name, value),))


def _encode_basic(value: str) -> str:
    return base64.b64encode(value.encode("utf-8", errors="replace")).decode("ascii")


def _join(choices: Iterable[SecurityChoice]) -> SecurityChoice:
    joined = SecurityChoice()
    for each in choices:
        joined = SecurityChoice(joined.headers + each.headers, joined.query + each.query, joined.cookies + each.cookies)
    return joined


def _malformed(scheme: SecurityScheme, credential: Credential, reason: str) -> Diagnostic:
    message = f"the credential for `{scheme.name}` from {credential.origin} cannot be used: {reason}"
    return diagnose("credential-malformed", message, fix=f"give it as `{_FORMS.get(scheme.scheme, 'value')}`")


def _missing(operation: Operation, given: Sequence[Given], credentials: Credentials) -> Iterable[Diagnostic]:
    """Return what is missing: for the alternatives that could be satisfied, or why none can."""
    schemes = {
        requirement.scheme.name: requirement.scheme
        for alternative in operation.security
        for requirement in alternative
        if not _is_there(requirement, operation, given, credentials)
    }
    usable = [scheme for scheme in schemes.values() if _is_supported(scheme)]
    if not usable:
        for scheme in schemes.values():
            kind = " ".join(part for part in (scheme.type, scheme.scheme) if part)
            message = (
                f"operation `{operation.label}` needs `{scheme.name}`, and security of type `{kind}` is not run yet"
            )
            yield diagnose("unsupported-feature", message, scheme.at.location())
        return
    several = " (one of these is enough)" if len(operation.security) > 1 else ""
    for scheme in usable:
        message = f"operation `{operation.label}` needs the credential `{scheme.name}` of `{operation.source}`{several}"
        fix = "give it with " + ", or ".join(
            f"`{way}`" if "`" not in way else way for way in ways_to_give(operation.source, scheme)
        )
        yield diagnose("credential-missing", message, scheme.at.location(), fix=fix)
