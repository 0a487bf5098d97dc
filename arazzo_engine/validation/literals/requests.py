"""A step's literals are what its operation accepts: the members of its payload, and its parameters.

Decides what is an error: what the operation requires, or describes as all there is. A member that is nearly one that
is described is a warning, and so is a query parameter that is not: the API may know more than its description says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.schemas.parts import Parts, UnreadSchemaError
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.apis.wire_forms.content_types import (
    PayloadKind,
    describe_body,
    documented,
    is_of_any_bytes,
    kind_of_payload,
)
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.declarations import named_in_components
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import Literal, ObjectTemplate
from arazzo_engine.spelling import near_in_any_case, near_name
from arazzo_engine.validation.inputs.complaints import words_of
from arazzo_engine.validation.literals.in_brackets import OutOfBrackets, out_of_brackets
from arazzo_engine.validation.literals.judging import Complaint, Judging, Stranger
from arazzo_engine.validation.literals.known_parts import by_properties, known_part
from arazzo_engine.validation.literals.known_payloads import AS_TEXT, Put, known_payload
from arazzo_engine.validation.literals.scalars import takes_null
from arazzo_engine.validation.literals.subjects import Subject, operations, told_together
from arazzo_engine.validation.requests import is_filled_in
from arazzo_engine.vocabulary import any_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType, ParameterDescription
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter, RequestBody
    from arazzo_engine.language.templates import Template

# a path has placeholders, and a query string no name
_NAMED: Final = frozenset({In.QUERY, In.HEADER, In.COOKIE})
# the headers of a request that few descriptions declare
_WELL_KNOWN: Final = (
    *("If-Match", "If-None-Match", "Idempotency-Key", "Prefer", "X-Request-ID", "X-Correlation-ID"),
    *("Authorization", "Content-Type", "Accept", "Accept-Language", "User-Agent"),
    *("Cache-Control", "If-Modified-Since", "If-Unmodified-Since"),
)
_FORMS: Final = frozenset({BodyKind.FORM, BodyKind.MULTIPART})
_STRUCTURED: Final = frozenset({PayloadKind.OBJECT, PayloadKind.ARRAY})


def check_literals(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each literal of a request that its operation does not accept, or does not describe."""
    parts = Parts(linked.resolver)
    of_parameters: list[tuple[Subject, Complaint]] = []
    of_names: defaultdict[tuple[Place, str], list[tuple[str, Parameter]]] = defaultdict(list)
    for step in workflow.steps:
        if isinstance(step.target, Operation):
            # what the API is to refuse is sent wrong on purpose
            is_wanted = wants_refusal(step.step.success_criteria)
            found = _check_payload(step, step.target, parts)
            yield from (each for each in found if not (is_wanted and each.code == "literal-refused"))
            yield from () if is_wanted else _check_members(step, step.target, parts)
            for at, fix, parameter in _check_names(step, step.target, parts):
                of_names[at, fix].append((step.target.label, parameter))
            complained = _judge_parameters(step, step.target, parts)
            of_parameters += (each for each in complained if not (is_wanted and each[1].is_refused))
    # a parameter of the workflow goes to many operations
    yield from told_together(of_parameters)
    for (at, fix), misnamed in of_names.items():
        yield _misnamed(at, fix, misnamed)


# --- payloads ---


def _check_payload(step: LinkedStep, operation: Operation, parts: Parts) -> Iterator[Diagnostic]:
    body = step.step.request_body
    if body is None or body.payload is None:
        return
    described, kind = _taken(step, body.payload, operation)
    if described is None:
        # that the operation takes another media type is told by itself
        yield from (each.as_warning() for each in _judged(body, (_only_members(operation), kind), operation, parts))
        return
    yield from _judged(body, (described, kind), operation, parts)


def _taken(step: LinkedStep, payload: Template, operation: Operation) -> tuple[MediaType | None, BodyKind]:
    """Return what the operation says of a step's body, and how that is written."""
    content_type = content_type_of(step, operation, payload)
    return describe_body(content_type, operation), kind_of_body(content_type)


