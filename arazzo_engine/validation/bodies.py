"""What an operation's description says of its body: of which media types it is, if there is one, and of its parts.

A body that is not described is a warning, as the API may know more than its description says; nothing is told of one
that the API is to refuse. Whether what is sent is what a described body holds is judged by ``literals``, and what a
part holds is written by ``multipart``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.http_names import is_token
from arazzo_engine.apis.descriptions.media_types import kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.descriptions.paths import placeholders
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.misplaced_members import as_parameter, misplaced_members
from arazzo_engine.apis.linking.operations.sent_parameters import is_of_parameters
from arazzo_engine.apis.schemas.parts import UnreadSchemaError
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.apis.wire_forms.content_types import (
    WRITTEN_FROM,
    describe_body,
    documented,
    kind_of_payload,
    slipped_media_type,
)
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.values import JsonValue, as_list, as_mapping
from arazzo_engine.language.fixed_fields import REQUEST_BODY
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import Encoding, MediaType, RequestBodyDescription
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.parts import Parts
    from arazzo_engine.language.objects import RequestBody, Step

# a body that holds nothing
_EMPTY: Final[tuple[JsonValue, ...]] = (None, "", {}, [])
# RFC 9110, section 9.3: "content received in a GET request has no generally defined semantics"
_BODILESS: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_WITH_BODY: Final = frozenset({"POST", "PUT"})
_LEFT_OUT: Final = "leave `requestBody` out, or describe it in the API description"
_PARAMETERS_LEFT_OUT: Final = "leave the parameters in the body out, or describe a body in the API description"
_OF_BODIES: Final = frozenset({"body", "formData"})
# RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
_CONTROL: Final = lazy_pattern("[\x00-\x08\x0a-\x1f\x7f]")


def check_bodies(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each step that sends a body which its operation does not describe."""
    for step in workflow.steps:
        body = step.step.request_body
        if body is None or not _is_sent(body) or not isinstance(step.target, Operation):
            continue
        if step.target.method != "TRACE" and not wants_refusal(step.step.success_criteria):
            yield from _check_body(step, body, step.target)


def _is_sent(body: RequestBody) -> bool:
    is_empty = isinstance(body.payload, Literal) and body.payload.value in _EMPTY
    return body.payload is not None and not is_empty


def _check_body(step: LinkedStep, body: RequestBody, operation: Operation) -> Iterator[Diagnostic]:
    if operation.request_body is None:
        if operation.method in _BODILESS or _says_there_is_none(operation):
            yield from _undescribed(step, body, operation)
        return
    given, names = step.content_type, tuple(dict.fromkeys(each.name for each in documented(operation)))
    if not given or not names or "*" in given or describe_body(given, operation) is not None:
        return
    slip = slipped_media_type(given, operation)
    # one way of writing has several names, as `text/xml` and `application/vnd.x+json`
    is_known = slip is None and kind_of_body(given) in set(map(kind_of_body, names))
    # what cannot be written so is an error by itself, which has the fix where the payload is not written out
    is_slip = slip is not None and isinstance(body.payload, Literal)
    if is_known or not (is_slip or _can_be_written(body, given)):
        return
    message = f"step `{step.step.step_id}` sends `{given}`, and operation `{operation.label}` takes {listed(names)}"
    fix = f"write `contentType: {names[0]}`" if len(names) == 1 else "write one of them as `contentType`"
    fix = fix if slip is None else f"did you mean `{slip}`?"
    at = body.at.child("contentType") if body.content_type else body.at
    related = (Related("described here", operation.request_body.at),)
    yield diagnose("body-undescribed", message, at.location(), fix=fix, related=related)


def _can_be_written(body: RequestBody, given: str) -> bool:
    return body.payload is None or kind_of_payload(body.payload) in WRITTEN_FROM[kind_of_body(given)]


def _says_there_is_none(operation: Operation) -> bool:
    # a description that has no body anywhere, as a sketch of an API, says nothing of bodies
    paths = as_mapping(operation.at.document.content.at(("paths",)))
    return not _has_body(value_at(operation.at)) and any(
        _has_body(each) for path in paths.values() for each in as_mapping(path).values()
    )


def _has_body(operation: JsonValue) -> bool:
    members = as_mapping(operation)
    places = {as_mapping(each).get("in") for each in as_list(members.get("parameters"))}
    return "requestBody" in members or not places.isdisjoint(_OF_BODIES)


