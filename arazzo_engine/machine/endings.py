"""How a run ends, by itself or cut short: its status, the steps that were underway, the report that is never lost.

Decides what is told of a run that something ended before it was through: an error that a driver threw in, a bug, an
interruption. Each step that was started is in the report; a request that may have left, and whose answer is not known,
is in doubt. An error that a run can tell (``ArazzoError``) is told in the report; anything else is raised again when
the report is complete, and carries it: ``report_of`` finds it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.watch import TimeUp
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.language.messages.files import shown
from arazzo_engine.machine.doubts import InDoubt
from arazzo_engine.machine.effects import NotSent, emit, is_before_sending
from arazzo_engine.machine.frames import WorkflowResult
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, Stopping
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.reporting.run_report import RunReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.frames import Run
    from arazzo_engine.machine.underway import Underway
    from arazzo_engine.reporting.step_report import StepReport

_T = TypeVar("_T")
_REPORT: Final = "report"


class Cut(Struct, frozen=True):
    """What ended a run before it was through."""

    error: BaseException

    @property
    def is_told(self) -> bool:
        """Whether the report says everything about it, so that nothing is raised."""
        return isinstance(self.error, ArazzoError)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return what is said about it. A bug is named by its type and place; its text could quote a secret."""
        if isinstance(self.error, ArazzoError):
            return self.error.diagnostics
        if isinstance(self.error, Exception):
            message = f"a bug in the engine ended the run: {place_of(self.error)}"
            return (diagnose("engine-bug", message, fix="report it with what is on stderr"),)
        return (diagnose("interrupted", "the run was interrupted, and nothing more was sent"),)

    @property
    def earlier(self) -> tuple[str, ...]:
        """A note for each time that the request was sent before."""
        return self.error.earlier if isinstance(self.error, InDoubt | NotSent) else ()

    def no_response(self) -> NoResponse:
        """Return what is known of the answer to a request that was about to be sent, or had been."""
        if is_before_sending(self.error):
            return NoResponse(Failure.INTERRUPTED, "the request was not sent, because the run was stopped", sent=False)
        how = "was interrupted" if not isinstance(self.error, Exception) else "was ended"
        return NoResponse(Failure.INTERRUPTED, f"the run {how} while it waited for the answer")


def caught(part: Interaction[_T]) -> Interaction[_T | Cut]:
    """Go on with a part of a run, and return what cuts it short as a value."""
    try:
        return (yield from part)
    except GeneratorExit:
        # nobody drives the run any more, so nothing can be told
        raise
    except BaseException as error:  # noqa: BLE001 - what was sent has happened: nothing that ends a run may lose its report
        return Cut(error.reason if isinstance(error, TimeUp) else error)


def end(run: Run, started: RunStarted, ended: WorkflowResult | Cut) -> Interaction[RunReport]:
    """Tell what is underway and that the run has finished, and return its report.

    Raises what cut the run, with the report on it, unless that is an ``ArazzoError``, which the report tells.
    """
    cuts = (yield from _tell_underway(run, started, ended)) if isinstance(ended, Cut) else ()
    status = _status(run, ended)
    run.diagnostics.extend((*_doubts(run), *_unkept(run)))
    said = (*run.diagnostics, *(each for cut in cuts for each in cut.diagnostics()))
    outputs = {} if isinstance(ended, Cut) else shown(dict(ended.outputs))
    report = RunReport(
        status=status,
        workflow_id=started.workflow_id,
        run_id=started.run_id,
        outputs=outputs,
        steps=tuple(run.reports),
        diagnostics=said,
        warnings=run.warnings,
        secrets=run.known_secrets,
        is_rehearsal=run.settings.is_rehearsal,
    )
    told = yield from caught(emit(RunFinished(report)))
    if isinstance(told, Cut):
        cuts = (*cuts, told)
        more = (each for each in told.diagnostics() if each not in said)
        report = replace(report, diagnostics=(*said, *more))
    elif run.began is not None:
        report = replace(report, elapsed=max(0.0, told - run.began))
    untold = next((cut.error for cut in cuts if not cut.is_told), None)
    if untold is not None:
        raise carrying(untold, report)
    return report


