"""A workflow with other expressions than are written in it: those that are meant, each in the place of its own.

Decides nothing: which expression is meant is for others to say. What stands in conditions stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.language.templates import with_expressions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.strings import Expression, Span
    from arazzo_engine.language.objects import RequestBody
    from arazzo_engine.language.templates import Template

Spot: TypeAlias = "tuple[Place, Span | None]"


class Meant(Struct, frozen=True):
    """The expressions that are meant, by where others stand."""

    meant: Mapping[Spot, RuntimeExpression]

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
