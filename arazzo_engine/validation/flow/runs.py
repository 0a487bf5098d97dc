"""Which steps have run, and which have succeeded, where a visit of another step begins.

Decides it for all ways at once: on some of them, or on every one. Sets of steps are numbers, a bit for each step that
anything asks about; they pass along the ways until nothing changes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.watch import go_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.validation.flow.paths import Paths, Way

# A way back needs another turn through the steps. Where ways cross in so many circles, nothing is told
_MOST_TURNS: Final = 12


class Rule(Struct, frozen=True):
    """What is asked: what has run, or only what has succeeded and has outputs; on every way, or on some."""

    has_succeeded: bool
    on_every_way: bool


SUCCEEDED_ON_SOME: Final = Rule(has_succeeded=True, on_every_way=False)
SUCCEEDED_ON_EVERY: Final = Rule(has_succeeded=True, on_every_way=True)
RUN_ON_SOME: Final = Rule(has_succeeded=False, on_every_way=False)
RUN_ON_EVERY: Final = Rule(has_succeeded=False, on_every_way=True)


class Runs(Struct, frozen=True, dict=True):
    """What has run before what.

    ``asked`` are the steps whose outputs are read anywhere, each with its bit; ``needed`` has for each step the bits of
    those that it cannot succeed without, ``guards`` for an action, by its identity, of those that its criteria read.
    """

    paths: Paths
    asked: Mapping[int, int]
    needed: Mapping[int, int]
    guards: Mapping[int, int]

    def has(self, rule: Rule, earlier: int, visit: int) -> bool:
        """Whether a step has run where a visit begins; where it is not known, what says that nothing is wrong."""
        if not self.paths.has_jumps:
            return earlier < visit % self.paths.count
        found = self._found(rule)
        return found is None or bool((found.get(visit) or 0) & self.asked[earlier])

    def may_have_at_end(self, earlier: int) -> bool:
        """Whether a step may have succeeded when the run leaves the workflow."""
        if not self._has_way_out:
            return True
        if not self.paths.has_jumps:
            return (earlier, True) <= self._last_end
        return self._at_end is None or bool(self._at_end & self.asked[earlier])

    def leaving(self, rule: Rule, visit: int, known: int) -> Iterator[tuple[Way, int, int]]:
        """Yield each way from a visit with where it leads, and what has run there when ``known`` has run here.

        A retry leads to the step that it runs first, and then back.
        """
        own = self.asked.get(visit % self.paths.count, 0)
        succeeded = known | own | (self.needed.get(visit % self.paths.count, 0) if rule.on_every_way else 0)
        failed = known & ~own if rule.has_succeeded else known | own
        for way in self.paths.ways[visit]:
            guard = self.guards.get(id(way.action), 0) if rule.on_every_way else 0
            if way.succeeded:
                yield way, _target(way), succeeded | guard
            elif way.first is None:
                yield way, _target(way), failed | guard
            else:
                yield way, way.first, failed | guard
                first = self.asked.get(way.first % self.paths.count, 0)
                yield way, _target(way), failed | guard | (first if rule.on_every_way else self._targets)
                failed = self._after_target(rule, failed, first)

    def _after_target(self, rule: Rule, failed: int, first: int) -> int:
        """Return what has run after the target of a retry has failed, too, or the retry was not made."""
        if not rule.on_every_way:
            return failed | self._targets
        return failed & ~first if rule.has_succeeded else failed

    @cached_property
    def _targets(self) -> int:
        """The steps that retries run first: what they lead to in turn is among them."""
        firsts = {way.first for ways in self.paths.ways for way in ways if way.first is not None}
        bits = 0
        for each in firsts:
            bits |= self.asked.get(each % self.paths.count, 0)
        return bits

    @cached_property
    def _known(self) -> dict[Rule, dict[int, int] | None]:
        return {}

    def _found(self, rule: Rule) -> dict[int, int] | None:
        """Return what has run where each visit begins, ``None`` when it takes too long to find out."""
        if rule not in self._known:
            self._known[rule] = self._find(rule)
        return self._known[rule]

    def _find(self, rule: Rule) -> dict[int, int] | None:
        found: dict[int, int] = {0: 0}
        waiting = {0}
        for _ in range(_MOST_TURNS):
            waiting = self._turn(rule, found, waiting)
            if not waiting:
                return found
        return None

    def _turn(self, rule: Rule, found: dict[int, int], waiting: set[int]) -> set[int]:
        """Pass once through the visits that are waiting, in order, and return those that are waiting after it."""
        behind: set[int] = set()
        for visit in range(min(waiting), len(self.paths.ways)):
            if visit not in waiting:
                continue
            go_on()
            for _, target, known in self.leaving(rule, visit, found[visit]):
                if target >= 0 and _add(found, target, known, rule):
                    (waiting if target > visit else behind).add(target)
        return behind

    @cached_property
    def _last_end(self) -> tuple[int, bool]:
        """The last step from which the run leaves the workflow, and whether it may have succeeded there."""
        ends = ((visit, way.succeeded) for visit in self.paths.reached for way in self.paths.ways[visit] if way.ends)
        return max(ends)

    @cached_property
    def _has_way_out(self) -> bool:
        """Whether anything leads out of the workflow but the failure of a step: of an endless loop, that is said."""
        ways = (way for visit in self.paths.reached for way in self.paths.ways[visit] if way.ends)
        return any(way.succeeded or way.action is not None for way in ways)

    @cached_property
    def _at_end(self) -> int | None:
        found = self._found(SUCCEEDED_ON_SOME)
        if found is None:
            return None
        bits = 0
        for visit, known in found.items():
            for way, _, leaving in self.leaving(SUCCEEDED_ON_SOME, visit, known):
                bits |= leaving if way.ends else 0
        return bits


def _target(way: Way) -> int:
    return -1 if way.target is None else way.target


def _add(found: dict[int, int], visit: int, known: int, rule: Rule) -> bool:
    """Add what has run on one more way to a visit; whether that changed anything."""
    before = found.get(visit)
    if before is None:
        found[visit] = known
        return True
    found[visit] = before & known if rule.on_every_way else before | known
    return found[visit] != before
