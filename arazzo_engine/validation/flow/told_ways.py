"""A way that a person can follow: how a run comes to a visit without a step having run, told in a line.

Decides which way is told, a shortest one, and how. Ways are looked for only as long as it takes to check a workflow
anyway; after that the finding is told without one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import Related
from arazzo_engine.language.objects import SuccessAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.validation.flow.paths import Paths, Way
    from arazzo_engine.validation.flow.runs import Rule, Runs

# so many times the visits of the workflow are gone through for all that is told of it, and so many of them at least
_MOST_TIMES: Final = 6
_LEAST: Final = 3_000
# a person follows so many jumps
_MOST_JUMPS: Final = 4


class Taken(Struct, frozen=True):
    """A way that was taken, and the visit it was taken from."""

    visit: int
    way: Way


class ToldWays(Struct, frozen=True, dict=True):
    """The ways of a workflow that leave out a step."""

    runs: Runs

    def around(self, rule: Rule, step: int, visits: Sequence[int]) -> tuple[Related, ...]:
        """Return a note on a way to one of some visits on which a step has not run; nothing when there is no time."""
        if not self.runs.paths.has_jumps:
            return ()
        before = self._ways_around(rule, step)
        visit = next((each for each in visits if each in before), None)
        taken: list[Taken] = []
        while visit in before:
            taken.insert(0, before[visit])
            visit = before[visit].visit
        jumps = [each for each in taken if each.way.action is not None]
        if not jumps:
            return ()
        action = jumps[-1].way.action
        what = "has no outputs" if rule.has_succeeded else "has not run"
        where = [] if action is None else [action.at.child("name").location()]
        message = f"`{self._name(step)}` {what} on the way {told(self.runs.paths, taken)}"
        return tuple(Related(message, location) for location in where)

    def _ways_around(self, rule: Rule, step: int) -> dict[int, Taken]:
        """Return for each visit to which a run comes without a step having run the way that leads there."""
        key = (rule, step)
        if key not in self._found:
            self._found[key] = self._search(rule, step) if self._left[0] > 0 else {}
        return self._found[key]

    def _search(self, rule: Rule, step: int) -> dict[int, Taken]:
        bit = self.runs.asked[step]
        before: dict[int, Taken] = {}
        # a retry that runs the step first may fail with it, although it had run before
        losing = [visit for visit in sorted(self.runs.paths.reached) if self._retries(visit, step)]
        seen = {0, *losing}
        waiting = [(0, 0), *((visit, bit) for visit in losing)]
        while waiting:
            self._left[0] -= len(waiting)
            following = []
            for visit, known in waiting:
                for way, target, after in self.runs.leaving(rule, visit, known):
                    if target >= 0 and target not in seen and not after & bit:
                        seen.add(target)
                        before[target] = Taken(visit, way)
                        following.append((target, 0))
            waiting = following
        return before

    def _retries(self, visit: int, step: int) -> bool:
        paths = self.runs.paths
        return any(way.first is not None and way.first % paths.count == step for way in paths.ways[visit])

    @cached_property
    def _found(self) -> dict[tuple[Rule, int], dict[int, Taken]]:
        return {}

    @cached_property
    def _left(self) -> list[int]:
        return [max(_LEAST, _MOST_TIMES * len(self.runs.paths.ways))]

    def _name(self, step: int) -> str:
        return self.runs.paths.step(step).step.step_id


def told(paths: Paths, taken: Sequence[Taken]) -> str:
    """Return ways one after the other in a line; what follows by default is passed over."""
    jumps = [index for index, each in enumerate(taken) if each.way.action is not None]
    shown = jumps[-_MOST_JUMPS:]
    parts = ["…"] if len(shown) < len(jumps) else []
    after = None
    for index in shown:
        each = taken[index]
        if after is not None and after != index:
            parts.append("…")
        if after != index:
            parts.append(_named(paths, each.visit))
        parts += [_chosen(each.way), _named(paths, _end(taken, index))]
        after = index + 1
    if after is not None and after < len(taken):
        parts += ["…"] if after + 1 < len(taken) else []
        parts.append(_named(paths, _end(taken, len(taken) - 1)))
    return " → ".join(parts)


def _end(taken: Sequence[Taken], index: int) -> int:
    """Return the visit to which a way leads: where the next begins, or its target."""
    if index + 1 < len(taken):
        return taken[index + 1].visit
    way = taken[index].way
    return way.first if way.first is not None else taken[index].visit if way.target is None else way.target


def _named(paths: Paths, visit: int) -> str:
    return f"`{paths.step(visit).step.step_id}`"


def _chosen(way: Way) -> str:
    kind = "onSuccess" if isinstance(way.action, SuccessAction) else "onFailure"
    return kind if way.action is None else f"{kind} `{way.action.name}`"
