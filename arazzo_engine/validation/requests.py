"""Every request that a step sends can be built: its parameters, path, headers and body.

Decides from the operation and the step's text, before any value is known. Building the request itself is the
machine's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.encodings import SHAPED
from arazzo_engine.apis.descriptions.http_names import why_no_cookie, why_no_header
from arazzo_engine.apis.descriptions.media_types import kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.descriptions.paths import (
    in_braces,
    is_written,
    placeholder_of,
    placeholders,
    query_placeholders,
    split_path,
)
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.idempotency import is_key
from arazzo_engine.apis.linking.linked import content_type_of, is_header
from arazzo_engine.apis.linking.misplaced_members import as_parameter, misplaced_members
from arazzo_engine.apis.own_headers import goes_with_a_body, is_of_a_hop, is_own
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.apis.wire_forms.content_types import (
    ONE_MEDIA_TYPE,
    WRITTEN_FROM,
    PayloadKind,
    describe_body,
    inner_kind,
    kind_of_payload,
    listed,
    slipped_media_type,
    why_at_odds,
    why_unfit,
)
from arazzo_engine.diagnostics import Diagnostic, Related, Severity, diagnose, did_you_mean
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.declarations import named_in_components
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_name
from arazzo_engine.validation.bodies import check_missing_body, check_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.language.objects import Parameter, RequestBody
    from arazzo_engine.language.templates import Template


def check_requests(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each step whose request lacks something that its operation needs."""
    parts = Parts(linked.resolver)
    for step in workflow.steps:
        if isinstance(step.target, Operation):
            yield from _check_path(step, step.target)
            yield from _check_declared(step, step.target)
            yield from _check_required(step, step.target)
            yield from _check_asynchronous(step)
            yield from _check_headers(step)
            yield from _check_cookies(step, step.target)
            yield from _check_querystring(step)
            yield from _check_body(step, step.target, parts)


_PLACES: Final = frozenset(In)
_OF_A_URL: Final = frozenset({In.PATH, In.QUERY})
_HEADER_TEXT: Final = lazy_pattern(r"[\t\x20-\x7e]+")


def _check_asynchronous(linked: LinkedStep) -> Iterator[Diagnostic]:
    # "Only applicable to `asyncapi` steps"; that a step has no `correlationId` without receiving is noted already
    action = linked.step.action
    correlation = linked.step.correlation_id if action == "receive" else None
    for name, value in (("action", action), ("correlationId", correlation)):
        if value is not None:
            message = f"step `{linked.step.step_id}` calls an operation of OpenAPI, which has no `{name}`"
            at = linked.step.at.child(name).key_location()
            clause = "Arazzo 1.1.0, Step Object"
            yield diagnose("field-ignored", message, at, fix=f"remove `{name}`", clause=clause)


def _check_path(linked: LinkedStep, operation: Operation) -> Iterator[Diagnostic]:
    wanted = placeholders(operation.path)
    given = {each.name: each for each in linked.parameters if each.location == In.PATH}
    # where a parameter belongs whose `in` is wrong, nobody knows; that it is wrong is noted already
    misplaced = {each.name for each in linked.parameters if each.location not in _PLACES}
    filled = {placeholder_of(name, wanted) for name in (*given, *misplaced)} | _filled_in_query(linked, operation)
    empty = [name for name in wanted if name not in filled and "parameters" not in linked.unread]
    unknown = {name: each for name, each in given.items() if placeholder_of(name, wanted) is None}
    if len(empty) == len(unknown) == 1 and all(_is_own(linked, each) for each in unknown.values()):
        yield from (_other_name(each, empty[0], operation) for each in unknown.values())
        return
    for name in empty:
        message = f"step `{linked.step.step_id}` gives no value for `{{{name}}}` of `{operation.path}`"
        fix = _moved(name, In.PATH, linked) or _filling(name, operation)
        related = (Related("the operation", operation.at.key_location()),)
        at = linked.step.at.child("stepId").location()
        yield diagnose("path-parameter-mismatch", message, at, fix=fix, related=related)
    yield from (_without_place(name, each, operation) for name, each in unknown.items())


def _is_own(linked: LinkedStep, parameter: Parameter) -> bool:
    """Whether a parameter is of this step alone: one of the workflow may be right for others."""
    at = linked.step.at.pointer
    return is_within(parameter.at.pointer, at) and "reference" not in as_mapping(value_at(parameter.at))


