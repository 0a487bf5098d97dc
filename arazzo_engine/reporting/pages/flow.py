"""The ways through a workflow, as a graph: its steps, where it ends, and what leads from one to another.

Decides what is drawn. That a step which fails ends the workflow, where no action says otherwise, is the same for all
and not drawn. How it is drawn is decided elsewhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.language.objects import ActionType, FailureAction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.language.objects import Action

END: Final = "end"


class NodeKind(StrEnum):
    """What a node stands for."""

    STEP = "step"
    CALL = "call"
    WORKFLOW = "workflow"
    END = "end"


class EdgeKind(StrEnum):
    """Why an edge is taken."""

    NEXT = "next"
    SUCCESS = "success"
    FAILURE = "failure"
    RETRY = "retry"


class Node(Struct, frozen=True):
    """A step, a workflow that control goes to, or the end; ``key`` is its own in the graph, ``line`` that of a step."""

    key: str
    kind: NodeKind
    label: str
    detail: str = ""
    line: int = 0


class Edge(Struct, frozen=True):
    """A way from one node to another; ``label`` is when it is taken, if not always."""

    source: str
    target: str
    kind: EdgeKind
    label: str = ""


class Flow(Struct, frozen=True):
    """The graph of a workflow; the nodes stand in the order of the document, the end behind them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def joins(self) -> frozenset[str]:
        """The nodes at which ways come together again."""
        sources: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.source != edge.target:
                sources.setdefault(edge.target, set()).add(edge.source)
        return frozenset(key for key, found in sources.items() if len(found) > 1)


def flow_of(workflow: LinkedWorkflow) -> Flow:
    """Return the graph of a workflow, whose steps may call what was not found."""
    steps = workflow.steps
    # a workflow whose steps cannot be read has none
    following = (*(step_key(each) for each in steps[1:]), END)[: len(steps)]
    edges = tuple(edge for step, after in zip(steps, following, strict=True) for edge in _edges(step, after))
    left_for = {edge.target for edge in edges} - {step_key(each) for each in steps} - {END}
    others = (Node(key, NodeKind.WORKFLOW, key.removeprefix("workflow ")) for key in sorted(left_for))
    return Flow((*map(_node, steps), *others, Node(END, NodeKind.END, "end")), edges)


def step_key(step: LinkedStep) -> str:
    """Return the key of the node of a step."""
    return step_node(step.step.step_id)


def step_node(step_id: str) -> str:
    """Return the key of the node of a step by its id."""
    return f"step {step_id}"


def _node(step: LinkedStep) -> Node:
    is_call = isinstance(step.target, WorkflowKey) or step.step.workflow_id is not None
    kind = NodeKind.CALL if is_call else NodeKind.STEP
    line = step.step.at.location().line
    return Node(step_key(step), kind, step.step.step_id, called_by(step), line)


def called_by(step: LinkedStep) -> str:
    """Return the name of what a step calls, as the document writes it."""
    written = step.step
    if written.workflow_id is not None:
        return f"workflow {written.workflow_id}"
    if written.written_request is not None:
        return written.written_request.url
    return written.operation_id or written.operation_path or written.channel_path or ""


def _edges(step: LinkedStep, after: str) -> Iterator[Edge]:
    source = step_key(step)
    for action in step.on_success:
        yield Edge(source, _target(action), EdgeKind.SUCCESS, _condition(action))
        if not action.criteria:
            break
    else:
        yield Edge(source, after, EdgeKind.NEXT)
    for failure in step.on_failure:
        yield _failure(source, failure)
        if not failure.criteria and failure.type is not ActionType.RETRY:
            break


def _failure(source: str, action: FailureAction) -> Edge:
    if action.type is not ActionType.RETRY:
        return Edge(source, _target(action), EdgeKind.FAILURE, _condition(action))
    limit = 1 if action.retry_limit is None else action.retry_limit
    often = "once" if limit == 1 else f"{limit} times"
    pause = f"after {action.retry_after:g} s" if action.retry_after else ""
    words = ("retry", often, pause, _condition(action) and f"if {_condition(action)}")
    has_other = action.step_id is not None or action.workflow_id is not None
    target = _named(action) if has_other else source
    return Edge(source, target, EdgeKind.RETRY, " ".join(word for word in words if word))


def _target(action: Action) -> str:
    match action.type:
        case ActionType.END:
            return END
        case ActionType.GOTO:
            return _named(action)
        case ActionType.RETRY:
            return END
        case never:
            assert_never(never)


def _named(action: Action) -> str:
    return f"workflow {action.workflow_id}" if action.workflow_id is not None else f"step {action.step_id}"


def _condition(action: Action) -> str:
    return " and ".join(" ".join(each.condition.split()) for each in action.criteria)
