"""The values that tell literals apart: whatever value an operand has, one of these compares with each literal alike.

Decides which values an operand is tried with. That they are enough rests on how values are compared, in ``comparison``:
texts without case, a text that is a number as a number, everything else only with its own kind.
"""

from __future__ import annotations

import json
import math
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.language.conditions.comparison import as_number, is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.documents.values import JsonValue


class NotRun(Enum):
    """What belongs to something that has not run: a condition that asks for it cannot be evaluated."""

    NOT_RUN = "not run"


Tried: TypeAlias = "JsonValue | NotRun"
HAS_NOT_RUN: Final = NotRun.NOT_RUN
# what a condition as a whole can give
TRUTHS: Final[tuple[Tried, ...]] = (True, False, HAS_NOT_RUN)
# an object stands for all that is compared with nothing: objects, arrays, files
_OTHERS: Final[tuple[Tried, ...]] = (None, True, False, {}, HAS_NOT_RUN)
# RFC 9112, section 4: "status-code = 3DIGIT"
_STATUSES: Final = (100, 999)


def values(literals: Iterable[JsonValue]) -> list[Tried]:
    """Return values of which one compares with each of the literals as any value does, and one alone is as true.

    A text is compared with a literal for equality only, and the numbers among the literals are small enough that there
    is one between any two of them, or none that a computer could tell.
    """
    known = list(literals)
    texts = {each.casefold() for each in known if isinstance(each, str)}
    numbers = list(_numbers(known))
    written = [_written_anew(number, texts) for number in numbers]
    return [*_OTHERS, *numbers, *written, *sorted(texts | {"", _another(texts)})]


def statuses(literals: Iterable[JsonValue], *, is_answered: bool) -> list[Tried]:
    """Return the status codes that tell literals apart; without an answer there is none, which equals null.

    Literals that are no status are among them: what is asked of such a one is told in another way.
    """
    known = list(literals)
    least, most = _STATUSES
    around = {math.floor(number) + step for number in _numbers(known) for step in (-1, 0, 1)}
    found = sorted({least, most, *(each for each in around if least <= each <= most)})
    return [*found, *known] if is_answered else [None, *found, *known]


def _numbers(literals: Iterable[JsonValue]) -> Iterator[int | float]:
    """Yield the numbers that literals are, some between them and beyond them, and 0, which alone is false."""
    read = (as_number(each) if isinstance(each, str) else each for each in literals)
    met = sorted({0, *(each for each in read if isinstance(each, int | float) and is_number(each))})
    yield from met
    yield from _between(met)


def _between(numbers: Sequence[int | float]) -> Iterator[int | float]:
    yield numbers[0] - 1
    yield numbers[-1] + 1
    yield from ((one + other) / 2 for one, other in pairwise(numbers))


def _written_anew(number: int | float, texts: set[str]) -> str:  # noqa: PYI041 - JSON has both
    """Return a text that is a number and none of some texts: spaces around a number do not count."""
    text = json.dumps(number)
    while text in texts:
        text = f" {text}"
    return text


def _another(texts: set[str]) -> str:
    """Return a text that is no number and none of some texts."""
    return "x" * (1 + max(map(len, texts), default=0))
