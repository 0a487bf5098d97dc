"""A required header that a request has without its step: whether the text that it has is one that the operation takes.

Decides what of it is an error: a text that is refused where the step could give another one. A header that no step can
set is told where it is not as the operation wants it. Which headers these are is the table's of ``apis.own_headers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.http_names import why_no_header
from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.idempotency import MADE_UP, is_key
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.own_headers import EXPECTING_A_BODY, goes_with_a_body, is_of_a_hop, own_texts
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.wire_forms.content_types import accepted
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.validation.literals.judging import Judging
from arazzo_engine.validation.requests import decides_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.validation.literals.judging import Complaint

_OPTIONAL: Final = "say in the description that it is optional: no step can set it"


def check_own_headers(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield what is wrong with the headers that operations require and that no step gives."""
    parts = Parts(linked.resolver)
    for step in workflow.steps:
        if isinstance(step.target, Operation):
            given = {parameter_key(*each) for each in step.given}
            for each in step.target.parameters:
                if not each.required or parameter_key(each.name, each.location) in given:
                    continue
                if each.location is In.HEADER and is_key(each.name):
                    yield from _check_key(each, step, step.target, parts)
                elif decides_itself(each, step):
                    yield from _check(each, step, step.target, parts)


def _check(
    described: ParameterDescription, step: LinkedStep, operation: Operation, parts: Parts
) -> Iterator[Diagnostic]:
    named = f"header parameter `{described.name}`, which operation `{operation.label}` requires"
    if reason := _why_not_sent(described, step, operation):
        yield _told(f"{named}, is not sent: {reason}", described, step, _OPTIONAL).as_warning()
    elif (refused := _refused(described, _texts(described.name, step, operation), parts)) is not None:
        text, complaint = refused
        message = f"{named}, is sent as `{text}` where step `{step.step.step_id}` does not set it, and "
        message += complaint.message
        if why_no_header(described.name):
            yield _told(message, described, step, _OPTIONAL).as_warning()
        else:
            yield _told(message, described, step, f"add a parameter `{described.name}` with `in: header`")


def _check_key(
    described: ParameterDescription, step: LinkedStep, operation: Operation, parts: Parts
) -> Iterator[Diagnostic]:
    """Yield that the key which a request is recognised by is made in another form than its operation takes."""
    if (refused := _refused(described, (MADE_UP,), parts)) is not None:
        text, complaint = refused
        message = (
            f"header parameter `{described.name}`, which operation `{operation.label}` requires, is made as a UUID"
        )
        message += f" (`{text}`) where step `{step.step.step_id}` does not set it, and {complaint.message}"
        yield _told(message, described, step, f"add a parameter `{described.name}` with `in: header`")


def _told(message: str, described: ParameterDescription, step: LinkedStep, fix: str) -> Diagnostic:
    related = (Related("declared here", described.at),)
    at = step.step.at.child("stepId").location()
    return diagnose("required-parameter-missing", message, at, fix=fix, related=related)


def _why_not_sent(described: ParameterDescription, step: LinkedStep, operation: Operation) -> str:
    if is_of_a_hop(described.name) and not own_texts(described.name):
        return f"it {why_no_header(described.name)}"
    is_without_body = step.step.request_body is None and operation.method not in EXPECTING_A_BODY
    return f"step `{step.step.step_id}` sends no body" if is_without_body and goes_with_a_body(described.name) else ""


def _texts(name: str, step: LinkedStep, operation: Operation) -> tuple[str, ...]:
    """Return the texts that a header may have in the requests of a step, none where they are not known."""
    body = step.step.request_body
    if name.lower() == "accept" and (wanted := accepted(operation, step.step)):
        return (wanted,)
    if name.lower() == "content-type" and body is not None and body.payload is not None:
        return (content_type_of(step, operation, body.payload),)
    return own_texts(name)


def _refused(described: ParameterDescription, texts: tuple[str, ...], parts: Parts) -> tuple[str, Complaint] | None:
    """Return the first of the texts that a header may have which its schema refuses, and what it says of it."""
    if described.schema is None:
        return None
    judging = Judging(parts, as_text=True)
    for text in texts:
        for complaint in judging.complaints(described.schema, text):
            return text, complaint
    return None
