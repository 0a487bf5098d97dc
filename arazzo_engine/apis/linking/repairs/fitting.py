"""Whether what a step sends fits an operation: its parameters, and the members of its body.

Decides it by name, before any value is known: what an operation does not know, or requires and does not get, does not
fit; what a description leaves open is not decided. Which operation the step names is not known here.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, parameter_key
from arazzo_engine.apis.schemas.parts import Parts, UnreadSchemaError, has_alternatives, is_open
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.apis.security.schemes import place_of
from arazzo_engine.apis.wire_forms.content_types import describe_body, inner_kind, kind_of_payload, request_media_type
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.templates import Literal, ObjectTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.language.objects import Parameter, RequestBody, Step
    from arazzo_engine.language.templates import Template

_NAMED: Final = frozenset({In.QUERY, In.HEADER, In.COOKIE})
# headers that belong to no operation alone
_OF_ANY: Final = frozenset({"accept", "authorization", "content-type", "cookie", "host", "user-agent"})
_FIXING: Final = frozenset({"const", "default", "enum"})


class Fit(Enum):
    """How a step fits an operation."""

    FITS = auto()
    MAY_FIT = auto()
    DOES_NOT = auto()


def fit_of(step: Step, shared: Iterable[Parameter], operation: Operation, resolver: Resolver) -> Fit:
    """Return how what a step sends fits; ``shared`` are the parameters of its workflow."""
    if operation.skipped or "parameters" in step.unread:
        return Fit.MAY_FIT
    own = {_key(each) for each in step.parameters if each.location in _NAMED}
    declared = {parameter_key(each.name, each.location) for each in operation.parameters}
    unknown = {
        each for each in own - declared if each[1].lower() not in _OF_ANY and not _is_credential(each, operation)
    }
    given = own | {_key(each) for each in shared}
    if unknown or any(_lacks(each, given, operation) for each in operation.parameters):
        return Fit.DOES_NOT
    return _body_fit(step.request_body, operation, Parts(resolver))


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter_key(parameter.name, parameter.location or "")


def _is_credential(key: tuple[str, str], operation: Operation) -> bool:
    return key in {place_of(each.scheme) for each in operation.requirements}


def _lacks(description: ParameterDescription, given: set[tuple[str, str]], operation: Operation) -> bool:
    """Whether a parameter is required, and nothing gives it."""
    if not description.required or description.location not in _NAMED or satisfies(operation, description):
        return False
    is_fixed = description.schema is not None and bool(_FIXING & as_mapping(description.schema.value).keys())
    return not is_fixed and parameter_key(description.name, description.location) not in given


def _body_fit(body: RequestBody | None, operation: Operation, parts: Parts) -> Fit:
    description = operation.request_body
    if body is None or body.payload is None:
        return Fit.DOES_NOT if description is not None and description.required else Fit.FITS
    if description is None:
        return Fit.DOES_NOT
    if description.problem is not None:
        return Fit.MAY_FIT
    sent_as = request_media_type(body.content_type, operation, kind_of_payload(body.payload), inner_kind(body.payload))
    taken = describe_body(sent_as, operation)
    if taken is None:
        return Fit.DOES_NOT
    names = _members(body.payload)
    return Fit.MAY_FIT if taken.schema is None or names is None else _members_fit(names, taken.schema, parts)


def _members(payload: Template) -> frozenset[str] | None:
    match payload:
        case ObjectTemplate(members=members):
            return frozenset(members)
        case Literal(value=dict() as members):
            return frozenset(members)
        case _:
            return None


def _members_fit(names: frozenset[str], schema: Schema, parts: Parts) -> Fit:
    try:
        together = tuple(parts.together(schema))
        known = parts.names(together)
    except UnreadSchemaError:
        return Fit.MAY_FIT
    required = {name for part in together for name in as_list(as_mapping(part.value).get("required"))}
    if required - names:
        return Fit.DOES_NOT
    is_free = is_open(together) or any(as_mapping(each.value).get("additionalProperties") for each in together)
    if not known or (is_free and names - known):
        return Fit.MAY_FIT
    if names - known:
        return Fit.DOES_NOT
    return Fit.MAY_FIT if has_alternatives(together) else Fit.FITS
