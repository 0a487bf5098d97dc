"""The result of ``run`` and ``rehearse``: where it is written, in which form, and what is told beside it.

Nothing is sent when the result could neither be kept nor told. Once something is, nothing of it stops a run: a result
that could not be written is told on stderr at the end, and has its exit code.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import click
from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for, exit_code_of_all
from arazzo_engine.cli.telling.advice import Advice, naming_database
from arazzo_engine.cli.telling.exchanges import Exchanges
from arazzo_engine.cli.telling.reports import Reports
from arazzo_engine.cli.telling.volume import Telling
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.streams import can_tell, lost_stream
from arazzo_engine.cli.terminal.telling import tell_how_many, tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.endings import report_of
from arazzo_engine.reporting.events import RunFinished, StepFinished
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport


class Output(Struct):
    """Where a command writes its result, in which form, with which secrets masked.

    ``lost`` is why the file of ``--output`` cannot be written any more, ``results`` what is to be told when it is not,
    ``cut`` what ended a run before it was through, or an observer of it raised.
    ``warned`` is what was told before the runs.
    """

    format_: str
    output_file: str | None
    every: bool
    telling: Telling = Telling()
    masker: Masker = field(default_factory=Masker)
    lost: OSError | None = None
    is_begun: bool = False
    results: list[str] = field(default_factory=list)
    cut: Exception | KeyboardInterrupt | None = None
    advice: Advice = Advice()
    reports: Reports = field(default_factory=Reports)
    unreported: OSError | None = None
    warned: tuple[Diagnostic, ...] = ()
    _exchanges: Exchanges | None = None

    @property
    def exchanges(self) -> Exchanges:
        """What is told of each attempt."""
        self._exchanges = self._exchanges or Exchanges(self.telling, self.masker)
        return self._exchanges

    @property
    def streams_to_screen(self) -> bool:
        """Whether events are written to a terminal while the run goes on."""
        return self.format_ == "jsonl" and self.output_file is None and sys.stdout.isatty()

    def refuse(self, diagnostics: tuple[Diagnostic, ...]) -> ExitCode:
        """Tell why nothing was run."""
        self.reports.drop()
        diagnostics = tuple(map(naming_database, diagnostics))
        if self.format_ != "text":
            from arazzo_engine.reporting.refusals_json import refusal_as_json, refusal_event

            if self.format_ == "jsonl":
                self.write(json.dumps(refusal_event(diagnostics, self.masker)))
            else:
                self.write(json.dumps(refusal_as_json(diagnostics, self.masker), indent=2))
        tell_refusal(diagnostics, self.masker, is_verbose=self.telling.verbosity > 0)
        return exit_code_for(diagnostics)

    def warn(self, warnings: tuple[Diagnostic, ...]) -> None:
        """Tell what should be said before a run; with ``-q``, how much that is."""
        self.warned = () if self.telling.is_quiet else (*self.warned, *warnings)
        if warnings and self.telling.is_quiet:
            tell_how_many(warnings)
        elif warnings:
            tell_refusal(warnings, self.masker, is_verbose=self.telling.verbosity > 0)
            click.echo(err=True)

    def finish(self, reports: tuple[RunReport, ...]) -> ExitCode:
        """Write the result, and tell how each run ended."""
        for report in reports:
            self.masker.learn(secret for step in report.steps for secret in step.secrets)
        try:
            self._write_result(reports)
            self.unreported = self.reports.close(reports, self.masker)
        except KeyboardInterrupt as cut:
            # whoever does not want to read it is still told by the exit code
            self.cut = cut
        return exit_code_of_all(reports)

    def end(self, exit_code: int) -> int:
        """Return the exit code of the command, which has told everything but what went wrong with the telling."""
        exit_code = self._tell_lost(exit_code)
        if self.unreported is not None:
            from arazzo_engine.cli.terminal.unwritten import tell_unwritten

            exit_code = tell_unwritten(self.unreported, exit_code, "a file of `--report`")
        if isinstance(self.cut, KeyboardInterrupt):
            return exit_code if exit_code == ExitCode.RESUMABLE else ExitCode.INTERRUPTED
        if self.cut is not None:
            from arazzo_engine.cli.bugs import describe_bug

            click.echo(describe_bug(self.cut), err=True)
            is_told = exit_code == ExitCode.RESUMABLE or (exit_code and not _is_broken(self.cut))
            exit_code = exit_code if is_told else ExitCode.BUG
        return exit_code

    def _tell_lost(self, exit_code: int) -> int:
        """Tell the result on stderr when it could not be written, and return the exit code of the command."""
        lost = self.lost or (lost_stream(sys.stdout) if self.output_file is None else None)
        if lost is None or not self.results:
            return exit_code
        tell("\n".join(["the result, which could not be written:", *self.results]), err=True)
        if self.lost is not None or lost_stream(sys.stderr) is not None:
            from arazzo_engine.cli.terminal.unwritten import tell_unwritten

            return tell_unwritten(lost, exit_code, "the file of `--output`" if self.lost else "stdout")
        return exit_code

    def event(self, event: Event) -> None:
        """Write one event as a JSON line; the last one of a run has all of it."""
        from arazzo_engine.reporting.events_json import event_as_json

        value = event_as_json(event, self.masker)
        if isinstance(event, StepFinished):
            value["step"] |= self.exchanges.trace(event.report)
        line = json.dumps(value)
        if isinstance(event, RunFinished):
            self.results.append(line)
        self._put(line)

    def write(self, text: str) -> None:
        """Write a line of the result."""
        self.results.append(text)
        self._put(text)

    def write_line(self, text: str) -> None:
        """Write a line of a result of many, of which none is kept to be told again; raises ``OSError``."""
        click.echo(text)
        lost = lost_stream(sys.stdout)
        if lost is not None:
            raise lost

    def _put(self, text: str) -> None:
        if self.output_file is None:
            click.echo(text)
        elif self.lost is None:
            try:
                # what was in the file goes when there is something to put in its place
                mode = "a" if self.is_begun else "w"
                with open(self.output_file, mode, encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - the name is the user's
                    file.write(text + "\n")
                self.is_begun = True
            except OSError as error:
                self.lost = error

    def begin(self) -> None:
        """Open the files that the result and the reports go to, in folders that are made for them.

        Raises ``ArazzoError`` when it cannot be written, or without one when nobody could be told the result.
        """
        self.reports.open(self.telling.reports, self.output_file)
        self.reports.begin(self.masker, every=self.every)
        if self.output_file is None:
            if not can_tell():
                message = "neither stdout nor stderr can be written to, so nothing was sent"
                raise ArazzoError(diagnose("result-unwritten", message, fix="name a file with `--output`"))
            return
        try:
            os.makedirs(os.path.dirname(self.output_file) or ".", exist_ok=True)  # noqa: PTH103, PTH120 - the name is the user's
            # what a run gives may be for its user alone; a file that is there keeps its rights
            os.close(os.open(self.output_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        except OSError as error:
            # what is said of that goes to stdout
            self.output_file = None
            message = f"`--output` cannot be written: {error.strerror}"
            raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error

    def _write_result(self, reports: tuple[RunReport, ...]) -> None:
        if self.format_ == "json":
            values = [self._traced(report.to_json(self.masker), report) for report in reports]
            from arazzo_engine.reporting.kinds.json_report import joined

            self.write(json.dumps(joined(values) if self.every else values[0], indent=2))
        for report in reports:
            self._tell_ending(report)
            if self.format_ == "text":
                self._write_outputs(report)

    def _traced(self, value: dict[str, Any], report: RunReport) -> dict[str, Any]:
        for told, step in zip(value["steps"], report.steps, strict=True):
            told.update(self.exchanges.trace(step))
        return value

    def _tell_ending(self, report: RunReport) -> None:
        if self.telling.is_quiet and report.succeeded and not report.is_unsettled:
            return
        if not self.telling.is_quiet:
            click.echo(err=True)
        left = replace(report, diagnostics=tuple(self._not_warned(report)))
        tell(left.ending(self.masker, **self.advice.for_(report, self.masker)), err=True)
        command = self.exchanges.failing(report)
        if command:
            tell(f"\n{command}", err=True, is_laid_out=True)

    def _not_warned(self, report: RunReport) -> Iterator[Diagnostic]:
        """Yield what a run found, without the outputs that are absent for a reason that was told before it."""
        places = {_place(each) for each in self.warned if each.code == "unknown-output"}
        for each in report.diagnostics:
            if each.code != "output-absent" or _place(each) not in places:
                yield each

    def _write_outputs(self, report: RunReport) -> None:
        # whoever reads stdout must not take what is left of a failed run for a result: the ending tells it
        if not report.succeeded:
            return
        from arazzo_engine.reporting.outputs_text import render_outputs

        text = render_outputs(report.outputs, self.masker)
        if text:
            self.write(f"{report.workflow_id}:\n{text}" if self.every else text)


def _place(finding: Diagnostic) -> tuple[str, int, int] | None:
    at = finding.location
    return None if at is None else (at.uri, at.line, at.column)


def _is_broken(bug: BaseException) -> bool:
    """Whether it was the run that raised it, and not an observer."""
    report = report_of(bug)
    return report is not None and any(each.code == "engine-bug" for each in report.diagnostics)
