"""Names and values as their words, so that `orderId`, `order_id` and `/orders/{id}` can be seen to speak of one thing.

Decides by the words that APIs use whether a thing is done, has failed, or is not there yet, and which operation only
reads. It guesses by spelling alone.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final

from arazzo_engine.patterns import lazy_pattern

_WORD: Final = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SORTED: Final = lazy_pattern(r"[./_]")
_READING: Final = frozenset(
    {
        *("calculate", "check", "count", "describe", "download", "estimate", "fetch", "find", "get", "list", "lookup"),
        *("poll", "preview", "query", "quote", "read", "retrieve", "search", "show", "validate", "verify"),
    }
)
_DEEDS: Final = _READING | {
    *("add", "cancel", "change", "create", "delete", "edit", "insert", "make", "patch", "post", "put", "remove"),
    *("replace", "run", "save", "send", "set", "start", "stop", "submit", "update", "upload", "upsert"),
}
_COUNTS: Final = frozenset({"count", "length", "size"})
# words for one and the same deed
_OF_ONE_DEED: Final = (
    _READING,
    frozenset({"add", "create", "insert", "make", "post", "register", "new", "save", "set", "put"}),
    frozenset({"change", "edit", "modify", "patch", "put", "replace", "save", "set", "update", "upsert"}),
    frozenset({"delete", "destroy", "remove"}),
    frozenset({"execute", "run", "start", "trigger", "launch"}),
)
# of what only reads: one thing by its id, or those of many that are asked for
_ONE: Final = frozenset({"describe", "fetch", "get", "read", "retrieve", "show"})
_MANY: Final = frozenset({"count", "list", "query", "search"})
# with which methods a deed is done
_METHODS: Final = (
    (_READING, frozenset({"get", "head", "post", "query"})),
    (frozenset({"add", "create", "insert", "make"}), frozenset({"post", "put", "patch"})),
    (frozenset({"change", "edit", "patch", "replace", "update"}), frozenset({"put", "patch", "post"})),
    (frozenset({"delete", "destroy", "remove"}), frozenset({"delete", "post"})),
)
_OPPOSITES: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        *("asc desc", "ascending descending", "newest oldest", "latest earliest", "new old", "first last", "min max"),
        *("minimum maximum", "before after", "since until", "from to", "start end", "start stop", "open close"),
        *("opened closed", "true false", "yes no", "on off", "in out", "up down", "left right", "add remove"),
        *("enable disable", "enabled disabled", "include exclude", "included excluded", "increase decrease"),
        *("import export", "encrypt decrypt", "upload download", "public private", "allow deny", "allowed denied"),
        *("accept reject", "accepted rejected", "success failure", "succeeded failed", "debit credit", "buy sell"),
        *("incoming outgoing", "inbound outbound", "create delete", "created deleted", "attach detach", "pass fail"),
        *("ascend descend", "internal external", "upper lower", "greater less", "more fewer"),
    )
)
# what makes the opposite of the word behind it
_SHORTEST_NEGATED: Final = 3
_NEGATIONS: Final = ("un", "in", "non", "dis", "de", "anti", "im", "ir")
# each name of a description is compared with every other one
_KNOWN_NAMES: Final = 16_384


class State(Enum):
    """What an answer can say of something that takes its time."""

    NOT_YET = "not yet"
    DONE = "done"
    FAILED = "failed"


_STATES: Final[dict[str, State]] = {
    **dict.fromkeys(("pending", "queued", "waiting", "scheduled", "started", "running"), State.NOT_YET),
    **dict.fromkeys(("processing", "progress"), State.NOT_YET),
    **dict.fromkeys(("done", "complete", "completed", "succeeded", "success", "successful"), State.DONE),
    **dict.fromkeys(("finished", "ready"), State.DONE),
    **dict.fromkeys(("failed", "failure", "error", "errored", "cancelled", "canceled", "aborted"), State.FAILED),
    "rejected": State.FAILED,
}


@lru_cache(_KNOWN_NAMES)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, in lower case.

    >>> words_of("getHTTPUser_id")
    ('get', 'http', 'user', 'id')
    """
    return tuple(word.lower() for word in _WORD.findall(name))


