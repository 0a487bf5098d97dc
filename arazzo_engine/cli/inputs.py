"""The inputs of a run as they are typed: a file, and one by one, where the schema of each says what its text means.

What the inputs must be is decided by the checks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import replace

from arazzo_engine.cli.options import named_values
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.validation.inputs.schemas import declared_inputs, input_from_text
from arazzo_engine.world.loading.input_files import read_input_files
from arazzo_engine.world.projects.references import Reference, is_reference, read_reference

# the location that is stdin
STDIN: Final = "-"

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.world.program import Program


def read_typed(program: Program, inputs_file: str | None, pairs: Sequence[str]) -> GivenInputs:
    """Return the inputs of the pairs, the file and the project, of which the first win; raises ``ArazzoError``."""
    return program.complete(_read_typed(program, inputs_file, pairs))


def _read_typed(program: Program, inputs_file: str | None, pairs: Sequence[str]) -> GivenInputs:
    given = GivenInputs({})
    workflows = [program.checked.workflow(each) for each in program.workflow_ids]
    if inputs_file is not None:
        from arazzo_engine.world.loading.inputs import read_inputs

        given = read_input_files(read_inputs(inputs_file), workflows, inputs_file)
    texts = named_values("--input", pairs)
    if not texts:
        return given
    values = {name: _convert(workflows, name, text) for name, text in texts.items()}
    named = read_input_files(GivenInputs(values), workflows)
    unread = (given.unread - values.keys()) | named.unread
    return replace(given, values={**given.values, **named.values}, texts=frozenset(texts), unread=unread)


def read_document(location: str, base: str | None, inputs_file: str | None = None) -> tuple[str | None, str | None]:
    """Return the text of a document from stdin, and where it could have come from; nothing for one that has a place.

    Raises ``click.UsageError`` for what cannot be meant.
    """
    if location != STDIN:
        if base is not None:
            raise click.UsageError("`--base` is for a document from stdin, which is named `-`")
        return None, None
    if inputs_file == STDIN:
        raise click.UsageError("the document and the inputs cannot both come from stdin: name a file for one of them")
    return sys.stdin.read(), base or f"{Path.cwd()}/"


def referring(name: str, text: str) -> str | Reference:
    """Return the reference that the text of an input is, or the text itself; raises ``ArazzoError``."""
    return read_reference(text, f"input `{name}`") if is_reference(text) else text


def _convert(workflows: list[LinkedWorkflow], name: str, text: str) -> Any:  # noqa: ANN401 - a JSON value, or a reference to one
    found = referring(name, text)
    if found is not text:
        return found
    declaring = next((each for each in workflows if name in declared_inputs(each)), workflows[0])
    return input_from_text(declaring, name, text)
