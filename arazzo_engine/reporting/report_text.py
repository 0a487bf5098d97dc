"""A failed step on a terminal: what was sent, what came back, and which criterion failed.

It masks before it cuts, so that no part of a secret is left over.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.wire_forms.body_texts import bytes_text
from arazzo_engine.language.messages.exchange import Response, header
from arazzo_engine.language.messages.files import EncodedBytes
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.printable import bold, in_line, one_line, printable
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.outcomes import ActionTaken
    from arazzo_engine.reporting.step_report import StepReport

_EXCERPT: Final = 500
# their base64 is no longer than the excerpt of a text
_MOST_BYTES: Final = 256
# enough for the excerpt however much of it is masked
_LOOKED_AT: Final = 65_536
# half characters, and the mark that readers of a text drop: what was written down is read back the same
_UNENCODABLE: Final = re.compile("[\ud800-\udfff\ufeff]")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


def failed_steps(status: RunStatus, steps: Sequence[StepReport]) -> tuple[StepReport, ...]:
    """Return the steps that made a run fail, the innermost first: a step, and the steps that called its workflow."""
    chain: list[StepReport] = []
    if status is RunStatus.SUCCEEDED:
        return ()
    for step in (each for each in reversed(steps) if not _is_unsent(each)):
        is_cause = not chain or (step.depth == chain[-1].depth + 1 and chain[-1].request is None)
        if step.status is StepStatus.FAILED and is_cause:
            chain.append(step)
        elif not chain or step.depth <= chain[-1].depth:
            break
    return tuple(reversed(chain))


def _is_unsent(step: StepReport) -> bool:
    """Whether the run ended before the step sent anything: nothing came of it, so it is no reason for anything."""
    return step.action is None and step.request is None


def render_failure(step: StepReport, masker: Masker, status: RunStatus) -> str:
    """Return what was sent in an attempt that failed, what came, which criteria failed, and what followed."""
    location = step.location
    margin = "" if location is None else " " * len(str(location.line))
    head = bold("failed", "red")
    again = f", attempt {step.attempt}" if step.attempt > 1 else ""
    who = in_line(f"step `{step.step_id}` of workflow `{step.workflow_id}`")
    lines = [f"{head}: {who}{again}", *([] if location is None else [f"{margin}--> {in_line(str(location))}"])]
    lines.extend(f"{margin} | {printable(line)}" for line in _exchange(step, masker))
    for result in step.criteria:
        if not result.passed:
            at = f"  ({result.location})" if result.location else ""
            said = masker.text(f"`{result.condition}` was `{result.explanation}`{at}")
            lines.append(f"{margin} = criterion: {in_line(said)}")
    lines.extend(f"{margin} = cause: {in_line(masker.text(each.message))}" for each in step.diagnostics)
    lines.extend(f"{margin} = note: {in_line(masker.text(note))}" for note in step.notes)
    lines.append(f"{margin} = then: {in_line(_describe_action(step.action, status))}")
    text = masker.text("\n".join(lines))
    return "\n\n".join([text, *([render_diagnostics(step.diagnostics, masker)] if step.diagnostics else [])])


def _exchange(step: StepReport, masker: Masker) -> Iterator[str]:
    if step.request is not None:
        yield masker.text(f"{step.request.method} {step.request.url}")
    if isinstance(step.response, Response):
        yield f"{step.response.status} {_phrase(step.response.status)}".rstrip()
        location = header(step.response.headers, "location")
        if step.response.status in _REDIRECTS and location is not None:
            yield masker.text(f"Location: {location}  (not followed; see `--follow-redirects`)")
        body = body_excerpt(step.response, masker)
        if body:
            yield body
    elif step.response is not None:
        yield f"no response: {step.response.reason}"


def body_excerpt(response: Response, masker: Masker) -> str:
    """Return the beginning of a response's body on one line, masked before it is cut."""
    content_type = response.content_type or ""
    payload = response.payload
    if not response.content:
        return ""
    if isinstance(payload, EncodedBytes) or (isinstance(payload, str) and _is_binary(response)):
        what = f" of {media_type(content_type) or 'an unknown type'}"
        return masker.text(bytes_text(response.content, what, _MOST_BYTES))
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return one_line(_UNENCODABLE.sub(lambda match: ascii(match[0])[1:-1], masker.text(text[:_LOOKED_AT])), _EXCERPT)


def _is_binary(response: Response) -> bool:
    try:
        response.content[:_LOOKED_AT].decode(
            "utf-8", errors="strict" if len(response.content) <= _LOOKED_AT else "ignore"
        )
    except UnicodeDecodeError:
        return True
    return False


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _describe_action(action: ActionTaken | None, status: RunStatus) -> str:
    if action is None or (action.type == "end" and not action.name):
        is_over = status is RunStatus.FAILED
        return "the workflow ended, because no failure action applies" if is_over else "the run stopped here"
    target = f" `{action.target}`" if action.target else ""
    return f"{action.type}{target}, by action `{action.name}`"
