"""The ending of a run as text: one line when it succeeded, else the reason, the evidence, what was done, what to do.

It masks before it cuts, so that no part of a secret is left over. Every text is coloured; who prints takes that out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.printable import bold, dim, in_line
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.ending.causes import count_of_requests, failed_steps, reason_of
from arazzo_engine.reporting.ending.evidence import excerpt, exchange, labelled, lost
from arazzo_engine.reporting.ending.outputs import outputs_in_words
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.durations import duration
from arazzo_engine.reporting.lines.widths import cut
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.outcomes import ActionTaken
    from arazzo_engine.reporting.step_report import StepReport

_SAID: Final = {
    RunStatus.SUCCEEDED: (marks.PASSED, "green", "succeeded"),
    RunStatus.FAILED: (marks.FAILED, "red", "failed"),
    RunStatus.STOPPED: (marks.FAILED, "red", "stopped"),
    RunStatus.IN_DOUBT: (marks.DOUBTED, "red", "is in doubt"),
    RunStatus.PAUSED: (marks.PAUSED, "yellow", "is paused"),
}
# of the steps that were done, the last ones are told, and so much of each
_MOST_DONE: Final = 6
_LONGEST: Final = 90


class Ended(Struct, frozen=True):
    """What is told of a run that has ended.

    ``despite`` are steps that failed, ``again`` is the command that runs it, made safe to show, ``hint``
    what is to be known of it, in lines, and ``resumes`` how it could have gone on, in lines too.
    """

    status: RunStatus
    workflow_id: str
    steps: tuple[StepReport, ...]
    diagnostics: tuple[Diagnostic, ...]
    elapsed: float
    despite: tuple[str, ...] = ()
    is_unsettled: bool = False
    outputs: Mapping[str, JsonValue] = {}
    again: str = ""
    hint: str = ""
    resumes: str = ""


def mark_of(status: RunStatus) -> str:
    """Return the mark of a run that ended so."""
    return _SAID[status][0]


def render_ending(ended: Ended, masker: Masker) -> str:
    """Return how a run ended, for a terminal."""
    failed = failed_steps(ended.status, ended.steps)
    if failed or ended.diagnostics:
        for step in ended.steps:
            masker.learn_named(step.named_secrets)
    masker = masker.of_messages()
    if ended.status is RunStatus.SUCCEEDED:
        return "\n\n".join([*_findings(ended, masker), f"{_head(ended, failed, masker)}   {_took(ended)}"])
    blocks = [*(_cause(failed, ended, masker) if failed else ())]
    found = _findings(ended, masker)
    # what stopped a run is no matter of the step that it came to
    told = [*found, *blocks] if ended.status is RunStatus.STOPPED else [*blocks, *found]
    return "\n\n".join([_head(ended, failed, masker), *told, "\n".join(_after(ended, failed, masker))])


def _findings(ended: Ended, masker: Masker) -> list[str]:
    return [render_diagnostics(ended.diagnostics, masker)] if ended.diagnostics else []


def _head(ended: Ended, failed: tuple[StepReport, ...], masker: Masker) -> str:
    mark, colour, word = _SAID[ended.status]
    despite = f" after {in_line(' and '.join(ended.despite))} failed" if ended.despite else ""
    doubt = ", with a request in doubt" if ended.is_unsettled and ended.status is not RunStatus.IN_DOUBT else ""
    head = f"{bold(f'{mark} {in_line(ended.workflow_id)} {word}', colour)}{despite}{doubt}"
    if not failed:
        return head
    step = failed[0]
    names = f" {marks.LED} ".join(in_line(each.step_id) for each in reversed(failed))
    again = f", attempt {step.attempt}" if step.attempt > 1 else ""
    # what a finding says is told by the finding itself
    is_found = step.diagnostics or (ended.status is RunStatus.STOPPED and ended.diagnostics)
    why = "" if is_found else f": {in_line(masker.text(reason_of(step)))}"
    at = f"   {dim(in_line(_place(step)))}" if step.location is not None else ""
    return f"{head} at {bold(names)}{again}{why}{at}"


def _place(step: StepReport) -> str:
    """Return where a step failed: at its first criterion, if that has a line, else at the step."""
    failed = next((each.location for each in step.criteria if not each.passed), None)
    location = failed or step.location
    return f"{location.uri}:{location.line}" if location is not None else ""


def _cause(failed: tuple[StepReport, ...], ended: Ended, masker: Masker) -> Iterator[str]:
    """Yield the evidence of a step that failed, and the steps that called its workflow."""
    status, steps = ended.status, ended.steps
    step = failed[0]
    if step.diagnostics:
        yield render_diagnostics(step.diagnostics, masker)
    evidence = (lost(step, steps, masker), excerpt(step, masker), exchange(step, masker))
    for lines in (*evidence, _notes(failed, status, masker)):
        text = "\n".join(lines)
        if text:
            yield text


def _notes(failed: tuple[StepReport, ...], status: RunStatus, masker: Masker) -> Iterator[str]:
    reason = reason_of(failed[0])
    notes = [each for step in failed for each in step.notes if each != reason]
    yield from labelled("note", (in_line(masker.text(note)) for note in dict.fromkeys(notes)))
    action = failed[0].action
    if action is not None and action.name:
        yield from labelled("then", [in_line(_told(action))])
    elif status is not RunStatus.FAILED and not failed[0].notes:
        yield from labelled("then", ["the run stopped here"])


def _told(action: ActionTaken) -> str:
    target = f" `{action.target}`" if action.target else ""
    return f"{action.type}{target}, by action `{action.name}`"


def _after(ended: Ended, failed: tuple[StepReport, ...], masker: Masker) -> Iterator[str]:
    own = {id(each) for each in failed}
    done = [step for step in ended.steps if step.status is StepStatus.SUCCEEDED and id(step) not in own]
    shown = [cut(_done(step, masker), _LONGEST) for step in done[-_MOST_DONE:]]
    more = [f"{len(done) - _MOST_DONE} more before them"] if len(done) > _MOST_DONE else []
    yield from labelled("done", [*shown, *more])
    yield from labelled("outputs", [cut(each, _LONGEST) for each in _left_over(ended, masker)])
    yield from labelled("took", [_took(ended)])
    yield from labelled("next", ended.resumes.splitlines())
    # the command stands alone in its line, so that the line can be copied
    yield from labelled("again", [each for each in (ended.again, *ended.hint.splitlines()) if each])


def _left_over(ended: Ended, masker: Masker) -> Iterator[str]:
    """Yield the outputs that the steps which are told do not have themselves."""
    told = [value for step in ended.steps for value in step.outputs.values()]
    yield from (outputs_in_words({name: each}, masker) for name, each in ended.outputs.items() if each not in told)


def _done(step: StepReport, masker: Masker) -> str:
    status = f" ({step.response.status})" if isinstance(step.response, Response) else ""
    outputs = outputs_in_words(step.outputs, masker)
    return f"{in_line(step.step_id)}{status}{f': {outputs}' if outputs else ''}"


def _took(ended: Ended) -> str:
    visits = sum(step.attempt == 1 for step in ended.steps)
    return f"{_many(visits, 'step')}, {_many(count_of_requests(ended.steps), 'request')}, {duration(ended.elapsed)}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
