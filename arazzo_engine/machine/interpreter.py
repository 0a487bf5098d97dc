"""The interpreter: runs a workflow as the specification reads, as a pure generator of effects.

Steps run in order; each is attempted, an action is chosen, and the run goes on, ends, moves or tries again.
It never acts by itself: what it needs of the world it yields, and everything it knows of the world it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.sizes import Room
from arazzo_engine.language.messages.files import shown
from arazzo_engine.language.objects import ActionType, FailureAction, SuccessAction
from arazzo_engine.language.templates import MissingValue
from arazzo_engine.machine.actions import Budgets, Decision, choose_failure, choose_success
from arazzo_engine.machine.attempts import (
    Attempt,
    call_operation,
    evaluate_outputs,
    give_up,
    inputs_for_workflow,
    judge_workflow,
    unsendable,
)
from arazzo_engine.machine.doubts import Doubt, Doubts
from arazzo_engine.machine.effects import Interaction, emit, wait
from arazzo_engine.machine.endings import caught, end
from arazzo_engine.machine.exchanges import Proofs
from arazzo_engine.machine.frames import Deadline, DeadlinePassed, Frame, Run, WorkflowResult
from arazzo_engine.machine.hints import together
from arazzo_engine.machine.requests.building import missing_value
from arazzo_engine.machine.requests.called_inputs import render_inputs
from arazzo_engine.machine.secrets import Secrets, find_secrets
from arazzo_engine.machine.settings import Settings
from arazzo_engine.machine.underway import Underway
from arazzo_engine.reporting.events import RunStarted, Sight, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.reporting.scene import Scene
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.typed import Silent
from arazzo_engine.validation.inputs.given import complete_inputs
from arazzo_engine.validation.inputs.handing import handed_on

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.scope import Scope, Values, WorkflowValues
    from arazzo_engine.reporting.run_report import RunReport


class Call(Silent, frozen=True):
    """A workflow to run with its inputs; ``depth`` counts the workflows that called it, which set the ``deadline``.

    Of its inputs those that are ``defaulted`` or, for a rehearsal, ``made_up`` were given by nobody.
    """

    key: WorkflowKey
    inputs: Values
    depth: int = 0
    deadline: Deadline | None = None
    defaulted: tuple[str, ...] = ()
    made_up: frozenset[str] = frozenset()


class Uncallable(Struct, frozen=True):
    """A workflow whose inputs could not be made, and why."""

    diagnostics: tuple[Diagnostic, ...]


class Next(Struct, frozen=True):
    """Go on with the next step in order."""


class Goto(Struct, frozen=True):
    """Go on with the step of this index."""

    index: int


class End(Struct, frozen=True):
    """End the workflow."""

    succeeded: bool


class Tried(Silent, frozen=True):
    """An attempt of a step, what is reported of it, and what its actions are chosen by."""

    attempt: Attempt
    report: StepReport
    sight: Sight


class Visit(Silent, frozen=True):
    """A step with all its attempts: how the last one ended, what was decided, and what that could see."""

    succeeded: bool
    decision: Decision
    scope: Scope


Move: TypeAlias = Next | Goto | End | Call
FAILED: Final = WorkflowResult(succeeded=False, outputs={})


class Session(Silent, frozen=True):
    """What several runs of one linked description share: the workflows that ran, the steps that completed, the proofs.

    ``warnings`` are what was found before; ``documents`` holds what ``$workflows`` names, by document and workflow;
    ``in_doubt`` the requests that none of the runs may send again.
    """

    linked: LinkedDescription
    settings: Settings = Settings()
    warnings: tuple[Diagnostic, ...] = ()
    results: dict[WorkflowKey, WorkflowResult] = field(default_factory=dict)
    completed: dict[WorkflowKey, set[str]] = field(default_factory=dict)
    documents: dict[str, dict[str, WorkflowValues]] = field(default_factory=dict)
    proofs: Proofs = field(default_factory=Proofs)
    in_doubt: dict[tuple[WorkflowKey, str], Doubt] = field(default_factory=dict)


def run(session: Session, call: Call, run_id: str) -> Interaction[RunReport]:
    """Run a workflow whose inputs are complete; the report says everything that happened.

    A driver that cannot go on throws ``ArazzoError`` into the generator: the report's status is then ``stopped``,
    or ``in-doubt`` when the last request is. Any other exception, thrown in or raised by a bug, ends the run as well;
    it is raised when the report is complete, and ``report_of`` finds the report there.
    """
    secrets = find_secrets(session.linked)
    state = Run(
        session.linked,
        session.settings,
        secrets,
        Room(session.settings.limits.report, option="--max-report"),
        run_id,
        results=session.results,
        completed=session.completed,
        documents=session.documents,
        proofs=session.proofs,
        doubts=Doubts(session.in_doubt, session.settings.retry_unsafe),
        warnings=session.warnings,
        known_secrets=_known_secrets(session, call, secrets),
    )
    scene = Scene(call.key, session.linked, session.settings.access)
    started = RunStarted(run_id, call.key.workflow_id, scene)
    return (yield from end(state, started, (yield from caught(_begin(state, call, started)))))


def _begin(state: Run, call: Call, started: RunStarted) -> Interaction[WorkflowResult]:
    state.began = state.now = yield from emit(started)
    return (yield from _run_workflow(state, call))


def _known_secrets(session: Session, call: Call, secrets: Secrets) -> tuple[str, ...]:
    """Return the secrets that are known before the first step: credentials and inputs."""
    inputs = secrets.inputs_of(session.linked.workflows[call.key], call.inputs)
    return (*session.settings.access.credentials.values(), *session.settings.secrets, *inputs)


def _run_workflow(state: Run, call: Call) -> Interaction[WorkflowResult]:
    # `goto` a workflow is "a one-way transfer of workflow control": the result is that of the workflow it leads to,
    # also for those that it has led through
    entered: dict[WorkflowKey, Frame] = {}
    while True:
        frame = entered[call.key] = _enter(state, call)
        try:
            ended = yield from _run_to_end(state, frame)
        except DeadlinePassed:
            _finish(entered, FAILED)
            raise
        if isinstance(ended, WorkflowResult):
            _finish(entered, ended)
            return ended
        # only the last of them are kept
        state.show(frame, evaluate_outputs(frame.workflow.workflow.outputs, frame.scope(), replace(state.room))[0])
        call = ended


def _run_to_end(state: Run, frame: Frame) -> Interaction[WorkflowResult | Call]:
    ended = (yield from _run_steps(frame)) if (yield from _run_dependencies(state, frame)) else End(succeeded=False)
    if isinstance(ended, Call):
        return ended
    if not ended.succeeded:
        # a step that failed because the time was up is not what failed the workflow
        frame.check_deadline()
    return _leave(frame, ended)


def _finish(frames: dict[WorkflowKey, Frame], result: WorkflowResult) -> None:
    for frame in frames.values():
        frame.run.finish(frame, result)


def _enter(state: Run, call: Call) -> Frame:
    workflow = state.linked.workflows[call.key]
    state.check_nesting(call.depth, workflow.workflow.at)
    secrets = state.secrets.inputs_of(workflow, call.inputs)
    frame = Frame(workflow, call.inputs, state, call.depth, deadline=call.deadline, secrets=secrets)
    state.begin(frame)
    return frame


def _leave(frame: Frame, ended: End) -> WorkflowResult:
    # "The workflow ends, and context returns to the caller with applicable outputs"
    outputs, lacks = evaluate_outputs(frame.workflow.workflow.outputs, frame.scope(), frame.run.room)
    if ended.succeeded:
        at = frame.workflow.workflow.at.child("outputs")
        absent = (diagnose("output-absent", each.note, at.child(each.names[0]).location()) for each in together(lacks))
        frame.run.diagnostics.extend(absent)
    return WorkflowResult(ended.succeeded, outputs, frame.last)


def _run_dependencies(state: Run, frame: Frame) -> Interaction[bool]:
    # "A list of workflows that MUST be completed before this workflow can be processed."
    for reference in frame.workflow.workflow.depends_on:
        key = frame.workflow.references[reference]
        result = state.results.get(key)
        if result is None:
            result = yield from _run_called(frame, _call(frame, key, {}))
        if not result.succeeded:
            return False
    return True


def _run_called(frame: Frame, call: Call | Uncallable) -> Interaction[WorkflowResult]:
    """Run a workflow that comes back to this one; it has failed when its inputs could not be made."""
    if isinstance(call, Uncallable):
        frame.run.diagnostics.extend(call.diagnostics)
        return FAILED
    result = yield from _run_workflow(frame.run, replace(call, depth=frame.depth + 1))
    frame.last = result.last
    return result


def _run_steps(frame: Frame) -> Interaction[End | Call]:
    index = 0
    while index < len(frame.workflow.steps):
        visit = yield from _visit_step(frame, frame.workflow.steps[index])
        move = _move(frame, visit)
        match move:
            # "If omitted, the next sequential step shall be executed as the default behavior."
            case Next():
                index += 1
            case Goto(index=target):
                index = target
            case End() | Call():
                return move
    return End(succeeded=True)


def _visit_step(frame: Frame, linked: LinkedStep) -> Interaction[Visit]:
    budgets = Budgets(frame.run.settings.limits.wait)
    frame.visit(linked)
    attempt = 0
    while True:
        attempt += 1
        tried = yield from _attempt_step(frame, linked, attempt)
        scope = tried.attempt.scope
        if tried.attempt.succeeded:
            decision = choose_success(linked.on_success, scope)
            if linked.step.success_criteria or (decision.action is not None and decision.action.criteria):
                frame.run.doubts.learn(linked)
            yield from _tell(frame, tried, decision)
            return Visit(succeeded=True, decision=decision, scope=scope)
        decision = yield from _choose_after_failure(frame, linked, tried, budgets)
        if not _is_retry(decision):
            return Visit(succeeded=False, decision=decision, scope=scope)


def _choose_after_failure(frame: Frame, linked: LinkedStep, tried: Tried, budgets: Budgets) -> Interaction[Decision]:
    scope = tried.attempt.scope
    budgets.is_vain = tried.attempt.is_unsendable
    told: StepReport | None = None
    while True:
        decision = choose_failure(linked.on_failure, scope, budgets, frame.run.now)
        told = yield from _tell(frame, tried, decision, instead_of=told)
        action = decision.action
        if not isinstance(action, FailureAction) or not _is_retry(decision):
            return decision
        yield from _pause(frame, linked, decision.wait)
        # a retry that names its own step is a retry like any other: "the current step is retried"
        if action.step_id == linked.step.step_id or (yield from _run_retry_target(frame, action, scope)):
            return decision
        budgets.spent.add(action.name)
        note = f"`{action.step_id or action.workflow_id}`, run before retry `{action.name}`, failed"
        tried = replace(tried, report=replace(tried.report, notes=(*tried.report.notes, note)))


def _is_retry(decision: Decision) -> bool:
    return decision.action is not None and decision.action.type is ActionType.RETRY


def _attempt_step(frame: Frame, linked: LinkedStep, attempt: int) -> Interaction[Tried]:
    step, workflow_id = linked.step, frame.workflow.key.workflow_id
    frame.check_deadline()
    frame.run.count_step(linked)
    underway = Underway(frame.workflow.key, linked, _unfinished(frame, linked, attempt))
    frame.run.underway.append(underway)
    sight = Sight(frame.workflow, linked, frame.scope())
    started = yield from emit(StepStarted(workflow_id, step.step_id, attempt, frame.depth, frame.secrets, sight))
    frame.run.now = started
    underway.begin(started)
    target = linked.target
    # "Tools MUST respect all declared `dependsOn` relationships."
    if not_completed := frame.not_completed(linked):
        attempted = unsendable(frame, not_completed)
    elif isinstance(target, WorkflowKey):
        attempted = yield from _call_workflow(frame, linked, target)
    elif isinstance(target, Operation):
        attempted = yield from call_operation(frame, linked, target)
    else:
        raise TypeError(f"step `{step.step_id}` is not linked, and the errors of linking were not heeded")
    # a failed step names no outputs, not even those of an earlier visit
    frame.remember(step.step_id, attempted.outputs, succeeded=attempted.succeeded)
    report = replace(
        underway.report,
        status=attempted.status,
        request=attempted.request,
        response=attempted.response,
        criteria=attempted.criteria,
        outputs=shown(dict(attempted.outputs)),
        notes=attempted.notes,
        diagnostics=attempted.diagnostics,
        sent_before=attempted.sent_before,
        elapsed=max(0.0, frame.run.now - (underway.sent_at or started)),
        secrets=(
            *frame.secrets,
            *frame.run.secrets.values_of(frame.workflow.key, step.step_id, attempted.outputs, attempted.scope),
            *frame.run.proofs.secrets(),
        ),
    )
    underway.judge(report)
    return Tried(attempted, report, Sight(frame.workflow, linked, attempted.scope))


def _unfinished(frame: Frame, linked: LinkedStep, attempt: int) -> StepReport:
    """Return the report of an attempt of which nothing is known but that it was started."""
    return StepReport(
        workflow_id=frame.workflow.key.workflow_id,
        step_id=linked.step.step_id,
        attempt=attempt,
        status=StepStatus.FAILED,
        at=linked.step.at,
        depth=frame.depth,
        started_at=frame.run.now,
        secrets=frame.secrets,
    )


def _tell(
    frame: Frame, tried: Tried, decision: Decision, *, instead_of: StepReport | None = None
) -> Interaction[StepReport]:
    report = tried.report
    default = "next" if report.status is StepStatus.SUCCEEDED else "end"
    told = replace(report, action=decision.taken(default), notes=(*report.notes, *decision.notes))
    frame.run.record(told, instead_of)
    frame.run.now = yield from emit(StepFinished(told, tried.sight))
    return told


def _pause(frame: Frame, linked: LinkedStep, seconds: float) -> Interaction[None]:
    frame.check_deadline(seconds)
    if seconds > 0:
        yield from emit(Waiting(frame.workflow.key.workflow_id, linked.step.step_id, seconds))
        yield from wait(seconds)


def _call_workflow(frame: Frame, linked: LinkedStep, key: WorkflowKey) -> Interaction[Attempt]:
    called = frame.run.linked.workflows[key]
    try:
        inputs = complete_inputs(called, inputs_for_workflow(frame, linked, called))
    except MissingValue as missing:
        return unsendable(frame, (missing_value(missing),))
    except ArazzoError as error:
        return unsendable(frame, error.diagnostics)
    try:
        result = yield from _run_called(frame, Call(key, inputs, deadline=frame.deadline_of(linked)))
    except DeadlinePassed as passed:
        if passed.deadline is frame.deadline:
            yield from _tell_given_up(frame.run)
            raise
        return give_up(frame, linked)
    return judge_workflow(frame, linked, result)


def _tell_given_up(run: Run) -> Interaction[None]:
    """Tell a step that called a workflow and is given up together with the step that led to it."""
    report = run.underway[-1].report
    note = "the step was given up: the time of one that led to it had passed"
    report = replace(report, notes=(note,), elapsed=max(0.0, run.now - report.started_at))
    run.record(report)
    run.now = yield from emit(StepFinished(report))


def _run_retry_target(frame: Frame, action: FailureAction, scope: Scope) -> Interaction[bool]:
    # "If a `stepId` or `workflowId` are specified, then the reference is executed and the context is returned, after
    # which the current step is retried."
    if action.step_id is not None:
        inner = replace(frame, depth=frame.depth + 1)
        frame.run.check_nesting(inner.depth, action.at)
        visit = yield from _visit_step(inner, frame.step(action.step_id))
        return visit.succeeded
    if action.workflow_id is not None:
        result = yield from _run_called(frame, _call_for(frame, action, scope))
        return result.succeeded
    return True


def _move(frame: Frame, visit: Visit) -> Move:
    action = visit.decision.action
    if action is None:
        # "If omitted, the next sequential step shall be executed" and "the default behavior is to break and return"
        return Next() if visit.succeeded else End(succeeded=False)
    if action.type is ActionType.END:
        return End(succeeded=visit.succeeded)
    if action.step_id is not None:
        if visit.succeeded:
            frame.run.doubts.settle(frame.workflow.key, action.step_id)
        return Goto(frame.workflow.indexes[action.step_id])
    call = _call_for(frame, action, visit.scope)
    if isinstance(call, Uncallable):
        frame.run.diagnostics.extend(call.diagnostics)
        return End(succeeded=False)
    return call


def _call_for(frame: Frame, action: SuccessAction | FailureAction, scope: Scope) -> Call | Uncallable:
    key = frame.workflow.references[action.workflow_id or ""]
    try:
        return _call(frame, key, render_inputs(action.parameters, scope))
    except MissingValue as missing:
        return Uncallable((missing_value(missing),))
    except ArazzoError as error:
        return Uncallable(error.diagnostics)


def _call(frame: Frame, key: WorkflowKey, given: Values) -> Call | Uncallable:
    """Return the call of a workflow: the inputs given, then the caller's inputs that it takes."""
    called = frame.run.linked.workflows[key]
    shared = handed_on(frame.run.linked, called, frame.inputs)
    try:
        return Call(key, complete_inputs(called, {**shared, **given}), frame.depth, frame.deadline)
    except ArazzoError as error:
        return Uncallable(error.diagnostics)
