"""What a shell is offered when somebody presses Tab: commands and options, and names out of the document at hand.

Decides which names an option wants. A document that cannot be read offers none, and nothing is ever told.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from arazzo_engine.cli.usage import COMPLETE
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from arazzo_engine.language.objects import ArazzoDescription


def completer(commands: click.Command, shell: str) -> ShellComplete:
    """Return what completes the commands for a shell: bash, zsh or fish."""
    found = get_completion_class(shell)
    if found is None:
        raise click.BadParameter(f"there is no completion for {shell}")
    return found(commands, {}, "arazzo", COMPLETE)


def complete(commands: click.Command, instruction: str) -> None:
    """Write what a shell asks for, by the variable that its completion script sets: ``bash_complete``."""
    shell = completer(commands, instruction.partition("_")[0])
    arguments, incomplete = shell.get_completion_args()
    for item in completions(shell, arguments, incomplete):
        click.echo(shell.format_completion(item))


def completions(shell: ShellComplete, arguments: Sequence[str], incomplete: str) -> list[CompletionItem]:
    """Return what could stand where ``incomplete`` does, behind the arguments."""
    known = _KNOWN.get(arguments[-1]) if arguments else None
    if known is not None:
        return [CompletionItem(each) for each in known() if each.startswith(incomplete)]
    names = _NAMES.get(arguments[-1]) if arguments else None
    description = _document(arguments) if names is not None else None
    if names is not None and description is not None:
        return [CompletionItem(each) for each in dict.fromkeys(names(description)) if each.startswith(incomplete)]
    found = shell.get_completions(list(arguments), incomplete)
    is_value = bool(arguments) and not incomplete.startswith("-")
    return found or ([CompletionItem(incomplete, type="file")] if is_value else [])


def _document(arguments: Sequence[str]) -> ArazzoDescription | None:
    """Return the first document among the arguments, if it can be read."""
    from arazzo_engine.language.reading.description import read_description
    from arazzo_engine.world.loading.disk_files import is_there
    from arazzo_engine.world.loading.loader import Loader

    for argument in arguments:
        if Path(argument).suffix in {".yaml", ".yml", ".json"} and is_there(Path(argument)):
            try:
                return read_description(Loader().load_entry(argument)).description
            except ArazzoError:
                continue
    return None


def _workflow_ids(description: ArazzoDescription) -> Iterable[str]:
    return (each.workflow_id for each in description.workflows)


def _step_ids(description: ArazzoDescription) -> Iterable[str]:
    return (step.step_id for workflow in description.workflows for step in workflow.steps)


def _input_names(description: ArazzoDescription) -> Iterator[str]:
    for workflow in description.workflows:
        properties = workflow.inputs.get("properties") if isinstance(workflow.inputs, dict) else None
        yield from (f"{name}=" for name in (properties if isinstance(properties, dict) else {}))


def _source_names(description: ArazzoDescription) -> Iterable[str]:
    return (f"{each.name}=" for each in description.source_descriptions)


_NAMES: Final[dict[str, Callable[[ArazzoDescription], Iterable[str]]]] = {
    "--workflow": _workflow_ids,
    "-i": _input_names,
    "--input": _input_names,
    "--fail": _step_ids,
    "--no-auth": _step_ids,
    "--assume-idempotent": _step_ids,
    "--source": _source_names,
    "--server": _source_names,
}


def _codes() -> Iterable[str]:
    from arazzo_engine.diagnostic_codes import CODES

    return sorted(CODES)


def _kinds_of_reports() -> Iterable[str]:
    from arazzo_engine.reporting.kinds.table import KINDS

    return (f"{each}=" for each in KINDS)


# what is the same in every document
_KNOWN: Final[dict[str, Callable[[], Iterable[str]]]] = {
    "explain": _codes,
    "--ignore": _codes,
    "--report": _kinds_of_reports,
}
