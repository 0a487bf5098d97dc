"""What becomes of a command whose result could not be written: it is told where it still can, and has its exit code.

A command that failed keeps the exit code of its failure, which says more.
"""

from __future__ import annotations

from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.reporting.diagnostics_text import render_diagnostics

_BEFORE_A_RUN: Final = frozenset({ExitCode.USAGE, ExitCode.DOCUMENT})
_NOTHING_SENT: Final = "nothing was sent"
_SENT: Final = "a run that sent requests is not undone, so do not repeat it for its result alone"


def tell_unwritten(error: OSError, exit_code: int, name: str = "stdout") -> int:
    """Tell that the result could not be written to what has this name, and return the command's exit code."""
    message = f"the result could not be written to {name}: {(error.strerror or 'no reason is known').lower()}"
    fix = "make room or write elsewhere; " + (_NOTHING_SENT if exit_code in _BEFORE_A_RUN else _SENT)
    click.echo(render_diagnostics((diagnose("result-unwritten", message, fix=fix),)), err=True)
    return ExitCode.UNWRITTEN if exit_code == ExitCode.SUCCESS else exit_code
