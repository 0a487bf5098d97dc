"""Security schemes by their kind: what a person gives for each, where it stands in a request, every way to give it.

Decides which schemes are run. Which alternative an operation uses, and how a credential is written, is decided by
``requirements`` and ``authorization``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import UNDEFINED, In, parameter_key

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import SecurityScheme

AUTHORIZATION: Final = (In.HEADER.value, "authorization")
_PLACES_OF_KEYS: Final = frozenset({In.HEADER, In.QUERY, In.COOKIE, In.PATH})
_PAIR_OF_CLIENT: Final = "client_id:client_secret"
_CLIENT: Final = ("client_id", "client_secret")
_LOGIN: Final = ("username", "password")
# what a mapping is as a single text
_AS_TEXT: Final[dict[tuple[str, ...], str]] = {_CLIENT: _PAIR_OF_CLIENT, _LOGIN: "user:password"}


class Kind(Struct, frozen=True):
    """What is given for a kind of scheme, in each form there is, and what is sent."""

    forms: tuple[str, ...]
    sent: str
    mappings: tuple[tuple[str, ...], ...] = ()

    def written(self, name: str = "") -> tuple[str, ...]:
        """Return every form as a file has it, each mapping by its members; with a name, each below it."""
        mappings = (f"{{{', '.join(f'{member}: …' for member in each)}}}" for each in self.mappings)
        return tuple(f"{name}: {each}" if name else each for each in (*self.forms, *mappings))


# A kind that is not here is not run yet
KINDS: Final = {
    "apiKey": Kind(("key",), "the key, in the header, query parameter or cookie that the scheme names"),
    "basic": Kind(("user:password",), "`Authorization: Basic` with both in base64", (_LOGIN,)),
    "digest": Kind(
        ("user:password",),
        "`Authorization: Digest` with the answer to the server's challenge",
        (_LOGIN,),
    ),
    "bearer": Kind(("token",), "`Authorization: Bearer` with the token"),
    "oauth2": Kind(
        ("token", _PAIR_OF_CLIENT),
        "`Authorization: Bearer` with the token; a client gets it from the token endpoint first",
        (_CLIENT,),
    ),
    "openIdConnect": Kind(
        ("token", _PAIR_OF_CLIENT),
        "the same; the token endpoint is the one that the provider's metadata names",
        (_CLIENT,),
    ),
    "mutualTLS": Kind(("--cert FILE --key FILE",), "nothing in the request: the connection proves who is asking"),
}
TOKEN_ALONE: Final = Kind(("token",), "")
MUTUAL_TLS: Final = "mutualTLS"
OAUTH: Final = frozenset({"oauth2", "openIdConnect"})


def kind_of(scheme: SecurityScheme) -> str:
    """Return the kind of a scheme: the HTTP authentication scheme, else its type."""
    return scheme.scheme if scheme.type == "http" else scheme.type


def kind_for(scheme: SecurityScheme) -> Kind:
    """Return what is given for a scheme of a kind that is run; of OAuth, what its own flows can use."""
    kind = KINDS[kind_of(scheme)]
    if kind_of(scheme) not in OAUTH or not scheme.flows:
        return kind
    from arazzo_engine.apis.security.grants import needed_for  # noqa: PLC0415 - few runs get tokens

    needed = needed_for(scheme.flows)
    return replace(kind, forms=kind.forms if _CLIENT in needed else ("token",), mappings=needed)


def is_run(scheme: SecurityScheme) -> bool:
    """Whether a credential, or a client's certificate, can satisfy a scheme."""
    return (
        scheme.problem is None
        and kind_of(scheme) in KINDS
        and not is_in_path(scheme)
        and (kind_of(scheme) == MUTUAL_TLS or place_of(scheme) is not None)
    )


def is_undefined(scheme: SecurityScheme) -> bool:
    """Whether the description names a scheme and does not define it, so that nobody can say how it is sent.

    One in a path is as good as that: only a step can set a path parameter, where the operation has one.
    """
    return (scheme.type == UNDEFINED or is_in_path(scheme)) and scheme.problem is None


def is_in_path(scheme: SecurityScheme) -> bool:
    """Whether the key of a scheme stands in a path, where OpenAPI has none: "query", "header" or "cookie"."""
    return scheme.type == "apiKey" and scheme.location is In.PATH and bool(scheme.parameter_name)


def place_of(scheme: SecurityScheme) -> tuple[str, str] | None:
    """Return the parameter that the scheme's credential is, or ``None`` when it is none."""
    match scheme.type:
        case "apiKey" if scheme.location in _PLACES_OF_KEYS and scheme.parameter_name:
            return parameter_key(scheme.parameter_name, scheme.location)
        case "http" | "oauth2" | "openIdConnect" | "undefined":
            return AUTHORIZATION
        case _:
            return None


def environment_names(source: str, scheme: str) -> tuple[str, str]:
    """Return the environment variables that hold a credential, the specific one first.

    >>> environment_names("billingApi", "ApiKeyAuth")
    ('ARAZZO_AUTH_BILLINGAPI_APIKEYAUTH', 'ARAZZO_AUTH_APIKEYAUTH')
    """
    parts = [re.sub(r"[^A-Z0-9]", "_", part.upper()) for part in (source, scheme)]
    return f"ARAZZO_AUTH_{parts[0]}_{parts[1]}", f"ARAZZO_AUTH_{parts[1]}"


def ways_to_give(source: str, scheme: SecurityScheme, given: Kind | None = None) -> tuple[str, ...]:
    """Return every way to satisfy a scheme: options and variables when it is run, and a step's own parameter.

    What can be given is what the scheme takes, unless it is narrowed.
    """
    found = place_of(scheme)
    if kind_of(scheme) == MUTUAL_TLS:
        return ("the options `--cert FILE` and `--key FILE`, a certificate that the server knows",)
    # where the credential of an undefined one stands is nowhere said: published steps set `Authorization`, or do not
    if found is None or is_undefined(scheme):
        return ()
    name = scheme.parameter_name if scheme.type == "apiKey" else "Authorization"
    step = f"a step parameter `{name}` with `in: {found[0]}`"
    if not is_run(scheme):
        return (step,)
    kind = given or kind_for(scheme)
    options = " or ".join(f"`--auth {source}.{scheme.name}={form}`" for form in kind.forms)
    written = replace(kind, forms=kind.forms[:1]).written(scheme.name)
    return (
        f"the option {options}",
        _variables(environment_names(source, scheme.name), kind),
        f"a file for `--auth-file` with {' or '.join(f'`{each}`' for each in written)}",
        step,
    )


def _variables(names: tuple[str, str], kind: Kind) -> str:
    """Return the environment variables for a kind: what is no single text has one for each member."""
    specific, general = names
    forms = " or ".join(f"`{form}`" for form in kind.forms)
    members = (each for each in kind.mappings if _AS_TEXT.get(each, "") not in kind.forms)
    more = (" and ".join(f"`{specific}_{member.upper()}`" for member in each) for each in members)
    return f"the environment variable `{specific}`, or `{general}` for every source, with {forms}" + "".join(
        f", or {each}" for each in more
    )
