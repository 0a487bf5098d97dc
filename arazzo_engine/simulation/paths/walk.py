"""A walk over all paths: what is still to be shown, and which of it an answer is made for next.

Decides the order: the first run goes where the workflow means to go. Later, what goes on comes before what ends a run,
and what was shown is gone over again only where it leads to what was not. Once a run finds nothing that goes on, the
next ones end at the first step where they can, which takes the fewest answers. After a few that show nothing new,
earlier answers and inputs are varied for what was not shown, one thing after the other; then the walk is over.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.linking.linked import StepKey
from arazzo_engine.language.objects import FailureAction
from arazzo_engine.machine.actions import DEFAULT_RETRY_LIMIT, is_used_up, why_not_made
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.simulation.goals import passes
from arazzo_engine.simulation.paths.ahead import Ahead, ahead_of, spot_of
from arazzo_engine.simulation.paths.aims import Aim, Kind, actions_of, aims_of, all_criteria, unreachable_because
from arazzo_engine.simulation.paths.ways import NO_ANSWER, action_followed
from arazzo_engine.simulation.queries.own_outputs import scope_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.machine.effects import Asked
    from arazzo_engine.reporting.step_report import StepReport
    from arazzo_engine.simulation.paths.varying import Variation, Varying

_MOST_RETRIES: Final = 100
_MOST_ANSWERS: Final = 20_000
_MOST_RUNS: Final = 1_000
# what leads on may not lead there: another way is tried the next time
_MOST_IN_VAIN: Final = 3


class Walk(Struct):
    """What was shown of some workflows, and what was not: ``open`` by step, ``missed`` with the reason.

    ``taken`` are the aims that answers were made for, with the last run that did, ``held`` the one that is kept up
    while its step is tried again. ``peers`` counts the open steps that stand for one place: they lead to each other.
    What comes before them is varied by ``varying``, now as the ``variation`` says, for each aim once.
    """

    ahead: Ahead
    steps: dict[StepKey, LinkedStep]
    names: dict[tuple[str, str], tuple[StepKey, ...]]
    open: dict[StepKey, dict[Aim, None]]
    shown: dict[Aim, None] = field(default_factory=dict)
    missed: dict[Aim, str] = field(default_factory=dict)
    reached: set[StepKey] = field(default_factory=set)
    taken: dict[Aim, int] = field(default_factory=dict)
    held: Aim | None = None
    bits: int = 0
    peers: Counter[int] = field(default_factory=Counter)
    runs: int = 0
    answers: int = 0
    known: int = 0
    in_vain: int = 0
    is_patient: bool = True
    went_on: bool = True
    varying: Varying | None = None
    variation: Variation | None = None
    reason: str = ""
    variations: deque[Variation] = field(default_factory=deque)
    varied: set[Aim] = field(default_factory=set)

    def begin(self) -> bool:
        """Begin another run, unless there is nothing left to be shown, or nothing was shown by the last few."""
        known = len(self.shown) + len(self.missed)
        self.in_vain = 0 if known > self.known else self.in_vain + 1
        self.is_patient = self.is_patient and self.went_on
        is_over = not self.open or self.in_vain > _MOST_IN_VAIN or self._is_missed_again
        if self.limit or (is_over and not self._vary()):
            return False
        self.known = len(self.shown) + len(self.missed)
        # the first run takes no aims
        self.went_on = self.runs == 0
        self.runs += 1
        self.held = None
        return True

    @property
    def limit(self) -> str:
        """The limit that ends the walk, if one does."""
        if self.answers >= _MOST_ANSWERS:
            return f"{_MOST_ANSWERS:,} answers"
        return f"{_MOST_RUNS:,} runs" if self.runs >= _MOST_RUNS else ""

    def aims(self, key: StepKey, attempt: int) -> Iterator[Aim]:
        """Yield what an answer to a step may be made for, the best first."""
        self.answers += 1
        # the first run is the rehearsal as it is without a walk
        if self.runs == 1:
            return
        if self.held is not None and self.held.step == key and attempt > 1:
            yield self.held
            return
        step = self.steps[key]
        mine = [*self.open.get(key, ())]
        going = [aim for aim in mine if not aim.is_of_criterion and self.ahead.targets(step, aim)]
        ending = [aim for aim in mine if aim not in going]
        ending.sort(key=lambda aim: aim.is_of_criterion)
        again = self._leading_on(step, key)
        yield from going
        yield from chain(again, ending) if self.is_patient else chain(ending, again)

    def took(self, aim: Aim) -> None:
        """Note what an answer was made for."""
        self.taken[aim] = self.runs
        is_new = aim in self.open.get(aim.step, ()) and not aim.is_of_criterion
        self.went_on = self.went_on or (is_new and bool(self.ahead.targets(self.steps[aim.step], aim)))
        self.held = aim if aim.kind is Kind.USED_UP else None

    def miss(self, aim: Aim, why: str) -> None:
        """Give up what no answer was found for."""
        if aim in self.open.get(aim.step, ()):
            self.missed[aim] = why
            self._close(aim)

    def judge(self, key: StepKey, scope: Scope, *, answered: bool, succeeded: bool) -> None:
        """Note what criteria make of an answer: those of success, and those of the actions on the side it leads to."""
        step = self.steps[key]
        for after, criteria in enumerate(all_criteria(step), start=-1):
            is_judged = answered if after < 0 else (after < len(step.on_success)) is succeeded
            seen = scope_after(step, scope) if succeeded and after >= 0 else scope
            for index, criterion in enumerate(criteria if is_judged else ()):
                kind = Kind.TRUE if passes((criterion,), seen) else Kind.FALSE
                self._show(Aim(key, kind, after < len(step.on_success), index, after))

    @property
    def _is_missed_again(self) -> bool:
        return self.variation is not None and self.variation.aim in self.missed

    def _vary(self) -> bool:
        """Take up the next variation for what was not shown, if there is one."""
        if self.variation is not None and self.reason:
            self.miss(self.variation.aim, self.reason)
        self.variation = None
        if self.varying is None:
            return False
        for aim in [*self.missed, *(aim for aims in self.open.values() for aim in aims)]:
            if aim.step in self.reached and aim not in self.varied:
                self.varied.add(aim)
                self.variations.extend(self.varying.of(self.steps[aim.step], aim))
        while self.variations:
            found = self.variations.popleft()
            if found.aim not in self.shown:
                self._open_again(found)
                return True
        return False

    def _open_again(self, variation: Variation) -> None:
        aim = variation.aim
        self.reason = self.missed.pop(aim, "")
        self.open.setdefault(aim.step, {})[aim] = None
        self.count_open()
        self.variation = variation
        self.in_vain, self.is_patient, self.went_on = 0, True, True

    def hear(self, asked: Asked, response: Response | None) -> None:
        """Note what criteria make of an answer, or of none."""
        key = StepKey(asked.workflow.key, asked.step.step.step_id)
        scope, status = asked.scope_with(response), NO_ANSWER if response is None else response.status
        succeeded = action_followed(asked.step, status, scope)[0]
        self.judge(key, scope, answered=response is not None, succeeded=succeeded)

    def see(self, report: StepReport) -> None:
        """Note how an attempt of a step went on."""
        for key in self.names.get((report.workflow_id, report.step_id), ()):
            self.reached.add(key)
            self._see(report, key, self.steps[key])

    def _see(self, report: StepReport, key: StepKey, step: LinkedStep) -> None:
        is_success = report.status is StepStatus.SUCCEEDED
        actions = step.on_success if is_success else step.on_failure
        name = "" if report.action is None else report.action.name
        named = [index for index, each in enumerate(actions) if each.name == name and report.action is not None]
        if not name:
            self._show(Aim(key, Kind.DEFAULT, is_success))
        for index in named[:1]:
            self._show(Aim(key, Kind.ACTION, is_success, index))
        for index, action in enumerate(actions):
            if any(is_used_up(note, action.name) for note in report.notes):
                self._show(Aim(key, Kind.USED_UP, is_success, index))
            for why in filter(None, (why_not_made(note, action.name) for note in report.notes)):
                self.miss(Aim(key, Kind.ACTION, is_success, index), why)
                self.miss(Aim(key, Kind.USED_UP, is_success, index), why)
        if report.request is None:
            for index, result in enumerate(report.criteria):
                self._show(Aim(key, Kind.TRUE if result.passed else Kind.FALSE, is_success=True, index=index))

    def _leading_on(self, step: LinkedStep, key: StepKey) -> list[Aim]:
        """Return what was shown and leads to what was not, each once in a run; after one in vain, the oldest first."""
        own = _bits(self.ahead, self.steps, [key])
        # steps that lead to each other stand for one place
        is_shared = self.peers[own] > (key in self.open)
        others = self.bits if is_shared else self.bits & ~own
        known = (aim for aim in aims_of_step(step, key) if aim in self.shown and self.taken.get(aim, 0) < self.runs)
        leading = [aim for aim in known if self.ahead.leads_to(self.ahead.targets(step, aim), others)]
        return sorted(leading, key=lambda aim: self.taken.get(aim, 0)) if self.in_vain else leading

    def _show(self, aim: Aim) -> None:
        if aim in self.open.get(aim.step, ()):
            self.shown[aim] = None
            self._close(aim)
        elif aim in self.missed:
            del self.missed[aim]
            self.shown[aim] = None

    def _close(self, aim: Aim) -> None:
        del self.open[aim.step][aim]
        if not self.open[aim.step]:
            del self.open[aim.step]
            self.bits = _bits(self.ahead, self.steps, self.open)
            self.peers[_bits(self.ahead, self.steps, [aim.step])] -= 1

    def count_open(self) -> None:
        """Know where the open steps are."""
        self.bits = _bits(self.ahead, self.steps, self.open)
        self.peers = Counter(_bits(self.ahead, self.steps, [key]) for key in self.open)


def walk_of(workflows: Sequence[LinkedWorkflow], varying: Varying | None = None) -> Walk:
    """Return the walk over all paths of some workflows; what the text says cannot be come to is missed at once."""
    ahead = ahead_of(workflows)
    steps = {StepKey(w.key, step.step.step_id): step for w in workflows for step in w.steps}
    names: dict[tuple[str, str], tuple[StepKey, ...]] = {}
    for key in steps:
        name = (key.workflow.workflow_id, key.step_id)
        names[name] = (*names.get(name, ()), key)
    walk = Walk(ahead, steps, names, {}, varying=varying)
    for aim in (aim for workflow in workflows for aim in aims_of(workflow)):
        why = unreachable_because(steps[aim.step], aim) or _too_long(steps[aim.step], aim)
        if why:
            walk.missed[aim] = why
        else:
            walk.open.setdefault(aim.step, {})[aim] = None
    walk.varied = set(walk.missed)
    walk.count_open()
    return walk


def _bits(ahead: Ahead, steps: Mapping[StepKey, LinkedStep], keys: Iterable[StepKey]) -> int:
    return ahead.reach.bits(spot_of(key, steps[key]) for key in keys)


def aims_of_step(step: LinkedStep, key: StepKey) -> Iterator[Aim]:
    """Yield where a step can go on."""
    for is_success, actions in ((True, step.on_success), (False, step.on_failure)):
        yield Aim(key, Kind.DEFAULT, is_success)
        yield from (Aim(key, Kind.ACTION, is_success, index) for index in range(len(actions)))


def _too_long(step: LinkedStep, aim: Aim) -> str:
    action = actions_of(step, aim)[aim.index] if aim.kind is Kind.USED_UP else None
    if not isinstance(action, FailureAction):
        return ""
    limit = DEFAULT_RETRY_LIMIT if action.retry_limit is None else action.retry_limit
    return (
        f"its limit of {limit} retries is more than the {_MOST_RETRIES} that are tried" if limit > _MOST_RETRIES else ""
    )
