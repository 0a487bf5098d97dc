"""Optional inputs that exclude each other: those that are left out, so that a body is one of its alternatives.

Decides it by the names of members alone, where every alternative says which it has. What the values are is not known
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.schemas.parts import is_closed
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ObjectTemplate
from arazzo_engine.simulation.reading.schemas import body_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.language.templates import Template
    from arazzo_engine.simulation.schema_ways import Ways


class _Alternative(Struct, frozen=True):
    """The members that an alternative must have, and all that it may have."""

    required: frozenset[str]
    allowed: frozenset[str]

    def takes(self, names: frozenset[str]) -> bool:
        """Whether an object with these members can be this one."""
        return self.required <= names <= self.allowed


def left_out(workflow: LinkedWorkflow, optional: frozenset[str], ways: Ways) -> frozenset[str]:
    """Return the optional inputs of a workflow without which the bodies that it sends fit an alternative."""
    left: frozenset[str] = frozenset()
    for step in workflow.steps:
        body = step.step.request_body
        for template, schema in _objects(None if body is None else body.payload, body_schema(step), ways):
            left |= _excluded(template, _alternatives(schema, ways), optional - left)
    return left


def _objects(template: Template | None, schema: Schema | None, ways: Ways) -> Iterator[tuple[ObjectTemplate, Schema]]:
    if isinstance(template, ObjectTemplate) and schema is not None:
        yield template, schema
        for name, member in template.members.items():
            yield from _objects(member, ways.member(schema, name), ways)


def _alternatives(schema: Schema, ways: Ways) -> list[_Alternative]:
    """Return the alternatives of an object, none unless all of them say which members they have."""
    whole, *others = ways.parts(schema) or (schema,)
    if not others or ("oneOf" in whole.value and "anyOf" in whole.value):
        return []
    beside, required = as_mapping(whole.value.get("properties")), as_list(whole.value.get("required"))
    found = [
        _Alternative(
            frozenset((*required, *as_list(each.value.get("required")))),
            frozenset((*beside, *as_mapping(each.value.get("properties")))),
        )
        for each in others
        if is_closed((each,))
    ]
    return found if len(found) == len(others) else []


def _excluded(template: ObjectTemplate, listed: list[_Alternative], optional: frozenset[str]) -> frozenset[str]:
    """Return the inputs that are not sent with the alternative that has most of what is sent."""
    names = frozenset(template.members)
    if not listed or any(each.takes(names) for each in listed):
        return frozenset()
    inputs = {name: _input(member) for name, member in template.members.items()}
    free = frozenset(name for name, given in inputs.items() if given in optional)
    kept = [
        names & each.allowed for each in listed if names - free <= each.allowed and each.takes(names & each.allowed)
    ]
    best = max(kept, key=len, default=names)
    return frozenset(inputs[name] or "" for name in names - best)


def _input(template: Template) -> str | None:
    """Return the input that a template is, ``None`` where it is anything else."""
    expression = template.expression if isinstance(template, Expression) else None
    return expression.names[0] if expression is not None and expression.root is Root.INPUTS else None