def _status(run: Run, ended: WorkflowResult | Cut) -> RunStatus:
    match ended:
        case WorkflowResult(succeeded=True):
            return RunStatus.SUCCEEDED
        case Cut(error=InDoubt()):
            return RunStatus.IN_DOUBT
        case _ if any(each.place == run.doubts.last for each in run.doubts.open):
            # the run ended on a request that may have been acted upon: that it failed is not known
            return RunStatus.IN_DOUBT
        case Cut():
            return RunStatus.STOPPED
        case WorkflowResult():
            return RunStatus.FAILED
        case _:
            assert_never(ended)


def _doubts(run: Run) -> list[Diagnostic]:
    """Return what is said of each request that is still in doubt, but for one that was just refused again."""
    refused = None if run.doubts.repeats else run.doubts.refused
    return [told for each in run.doubts.open if each is not refused for told in each.told]


def _unkept(run: Run) -> list[Diagnostic]:
    """Return what is said, once, of each token that is lost with the run."""
    unkept = run.proofs.tokens.unkept
    found = list(unkept.values())
    unkept.clear()
    return found


def _tell_underway(run: Run, started: RunStarted, cut: Cut) -> Interaction[tuple[Cut, ...]]:
    """Tell the steps that were underway, the innermost first; return what cut the run, and what cut the telling."""
    now = yield from caught(emit(Stopping(started.run_id, started.workflow_id)))
    cuts = [cut]
    if isinstance(now, Cut):
        cuts.append(now)
    else:
        run.now = now
    while run.underway:
        underway = run.underway[-1]
        if run.reports and run.reports[-1] is underway.report:
            # it was cut while it was recorded
            run.underway.pop()
            continue
        report = _as_far_as_known(run, underway, cut)
        run.record(report)
        told = yield from caught(emit(StepFinished(report)))
        if isinstance(told, Cut):
            cuts.append(told)
    return _without_repeats(cuts)


def _without_repeats(cuts: list[Cut]) -> tuple[Cut, ...]:
    """Return what ended the run, and the first bug after it: each thing that is told may meet the same one again."""
    untold = next((each for each in cuts if not each.is_told), cuts[0])
    return (cuts[0],) if untold is cuts[0] else (cuts[0], untold)


def _as_far_as_known(run: Run, underway: Underway, cut: Cut) -> StepReport:
    report, linked = underway.report, underway.linked
    if underway.is_judged:
        return report
    if report.request is not None:
        result = report.response or cut.no_response()
        run.doubts.note(underway.key, linked, report.request, result)
        if isinstance(result, Response) and run.secrets.has_answer(underway.key, report.step_id):
            # which parts of it are secret is not known before it is judged
            result = Response(result.status, (), b"")
        earlier = cut.earlier if report.response is None else ()
        notes = (*report.notes, *earlier)
        report = replace(report, response=result, notes=notes, sent_before=len(earlier))
    return replace(
        report,
        notes=(*report.notes, *_why_unfinished(report)),
        elapsed=max(0.0, run.now - report.started_at),
        secrets=(*report.secrets, *run.proofs.secrets()),
    )


def _why_unfinished(report: StepReport) -> tuple[str, ...]:
    match report.response:
        case NoResponse():
            return ()
        case None:
            return ("the run ended before this step sent anything",)
        case _:
            return ("the run ended before the answer was judged",)


def carrying(error: BaseException, report: RunReport) -> BaseException:
    """Return an exception with the report of the run that it ended as its attribute ``report``."""
    # past any `__setattr__` that forbids it, as that of a frozen dataclass does
    vars(error)[_REPORT] = report
    return error


def report_of(error: BaseException) -> RunReport | None:
    """Return the report of the run that an exception ended, or ``None`` when it ended none.

    It is found also where the exception was caused by the one that ended the run, or is a group that holds that one:
    ``asyncio.wait_for`` and ``asyncio.timeout`` raise a ``TimeoutError`` whose cause is the run's ``CancelledError``.
    """
    carried = (vars(each).get(_REPORT) for each in _with_causes(error))
    return next((each for each in carried if isinstance(each, RunReport)), None)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        members = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        waiting.extend(other for other in (each.__cause__, each.__context__, *members) if other is not None)


def place_of(error: BaseException) -> str:
    """Return the type of an exception and the place that raised it: file, line and function, never its text."""
    name, trace = type(error).__name__, error.__traceback__
    if trace is None:
        return f"{name}"
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    file = code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{name} at {file}:{trace.tb_lineno} in `{code.co_name}`"
