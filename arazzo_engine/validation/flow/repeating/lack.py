"""Criteria that hold where an answer has nothing more: a loop by them waits for what is to come, and asks the same.

Decides it by what is compared: with nothing, with false, or with what was there before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.condition import And, Comparison, LiteralValue, Not, Or, Reference
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.objects import Criterion

# as JSON writes them
_NOTHING: Final = frozenset({"null", "false", '""', "0"})
_OPPOSITES: Final = {"==": "!=", "!=": "=="}
_IN_QUERY: Final = lazy_pattern(r"==\s*(?:null|false|''|\"\")|!=\s*true|!\s*[@$]|^\^\$$")


def lacking(criteria: Iterable[Criterion]) -> frozenset[str]:
    """Return the expressions of conditions which hold where these have no value, are false, or are what they were."""
    return frozenset(text for each in criteria if each.simple is not None for text in _lacking(each.simple.node))


def asks_for_none(criterion: Criterion) -> bool:
    """Whether a query or a pattern looks for nothing, or for what is false."""
    if criterion.simple is not None:
        return False
    return criterion.wants_nothing or _IN_QUERY.search(criterion.condition) is not None


def _lacking(whole: Node) -> Iterator[str]:
    waiting: list[tuple[Node, bool]] = [(whole, False)]
    while waiting:
        node, is_denied = waiting.pop()
        match node:
            case Not(operand=operand):
                waiting.append((operand, not is_denied))
            case And(operands=operands) | Or(operands=operands):
                waiting += ((each, is_denied) for each in operands)
            case Reference(text=text) if is_denied:
                yield text
            case Comparison():
                yield from _compared(node, is_denied=is_denied)
            case _:
                pass


def _compared(found: Comparison, *, is_denied: bool) -> Iterator[str]:
    operator = _OPPOSITES.get(found.operator, "") if is_denied else found.operator
    for one, other in ((found.left, found.right), (found.right, found.left)):
        if isinstance(one, Reference) and _is_lack(operator, other):
            yield one.text


def _is_lack(operator: str, other: Node) -> bool:
    if isinstance(other, LiteralValue):
        return (operator == "==" and other.written in _NOTHING) or (operator == "!=" and other.written == "true")
    return operator == "==" and isinstance(other, Reference)
