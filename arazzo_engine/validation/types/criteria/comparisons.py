"""Comparisons that say the same whatever comes, and success criteria that ask for a status nobody documents.

Decides by what both sides can be: a text is never a list, and of listed values none is another. What is not known may
be anything, and what is absent equals null. Whether a condition can hold as a whole is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.schemas.alternatives import all_types, all_values, types_of, words_of_types, written
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.statuses import is_status, statuses_by_pattern, statuses_in
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, likeliest
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.comparison import EvaluationError, as_number, compare, equals, is_number
from arazzo_engine.language.conditions.condition import And, Comparison, LiteralValue, Reference, comparisons_in
from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, is_own_condition
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.validation.types.reading import asked_by, meant_reading
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.validation.types.reading import Asked
    from arazzo_engine.validation.types.yields import Yields

_NUMBERS: Final = frozenset({"integer", "number"})
# an order is asked of two numbers or two strings
_ORDERED: Final = _NUMBERS | {"string"}
_WORDS: Final = frozenset({"string"})
_MOST_LISTED: Final = 12
_DEFAULT: Final = "default"


class _Side(Struct, frozen=True):
    """One side of a comparison: what is written, and what is known of its value."""

    node: Node
    known: Known
    values: tuple[JsonValue, ...] | None = None

    def by_type(self) -> _Side:
        """Return the same, whichever values a description lists."""
        return self if isinstance(self.node, LiteralValue) else _Side(self.node, self.known)


class _AskedStatuses(Struct, frozen=True):
    """The statuses that a criterion names, or that its pattern matches, and where it does."""

    criterion: Criterion
    statuses: frozenset[str]
    words: str
    span: tuple[int, int] | None = None


def check_comparisons(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each comparison that is decided before anything is sent, and each undocumented status."""
    for step in workflow.steps:
        go_on()
        yield from _check_status(step, Seen(workflow).after(step), yields)
        for asked in asked_by(step, workflow):
            yield from _check_criterion(asked, yields)


# --- statuses ---


