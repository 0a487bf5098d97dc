"""``arazzo explain``: what a diagnostic code stands for.

Everything it says comes from the table of codes.
"""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.telling.volume import COLOUR
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import SAFETY
from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.diagnostic_codes.rule import Example


@click.command("explain", short_help="Explain a diagnostic code.")
@click.argument("code", required=False)
@COLOUR
def command(code: str | None) -> int:
    """Explain the diagnostic CODE, or list all codes when none is given."""
    if code is None:
        width = max(map(len, CODES))
        for name, entry in CODES.items():
            tell(f"{name.ljust(width)}  {entry.summary}")
        return ExitCode.SUCCESS
    if code not in CODES:
        from arazzo_engine.reporting.diagnostics_text import render_diagnostics

        fix = did_you_mean(code, CODES) or "`arazzo explain` lists them all"
        error = ArazzoError(diagnose("option-invalid", f"there is no diagnostic code `{code}`", fix=fix))
        tell(render_diagnostics(error.diagnostics), err=True)
        return ExitCode.USAGE
    tell(explain(code))
    return ExitCode.SUCCESS


def explain(code: str) -> str:
    """Return the page of a code: what it stands for, why, an example, what to do, and whether that is safe."""
    entry = CODES[code]
    lines = [f"{code} ({entry.severity})", f"  {entry.summary}", f"  why: {entry.why}"]
    clause = [f"  clause: {entry.clause}"] if entry.clause else []
    fix = [f"  fix: {entry.fix}", f"  safety: {SAFETY[entry.safety]}"]
    return "\n".join([*lines, *clause, *_shown(entry.example), *fix])


def _shown(example: Example | None) -> Iterator[str]:
    if example is not None:
        for title, text in ((f"wrong, {example.home}:", example.wrong), ("right:", example.right)):
            yield f"  {title}"
            yield indent(text, "    ")
