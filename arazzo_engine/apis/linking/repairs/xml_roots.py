"""An XML payload that has its root element as its only member: what is in that is the payload.

The schema of a body describes the content of the root element, and says what that is called, so the root would be sent
within itself. The same rule as for other repairs: where the schema has a member of that name, or any, nothing is read
otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.templates import Literal, ObjectTemplate

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.templates import Template

ROOT: Final = "the description has that as the name of the root element, which would be sent within itself"


def without_doubled_root(linked: LinkedStep, problems: list[Diagnostic]) -> LinkedStep:
    """Return a step whose XML payload is what its root element has in it."""
    body, operation = linked.step.request_body, linked.target
    # targets of replacements may be written for either form
    if body is None or body.payload is None or body.replacements or not isinstance(operation, Operation):
        return linked
    content_type = content_type_of(linked, operation, body.payload)
    described = describe_body(content_type, operation)
    if kind_of_body(content_type) is not BodyKind.XML or described is None or described.shape is None:
        return linked
    name, inner = _only_member(body.payload)
    if inner is None or not _is_root(name, described.shape):
        return linked
    at = body.payload.at
    message = f"the payload is read as what it has in `{name}`: {ROOT}"
    edits = [at.written(as_mapping(value_at(at)).get(name))]
    problems.append(diagnose("repaired", message, at.location(), fix=f"leave out `{name}`", edits=edits, kind=ROOT))
    return replace(linked, step=replace(linked.step, request_body=replace(body, payload=inner)))


def _only_member(payload: Template) -> tuple[str, Template | None]:
    match payload:
        case ObjectTemplate(members=members) if len(members) == 1:
            return next(iter(members.items()))
        case Literal(value=dict() as value) if len(value) == 1:
            ((name, inner),) = value.items()
            return name, Literal(inner, payload.at.child(name)) if isinstance(inner, dict) else None
        case _:
            return "", None


def _is_root(name: str, shape: Shape) -> bool:
    """Whether a name is that of the root element, and of no member of it."""
    own = shape.xml.name or shape.name
    if name not in {own, own.rpartition(":")[2]} or not shape.properties or shape.additional is not None:
        return False
    return name not in shape.properties and all(
        each.element_name(key) != name for key, each in shape.properties.items()
    )
