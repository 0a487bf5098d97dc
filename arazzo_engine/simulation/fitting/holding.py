"""Whether a demand is true of a value, and whether two of them can be of one.

Decides it by comparing as conditions and queries do. What is demanded is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.comparison import EvaluationError, compare, is_number, is_true
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.files import plain
from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.work import bounded_work
from arazzo_engine.simulation.pattern_samples import sample_of
from arazzo_engine.simulation.queries.jsonpath import EXISTS, LACKS, LENGTH, NODE, REGEX, TRUTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.queries.jsonpath import Demand

_OF_NOTHING: Final = ((None, ""), (False, TRUTH))


def holds(demand: Demand, value: Value) -> bool:
    """Whether a demand is true of a value."""
    if demand.operator == LACKS or value is ABSENT:
        # in a condition, what is absent compares as null, and does not pass alone
        is_null = demand.operator == "==" and (demand.value, demand.of) in _OF_NOTHING
        return (demand.operator == LACKS or is_null) and value is ABSENT
    try:
        return compare(demand.operator, *_sides(demand, value))
    except EvaluationError:
        return False


def _sides(demand: Demand, value: JsonValue) -> tuple[JsonValue, JsonValue]:
    if demand.of in {"", NODE}:
        return value, demand.value
    if demand.of == TRUTH:
        return is_true(value), demand.value
    if demand.of == LENGTH:
        return (len(value) if isinstance(value, str | list | dict) else None), demand.value
    from arazzo_engine.language.queries.jsonpath.functions import matches  # noqa: PLC0415 - imports libraries

    with bounded_work():
        if demand.of == REGEX:
            return _finds(str(demand.value), value), True
        return matches(value, demand.value, whole=demand.of == "match"), True


def _finds(pattern: str, value: JsonValue) -> bool:
    from arazzo_engine.language.queries.regexes import compile_pattern  # noqa: PLC0415 - imports libraries

    try:
        return compile_pattern(pattern).search(text_of(plain(value)))
    except QueryError:
        return False


def agree(one: Demand, other: Demand) -> bool:
    """Whether two demands of one place may hold together, as far as a value for both is found."""
    if EXISTS in {one.operator, other.operator} or LENGTH in {one.of, other.of}:
        return True
    return any(holds(one, each) and holds(other, each) for each in (*_met_by(one), *_met_by(other)))


def _met_by(demand: Demand) -> Iterator[JsonValue]:
    """Yield values near what a demand compares with."""
    made = sample_of(demand.value) if demand.of and isinstance(demand.value, str) else None
    yield from (each for each in (made, demand.value) if each is not None)
    if is_number(demand.value):
        yield from (demand.value + 1, demand.value - 1)
    yield from (f"{demand.value}-other", "sample", None, True, False, 1)
