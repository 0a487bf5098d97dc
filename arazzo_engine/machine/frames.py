"""The state of a run: what all its workflows share, and what one workflow holds while it runs.

The only mutable values of the machine. The interpreter changes them; expressions see them through a ``Scope``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.base_uris import canonical_uri
from arazzo_engine.language.expressions.scope import NO_VALUES, Scope, Values, WorkflowValues
from arazzo_engine.language.messages.contents import size_in_memory
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.doubts import Doubts
from arazzo_engine.machine.exchanges import Proofs
from arazzo_engine.typed import Silent, SilentState
from arazzo_engine.validation.inputs.schemas import described_parts

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow, WorkflowKey
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.messages.exchange import Headers, Request
    from arazzo_engine.machine.secrets import Secrets
    from arazzo_engine.machine.settings import Settings
    from arazzo_engine.machine.underway import Underway
    from arazzo_engine.reporting.step_report import StepReport


# what each attempt is told with, whatever it gave
_LEAST: Final = 500


class Exchange(Silent, frozen=True):
    """A request with its response, or with neither when there was none."""

    request: Request | None = None
    response: Response | None = None


class WorkflowResult(Silent, frozen=True):
    """How a workflow ended; ``last`` is the exchange of the last step that sent something."""

    succeeded: bool
    outputs: Values
    last: Exchange = Exchange()


class Deadline(Struct, frozen=True):
    """When a step that calls a workflow must have completed: ``at`` in seconds since the epoch."""

    at: float


class DeadlinePassed(Exception):  # noqa: N818 - a state of the run: the step that set the deadline has failed
    """What a step called is given up, because the step's ``timeout`` has passed."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__("a step had not completed in time")
        self.deadline = deadline


class Run(SilentState):
    """What the workflows of one run share. ``now`` is the last time the world told, in seconds since the epoch.

    ``underway`` are the attempts that were started and are not in ``reports`` yet, each after the one that led to it.
    ``room`` is what all that is kept until the run is told may take. ``visits`` counts how often each step was come to.
    """

    linked: LinkedDescription
    settings: Settings
    secrets: Secrets
    room: Room
    run_id: str = ""
    began: float | None = None
    now: float = 0.0
    executed: int = 0
    visits: dict[tuple[WorkflowKey, str], int] = field(default_factory=dict)
    underway: list[Underway] = field(default_factory=list)
    reports: list[StepReport] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    results: dict[WorkflowKey, WorkflowResult] = field(default_factory=dict)
    completed: dict[WorkflowKey, set[str]] = field(default_factory=dict)
    documents: dict[str, dict[str, WorkflowValues]] = field(default_factory=dict)
    doubts: Doubts = field(default_factory=Doubts)
    proofs: Proofs = field(default_factory=Proofs)
    warnings: tuple[Diagnostic, ...] = ()
    known_secrets: tuple[str, ...] = ()

    def values(self, document_uri: str) -> dict[str, WorkflowValues]:
        """Return the inputs and outputs of the workflows that ran, by the ids that a document names them by."""
        return self.documents.setdefault(document_uri, {})

    def begin(self, frame: Frame) -> None:
        """Remember that a workflow runs: its inputs are there, its outputs are not."""
        self.completed[frame.workflow.key] = frame.completed
        self._set_values(frame, None)

    def finish(self, frame: Frame, result: WorkflowResult) -> None:
        """Remember how a workflow ended, for ``$workflows.<id>`` and for those that depend on it."""
        self.results[frame.workflow.key] = result
        self.show(frame, result.outputs)

    def show(self, frame: Frame, outputs: Values) -> None:
        """Let ``$workflows.<id>`` see the inputs and outputs of a workflow."""
        self._set_values(frame, outputs)

    def _set_values(self, frame: Frame, outputs: Values | None) -> None:
        key = frame.workflow.key
        for uri in self.linked.documents_naming(key):
            self.values(uri)[key.workflow_id] = WorkflowValues(frame.inputs, outputs)

    def record(self, report: StepReport, instead_of: StepReport | None = None) -> None:
        """Keep the report of the last attempt underway; it is told again when the target of its retry failed."""
        if instead_of is None:
            self.underway[-1].report = report
            self.reports.append(report)
            self.underway.pop()
            self.room.taken += _size_of(report)
            return
        # it is among the last ones: after it came only what ran before the retry
        told_before = next(i for i in reversed(range(len(self.reports))) if self.reports[i] is instead_of)
        self.reports[told_before] = report

    def check_nesting(self, depth: int, at: Place) -> None:
        """Raise ``ArazzoError`` (``nesting-limit``) when workflows call each other too deep."""
        limit = self.settings.limits.nesting
        if depth > limit:
            message = f"the run stopped: workflows were nested more than {limit} deep"
            fix = "look for a workflow that calls itself"
            raise ArazzoError(diagnose("nesting-limit", message, at.location(), fix=fix))

    def count_step(self, linked: LinkedStep) -> None:
        """Count an attempt of a step; raises ``ArazzoError`` when there were too many, or what they gave is too much.

        The codes are ``step-limit`` and ``report-too-large``.
        """
        limit = self.settings.limits.steps
        if self.executed >= limit:
            message = f"the run stopped before step `{linked.step.step_id}`: it had executed the {limit} that it may"
            fix = "look for a loop of `goto` or `retry`, or raise the limit with `--max-steps`"
            raise ArazzoError(diagnose("step-limit", message, linked.step.at.child("stepId").location(), fix=fix))
        if self.room.is_full:
            message = (
                f"the run stopped before step `{linked.step.step_id}`: "
                f"what it has to tell is larger than {self.room.most:,} characters"
            )
            fix = f"look for a loop, or raise the limit with `{self.room.option}`"
            raise ArazzoError(diagnose("report-too-large", message, linked.step.at.child("stepId").location(), fix=fix))
        self.executed += 1


