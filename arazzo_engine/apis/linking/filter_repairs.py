"""Filters over an object that ask its members for what the object itself has: read as asking the object.

The same rule as for repairs of a document: the description leaves one reading, and a warning says what to write. Where
it leaves two, the filter stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.operation_repairs import told
from arazzo_engine.apis.schemas.answers import body_of
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.members import Meant, meant_by_filter
from arazzo_engine.apis.schemas.statuses import allowed_by
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.compiling import read_query
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.root_filters import root_filter

if TYPE_CHECKING:
    from typing import Final

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.alternatives import Alternatives
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import Action, Criterion

MEMBERS: Final = "a filter over an object looks at its members, and the object itself has what it asks for"


class Filters(Struct, frozen=True):
    """Reads the filters of steps as they are meant; ``problems`` gets what is told of it."""

    schemas: Alternatives
    problems: list[Diagnostic]

    def as_meant(self, linked: LinkedStep) -> LinkedStep:
        """Return a step with its filters as they are meant."""
        if not isinstance(linked.target, Operation) or not any(map(_filter_of, _criteria(linked))):
            return linked
        operation, own = linked.target, linked.step.success_criteria
        step = replace(linked.step, success_criteria=self._all(own, own, operation))
        return replace(
            linked,
            step=step,
            on_success=tuple(self._action(each, (*own, *each.criteria), operation) for each in linked.on_success),
            on_failure=tuple(self._action(each, each.criteria, operation) for each in linked.on_failure),
        )

    def _action[A: Action](self, action: A, holding: tuple[Criterion, ...], operation: Operation) -> A:
        return replace(action, criteria=self._all(action.criteria, holding, operation))

    def _all(
        self, criteria: tuple[Criterion, ...], holding: tuple[Criterion, ...], operation: Operation
    ) -> tuple[Criterion, ...]:
        return tuple(self._meant(each, holding, operation) for each in criteria)
