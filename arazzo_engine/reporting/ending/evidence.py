"""The evidence of a step that failed: its criteria with the values beside them, what was sent, what was answered.

Decides what of a message shows why: the headers that the workflow set, not those that every request has.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.document import Place
from arazzo_engine.language.messages.exchange import Response, header
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import dim, in_line, printable
from arazzo_engine.reporting.ending.bodies import body_excerpt, sent_excerpt
from arazzo_engine.reporting.ending.causes import never_left
from arazzo_engine.reporting.ending.criteria import beside
from arazzo_engine.reporting.lines.widths import cut, fill, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.diagnostics import Location
    from arazzo_engine.language.criteria import CriterionResult
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

_LABEL: Final = 10
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# what every request has, or what its body says by itself
_USUAL: Final = frozenset(
    {"host", "accept", "accept-encoding", "user-agent", "content-length", "content-type", "connection", "cookie"}
)
# a criterion that is longer leaves no room for a value beside it
_WIDEST: Final = 60
_CONDITION: Final = "condition"
_OUTPUT: Final = lazy_pattern(r"\$steps\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_.-]*[A-Za-z0-9_-])")


def labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines beneath each other, the first behind a label."""
    for index, line in enumerate(lines):
        yield f"  {'' if index else label:<{_LABEL}}{line}".rstrip()


def excerpt(step: StepReport, masker: Masker) -> Iterator[str]:
    """Yield the lines of the document that failed, each with the value that it met."""
    failed = [each for each in step.criteria if not each.passed]
    places = [each.location for each in failed]
    margin = max((len(str(each.line)) for each in places if each is not None), default=0)
    left = [_written(each, place, margin) for each, place in zip(failed, places, strict=True)]
    width = min(_WIDEST, max(map(width_of, left), default=0))
    for each, line in zip(failed, left, strict=True):
        said = in_line(masker.text(beside(each, step.response)))
        yield from ([f"{fill(line, width)}   {said}"] if width_of(line) <= width else [line, f"{' ' * width}   {said}"])


def _written(result: CriterionResult, place: Location | None, margin: int) -> str:
    if place is None:
        return f"  {' ' * margin}  │ {in_line(result.condition)}" if margin else f"    {in_line(result.condition)}"
    # a line that says more, or less, than the condition is no better than it
    source = place.source.strip()
    is_whole = in_line(result.condition) in source and width_of(source) <= _WIDEST
    shown = source if is_whole else f"{_CONDITION}: {cut(in_line(result.condition), 2 * _WIDEST)}"
    return f"  {place.line:>{margin + 2}} │ {printable(shown)}"


def output_location(step: StepReport, name: str) -> Location | None:
    """Return where an output of a step is written, if that is known."""
    return step.at.child("outputs", name).location() if isinstance(step.at, Place) else None


def sent(step: StepReport, masker: Masker) -> Iterator[str]:
    """Yield the request of an attempt: its line, the headers that the workflow set, the beginning of its body."""
    request = step.request
    if request is None:
        return
    yield in_line(masker.text(f"{request.method} {request.url}"))
    for name, value in request.headers:
        if name.lower() not in _USUAL:
            yield in_line(masker.text(f"{name}: {value}"))
    body = sent_excerpt(request, masker)
    if body:
        yield body


def answered(step: StepReport, masker: Masker) -> Iterator[str]:
    """Yield the answer of an attempt: its status, its type, the beginning of its body; or why there is none."""
    response = step.response
    if response is None:
        return
    if not isinstance(response, Response):
        # a step without findings is told with this reason already
        why = f", {in_line(masker.text(response.reason))}" if step.diagnostics else ""
        yield f"nothing{why}"
        return
    kind = media_type(response.content_type or "")
    yield in_line(f"{response.status} {phrase(response.status)}".rstrip() + (f"   {kind}" if kind else ""))
    location = header(response.headers, "location")
    if response.status in _REDIRECTS and location is not None:
        yield in_line(masker.text(f"Location: {location}  (not followed; see `--follow-redirects`)"))
    body = body_excerpt(response, masker)
    if body:
        yield body


def phrase(status: int) -> str:
    """Return what a status is called."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def lost(step: StepReport, steps: Sequence[StepReport], masker: Masker) -> Iterator[str]:
    """Yield where the value was lost that a step needs: the output that was absent."""
    for match in (each for found in step.diagnostics for each in _OUTPUT.finditer(found.message)):
        told = next((each for each in reversed(steps) if each.step_id == match[1]), None)
        name = match[2]
        notes = () if told is None else (note for note in told.notes if note.startswith(f"output `{name}` is "))
        for note in notes:
            location = output_location(told, name) if told is not None else None
            at = "" if location is None else f"   {location.uri}:{location.line}"
            yield from labelled("lost", [in_line(masker.text(f"in {match[1]}: {note}")) + dim(in_line(at))])


def exchange(step: StepReport, masker: Masker) -> Iterator[str]:
    """Yield what a step sent and what was answered."""
    # what surely never left is not said to have been sent
    if never_left(step):
        yield from labelled("not sent", sent(step, masker))
        return
    yield from labelled("sent", sent(step, masker))
    yield from labelled("answered", answered(step, masker))


def evidence(step: StepReport, steps: Sequence[StepReport], masker: Masker) -> Iterator[str]:
    """Yield all that shows why a step failed: where a value was lost, the criteria, the exchange."""
    yield from lost(step, steps, masker)
    yield from excerpt(step, masker)
    yield from exchange(step, masker)
