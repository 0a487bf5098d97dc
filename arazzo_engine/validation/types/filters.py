"""Filters over an object: they ask its members, which is seldom what was meant.

Decides nothing where the value may be a list. Where the description leaves one reading, the filter was read as that
when its step was linked; here is told what may never select anything, or selects something in nearly any answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.alternatives import Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.members import Meant, is_list, meant_by_filter, parts_of
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.compiling import compile_query
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.last_filters import last_filter
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.types.reading import asked_by
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.queries.jsonpath.last_filters import LastFilter
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
    found = last_filter(criterion.condition) if criterion.type.type is Language.JSONPATH else None
    # what is no query is told as that alone
    if found is None or criterion.context is None or criterion.query is None:
        return
    known = follow(yields.of(criterion.context, asked.seen), found.path, yields.schemas).known
    message = _told(found, known, criterion, yields.schemas)
    if message:
        at = criterion.at.child("condition").location()
        yield diagnose("filter-over-object", message, at, fix=_fix(found, known, yields.schemas))


def _told(found: LastFilter, known: Known, criterion: Criterion, schemas: Alternatives) -> str:
    """Return what a filter does that is seldom meant, nothing where it is."""
    looked_at = parts_of(known, schemas) if found.of_all else known
    meant = meant_by_filter(found.names, looked_at, schemas)
    if meant is Meant.MEMBERS or criterion.context is None:
        return ""
    names = listed(tuple(dict.fromkeys(found.names)))
    whole = f"`{criterion.context.text}`" if not found.path else f"`{found.value}`"
    if found.of_all:
        whole = f"{'an element' if is_list(known) else 'a member'} of {whole}"
    if meant is Meant.NOTHING:
        return f"the filter selects nothing: it asks the parts of {whole}, which has none"
    if _passes_without(criterion):
        return f"any member of {whole} without {names} passes the filter, whatever the others are"
    return f"the filter selects nothing unless a member of {whole} is an object with {names}"


def _fix(found: LastFilter, known: Known, schemas: Alternatives) -> str:
    if found.of_all and is_list(known):
        element = parts_of(known, schemas)
        return (
            f"if the elements themselves are meant, write `{found.of_parts}`" if _has(found, element, schemas) else ""
        )
    return f"if the object itself is meant, write `{found.of_itself}`" if _has(found, known, schemas) else ""


def _has(found: LastFilter, known: Known, schemas: Alternatives) -> bool:
    return all(follow(known, (name,), schemas).way in {Way.ON, Way.UNKNOWN} for name in found.names)


def _passes_without(criterion: Criterion) -> bool:
    """Whether a filter selects a member that has none of what it asks for."""
    text = _EMBEDDED.sub("0", criterion.condition)
    try:
        return bool(compile_query(criterion.type, text).select({"": 0}))
    except (QueryError, EvaluationError):
        return False
