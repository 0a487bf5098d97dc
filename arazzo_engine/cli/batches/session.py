"""A batch from start to end as the command line has it: open, check, run, tell.

Decides the order: everything that can be refused is refused before the first request, and what was done is told however
the batch ends.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from arazzo_engine.cli.batches.asked import check_processes
from arazzo_engine.cli.batches.ending import Ended, end_batch, tell_doubts, tell_unwritten_outcomes
from arazzo_engine.cli.batches.files import check_files
from arazzo_engine.cli.batches.row_report import check_report, write_report
from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.opening import open_program
from arazzo_engine.cli.options import make_engine
from arazzo_engine.cli.terminal.batch_progress import BatchProgress
from arazzo_engine.cli.terminal.person import somebody
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.reporting.batches.summary import Summary
from arazzo_engine.world.batches.batch import Batch, Limits
from arazzo_engine.world.batches.checking import check_rows
from arazzo_engine.world.batches.journal import open_journal
from arazzo_engine.world.batches.outbox import Outbox, row_files
from arazzo_engine.world.batches.pace import Pace, read_rate
from arazzo_engine.world.batches.processes import Telling, start_team
from arazzo_engine.world.batches.reading import source_of
from arazzo_engine.world.batches.row_inputs import RowInputs, Settling
from arazzo_engine.world.batches.row_runs import RowRuns
from arazzo_engine.world.batches.run_ids import RunIds
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.drivers.signals import signals_interrupt
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.recording.places import folder_of_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.cli.batches.asked import AskedBatch
    from arazzo_engine.cli.opening import Asked, Opened
    from arazzo_engine.cli.result import Output
    from arazzo_engine.world.batches.batch import Runs
    from arazzo_engine.world.batches.checking import RowsChecked
    from arazzo_engine.world.batches.processes import Share, Team
    from arazzo_engine.world.batches.row_inputs import Preparing
    from arazzo_engine.world.batches.rows import Row


def run_batch(options: dict[str, Any], asked: Asked, output: Output, batch: AskedBatch) -> int:
    """Run a batch and return its exit code; raises ``ArazzoError`` when nothing was sent."""
    pace = Pace(read_rate(batch.rate))
    check_processes(batch)
    check_files(batch, asked.document)
    report = check_report(batch)
    if options["record"] is not None:
        options = options | {"record": folder_of_rows(options["record"])}
    output.begin()
    with ExitStack() as stack:
        given = stack.enter_context(make_engine(**options, person=somebody()))
        engine, library = given.for_document(asked.document, base=asked.base), Library()
        opened = open_program(engine, asked, output, Deadline(), library=library)
        if opened.program.checked.errors:
            raise ArazzoError(*opened.program.findings)
        session = _open(opened, output, batch, stack)
        # telling how it ended is a part of it
        stack.enter_context(signals_interrupt())
        total = session.check()
        rows, journal = session.preparing(total), session.outbox.journal
        if not batch.durable:
            return session.reported(report, session.run(RowRuns(rows, session.outbox, batch.timeout), pace, total))
        from arazzo_engine.cli.batches.durable import Durable, durable_runs, leaving_rows

        durable = Durable(engine, library, rows, journal, batch.timeout)
        if batch.detach:
            with leaving_rows(durable, batch.database_url) as leave:
                return session.leave(leave, total)
        runs = stack.enter_context(durable_runs(durable, batch.database_url))
        tell(f"batch {session.summary.batch_id}", err=True)
        return session.reported(report, session.run(runs, pace, total))


class Session(Struct):
    """A batch whose document is open, and whose outcomes can be written."""

    inputs: RowInputs
    outbox: Outbox
    summary: Summary
    output: Output
    batch: AskedBatch
    stack: ExitStack

    def check(self) -> int | None:
        """Check every row when that is to be done, and return how many there are.

        Raises ``ArazzoError`` with the first problems of each kind.
        """
        if not self._checks():
            return None
        progress = self.stack.enter_context(BatchProgress("checking rows"))
        with closing(self.ids()) as ids:
            checked = check_rows(self.inputs.source.rows(), self.inputs, ids, progress.count)
        progress.close()
        self.output.warn(tuple(checked.warnings.values()))
        if checked.wrong:
            tell(f"{checked.wrong:,} of {checked.rows:,} rows cannot be run, and nothing was sent;", err=True)
            tell("correct them, or run the others with `--no-check-rows`\n", err=True)
            raise ArazzoError(*checked.problems)
        self._settle(checked)
        return checked.rows

    def _checks(self) -> bool:
        if self.batch.check_rows and self.inputs.source.is_stream:
            message = "`--check-rows` needs a file: what comes from stdin can be read once only"
            raise ArazzoError(diagnose("option-invalid", message, fix="write the rows to a file first"))
        return self.batch.check_rows is not False and not self.inputs.source.is_stream

    def _settle(self, checked: RowsChecked) -> None:
        if checked.first is not None:
            self.inputs = self.inputs.settled(checked.first, Deadline())
            self.output.masker.learn(checked.first.settings.access.credentials.values())

    def ids(self) -> RunIds:
        """Return what names the runs of rows."""
        return RunIds(self.summary.batch_id, self.batch.run_id_from, self.inputs.source.shown)

    def preparing(self, total: int | None) -> Preparing:
        """Return what prepares rows: those that were checked, or any."""
        return self.inputs if total is not None else Settling(self.inputs, self.output.masker.learn)

    def run(self, runs: Runs, pace: Pace, total: int | None) -> int:
        """Run the rows, and return the exit code."""
        self.outbox.files.begin(self.inputs.source.name)
        progress = BatchProgress("", total)
        if self.batch.processes > 1:
            return self._run_in_processes(runs, pace, progress)
        limits = Limits(pace, self.batch.concurrency, self.batch.failures)
        with closing(self.ids()) as ids:
            done = Batch(runs, ids, self.outbox, self.output.masker, limits, self.summary, progress.show)
            with progress:
                refused = self._work_off(done, _tell_interrupted)
        code = end_batch(self._ended(done), self.output, self.batch) if refused is None or self.summary.done else 0
        return code if refused is None else self.output.refuse(refused.diagnostics)

    def leave(self, leave: Callable[[Row, str], None], total: int | None) -> int:
        """Leave the rows to workers, and return the exit code; raises ``ArazzoError`` at the first wrong one."""
        left = 0
        try:
            with BatchProgress("rows in the queue", total) as progress, closing(self.ids()) as ids:
                for row in self.inputs.source.rows():
                    leave(row, ids.of(row))
                    left = row.number
                    progress.count(left)
        except KeyboardInterrupt:
            tell(f"{left:,} rows wait for workers; the same command goes on with the others", err=True)
            return ExitCode.INTERRUPTED
        tell(f"{left:,} rows wait for workers; the same command without --detach tells what became of them", err=True)
        self.output.write(self.summary.batch_id)
        return ExitCode.SUCCESS

    def reported(self, path: str | None, code: int) -> int:
        """Write the report that was asked for, and return the exit code."""
        if path is None or self.batch.output_file is None:
            return code
        lost = write_report(path, self.batch.output_file, self.inputs, (self.summary, self.output.masker))
        if lost is None:
            return code
        tell(f"the report could not be written: {lost.strerror}", err=True)
        return code or ExitCode.UNWRITTEN

    def _work_off(self, done: Batch, when_interrupted: Callable[[], None]) -> ArazzoError | None:
        """Work off the rows of a batch, and return what ended it before it was through; a bug is told at the end."""
        try:
            done.run(self.inputs.source.rows(), when_interrupted)
        except KeyboardInterrupt as cut:
            self.output.cut = cut
        except ArazzoError as error:
            return error
        finally:
            tell_unwritten_outcomes(self.outbox)
        if done.runs.bugs:
            self.output.cut = self.output.cut or done.runs.bugs[0]
        return None

    def _ended(self, done: Batch) -> Ended:
        return Ended(
            self.summary,
            self.outbox.files.written,
            done.is_interrupted or isinstance(self.output.cut, KeyboardInterrupt),
            done.is_cut_short,
            done.runs.in_doubt,
            is_unwritten=self.outbox.lost is not None,
        )

    def _run_in_processes(self, runs: Runs, pace: Pace, progress: BatchProgress) -> int:
        asked = self.batch

        def work(share: Share, told: Callable[[Summary], None]) -> int:
            limits = Limits(pace.shared_by(share.of), -(-asked.concurrency // share.of), asked.failures)
            tell_share, masker = Telling(told).tell, self.output.masker
            with closing(self.ids()) as ids:
                done = Batch(runs, ids, self.outbox, masker, limits, self.summary, tell_share, share)
                try:
                    refused = self._work_off(done, _ignore)
                    told(self.summary)
                except Exception as bug:  # noqa: BLE001 - there is nobody else to tell it
                    self.output.cut = bug
                    return self.output.end(ExitCode.BUG)
            ended = self._ended(done)
            tell_doubts(ended.in_doubt)
            return self.output.end(ended.code if refused is None else self.output.refuse(refused.diagnostics))

        def watch(summary: Summary) -> bool:
            progress.show(summary)
            return asked.failures is None or summary.unsuccessful - summary.earlier_unsuccessful < asked.failures

        team = start_team(asked.processes, self.summary, work, watch)
        with progress:
            team.run(_tell_interrupted)
        for code in (each for each in team.codes if each < 0):
            tell(f"a process of the batch was ended by signal {-code}", err=True)
        return end_batch(_ended_of(team, self.outbox.files.written, watch), self.output, asked)


def _open(opened: Opened, output: Output, batch: AskedBatch, stack: ExitStack) -> Session:
    program = opened.program
    (workflow_id,) = program.workflow_ids
    source = source_of(batch.each, program.checked.workflow(workflow_id))
    journal = None
    if batch.output_file is not None:
        journal = stack.enter_context(
            open_journal(batch.output_file, workflow_id, batch.batch_id, is_durable=batch.durable)
        )
    files = stack.enter_context(closing(row_files(batch.output_file, batch.failed_rows)))
    batch_id = batch.batch_id or program.means.around.draw()[:8] if journal is None else journal.head.batch
    outbox = Outbox(files, journal, output.write_line)
    return Session(RowInputs(program, opened.given, source), outbox, Summary(batch_id), output, batch, stack)


def _tell_interrupted() -> None:
    tell("finishing the rows that are under way; once more, and they are left as they are", err=True)


def _ignore() -> None:
    """Leave it to the process that started this one."""


def _ended_of(team: Team, files: Mapping[str, str], watch: Callable[[Summary], bool]) -> Ended:
    codes, summary = team.codes, team.summary
    # of a process that a signal ended, nobody knows what it had sent
    doubt = any(each < 0 or each == ExitCode.RESUMABLE for each in codes)
    is_unwritten, has_bug = ExitCode.UNWRITTEN in codes, ExitCode.BUG in codes
    return Ended(summary, files, team.is_interrupted, not watch(summary), (), doubt, is_unwritten, has_bug)
