"""Conditions that name the `length` of a list: read as counting its elements, which no condition of Arazzo does.

The same rule as for repairs of a document: a list has no member of that name, so one reading is left. Where the
description has an object there, its own member is meant, and the condition stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.edits import Applicability
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, parse_own_condition
from arazzo_engine.language.expressions.grammar import Root

if TYPE_CHECKING:
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.language.conditions.condition import Condition, Reference
    from arazzo_engine.language.objects import Criterion

COUNTED: Final = "a condition counts elements by `length`"
_LENGTH: Final = (".length", "/length")


def counts(criterion: Criterion) -> bool:
    """Whether a criterion is a condition that names the `length` of something."""
    return criterion.simple is not None and any(each in criterion.condition for each in _LENGTH)


def as_counted(criterion: Criterion, body: Known, schemas: Alternatives, problems: list[Diagnostic]) -> Criterion:
    """Return a criterion that counts the elements of the lists whose `length` it names."""
    if criterion.simple is None or any(each.counted for each in references_in(criterion.simple.node)):
        return criterion  # it counts already
    counting = parse_own_condition(criterion.condition)
    if not _counts_lists(counting, body, schemas):
        return criterion
    at = criterion.at.child("condition")
    message = f"`{criterion.condition}` is a condition of this engine alone: {COUNTED}"
    edits = [criterion.at.child(OWN).written(EXTENDED, Applicability.UNSAFE)]
    problems.append(
        diagnose("repaired", message, at.location(), fix=f"add `{OWN}: {EXTENDED}`", edits=edits, kind=COUNTED)
    )
    return replace(criterion, simple=counting)


def _counts_lists(condition: Condition, body: Known, schemas: Alternatives) -> bool:
    found = [each for each in references_in(condition.node) if each.counted]
    return bool(found) and all(_may_be_list(each, body, schemas) for each in found)


def _may_be_list(reference: Reference, body: Known, schemas: Alternatives) -> bool:
    """Whether what a reference counts is a list or a text, or nothing says what it is."""
    expression, accessors = reference.counted[0]
    if expression.root is not Root.RESPONSE or expression.names != ("body",):
        return True
    known = follow(body, (*(expression.pointer or ()), *map(str, accessors)), schemas).known
    return not known or not all_types(known).isdisjoint({"array", "string"})
