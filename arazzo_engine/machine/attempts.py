"""One attempt of one step: evaluate its parameters, call what it names, judge the answer, take its outputs.

Decides whether the attempt succeeded. What follows from it is decided by the actions.
"""

from __future__ import annotations

from collections import ChainMap
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.idempotency import SAFE_METHODS
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.sizes import TooLarge
from arazzo_engine.documents.values import NOT_RUN
from arazzo_engine.language.criteria import DEFAULT_CRITERION, CriterionResult, all_pass, judge_criteria
from arazzo_engine.language.expressions.scope import NO_VALUES, Scope, Values, WorkflowValues
from arazzo_engine.language.messages.answers import Answer, NoResponse
from arazzo_engine.language.templates import MissingValue, evaluate
from arazzo_engine.machine.doubts import may_repeat
from arazzo_engine.machine.effects import Asked, Interaction, Send
from arazzo_engine.machine.exchanges import send_authorized
from arazzo_engine.machine.frames import Exchange
from arazzo_engine.machine.hints import Lack, hints_of_criteria, hints_of_outputs, notes_of, why_lacking
from arazzo_engine.machine.requests.building import build_request, missing_value
from arazzo_engine.machine.requests.called_inputs import parameters_for_workflow, render_inputs
from arazzo_engine.machine.requests.idempotency import with_keys
from arazzo_engine.machine.requests.sent_headers import sent_headers
from arazzo_engine.machine.requests.trace_context import with_trace
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.language.templates import Template
    from arazzo_engine.machine.frames import Frame, WorkflowResult
    from arazzo_engine.machine.requests.building import Built
    from arazzo_engine.machine.settings import Settings

_SAME_REQUEST_ELSEWHERE: Final = frozenset({307, 308})


class Attempt(Silent, frozen=True):
    """What one attempt gave. ``scope`` is what the criteria of the actions that follow can see.

    One that ``is_unsendable`` lacked what it sends, and so does each that follows it at once.
    """

    status: StepStatus
    scope: Scope
    request: Request | None = None
    response: Response | NoResponse | None = None
    criteria: tuple[CriterionResult, ...] = ()
    outputs: Values = field(default_factory=lambda: NO_VALUES)
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    sent_before: int = 0
    is_unsendable: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the step succeeded in this attempt."""
        return self.status is StepStatus.SUCCEEDED


def call_operation(frame: Frame, linked: LinkedStep, operation: Operation) -> Interaction[Attempt]:
    """Send the step's request and judge the response."""
    settings = frame.run.settings
    try:
        built = build_request(linked, operation, frame.scope(), settings.access)
    except MissingValue as missing:
        return unsendable(frame, (missing_value(missing),))
    except ArazzoError as error:
        return unsendable(frame, error.diagnostics)
    key = frame.workflow.key
    built = replace(built, request=with_keys(built.request, operation, frame.visit_of(linked)))
    repeated = frame.run.doubts.check(key, linked, built.request)
    request = yield from with_trace(_as_sent(built, settings), is_asked=settings.trace_context)
    attempt = frame.run.underway[-1].report.attempt
    asked = Asked(frame.workflow, linked, attempt, partial(frame.scope, request))
    effect = Send(
        request,
        operation,
        frame.timeout_of(linked),
        built.base,
        built.parameters,
        asked,
        built.signatures,
        may_repeat(key, linked, request),
    )
    exchanged = yield from send_authorized(frame.run.proofs, frame.run.underway[-1], effect, built.need)
    if isinstance(exchanged, Diagnostic):
        # a token may be had the next time
        return replace(unsendable(frame, (exchanged,)), is_unsendable=False)
    request, answer = exchanged.request, exchanged.answer
    frame.run.now = answer.started_at + answer.elapsed
    frame.run.doubts.note(key, linked, request, answer.result)
    frame.last = Exchange(request, None if isinstance(answer.result, NoResponse) else answer.result)
    judged = _judge_answer(frame, linked, request, answer)
    hints = tuple(_hints(judged, linked, operation))
    notes = (*built.notes, *repeated, *exchanged.notes, *answer.notes, *judged.notes, *hints)
    return replace(judged, notes=notes, sent_before=answer.sent_before) if notes else judged


def _as_sent(built: Built, settings: Settings) -> Request:
    if settings.headers is None:
        return built.request
    return replace(built.request, headers=sent_headers(built.request, built.base.host, settings.headers))


def judge_workflow(frame: Frame, linked: LinkedStep, result: WorkflowResult) -> Attempt:
    """Judge a step that called a workflow: by the workflow's own outcome, and by the step's criteria."""
    scope = frame.scope(result.last.request, result.last.response, result.outputs)
    # the called workflow has ended: its outputs are already those of the step
    steps = ChainMap({linked.step.step_id: result.outputs}, frame.steps)
    judging = replace(scope, steps=steps, workflows=_with_namesake(frame, linked, result, scope))
    criteria = judge_criteria(linked.step.success_criteria, judging)
    if not (result.succeeded and all_pass(criteria)):
        why = () if result.succeeded else (f"workflow `{linked.step.workflow_id}` failed",)
        return Attempt(StepStatus.FAILED, scope, criteria=criteria, notes=why)
    outputs, lacks = evaluate_outputs(linked.step.outputs, judging, frame.run.room)
    # the called workflow's outputs are the step's, unless the step declares one of that name itself
    merged = {**result.outputs, **outputs}
    return Attempt(StepStatus.SUCCEEDED, scope, criteria=criteria, outputs=merged, notes=notes_of(lacks))


