"""Rehearsing scenarios in several processes.

Decides what each of them gets: all scenarios of some documents, so that each document is read once, and what its
scenarios show of it is counted in one place. The verdicts are those of one process, in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.world.authoring.testing import Bench, as_one, document_of
from arazzo_engine.world.processes import in_processes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from arazzo_engine.scenarios.verdict import Verdicts


def verdicts_in_processes(paths: Sequence[Path], jobs: int) -> Verdicts:
    """Return the verdicts on scenarios, and what these showed, from at most so many processes."""
    by_document: dict[Path, list[Path]] = {}
    for path in paths if jobs > 1 else ():
        by_document.setdefault(document_of(path), []).append(path)
    parts = [*by_document.values()] or [[*paths]]
    return as_one(in_processes(_part, parts, jobs), paths)


def _part(paths: Sequence[Path]) -> Verdicts:
    return Bench().part(paths)
