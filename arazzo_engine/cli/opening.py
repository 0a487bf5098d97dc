"""What ``run`` and ``rehearse`` do first: from what was typed to a program with its inputs.

Everything that either may have to hide is known to the output when this is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.cli.inputs import read_typed
from arazzo_engine.cli.result import Output
from arazzo_engine.cli.terminal.stdin import read_document
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.world.engine import EVERY

if TYPE_CHECKING:
    from arazzo_engine.validation.inputs.given import GivenInputs
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.loading.library import Library
    from arazzo_engine.world.program import Program


class Asked(Struct, frozen=True):
    """What is to be run, as it was typed, and whether it ``rehearses``.

    A document from stdin has its ``text``, and in ``base`` the file or URL that it could have come from.
    """

    location: str
    workflow_id: str | None
    every: bool
    inputs_file: str | None
    pairs: tuple[str, ...]
    rehearses: bool = False
    text: str | None = None
    base: str | None = None

    @property
    def document(self) -> str:
        """The document: its location, or its text where that came from stdin."""
        return self.location if self.text is None else self.text


class Opened(Struct, frozen=True):
    """A program, and what was given to its workflows."""

    program: Program
    given: GivenInputs


def take_asked(options: dict[str, Any], *, rehearses: bool = False) -> tuple[Asked, Output]:
    """Take what is to be run and where its result goes out of the options of a command; the rest is the engine's."""
    named = Asked.__struct_fields__[: -len(Asked.__struct_defaults__)]
    given = {name: options.pop(name) for name in named}
    piped = read_document(given["location"], options.pop("base", None), given["inputs_file"])
    asked = Asked(**given, rehearses=rehearses)
    asked = asked if piped is None else replace(asked, text=piped.text, base=piped.base)
    form, file, telling = (options.pop(name) for name in ("format_", "output_file", "telling"))
    return asked, Output(form, file, every=asked.every, telling=telling)


def open_program(
    engine: Engine, asked: Asked, output: Output, deadline: Deadline, *, library: Library | None = None
) -> Opened:
    """Load, read, link and check what was asked for; the output learns what it has to hide.

    Raises ``ArazzoError``; errors of the document itself are told by the run, together with the rest.
    """
    if asked.every and asked.workflow_id is not None:
        message = "`--workflow` and `--all` exclude each other"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))
    workflow = EVERY if asked.every else asked.workflow_id
    program = engine.open(asked.document, base=asked.base, workflow=workflow, deadline=deadline, library=library)
    program = program.independent() if asked.every else program
    program = program.rehearsed() if asked.rehearses else program
    given = read_typed(program, asked.inputs_file, asked.pairs)
    output.masker.learn((*engine.secrets(), *program.secrets(given)))
    return Opened(program, given)
