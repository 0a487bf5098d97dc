"""Names as their words, so that `orderId`, `order_id` and `/orders/{id}` can be seen to speak of one thing.

Decides what the singular of a word is, and which name an id, a step or an input gets. It guesses by spelling alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_UNFIT: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_IDS: Final = frozenset({"id", "uuid", "guid", "key", "slug", "identifier"})
# words that end like a plural and are none
_SINGULAR: Final = frozenset({"status", "address", "news", "series", "alias", "bus", "business", "access", "process"})
_ENDINGS: Final = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))
_SHORTEST: Final = 3


def singular(word: str) -> str:
    """Return the singular of a word.

    >>> [singular(word) for word in ("orders", "companies", "boxes", "status", "bus")]
    ['order', 'company', 'box', 'status', 'bus']
    """
    if word in _SINGULAR or len(word) <= _SHORTEST:
        return word
    return next((word.removesuffix(end) + other for end, other in _ENDINGS if word.endswith(end)), word)


def thing_of(segment: str) -> str:
    """Return what a segment of a path speaks of: `purchase-orders` of a `purchase order`."""
    *before, last = words_of(segment) or ("",)
    return " ".join((*before, singular(last)))


def is_id(name: str) -> bool:
    """Whether a name is that of an id."""
    words = words_of(name)
    return bool(words) and words[-1] in _IDS


def thing_of_id(name: str) -> str:
    """Return of what a name says that it is the id: `order` for `orderId`, empty for `id`."""
    *before, last = words_of(name) or ("",)
    return " ".join((*before[:-1], singular(before[-1]))) if before and last in _IDS else ""


def camel(words: Iterable[str]) -> str:
    """Return the words as one name: `readOrder`."""
    first, *rest = [word for word in words if word] or ["it"]
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def kebab(words: Iterable[str]) -> str:
    """Return the words as one name: `read-order`."""
    return "-".join(words) or "workflow"


def fit(name: str) -> str:
    """Return a name with only what every name in an Arazzo document may have."""
    return _UNFIT.sub("_", name).strip("_") or "value"


def unused(name: str, taken: Container[str]) -> str:
    """Return a name, or the first numbered one that is not taken."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found
