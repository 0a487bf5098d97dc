"""Reading the security of one operation: the alternatives, each with the schemes that it names.

Decides which security applies and which scheme each name means. What a scheme says is read by the version's reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from arazzo_engine.apis.api_values import elements, object_at, texts
from arazzo_engine.apis.operations import SecurityRequirement
from arazzo_engine.apis.references import value_at
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from arazzo_engine.apis.operations import Security, SecurityScheme
    from arazzo_engine.documents.document import Place


class ReadScheme(Protocol):
    """Reads a security scheme as its version of OpenAPI writes it."""

    def __call__(self, name: str, at: Place) -> SecurityScheme:
        """Return the scheme at a place, references followed."""
        ...


def read_security(operation: Place, schemes: Place, read_scheme: ReadScheme) -> Security:
    """Return the security of the operation, else that of the description in whose ``schemes`` the names are looked up.

    Raises ``ArazzoError`` (``reference-not-found``, ``api-malformed``).
    """
    # "This definition overrides any declared top-level `security`."
    owner = operation if "security" in object_at(operation) else schemes.document.root()
    return tuple(
        tuple(_requirement(alternative, name, schemes, read_scheme) for name in object_at(alternative))
        for alternative in elements(owner, "security")
    )


def _requirement(alternative: Place, name: str, schemes: Place, read_scheme: ReadScheme) -> SecurityRequirement:
    known = value_at(schemes)
    if not isinstance(known, dict) or name not in known:
        raise ArazzoError(_unknown(alternative.child(name), name, schemes))
    return SecurityRequirement(read_scheme(name, schemes.child(name)), texts(object_at(alternative)[name]))


def _unknown(at: Place, name: str, schemes: Place) -> Diagnostic:
    where = render_pointer(schemes.pointer).removeprefix("/")
    message = f"the security scheme `{name}` does not exist in `{where}`"
    known = value_at(schemes)
    fix = did_you_mean(name, known) if isinstance(known, dict) else ""
    return diagnose("reference-not-found", message, at.key_location(), fix=fix)
