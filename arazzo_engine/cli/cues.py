"""What a rehearsal is told of its steps, as it is typed.

What may be said of a step is decided by the simulation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.simulation.cues import GivenFailure
    from arazzo_engine.world.program import Program


class Told(Struct, frozen=True):
    """What a rehearsal is told, as it was typed."""

    failures: tuple[str, ...]
    answers: str | None
    all_paths: bool

    def told(self, program: Program) -> Program:
        """Return the program that is rehearsed so; raises ``ArazzoError`` (``option-invalid``, ``answer-invalid``)."""
        if self.all_paths and self.failures:
            message = "`--fail` and `--all-paths` exclude each other"
            raise ArazzoError(diagnose("option-invalid", message, fix="leave out `--fail`: all failures are rehearsed"))
        program = program.failing(read_failures(self.failures))
        return program if self.answers is None else program.answered_by(self.answers)


def take_cues(options: dict[str, Any]) -> Told:
    """Take what a rehearsal is told out of the options of its command."""
    return Told(**{name: options.pop(name) for name in Told.__struct_fields__})


def read_failures(texts: Sequence[str]) -> dict[str, GivenFailure]:
    """Return the failure of each step that ``--fail`` names; raises ``ArazzoError`` (``option-invalid``)."""
    found: dict[str, GivenFailure] = {}
    for text in texts:
        name, sign, failure = text.partition("=")
        if not name or (sign and not failure):
            message = "`--fail` needs the form [WORKFLOW.]STEP[=STATUS]"
            raise ArazzoError(diagnose("option-invalid", message, fix="write `--fail step` or `--fail step=503`"))
        if name in found:
            message = f"`--fail` names step `{name}` twice"
            raise ArazzoError(diagnose("option-invalid", message, fix="say once how it fails"))
        is_status = failure.isascii() and failure.isdecimal()
        found[name] = (int(failure[:9]) if is_status else failure) if sign else None
    return found
