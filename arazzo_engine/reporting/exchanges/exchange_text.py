"""An exchange as a person reads it, as `-v` tells it: the request line, headers and body, and those of the answer.

Decides how much of a body is told. What is secret is masked by value, and cookies as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.printable import bold, dim, in_line
from arazzo_engine.reporting.ending.bodies import body_lines
from arazzo_engine.reporting.ending.evidence import phrase
from arazzo_engine.reporting.lines.durations import duration
from arazzo_engine.reporting.messages.json_forms import without_cookie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.exchange import Headers, Request
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

# of a body, so many characters are told
LONGEST_BODY: Final = 2_000


def exchange_text(step: StepReport, masker: Masker) -> str:
    """Return what was sent in an attempt and what came, ``""`` when nothing was sent."""
    masker.learn_named(step.named_secrets)
    masker = masker.of_messages()
    if step.request is None:
        return ""
    return "\n".join([*_sent(step.request, step, masker), *_answered(step, masker)])


def _sent(request: Request, step: StepReport, masker: Masker) -> Iterator[str]:
    again = dim(f"   attempt {step.attempt}") if step.attempt > 1 else ""
    yield f"{dim('>')} {bold(in_line(masker.text(f'{request.method} {request.url}')))}{again}"
    yield from _message(request, request.headers, masker, dim(">"))


def _answered(step: StepReport, masker: Masker) -> Iterator[str]:
    response, took = step.response, dim(f"   {duration(step.elapsed)}")
    if isinstance(response, Response):
        yield f"{dim('<')} {bold(f'{response.status} {phrase(response.status)}'.rstrip())}{took}"
        yield from _message(response, response.headers, masker, dim("<"))
    elif response is not None:
        yield f"{dim('<')} {bold(in_line(masker.text(f'no response: {response.reason}')))}{took}"


def _message(message: Request | Response, headers: Headers, masker: Masker, margin: str) -> Iterator[str]:
    for name, value in headers:
        shown = without_cookie(name, value)
        yield f"{margin} {dim(in_line(masker.text(f'{name}: {shown}')))}"
    lines = body_lines(message, masker, LONGEST_BODY)
    if lines:
        yield margin
        yield from (f"{margin} {line}".rstrip() for line in lines)
