"""Conditions that compare an object or a list with the text of one: read as comparing it with the value itself.

The same rule as for repairs of a document: where the description has an object or a list and no text, none equals a
text, so one reading is left. Where it has a text, or says nothing, the condition stays as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.edits import Applicability
from arazzo_engine.language.conditions.condition import LiteralValue, Reference, comparisons_in
from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, is_own_condition, parse_own_condition
from arazzo_engine.language.expressions.grammar import Root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.language.conditions.condition import Comparison
    from arazzo_engine.language.objects import Criterion

WHOLE: Final = "an object or a list is compared with a value, not with its text"
_WHOLES: Final = frozenset({"object", "array", "null"})


def compares_wholes(criterion: Criterion) -> bool:
    """Whether a criterion is a condition that compares something with the text of an object or a list."""
    found = () if criterion.simple is None else comparisons_in(criterion.simple.node)
    return any(_text_of_whole(each) is not None for each in found)


def as_wholes(criterion: Criterion, body: Known, schemas: Alternatives, problems: list[Diagnostic]) -> Criterion:
    """Return a criterion that compares the objects and lists of an answer with the values whose texts it has."""
    text = criterion.condition
    literals = [] if criterion.simple is None else list(_literals(criterion, body, schemas))
    for literal in sorted(literals, key=lambda each: -each.span[0]):
        text = f"{text[: literal.span[0]]}{str(literal.value).strip()}{text[literal.span[1] :]}"
    if not literals or not is_own_condition(text):
        return criterion
    at = criterion.at.child("condition")
    message = f"`{criterion.condition}` is read as `{text}`: {WHOLE}"
    fix = f"write `condition: {write_scalar(text)}`, `{OWN}: {EXTENDED}`"
    edits = [at.written(text, Applicability.UNSAFE), criterion.at.child(OWN).written(EXTENDED, Applicability.UNSAFE)]
    problems.append(diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=WHOLE))
    return replace(criterion, condition=text, simple=parse_own_condition(text))


def _literals(criterion: Criterion, body: Known, schemas: Alternatives) -> Iterator[LiteralValue]:
    for comparison in () if criterion.simple is None else comparisons_in(criterion.simple.node):
        found = _text_of_whole(comparison)
        if found is not None and _is_whole(found[0], body, schemas):
            yield found[1]


def _text_of_whole(comparison: Comparison) -> tuple[Reference, LiteralValue] | None:
    """Return what is compared, and the text of an object or a list that it is compared with."""
    if comparison.operator not in {"==", "!="}:
        return None
    match comparison.left, comparison.right:
        case (Reference() as reference, LiteralValue(value=str() as text) as literal) | (
            LiteralValue(value=str() as text) as literal,
            Reference() as reference,
        ):
            return (reference, literal) if _is_text_of_whole(text) else None
        case _:
            return None


def _is_text_of_whole(text: str) -> bool:
    if text.strip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_whole(reference: Reference, body: Known, schemas: Alternatives) -> bool:
    """Whether what a reference names is described as an object or a list, and as nothing else."""
    if len(reference.readings) != 1:
        return False
    expression, accessors = reference.readings[0]
    if expression.root is not Root.RESPONSE or expression.names != ("body",):
        return False
    known = follow(body, (*(expression.pointer or ()), *map(str, accessors)), schemas).known
    types = all_types(known)
    return bool(types - {"null"}) and types <= _WHOLES
