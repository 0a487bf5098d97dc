"""A program: a document that was read, linked and checked once, and may be run as often as wanted.

Decides the order of what happens before a run: which workflow is meant, its inputs, everything else that can be known.
A program is immutable: threads and tasks may share it. What outlives a run is the engine's, and is given as ``Means``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import iscoroutinefunction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.language.messages.files import File
from arazzo_engine.language.objects import ArazzoDescription
from arazzo_engine.machine.settings import Settings
from arazzo_engine.machine.tokens import Tokens
from arazzo_engine.reporting.events import Event
from arazzo_engine.reporting.messages.named_secrets import texts_of
from arazzo_engine.reporting.plan import Plan
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.simulation.cues import Cues, GivenFailure, failing_steps
from arazzo_engine.simulation.given_answers import read_answers
from arazzo_engine.simulation.paths.coverage import Coverage
from arazzo_engine.validation.access import check_overrides
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.loading.answers import AnswersSource, load_answers
from arazzo_engine.world.loading.input_files import with_given_files
from arazzo_engine.world.logging_in import Guests, Login, log_in
from arazzo_engine.world.options import check_limits, check_seconds
from arazzo_engine.world.preparing import (
    Checked,
    Reached,
    choose_workflow,
    complete_ready,
    independent_workflows,
    reach,
)
from arazzo_engine.world.projects.kept import Kept
from arazzo_engine.world.projects.references import Reference
from arazzo_engine.world.running import Means, Prepared, Runs

if TYPE_CHECKING:
    from arazzo_engine.simulation.access import MadeUpAccess

# a path is the file that it names, a file is one that was read, a reference the value that is kept elsewhere
_SCALARS: Final = (str, int, float, bool, type(None), Path, bytes, bytearray, File, Reference)
# longer numbers Python itself refuses to write
_LARGEST: Final = 10**4_000


class Program(Struct, frozen=True):
    """A document that can be run: ``workflow_ids`` are those that were asked for and checked.

    Made by ``Engine.load``; nothing of it is to be constructed by hand.
    """

    checked: Checked
    workflow_ids: tuple[str, ...]
    find_access: Callable[[], Access]
    means: Means
    cues: Cues | None = None
    kept: Kept = Kept()
    # without what has to be asked for elsewhere, for a rehearsal
    find_given: Callable[[], Access] | None = None
    _tokens: Tokens = field(default_factory=Tokens)

    def __repr__(self) -> str:
        return f"Program({self.description.at.document.name}: {', '.join(self.workflow_ids)})"

    @property
    def description(self) -> ArazzoDescription:
        """The Arazzo Description, as objects of the specification."""
        return self.checked.description

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What was found in the document and the descriptions that it names."""
        return self.checked.findings

    def run(  # noqa: PLR0913 - all that one run may differ in
        self,
        workflow: str | None = None,
        *,
        inputs: Mapping[str, JsonValue] | None = None,
        timeout: float | None = None,
        on_event: Callable[[Event], None] | None = None,
        run_id: str = "",
    ) -> RunReport:
        """Run a workflow against the real APIs, and return its report.

        ``workflow`` may be left out when the program has one only. ``timeout`` bounds the run, in seconds; without a
        ``run_id``, the run draws one. Raises ``ArazzoError`` with every finding when something is wrong before the
        first request; a step that fails afterwards is in the report, and no exception. What ends a run otherwise, an
        interruption or a bug, is raised when the report is complete: ``report_of`` finds it there.
        """
        _check_arguments(workflow, on_event, run_id)
        deadline = self._deadline(timeout)
        settled = self._settle(self._chosen(workflow), self._given(inputs), deadline)
        return _run_only(settled.named(run_id).start(on_event, deadline))

    async def run_async(  # noqa: PLR0913 - the same
        self,
        workflow: str | None = None,
        *,
        inputs: Mapping[str, JsonValue] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - unlike `asyncio.timeout`, it gives a report
        on_event: Callable[[Event], None] | None = None,
        run_id: str = "",
    ) -> RunReport:
        """Run a workflow without blocking the event loop; otherwise the same as ``run``.

        A run that is cancelled raises its ``CancelledError`` with the report on it, the step that was cut off included:
        ``report_of`` finds it there, and behind the ``TimeoutError`` of ``asyncio.timeout`` and ``asyncio.wait_for``.
        """
        import asyncio  # noqa: PLC0415 - slow, and there already where a loop is running

        _check_arguments(workflow, on_event, run_id)
        deadline = self._deadline(timeout)
        # checking takes its time, and settling may wait for a server or a person
        settled = await asyncio.to_thread(self._settle, self._chosen(workflow), self._given(inputs), deadline)
        return await settled.named(run_id).run_async(on_event, deadline)

    def rehearse(  # noqa: PLR0913 - the same
        self,
        workflow: str | None = None,
        *,
        inputs: Mapping[str, JsonValue] | None = None,
        fail: Mapping[str, GivenFailure] | None = None,
        answers: AnswersSource | None = None,
        timeout: float | None = None,
        on_event: Callable[[Event], None] | None = None,
        run_id: str = "",
    ) -> RunReport:
        """Run a workflow with answers made from the API descriptions. Nothing is sent; what is missing is made up.

        ``fail`` names steps that fail, by ``[workflow.]step``: with the status given, without an answer for
        ``"timeout"``, ``"connect"``, ``"tls"`` or ``"protocol"``, as the description says for ``None``. ``answers`` are
        those of ``--answers``, as an object or the file that they stand in. ``timeout`` bounds the rehearsal, in
        seconds, as that of a run.
        """
        _check_arguments(workflow, on_event, run_id)
        deadline = self._deadline(timeout)
        with watched_by(deadline.remaining):
            program = self.failing(fail or {})
            program = program if answers is None else program.answered_by(answers)
            prepared = program.filled(workflow, inputs).prepare()
        runs = prepared.named(run_id).start(on_event, deadline)
        return runs.with_unused(_run_only(runs))

    def filled(self, workflow: str | None, inputs: Mapping[str, JsonValue] | None) -> Filled:
        """Return the program that rehearses a workflow, and all that is made up for it; raises ``ArazzoError``."""
        return self.fill_in(self._chosen(workflow), self._given(inputs, rehearses=True))

    def rehearse_all_paths(
        self,
        workflow: str | None = None,
        *,
        inputs: Mapping[str, JsonValue] | None = None,
        answers: AnswersSource | None = None,
        timeout: float | None = None,
    ) -> Coverage:
        """Rehearse each action of each step once, in as few runs as are needed, and return what was shown.

        The arguments are those of ``rehearse``. Raises ``ArazzoError``, when the time is over, too.
        """
        from arazzo_engine.world.all_paths import rehearse_all  # noqa: PLC0415 - only for a rehearsal

        _check_arguments(workflow)
        deadline = self._deadline(timeout)
        with watched_by(deadline.remaining):
            program = self if answers is None else self.answered_by(answers)
            prepared = program.filled(workflow, inputs).prepare()
        (coverage,) = rehearse_all(prepared, deadline)
        return coverage

    def plan(self, workflow: str | None = None, *, inputs: Mapping[str, JsonValue] | None = None) -> Plan:
        """Return what a run would do, with its first request: checked as a run is, and nothing is sent.

        Raises ``ArazzoError`` with every finding.
        """
        from arazzo_engine.world.planning import plan_runs  # noqa: PLC0415 - brings the simulation along

        _check_arguments(workflow)
        (plan,) = plan_runs(self.prepare(self._chosen(workflow), self._given(inputs)))
        return plan

    def log_in(self, scheme: str | None = None, *, timeout: float | None = None) -> tuple[Login, ...]:
        """Have a person log in for what the steps need, or for one scheme, and keep it in the engine's token store.

        Raises ``ArazzoError``; ``timeout`` is in seconds.
        """
        return tuple(log_in(self.guests(), scheme, self._deadline(timeout)))

    def guests(self) -> Guests:
        """Return who needs a login."""
        return Guests(self.checked, self.find_access(), self.means)

    def independent(self) -> Program:
        """Return the program of the workflows that no other one leads to: they run everything, and nothing twice."""
        return replace(self, workflow_ids=independent_workflows(self.checked.linked))

    def fill_in(self, workflow_ids: tuple[str, ...], given: GivenInputs) -> Filled:
        """Return the program that rehearses workflows: inputs, credentials and servers that are missing are made up.

        What is given, and would keep a run from its first request, is among the problems of that program. Raises
        ``ArazzoError`` (``option-invalid``) for a token store.
        """
        from arazzo_engine.simulation.access import fill_access  # noqa: PLC0415 - only for a rehearsal
        from arazzo_engine.simulation.inputs import fill_inputs  # noqa: PLC0415 - only for a rehearsal

        rehearsed = self.rehearsed()
        linked, access = self.checked.linked, rehearsed.find_access()
        reached = linked.reachable(map(linked.key, workflow_ids))
        filled = fill_access(reached, access)
        if access.credentials.by_scheme:
            self.means.open_store()
        warnings = (*self.means.warnings, *check_overrides(reached, access)) if self.means.strict else ()
        checked = replace(self.checked, problems=(*self.checked.problems, *filled.problems, *warnings))
        program = replace(rehearsed, checked=checked, workflow_ids=workflow_ids, find_access=lambda: filled.access)
        return Filled(program, fill_inputs(linked, workflow_ids, given), filled)

    def rehearsed(self) -> Program:
        """Return the program that sends nothing, and asks nobody for a value that is kept elsewhere."""
        return replace(self, find_access=self.find_given or self.find_access, cues=self.cues or Cues())

    def failing(self, fail: Mapping[str, GivenFailure]) -> Program:
        """Return the program whose rehearsals let steps fail; raises ``ArazzoError`` (``option-invalid``)."""
        return replace(self, cues=replace(self.cues or Cues(), failing=failing_steps(self.checked.linked, fail)))

    def answered_by(self, answers: AnswersSource) -> Program:
        """Return the program that is rehearsed with given answers; raises ``ArazzoError`` (``answer-invalid``)."""
        given = read_answers(load_answers(answers).root(), self.checked.linked)
        return replace(self, cues=replace(self.cues or Cues(), answers=given))

    def prepare(self, workflow_ids: Sequence[str], given: GivenInputs) -> Prepared:
        """Complete and check the inputs of workflows, with everything else that can be known before a request.

        Raises ``ArazzoError`` with every finding.
        """
        hidden = tuple(texts_of(given.secrets))
        return self.prepare_reached(self.reach(workflow_ids, hidden), given)

    def reach(self, workflow_ids: Sequence[str], hidden: tuple[str, ...] = ()) -> Reached:
        """Return what is known of runs of workflows before their inputs, of which ``hidden`` texts are secrets."""
        from arazzo_engine.world.http.sending import OF_EVERY_REQUEST  # noqa: PLC0415 - only for what is run

        means = self.means
        limits, timeout = means.limits, means.step_timeout
        unsafe, traced = means.retry_unsafe, means.trace_context
        settings = Settings(
            self.find_access(), limits, timeout, unsafe, OF_EVERY_REQUEST, hidden, traced, self.cues is not None
        )
        return reach(self.checked, workflow_ids, settings)

    def prepare_reached(self, reached: Reached, given: GivenInputs) -> Prepared:
        """Do the same as ``prepare`` where nothing but the inputs is new; raises the same."""
        ready = complete_ready(self.checked, reached, given)
        return Prepared(ready, reached.settings, self.means, self._tokens, cues=self.cues).heeding_warnings()

    def secrets(self, given: GivenInputs) -> Iterator[str]:
        """Yield what must never be shown: the credentials, and the inputs that are or become credentials."""
        from arazzo_engine.machine.secrets import find_secrets  # noqa: PLC0415 - only for what is run

        yield from texts_of(given.secrets)
        # what is wrong with the document is told before anybody is asked for a credential
        asked = self.rehearsed() if self.checked.errors else self
        yield from asked.find_access().credentials.values()
        secrets = find_secrets(self.checked.linked)
        for workflow_id in self.workflow_ids:
            yield from secrets.inputs_of(self.checked.workflow(workflow_id), given.of(workflow_id).values)

    def complete(self, given: GivenInputs, *, rehearses: bool = False) -> GivenInputs:
        """Return the inputs with the values that are kept elsewhere, and with those of the project.

        Raises ``ArazzoError``.
        """
        workflows = [self.checked.workflow(each) for each in self.workflow_ids]
        is_rehearsal = rehearses or self.cues is not None
        try:
            return self.kept.complete(self.kept.read(given, workflows), workflows, rehearses=is_rehearsal)
        except ArazzoError as error:
            # what is wrong with the document is told as well
            raise ArazzoError(*self.checked.problems, *error.diagnostics) from error

    def _given(self, inputs: Mapping[str, JsonValue] | None, *, rehearses: bool = False) -> GivenInputs:
        values = _checked(inputs)
        workflows = [self.checked.workflow(each) for each in self.workflow_ids]
        return self.complete(GivenInputs(with_given_files(values, workflows)), rehearses=rehearses)

    def _deadline(self, timeout: float | None) -> Deadline:
        check_seconds("timeout", timeout)
        check_limits({"timeout": timeout}, {})
        return Deadline(self.means.timeout if timeout is None else timeout)

    def _settle(self, workflow_ids: Sequence[str], given: GivenInputs, deadline: Deadline) -> Prepared:
        with watched_by(deadline.remaining):
            prepared = self.prepare(workflow_ids, given)
        return prepared.settle(deadline)

    def _chosen(self, workflow: str | None) -> tuple[str, ...]:
        if workflow is None and len(self.workflow_ids) == 1:
            return self.workflow_ids
        chosen = choose_workflow(self.description, workflow)
        if chosen not in self.workflow_ids:
            # another workflow may have been asked for when it was loaded
            message = f"workflow `{chosen}` was not asked for when the program was loaded"
            fix = f"load the whole document, or run one of {', '.join(f'`{each}`' for each in self.workflow_ids)}"
            raise ArazzoError(diagnose("workflow-not-found", message, fix=fix))
        return (chosen,)


