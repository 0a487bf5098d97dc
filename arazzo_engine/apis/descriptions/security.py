"""Reading the security of one operation: the alternatives, each with the schemes that it names.

Decides which security applies and which scheme each name means. What a scheme says is read by the version's reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.fields import elements, members, object_at, text, texts
from arazzo_engine.apis.descriptions.http_names import is_token, why_unsendable
from arazzo_engine.apis.descriptions.operations import UNDEFINED, OAuthFlow, SecurityRequirement, SecurityScheme
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import as_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.operations import Security
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue


_COMPONENTS: Final = ("components", "securitySchemes")
_LIKE_A_URI: Final = frozenset("/#:")


class ReadScheme(Protocol):
    """Reads a security scheme as its version of OpenAPI writes it."""

    def __call__(self, name: str, at: Place) -> SecurityScheme:
        """Return the scheme at a place, references followed."""
        ...


def read_security(
    operation: Place, schemes: Place, read_scheme: ReadScheme, resolver: Resolver | None = None
) -> Security:
    """Return the security of the operation, else that of the description in whose ``schemes`` the names are looked up.

    With a ``resolver``, a name that is not among them is a URI. A scheme that does not exist has the type
    ``UNDEFINED``. Raises ``ArazzoError`` (``api-malformed``).
    """
    # "This definition overrides any declared top-level `security`."
    owner = operation if "security" in object_at(operation) else schemes.document.root()
    known = _Schemes(schemes, read_scheme, resolver)
    return tuple(
        tuple(known.required(alternative, name) for name in object_at(alternative))
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


class _Schemes(Struct, frozen=True):
    """The schemes of a description, and those of others that a URI leads to."""

    own: Place
    read: ReadScheme
    resolver: Resolver | None

    def required(self, alternative: Place, name: str) -> SecurityRequirement:
        at = alternative.child(name)
        try:
            found = self._find(name, at)
        except ArazzoError as error:
            # a name without a sign of a URI is a name with a slip
            problem = replace(error.diagnostics[0], location=at.key_location())
            is_uri = bool(_LIKE_A_URI & {*name})
            return SecurityRequirement(SecurityScheme(at, name, UNDEFINED, problem=problem if is_uri else None))
        if found is None:
            # what it means is not known, but a step may still set the header that published steps set
            return SecurityRequirement(SecurityScheme(at, name, UNDEFINED))
        scheme = self.read(self._name(name, found), found)
        return SecurityRequirement(replace(scheme, problem=why_no_credential(scheme)), texts(value_at(at)))

    def _find(self, name: str, at: Place) -> Place | None:
        # "Property names that are identical to a component name under the Components Object MUST be treated as a
        # component name."
        if name in self._names():
            return self.own.child(name)
        # OpenAPI 3.2: "or be the URI of a Security Scheme Object"
        return None if self.resolver is None else self.resolver.target(name, at)

    def _name(self, name: str, found: Place) -> str:
        """Return what a scheme is called: as its component, unless that is another scheme's name here."""
        *owner, component = found.pointer or ("",)
        is_other = component in self._names() and found != self.own.child(component)
        return name if tuple(owner) != _COMPONENTS or is_other else component

    def _names(self) -> Mapping[str, JsonValue]:
        return as_mapping(value_at(self.own))
