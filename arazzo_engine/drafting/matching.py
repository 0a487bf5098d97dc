"""Which answer gives what a request needs.

Decides it by what ids are ids of, else by a telling name, and always by type; what is less sure stays an input. The
nearest answer before wins, and of its values the one nearest to its root. Of an answer whose id is sent, what has the
same name means the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arazzo_engine.drafting.fields import Gift, Need

# a name that ends in one of these means the same wherever it stands
_TELLING: Final = frozenset({"id", "token", "cursor", "uuid", "etag", "number", "code"})


def source_of(need: Need, before: Sequence[tuple[str, Iterable[Gift]]]) -> tuple[str, Gift] | None:
    """Return the step, of those before, and its gift that a need can be met by."""
    for step_id, gifts in reversed(before):
        fitting = [gift for gift in gifts if _meets(gift, need)]
        if fitting:
            return step_id, min(fitting, key=lambda gift: (not _is_thing(gift, need), len(gift.pointer)))
    return None


def namesake_of(need: Need, gifts: Iterable[Gift]) -> Gift | None:
    """Return the gift of the same name and type, of an answer that is known to be about the same thing."""
    fitting = (each for each in gifts if words_of(each.name) == words_of(need.name))
    return next((each for each in fitting if _fits(each.type, need.schema.get("type"))), None)


def _meets(gift: Gift, need: Need) -> bool:
    return _fits(gift.type, need.schema.get("type")) and (_is_thing(gift, need) or _is_named(gift, need))


def _is_thing(gift: Gift, need: Need) -> bool:
    return bool(need.thing) and gift.thing == need.thing


def _is_named(gift: Gift, need: Need) -> bool:
    words = words_of(need.name)
    return len(words) > 1 and words[-1] in _TELLING and words == words_of(gift.name)


def _fits(given: str, wanted: object) -> bool:
    types = wanted if isinstance(wanted, list) else [wanted]
    return wanted is None or given in types or (given == "integer" and "number" in types)
