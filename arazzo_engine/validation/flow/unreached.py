"""A step that no way reaches, and one that depends on such a step.

Decides it from the ways through the workflows; steps that follow each other are told together, with what leads past
them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.language.objects import SuccessAction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedStep, StepDependency, WorkflowKey
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.flow.paths import Paths

_DEPENDS_ON: Final = "Arazzo 1.1.0, Step Object, dependsOn"


def unreached(paths: Paths) -> Iterator[Diagnostic]:
    """Yield a warning for the steps that no way reaches, one for those that stand together."""
    runs = groupby(range(paths.count), lambda index: bool(paths.visits(index)))
    for is_reached, indexes in runs:
        if not is_reached:
            first, *others = indexes
            yield _unreached(paths, first, others[-1] if others else first)


def never_completed(known: Mapping[WorkflowKey, Paths]) -> Iterator[Diagnostic]:
    """Yield what is wrong with each ``dependsOn`` of a step that runs, where no way leads to what it names.

    "A list of steps that MUST be completed before this step can be executed."
    """
    for paths in known.values():
        for index, step in enumerate(paths.workflow.steps):
            for dependency in step.depends_on if paths.is_sure and paths.visits(index) else ():
                others = known.get(dependency.key.workflow)
                earlier = None if others is None else others.workflow.indexes.get(dependency.key.step_id)
                if others is not None and earlier is not None and is_passed_by(others, earlier):
                    found = _never_completed(step, dependency, others, earlier)
                    # where a step fails, what follows its failure may end well; within a workflow, the run tells it
                    is_other = dependency.key.workflow != paths.workflow.key
                    is_certain = is_other and index in paths.reached_by_success and not step.on_failure
                    yield found if is_certain else found.as_warning()


def is_passed_by(paths: Paths, index: int) -> bool:
    """Whether no way leads to a step, for certain."""
    return paths.is_sure and not paths.visits(index)


def _never_completed(step: LinkedStep, dependency: StepDependency, paths: Paths, index: int) -> Diagnostic:
    named, at = dependency.reference.text, dependency.reference.at.location()
    message = f"step `{step.step.step_id}` depends on `{named}`, to which no way leads"
    fix = f"lead a way to step `{dependency.key.step_id}`, or remove it from `dependsOn`"
    first = next(each for each in range(index, 0, -1) if paths.visits(each - 1))
    related = [told for _, told in _led_past(paths, first, f"`{paths.step(first).step.step_id}`")]
    return diagnose("forward-reference", message, at, fix=fix, related=related, clause=_DEPENDS_ON)


def _unreached(paths: Paths, first: int, last: int) -> Diagnostic:
    names = [paths.step(each).step.step_id for each in (first, last)]
    others = "" if first == last else f", nor to those after it up to `{names[1]}`"
    message = f"no way leads to step `{names[0]}`{others}"
    at = paths.step(first).step.at.child("stepId").location()
    for action, related in _led_past(paths, first):
        fix = _way_to(names[0], action, paths.step(first - 1).step.step_id)
        return diagnose("step-unreachable", message, at, fix=fix, related=[related])
    return diagnose("step-unreachable", message, at, fix="lead an action to it with `goto`, or remove it")


def _way_to(step_id: str, action: SuccessAction, before: str) -> str:
    """Return how a step is come to: what leads past it has no criteria, or some that add nothing."""
    if action.criteria:
        return f"lead an action in the `onFailure` of step `{before}` to `{step_id}`, or remove the step"
    return f"give action `{action.name}` criteria, lead another one to `{step_id}`, or remove the step"


def _led_past(paths: Paths, first: int, it: str = "it") -> Iterator[tuple[SuccessAction, Related]]:
    """Yield the action by which what stands before a step leads elsewhere whenever it succeeds, if one does."""
    leading = [way.action for way in paths.ways[first - 1] if way.succeeded and way.action is not None]
    action = leading[-1] if leading else None
    if isinstance(action, SuccessAction):
        why = f"step `{paths.step(first - 1).step.step_id}`, before {it}, always goes on by "
        if len(leading) > 1:
            why += f"one of its actions, `{action.name}` the last of them"
        elif action.criteria:
            why += f"action `{action.name}`: whenever the step succeeds, the criteria of the action hold"
        else:
            why += f"action `{action.name}`"
        yield action, Related(why, action.at.child("name"))
