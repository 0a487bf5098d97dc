"""Checking many documents: one after the other in this process, or shared out among several.

Decides how many processes are worth their start. The documents come back in the order in which they were named, and
each says the same, however many there are.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.world.engine import Engine
from arazzo_engine.world.processes import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.reporting.findings.checks import CheckedDocument
    from arazzo_engine.reporting.findings.rewrites import Rewrite
    from arazzo_engine.world.drivers.deadline import Deadline

Rewriting: TypeAlias = "Callable[[Document, Iterable[Diagnostic]], Mapping[int, Rewrite]]"

# a process has to import the engine and to load shared descriptions again, which a few documents do not earn
_WORTH_A_PROCESS: Final = 8


class Checking(Struct, frozen=True):
    """How documents are checked: the options of their engine, until when, and whether with their sources.

    ``rewrites`` says of the findings of a document what they would have written into the text, by their number.
    ``texts`` are documents that are in no file, by their location, with the place that each could have come from.
    """

    options: Mapping[str, Any]
    deadline: Deadline | None = None
    with_sources: bool = True
    rewrites: Rewriting | None = None
    texts: Mapping[str, tuple[str, str | None]] = {}

    def check(self, locations: Sequence[str]) -> tuple[CheckedDocument, ...]:
        """Return the documents with what was found; none after the one at which the time was up."""
        checked: list[CheckedDocument] = []
        with Engine(**self.options) as engine:
            for location in locations:
                document, base = self.texts.get(location, (location, None))
                one = engine.examine(document, base=base, with_sources=self.with_sources, deadline=self.deadline)
                rewrites = self.rewrites(one.document, one.findings) if self.rewrites and one.document else {}
                checked.append(replace(one, name=location, document=None, rewrites=rewrites))
                if any(finding.code == "run-time-limit" for finding in checked[-1].findings):
                    break
        return tuple(checked)

    def check_in_processes(self, locations: Sequence[str], jobs: int | None) -> tuple[CheckedDocument, ...]:
        """Return the same from so many processes; ``None`` for as many as are worth it."""
        jobs = jobs or min(os.cpu_count() or 1, len(locations) // _WORTH_A_PROCESS)
        jobs = min(jobs, len(locations))
        if jobs <= 1:
            return self.check(locations)
        parts = [locations[start : start + _WORTH_A_PROCESS] for start in range(0, len(locations), _WORTH_A_PROCESS)]
        return tuple(chain.from_iterable(in_processes(self.check, parts, jobs)))
