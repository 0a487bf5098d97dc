"""One character: whether two names differ by no more, and what a name is without one of its characters.

Decides what a slip of the keys is: a character left out, put in, put in place of another, or two that changed places.
Which names are compared is for others to say.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.words import are_one_deed, are_opposites, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEPARATORS: Final = lazy_pattern(r"[_\-\s.]")
# what is spelled in two ways on the two sides of the Atlantic, and how it is spelled on one of them
_SPELLED_ALIKE: Final = (
    (lazy_pattern(r"our"), "or"),
    (lazy_pattern(r"^grey$"), "gray"),
    (lazy_pattern(r"(?<=[aeiou])ll(?=$|ed|er|ing|ation|ment|ful|ous|or)"), "l"),
    (lazy_pattern(r"(?<=[btv])re(?=$|d$)"), "er"),
    (lazy_pattern(r"(?<=[iy])z"), "s"),
    (lazy_pattern(r"c(?=$|e|ing)"), "s"),
)
# of two such short names, one character is half of what they say
_SHORTEST: Final = 3
# a shorter one is a slip away from too many others
_SHORTEST_OF_MANY: Final = 5
_ALIKE: Final = 0.7
# ... and where one alone is named to a person
_AS_ONE: Final = 0.75
_AS_A_WORD: Final = 0.65
_STEM: Final = 5
_MOST: Final = 0.7


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
    >>> near_name("di", ["id"]), near_name("idd", ["id"]), near_name("ids", ["id"])
    ('id', 'id', None)
    """
    folded = _folded(name)
    for candidate in candidates:
        is_long = min(len(candidate), len(name) + 1) >= _SHORTEST
        is_near = is_slip(name, candidate) if is_long else _is_short_slip(name, candidate)
        if candidate != name and (_folded(candidate) == folded or is_near):
            return candidate
    return None


def near_in_any_case(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that a name is a slip for, as of headers, whose case says nothing.

    >>> near_in_any_case("cotnent-type", ["Content-Type"]), near_in_any_case("content-type", ["Content-Type"])
    ('Content-Type', None)
    """
    lowered = {each.lower(): each for each in candidates}
    found = near_name(name.lower(), lowered)
    return None if found is None else lowered[found]


def _is_short_slip(name: str, candidate: str) -> bool:
    """Whether a name has the very characters of one of two: swapped, or one of them twice."""
    is_of_two = len(candidate) == 2  # noqa: PLR2004 - two characters
    return is_of_two and name in (candidate[::-1], f"{candidate[0]}{candidate}", f"{candidate}{candidate[1]}")


def says_another_thing(one: str, other: str) -> bool:
    """Whether a name has another word where a second one has its own, and no slip: two things, however alike they look.

    What is the other one's with a word more, or without one, may be the same thing.

    >>> says_another_thing("reverseOrder", "createOrder"), says_another_thing("getUserById", "getPetById")
    (True, True)
    >>> says_another_thing("encryptFile", "decryptFile"), says_another_thing("customer_nmea", "customer_name")
    (True, False)
    >>> says_another_thing("trip_id", "trip_date"), says_another_thing("account_holder_name", "account_number")
    (True, True)
    >>> [says_another_thing(each, "createOrder") for each in ("addOrder", "craeteOrder", "createOrders", "order")]
    [False, False, False, False]
    """
    left, right = _apart(list(words_of(one)), list(words_of(other)))
    shares = len(left) < len(words_of(one))
    if not left or not right or not shares or is_slip("".join(left), "".join(right)):
        return False
    if len(left) == len(right):
        return any(not _are_akin(*pair) for pair in zip(left, right, strict=True) if pair[0] != pair[1])
    return not any(_are_akin(*pair) for pair in product(left, right))


def _apart(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of two names without those that both begin or end with."""
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return left, right


def _are_akin(one: str, other: str) -> bool:
    is_longer = one.startswith(other) or other.startswith(one)
    is_one = is_longer or is_slip(one, other) or are_one_deed(one, other) or one.isdigit() or other.isdigit()
    return is_one or _is_of_several_slips(one, other)


def _is_of_several_slips(one: str, other: str) -> bool:
    """Whether two words are alike but for some slips, none of them in front: `encrypt` is no slip for `decrypt`."""
    return one[0] == other[0] and _ratio(one, other) >= _ALIKE


def is_unlike(one: str, other: str) -> bool:
    """Whether no person takes one name for the other: they are opposites, or share some letters and no word.

    >>> is_unlike("optional", "operationPath"), is_unlike("state", "statusCode"), is_unlike("enabled", "disabled")
    (True, True, True)
    >>> [is_unlike(each, "startEnd") for each in ("start_end", "startEdn", "start", "end_start")]
    [False, False, False, False]
    """
    left, right = words_of(one), words_of(other)
    own = ([each for each in words if each not in others] for words, others in ((left, right), (right, left)))
    if any(are_opposites(*pair) for pair in product(*own)):
        return True
    folded = _folded(one), _folded(other)
    shorter, longer = sorted(folded, key=len)
    is_part = longer.startswith(shorter) or longer.endswith(shorter)
    is_alike = is_part or is_slip(*folded) or _ratio(*folded) >= _AS_ONE
    # one word for one: `payed` for `paid`
    is_word = len(left) == len(right) == 1 and left[0][0] == right[0][0] and _ratio(*folded) >= _AS_A_WORD
    return not is_alike and not is_word and not any(_may_be_one(*pair) for pair in product(left, right))


def _may_be_one(one: str, other: str) -> bool:
    """Whether two words may be meant for one: a slip of it, most of it, or another word for the same."""
    is_long = min(len(one), len(other)) >= _SHORTEST
    shared = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(one), len(other)) if shared is None else shared
    begins = is_long and (shared == min(len(one), len(other)) or _is_most(shared, one, other))
    is_slipped = is_long and (is_slip(one, other) or (one[0] == other[0] and _ratio(one, other) >= _AS_ONE))
    return one == other or begins or is_slipped or are_one_deed(one, other)