def _other_name(parameter: Parameter, empty: str, operation: Operation) -> Diagnostic:
    """Tell of the only value without a placeholder, where only one placeholder is without a value."""
    message = f"`{operation.path}` has no placeholder `{{{parameter.name}}}`, and its `{{{empty}}}` is given no value"
    fix = f"rename `{parameter.name}` to `{empty}`"
    related = (Related("the operation", operation.at.key_location()),)
    at = parameter.at.child("name").location()
    return diagnose("path-parameter-mismatch", message, at, fix=fix, related=related)


def _without_place(name: str, parameter: Parameter, operation: Operation) -> Diagnostic:
    """Return that a path has no placeholder for what a step gives; one in another form is told where it stands."""
    message = f"`{operation.path}` has no placeholder `{{{name}}}`"
    at = parameter.at.child("name")
    path = in_braces(operation.path, (name,))
    if path != operation.path and operation.at.pointer[:2] == ("paths", operation.path):
        related = (Related("the parameter of the step", at.location()),)
        named = Place(operation.at.document, operation.at.pointer[:2])
        fix = f"did you mean `{path}`?"
        return diagnose("path-parameter-mismatch", message, named.key_location(), fix=fix, related=related)
    place = next((each.location for each in operation.parameters if each.name == name), In.PATH)
    if place is not In.PATH:
        wrong = parameter.at.child("in").location()
        return diagnose("path-parameter-mismatch", message, wrong, fix=f"write `in: {place}`")
    fix = did_you_mean(name, placeholders(operation.path)) or "remove the parameter, or change its `in`"
    return diagnose("path-parameter-mismatch", message, at.location(), fix=fix)


def _check_declared(linked: LinkedStep, operation: Operation) -> Iterator[Diagnostic]:
    """Yield a warning for each parameter of the path that the description has a place for nowhere in it."""
    wanted = placeholders(operation.path)
    given = {each.name for each in linked.parameters if each.location == In.PATH}
    for each in operation.parameters:
        if each.location is In.PATH and each.name not in given and placeholder_of(each.name, wanted) is None:
            message = (
                f"operation `{operation.label}` declares the path parameter `{each.name}`, and `{operation.path}`"
                " has no placeholder for it: it is not sent"
            )
            left = "leave it out of the operation, or correct its `name` or `in`"
            fix = did_you_mean(each.name, wanted) or left
            related = (Related("the operation", operation.at.key_location()),)
            at = each.at.location()
            yield diagnose("path-parameter-mismatch", message, at, fix=fix, related=related).as_warning()


def _filled_in_query(linked: LinkedStep, operation: Operation) -> set[str]:
    """Return the placeholders in the query of a path that have a value, or need none.

    No version of OpenAPI says how a template of a query is declared: those that have one declare its names in either
    place, and what an operation may be called without leaves nothing in the query.
    """
    wanted = query_placeholders(operation.path)
    given = {each.name for each in linked.parameters if each.location == In.QUERY}
    declared = [each for each in operation.parameters if each.location is In.QUERY]
    free = {each.name for each in declared if not each.required or satisfies(operation, each)}
    return {*wanted} & (given | free) - {*placeholders(split_path(operation.path)[0])}


def _filling(name: str, operation: Operation) -> str:
    """Return the fix for a placeholder without a value: the parameter as the operation declares it."""
    names = (name, name.strip("+"))
    declared = next((each for each in operation.parameters if each.name in names and each.location in _OF_A_URL), None)
    found = (name, In.PATH) if declared is None else (declared.name, declared.location)
    return f"add a parameter `{found[0]}` with `in: {found[1]}`"


def _check_required(linked: LinkedStep, operation: Operation) -> Iterator[Diagnostic]:
    given = {_key(each.location or "", each.name) for each in linked.parameters}
    templated = query_placeholders(operation.path)
    misplaced = {each.name for each in linked.parameters if each.location not in _PLACES}
    for description in operation.parameters:
        if description.location is In.PATH or not description.required:
            continue
        is_given = _key(description.location, description.name) in given or description.name in misplaced
        if description.location is In.QUERY and not is_given:
            # what stands in the path's own query is judged with the path
            is_given = description.name in templated or is_written(description.name, operation.path)
        fills_in = is_filled_in(description, linked)
        if is_given or "parameters" in linked.unread or satisfies(operation, description) or fills_in:
            continue
        named = f"{description.location} parameter `{description.name}`"
        message = f"step `{linked.step.step_id}` does not set {named}, which operation `{operation.label}` requires"
        slip = _slip_for(description, linked, operation)
        fix = _moved(description.name, description.location, linked) or _adding(description)
        related: tuple[Related, ...] = (Related("declared here", description.at),)
        at = linked.step.at.child("stepId").location()
        if slip is not None:
            fix = f"rename parameter `{slip.name}` to `{description.name}`"
            place = slip.at.child("name")
            at, related = place.location(), (*related, *named_in_components(place))
        yield as_wanted(diagnose("required-parameter-missing", message, at, fix=fix, related=related), linked)


