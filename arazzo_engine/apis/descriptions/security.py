"""Reading the security of one operation: the alternatives, each with the schemes that it names.

Decides which security applies and which scheme each name means. What a scheme says is read by the version's reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.fields import elements, members, object_at, text, texts
from arazzo_engine.apis.descriptions.http_names import is_token, why_unsendable
from arazzo_engine.apis.descriptions.operations import UNDEFINED, OAuthFlow, SecurityRequirement, SecurityScheme
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import diagnose

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Security
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place


class ReadScheme(Protocol):
    """Reads a security scheme as its version of OpenAPI writes it."""

    def __call__(self, name: str, at: Place) -> SecurityScheme:
        """Return the scheme at a place, references followed."""
        ...


def read_security(operation: Place, schemes: Place, read_scheme: ReadScheme) -> Security:
    """Return the security of the operation, else that of the description in whose ``schemes`` the names are looked up.

    A scheme that does not exist has the type ``UNDEFINED``. Raises ``ArazzoError`` (``api-malformed``).
    """
    # "This definition overrides any declared top-level `security`."
    owner = operation if "security" in object_at(operation) else schemes.document.root()
    return tuple(
        tuple(_requirement(alternative, name, schemes, read_scheme) for name in object_at(alternative))
        for alternative in elements(owner, "security")
    )


def read_flows(scheme: Place) -> tuple[OAuthFlow, ...]:
    """Return the flows of an OAuth scheme of OpenAPI 3.x."""
    return tuple(read_flow(grant, at) for grant, at in members(scheme, "flows") if not grant.startswith("x-"))


def read_flow(grant: str, at: Place) -> OAuthFlow:
    """Return the flow whose URLs stand in the object at a place, relative ones as they are written."""
    value = object_at(at)
    return OAuthFlow(
        grant=grant,
        token_url=text(value, "tokenUrl"),
        refresh_url=text(value, "refreshUrl"),
        authorization_url=text(value, "authorizationUrl"),
        device_authorization_url=text(value, "deviceAuthorizationUrl"),
    )


def why_no_credential(scheme: SecurityScheme) -> Diagnostic | None:
    """Return why no request can carry the credential of a scheme, whatever it is; ``None`` when one can."""
    if scheme.type == "apiKey" and scheme.parameter_name:
        member, name, reason = "name", scheme.parameter_name, why_unsendable(scheme.location, scheme.parameter_name)
    # RFC 9110, section 11.1: "auth-scheme = token"
    elif scheme.type == "http" and scheme.scheme and not is_token(scheme.scheme):
        member, name, reason = "scheme", scheme.scheme, "is no name of an authentication scheme"
    else:
        return None
    if not reason:
        return None
    message = f"the security scheme `{scheme.name}` cannot be sent: `{name}` {reason}"
    clause = "RFC 9110, sections 5.1, 7.6.1 and 11; RFC 6265, section 4.2"
    return diagnose(
        "api-malformed", message, scheme.at.child(member).location(), fix=f"correct its `{member}`", clause=clause
    )


def _requirement(alternative: Place, name: str, schemes: Place, read_scheme: ReadScheme) -> SecurityRequirement:
    known = value_at(schemes)
    if not isinstance(known, dict) or name not in known:
        # what it means is not known, but a step may still set the header that published steps set
        return SecurityRequirement(SecurityScheme(alternative.child(name), name, UNDEFINED))
    scheme = read_scheme(name, schemes.child(name))
    scopes = texts(object_at(alternative)[name])
    return SecurityRequirement(replace(scheme, problem=why_no_credential(scheme)), scopes)
