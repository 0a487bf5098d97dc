"""A page as text for a terminal, and what a list says of a document. Decides the layout alone."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from arazzo_engine.printable import one_line, printable
from arazzo_engine.reporting.pages.flow import END, EdgeKind, step_node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.language.objects import ArazzoDescription
    from arazzo_engine.reporting.pages.flow import Flow
    from arazzo_engine.reporting.pages.page import Page, SourceRow, StepRow, WorkflowPart

# a line of a list is no longer
_WIDTH: Final = 200
# of the servers that a source has beside its first
_MOST_SERVERS: Final = 5


def text_of(page: Page, width: int) -> str:
    """Return the page as text, prose broken at the width."""
    lines = [f"{page.title}  {page.version}", *_wrapped(page.summary or page.description, "", width), ""]
    lines.append(f"{_count(page.workflows, 'workflow')}, {_count(page.sources, 'source API')}")
    for title, values in (("tags", page.tags), ("provider", page.providers)):
        lines += [f"{title}: {', '.join(values)}"] if values else []
    for workflow in page.workflows:
        lines += ["", *_workflow(workflow, width)]
    lines += ["", "Source APIs"]
    longest = max((len(source.name) for source in page.sources), default=0)
    lines += (line for source in page.sources for line in _source(source, longest))
    return "\n".join(lines)


def describe_briefly(name: str, description: ArazzoDescription) -> str:
    """Return the lines for one document in a list: its title, and each workflow with its summary."""
    lines = [printable(f"{name}  {one_line(description.info.title, _WIDTH)}")]
    for workflow in description.workflows:
        summary = f"  {workflow.summary}" if workflow.summary else ""
        line = f"- {workflow.workflow_id}  ({_count(workflow.steps, 'step')}){summary}"
        lines.append(f"  {one_line(line, _WIDTH).removeprefix('- ')}")
    return "\n".join(lines)


def _workflow(workflow: WorkflowPart, width: int) -> Iterator[str]:
    yield workflow.workflow_id
    yield from _wrapped(workflow.summary or workflow.description, "  ", width)
    marked = (each.name if each.required else f"[{each.name}]" for each in workflow.inputs)
    yield f"  inputs:  {', '.join(marked) or 'none'}"
    yield f"  outputs: {', '.join(name for name, _ in workflow.outputs) or 'none'}"
    yield f"  {_count(workflow.steps, 'step')}:"
    longest = max((len(step.step_id) for step in workflow.steps), default=0)
    verbs = max((len(step.method) for step in workflow.steps), default=0)
    for step in workflow.steps:
        request = f"{step.method.ljust(verbs)}  {step.calls}" if verbs else step.calls
        yield f"  {step.number:>3}. {step.step_id.ljust(longest)}  {request}"
        yield from _wrapped(step.description, " " * 7, width)
        for way in _ways(step, workflow.flow):
            yield from textwrap.wrap(way, width, initial_indent=" " * 7, subsequent_indent=" " * 11)


def _ways(step: StepRow, flow: Flow) -> Iterator[str]:
    """Yield where a step leads by an action; that the next step follows a success is not told."""
    labels = {node.key: node.label for node in flow.nodes}
    own = step_node(step.step_id)
    for edge in flow.edges:
        if edge.source != own or edge.kind is EdgeKind.NEXT:
            continue
        to = END if edge.target == END else f"go to {labels.get(edge.target, edge.target)}"
        if edge.kind is EdgeKind.RETRY:
            yield f"on failure: {edge.label}{'' if edge.target == own else f', after it {to}'}"
        else:
            yield f"on {edge.kind}: {to}{f' if {edge.label}' if edge.label else ''}"


def _source(source: SourceRow, longest: int) -> Iterator[str]:
    yield f"  {source.name.ljust(longest)}  {source.url}{f'  ({source.type})' if source.type else ''}"
    if len(source.servers) > 1:
        first, *others = (one_line(each, _WIDTH) for each in source.servers)
        yield f"    server {first}, or by `--server {source.name}=URL`: {', '.join(others[:_MOST_SERVERS])}"


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
