"""Every rule on what expressions yield, over all workflows: what one of them yields is looked at once for all.

Decides nothing by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.validation.types.criteria.comparisons import check_comparisons
from arazzo_engine.validation.types.criteria.unhandled import check_unhandled
from arazzo_engine.validation.types.filters import check_filters
from arazzo_engine.validation.types.lost_schemas import check_lost_schemas
from arazzo_engine.validation.types.meant.handed_on import check_handed_on
from arazzo_engine.validation.types.meant.listed_slips import check_listed
from arazzo_engine.validation.types.meant.wholes_in_texts import check_wholes_in_texts
from arazzo_engine.validation.types.own_names import check_own_names
from arazzo_engine.validation.types.passing import check_passed, passed_in
from arazzo_engine.validation.types.pointers import check_reads
from arazzo_engine.validation.types.queries import check_queries
from arazzo_engine.validation.types.unfulfillable import check_unfulfillable
from arazzo_engine.validation.types.whole_bodies import check_whole_bodies
from arazzo_engine.validation.types.yields import yields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.types.yields import Yields


def _check_passed(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield what is wrong with what is passed on, which is found once for all these rules."""
    passed = tuple(passed_in(workflow, yields))
    yield from check_passed(passed, workflow, yields)
    yield from check_listed(passed)
    yield from check_unfulfillable(passed, yields)
    yield from check_whole_bodies(passed, workflow, yields)


_RULES: Final = (
    check_reads,
    check_comparisons,
    check_filters,
    check_queries,
    _check_passed,
    check_wholes_in_texts,
    check_own_names,
    check_handed_on,
    check_unhandled,
)


def check_types(linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression that does not go with what is read of it, or with where it goes."""
    yields = yields_of(linked)
    for workflow in linked.workflows.values():
        for rule in _RULES:
            yield from rule(workflow, yields)
    yield from check_lost_schemas(yields)
