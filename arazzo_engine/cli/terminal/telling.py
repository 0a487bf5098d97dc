"""Telling findings to a person: as many as a screen holds, or each in full when that is asked for.

Decides which of the two, and how wide the screen is; what is left out of a screen is decided by ``reporting``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.cli.terminal.screen import columns_of, fit, tell
from arazzo_engine.reporting.findings.entries import count
from arazzo_engine.reporting.findings.screen import Room, show_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.masking import Masker

HINT: Final = "`-v` tells each in full"
# of a command that has no `-v`
_ELSEWHERE: Final = "`arazzo validate -v` tells each in full"


def tell_findings(
    findings: Sequence[Diagnostic], masker: Masker | None = None, *, is_verbose: bool, err: bool = True
) -> bool:
    """Print findings, and return whether that was everything there is to say of them."""
    shown = show_findings(findings, _room(is_verbose=is_verbose, err=err), masker)
    if shown.text:
        tell(shown.text, err=err)
    return shown.is_whole


def tell_refusal(findings: Sequence[Diagnostic], masker: Masker | None = None, *, is_verbose: bool) -> None:
    """Print on stderr why nothing was done, and how many reasons there are if not all are told."""
    if not tell_findings(findings, masker, is_verbose=is_verbose):
        tell(f"{count(findings)}; {HINT}", err=True)


def tell_how_many(warnings: Sequence[Diagnostic]) -> None:
    """Print on stderr in one line how many warnings there are, and how many of them are repairs."""
    repaired = sum(warning.code == "repaired" for warning in warnings)
    of_them = f", {repaired:,} of them repairs" if repaired else ""
    tell(f"{len(warnings):,} warning{'' if len(warnings) == 1 else 's'}{of_them}; without `-q` each is told", err=True)


def tell_found(findings: Sequence[Diagnostic], masker: Masker | None = None) -> None:
    """Print on stderr what was found, as ``arazzo validate`` does, for a command that is about something else."""
    if not tell_findings(findings, masker, is_verbose=False):
        tell(f"{count(findings)}; {_ELSEWHERE}", err=True)


def _room(*, is_verbose: bool, err: bool) -> Room:
    if is_verbose:
        return Room(lines=None)
    columns = columns_of(err=err)
    return Room() if columns is None else Room(columns=columns, lay_out=lambda text: fit(text, columns))
