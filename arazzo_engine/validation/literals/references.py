"""A value that is nothing but a `$ref` is sent as it stands: that nobody follows it is told before anything is sent.

Decides what looks as if a file or a place of a document were to stand there, and when the API may want the `$ref`
itself: its description has a member of that name, or the value refers to a part of its own. It reads no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation, parameter_key
from arazzo_engine.apis.descriptions.schemas import Schema
from arazzo_engine.apis.linking.linked import WorkflowKey, content_type_of
from arazzo_engine.apis.schemas.alternatives import Alternatives, Way
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.wire_forms.content_types import PayloadKind, describe_body, kind_of_payload
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import parse_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.literals.known_parts import known_json, known_part
from arazzo_engine.validation.requests import as_wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter, PayloadReplacement, RequestBody

_MEMBER: Final = "$ref"
# what OpenAPI and JSON Schema refer by: a pointer, or a file with one or without
_REFERENCE: Final = lazy_pattern(r"(?i)\s*(#/.*|[^\s#]+\.(json|ya?ml)(#.*)?)\s*")
# nobody knows whether there may be a `$ref`
_UNTOLD: Final = frozenset({Way.UNKNOWN, Way.ALLOWED})


class _Sent(Struct, frozen=True):
    """A value that is sent, as far as it is known, and what is known of it by its schema.

    ``is_one_text`` when its parts have no places of their own; ``whole`` is what it becomes a part of, or itself.
    """

    what: str
    at: Place
    value: JsonValue
    known: Known
    whole: JsonValue
    is_one_text: bool = False
    is_part: bool = False


def check_references(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each object in what is sent that only refers to something."""
    schemas = Alternatives(Parts(linked.resolver))
    for step in workflow.steps:
        for sent in _sent_by(step, linked, schemas):
            yield from (as_wanted(problem, step) for problem in _told(sent, schemas))
        for action in step.actions:
            target = workflow.references.get(action.workflow_id or "")
            if target is not None:
                for sent in _inputs(action.parameters, linked.workflows[target], schemas):
                    yield from _told(sent, schemas)


# --- what is sent ---


def _sent_by(step: LinkedStep, linked: LinkedDescription, schemas: Alternatives) -> Iterator[_Sent]:
    if isinstance(step.target, WorkflowKey):
        yield from _inputs(step.parameters, linked.workflows[step.target], schemas)
    elif isinstance(step.target, Operation):
        yield from _parameters(step, step.target, schemas)
        if step.step.request_body is not None:
            yield from _in_body(step, step.target, step.step.request_body, schemas)


def _inputs(parameters: Iterable[Parameter], called: LinkedWorkflow, schemas: Alternatives) -> Iterator[_Sent]:
    inputs = schemas.of((Schema(called.workflow.at.child("inputs"), called.workflow.inputs),))
    for each in parameters:
        known = follow(inputs, (each.name,), schemas).known
        value = known_part(each.value)
        yield _Sent(f"input `{each.name}`", each.value.at, value, known, value)


def _parameters(step: LinkedStep, operation: Operation, schemas: Alternatives) -> Iterator[_Sent]:
    described = operation.described
    for each in step.parameters:
        found = described.get(parameter_key(each.name, each.location or ""))
        known = () if found is None or found.schema is None else schemas.of((found.schema,))
        value = known_part(each.value)
        yield _Sent(f"parameter `{each.name}`", each.value.at, value, known, value)


def _in_body(step: LinkedStep, operation: Operation, body: RequestBody, schemas: Alternatives) -> Iterator[_Sent]:
    if body.payload is None:
        return
    described = describe_body(content_type_of(step, operation, body.payload), operation)
    known = () if described is None or described.schema is None else schemas.of((described.schema,))
    is_one_text = kind_of_payload(body.payload) is PayloadKind.STRING
    payload = known_json(body.payload)
    yield _Sent("the payload", body.payload.at, payload, known, payload, is_one_text)
    for each in body.replacements:
        there = _known_at(each, known, schemas)
        name, is_part = f"the value at `{each.target}`", each.place != ()
        yield _Sent(name, each.value.at, known_part(each.value), there, payload, is_part=is_part)


def _known_at(replacement: PayloadReplacement, known: Known, schemas: Alternatives) -> Known:
    pointer = replacement.place
    return () if pointer is None else follow(known, pointer, schemas).known


# --- what only refers ---


def _told(sent: _Sent, schemas: Alternatives) -> Iterator[Diagnostic]:
    for path, reference in _referring(sent.value, ()):
        lead = follow(sent.known, (*path, _MEMBER), schemas)
        is_described = lead.depth > len(path)
        is_inside = bool(path) or sent.is_part
        if is_described or (is_inside and any(_is_own(reference, each) for each in (sent.value, sent.whole))):
            continue
        problem = _not_followed(sent, path, reference)
        # what takes any object may be a place for schemas, which refer
        yield problem.as_warning() if is_inside and lead.way in _UNTOLD else problem


def _referring(value: JsonValue, path: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Yield where an object has no other member than a `$ref` that looks like one, and what it is."""
    if isinstance(value, dict):
        reference = value.get(_MEMBER)
        if len(value) == 1 and isinstance(reference, str) and _REFERENCE.fullmatch(reference):
            yield path, reference.strip()
        for name, member in value.items():
            yield from _referring(member, (*path, name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _referring(element, (*path, str(index)))


def _is_own(reference: str, value: JsonValue) -> bool:
    """Whether a reference leads to a part of the value that it stands in, as in a schema that is sent."""
    pointer = _pointer(reference)
    return pointer is not None and resolve_pointer(value, pointer) is not ABSENT


def _not_followed(sent: _Sent, path: Pointer, reference: str) -> Diagnostic:
    named = f"`{'/'.join(path)}` of {sent.what}" if path else sent.what
    message = f'{named} would be sent as `{{"$ref": "{reference}"}}`: a `$ref` in a value leads nowhere'
    meant = _meant(reference, sent.at)
    what = f"what `{reference}` holds" if meant is None else "what stands there"
    fix = f"write {what} in place of the `$ref`; if the API wants the `$ref` itself, describe it in the schema"
    at = sent.at.location() if sent.is_one_text else sent.at.child(*path, _MEMBER).location()
    related = () if meant is None else (Related("what it names", meant.key_location()),)
    return diagnose("reference-in-a-value", message, at, fix=fix, related=related)


def _meant(reference: str, at: Place) -> Place | None:
    """Return the place of the same document that a reference names, if it is there."""
    pointer = _pointer(reference)
    if pointer is None or at.document.content.at(pointer) is ABSENT:
        return None
    return Place(at.document, pointer)


def _pointer(reference: str) -> Pointer | None:
    """Return the pointer that a reference within a document is, ``None`` of any other one."""
    try:
        return parse_pointer(reference.removeprefix("#")) if reference.startswith("#") else None
    except ValueError:
        return None
