"""What is described of the places that a step sends values to: its parameters, its body, the inputs of a workflow.

Decides which schema that is, ``None`` where nobody describes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.validation.inputs.schemas import properties_of

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, WorkflowKey
    from arazzo_engine.language.objects import Parameter

_OF_TEXTS: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART, BodyKind.XML})


def input_schema(linked: LinkedDescription, key: WorkflowKey, name: str) -> Schema | None:
    """Return what a workflow says of one of its inputs."""
    workflow = linked.workflows.get(key)
    found = None if workflow is None else properties_of(workflow).get(name)
    return None if workflow is None or found is None else Schema(workflow.workflow.at, found)


def parameter_schema(parameter: Parameter, step: LinkedStep) -> Schema | None:
    """Return what an operation says of a parameter that a step gives it."""
    if not isinstance(step.target, Operation):
        return None
    described = (
        each for each in step.target.parameters if (each.name, each.location) == (parameter.name, parameter.location)
    )
    return next((each.schema for each in described), None)


def is_body_of_texts(step: LinkedStep) -> bool:
    """Whether the values of a step's body are written as texts, whatever they are."""
    payload = None if step.step.request_body is None else step.step.request_body.payload
    if payload is None or not isinstance(step.target, Operation):
        return False
    return kind_of_body(content_type_of(step, step.target, payload)) in _OF_TEXTS


def body_schema(step: LinkedStep) -> Schema | None:
    """Return the schema of the body that a step sends; bytes where its media type is none of values."""
    payload = None if step.step.request_body is None else step.step.request_body.payload
    if payload is None or not isinstance(step.target, Operation):
        return None
    content_type = content_type_of(step, step.target, payload)
    described = describe_body(content_type, step.target)
    if described is None or step.target.request_body is None:
        return None
    if kind_of_body(content_type) is BodyKind.BINARY:
        return Schema(step.target.request_body.at, {"type": "string", "format": "binary"})
    return described.schema
