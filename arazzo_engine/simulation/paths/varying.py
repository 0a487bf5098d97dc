"""What earlier answers and inputs must hold so that a step goes where it should: from the text of its criteria alone.

Decides it for what criteria read through outputs and inputs, compared with what is written out. Whether the step then
goes there is for a run to say.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.language.conditions.condition import Not
from arazzo_engine.simulation.demands import demands_on_earlier, denials_on_earlier, of_node_on_earlier
from arazzo_engine.simulation.paths.ways import ways_to
from arazzo_engine.simulation.reading.reads import Need, Reads
from arazzo_engine.simulation.reading.tracing import readings_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, StepKey, WorkflowKey
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.simulation.demands import Earlier
    from arazzo_engine.simulation.goals import Goal
    from arazzo_engine.simulation.paths.aims import Aim
    from arazzo_engine.simulation.reading.reads import Read

# of all the ways to an aim, those that earlier answers are varied for
_MOST: Final = 4


class Variation(Struct, frozen=True):
    """What answers and inputs must hold for an aim."""

    aim: Aim
    answers: Mapping[StepKey, Reads] = field(default_factory=dict)
    inputs: Mapping[tuple[WorkflowKey, str], list[Read]] = field(default_factory=dict)


class Lean(Struct, frozen=True):
    """Where steps should go if they can, and what earlier answers must hold for it."""

    aims: Mapping[StepKey, Aim] = field(default_factory=dict)
    answers: Mapping[StepKey, Reads] = field(default_factory=dict)

    def towards(self, aim: Aim, found: Variation | None) -> Lean:
        """Return the same, also towards an aim."""
        answers = dict(self.answers)
        for key, reads in ({} if found is None else found.answers).items():
            answers[key] = answers.get(key, Reads()).followed_by(reads)
        return Lean({**self.aims, aim.step: aim}, answers)


class Varying(Struct, frozen=True):
    """Varies what comes before a step; ``free`` are the inputs that nobody gave."""

    linked: LinkedDescription
    free: frozenset[tuple[WorkflowKey, str]] = frozenset()

    def of(self, step: LinkedStep, aim: Aim) -> Iterator[Variation]:
        """Yield what may come before a step so that an aim of it is come to, the simplest first."""
        workflow = self.linked.workflows[aim.step.workflow]
        for goal in islice(ways_to(step, aim), _MOST):
            found = readings_behind(self.linked, workflow, step, _needs(goal))
            answers = {key: reads for key, reads in found.answers.items() if key != aim.step}
            inputs = {named: reads for named, reads in found.inputs.items() if named in self.free}
            if answers or inputs:
                yield Variation(aim, answers, inputs)


def _needs(goal: Goal) -> Iterator[Need]:
    """Yield what a goal needs of values from before the step."""
    for criterion in goal.passing:
        node = None if criterion.simple is None else criterion.simple.node
        found = demands_on_earlier(criterion) if node is None else of_node_on_earlier(node, is_needed=False)
        yield from _as_needs(found, criterion)
    for criterion in goal.failing:
        node = None if criterion.simple is None else criterion.simple.node
        found = denials_on_earlier(criterion) if node is None else of_node_on_earlier(Not(node), is_needed=False)
        yield from _as_needs(found, criterion)


def _as_needs(found: Iterable[Earlier], criterion: Criterion) -> Iterator[Need]:
    yield from (Need(each, criterion.condition) for each in found)
