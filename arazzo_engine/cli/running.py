"""What ``run`` and ``rehearse`` share: from options to workflows that are ready, and from a report to output.

The two commands differ in the world that answers, and in what is made up when it is missing.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING
from uuid import uuid4

import click
from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.security.access import Access
from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for, exit_code_of
from arazzo_engine.cli.options import check_variables, named_servers, named_values, unknown_source
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.events import Event, StepFinished, StepStarted
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.report.masking import Masker
from arazzo_engine.machine.report.outcomes import RunStatus
from arazzo_engine.machine.report.run_report import RunReport
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.validation.inputs.schemas import input_from_text
from arazzo_engine.world.authorizing.credentials import read_credentials
from arazzo_engine.world.drivers.driving import World, drive
from arazzo_engine.world.preparing import (
    Checked,
    Ready,
    check_document,
    choose_workflow,
    independent_workflows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.cli.options import RunOptions
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.machine.interpreter import Call
    from arazzo_engine.machine.report.step_report import StepReport
    from arazzo_engine.world.loading.loader import Loader


class Opened(Struct, frozen=True):
    """A document that was checked, with what the user gave for it."""

    checked: Checked
    loader: Loader
    workflow_ids: tuple[str, ...]
    given: GivenInputs
    access: Access


class Output(Struct):
    """Where a command writes its result, in which form, with which secrets masked.

    ``lost`` is why the file of ``--output`` cannot be written any more, ``bug`` what an observer of the run raised,
    or the run itself when it ``is_broken``. ``told`` are the steps of the run so far.
    """

    options: RunOptions
    masker: Masker = field(default_factory=Masker)
    lost: OSError | None = None
    is_begun: bool = False
    is_broken: bool = False
    told: dict[tuple[float, str, int], StepReport] = field(default_factory=dict)
    bug: Exception | None = None

    @property
    def streams_to_screen(self) -> bool:
        """Whether events are written to a terminal while the run goes on."""
        return self.options.format_ == "jsonl" and self.options.output_file is None and sys.stdout.isatty()

    def refuse(self, diagnostics: tuple[Diagnostic, ...]) -> ExitCode:
        """Tell why nothing was run."""
        if self.options.format_ != "text":
            from arazzo_engine.reporting.report_json import refusal_as_json, refusal_event

            if self.options.format_ == "jsonl":
                self.write(json.dumps(refusal_event(diagnostics, self.masker)))
            else:
                self.write(json.dumps(refusal_as_json(diagnostics, self.masker), indent=2))
        tell(render_diagnostics(diagnostics, self.masker), err=True)
        return exit_code_for(diagnostics)

    def warn(self, warnings: tuple[Diagnostic, ...]) -> None:
        """Tell what should be said before a run; with ``--strict`` raises ``ArazzoError`` instead."""
        if self.options.strict and warnings:
            raise ArazzoError(*(warning.as_error() for warning in warnings))
        if warnings:
            tell(render_diagnostics(warnings, self.masker) + "\n", err=True)

    def finish(self, reports: list[RunReport], warnings: tuple[Diagnostic, ...]) -> ExitCode:
        """Write the result, and tell how each run ended."""
        for report in reports:
            self.masker.learn(secret for step in report.steps for secret in step.secrets)
        self._write_result(reports, warnings)
        for report in reports:
            tell(report.ending(self.masker), err=True)
        codes = [exit_code_of(report) for report in reports]
        return next((code for code in codes if code is not ExitCode.SUCCESS), ExitCode.SUCCESS)

    def end(self, exit_code: int) -> int:
        """Return the exit code of the command, which has told everything but what went wrong with the telling."""
        if self.lost is not None:
            from arazzo_engine.cli.terminal.unwritten import tell_unwritten

            exit_code = tell_unwritten(self.lost, exit_code, "the file of `--output`")
        if self.bug is not None:
            from arazzo_engine.cli.bugs import describe_bug

            click.echo(describe_bug(self.bug), err=True)
            exit_code = ExitCode.BUG if self.is_broken else exit_code or ExitCode.BUG
        return exit_code

    def event(self, event: Event) -> None:
        """Write one event as a JSON line."""
        from arazzo_engine.reporting.events_json import event_as_json

        self.write(json.dumps(event_as_json(event, self.masker)))

    def write(self, text: str) -> None:
        """Write a line of the result."""
        if self.options.output_file is None:
            click.echo(text)
        elif self.lost is None:
            try:
                # what was in the file goes when there is something to put in its place
                mode = "a" if self.is_begun else "w"
                with open(self.options.output_file, mode, encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - the name is the user's
                    file.write(text + "\n")
                self.is_begun = True
            except OSError as error:
                self.lost = error

    def begin(self) -> None:
        """Open the file that the result goes to; raises ``ArazzoError`` when it cannot be written."""
        if self.options.output_file is not None:
            try:
                with open(self.options.output_file, "a", encoding="utf-8"):  # noqa: PTH123 - the same
                    pass
            except OSError as error:
                message = f"`--output` cannot be written: {error.strerror}"
                raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error

    def _write_result(self, reports: list[RunReport], warnings: tuple[Diagnostic, ...]) -> None:
        match self.options.format_:
            case "json":
                values = [replace(report, warnings=warnings).to_json(self.masker) for report in reports]
                self.write(json.dumps(_joined(values) if self.options.every else values[0], indent=2))
            case "text":
                for report in reports:
                    self._write_outputs(report)
            case _:
                pass

    def _write_outputs(self, report: RunReport) -> None:
        from arazzo_engine.reporting.report_text import render_outputs

        text = render_outputs(report.outputs, self.masker)
        if not text:
            return
        if not report.succeeded:
            # whoever reads stdout must not take what is left of a failed run for a result
            tell(f"outputs of the run that did not succeed:\n{text}\n", err=True)
            return
        self.write(f"{report.workflow_id}:\n{text}" if self.options.every else text)


def open_document(options: RunOptions, loader: Loader | None = None) -> Opened:
    """Load, read, link and check what the options name.

    Raises ``ArazzoError``; errors of the document itself are in the result, to be told together with the rest.
    """
    if options.every and options.workflow_id is not None:
        message = "`--workflow` and `--all` exclude each other"
        raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))
    loader = loader or options.loading.loader()
    document = loader.load_entry(options.location)
    from arazzo_engine.language.reading.description import read_description

    description = read_description(document).description
    wanted = None if options.every else [choose_workflow(description, options.workflow_id)]
    checked = check_document(document, loader, wanted)
    if options.strict:
        checked = replace(checked, problems=tuple(problem.as_error() for problem in checked.problems))
    ids = tuple(wanted) if wanted is not None else independent_workflows(checked.linked)
    sources = source_names(checked)
    for name in loader.overrides:
        if name not in sources:
            raise ArazzoError(unknown_source("--source", name, sources))
    access = Access(
        servers=named_servers(options.servers, sources),
        server_variables=named_values("--server-var", options.server_variables),
        credentials=read_credentials(options.credentials, options.auth_file, schemes_of(checked)),
        allowed_hosts=options.loading.allowed_hosts,
        has_client_certificate=options.loading.certificate is not None,
    )
    # a step whose operation was not found has no server to ask
    if not checked.errors:
        check_variables(access.server_variables, _variables_of(checked))
    return Opened(checked, loader, ids, _read_inputs(options, checked, ids), access)


def source_names(checked: Checked) -> set[str]:
    """Return the names of all sources: those of the entry document, and those that the steps of others use."""
    from arazzo_engine.apis.descriptions.operations import Operation

    steps = (step for workflow in checked.linked.workflows.values() for step in workflow.steps)
    used = {step.target.source for step in steps if isinstance(step.target, Operation)}
    return used | {source.name for source in checked.description.source_descriptions}


def schemes_of(checked: Checked) -> frozenset[tuple[str, str]]:
    """Return every security scheme that the linked steps could need: source description and scheme."""
    from arazzo_engine.apis.descriptions.operations import Operation

    return frozenset(
        (step.target.source, requirement.scheme.name)
        for workflow in checked.linked.workflows.values()
        for step in workflow.steps
        if isinstance(step.target, Operation)
        for alternative in step.target.security
        for requirement in alternative
    )


def _variables_of(checked: Checked) -> frozenset[str]:
    """Return the names of the server variables that the linked steps could need, with and without their source."""
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.descriptions.servers import variables_of

    targets = (step.target for workflow in checked.linked.workflows.values() for step in workflow.steps)
    operations = [target for target in targets if isinstance(target, Operation)]
    return frozenset(
        name
        for operation in operations
        for variable in variables_of(operation)
        for name in (variable, f"{operation.source}.{variable}")
    )


def learn_secrets(masker: Masker, opened: Opened) -> None:
    """Teach the masker the credentials, and the inputs that are or become credentials."""
    masker.learn(opened.access.credentials.values())
    secrets = find_secrets(opened.checked.linked)
    for workflow_id in opened.workflow_ids:
        masker.learn(secrets.inputs_of(opened.checked.workflow(workflow_id), opened.given.values))


def run_calls(ready: Ready, settings: Settings, world: World, output: Output) -> Iterator[RunReport]:
    """Run the workflows one after the other; none runs again as another one's dependency.

    Raises ``ArazzoError`` (``option-invalid``) before anything is sent when contracts are to be checked and cannot be.
    """
    session = Session(ready.linked, settings)
    if output.options.check == "off":
        yield from (_drive(session, call, world, output) for call in ready.calls)
        return
    from arazzo_engine.world.contracts.checking import CheckedWorld, Contract, check_installed

    check_installed()
    stops = output.options.check == "error"
    checked = CheckedWorld(world, Contract(ready.linked.resolver, settings.access), stops=stops)
    for call in ready.calls:
        report = _drive(session, call, checked, output)
        yield replace(report, diagnostics=(*report.diagnostics, *checked.take()))


def _drive(session: Session, call: Call, world: World, output: Output) -> RunReport:
    output.told.clear()
    run_id = uuid4().hex
    try:
        return drive(run(session, call, run_id), world)
    except Exception as bug:  # noqa: BLE001 - what was sent has happened: no bug of the engine may lose its report
        output.bug, output.is_broken = bug, True
        message = f"a bug in the engine ended the run: {type(bug).__name__}"
        finding = diagnose("engine-bug", message, fix="report it with what is on stderr")
        steps = tuple(output.told.values())
        return RunReport(RunStatus.STOPPED, call.key.workflow_id, run_id, {}, steps, (finding,))


def settings_for(options: RunOptions, access: Access) -> Settings:
    """Return the settings of a run."""
    return Settings(access, Limits(steps=options.max_steps))


def observer(output: Output, tell: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return the observer of a run, which never stops it: what goes wrong with the telling is told at the end."""

    def observe(event: Event) -> None:
        if output.bug is None:
            try:
                _tell(event, output, tell)
            except Exception as bug:  # noqa: BLE001 - a run that has sent a request must not end because it cannot be told
                output.bug = bug

    return observe


