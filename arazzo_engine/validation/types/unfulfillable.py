"""Values that go to a place of an operation which, as it is described, takes none at all.

Decides it by what stands in the schema of the place itself. The description is at fault there, and whether the API
holds to it is not known: an error where the place must have a value, as for one that is written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.schemas.impossible import why_nothing_fits
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.templates import template_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.schemas.alternatives import Alternative, Alternatives, Known
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.types.passing import Passed
    from arazzo_engine.validation.types.yields import Yields


# what is required within what is required
_DEEPEST: Final = 3


def check_unfulfillable(passed: Iterable[Passed], yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression that goes where no value fits."""
    for each in passed:
        step = each.seen.step
        if step is None or not isinstance(step.target, Operation):
            continue
        why = _why_none(each.goal.known, yields.schemas, _DEEPEST)
        if why:
            found = _told(each, why)
            yield found if each.goal.is_needed else found.as_warning()


def _why_none(known: Known, schemas: Alternatives, depth: int) -> str:
    """Return why a place takes no value, of the first of its alternatives; empty where one of them may take some."""
    reasons = [_why_not(each) for each in known]
    if not known or all(reasons):
        return reasons[0] if reasons else ""
    required = frozenset.intersection(*(each.required for each in known)) if depth else ()
    members = ((name, follow(known, (name,), schemas).known) for name in sorted(required))
    reasons = [f"its member `{name}`: {why}" for name, each in members if (why := _why_none(each, schemas, depth - 1))]
    return next(iter(reasons), "")


def _why_not(alternative: Alternative) -> str:
    return next((why for part in alternative.parts if (why := why_nothing_fits(as_mapping(part.value))[1])), "")


def _told(passed: Passed, why: str) -> Diagnostic:
    message = f"`{template_text(passed.template)}` goes to {passed.goal.what}, which takes no value: {why}"
    related = (Related("described here", passed.goal.known[0].at),)
    fix = "correct the API description, which no value fits"
    return diagnose("type-refused", message, passed.template.at.location(), fix=fix, related=related)
