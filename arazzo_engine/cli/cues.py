"""What a rehearsal is told of its steps, as it is typed.

What may be said of a step is decided by the simulation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.simulation.cues import GivenFailure


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