def first_words(text: str, most: int) -> tuple[str, ...]:
    """Return so many words of a text for people, in lower case.

    >>> first_words("Get a user", 2)
    ('get', 'a')
    """
    return tuple(found[0].lower() for found in islice(_WORD.finditer(text), most))


def are_one_deed(one: str, other: str) -> bool:
    """Whether two words may say that the same is done.

    >>> are_one_deed("add", "create"), are_one_deed("delete", "create")
    (True, False)
    """
    return any(one in words and other in words for words in _OF_ONE_DEED)


def is_count(name: str) -> bool:
    """Whether a name is how languages call the number of elements.

    >>> is_count("Count"), is_count("size()"), is_count("account")
    (True, True, False)
    """
    return name.removesuffix("()").casefold() in _COUNTS


def are_opposites(one: str, other: str) -> bool:
    """Whether two words in lower case say the opposite of each other.

    >>> are_opposites("desc", "asc"), are_opposites("inactive", "active"), are_opposites("item", "items")
    (True, True, False)
    """
    longer, shorter = sorted((one, other), key=len, reverse=True)
    is_long = len(shorter) > _SHORTEST_NEGATED
    return frozenset((one, other)) in _OPPOSITES or (
        is_long and longer.endswith(shorter) and longer.removesuffix(shorter) in _NEGATIONS
    )


def are_other_deeds(one: str, other: str) -> bool:
    """Whether the ids of two operations say that each does another thing, as far as their words are known.

    >>> are_other_deeds("listThings", "getThings"), are_other_deeds("addItem", "deleteItem")
    (True, True)
    >>> [are_other_deeds(each, "getThing") for each in ("fetchThing", "findThing", "thing", "Things_getThing")]
    [False, False, False, False]
    """
    left, right = _deed_in(one), _deed_in(other)
    if not left or not right or left == right:
        return False
    is_of_many = any(one in _ONE and other in _MANY for one, other in ((left, right), (right, left)))
    return is_of_many or not are_one_deed(left, right)


def is_done_with(operation_id: str, method: str) -> bool:
    """Whether what an operation's id says may be done with a method of HTTP.

    >>> is_done_with("updateItem", "patch"), is_done_with("updateItem", "get"), is_done_with("item", "get")
    (True, False, True)
    """
    deed = _deed_in(operation_id)
    return all(method.lower() in methods for words, methods in _METHODS if deed in words)


def _deed_in(operation_id: str) -> str:
    """Return the first word of an id that says what is done, empty when none does."""
    return next((word for word in words_of(operation_id) if word in _DEEDS), "")


def deed_of(operation_id: str) -> tuple[str, ...]:
    """Return the words of an operation's id, without what it is sorted under, such as `UsersController_`.

    >>> [deed_of(each) for each in ("users/list-followers", "OrdersV1_getOrder", "pet_find_by_status")]
    [('list', 'followers'), ('get', 'order'), ('pet', 'find', 'by', 'status')]
    """
    last = words_of(_SORTED.split(operation_id)[-1])
    return last if len(last) > 1 and last[0] in _DEEDS else words_of(operation_id)


def states_in(text: str) -> frozenset[State]:
    """Return what a text says of something that takes its time.

    >>> states_in("IN_PROGRESS"), states_in("blue")
    (frozenset({<State.NOT_YET: 'not yet'>}), frozenset())
    """
    return frozenset(_STATES[word] for word in words_of(text) if word in _STATES)


def is_of_reading(name: str) -> bool:
    """Whether a thing of that name only reads.

    >>> [is_of_reading(each) for each in ("orders/searchOrders", "search", "createOrder")]
    [True, True, False]
    """
    deed = deed_of(name)
    return bool(deed) and deed[0] in _READING
