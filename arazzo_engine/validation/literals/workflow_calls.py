"""What a step or an action writes out for a workflow that it leads to is what the workflow's inputs allow.

Decides only what no value of an expression could change. A step whose workflow cannot be called has failed for certain,
which is an error; an action that is never chosen needs no inputs, and one that is gives way to the next: a warning.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.schemas.parts import Parts, UnreadSchemaError, properties
from arazzo_engine.validation.literals.judging import Judging
from arazzo_engine.validation.literals.known_parts import known_part
from arazzo_engine.validation.literals.subjects import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Parameter


def check_literal_inputs(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each input of a called workflow that is given a literal which its schema refuses."""
    parts = Parts(linked.resolver)
    for step in workflow.steps:
        if isinstance(step.target, WorkflowKey):
            yield from _check(step.step.parameters, linked.workflows[step.target], parts)
        for action in step.actions:
            target = workflow.references.get(action.workflow_id or "")
            if target is not None:
                found = _check(action.parameters, linked.workflows[target], parts)
                yield from (each.as_warning() for each in found)


def _check(parameters: Iterable[Parameter], called: LinkedWorkflow, parts: Parts) -> Iterator[Diagnostic]:
    for parameter in parameters:
        for schema in _schemas(parameter.name, called, parts):
            owner = f"workflow `{called.key.workflow_id}`"
            subject = Subject(f"input `{parameter.name}`", parameter.value.at, owner, is_strict=True)
            complaints = Judging(parts).complaints(schema, known_part(parameter.value))
            yield from map(subject.told, complaints)


def _schemas(name: str, called: LinkedWorkflow, parts: Parts) -> tuple[Schema, ...]:
    inputs = Schema(called.workflow.at.child("inputs"), called.workflow.inputs)
    with suppress(UnreadSchemaError):
        return tuple(properties(tuple(parts.together(inputs)), name))
    return ()
