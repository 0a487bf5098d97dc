"""Which operations make a first workflow, and in which order.

Decides it by what operations do to a thing: what creates it comes before what reads it, and whatever an operation needs
the id of is created, or found, before. The most telling story comes first; the others follow in case it does not work.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.drafting.fields import body_of, gifts_of, links_of, main_thing, parameter_needs
from arazzo_engine.drafting.matching import source_of
from arazzo_engine.drafting.names import singular
from arazzo_engine.drafting.polls import Poll, poll_of
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.drafting.fields import Body, Gift, Link, Need
    from arazzo_engine.drafting.plain_schemas import Plain

_MOST_BEFORE: Final = 4
# each is looked at with all others
_MOST_SINGLE: Final = 100
# what is changed or taken away is no part of a story that nobody asked for
_QUIET: Final = ("GET", "POST")
_SMALL_WORDS: Final = frozenset({"a", "an", "the", "and", "of", "for", "to", "in", "with", "then", "it", "its"})


class Known(Struct, frozen=True, eq=False):
    """An operation with what it needs and gives; ``source`` names its description, ``plain`` reads its schemas."""

    operation: Operation
    source: str
    plain: Plain
    needs: tuple[Need, ...]
    body: Body | None
    gifts: tuple[Gift, ...]
    links: tuple[Link, ...] = ()
    poll: Poll | None = None

    @property
    def all_needs(self) -> tuple[Need, ...]:
        """What its parameters and its body need."""
        return (*self.needs, *(self.body.needs if self.body is not None else ()))

    @property
    def thing(self) -> str:
        """What it is about."""
        return main_thing(self.operation)

    @property
    def is_of_one(self) -> bool:
        """Whether it is about one thing, whose id stands at the end of its path."""
        return self.operation.path.rstrip("/").endswith("}")

    @property
    def names_its_thing(self) -> bool:
        """Whether its answer gives the id of what it is about."""
        return any(gift.thing == self.thing for gift in self.gifts)

    @property
    def creates(self) -> bool:
        """Whether it makes a thing and says its id."""
        return self.operation.method == "POST" and not self.is_of_one and self.names_its_thing

    @property
    def finds(self) -> bool:
        """Whether it lists things with their ids."""
        return self.operation.method == "GET" and not self.is_of_one and self.names_its_thing


def know(operation: Operation, source: str, plain: Plain) -> Known:
    """Return an operation with what it needs and gives."""
    needs, gifts = tuple(parameter_needs(operation, plain)), tuple(gifts_of(operation, plain))
    body, links, poll = body_of(operation, plain), tuple(links_of(operation, plain)), poll_of(operation, plain)
    return Known(operation, source, plain, needs, body, gifts, links, poll)


def stories(known: Sequence[Known], goal: str = "") -> Iterator[tuple[Known, ...]]:
    """Yield workflows that could be made of the operations, the best first; with a goal, those that serve it."""
    if goal:
        yield from (_with_what_is_before((each,), known) for each in _by_goal(known, goal))
        return
    seen: set[tuple[int, ...]] = set()
    for whole in chain(
        (_with_what_is_before(story, known) for story in _of_things(known)), _of_single(sorted(known, key=_loudness))
    ):
        ids = tuple(map(id, whole))
        if ids not in seen:
            seen.add(ids)
            yield whole


def _of_single(known: Sequence[Known]) -> Iterator[tuple[Known, ...]]:
    """Yield the stories of single operations; one request alone shows nothing of what flows, and is the last."""
    stories = (_with_what_is_before((each,), known) for each in known[:_MOST_SINGLE])
    yield from sorted(stories, key=lambda story: len(story) == 1)


def _of_things(known: Sequence[Known]) -> Iterator[tuple[Known, ...]]:
    """Yield the stories of things that are created or found and then read, those of the first kind first."""
    for begins in (lambda each: each.creates, lambda each: each.finds):
        for first in filter(begins, known):
            path = first.operation.path.rstrip("/")
            read = next((each for each in known if each.operation.method == "GET" and _is_below(each, path)), None)
            if read is not None and read.source == first.source:
                yield first, read


def _is_below(each: Known, path: str) -> bool:
    own = each.operation.path
    return each.is_of_one and own.rpartition("/")[0] == path


def _loudness(each: Known) -> tuple[bool, int]:
    return each.operation.method not in _QUIET, len(each.all_needs)


def _with_what_is_before(story: tuple[Known, ...], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return the story with what creates or finds the things that it needs the ids of."""
    whole = story
    for _ in range(_MOST_BEFORE):
        missing = _missing(whole)
        before = next((found for need in missing if (found := _giver(need, known, whole)) is not None), None)
        if before is None:
            break
        whole = (before, *whole)
    return whole


def _missing(story: Sequence[Known]) -> Iterator[Need]:
    given: list[tuple[str, Iterable[Gift]]] = []
    for each in story:
        yield from (need for need in each.all_needs if need.thing and source_of(need, given) is None)
        given.append(("", each.gifts))


def _giver(need: Need, known: Sequence[Known], story: tuple[Known, ...]) -> Known | None:
    fitting = [each for each in known if each not in story and source_of(need, [("", each.gifts)]) is not None]
    ranked = sorted(fitting, key=lambda each: (not each.creates, not each.finds))
    return next((each for each in ranked if each.operation.method in _QUIET), None)


def _by_goal(known: Sequence[Known], goal: str) -> list[Known]:
    said = [word for word in map(singular, words_of(goal)) if word not in _SMALL_WORDS]
    scored = [(len(set(said) & _words(each)), said[0] in _own_words(each), each) for each in known if said]
    # of those that share as many words, the one that does what the goal says first: its verb
    return [each for score, _, each in sorted(scored, key=lambda found: (-found[0], not found[1])) if score]


def _own_words(known: Known) -> set[str]:
    return {singular(word) for word in words_of(known.operation.operation_id or "")}


def _words(known: Known) -> set[str]:
    operation = known.operation
    texts = (operation.operation_id or "", operation.path, operation.summary, operation.method)
    return {singular(word) for text in texts for word in words_of(text)}