class _Payload(Struct, frozen=True):
    """A payload as far as it is known, with the schema that it is judged by, and the names that stand in it."""

    subject: Subject
    judging: Judging
    schema: Schema
    form: OutOfBrackets
    apart: tuple[Put, ...]

    def complaints(self) -> Iterator[Complaint]:
        for complaint in self.judging.complaints(self.schema, self.form.value):
            yield self.form.as_written(complaint)
        for each in self.apart:
            yield from self.judging.complaints_at(each.pointer, self.schema, each.value)


def complaints_about(body: RequestBody, step: LinkedStep, operation: Operation, parts: Parts) -> tuple[Complaint, ...]:
    """Return what the operation refuses in a body of a step, none where it does not describe one."""
    if body.payload is None:
        return ()
    payload = _payload(body, _taken(step, body.payload, operation), operation, parts)
    return () if payload is None else tuple(payload.complaints())


def _check_members(step: LinkedStep, operation: Operation, parts: Parts) -> Iterator[Diagnostic]:
    """Yield a warning where an operation describes members of a body, and none of those that a step sends."""
    body = step.step.request_body
    taken = None if body is None or body.payload is None else _taken(step, body.payload, operation)
    payload = None if body is None or taken is None else _payload(body, taken, operation, parts)
    if payload is None or taken is None or taken[0] is None or taken[1] is BodyKind.XML or taken[0].examples:
        return
    if next(payload.complaints(), None) is not None:
        return
    strangers = payload.judging.strangers(payload.schema, payload.form.value)
    # a reference is told by itself
    for found in (each for each in strangers if "$ref" not in each.value):
        named, has = payload.subject.named(found.path), listed(found.value)
        message = f"operation `{operation.label}` describes no member of {named}, which has {has}"
        related = (Related("described here", found.schema_at),)
        fix = _instead(found, step, operation)
        at = payload.subject.location_of(found.path)
        yield diagnose("name-undescribed", message, at, fix=fix, related=related)


def _expression(found: Stranger, name: str, step: LinkedStep) -> str:
    """Return the expression that a member of a payload is given, or how one is written."""
    part: Template | None = None if step.step.request_body is None else step.step.request_body.payload
    for token in (*found.path, name):
        part = part.members.get(token) if isinstance(part, ObjectTemplate) else None
    return part.expression.text if isinstance(part, Expression) else "$inputs.<name>"


def _instead(found: Stranger, step: LinkedStep, operation: Operation) -> str:
    """Return what to do about members that are not described; some are written that are parameters."""
    if not found.path and found.value.keys() <= {each.name for each in operation.parameters}:
        is_given = found.value.keys() <= {name for name, _ in step.given}
        done = "leave them out of the payload" if is_given else "move them to `parameters`"
        return f"{done}: they are parameters of the operation"
    # Step Functions say so that a value is a path into their state
    of_states = [name.removesuffix(".$") for name in found.value if name.endswith(".$")]
    if of_states and {*of_states} <= {*found.described}:
        written = " and ".join(f"`{name}: {_expression(found, f'{name}.$', step)}`" for name in of_states)
        return f"write {written}: no name of a member says that its value is an expression"
    described = listed(found.described)
    return f"write what is described, {described}; if they are meant, describe them in the API description"


def _judged(
    body: RequestBody, taken: tuple[MediaType | None, BodyKind], operation: Operation, parts: Parts
) -> Iterator[Diagnostic]:
    payload = _payload(body, taken, operation, parts)
    if payload is not None and taken[0] is not None:
        yield from payload.form.told(payload.subject.at, taken[0])
        yield from map(payload.subject.told, payload.complaints())