class Frame(SilentState):
    """One workflow while it runs.

    ``steps`` holds the outputs of the steps that were attempted, none for one that failed; ``completed`` the ids of
    those that succeeded, ``fruitful`` of those that have succeeded at any time. ``deadline`` is the earliest one of the
    steps that led here, ``secrets`` are values among the inputs.
    """

    workflow: LinkedWorkflow
    inputs: Values
    run: Run
    depth: int
    steps: dict[str, Values] = field(default_factory=dict)
    completed: set[str] = field(default_factory=set)
    fruitful: set[str] = field(default_factory=set)
    last: Exchange = Exchange()
    deadline: Deadline | None = None
    secrets: tuple[str, ...] = ()

    def check_deadline(self, wait: float = 0.0) -> None:
        """Raise ``DeadlinePassed`` when the deadline has passed, or will have after a wait of so many seconds."""
        if self.deadline is not None and self.run.now + wait >= self.deadline.at:
            raise DeadlinePassed(self.deadline)

    def deadline_of(self, linked: LinkedStep) -> Deadline | None:
        """Return the deadline of what a step calls: the step's own, unless that of an earlier step comes first."""
        if linked.step.timeout is None:
            return self.deadline
        own = Deadline(self.run.now + _seconds(linked.step.timeout))
        return own if self.deadline is None or own.at < self.deadline.at else self.deadline

    def timeout_of(self, linked: LinkedStep) -> float | None:
        """Return how long a step may take to send its request and get the answer, in seconds."""
        timeout = linked.step.timeout
        own = self.run.settings.step_timeout if timeout is None else _seconds(timeout)
        if self.deadline is None:
            return own
        left = max(0.0, self.deadline.at - self.run.now)
        return left if own is None else min(own, left)

    def visit(self, linked: LinkedStep) -> None:
        """Count that the run comes to a step; what follows are the attempts of this visit."""
        at = self.workflow.key, linked.step.step_id
        self.run.visits[at] = self.run.visits.get(at, 0) + 1

    def visit_of(self, linked: LinkedStep) -> tuple[str, ...]:
        """Return what tells this visit of a step from all others, of any run."""
        key = self.workflow.key
        count = self.run.visits[key, linked.step.step_id]
        return self.run.run_id, key.document_uri, key.workflow_id, linked.step.step_id, str(count)

    def scope(
        self, request: Request | None = None, response: Response | None = None, outputs: Values = NO_VALUES
    ) -> Scope:
        """Return what an expression can see at this moment."""
        return Scope(
            inputs=self.inputs,
            steps=self.steps,
            fruitful=self.fruitful,
            described=described_parts(self.workflow),
            workflows=self.run.values(self.workflow.key.document_uri),
            outputs=outputs,
            sources=self.workflow.sources,
            self_uri=canonical_uri(self.workflow.description),
            request=request,
            response=response,
            most=self.run.settings.limits.value,
        )

    def remember(self, step_id: str, outputs: Values, *, succeeded: bool) -> None:
        """Keep how the last attempt of a step ended."""
        self.steps[step_id] = outputs
        # "The maximum number of milli-seconds to wait for the step to complete before aborting and failing the step":
        # a step that failed has not completed
        (self.completed.add if succeeded else self.completed.discard)(step_id)
        if succeeded:
            self.fruitful.add(step_id)

    def not_completed(self, linked: LinkedStep) -> tuple[Diagnostic, ...]:
        """Return a diagnostic for each step that must have completed before this one, and has not."""
        return tuple(
            diagnose(
                "dependency-not-completed",
                f"step `{linked.step.step_id}` was not run: `{each.reference.text}` must have completed, and has not",
                each.reference.at.location(),
                fix="make sure that every way to the step leads through the step it depends on",
            )
            for each in linked.depends_on
            if each.key.step_id not in self._completed_in(each.key.workflow)
        )

    def _completed_in(self, key: WorkflowKey) -> set[str]:
        return self.completed if key == self.workflow.key else self.run.completed.get(key, set())

    def step(self, step_id: str) -> LinkedStep:
        """Return a step of this workflow."""
        return self.workflow.steps[self.workflow.indexes[step_id]]


def _size_of(report: StepReport) -> int:
    """Return about how many characters the report of an attempt takes; its outputs were counted before."""
    request, response = report.request, report.response
    sent = 0 if request is None else len(request.url) + size_in_memory(request.content) + _length_of(request.headers)
    come = len(response.content) + _length_of(response.headers) if isinstance(response, Response) else 0
    judged = (len(each.condition) + len(each.explanation) for each in report.criteria)
    return _LEAST + sent + come + sum(judged) + sum(map(len, report.notes))


def _length_of(headers: Headers) -> int:
    return sum(len(name) + len(value) for name, value in headers)


def _seconds(milliseconds: int) -> float:
    # a document may write a number that no clock counts: a year is as long as for ever
    return min(milliseconds, 31_536_000_000) / 1000
