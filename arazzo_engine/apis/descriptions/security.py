"""Reading the security of one operation: the alternatives, each with the schemes that it names.

Decides which security applies and which scheme each name means. What a scheme says is read by the version's reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from arazzo_engine.apis.descriptions.fields import elements, members, object_at, text, texts
from arazzo_engine.apis.descriptions.operations import UNDEFINED, OAuthFlow, SecurityRequirement, SecurityScheme
from arazzo_engine.apis.descriptions.references import value_at

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Security
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


def _requirement(alternative: Place, name: str, schemes: Place, read_scheme: ReadScheme) -> SecurityRequirement:
    known = value_at(schemes)
    if not isinstance(known, dict) or name not in known:
        # what it means is not known, but a step may still set the header that published steps set
        return SecurityRequirement(SecurityScheme(alternative.child(name), name, UNDEFINED))
    return SecurityRequirement(read_scheme(name, schemes.child(name)), texts(object_at(alternative)[name]))
