"""What a document does, as text for a reader who has never seen it.

Decides the layout, from the document alone: what it names is not asked.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from arazzo_engine.printable import one_line, printable
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.language.objects import ArazzoDescription, Step, Workflow

# a line of a list is no longer
_WIDTH: Final = 200


def describe(description: ArazzoDescription, width: int) -> str:
    """Return the text for a whole document, prose broken at the width."""
    info = description.info
    lines = [f"{info.title}  {info.version}", *_wrapped(info.summary or info.description, "", width), ""]
    lines.append(
        f"{_count(description.workflows, 'workflow')}, {_count(description.source_descriptions, 'source API')}"
    )
    for workflow in description.workflows:
        lines += ["", *_describe_workflow(workflow, width)]
    lines += ["", "Source APIs"]
    longest = max((len(source.name) for source in description.source_descriptions), default=0)
    for source in description.source_descriptions:
        type_ = f"  ({source.type})" if source.type else ""
        lines.append(f"  {source.name.ljust(longest)}  {source.url}{type_}")
    return hide_in_urls("\n".join(lines))


def describe_briefly(name: str, description: ArazzoDescription) -> str:
    """Return the lines for one document in a list: its title, and each workflow with its summary."""
    lines = [printable(f"{name}  {one_line(description.info.title, _WIDTH)}")]
    for workflow in description.workflows:
        summary = f"  {workflow.summary}" if workflow.summary else ""
        line = f"- {workflow.workflow_id}  ({_count(workflow.steps, 'step')}){summary}"
        lines.append(f"  {one_line(line, _WIDTH).removeprefix('- ')}")
    return "\n".join(lines)


def _describe_workflow(workflow: Workflow, width: int) -> Iterator[str]:
    yield workflow.workflow_id
    yield from _wrapped(workflow.summary or workflow.description, "  ", width)
    properties = workflow.inputs.get("properties") if isinstance(workflow.inputs, dict) else None
    required = workflow.inputs.get("required") if isinstance(workflow.inputs, dict) else None
    marked = (
        name if isinstance(required, list) and name in required else f"[{name}]" for name in sorted(properties or {})
    )
    yield f"  inputs:  {', '.join(marked) or 'none'}"
    yield f"  outputs: {', '.join(workflow.outputs or ()) or 'none'}"
    yield f"  {_count(workflow.steps, 'step')}:"
    longest = max((len(step.step_id) for step in workflow.steps), default=0)
    for number, step in enumerate(workflow.steps, start=1):
        yield f"  {number:>3}. {step.step_id.ljust(longest)}  {_target(step)}"
        yield from _wrapped(step.description, " " * 7, width)


def _target(step: Step) -> str:
    if step.workflow_id is not None:
        return f"workflow {step.workflow_id}"
    return step.operation_id or step.operation_path or step.channel_path or ""


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


def _count(things: Iterable[object], noun: str) -> str:
    number = len(tuple(things))
    return f"{number} {noun}{'' if number == 1 else 's'}"
