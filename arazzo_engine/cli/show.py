"""``arazzo show``: what a document does, for a reader who has never seen it.

It reads the document by itself; what it names is not loaded.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.diagnostics_text import render_diagnostics
from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.printable import printable
from arazzo_engine.cli.screen import columns_of, tell
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.language.objects import ArazzoDescription, Step, Workflow

_WIDTH: Final = 88


@click.command("show", short_help="Show what a document does: its workflows, steps, inputs and outputs.")
@click.argument("location", metavar="DOC")
def command(location: str) -> int:
    """Show the Arazzo document DOC: its workflows with their steps, inputs and outputs, and its source APIs."""
    from arazzo_engine.cli.exit_codes import exit_code_for
    from arazzo_engine.language.reader import read_description
    from arazzo_engine.world.loading import Loader

    try:
        reading = read_description(Loader().load_entry(location))
    except ArazzoError as error:
        tell(render_diagnostics(error.diagnostics), err=True)
        return exit_code_for(error.diagnostics)
    tell(printable(describe(reading.description)))
    if reading.problems:
        tell("\n" + render_diagnostics(reading.problems), err=True)
    return ExitCode.DOCUMENT if any(problem.is_error for problem in reading.problems) else ExitCode.SUCCESS


def describe(description: ArazzoDescription) -> str:
    """Return the text for a whole document."""
    info = description.info
    lines = [f"{info.title}  {info.version}", *_wrapped(info.summary or info.description, ""), ""]
    lines.append(
        f"{_count(description.workflows, 'workflow')}, {_count(description.source_descriptions, 'source API')}"
    )
    for workflow in description.workflows:
        lines += ["", *_describe_workflow(workflow)]
    lines += ["", "Source APIs"]
    width = max((len(source.name) for source in description.source_descriptions), default=0)
    for source in description.source_descriptions:
        type_ = f"  ({source.type})" if source.type else ""
        lines.append(f"  {source.name.ljust(width)}  {source.url}{type_}")
    return "\n".join(lines)


def _describe_workflow(workflow: Workflow) -> Iterator[str]:
    yield workflow.workflow_id
    yield from _wrapped(workflow.summary or workflow.description, "  ")
    properties = workflow.inputs.get("properties") if isinstance(workflow.inputs, dict) else None
    required = workflow.inputs.get("required") if isinstance(workflow.inputs, dict) else None
    marked = (
        name if isinstance(required, list) and name in required else f"[{name}]" for name in sorted(properties or {})
    )
    yield f"  inputs:  {', '.join(marked) or 'none'}"
    yield f"  outputs: {', '.join(workflow.outputs or ()) or 'none'}"
    yield f"  {_count(workflow.steps, 'step')}:"
    width = max((len(step.step_id) for step in workflow.steps), default=0)
    for number, step in enumerate(workflow.steps, start=1):
        yield f"  {number:>3}. {step.step_id.ljust(width)}  {_target(step)}"
        yield from _wrapped(step.description, " " * 7)


def _target(step: Step) -> str:
    if step.workflow_id is not None:
        return f"workflow {step.workflow_id}"
    return step.operation_id or step.operation_path or step.channel_path or ""


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _width(), initial_indent=indent, subsequent_indent=indent)


def _width() -> int:
    """Return how long a line of prose may be."""
    return min(_WIDTH, columns_of(err=False) or _WIDTH)


def _count(things: Iterable[object], noun: str) -> str:
    number = len(tuple(things))
    return f"{number} {noun}{'' if number == 1 else 's'}"
