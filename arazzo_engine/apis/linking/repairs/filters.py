"""Criteria as they are meant by the schemas of the answers: filters over an object, `length` of a list, names of XML.

A filter over an object that asks its members for what the object itself has is read as asking the object.

The same rule as for repairs of a document: the description leaves one reading, and a warning says what to write. Where
it leaves two, the filter stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import as_answered
from arazzo_engine.apis.linking.repairs.counts import as_counted, counts
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.apis.linking.repairs.wholes import as_wholes, compares_wholes
from arazzo_engine.apis.linking.repairs.xml_namespaces import as_named
from arazzo_engine.apis.schemas.answers import body_of
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.members import Meant, is_list, meant_by_filter, parts_of
from arazzo_engine.apis.schemas.statuses import allowed_by
from arazzo_engine.diagnostics import Diagnostic
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.compiling import read_query
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.last_filters import last_filter

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.queries.jsonpath.last_filters import LastFilter

MEMBERS: Final = "a filter over an object looks at its members, and the object itself has what it asks for"


class Filters(Struct, frozen=True):
    """Reads the filters of steps as they are meant, by the schemas of their answers."""

    schemas: Alternatives

    def as_meant(self, linked: LinkedStep, problems: list[Diagnostic]) -> LinkedStep:
        """Return a step with its filters as they are meant; what is told of that is added to ``problems``."""
        if not isinstance(linked.target, Operation) or not any(map(_is_looked_at, linked.criteria)):
            return linked
        own = linked.step.success_criteria

        def meant(criteria: tuple[Criterion, ...], holding: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
            responses = allowed_by(holding, operation).responses
            body = body_of(responses, operation.at, self.schemas)
            named = [
                as_named(each, responses, self.schemas.parts.resolver, problems)
                if each.asks_body_by(Language.XPATH)
                else each
                for each in criteria
            ]
            return tuple(self._meant(each, body, problems) for each in named)

        operation = as_answered(linked, linked.target)
        return replace(
            linked,
            step=replace(linked.step, success_criteria=meant(own, own)),
            on_success=tuple(
                replace(each, criteria=meant(each.criteria, (*own, *each.criteria))) for each in linked.on_success
            ),
            on_failure=tuple(replace(each, criteria=meant(each.criteria, each.criteria)) for each in linked.on_failure),
        )

    def _meant(self, criterion: Criterion, body: Known, problems: list[Diagnostic]) -> Criterion:
        if compares_wholes(criterion):
            criterion = as_wholes(criterion, body, self.schemas, problems)
        if counts(criterion):
            return as_counted(criterion, body, self.schemas, problems)
        found = _filter_of(criterion)
        if found is None or criterion.context is None:
            return criterion
        known = follow(body, criterion.context.pointer or (), self.schemas).known
        condition = self._asking(found, known)
        at, refused = criterion.at.child("condition"), list[Diagnostic]()
        query = read_query(condition, criterion.type, at, refused) if condition else None
        if query is None:
            return criterion
        problems.extend(told(criterion.condition, condition, MEMBERS, at))
        return replace(criterion, condition=condition, query=query)

    def _asking(self, found: LastFilter, body: Known) -> str:
        """Return the condition that asks the object which is meant, nothing where none is for certain."""
        known = follow(body, found.path, self.schemas).known
        if found.of_all:
            known = parts_of(known, self.schemas) if is_list(known) else ()
        is_meant = meant_by_filter(found.names, known, self.schemas) is Meant.ITSELF
        return (found.of_parts or found.of_itself) if is_meant else ""


def _is_looked_at(criterion: Criterion) -> bool:
    is_xpath = criterion.asks_body_by(Language.XPATH)
    return is_xpath or counts(criterion) or compares_wholes(criterion) or _filter_of(criterion) is not None


def _filter_of(criterion: Criterion) -> LastFilter | None:
    """Return the filter that a criterion is over the body of the step's own answer."""
    context = criterion.context
    if criterion.type.type is not Language.JSONPATH or context is None or context.root is not Root.RESPONSE:
        return None
    return last_filter(criterion.condition) if context.names == ("body",) else None
