"""The programs that recordings are replayed with: the documents in them, or another one, opened as their runs had them.

Decides what makes two recordings ones of the same program, so that of many it is opened, linked and checked once: the
texts that were read, the options that decide what a run does, and which workflows are run.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.typed import SilentState
from arazzo_engine.world.engine import EVERY, Engine
from arazzo_engine.world.loading.file_uris import location_of
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.preparing import choose_workflow
from arazzo_engine.world.recording.remembered import library_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.recording.beginning import Beginning
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.world.program import Program

TRACED: Final = "trace_context"
# recordings of a folder are of few programs, and one may take some megabytes
_MOST: Final = 8


class Amended(Struct, frozen=True):
    """Another document to replay with, and where its sources are, as ``Engine`` takes them.

    ``texts`` are what was loaded of the network already, by their URIs: nothing is asked for again.
    """

    document: str
    sources: Mapping[str, str] = field(default_factory=dict)
    source_dirs: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


class Programs(SilentState):
    """The latest programs that recordings were of."""

    _known: dict[bytes, Program] = field(default_factory=dict)

    def open(self, recording: Recording, amended: Amended | None = None) -> Program:
        """Return the program of a recording, or of another document; raises ``ArazzoError``."""
        key = _key(recording, amended)
        program = self._known.pop(key, None)
        if program is None:
            with _engine(recording, amended) as engine:
                program = _open(engine, recording, amended)
        self._known[key] = program
        if len(self._known) > _MOST:
            del self._known[next(iter(self._known))]
        return program


def _key(recording: Recording, amended: Amended | None) -> bytes:
    """Return what is the same for recordings of the same program. A text is what it is, whatever its line says."""
    beginning = recording.beginning
    texts = [[each, hashlib.sha256(recording.texts[each.digest]).hexdigest()] for each in recording.read]
    named = [each.workflow_id for each in beginning.workflows]
    # another document and its sources are on the disk, where nothing changes meanwhile
    other = None if amended is None else [amended.document, dict(amended.sources), amended.source_dirs]
    given = [] if amended is None else sorted(amended.texts)
    whole = [texts, beginning.sources, beginning.document, beginning.options, named, other, given]
    return hashlib.sha256(msgspec.json.encode(whole)).digest()


def _engine(recording: Recording, amended: Amended | None) -> Engine:
    """Return an engine with the options that decided what the run did; nothing else around it counts."""
    options: dict[str, Any] = {name: _frozen(each) for name, each in recording.beginning.options.items()}
    # nothing happens that a span could be of; the headers of the trace that there was are recorded
    options.pop(TRACED, None)
    if amended is not None:
        options |= {"sources": amended.sources, "source_dirs": amended.source_dirs}
    try:
        return Engine(**options, no_project=True, offline=True)
    except TypeError as error:
        message = f"{recording.name} is no recording of this engine: its options are others"
        fix = "replay it with the engine that has recorded it"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=fix)) from error


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _open(engine: Engine, recording: Recording, amended: Amended | None) -> Program:
    beginning = recording.beginning
    whole = library_of(recording.read, beginning.sources, recording.texts)
    if amended is not None:
        # what came from the network is not asked for again
        remote = {uri: each for uri, each in (whole.texts | dict(amended.texts)).items() if not uri.startswith("file:")}
        program = engine.open(amended.document, workflow=_workflow(beginning), library=Library(remote))
        for called in beginning.workflows:
            choose_workflow(program.description, called.workflow_id)
    elif beginning.document:
        program = engine.open(location_of(beginning.document), workflow=_workflow(beginning), library=whole)
    else:
        # it came from no file
        program = engine.open(whole.texts[""][1].decode(), workflow=_workflow(beginning), library=whole)
    return program


def _workflow(beginning: Beginning) -> str:
    """Return what has to be right of a document: the workflow that was run, when it is one."""
    return beginning.workflows[0].workflow_id if len(beginning.workflows) == 1 else EVERY