def _with_namesake(
    frame: Frame, linked: LinkedStep, result: WorkflowResult, scope: Scope
) -> Mapping[str, WorkflowValues]:
    """Return the workflows by id; one that has the id of this one, which has no outputs yet, is the one called."""
    own, target = frame.workflow.key, linked.target
    is_namesake = isinstance(target, WorkflowKey) and target != own and target.workflow_id == own.workflow_id
    if not is_namesake:
        return scope.workflows
    return ChainMap({own.workflow_id: WorkflowValues(frame.inputs, result.outputs)}, dict(scope.workflows))


def give_up(frame: Frame, linked: LinkedStep) -> Attempt:
    """Return the failed attempt of a step whose workflow had not completed in time."""
    # "The maximum number of milli-seconds to wait for the step to complete before aborting and failing the step."
    note = f"workflow `{linked.step.workflow_id}` was given up after the step's timeout of {linked.step.timeout} ms"
    return Attempt(StepStatus.FAILED, frame.scope(), notes=(note,))


def inputs_for_workflow(frame: Frame, linked: LinkedStep, called: LinkedWorkflow) -> Values:
    """Return the inputs that a step gives to the workflow it calls; raises ``MissingValue``."""
    return render_inputs(parameters_for_workflow(linked, called), frame.scope())


def evaluate_outputs(
    outputs: Mapping[str, Template] | None, scope: Scope, room: Room
) -> tuple[Values, tuple[Lack, ...]]:
    """Return the outputs that have a value, and why each of the others has none.

    Raises ``ArazzoError``: ``value-too-large``, and ``report-too-large`` when the run has no ``room`` to keep them.
    """
    found = {}
    lacks = []
    for name, template in (outputs or {}).items():
        try:
            found[name] = evaluate(template, scope)
            room.take_value(found[name])
        except MissingValue as missing:
            lacks.append(Lack((name,), why_lacking(missing, template, scope), is_of_others=missing.found is NOT_RUN))
        except TooLarge as error:
            message = f"with output `{name}`, what the run has to tell {error}"
            raise ArazzoError(diagnose("report-too-large", message, template.at.location(), fix=error.fix)) from error
    return found, tuple(lacks)


def unsendable(frame: Frame, diagnostics: tuple[Diagnostic, ...]) -> Attempt:
    """Return the failed attempt of a step that could not be sent."""
    return Attempt(StepStatus.FAILED, frame.scope(), diagnostics=diagnostics, is_unsendable=True)


def _judge_answer(frame: Frame, linked: LinkedStep, request: Request, answer: Answer) -> Attempt:
    response = answer.result
    if isinstance(response, NoResponse):
        return Attempt(StepStatus.FAILED, frame.scope(request), request, response)
    scope = frame.scope(request, response)
    unread = () if response.payload_problem is None else (response.payload_problem,)
    problem = (*unread, *_redirect_notes(linked, request, response))
    criteria = judge_criteria(linked.step.success_criteria, scope) or (_default_criterion(response),)
    if not all_pass(criteria):
        return Attempt(StepStatus.FAILED, scope, request, response, criteria, notes=problem)
    outputs, lacks = evaluate_outputs(linked.step.outputs, scope, frame.run.room)
    return Attempt(StepStatus.SUCCEEDED, scope, request, response, criteria, outputs, (*problem, *notes_of(lacks)))


def _hints(judged: Attempt, linked: LinkedStep, operation: Operation) -> Iterator[str]:
    failed = [
        criterion
        for criterion, result in zip(linked.step.success_criteria, judged.criteria, strict=False)
        if not result.passed
    ]
    yield from hints_of_criteria(failed, judged.scope, operation)
    if judged.succeeded:
        absent = [each for name, each in (linked.step.outputs or {}).items() if name not in judged.outputs]
        yield from hints_of_outputs(absent, judged.scope, operation)


def _redirect_notes(linked: LinkedStep, request: Request, response: Response) -> tuple[str, ...]:
    # RFC 9110, section 15.4.8: "the user agent MUST NOT change the request method if it performs an automatic
    # redirection to that URI": the server has not done what was asked, and asks for the same request elsewhere
    if linked.step.success_criteria or response.status not in _SAME_REQUEST_ELSEWHERE or request.method in SAFE_METHODS:
        return ()
    return (
        f"{response.status} asks for the same {request.method} at another URL, which was not sent: name that server",
    )


def _default_criterion(response: Response) -> CriterionResult:
    passed = 200 <= response.status < 400  # noqa: PLR2004 - the numbers of DEFAULT_CRITERION
    return CriterionResult(DEFAULT_CRITERION, passed, f"{response.status} is {'' if passed else 'not '}from 200 to 399")