def _moved(name: str, location: In, linked: LinkedStep) -> str:
    """Return the fix for a parameter whose value stands in a body that the operation does not have."""
    members = misplaced_members(linked.step, linked.target) if isinstance(linked.target, Operation) else {}
    if name not in members:
        return ""
    return f"move it from the payload to `parameters`: `{as_parameter(name, location, members[name])}`"


def _adding(missing: ParameterDescription) -> str:
    if missing.location is In.HEADER and (reason := why_no_header(missing.name)):
        return f"say in the description that it is optional: no step can set it, since it {reason}"
    return f"add a parameter `{missing.name}` with `in: {missing.location}`"


def as_wanted(problem: Diagnostic, linked: LinkedStep) -> Diagnostic:
    """Return what is wrong with a request: a warning where the step wants the API to refuse it."""
    return problem.as_warning() if wants_refusal(linked.step.success_criteria) else problem


def is_filled_in(description: ParameterDescription, linked: LinkedStep) -> bool:
    """Whether the run writes a parameter itself: a key by which the server recognises the request, or its own headers.

    Whether those have a value that the operation takes is judged by ``literals``.
    """
    if description.location is not In.HEADER:
        return False
    return is_key(description.name) or decides_itself(description, linked)


def decides_itself(described: ParameterDescription, step: LinkedStep) -> bool:
    """Whether what a header says, or that it is not there, is decided without the step."""
    if described.location is not In.HEADER:
        return False
    can_be_set = not why_no_header(described.name)
    has_body = step.step.request_body is not None or not goes_with_a_body(described.name)
    return is_of_a_hop(described.name) or (is_own(described) and (has_body or not can_be_set))


def _slip_for(missing: ParameterDescription, linked: LinkedStep, operation: Operation) -> Parameter | None:
    """Return the parameter that was meant to be one that is missing: it has nearly its name, and is not described."""
    described = {_key(each.location, each.name) for each in operation.parameters}
    given = [each for each in linked.parameters if each.location == missing.location]
    unknown = {each.name: each for each in given if _key(each.location or "", each.name) not in described}
    slip = near_name(missing.name, list(unknown))
    return None if slip is None else unknown[slip]


def _check_headers(linked: LinkedStep) -> Iterator[Diagnostic]:
    for parameter in linked.parameters:
        if parameter.location == In.HEADER and (reason := why_no_header(parameter.name)):
            is_host = parameter.name.lower() == "host"
            message = f"step `{linked.step.step_id}` sets a header that is not its own: `{parameter.name}` {reason}"
            what = f"{message}; it is left out" if is_host else message
            at = parameter.at.child("name").location()
            problem = diagnose("header-refused", what, at, fix="remove the parameter")
            # descriptions list it, and the request has the right one without the step's
            yield replace(problem, severity=Severity.WARNING) if is_host else problem
    body = linked.step.request_body
    if body is not None and body.content_type is not None and not _HEADER_TEXT.fullmatch(body.content_type):
        message = f"step `{linked.step.step_id}` has a content type with characters that no header can hold"
        yield diagnose("header-refused", message, body.at.child("contentType").location(), fix="write a media type")


def _check_cookies(linked: LinkedStep, operation: Operation) -> Iterator[Diagnostic]:
    # OpenAPI 3.2, style `cookie`: "no percent-encoding or other escaping is applied"; the others encode the name
    plain = [each for each in operation.parameters if each.location is In.COOKIE and each.style == "cookie"]
    for parameter in linked.parameters:
        is_plain = parameter.location == In.COOKIE and any(each.name == parameter.name for each in plain)
        if is_plain and (reason := why_no_cookie(parameter.name)):
            message = f"step `{linked.step.step_id}` sets a cookie that cannot be sent: `{parameter.name}` {reason}"
            fix = "give the cookie another `style` in the description, or remove the parameter"
            yield diagnose("value-unsendable", message, parameter.at.child("name").location(), fix=fix)


def _key(location: str, name: str) -> tuple[str, str]:
    # the whole query string is one parameter, whatever it is called
    return parameter_key("" if location == In.QUERYSTRING else name, location)