def _undescribed(step: LinkedStep, body: RequestBody, operation: Operation) -> Iterator[Diagnostic]:
    members = misplaced_members(step.step, operation)
    own = {name: each for name, each in _places(step, operation).items() if name in members}
    if own and len(own) == len(members) and all(is_needed for _, is_needed in own.values()):
        return  # that each is missing where it belongs is told, and what to write
    moved = listed([as_parameter(name, location, members[name]) for name, (location, _) in own.items()])
    message = f"step `{step.step.step_id}` sends a body, and operation `{operation.label}` describes none"
    left = _PARAMETERS_LEFT_OUT if is_of_parameters(body) else _LEFT_OUT
    fix = f"move what are its parameters from the payload to `parameters`: {moved}" if moved else left
    related = (Related("the operation", operation.at.key_location()),)
    yield diagnose("body-undescribed", message, body.at.location(), fix=fix, related=related)


def _places(step: LinkedStep, operation: Operation) -> dict[str, tuple[In, bool]]:
    """Return the place of each parameter that the step does not give, and whether that is an error."""
    given = {name for name, _ in step.given}
    declared = {
        each.name: (each.location, each.required and not satisfies(operation, each)) for each in operation.parameters
    }
    places = {**declared, **dict.fromkeys(placeholders(operation.path), (In.PATH, True))}
    return {name: each for name, each in places.items() if name not in given}


# --- what is not sent ---


def check_missing_body(linked: LinkedStep, operation: Operation, parts: Parts) -> Iterator[Diagnostic]:
    """Yield a diagnostic where a step has no payload, and its operation requires one, or what stands in it.

    Whether the server can do without is for the server to say; a body that was begun was meant to be sent.
    """
    step, description = linked.step, operation.request_body
    is_refusal = wants_refusal(step.success_criteria)
    what = wish_for_body(operation, parts)
    if description is None or not what or (is_refusal and not description.required) or _is_written_otherwise(step):
        return
    members = _required_members(description, parts)
    message = f"step `{step.step_id}` sends no body, and operation `{operation.label}` {what}"
    at = step.at.child("stepId") if step.request_body is None else step.request_body.at
    written = ", ".join(f"{write_scalar(each, in_flow=True)}: …" for each in members)
    written = f"`payload: {{{written}}}`"
    fix = "put what is sent under `payload`" if not members else f"put what is sent there: {written}"
    if step.request_body is None:
        fix = f"add `requestBody` with {written if members else 'a `payload`'}"
    related = (Related("declared here", description.at),)
    problem = diagnose("request-body-missing", message, at.location(), fix=fix, related=related)
    is_certain = description.required and step.request_body is not None and not is_refusal
    yield problem if is_certain else problem.as_warning()


def _is_written_otherwise(step: Step) -> bool:
    """Whether a body stands in a field that there is not, which is told by itself, with what to write."""
    fields = () if step.request_body is None else as_mapping(value_at(step.request_body.at))
    return any(not name.startswith("x-") and name not in REQUEST_BODY.allowed(version_1_1=True) for name in fields)


def wish_for_body(operation: Operation, parts: Parts) -> str:
    """Return what an operation says of a body that it wants, such as ``requires one``; empty where it does without."""
    description = operation.request_body
    if description is None or description.required:
        return "requires one" if description is not None else ""
    members = _required_members(description, parts) if _is_likely(operation) else ()
    return f"describes one with {listed(members)}" if members else ""


def _required_members(description: RequestBodyDescription, parts: Parts) -> tuple[str, ...]:
    """Return the members that a body has by what is described first, none where another media type needs none."""
    try:
        wholes = [() if each.schema is None else tuple(parts.together(each.schema)) for each in description.media_types]
    except UnreadSchemaError:
        return ()
    names = [tuple(parts.required(whole)) for whole in wholes]
    return names[0] if names and all(names) else ()


def _is_likely(operation: Operation) -> bool:
    """Whether a body is meant to be sent that is not said to be optional, though OpenAPI means that."""
    description = operation.request_body
    is_silent = description is not None and "required" not in as_mapping(value_at(description.at))
    return is_silent and operation.method in _WITH_BODY


# --- parts ---


def check_parts(description: MediaType) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each header of a part that no step can give, or that no message can hold."""
    for encoding in description.all_encodings():
        yield from _check_headers(description.name, encoding)
        if _CONTROL.search(encoding.content_type or ""):
            message = f"a part of `{description.name}` has a content type that no message can hold"
            at = encoding.at.child("contentType").location()
            yield diagnose("request-body-unsupported", message, at, fix="write a media type")


def _check_headers(media_type: str, encoding: Encoding) -> Iterator[Diagnostic]:
    headers = encoding.at.child("headers")
    for name in encoding.open_headers:
        message = f"a part of `{media_type}` requires the header `{name}`, and no step can give one"
        at = headers.child(name).location()
        yield diagnose("request-body-unsupported", message, at, fix="give the header a `const` in the description")
    for name, value in encoding.headers.items():
        if not is_token(name) or _CONTROL.search(value):
            message = f"a part of `{media_type}` has the header `{name}`, which no message can hold"
            at = headers.child(name).key_location()
            yield diagnose("request-body-unsupported", message, at, fix="correct its name and its value")