def _payload(
    body: RequestBody, taken: tuple[MediaType | None, BodyKind], operation: Operation, parts: Parts
) -> _Payload | None:
    described, kind = taken
    if body.payload is None or described is None or described.schema is None or kind not in {BodyKind.JSON, *AS_TEXT}:
        return None
    known = known_payload(body, kind)
    value = known.value
    if is_of_any_bytes(described) and not isinstance(value, str):
        # "any bytes" of any type are the bytes of this one
        return None
    if kind is BodyKind.XML:
        value = by_properties(value, described.shape)
    is_one_text = kind_of_payload(body.payload) is PayloadKind.STRING
    as_text = kind in AS_TEXT or kind_of_body(described.name) in AS_TEXT
    put = tuple((each.pointer, each.at) for each in (*known.put, *known.apart))
    subject = Subject("the payload", body.payload.at, f"operation `{operation.label}`", is_one_text, put=put)
    # RFC 5789, section 2: a PATCH has "a set of changes", and is often described by what it changes
    judging = Judging(parts, as_text=as_text, is_partial=operation.method == "PATCH")
    form = out_of_brackets(value, described.schema, parts) if kind in _FORMS else OutOfBrackets(value)
    return _Payload(subject, judging, described.schema, form, known.apart)


def _only_members(operation: Operation) -> MediaType | None:
    """Return what an operation takes where that is members, however they are written, and nothing else."""
    taken = documented(operation)
    is_only = len(taken) == 1 and kind_of_body(taken[0].name) in {BodyKind.JSON, *_FORMS}
    return taken[0] if is_only else None


# --- parameters ---


def _check_names(step: LinkedStep, operation: Operation, parts: Parts) -> Iterator[tuple[Place, str, Parameter]]:
    """Yield each parameter that an operation does not describe, with what to write and where."""
    declared = _declared_by(operation)
    names, missing = {parameter_key(*each) for each in declared}, _missing_of(declared, step, operation)
    for parameter in step.parameters:
        if parameter_key(parameter.name, parameter.location or "") not in names:
            nearly = tuple(_check_name(parameter, missing))
            # what a workflow gives to all of its steps need not be for each of them
            is_own = parameter in step.step.parameters
            for at, fix in nearly or (_check_query(parameter, step, operation, parts) if is_own else ()):
                yield at, fix, parameter


def _misnamed(at: Place, fix: str, found: list[tuple[str, Parameter]]) -> Diagnostic:
    owners, parameter = list(dict.fromkeys(f"operation `{label}`" for label, _ in found)), found[0][1]
    who = f"{owners[0]} does" if len(owners) == 1 else f"{operations(owners)} do"
    message = f"{who} not describe {parameter.location} parameter `{parameter.name}`"
    return diagnose("name-undescribed", message, at.location(), fix=fix, related=named_in_components(at))


def _judge_parameters(step: LinkedStep, operation: Operation, parts: Parts) -> Iterator[tuple[Subject, Complaint]]:
    described = operation.described
    for parameter in step.parameters:
        found = described.get(parameter_key(parameter.name, parameter.location or ""))
        # that there is no value is told by itself
        is_given = value_at(parameter.value.at) is not ABSENT
        if found is not None and found.schema is not None and found.content_type is None and is_given:
            what = f"{found.location} parameter `{found.name}`"
            is_one_text = kind_of_payload(parameter.value) not in _STRUCTURED
            subject = Subject(what, parameter.value.at, f"operation `{operation.label}`", is_one_text)
            judging = Judging(parts, as_text=True, is_needed=found.required)
            complaints = judging.complaints(found.schema, known_part(parameter.value))
            for complaint in complaints or _missing_value(parameter, found, parts):
                yield subject, complaint


def _missing_value(parameter: Parameter, described: ParameterDescription, parts: Parts) -> Iterator[Complaint]:
    """Yield that a parameter's value was left out: null is sent as the empty text, and few mean that by it."""
    if not isinstance(parameter.value, Literal) or parameter.value.value is not None or described.schema is None:
        return
    try:
        whole = tuple(parts.together(described.schema))
    except UnreadSchemaError:
        return
    says = as_mapping(value_at(described.at))
    typed = next((part for part in whole if "type" in as_mapping(part.value)), None)
    if typed is None or takes_null(whole) or says.get("allowEmptyValue") is True:
        return
    message = words_of("type", as_mapping(typed.value)["type"], None)
    fix = "write the value, or remove the parameter; for an empty text, write `''`"
    yield Complaint((), message, typed.at, fix, is_certain=False)


