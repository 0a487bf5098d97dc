"""Which statuses criteria allow, and which documented responses those are.

Decides it for what criteria say of `$statusCode` alone; whatever else they ask may hold. An operation without responses
documents nothing, and nothing is concluded from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct

from arazzo_engine.language.conditions.comparison import EvaluationError, compare, is_true
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    LiteralValue,
    Not,
    Or,
    Reference,
    TextWithValues,
    comparisons_in,
)
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.expression_types import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, ResponseDescription
    from arazzo_engine.language.conditions.condition import Leaf, Node
    from arazzo_engine.language.objects import Criterion

# where a step has no criteria, a success is an answer below 400
_SUCCESSES: Final = range(200, 400)
# RFC 9110, section 15: "All valid status codes are within the range of 100 to 599, inclusive."
_STATUSES: Final = range(100, 600)
_CLASSES: Final = range(1, 6)
# a status of each class that hardly any description names
_UNUSUAL: Final = 98
_DEFAULT: Final = "default"
# RFC 9110, section 15.5: "the client seems to have erred"
_REFUSED: Final = 4
# RFC 9110, section 15.5.2: "it lacks valid authentication credentials"; many servers answer 403 to that, too
_UNAUTHENTICATED: Final = 401
_OF_STRANGERS: Final = frozenset({_UNAUTHENTICATED, 403})


class Allowed(Struct, frozen=True):
    """The documented responses that criteria allow, and the statuses that they allow and no response has.

    A success that nothing has but `default`, beside another success, is one of these.
    """

    responses: tuple[ResponseDescription, ...]
    undocumented: tuple[int, ...] = ()


def allowed_by(criteria: Sequence[Criterion], operation: Operation) -> Allowed:
    """Return the responses of an operation with which criteria may hold; of a success, when there are no criteria."""
    by_status = {each.status.upper(): each for each in operation.responses}
    found: dict[str, ResponseDescription] = {}
    undocumented = []
    for status in _worth_trying(criteria, by_status):
        if not _is_allowed(criteria, status):
            continue
        named = next((each for each in (str(status), f"{status // 100}XX") if each in by_status), None)
        if named is None:
            undocumented.append(status)
        else:
            found[named] = by_status[named]
    # "`default`: The documentation of responses other than the ones declared for specific HTTP response codes."
    other = by_status.get(_DEFAULT.upper())
    if found or other is None:
        return Allowed(tuple(found.values()), tuple(undocumented))
    # beside a success that is described by itself, it is the failures that are meant
    if not any(each.startswith(("2", "3")) for each in by_status):
        return Allowed((other,))
    are_successes = all(each in _SUCCESSES for each in undocumented)
    return Allowed((), tuple(undocumented) if are_successes else ())


def wants_refusal(criteria: Sequence[Criterion]) -> bool:
    """Whether criteria hold for an answer that refuses the request, and for none that accepts it."""
    if not any(True for each in criteria for _ in statuses_in(each)) and not any(map(statuses_by_pattern, criteria)):
        return False
    tried = _worth_trying(criteria, ())
    # most accept the first of all statuses
    classes = (status // 100 for status in (*_SUCCESSES, *tried) if _is_allowed(criteria, status))
    return next(classes, None) == _REFUSED and all(each == _REFUSED for each in classes)


def wants_stranger(criteria: Sequence[Criterion]) -> bool:
    """Whether criteria hold for the answer to somebody who is not known, and for no other."""
    if not criteria or _is_allowed(criteria, _SUCCESSES.start) or not _is_allowed(criteria, _UNAUTHENTICATED):
        return False
    return all(status in _OF_STRANGERS for status in _STATUSES if _is_allowed(criteria, status))


def statuses_in(criterion: Criterion) -> Iterator[LiteralValue]:
    """Yield the literals that a criterion compares ``$statusCode`` with."""
    for comparison in () if criterion.simple is None else comparisons_in(criterion.simple.node):
        literal = _compared(comparison)
        if literal is not None:
            yield literal


def statuses_by_pattern(criterion: Criterion) -> frozenset[int]:
    """Return the statuses that a pattern of ``$statusCode`` matches; none where a criterion is no such pattern."""
    context, query = criterion.context, criterion.query
    is_pattern = query is not None and query.fixed is not None and query.type.type is Language.REGEX
    if query is None or not is_pattern or context is None or context.root is not Root.STATUS_CODE:
        return frozenset()
    from arazzo_engine.language.queries.regexes import statuses_matching  # noqa: PLC0415 - imports two engines

    return statuses_matching(query.text) or frozenset()


def is_status(node: Node) -> bool:
    """Whether a part of a condition is ``$statusCode``."""
    return isinstance(node, Reference) and all(each.root is Root.STATUS_CODE for each, _ in node.readings)


def _worth_trying(criteria: Sequence[Criterion], documented: Iterable[str]) -> list[int]:
    literals = (each.value for criterion in criteria for each in statuses_in(criterion))
    named = [int(str(each)) for each in (*literals, *documented) if str(each).isdecimal() and str(each).isascii()]
    near = {status + step for status in named for step in (-1, 0, 1) if status + step in _STATUSES}
    return sorted(near.union({each * 100 + _UNUSUAL for each in _CLASSES}, *map(statuses_by_pattern, criteria)))


def _is_allowed(criteria: Sequence[Criterion], status: int) -> bool:
    if not criteria:
        return status in _SUCCESSES
    return all(_may_hold(each, status) for each in criteria)


def _may_hold(criterion: Criterion, status: int) -> bool:
    if criterion.simple is not None:
        return _holds(criterion.simple.node, status) is not False
    context, query = criterion.context, criterion.query
    if context is None or context.root is not Root.STATUS_CODE or query is None or query.fixed is None:
        return True
    try:
        return query.fixed.judge(status).passed
    except EvaluationError:
        return False


def _holds(node: Node, status: int) -> bool | None:
    """Return whether a condition holds with a status, ``None`` when that depends on more."""
    match node:
        case Not(operand=operand):
            held = _holds(operand, status)
            return None if held is None else not held
        case And(operands=operands):
            every = [_holds(each, status) for each in operands]
            return False if False in every else None if None in every else True
        case Or(operands=operands):
            some = [_holds(each, status) for each in operands]
            return True if True in some else None if None in some else False
        case Comparison():
            return _compares(node, status)
        case LiteralValue() | Reference() | TextWithValues():
            return _is_true(node, status)
        case _:
            assert_never(node)


def _is_true(leaf: Leaf, status: int) -> bool | None:
    if isinstance(leaf, LiteralValue):
        return is_true(leaf.value)
    return True if is_status(leaf) and status else None


def _compares(node: Comparison, status: int) -> bool | None:
    literal = _compared(node)
    if literal is None:
        return None
    sides = (status, literal.value) if node.right is literal else (literal.value, status)
    try:
        return compare(node.operator, *sides)
    except EvaluationError:
        return None


def _compared(comparison: Comparison) -> LiteralValue | None:
    match comparison.left, comparison.right:
        case (other, LiteralValue() as literal) | (LiteralValue() as literal, other):
            return literal if is_status(other) else None
        case _:
            return None