def _check_querystring(linked: LinkedStep) -> Iterator[Diagnostic]:
    whole = [each for each in linked.parameters if each.location == In.QUERYSTRING]
    rest = [each for each in linked.parameters if each.location == In.QUERY]
    # "The `querystring` location cannot coexist with `query` parameters in the same operation per OpenAPI constraints."
    for each in (*whole[1:], *(rest if whole else ())):
        message = f"parameter `{each.name}` stands beside `{whole[0].name}`, which is the whole query string"
        fix = f"write it into the value of `{whole[0].name}`"
        yield diagnose("parameter-location", message, each.at.child("in").location(), fix=fix)


def _check_body(linked: LinkedStep, operation: Operation, parts: Parts) -> Iterator[Diagnostic]:
    body = linked.step.request_body
    description = operation.request_body
    if operation.method == "TRACE":
        yield from _check_trace(linked)
    elif description is not None and description.problem is not None:
        yield _unknown_body(linked, description.problem)
    elif body is not None and body.payload is not None:
        yield from _check_payload(linked, operation, body.payload)
        yield from _check_header(linked, body)
    else:
        yield from check_missing_body(linked, operation, parts)


def _unknown_body(linked: LinkedStep, problem: Diagnostic) -> Diagnostic:
    """Return what is wrong with a body that nobody describes: an error where the description decides its bytes."""
    body = linked.step.request_body
    if body is None or body.payload is None:
        return replace(problem, message=f"{problem.message}; the request body is left out").as_warning()
    if linked.content_type is None:
        message = f"{problem.message}; of which media type the body of step `{linked.step.step_id}` is, nobody knows"
        return replace(problem, message=message, fix=f"{problem.fix}, or {ONE_MEDIA_TYPE}")
    given = linked.content_type
    if not given or kind_of_body(given) in SHAPED:
        message = f"{problem.message}; how the body of step `{linked.step.step_id}` is written, nobody knows"
        return replace(problem, message=message)
    return replace(problem, message=f"{problem.message}; the body is sent as `{given}`").as_warning()


def _check_trace(linked: LinkedStep) -> Iterator[Diagnostic]:
    body = linked.step.request_body
    if body is not None and body.payload is not None:
        # RFC 9110, section 9.3.8: "A client MUST NOT send content in a TRACE request."
        message = f"step `{linked.step.step_id}` sends a body with TRACE, which has none"
        yield diagnose("request-body-unsupported", message, body.at.location(), fix="leave `requestBody` out")


def _check_header(linked: LinkedStep, body: RequestBody) -> Iterator[Diagnostic]:
    """Yield what is wrong where a header of the step says another media type than its body."""
    named = (each.value for each in linked.parameters if is_header(each, "content-type"))
    texts = [each.value for each in named if isinstance(each, Literal) and isinstance(each.value, str)]
    found = why_at_odds(body.content_type or "", texts[0]) if texts else None
    if found is not None:
        yield replace(found, location=body.at.child("contentType").location())


def _check_payload(linked: LinkedStep, operation: Operation, payload: Template) -> Iterator[Diagnostic]:
    step, kind = linked.step, kind_of_payload(payload)
    content_type = content_type_of(linked, operation, payload)
    allowed = WRITTEN_FROM[kind_of_body(content_type)]
    at = payload.at.location()
    if "*" in content_type and kind is not PayloadKind.UNKNOWN and not isinstance(payload, Literal):
        # what is literal is tried, and a value that is bytes may say of which media type they are
        message = f"step `{step.step_id}` sends a body, and operation `{operation.label}` takes any `{content_type}`"
        yield diagnose("request-body-unsupported", message, at, fix=ONE_MEDIA_TYPE)
    elif kind not in allowed and not isinstance(payload, Literal):
        message = f"step `{step.step_id}` sends {kind.value} as `{content_type}`"
        slip, body = slipped_media_type(content_type, operation), step.request_body
        if slip is not None and body is not None and body.content_type:
            at = body.at.child("contentType").location()
        fix = f"give {listed(allowed)}, or another `contentType`" if slip is None else f"did you mean `{slip}`?"
        yield diagnose("request-body-unsupported", message, at, fix=fix)
    elif linked.content_type is None and not isinstance(payload, Literal):
        unfit = why_unfit(content_type, inner_kind(payload))
        yield from () if unfit is None else (replace(unfit, location=at),)
    description = describe_body(content_type, operation)
    if description is not None:
        yield from check_parts(description)