def _declared_by(operation: Operation) -> tuple[tuple[str, str], ...]:
    """Return the name and location of each parameter that the operation has, those of its security among them."""
    schemes = [each.scheme for each in operation.requirements]
    return (
        *((each.name, str(each.location)) for each in operation.parameters),
        *((each.parameter_name, str(each.location)) for each in schemes if each.location is not None),
        *(("Authorization", str(In.HEADER)) for each in schemes if each.location is None),
        *((name, str(In.HEADER)) for name in _WELL_KNOWN),
    )


def _missing_of(
    declared: tuple[tuple[str, str], ...], step: LinkedStep, operation: Operation
) -> tuple[tuple[str, str], ...]:
    """Return the name and location of each parameter that is declared and that the step does not give."""
    # one that is required is told where it is missing, but for what is sent without the step
    needed = (each for each in operation.parameters if each.required and not is_filled_in(each, step))
    required = {parameter_key(each.name, each.location) for each in needed if not satisfies(operation, each)}
    known = {parameter_key(*each) for each in step.given} | required
    return tuple(each for each in declared if parameter_key(*each) not in known and each[1] in _NAMED)


def _check_name(parameter: Parameter, missing: tuple[tuple[str, str], ...]) -> Iterator[tuple[Place, str]]:
    """Yield where and what to write for a parameter that is nearly one of those that are missing."""
    if parameter.location not in _NAMED:
        return
    same = next((location for name, location in missing if name == parameter.name), None)
    names = [name for name, location in missing if location == parameter.location]
    slip = (near_in_any_case if parameter.location == In.HEADER else near_name)(parameter.name, names)
    if slip:
        yield parameter.at.child("name"), f"did you mean `{slip}`?"
    elif same:
        yield parameter.at.child("in"), f"write `in: {same}`"


def _check_query(
    parameter: Parameter, step: LinkedStep, operation: Operation, parts: Parts
) -> Iterator[tuple[Place, str]]:
    """Yield where and what to write for a query parameter that is known in no way, though others are described.

    One that is a member of the body is told as that, whatever else is described.
    """
    names = [each.name for each in operation.parameters if each.location is In.QUERY]
    # headers and cookies are often understood by what stands before an API; what is nearly a name is told as that
    if parameter.location != In.QUERY or near_name(parameter.name, names):
        return
    is_member = _is_member(parameter.name, step, operation, parts)
    if (names or is_member) and not _takes_any(operation, parameter.name, parts):
        instead = "leave it out, or describe it in the API description"
        fix = any_of(f"write {{}}, or {instead}", names, otherwise=instead)
        in_body = f"write it into the payload, as `{parameter.name}`: it is a member of the body"
        yield parameter.at.child("name"), in_body if is_member else fix


def _is_member(name: str, step: LinkedStep, operation: Operation, parts: Parts) -> bool:
    """Whether the body of an operation has a member of this name, which the step does not send."""
    body = step.step.request_body
    sent = None if body is None or body.payload is None else known_part(body.payload)
    schemas = (each.schema for each in documented(operation) if each.schema is not None)
    try:
        described = {each for schema in schemas for each in parts.names(tuple(parts.together(schema)))}
    except UnreadSchemaError:
        return False
    return name in described and (sent is None or (isinstance(sent, dict) and name not in sent))


def _takes_any(operation: Operation, name: str, parts: Parts) -> bool:
    """Whether a query may have a name that no parameter has: as a part of one, or as a property of an object."""
    # OpenAPI, Parameter Object, style: `form` with `explode` writes each property of an object by its own name
    return any(
        each.location is In.QUERYSTRING
        or (each.location is In.QUERY and (name.startswith(f"{each.name}[") or _is_object(each.schema, parts)))
        for each in operation.parameters
    )


def _is_object(schema: Schema | None, parts: Parts) -> bool:
    try:
        return schema is not None and any(each.value.get("type") == "object" for each in parts.together(schema))
    except UnreadSchemaError:
        return True  # nobody knows what it is
