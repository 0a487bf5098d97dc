"""How large a value is when it is written, found without writing it, and how much of it may still be made.

A value that a run puts together may hold another one again and again, and be larger than any memory once it is written;
each part of it is looked at once for each level on which it stands. What is made, and where, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.watch import go_on

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# characters of a text, or of a value as JSON; documents and answers are smaller unless the user allows more
MOST_CHARACTERS: Final = 64_000_000
# what is read, put into what is written out
_DEEPEST: Final = 2 * DEEPEST
# each value and each name has something around it, and takes memory and time whatever its length
_AROUND: Final = 12
_BITS_OF_A_DIGIT: Final = 3


# the containers that stand on one level, by their identity, each with how often it stands there
_Level: TypeAlias = "dict[int, tuple[JsonValue, int]]"


class TooLarge(Exception):  # noqa: N818 - a finding on its way to becoming a diagnostic
    """What was to be made is larger, or nests deeper, than it may; its text says so, to follow a name."""

    def __init__(self, text: str, fix: str) -> None:
        super().__init__(text)
        self.fix = fix


class Room(Struct):
    """How many characters something may take, a value or a report, with all that is put together for it.

    ``option`` is what raises the limit.
    """

    most: int = MOST_CHARACTERS
    taken: int = 0
    option: str = "--max-value"

    @property
    def is_full(self) -> bool:
        """Whether more was taken than there is."""
        return self.taken > self.most

    def take(self, characters: int) -> None:
        """Take some of the room; raises ``TooLarge`` when it is used up."""
        self.taken += characters
        if self.is_full:
            fix = f"look for a loop that makes it grow, or raise the limit with `{self.option}`"
            raise TooLarge(f"is larger than {self.most:,} characters", fix)

    def take_value(self, value: JsonValue) -> None:
        """Take what a value needs when it is written; raises ``TooLarge``."""
        self.take(size_of(value, self.most - self.taken))


def size_of(value: JsonValue, most: int) -> int:
    """Return about how many characters a value takes as JSON; nobody counts on above ``most``.

    Raises ``TooLarge`` for one that nests deeper than what is read may.

    >>> size_of("abc", 100), size_of([1, [True]], 100), size_of({"a": "b"}, 100)
    (15, 48, 38)
    """
    if type(value) is str:
        return len(value) + _AROUND
    size, depth = 0, 0
    level: _Level = {0: ([value], 1)}
    while level and size <= most:
        go_on()
        if depth > _DEEPEST:
            raise TooLarge(f"nests deeper than {_DEEPEST}", "look for a loop that puts it into itself")
        inside, level = _inside(level)
        size += inside
        depth += 1
    return size


def _inside(level: _Level) -> tuple[int, _Level]:
    """Return what stands in the containers of a level, as its size and as the containers of the next one."""
    size = 0
    below: _Level = {}
    for container, times in level.values():
        inside = len(container) * _AROUND
        children = container
        if type(container) is dict:
            children = container.values()
            inside += sum(map(len, container)) + inside
        for child in children:
            kind = type(child)
            if kind is str:
                inside += len(child)
            elif kind is dict or kind is list:
                key = id(child)
                below[key] = (child, times + below[key][1]) if key in below else (child, times)
            else:
                inside += _length_of(child)
        size += times * inside
    return size, below


def _length_of(value: JsonValue) -> int:
    if isinstance(value, str):
        return len(value)
    return value.bit_length() // _BITS_OF_A_DIGIT if isinstance(value, int) else 0
