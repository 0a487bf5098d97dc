"""A `$ref` to a schema that is not there: what a step sends under it is not checked, what it reads there is not known.

Decides that only what a document sends or reads is looked at: of what else an answer has, nobody needs the schema. That
nothing is followed over the network is decided where references are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.left_out import left_out
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.validation.literals.known_parts import known_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.validation.types.yields import Yields


def check_lost_schemas(yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each schema that is not there, where all that is read has been looked at already."""
    for workflow in yields.linked.workflows.values():
        for step in workflow.steps:
            if isinstance(step.target, Operation):
                _look_at_sent(step, step.target, yields)
    # in which order they were looked at may differ from process to process
    for _, error in sorted(yields.schemas.parts.lost.items()):
        yield from left_out("schema", error)


def _look_at_sent(step: LinkedStep, operation: Operation, yields: Yields) -> None:
    body = step.step.request_body
    if body is None or body.payload is None:
        return
    described = describe_body(content_type_of(step, operation, body.payload), operation)
    known = () if described is None or described.schema is None else yields.schemas.of((described.schema,))
    for path in _paths(known_json(body.payload), ()) if known else ():
        follow(known, path, yields.schemas)


def _paths(value: JsonValue, path: Pointer) -> Iterator[Pointer]:
    """Yield where the innermost parts of a value are; the elements of a list are alike."""
    members = (
        value.items() if isinstance(value, dict) else [("0", value[0])] if isinstance(value, list) and value else ()
    )
    yield from () if members else (path,)
    for name, member in members:
        yield from _paths(member, (*path, name))
