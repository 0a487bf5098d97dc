"""Whether conditions can hold together, whatever values come: told only where it is certain that they cannot.

Each operand is tried with the few values that tell the literals beside it apart, all others being unknown; the
comparisons are those of a run. It knows no document and no step, and what it does not understand may always hold.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from msgspec import Struct

from arazzo_engine.language.conditions.comparison import EvaluationError, as_number, compare, is_true
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    LiteralValue,
    Not,
    Or,
    Reference,
    TextWithValues,
    is_whole,
    leaves_of,
)
from arazzo_engine.language.conditions.telling_values import HAS_NOT_RUN, TRUTHS, Tried, statuses, values
from arazzo_engine.language.expressions.grammar import Root

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.expressions.grammar import RuntimeExpression


class Opaque(Struct, frozen=True):
    """A condition of which nothing is known but that it gives the same wherever it is asked again, such as a query."""

    key: Hashable


Claim: TypeAlias = "Node | Opaque"
# what a claim can come to: each is a bit
_HOLDS: Final = 1
_FAILS: Final = 2
_BREAKS: Final = 4  # it cannot be evaluated, which fails the whole condition
_UNKNOWN: Final = _HOLDS | _FAILS | _BREAKS
# of more operands and literals than these, nobody asks for a contradiction
_MOST: Final = 150
_KNOWN_TASKS: Final = 4_096
_STATUS: Final = (Root.STATUS_CODE, (), ())
# from here on, the numbers of a computer have gaps
_LARGEST: Final = 1e15


class Circumstances(Struct, frozen=True):
    """What is known where claims are judged: what certainly has no value, and whether there is an answer.

    Nothing of ``absent`` has a value, nor have the outputs of the step ``without_outputs``. With an answer,
    ``$statusCode`` is a number of three digits.
    """

    absent: frozenset[Root] = frozenset()
    without_outputs: str | None = None
    is_answered: bool = False

    def is_absent(self, expression: RuntimeExpression) -> bool:
        """Whether something certainly has no value."""
        is_own = expression.root is Root.STEPS and expression.names[0] == self.without_outputs
        return is_own or expression.root in self.absent

    @property
    def says_nothing(self) -> bool:
        """Whether everything may have a value."""
        return not self.absent and self.without_outputs is None


UNKNOWN: Final = Circumstances()


def can_hold(
    wanted: Iterable[Claim], unless: Iterable[Iterable[Claim]] = (), circumstances: Circumstances = UNKNOWN
) -> bool:
    """Return whether all claims may hold while none of some groups of others holds as a whole.

    ``False`` is certain, ``True`` is not: one operand is looked at after the other. A group without claims holds.
    """
    claims = dict.fromkeys(wanted)
    # of a group, what is wanted holds already
    groups = tuple(tuple(each for each in group if each not in claims) for group in unless)
    absent = frozenset(_absent(chain(claims, *groups), circumstances))
    return _can_hold(_Task(tuple(claims), groups, absent, circumstances.is_answered))


def _absent(claims: Iterable[Claim], circumstances: Circumstances) -> Iterator[Reference]:
    """Yield the references that certainly have no value."""
    for claim in () if circumstances.says_nothing else claims:
        for leaf in () if isinstance(claim, Opaque) else leaves_of(claim):
            if isinstance(leaf, Reference) and all(circumstances.is_absent(each) for each, _ in leaf.readings):
                yield leaf


class _Task(Struct, frozen=True):
    wanted: tuple[Claim, ...]
    unless: tuple[tuple[Claim, ...], ...]
    absent: frozenset[Reference]
    is_answered: bool

    @property
    def claims(self) -> Iterator[Claim]:
        """All claims, wherever they stand."""
        return chain(self.wanted, chain.from_iterable(self.unless))

    def about(self, operand: Hashable, operands: Mapping[Claim, Mapping[Hashable, object]]) -> _Task:
        """Return what is left of it for one operand, where it may be so as long as nothing is known of that one.

        Whatever the operand is, a claim that does not ask for it comes to the same.
        """
        wanted = tuple(each for each in self.wanted if operand in operands[each])
        unless = tuple(
            tuple(each for each in group if operand in operands[each])
            for group in self.unless
            if any(operand in operands[each] for each in group)
            and all(operand in operands[each] or self._outcomes(each, {}) == _HOLDS for each in group)
        )
        return _Task(wanted, unless, self.absent, self.is_answered)

    def may_have(self, operand: Hashable, literals: Sequence[JsonValue]) -> bool:
        """Whether it may be so with some value of an operand."""
        return any(self.may_hold({operand: value}) for value in self._tried(operand, literals))

    def _tried(self, operand: Hashable, literals: Sequence[JsonValue]) -> Sequence[Tried]:
        if isinstance(operand, Opaque | Comparison):
            return TRUTHS
        if operand == _STATUS:
            return statuses(literals, is_answered=self.is_answered)
        return values(literals)

    def may_hold(self, known: Mapping[Hashable, Tried]) -> bool:
        """Whether it may be so where one operand has a value."""
        if not all(self._outcomes(claim, known) & _HOLDS for claim in self.wanted):
            return False
        return not any(all(self._outcomes(claim, known) == _HOLDS for claim in group) for group in self.unless)

    def _outcomes(self, claim: Claim, known: Mapping[Hashable, Tried]) -> int:
        match claim:
            case Opaque() | LiteralValue() | TextWithValues() | Reference():
                tried = self._value(claim, known)
                return _UNKNOWN if tried is None else _outcome(tried[0])
            case Not(operand=operand):
                return _swapped(self._outcomes(operand, known))
            case Comparison():
                return self._compared(claim, known)
            case And(operands=operands):
                return self._joined(operands, known, goes_on=_HOLDS)
            case Or(operands=operands):
                return self._joined(operands, known, goes_on=_FAILS)
            case _:
                assert_never(claim)

    def _joined(self, operands: Sequence[Node], known: Mapping[Hashable, Tried], *, goes_on: int) -> int:
        """Return what operands come to of which the next one is asked while they hold, or while they fail."""
        found = 0
        for operand in operands:
            outcomes = self._outcomes(operand, known)
            found |= outcomes & ~goes_on
            if not outcomes & goes_on:
                return found
        return found | goes_on

    def _compared(self, comparison: Comparison, known: Mapping[Hashable, Tried]) -> int:
        if not _is_understood(comparison):
            return _outcome(known[comparison]) if comparison in known else _UNKNOWN
        left, right = self._value(comparison.left, known), self._value(comparison.right, known)
        if left is None or right is None:
            return _UNKNOWN
        if left[0] is HAS_NOT_RUN or right[0] is HAS_NOT_RUN:
            return _BREAKS
        try:
            return _HOLDS if compare(comparison.operator, left[0], right[0]) else _FAILS
        except EvaluationError:
            return _BREAKS

    def _value(self, claim: Claim, known: Mapping[Hashable, Tried]) -> tuple[Tried] | None:
        """Return the value of an operand, or ``None`` when it is not known."""
        if isinstance(claim, LiteralValue):
            return (claim.value,)
        if not isinstance(claim, Reference):
            return (known[claim],) if claim in known else None
        if claim in self.absent:
            return (None,)
        operand = operand_of(claim)
        return (known[operand],) if operand in known else None


@lru_cache(_KNOWN_TASKS)
def _can_hold(task: _Task) -> bool:
    # where a workflow's actions stand at each of its steps, the same is asked again and again
    mentioned = list(islice(chain.from_iterable(map(_operands_of, task.claims)), _MOST + 1))
    if len(mentioned) > _MOST:
        return True
    beside: dict[Hashable, list[JsonValue]] = {}
    for operand, literals in mentioned:
        beside.setdefault(operand, []).extend(literals)
    operands = {claim: dict(_operands_of(claim)) for claim in task.claims}
    return task.may_hold({}) and all(
        task.about(operand, operands).may_have(operand, literals) for operand, literals in beside.items()
    )


def _outcome(value: Tried) -> int:
    if value is HAS_NOT_RUN:
        return _BREAKS
    return _HOLDS if is_true(value) else _FAILS


def _swapped(outcomes: int) -> int:
    held, failed = outcomes & _HOLDS, outcomes & _FAILS
    return (outcomes & _BREAKS) | (_FAILS if held else 0) | (_HOLDS if failed else 0)


def operand_of(reference: Reference) -> Hashable:
    """Return what two references have in common that name the same value."""
    if len(reference.readings) > 1:
        return reference.readings
    ((expression, accessors),) = reference.readings
    return (expression.root, expression.names, (*(expression.pointer or ()), *accessors))


def _operands_of(claim: Claim) -> Iterator[tuple[Hashable, tuple[JsonValue, ...]]]:
    """Yield each operand of a claim with the literals that stand beside it."""
    if isinstance(claim, Opaque):
        yield claim, ()
        return
    waiting: list[Node] = [claim]
    while waiting:
        node = waiting.pop()
        match node:
            case Comparison() if _is_understood(node):
                literals = tuple(each.value for each in (node.left, node.right) if isinstance(each, LiteralValue))
                yield from (
                    (operand_of(each), literals) for each in (node.left, node.right) if isinstance(each, Reference)
                )
            case Comparison():
                yield node, ()
            case Reference():
                yield operand_of(node), ()
            case Not(operand=operand):
                waiting.append(operand)
            case And(operands=operands) | Or(operands=operands):
                waiting.extend(operands)
            case LiteralValue() | TextWithValues():
                pass
            case _:
                assert_never(node)


def _is_understood(comparison: Comparison) -> bool:
    """Whether a comparison is one with a literal, and the values beside it can be told apart by a few of them."""
    # of two media types, one may have parameters that the other leaves open
    if is_whole(comparison) or comparison.of_media_types:
        return False
    match comparison.left, comparison.right:
        case (LiteralValue(), LiteralValue()):
            return True
        case (Reference(), LiteralValue(value=value)) | (LiteralValue(value=value), Reference()):
            number = as_number(value) if isinstance(value, str) else value
            # which texts come between two others is not asked
            is_equality = comparison.operator in {"==", "!="}
            return _is_small(number) and (is_equality or not isinstance(value, str))
        case _:
            return False


def _is_small(value: JsonValue) -> bool:
    return not isinstance(value, int | float) or abs(value) < _LARGEST
