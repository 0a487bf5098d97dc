"""Filters over an object: they ask its members, which is seldom what was meant.

Decides nothing where the value may be a list. Where the description leaves one reading, the filter was read as that
when its step was linked; here is told what may never select anything, or selects something in nearly any answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.alternatives import Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.members import Meant, meant_by_filter
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.compiling import compile_query
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.root_filters import root_filter
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.types.reading import asked_by
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.validation.types.reading import Asked
    from arazzo_engine.validation.types.yields import Yields

_EMBEDDED: Final = lazy_pattern(r"\{\$[^{}]*\}")


def check_filters(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each filter over an object of which nobody knows whether a member can pass it."""
    for step in workflow.steps:
        for asked in asked_by(step, workflow):
            yield from _check(asked, yields)


def _check(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    criterion = asked.criterion
    found = root_filter(criterion.condition) if criterion.type.type is Language.JSONPATH else None
    if found is None or criterion.context is None:
        return
    known = yields.of(criterion.context, asked.seen)
    if meant_by_filter(found.names, known, yields.schemas) is Meant.MEMBERS:
        return
    names = listed(tuple(dict.fromkeys(found.names)))
    if not found.is_negated:
        message = f"the filter selects nothing unless a member of `{criterion.context.text}` is an object with {names}"
    elif _passes_without(criterion):
        message = f"any member of `{criterion.context.text}` without {names} passes the filter, whatever the others are"
    else:
        return
    at = criterion.at.child("condition").location()
    has_all = all(follow(known, (name,), yields.schemas).way in {Way.ON, Way.UNKNOWN} for name in found.names)
    fix = f"if the object itself is meant, write `{found.of_root}`" if has_all else ""
    yield diagnose("filter-over-object", message, at, fix=fix)


def _passes_without(criterion: Criterion) -> bool:
    """Whether a filter selects a member that has none of what it asks for."""
    text = _EMBEDDED.sub("0", criterion.condition)
    try:
        return bool(compile_query(criterion.type, text).select({"": 0}))
    except (QueryError, EvaluationError):
        return False