class Filled(Struct, frozen=True):
    """A program that is rehearsed, its inputs, and what of both is made up."""

    program: Program
    given: GivenInputs
    access: MadeUpAccess

    def prepare(self) -> Prepared:
        """Return the same as the program's ``prepare``; raises the same."""
        return self.program.prepare(self.program.workflow_ids, self.given)

    def made_up(self) -> Iterator[str]:
        """Yield what is made up, one line for each thing."""
        for name in sorted(self.given.made_up):
            yield f"{name} = {json.dumps(self.given.values[name], ensure_ascii=False)}"
        for workflow_id, own in self.given.own.items():
            for name in sorted(own.made_up):
                yield f"{name} of {workflow_id} = {json.dumps(own.values[name], ensure_ascii=False)}"
        yield from self.access.lines()


def _run_only(runs: Runs) -> RunReport:
    (call,) = runs.calls
    return runs.run(call)


def _check_arguments(workflow: object, on_event: object = None, run_id: object = "") -> None:
    """Raise ``TypeError`` for an argument of a run that is of a wrong type, before anything is sent."""
    if workflow is not None and not isinstance(workflow, str):
        raise TypeError(f"`workflow` must be the id of a workflow, not {type(workflow).__name__}")
    if on_event is not None and (not callable(on_event) or iscoroutinefunction(on_event)):
        raise TypeError("`on_event` must be a function that is called with each event, and no coroutine function")
    if not isinstance(run_id, str):
        raise TypeError(f"`run_id` must be a text, not {type(run_id).__name__}")


def _checked(inputs: Mapping[str, JsonValue] | None) -> dict[str, JsonValue]:
    if inputs is not None and not isinstance(inputs, Mapping):
        raise TypeError(f"`inputs` must be a mapping of names to JSON values, not {type(inputs).__name__}")
    values = dict(inputs or {})
    try:
        for name, value in values.items():
            _check_json(value, name)
    except RecursionError:
        raise TypeError("`inputs` nest too deep, or hold themselves") from None
    return values


def _check_json(value: object, name: object) -> None:
    if not isinstance(name, str):
        raise TypeError(f"the name of an input must be a text, not {type(name).__name__}")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(f"input `{name}` must be a JSON value, whose members have texts as names")
        for key, member in value.items():
            _check_json(member, f"{name}.{key}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            _check_json(element, f"{name}[{index}]")
    elif isinstance(value, int) and not -_LARGEST < value < _LARGEST:
        raise TypeError(f"input `{name}` is a number of thousands of digits")
    elif not isinstance(value, _SCALARS):
        raise TypeError(f"input `{name}` must be a JSON value, not {type(value).__name__}")
