"""An output is read where its step has run, and a step comes after those that it depends on.

Decides what is wrong where a step, or the workflow's own outputs, read an output of another step. That the step and the
output exist is for others to say.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.reach import Reach, walk
from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.validation.flow.needs import reads_of, runs_of
from arazzo_engine.validation.flow.runs import RUN_ON_EVERY, RUN_ON_SOME, SUCCEEDED_ON_EVERY, SUCCEEDED_ON_SOME
from arazzo_engine.validation.flow.told_ways import ToldWays
from arazzo_engine.validation.flow.unreached import is_passed_by
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow, StepDependency
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.flow.runs import Rule, Runs

_DEPENDS_ON: Final = "Arazzo 1.1.0, Step Object, dependsOn"
_MOST_MOVED: Final = 8


class Reads(Struct, frozen=True, dict=True):
    """What is read in a workflow, and what has run there."""

    workflow: LinkedWorkflow
    uses: tuple[Use, ...]

    @property
    def is_sure(self) -> bool:
        """Whether every way through the workflow is known."""
        return self._runs.paths.is_sure

    def may_have_own(self, step: LinkedStep) -> bool:
        """Whether a step can have outputs of an earlier visit when it is visited."""
        index = self._index(step.step.step_id)
        if index is None or not self._runs.paths.is_sure:
            return True
        return any(self._runs.has(SUCCEEDED_ON_SOME, index, each) for each in self._runs.paths.visits(index))

    def check(self, use: Use, step_id: str) -> Iterator[Diagnostic]:
        """Yield what is wrong with a use of an output of a step, which is not the step itself."""
        earlier = self._index(step_id)
        if earlier is None or not self._runs.paths.is_sure:
            return  # a step that could not be linked is noted already
        if use.step is None:
            yield from self._check_result(use, earlier)
            return
        reader = self._index(use.step.step.step_id)
        if reader is not None and self._runs.paths.visits(reader):
            yield from self._check_read(use, earlier, reader)

    def check_dependencies(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the ``dependsOn`` of steps that run: that no way to a step has those before it."""
        for index, step in enumerate(self.workflow.steps):
            for dependency in step.depends_on if self._runs.paths.visits(index) else ():
                if dependency.key.workflow == self.workflow.key:
                    yield from self._check_dependency(dependency, index)

    def _check_result(self, use: Use, earlier: int) -> Iterator[Diagnostic]:
        if not self._runs.may_have_at_end(earlier):
            name = self._name(earlier)
            message = f"`{use.text}` never has a value: step `{name}` has run on no way to the end of the workflow"
            fix = f"lead a way to step `{name}`, or take the value from a step that runs"
            yield diagnose("output-never-assigned", message, use.at.location(use.span), fix=fix)

    def _check_read(self, use: Use, earlier: int, reader: int) -> Iterator[Diagnostic]:
        visits = self._runs.paths.visits(reader)
        if not self._has_any(RUN_ON_SOME, earlier, visits):
            yield self._never_before(use, earlier, reader)
            return
        if use.moment is Moment.REQUEST and not self._has_any(SUCCEEDED_ON_SOME, earlier, visits):
            yield self._only_failed(use, earlier, reader)
            return
        rule = _needed_always(use)
        missing = [] if rule is None else [each for each in visits if not self._runs.has(rule, earlier, each)]
        if rule is not None and missing and (earlier, reader) not in self._told:
            self._told.add((earlier, reader))
            yield self._left_out(use, self._ways.around(rule, earlier, missing), earlier, reader)

    def _never_before(self, use: Use, earlier: int, reader: int) -> Diagnostic:
        one, other = self._name(earlier), self._name(reader)
        message = f"`{use.text}` needs step `{one}`, which cannot have run before step `{other}`"
        at = use.at.location(use.span)
        if earlier > reader:
            found = diagnose("forward-reference", message, at, fix=self._order(earlier, reader))
            # a run in which nothing fails does not come there, and is let be
            return found if reader in self._runs.paths.reached_by_success else found.as_warning()
        fix = f"lead a way to `{other}` through step `{one}`, or read an output of a step on the way"
        related = self._ways.around(RUN_ON_EVERY, earlier, self._runs.paths.visits(reader))
        found = diagnose("forward-reference", message, at, fix=fix, related=related)
        return found if self._always_fails(use, reader) else found.as_warning()

    def _order(self, later: int, reader: int) -> str:
        """Return how a later step can have run before the one that reads it: with what it needs, unless in a circle."""
        one, other = self._name(later), self._name(reader)
        if self._read.leads_back(reader, later):
            return f"take what `{one}` or `{other}` reads from elsewhere, such as an input: each needs the other"
        needed = walk([later], lambda index: (each for each in self._read.ways.get(index, ()) if each >= reader))
        moved = sorted(islice(needed, _MOST_MOVED + 1))
        if len(moved) > _MOST_MOVED:
            return f"move step `{one}` up, with what it needs, before `{other}`"
        steps = "steps" if len(moved) > 1 else "step"
        ordered = sorted(moved, key=self._read.place_in_order)
        return f"move {steps} {listed([self._name(each) for each in ordered])} up, before `{other}`"

    def _always_fails(self, use: Use, reader: int) -> bool:
        """Whether nothing can be sent without what is read, in a run that comes there, and nothing follows the failure.

        A run in which nothing fails does not come to other steps, and is let be.
        """
        is_reached = reader in self._runs.paths.reached_by_success
        return is_reached and use.moment is Moment.REQUEST and not self.workflow.steps[reader].on_failure

    def _only_failed(self, use: Use, earlier: int, reader: int) -> Diagnostic:
        one, other = self._name(earlier), self._name(reader)
        message = f"`{use.text}` has no value: step `{one}` has failed on every way to step `{other}`"
        fix = f"read an output of a step that has succeeded before `{one}`, or an input"
        related = self._ways.around(SUCCEEDED_ON_EVERY, earlier, self._runs.paths.visits(reader))
        return diagnose("failed-step-output", message, use.at.location(use.span), fix=fix, related=related)

    def _left_out(self, use: Use, related: tuple[Related, ...], earlier: int, reader: int) -> Diagnostic:
        one, other = self._name(earlier), self._name(reader)
        message = f"`{use.text}` needs step `{one}`, which has no outputs on some way to step `{other}`"
        fix = f"lead that way to another step, or let `{other}` read what every way to it has"
        return diagnose("step-left-out", message, use.at.location(use.span), fix=fix, related=related)

    def _check_dependency(self, dependency: StepDependency, index: int) -> Iterator[Diagnostic]:
        earlier = self._index(dependency.key.step_id)
        visits = self._runs.paths.visits(index)
        # steps that wait for each other in a circle are noted already, and so is what no way leads to
        is_noted = earlier is None or earlier >= index or is_passed_by(self._runs.paths, earlier)
        if earlier is None or is_noted or not self._runs.paths.is_sure:
            return
        one, other, at = self._name(earlier), self._name(index), dependency.reference.at.location()
        missing = [each for each in visits if not self._runs.has(SUCCEEDED_ON_EVERY, earlier, each)]
        related = self._ways.around(SUCCEEDED_ON_EVERY, earlier, missing) if missing else ()
        # both are warnings: the step fails, and what follows its failure may end well
        if not self._has_any(SUCCEEDED_ON_SOME, earlier, visits):
            message = f"step `{other}` depends on `{one}`, which no way to it has completed"
            fix = f"lead a way to `{other}` through step `{one}`, or remove it from `dependsOn`"
            found = diagnose("forward-reference", message, at, fix=fix, related=related, clause=_DEPENDS_ON)
            yield found.as_warning()
        elif missing:
            self._told.add((earlier, index))
            message = f"step `{other}` depends on `{one}`, which some way to it has not completed"
            fix = f"lead that way to another step, or through step `{one}`"
            yield diagnose("step-left-out", message, at, fix=fix, related=related, clause=_DEPENDS_ON)

    def _has_any(self, rule: Rule, earlier: int, visits: list[int]) -> bool:
        return any(self._runs.has(rule, earlier, each) for each in visits)

    def _index(self, step_id: str) -> int | None:
        return self.workflow.indexes.get(step_id)

    def _name(self, index: int) -> str:
        return self.workflow.steps[index].step.step_id

    @cached_property
    def _runs(self) -> Runs:
        return runs_of(self.workflow, self.uses)

    @cached_property
    def _ways(self) -> ToldWays:
        return ToldWays(self._runs)

    @cached_property
    def _read(self) -> Reach[int]:
        read = reads_of(self.uses, self.workflow)
        return Reach({index: tuple(sorted(read.get(index, ()))) for index in range(len(self.workflow.steps))})

    @cached_property
    def _told(self) -> set[tuple[int, int]]:
        return set()


def _needed_always(use: Use) -> Rule | None:
    """Return what must have been on every way to the use of an output, so that the step can succeed there."""
    if use.moment is Moment.REQUEST:
        return SUCCEEDED_ON_EVERY
    # an output of the step is left out when it has no value, and an action is not chosen: both may be meant so
    return RUN_ON_EVERY if "successCriteria" in use.at.pointer else None