def _check_status(step: LinkedStep, seen: Seen, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning when an operation documents no status with which the step can succeed, and names the others."""
    allowed = yields.allowed(seen)
    operation = step.target
    if allowed is None or allowed.responses or not allowed.undocumented or not isinstance(operation, Operation):
        return
    has_default = any(each.status == _DEFAULT for each in operation.responses)
    documented = [each.status for each in operation.responses if each.status != _DEFAULT]
    asked = next((asked for each in step.step.success_criteria for asked in _asked_statuses(each)), None)
    if asked is None or not documented:
        return
    which = "with which the step succeeds" if asked.statuses & {*documented} else asked.words
    # what a description says of all other answers is what it says of failures
    message = f"operation `{operation.label}` documents no status {which}{', but for `default`' if has_default else ''}"
    at = asked.criterion.at.child("condition").location(asked.span)
    fix = f"use what is documented: {listed(documented[:_MOST_LISTED])}"
    yield diagnose("status-undocumented", message, at, fix=fix)


def _asked_statuses(criterion: Criterion) -> Iterator[_AskedStatuses]:
    for literal in statuses_in(criterion):
        yield _AskedStatuses(criterion, frozenset({str(literal.value)}), write_literal(literal.value), literal.span)
    if matched := frozenset(map(str, statuses_by_pattern(criterion))):
        one = next(iter(matched)) if len(matched) == 1 else f"that `{criterion.condition}` matches"
        yield _AskedStatuses(criterion, matched, one)


# --- comparisons ---


def _check_criterion(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    if asked.criterion.simple is None:
        return
    whole = asked.criterion.simple.node
    conjoined = whole.operands if isinstance(whole, And) else (whole,)
    for comparison in comparisons_in(whole):
        # a status that cannot be is told by itself
        if is_status(comparison.left) or is_status(comparison.right):
            continue
        sides = _side(comparison.left, asked, yields), _side(comparison.right, asked, yields)
        if not _is_decided(comparison.operator, *sides):
            continue
        problem = _told(comparison, sides, asked)
        fails = asked.is_assertion and comparison in conjoined and comparison.operator != "!="
        # an API may answer with values that its description does not list yet
        is_sure = fails and _is_decided(comparison.operator, *(each.by_type() for each in sides))
        yield problem if is_sure else problem.as_warning()


def _side(node: Node, asked: Asked, yields: Yields) -> _Side:
    known = _known(node, asked, yields)
    return _Side(node, known, all_values(known))


def _known(node: Node, asked: Asked, yields: Yields) -> Known:
    if isinstance(node, LiteralValue):
        return written(node.value, asked.criterion.at)
    if not isinstance(node, Reference):
        return ()
    readings = [expression for expression, _ in node.readings]
    index = 0 if len(readings) == 1 else meant_reading(readings, asked.seen.workflow, asked.step, yields.linked)
    if index is None:
        return ()
    expression, accessors = node.readings[index]
    return follow(yields.of(expression, asked.seen), accessors, yields.schemas).known


def _is_decided(operator: str, left: _Side, right: _Side) -> bool:
    if not left.known or not right.known or not any(isinstance(each.node, Reference) for each in (left, right)):
        return False
    if operator in {"==", "!="}:
        return not _can_equal(left, right)
    return not _have_order(left, right)


def _have_order(left: _Side, right: _Side) -> bool:
    """Whether two numbers or two texts may meet; a text that is no number meets no number."""
    if not all(all_types(each.known) & _ORDERED for each in (left, right)):
        return False
    listed_values, other = (left.values, right) if left.values is not None else (right.values, left)
    return listed_values is None or any(_has_order(each, other) for each in listed_values)


def _has_order(value: JsonValue, side: _Side) -> bool:
    is_word = isinstance(value, str) and not is_number(as_number(value))
    if side.values is None:
        return bool(all_types(side.known) & (_WORDS if is_word else _ORDERED))
    return any(_are_ordered(value, each) for each in side.values)


def _are_ordered(one: JsonValue, other: JsonValue) -> bool:
    try:
        compare("<", one, other)
    except EvaluationError:
        return False
    return True


def _can_equal(left: _Side, right: _Side) -> bool:
    # absent compares as null: a part that is described may still not be there
    if any("null" in all_types(each.known) for each in (left, right)):
        return True
    one, other = left.values, right.values
    if one is not None and other is not None:
        return any(equals(value, another) for value in one for another in other)
    if one is not None or other is not None:
        types = all_types(right.known if one is not None else left.known)
        return any(_is_of(value, types) for value in one or other or ())
    return _meet(all_types(left.known), all_types(right.known))


def _is_of(value: JsonValue, types: frozenset[str]) -> bool:
    """Whether a value equals one of these types: a text may be that of a number."""
    own = frozenset(types_of(value))
    if isinstance(value, str) and "string" not in types:
        return bool(types & _NUMBERS) and is_number(as_number(value))
    return _meet(own, types)


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    # "Numeric strings SHOULD be coerced to numbers"
    numeric = any("string" in each and rest & _NUMBERS for each, rest in ((one, other), (other, one)))
    return numeric or not one.isdisjoint(other)


def _told(comparison: Comparison, sides: tuple[_Side, _Side], asked: Asked) -> Diagnostic:
    compared, other = sides if isinstance(sides[0].node, Reference) else sides[::-1]
    literal = other.node if isinstance(other.node, LiteralValue) else None
    text = compared.node.text if isinstance(compared.node, Reference) else ""
    says = "always" if comparison.operator == "!=" else "never"
    message = f"`{text}` is {_can_be(compared)}, so the comparison {says} holds"
    at = asked.criterion.at.child("condition").location(None if literal is None else literal.span)
    related = [Related("described here", compared.known[0].at)]
    fix = _fix(literal.value, compared) if literal is not None else ""
    return diagnose("comparison-decided", message, at, fix=fix, related=related)


def _can_be(side: _Side) -> str:
    values = side.values
    if values is not None:
        shown = [write_literal(each) for each in values[:_MOST_LISTED] if not isinstance(each, dict | list)]
        return f"one of {listed(shown)}" if len(shown) > 1 else f"always {listed(shown)}"
    return words_of_types(all_types(side.known))


def _fix(value: JsonValue, side: _Side) -> str:
    """Return what was meant by a literal: a value that is nearly the same, or the same in the right type."""
    if isinstance(value, str) and value in {"true", "false"} and "boolean" in all_types(side.known):
        return f"write `{value}` without quotes"
    if isinstance(value, str) and value.strip()[:1] in {"{", "["} and is_own_condition(f"null == {value}"):
        return f"write `{value.strip()}` without quotes, and add `{OWN}: {EXTENDED}`"
    texts = [each for each in side.values or () if isinstance(each, str)]
    near = likeliest(value, texts) if isinstance(value, str) else None
    return f"did you mean `{write_literal(near)}`?" if near is not None else ""
