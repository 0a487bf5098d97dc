"""Values that are named as if a list were its element: read as the element where a list has one, else as nothing.

Decides it by what is described: a list is there, and its elements have what is named. A list of one has one reading,
whatever is done with the value; of several, only the author knows which is meant, and nothing is read. Conditions are
left as they are, since what holds for one element may not hold for another.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.alternatives import Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.templates import with_expressions
from arazzo_engine.validation.types.pointers import COUNTS, unsure_schema
from arazzo_engine.validation.types.reading import Read, reads_in
from arazzo_engine.validation.types.yields import yields_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.strings import Expression, Span
    from arazzo_engine.language.objects import RequestBody
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.yields import Yields

REASON: Final = "a list is named as its element, and is read so where it has exactly one"
_FINE: Final = frozenset({Way.ON, Way.UNKNOWN})
# where an expression is a part of a query or a condition
_ASKING: Final = frozenset({"condition", "context", "selector", "target"})
_MOST_LISTS: Final = 5

_Spot: TypeAlias = "tuple[Place, Span | None]"


def with_lone_elements(linked: LinkedDescription) -> tuple[LinkedDescription, tuple[Diagnostic, ...]]:
    """Return the description with lone elements where lists are named as such, and a warning for each place."""
    yields, workflows, told = yields_of(linked), dict(linked.workflows), list[Diagnostic]()
    for key, workflow in linked.workflows.items():
        found = {
            (read.use.at, read.use.span): (read, meant)
            for read in reads_in(workflow, linked)
            if (meant := _meant(read, yields)) is not None
        }
        if found:
            workflows[key] = _Changes({spot: meant for spot, (_, meant) in found.items()}).of_workflow(workflow)
            told += (_told(read, meant) for read, meant in found.values())
    return (replace(linked, workflows=workflows), tuple(told)) if told else (linked, ())


def _meant(read: Read, yields: Yields) -> RuntimeExpression | None:
    """Return the expression that goes through the lone elements of lists, ``None`` where that leads nowhere either."""
    asks = read.use.moment is Moment.ACTION or read.use.at.pointer[-1] in _ASKING
    if asks or not read.expression.pointer or unsure_schema(read, yields) is not None:
        return None
    known, pointer, lone = yields.base(read.expression, read.seen), read.expression.pointer, set[int]()
    for _ in range(_MOST_LISTS):
        lead = follow(known, pointer, yields.schemas)
        if lead.way is not Way.INTO_A_LIST or pointer[lead.depth] in COUNTS:
            break
        pointer = (*pointer[: lead.depth], "0", *pointer[lead.depth :])
        lone.add(lead.depth)
    is_meant = lone and follow(known, pointer, yields.schemas).way in _FINE
    return dataclasses.replace(read.expression, pointer=pointer, lone=frozenset(lone)) if is_meant else None


def _told(read: Read, meant: RuntimeExpression) -> Diagnostic:
    first = f"{read.name}#{render_pointer(meant.pointer or ())}"
    message = f"`{read.use.text}` names a part of an element, and stands where a list is: {REASON}"
    fix = f"write `{first}` for the first element, or a Selector Object for each of them"
    return diagnose("repaired", message, read.use.at.location(read.use.span), fix=fix, kind=REASON)


class _Changes(Struct, frozen=True):
    """The expressions that are meant, by where they stand."""

    meant: Mapping[_Spot, RuntimeExpression]

    def of_workflow(self, linked: LinkedWorkflow) -> LinkedWorkflow:
        """Return a workflow with what is meant in its steps and its outputs."""
        workflow = replace(linked.workflow, outputs=self._of_outputs(linked.workflow.outputs))
        return replace(linked, workflow=workflow, steps=tuple(map(self._of_step, linked.steps)))

    def _of_step(self, linked: LinkedStep) -> LinkedStep:
        parameters = tuple(replace(each, value=self._of(each.value)) for each in linked.parameters)
        step = replace(
            linked.step,
            outputs=self._of_outputs(linked.step.outputs),
            request_body=None if linked.step.request_body is None else self._of_body(linked.step.request_body),
        )
        return replace(linked, parameters=parameters, step=step)

    def _of_body(self, body: RequestBody) -> RequestBody:
        payload = None if body.payload is None else self._of(body.payload)
        replacements = tuple(replace(each, value=self._of(each.value)) for each in body.replacements)
        return replace(body, payload=payload, replacements=replacements)

    def _of_outputs(self, outputs: Mapping[str, Template] | None) -> Mapping[str, Template] | None:
        return None if outputs is None else {name: self._of(each) for name, each in outputs.items()}

    def _of(self, template: Template) -> Template:
        def change(found: Expression) -> Expression:
            meant = self.meant.get((found.at, found.span))
            return found if meant is None else replace(found, expression=meant)

        return with_expressions(template, change)
