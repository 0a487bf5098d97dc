"""The steps by which the actions of `components` are chosen, and where actions lead, as far as a document says it.

Decides whose outputs `$outputs` are in an action that is reused: those of the one step that refers to it, or what the
outputs of all of them read alike. Where a workflow has the action for all of its steps, it is nobody's.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeAlias

from arazzo_engine.language.repairs.names import ACTIONS, OWN_ACTIONS, OwnStep, ended_step, entries, members
from arazzo_engine.language.repairs.references import named_component

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.documents.values import JsonValue

_Users: TypeAlias = "Mapping[tuple[str, str], Sequence[OwnStep | None]]"


def users_of_actions(document: JsonValue) -> _Users:
    """Return who refers to each action of the components, by its shelf and name; ``None`` is no one step."""
    users: dict[tuple[str, str], list[OwnStep | None]] = {}
    for workflow in entries(document, "workflows"):
        owners = [(workflow, ACTIONS), *((step, OWN_ACTIONS) for step in entries(workflow, "steps"))]
        for component, user in itertools.chain.from_iterable(_referring(*each) for each in owners):
            users.setdefault(component, []).append(user)
    return users


def _referring(owner: JsonValue, fields: Sequence[str]) -> Iterator[tuple[tuple[str, str], OwnStep | None]]:
    for field in fields:
        for each in entries(owner, field):
            if isinstance(each, dict):
                yield from ((component, ended_step(owner, field)) for component in named_component(each))


def chosen_after(users: Sequence[OwnStep | None]) -> OwnStep | None:
    """Return the step after which an action is chosen; of several, what their outputs read alike of their answers."""
    known = [each for each in users if each is not None]
    if not known or len(known) < len(users):
        return None
    if len(known) == 1:
        return known[0]
    outputs = {name: value for name, value in known[0].outputs.items() if _is_alike(name, known)}
    return OwnStep("", outputs, has_failed=True)


def leads_back(workflow: JsonValue, document: JsonValue) -> bool:
    """Whether an action of a workflow may lead to a step that was there before: a workflow begins anew."""
    owners = (workflow, *entries(workflow, "steps"))
    actions = (each for owner, name in itertools.product(owners, ACTIONS) for each in entries(owner, name))
    return any(_may_lead_back(each, document) for each in actions)


def _may_lead_back(action: JsonValue, document: JsonValue) -> bool:
    if not isinstance(action, dict):
        return True
    components = members(document, "components")
    reused = [members(components, shelf).get(name) for shelf, name in named_component(action)]
    meant = next((each for each in reused if isinstance(each, dict)), action)
    if meant.get("type") == "retry":
        # the step itself has not succeeded, but one that is made before it may have been there
        return "stepId" in meant
    is_to_workflow = meant.get("type") == "goto" and "workflowId" in meant and "stepId" not in meant
    return meant.get("type") != "end" and not is_to_workflow


def _is_alike(name: str, steps: Sequence[OwnStep]) -> bool:
    return all(name in each.outputs and each.outputs[name] == steps[0].outputs[name] for each in steps)