def _tell(event: Event, output: Output, tell: Callable[[Event], None]) -> None:
    """Tell one event; the secrets of a step are learned before anything is told of it."""
    if isinstance(event, StepStarted):
        output.masker.learn(event.secrets)
    if isinstance(event, StepFinished):
        output.masker.learn(event.report.secrets)
        # an attempt is told again when the target of its retry failed
        report = event.report
        output.told[report.started_at, report.step_id, report.attempt] = report
    if output.options.format_ == "jsonl":
        output.event(event)
    tell(event)


def _read_inputs(options: RunOptions, checked: Checked, workflow_ids: tuple[str, ...]) -> GivenInputs:
    from arazzo_engine.world.loading.input_files import read_input_files

    given = GivenInputs({})
    workflows = [checked.workflow(each) for each in workflow_ids]
    if options.inputs_file is not None:
        from arazzo_engine.world.loading.inputs import read_inputs

        given = read_input_files(read_inputs(options.inputs_file), workflows, options.inputs_file)
    texts = named_values("--input", options.pairs)
    if not texts:
        return given
    values = {name: _convert(workflows, name, text) for name, text in texts.items()}
    named = read_input_files(GivenInputs(values), workflows)
    return replace(given, values={**given.values, **named.values}, texts=frozenset(texts))


def _convert(workflows: list[LinkedWorkflow], name: str, text: str) -> JsonValue:
    from arazzo_engine.validation.inputs.schemas import declared_inputs

    declaring = next((each for each in workflows if name in declared_inputs(each)), workflows[0])
    return input_from_text(declaring, name, text)


def _joined(values: list[JsonValue]) -> JsonValue:
    statuses = [value["status"] for value in values]
    return {"status": next((each for each in statuses if each != "succeeded"), "succeeded"), "runs": values}
