"""Replaying a recording: the run is prepared from what the recording holds, and driven by its replies.

Decides what of a recorded run is the same again by right: documents, inputs, access and options are those of the
recording. With another document only that is another one, and its sources, which are read from disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.security.grants import Token, TokenGrant
from arazzo_engine.debugging.differing import note_differences
from arazzo_engine.debugging.history import History
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.machine.endings import report_of
from arazzo_engine.machine.interpreter import Call
from arazzo_engine.machine.settings import Settings
from arazzo_engine.machine.tokens import Tokens
from arazzo_engine.recording.comparing.comparison import Comparison
from arazzo_engine.recording.effects import write_ending
from arazzo_engine.recording.files import read_files
from arazzo_engine.recording.writing import as_written
from arazzo_engine.reporting.report_json import DiagnosticForm, diagnostic_of
from arazzo_engine.typed import SilentState
from arazzo_engine.validation.access import check_overrides
from arazzo_engine.validation.inputs.schemas import with_defaults
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.http.sending import OF_EVERY_REQUEST
from arazzo_engine.world.preparing import Ready
from arazzo_engine.world.recording.remembered import access_of
from arazzo_engine.world.replaying.inputs import given_inputs, refused_inputs
from arazzo_engine.world.replaying.programs import TRACED, Amended, Programs
from arazzo_engine.world.replaying.replayed import RecordedBug, RecordedInterruption, ReplayedWorld, Watching
from arazzo_engine.world.running import Prepared
from arazzo_engine.world.stepping import again_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.interpreter import Session
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.program import Program

_Followed: TypeAlias = "Callable[[Interaction[RunReport]], Interaction[RunReport]]"


class Replayed(Struct, frozen=True):
    """A recording that was replayed: what differed, and the reports of its runs as far as they came."""

    comparison: Comparison
    reports: tuple[RunReport, ...]


class _Made(Struct, frozen=True):
    """A recording that is made again, with its own document or with one that ``is_amended``; somebody looks on."""

    recording: Recording
    is_amended: bool
    watching: Watching

    def session(self, prepared: Prepared) -> Session:
        """Return the session, which says before its runs what was said before those that were recorded."""
        session = prepared.session()
        if self.is_amended:
            overrides = check_overrides(prepared.ready.workflows, prepared.settings.access)
            return replace(session, warnings=(*overrides, *prepared.ready.warnings))
        told = self.recording.beginning.warnings
        return replace(session, warnings=tuple(diagnostic_of(msgspec.convert(each, DiagnosticForm)) for each in told))


class Watched(SilentState):
    """A replay that is to be looked at afterwards: what was prepared, and what is known of its runs."""

    prepared: Prepared | None = None
    history: History | None = None


def replay(
    recording: Recording,
    amended: Amended | None = None,
    watching: Watching | None = None,
    programs: Programs | None = None,
) -> Replayed:
    """Replay a recording, with the documents that are in it or with another one; somebody may look on.

    ``programs`` know what earlier recordings were of. Raises ``ArazzoError`` when the document cannot be run at all.
    """
    programs = programs or Programs()
    program = programs.open(recording, amended)
    prepared = _prepare(program, recording, is_amended=amended is not None)
    made = _Made(recording, amended is not None, watching or Watching())
    made.watching.begin(recording, prepared.ready.linked)
    replayed = _drive(prepared, made)
    if amended is not None:
        replayed.comparison.tell_refused(refused_inputs(program, recording, programs))
    return replayed


def replay_to_look_at(recording: Recording, amended: Amended | None, watched: Watched) -> Replayed:
    """Do the same, and keep what is known of the runs, so that they can be looked at afterwards; raises the same."""
    programs = Programs()
    program = programs.open(recording, amended)
    prepared = _prepare(program, recording, is_amended=amended is not None)
    made = _Made(recording, amended is not None, Watching())
    history = History(again_of(prepared, made.session))
    watched.prepared, watched.history = prepared, history
    replayed = _drive(prepared, made, history.followed)
    if amended is not None:
        replayed.comparison.tell_refused(refused_inputs(program, recording, programs))
    note_differences(history, replayed.comparison)
    return replayed


def _prepare(program: Program, recording: Recording, *, is_amended: bool) -> Prepared:
    beginning, checked, means = recording.beginning, program.checked, program.means
    if checked.errors:
        raise ArazzoError(*program.findings)
    access = access_of(beginning.access)
    hidden, is_traced = tuple(beginning.hidden), bool(beginning.options.get(TRACED))
    unsafe = means.retry_unsafe
    settings = Settings(
        access,
        means.limits,
        means.step_timeout,
        unsafe,
        OF_EVERY_REQUEST,
        hidden,
        is_traced,
        beginning.is_rehearsal,
    )
    calls = []
    for called in beginning.workflows:
        workflow = checked.workflow(called.workflow_id)
        inputs = given_inputs(called) if is_amended else called.inputs
        calls.append(Call(workflow.key, with_defaults(workflow, read_files(inputs))))
    ready = Ready(checked.linked, tuple(calls), tuple(each for each in checked.problems if not each.is_error))
    return Prepared(ready, settings, means, _tokens(recording))


def _tokens(recording: Recording) -> Tokens:
    """Return the tokens that other runs had got before this one."""
    tokens = Tokens(noted=set(recording.beginning.noted))
    for grant, token in recording.beginning.tokens:
        tokens.hold(msgspec.convert(grant, TokenGrant), msgspec.convert(token, Token))
    return tokens


def _drive(prepared: Prepared, made: _Made, followed: _Followed = lambda run: run) -> Replayed:
    recording = made.recording
    comparison = Comparison(recording.name, cut="" if recording.is_whole else recording.where_cut())
    world = ReplayedWorld(recording, prepared.ready.linked, comparison, made.watching, in_words=not made.is_amended)
    session, held = made.session(prepared), prepared.held()
    reports: list[RunReport] = []
    for number, call in enumerate(prepared.ready.calls):
        if world.is_over or (number and not _run_id(recording, number)):
            break
        named = prepared.named(_run_id(recording, number) or "replay")
        try:
            with watched_by(world.check_time):
                report = drive(followed(named.interaction(session, call, held)), world)
        except (RecordedBug, RecordedInterruption) as cut:
            found = report_of(cut)
            if found is None:
                raise
            report = found
        reports.append(report)
        if number < len(recording.ends) and not world.is_over:
            world.tell_ending(recording.ends[number], as_written({"end": write_ending(report)})["end"])
    world.finish()
    return Replayed(comparison, tuple(reports))


def _run_id(recording: Recording, number: int) -> str:
    started = [each.value["event"] for each in recording.lines if each.effect == "emit"]
    ids = [each["runId"] for each in started if each["type"] == "runStarted"]
    return str(ids[number]) if number < len(ids) else ""
