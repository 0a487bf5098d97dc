"""How much work one query may do: a budget that is spent node by node, so that no query runs for ever.

Descriptions and answers are untrusted, and the query libraries know no limit of their own. Counting, rather than a
clock, keeps a run the same whenever it is run. It must not know what the work is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeVar, cast

from msgspec import Struct, field

from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.conditions.comparison import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from arazzo_engine.documents.values import JsonValue

_T = TypeVar("_T")
# About a second of the slowest library; a query over ten megabytes of JSON stays below it
MOST_WORK: Final = 1_000_000
_AT_ONCE: Final = 2_000
_CHARACTERS: Final = 1_000
LONGEST_QUERY: Final = 10_000  # characters
# for an engine of patterns that can go back; RE2 needs no deadline
PATTERN_SECONDS: Final = 0.5


class TooMuchWorkError(EvaluationError):
    """A query was stopped because it had spent its budget."""

    def __init__(self) -> None:
        super().__init__(f"the query was stopped after {MOST_WORK} units of work: it looks at too much")


class _Budget(Struct):
    left: int
    # at so many left, it is asked again whether there is time
    asked_at: int = MOST_WORK
    made: dict[Hashable, object] = field(default_factory=dict)


_BUDGET: Final[ContextVar[_Budget]] = ContextVar("budget of the query that is being evaluated")


@contextmanager
def bounded_work() -> Iterator[None]:
    """Give everything inside one budget; ``spend`` raises ``TooMuchWorkError`` when it is used up."""
    token = _BUDGET.set(_Budget(MOST_WORK))
    try:
        yield
    finally:
        _BUDGET.reset(token)


def spend(units: int) -> None:
    """Spend some of the budget; raises ``TooMuchWorkError``, or ``LookupError`` outside ``bounded_work``."""
    budget = _BUDGET.get()
    budget.left -= units
    if budget.left < 0:
        raise TooMuchWorkError
    if budget.left < budget.asked_at:
        go_on()
        budget.asked_at = budget.left - _AT_ONCE


def remembered(key: Hashable, make: Callable[[], _T]) -> _T:
    """Return what is made for a key, made once while a query is evaluated."""
    made = _BUDGET.get().made
    if key not in made:
        made[key] = make()
    return cast("_T", made[key])


def spend_size(value: JsonValue) -> None:
    """Spend one unit for each value in a JSON value, and for each kilobyte of a text."""
    waiting = [value]
    while waiting:
        spend(1)
        match waiting.pop():
            case dict() as members:
                waiting.extend(members.values())
            case list() as elements:
                waiting.extend(elements)
            case str() as text:
                spend(len(text) // _CHARACTERS)
            case _:
                pass
