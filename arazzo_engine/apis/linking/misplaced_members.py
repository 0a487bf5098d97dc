"""Members of a payload that are parameters of the operation, where it has no body: they stand in the wrong place.

Decides which those are, and how each is written as a parameter. Nothing is moved: a server may take the body for all
that its description says.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.language.templates import Literal, ObjectTemplate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.operations import In, Operation
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Step


def misplaced_members(step: Step, operation: Operation) -> Mapping[str, Place]:
    """Return where the payload of a step has which members, nothing where its operation has a body."""
    body = step.request_body
    if body is None or operation.request_body is not None:
        return {}
    match body.payload:
        case ObjectTemplate(members=members):
            names = tuple(members)
        case Literal(value=dict() as value):
            names = tuple(value)
        case _:
            return {}
    return {name: body.payload.at.child(name) for name in names}


def as_parameter(name: str, location: In, at: Place) -> str:
    """Return the parameter that a member of a payload would be, as it is written into a document.

    Its value stands there as it is, an expression without quotes.
    """
    value = at.document.content.at(at.pointer)
    is_plain = isinstance(value, str) and value.startswith("$")
    written = value if is_plain else json.dumps(value, ensure_ascii=False)
    return f"{{name: {name}, in: {location}, value: {written}}}"
