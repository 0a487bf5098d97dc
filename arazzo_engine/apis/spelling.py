"""One character: whether two names differ by no more, and what a name is without one of its characters.

Decides what a slip of the keys is: a character left out, put in, put in place of another, or two that changed places.
Which names are compared is for others to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.words import are_one_deed, words_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEPARATORS: Final = lazy_pattern(r"[_\-\s.]")
_SPELLED_ALIKE: Final = str.maketrans("cz", "ss")
# of two such short names, one character is half of what they say
_SHORTEST: Final = 3


def is_slip(one: str, other: str) -> bool:
    """Whether one name becomes the other by one slip of the keys.

    >>> is_slip("descritpion", "description"), is_slip("amunt", "amount"), is_slip("a", "xyz")
    (True, True, False)
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[len(one) - 1 - end] == other[len(other) - 1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    is_swap = len(left) == len(right) == 2 and left == right[::-1]  # noqa: PLR2004 - two characters
    return is_swap or max(len(left), len(right)) <= 1


def near_name(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that a name is a slip for, or that differs in case or in signs between its words only.

    >>> near_name("orgId", ["org_id", "amount"]), near_name("amunt", ["org_id", "amount"]), near_name("id", ["ip"])
    ('org_id', 'amount', None)
    """
    folded = _folded(name)
    for candidate in candidates:
        is_long = min(len(candidate), len(name) + 1) >= _SHORTEST
        if candidate != name and (_folded(candidate) == folded or (is_long and is_slip(name, candidate))):
            return candidate
    return None


def says_another_thing(one: str, other: str) -> bool:
    """Whether one word of two names is another word, and no slip: they name two things, however alike they look.

    >>> says_another_thing("reverseOrder", "createOrder"), says_another_thing("getUserById", "getPetById")
    (True, True)
    >>> [says_another_thing(each, "createOrder") for each in ("addOrder", "craeteOrder", "createOrders")]
    [False, False, False]
    """
    words = words_of(one), words_of(other)
    if len(words[0]) != len(words[1]) or len(words[0]) == 1:
        return False
    different = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and not _are_akin(*different[0])


def _are_akin(one: str, other: str) -> bool:
    is_longer = one.startswith(other) or other.startswith(one)
    return is_longer or is_slip(one, other) or are_one_deed(one, other) or one.isdigit() or other.isdigit()


def are_apart(one: str, other: str) -> bool:
    """Whether two names are those of one thing but for a slip of the keys in one of them.

    A plural is no slip, nor is a number, nor what is spelled in two ways on the two sides of the Atlantic.

    >>> are_apart("webUrl", "weab_url"), are_apart("webUrl", "web_url"), are_apart("itemCount", "items_count")
    (True, False, False)
    >>> are_apart("amont", "amount"), are_apart("colour", "color")
    (True, False)
    """
    left, right = _folded(one), _folded(other)
    is_long = min(len(left), len(right)) >= _SHORTEST
    return is_long and is_slip(left, right) and _essence(one) != _essence(other)


def _essence(name: str) -> str:
    """Return a name without what others spell otherwise: `colour`, `cancelled`, `licence`, `centre`, `items`, `id2`."""
    words = "".join(word.removesuffix("s") for word in words_of(name) if not word.isdecimal())
    return words.replace("our", "or").replace("ll", "l").replace("re", "er").translate(_SPELLED_ALIKE)


def without_one(text: str) -> Iterator[str]:
    """Yield a text, and what is left of it without each of its characters.

    Two texts that are a slip apart have one of these in common; two that have one in common are no more than a
    character apart at two places.
    """
    yield text
    for index in range(len(text)):
        yield text[:index] + text[index + 1 :]


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()
