"""Checking many documents: one after the other in this process, or shared out among several, or not at all.

Decides how many processes are worth their start, and of which documents it is known what a check would find. The
documents come back in the order in which they were named, and each says the same, whichever way it came.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.world.caching.questions import Again, noting
from arazzo_engine.world.caching.verdicts import user_verdicts
from arazzo_engine.world.drivers.deadline import CHECKING, Deadline
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.processes import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.reporting.findings.checks import CheckedDocument
    from arazzo_engine.reporting.findings.rewrites import Rewrite
    from arazzo_engine.world.caching.questions import Notes
    from arazzo_engine.world.caching.verdicts import Verdicts

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

    def check(self, locations: Sequence[str], jobs: int | None = None) -> tuple[CheckedDocument, ...]:
        """Return the documents with what was found, in their order; those for which no time was left are not there.

        ``jobs`` is in how many processes they are checked, ``None`` for as many as are worth it.
        """
        with Engine(**self.options) as engine:
            known = self._known(engine, locations)
        rest = [each for each in locations if each not in known]
        found = {each.name: each for each in self._check_in_processes(rest, jobs)}
        found.update(known)
        return tuple(found[each] for each in locations if each in found)

    def _known(self, engine: Engine, locations: Sequence[str]) -> Mapping[str, CheckedDocument]:
        """Return the documents of which it is known what a check would find."""
        verdicts = self._verdicts()
        if verdicts is None:
            return {}
        deadline = self.deadline or Deadline(engine.timeout, work=CHECKING)
        again = Again({"fetched": engine.loader(deadline).fetched})
        try:
            with watched_by(deadline.remaining):
                return verdicts.find([each for each in locations if self._is_plain(engine, each)], again)
        except ArazzoError:
            return {}  # the time is up, which the check tells

    def _verdicts(self) -> Verdicts | None:
        # what would be written is not kept
        if self.rewrites is not None:
            return None
        return user_verdicts({"options": self.options, "with_sources": self.with_sources})

    def _is_plain(self, engine: Engine, location: str) -> bool:
        """Whether what is found of a document is decided by documents alone: not by a project file, nor by stdin."""
        try:
            return location not in self.texts and engine.for_document(location) is engine
        except ArazzoError:
            return False

    def _check_in_processes(self, locations: Sequence[str], jobs: int | None) -> Iterable[CheckedDocument]:
        jobs = jobs or min(os.cpu_count() or 1, len(locations) // _WORTH_A_PROCESS)
        jobs = min(jobs, len(locations))
        if jobs <= 1:
            return self._check(locations)
        parts = [locations[start : start + _WORTH_A_PROCESS] for start in range(0, len(locations), _WORTH_A_PROCESS)]
        return chain.from_iterable(in_processes(self._check, parts, jobs))

    def _check(self, locations: Sequence[str]) -> tuple[CheckedDocument, ...]:
        checked: list[CheckedDocument] = []
        plain: list[tuple[CheckedDocument, Notes]] = []
        verdicts = self._verdicts()
        with Engine(**self.options) as engine:
            for location in locations:
                # where nothing is kept, nothing is noted
                with noting() if verdicts is not None else nullcontext() as notes:
                    checked.append(self._examine(engine, location))
                if notes is not None and self._is_plain(engine, location):
                    plain.append((checked[-1], notes))
                if any(finding.code == "run-time-limit" for finding in checked[-1].findings):
                    break
        if verdicts is not None:
            verdicts.keep(plain)
        return tuple(checked)

    def _examine(self, engine: Engine, location: str) -> CheckedDocument:
        document, base = self.texts.get(location, (location, None))
        one = engine.examine(document, base=base, with_sources=self.with_sources, deadline=self.deadline)
        rewrites = self.rewrites(one.document, one.findings) if self.rewrites and one.document else {}
        return replace(one, name=location, document=None, rewrites=rewrites)
