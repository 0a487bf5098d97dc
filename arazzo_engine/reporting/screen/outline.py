"""What a screen knows of a run before its first step: the heading, and how wide the columns of its steps will be.

Decides only what is planned: a step that runs twice, or never, was not foreseen here.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.servers import server_of
from arazzo_engine.apis.urls import template_url
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import in_line
from arazzo_engine.reporting.lines.widths import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.reporting.scene import Scene

# deeper calls are not foreseen
_DEEPEST: Final = 16
# a step of a document of thousands is not looked for to make a column as wide as it is
_MOST: Final = 2_000
_HERE: Final = ("127.0.0.1", "[::1]")
# most ids are not longer
_VALUE: Final = lazy_pattern(r"\{[^{}]*\}")
_STANDING_IN: Final = "_" * 14
WORKFLOW: Final = "workflow"


class Planned(Struct, frozen=True):
    """A step that a run will come to, if all goes well: what it calls is written as in the description."""

    workflow_id: str
    step_id: str
    depth: int
    method: str
    target: str


class Outline(Struct, frozen=True):
    """The heading of a run and its steps; ``servers`` are the hosts by the names of their sources.

    ``steps`` are by the ids of their workflow and their own. The widths are those of the widest name with its
    indentation, of the widest method, and of the widest path with values in place of names.
    """

    title: str
    document: str
    servers: dict[str, str] = field(default_factory=dict)
    steps: dict[tuple[str, str], Planned] = field(default_factory=dict)
    count: int = 0
    name_width: int = 0
    method_width: int = 0
    target_width: int = 0


def outline_of(scene: Scene) -> Outline:
    """Return what is known of a run before."""
    entry = scene.linked.entry
    workflows = {workflow.key: workflow for workflow in scene.linked.reachable([scene.key])}
    steps = tuple(islice(_steps(scene, scene.key, 0, set()), _MOST))
    operations = [each for workflow in workflows.values() for each in workflow.operations()]
    return Outline(
        entry.info.title,
        entry.at.document.name,
        _servers(operations, scene),
        {(each.workflow_id, each.step_id): each for each in steps},
        len(steps),
        name_width=max((width_of(in_line(each.step_id)) + 2 * each.depth for each in steps), default=0),
        method_width=max((len(each.method) for each in steps), default=0),
        target_width=max((width_of(_VALUE.sub(_STANDING_IN, each.target)) for each in steps), default=0),
    )


def planned_of(linked: LinkedStep, workflow_id: str, depth: int, scene: Scene) -> Planned:
    """Return what is known of a step before it runs."""
    target, step_id = linked.target, linked.step.step_id
    if isinstance(target, Operation):
        return Planned(workflow_id, step_id, depth, target.method, path_of(target, scene))
    return Planned(workflow_id, step_id, depth, "", f"{WORKFLOW} {linked.step.workflow_id or ''}".rstrip())


def path_of(operation: Operation, scene: Scene) -> str:
    """Return the path of an operation behind its host, as the description writes it."""
    try:
        base = server_of(operation, scene.access)
    except ArazzoError:
        return operation.path
    return template_url(base, operation.path).removeprefix(base.origin)


def _steps(scene: Scene, key: WorkflowKey, depth: int, seen: set[WorkflowKey]) -> Iterator[Planned]:
    if key in seen or depth > _DEEPEST or key not in scene.linked.workflows:
        return
    within = {*seen, key}
    for linked in scene.linked.workflows[key].steps:
        yield planned_of(linked, key.workflow_id, depth, scene)
        if isinstance(linked.target, WorkflowKey):
            yield from _steps(scene, linked.target, depth + 1, within)


def _servers(operations: list[Operation], scene: Scene) -> dict[str, str]:
    found: dict[str, str] = {}
    for operation in operations:
        if operation.source not in found:
            try:
                found[operation.source] = server_of(operation, scene.access).host
            except ArazzoError:
                # that is told by the step that needs it
                found[operation.source] = ""
    return found


def short_host(host: str) -> str:
    """Return a host as a heading has it: of an address of this machine only the port.

    >>> short_host("127.0.0.1:8101"), short_host("localhost:8080")
    (':8101', 'localhost:8080')
    """
    name, _, port = host.rpartition(":")
    return f":{port}" if name in _HERE and port.isdecimal() else host