def _is_most(shared: int, one: str, other: str) -> bool:
    """Whether two words begin alike, as `success` and `succeeded` do."""
    return shared >= _STEM and shared >= _MOST * min(len(one), len(other))


def _ratio(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # noqa: PLC0415 - needed only when something is misspelt

    return SequenceMatcher(None, one, other).ratio()


def are_apart(one: str, other: str) -> bool:
    """Whether two names are those of one thing but for a slip of the keys in one of them.

    A plural is no slip, nor is a number, nor what is spelled in two ways on the two sides of the Atlantic.

    >>> are_apart("webUrl", "weab_url"), are_apart("webUrl", "web_url"), are_apart("itemCount", "items_count")
    (True, False, False)
    >>> are_apart("amont", "amount"), are_apart("colour", "color"), are_apart("di", "id"), are_apart("ip", "id")
    (True, False, True, False)
    """
    left, right = _folded(one), _folded(other)
    is_long = min(len(left), len(right)) >= _SHORTEST
    is_near = is_slip(left, right) if is_long else _is_short_slip(left, right) or _is_short_slip(right, left)
    return is_near and _essence(one) != _essence(other)


def is_inner_slip(one: str, other: str) -> bool:
    """Whether two longer names are apart by a slip, and not in their end, by which `updated` differs from `update`.

    >>> is_inner_slip("lastMonified", "lastModified"), is_inner_slip("displayNaem", "displayName")
    (True, True)
    >>> is_inner_slip("naem", "name"), is_inner_slip("created", "create"), is_inner_slip("expires", "expired")
    (False, False, False)
    """
    left, right = _folded(one), _folded(other)
    is_long = min(len(left), len(right)) >= _SHORTEST_OF_MANY
    return is_long and are_apart(one, other) and not end_otherwise(left, right) and not are_opposites(left, right)


def end_otherwise(one: str, other: str) -> bool:
    """Whether two words are the same but for the last letter of one of them, or of both.

    >>> end_otherwise("create", "creates"), end_otherwise("expires", "expired"), end_otherwise("edzt", "edit")
    (True, True, False)
    """
    return one in (other[:-1], f"{other[:-1]}{one[-1:]}") or other == one[:-1]


def _essence(name: str) -> str:
    """Return a name without what others spell otherwise: `colour`, `cancelled`, `licence`, `centre`, `items`, `id2`."""
    return "".join(_essence_of(word.removesuffix("s")) for word in words_of(name) if not word.isdecimal())


def _essence_of(word: str) -> str:
    for pattern, spelled in _SPELLED_ALIKE:
        word = pattern.sub(spelled, word)
    return word


def differ_in_number(one: str, other: str) -> bool:
    """Whether two names are those of one thing and of several: no slip, and often two operations.

    >>> differ_in_number("getThing", "getThings"), differ_in_number("listCategories", "list_category")
    (True, True)
    >>> differ_in_number("getThing", "GetThing"), differ_in_number("getThing", "getThong")
    (False, False)
    """
    left, right = words_of(one), words_of(other)
    apart = [pair for pair in zip(left, right, strict=False) if pair[0] != pair[1]]
    return len(left) == len(right) and bool(apart) and all(_are_of_number(*sorted(pair, key=len)) for pair in apart)


def _are_of_number(single: str, plural: str) -> bool:
    return plural in {f"{single}s", f"{single}es", f"{single[:-1]}ies"}


def same_letters(one: str, other: str) -> bool:
    """Whether two names differ in their case and in the signs between their words at most.

    >>> same_letters("Other Api", "otherApi"), same_letters("other", "others")
    (True, False)
    """
    return _folded(one) == _folded(other)


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
