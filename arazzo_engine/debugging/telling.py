"""A moment as a person reads it: where it stands in the document, what was sent and came, what was decided and why.

Decides how much of each is told. Every text is masked by what is known of the run up to that moment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.debugging.decisions import Fate, chosen_because, considered
from arazzo_engine.debugging.moments import Kind
from arazzo_engine.debugging.places import place_of
from arazzo_engine.debugging.session import Reason
from arazzo_engine.language.templates import template_text
from arazzo_engine.machine.effects import Send
from arazzo_engine.printable import bold, dim, in_line, one_line, printable
from arazzo_engine.reporting.exchanges.exchange_text import exchange_text
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.widths import fill, width_of
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.secret_names import MASK, is_secret_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.debugging.decisions import Considered
    from arazzo_engine.debugging.session import Session, Stop
    from arazzo_engine.debugging.walk import Opened
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.criteria import CriterionResult
    from arazzo_engine.reporting.masking import Masker

# so many lines of a step are shown around the one that counts: before it begins, and later
_BEFORE: Final = 8
_LATER: Final = 2
_CONDITION: Final = 40
_WIDEST_VALUE: Final = 400
# a document may stand on one line
_WIDEST_LINE: Final = 200


def headline(session: Session) -> str:
    """Return in one line which moment it is."""
    moment, history = session.moment, session.history
    place = _place(session)
    total = f"/{len(history.moments)}" if history.is_over else ""
    number = dim(f"[{session.cursor + 1}{total}]")
    at = "" if place is None else dim(f"   {place.key_location()}")
    what = in_line(_masker(session).text(_what(session)))
    name = f"{bold(in_line(moment.name))} " if moment.step_id else ""
    return f"{number} {name}{what}{at}"


def _what(session: Session) -> str:
    moment, is_past = session.moment, session.is_past
    match moment.kind:
        case Kind.STEP:
            return "begins"
        case Kind.REQUEST:
            return "sends its request" if is_past else "is about to send its request"
        case Kind.TOKEN:
            return "asks for a token" if is_past else "is about to ask for a token"
        case Kind.JUDGED:
            return "failed" if moment.has_failed else "succeeded"
        case Kind.WAIT:
            return "waits before it is tried again"
        case _:
            report = session.look().report
            return f"the run of {moment.workflow_id} has ended: {'' if report is None else report.status}"


def why_here(stop: Stop, session: Session) -> str:
    """Return in a line why the run stands still, ``""`` where that goes without saying."""
    match stop.reason:
        case Reason.BREAKPOINT:
            known = session.breakpoints.by_number
            named = (f"{number} ({known[number].text})" for number in stop.breakpoints if number in known)
            return in_line(f"breakpoint {', '.join(named)}")
        case Reason.DIFFERENCE:
            return "here the run differs from its recording"
        case Reason.UNSAFE:
            return "what follows is a request that may change something"
        case Reason.START:
            return "this is the beginning"
        case Reason.PAUSE:
            return "paused"
        case _:
            return ""


def document_lines(session: Session, around: int | None = None) -> Iterator[str]:
    """Yield the lines of the document that the step takes, the one that counts with a mark."""
    place, frames = _place(session), session.frames()
    if place is None or not frames or frames[0].sight is None or place.document.is_secret:
        return
    step = frames[0].sight.step.step.at
    at = place.key_location()
    counts = at.line
    taken = step.lines() or range(counts, counts + 1)
    if step.document is not place.document or counts not in taken:
        taken = range(counts, counts + 1)
    text = place.document.text.split("\n")
    masker, width = _masker(session), len(str(taken.stop))
    near = around or (_BEFORE if session.moment.kind is Kind.STEP else _LATER)
    for number in range(max(taken.start, counts - near), min(taken.stop, counts + near + 1)):
        line = _cut(printable(masker.text(text[number - 1].rstrip("\r"))), at.column if number == counts else 1)
        mark = bold(marks.LED) if number == counts else " "
        yield f"{mark} {dim(f'{number:>{width}} |')} {bold(line) if number == counts else line}".rstrip()


def _cut(line: str, column: int) -> str:
    if len(line) <= _WIDEST_LINE:
        return line
    start = max(0, column - _WIDEST_LINE // 4)
    end = start + _WIDEST_LINE
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"


def exchange_lines(session: Session) -> Iterator[str]:
    """Yield what is about to be sent, or what was sent and came."""
    report = _exchanged(session)
    text = "" if report is None else exchange_text(report, session.masker)
    if text:
        yield from text.split("\n")


def _exchanged(session: Session) -> StepReport | None:
    walk, moment = session.look(), session.moment
    if isinstance(walk.effect, Send):
        if walk.effect.operation is None:
            return None
        named = moment.workflow_id, moment.step_id, moment.attempt
        return StepReport(*named, StepStatus.FAILED, request=walk.effect.request)
    frames = walk.frames
    return frames[0].report if frames and moment.kind is Kind.JUDGED else None


def token_line(session: Session) -> str:
    """Return where a token is asked for: of that request and its answer, nothing else is shown."""
    effect = session.look().effect
    if not isinstance(effect, Send) or effect.operation is not None:
        return ""
    return f"{dim('>')} {in_line(_masker(session).text(f'{effect.request.method} {effect.request.url}'))}"


def judged_lines(session: Session) -> Iterator[str]:
    """Yield the criteria with their values, the actions that were considered, and what follows."""
    frames = session.frames()
    if session.moment.kind is not Kind.JUDGED or not frames or frames[0].report is None:
        return
    opened, report, masker = frames[0], frames[0].report, _masker(session)
    yield from _told("criteria", _criteria(report.criteria, masker))
    yield from _told("outputs", _outputs(opened, masker))
    yield from _told("actions", (line for each in considered(opened) for line in _action(each, masker)))
    yield from _told("notes", (masker.text(note) for note in report.notes))
    yield from _told("follows", [masker.text(chosen_because(opened))] if report.action is not None else [])


def moment_lines(session: Session) -> Iterator[str]:
    """Yield everything that is told of a moment below its headline."""
    yield from document_lines(session)
    yield from exchange_lines(session)
    yield from filter(None, [token_line(session)])
    yield from judged_lines(session)
    yield from found_lines(session)


def found_lines(session: Session) -> Iterator[str]:
    """Yield what was found at this moment: findings, and what differs from a recording."""
    masker = _masker(session)
    for each in session.found:
        first, *rest = masker.text(each.text).split("\n")
        yield f"{bold(each.code, 'red')}: {printable(first)}"
        yield from (f"  {printable(line)}" for line in rest)


def stack_lines(session: Session) -> Iterator[str]:
    """Yield the attempts that are open, the innermost first."""
    for number, opened in enumerate(session.frames()):
        kind = session.moment.kind if number == 0 else Kind.REQUEST
        place = place_of(kind, opened)
        at = "" if place is None else dim(f"   {place.key_location()}")
        yield f"#{number} {in_line(f'{opened.workflow_id}.{opened.step_id}')}{at}"


def _told(label: str, lines: Iterable[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        head = label if index == 0 else ""
        yield f"{dim(f'{head:<9}')} {line}"


def _criteria(results: Iterable[CriterionResult], masker: Masker) -> Iterator[str]:
    for each in results:
        condition = in_line(masker.text(each.condition))
        padded = fill(condition, max(_CONDITION, width_of(condition)))
        mark = bold(marks.PASSED, "green") if each.passed else bold(marks.FAILED, "red")
        yield f"{mark} {padded}  {one_line(masker.text(each.explanation), _WIDEST_VALUE)}"


def _outputs(opened: Opened, masker: Masker) -> Iterator[str]:
    if opened.report is None or opened.sight is None:
        return
    written = opened.sight.step.step.outputs or {}
    for name, value in masker.value(dict(opened.report.outputs)).items():
        source = f"   {dim(in_line(template_text(written[name])))}" if name in written else ""
        told = MASK if is_secret_member(name) else masker.text(json.dumps(value, ensure_ascii=False))
        yield f"{in_line(name)} = {one_line(told, _WIDEST_VALUE)}{source}"


def _action(each: Considered, masker: Masker) -> Iterator[str]:
    mark = bold(marks.LED) if each.fate is Fate.CHOSEN else " "
    target = each.action.step_id or each.action.workflow_id or ""
    does = f"{each.action.type} {target}".strip()
    yield f"{mark} {in_line(f'{each.action.name}: {does}')}   {dim(each.fate)}"
    for line in _criteria(each.criteria, masker):
        yield f"    {line}"


def _place(session: Session) -> Place | None:
    frames = session.frames()
    return place_of(session.moment.kind, frames[0]) if frames else None


def _masker(session: Session) -> Masker:
    session.look()
    return session.masker.of_messages()
