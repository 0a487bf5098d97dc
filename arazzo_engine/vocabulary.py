"""Names among which others are looked for: what was meant by one that is misspelt, and how many are shown.

Decides which name is most like another one, without comparing it with each of very many. What the names are names of is
not known here.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from heapq import nlargest
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.spelling import is_slip, says_another_thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# comparing two names takes long: of many candidates only those are compared that share most with a name
_FEW: Final = 30
_MOST_COMPARED: Final = 12
_MOST_LOOKED_AT: Final = 200
_MOST_LIKELY: Final = 3
_LONGEST_COMPARED: Final = 300
_MOST_LISTED: Final = 30
# a shorter beginning is one of very many names
_LEAST_SHARED: Final = 3


def listed(names: Collection[str]) -> str:
    """Return names as a sentence shows them; of very many the first, and how many more there are.

    >>> listed(["a", "b"])
    '`a`, `b`'
    """
    shown = ", ".join(f"`{each}`" for each in islice(names, _MOST_LISTED))
    return shown if len(names) <= _MOST_LISTED else f"{shown} and {len(names) - _MOST_LISTED:,} more"


def any_of(fix: str, names: Collection[str], *, otherwise: str) -> str:
    """Return a fix that offers names in the place of ``{}``, the only one or one of them; without any, the other fix.

    >>> any_of("use {}", ["a"], otherwise="remove it"), any_of("use {}", ["a", "b"], otherwise="remove it")
    ('use `a`', 'use one of `a`, `b`')
    >>> any_of("use {}", [], otherwise="remove it")
    'remove it'
    """
    if not names:
        return otherwise
    return fix.format(listed(names) if len(names) == 1 else f"one of {listed(names)}")


class Vocabulary(Struct, frozen=True, dict=True, eq=False):
    """Names among which others are looked for: what a search needs is made once, however many there are."""

    names: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in self.names if len(name) <= _LONGEST_COMPARED}

    @cached_property
    def _by_case(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._known:
            found.setdefault(name.casefold(), []).append(name)
        return found

    def in_its_case(self, name: str) -> str | None:
        """Return the one name that another one differs from in its case only, ``None`` when it is one itself."""
        found = [] if name in self._known else self._by_case.get(name.casefold(), [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def _with_pair(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._folded:
            for pair in _pairs(name):
                found.setdefault(pair, []).append(name)
        return found

    def _alike(self, name: str) -> list[str]:
        """Return the few names without their case that are worth comparing with one."""
        if len(self._folded) <= _FEW:
            return list(self._folded)
        # what few names have tells more of them than what many have
        rare = sorted((self._with_pair.get(pair, []) for pair in _pairs(name)), key=len)
        shared = Counter(islice(chain.from_iterable(rare), _MOST_LOOKED_AT))
        return nlargest(_MOST_COMPARED, shared, key=lambda each: 2 * shared[each] - len(each))

    def nearest(self, name: str) -> str | None:
        """Return the name that is most like another one, regardless of case, or ``None``.

        Names that only share a word are two names: ``trip_id`` is no slip for ``trip_date``.
        """
        return next(iter(self.equally_near(name)), None)

    def equally_near(self, name: str) -> tuple[str, ...]:
        """Return the names that are most like another one, the nearest first: one alone, unless others are as near."""
        import difflib  # noqa: PLC0415 - needed only when something is misspelt

        if len(name) > _LONGEST_COMPARED:
            return ()
        folded = name.casefold()
        if folded in self._folded:
            return (self._folded[folded],)
        # what differs more in length cannot be near enough
        alike = [
            each for each in self._alike(folded) if 3 * len(each) >= len(folded) and len(each) <= 3 * len(folded) + 3
        ]
        close = difflib.get_close_matches(folded, alike, n=_MOST_LIKELY)
        found = [each for each in close if not says_another_thing(name, self._folded[each])]
        return tuple(self._folded[each] for each in found if _is_as_near(folded, each, found[0]))


def _is_as_near(name: str, other: str, nearest: str) -> bool:
    """Whether a name may be meant as well as the nearest: both are a slip away, or both are the name and more."""
    if is_slip(name, nearest):
        return is_slip(name, other)
    return other == nearest or (len(name) >= _LEAST_SHARED and other.startswith(name) and nearest.startswith(name))


def _pairs(name: str) -> set[str]:
    return {one + other for one, other in pairwise(f" {name} ")}
