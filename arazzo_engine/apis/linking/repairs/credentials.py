"""Required parameters that are credentials by their names, where the description has no security for them.

An API key that is written as a parameter is none that a workflow says: the user gives it, as for a security scheme. So
is ``Authorization``, which OpenAPI 3.x says to ignore for its security, where there is none. A step that sets the
parameter, or nearly does, or that wants to be refused, is left as it is. How a credential is given and sent is decided
in ``apis.security``.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In, SecurityRequirement, SecurityScheme, parameter_key
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.idempotency import is_key
from arazzo_engine.apis.schemas.statuses import wants_refusal
from arazzo_engine.apis.security.requirements import satisfies
from arazzo_engine.apis.security.schemes import AUTHORIZATION
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.secret_names import is_secret_cookie, is_secret_header, is_secret_query
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.language.objects import Parameter, Step

_IS_SECRET: Final = {In.HEADER: is_secret_header, In.QUERY: is_secret_query, In.COOKIE: is_secret_cookie}
# RFC 9421, section 4: "The Signature-Input field identifies the covered components and parameters that describe how the
# signature was generated": whoever signs gives both
_OF_SIGNATURES: Final = frozenset({"signature-input"})
# what a login calls the token that its answer has, without what parts the words
_TOKENS: Final = frozenset({"token", "accesstoken", "authtoken", "bearertoken", "jwt", "jwttoken", "bearer"})


def with_credentials(
    step: Step, steps: Sequence[Step], parameters: Sequence[Parameter], operation: Operation
) -> tuple[Operation, tuple[Diagnostic, ...]]:
    """Return the operation with a security scheme for each required parameter that is a credential nobody gives.

    Of the ``steps`` of its workflow, one before it may have the credential; what was added is told.
    """
    found = () if operation.is_open else tuple(_credentials(parameters, operation))
    if not found or wants_refusal(step.success_criteria):
        return operation, ()
    needed = tuple(SecurityRequirement(_scheme(each)) for each in found)
    alternatives = operation.security or ((),)
    asking = replace(operation, security=tuple((*alternative, *needed) for alternative in alternatives))
    token = _token_before(step, steps)
    return asking, tuple(_told(each, step, operation, token) for each in found)


def _token_before(step: Step, steps: Sequence[Step]) -> str | None:
    """Return the only output of the steps before one that is called as a token is."""
    before = takewhile(lambda each: each.step_id != step.step_id, steps)
    named = [
        f"$steps.{each.step_id}.outputs.{name}" for each in before for name in each.outputs or () if _is_token(name)
    ]
    return named[0] if len(named) == 1 else None


def _is_token(name: str) -> bool:
    return name.lower().replace("_", "").replace("-", "") in _TOKENS


def _credentials(parameters: Sequence[Parameter], operation: Operation) -> Iterator[ParameterDescription]:
    given = {parameter_key(each.name, each.location or "") for each in parameters}
    described = {parameter_key(each.name, each.location) for each in operation.parameters}
    taken = {each.scheme.name for each in operation.requirements}
    for each in (*operation.parameters, *_of_no_security(operation)):
        if not each.required or not _is_credential(each) or is_key(each.name):
            continue
        unknown = [name for location, name in given - described if location == each.location]
        is_given = parameter_key(each.name, each.location) in given or near_name(each.name, unknown) is not None
        if not is_given and each.name not in taken and not satisfies(operation, each):
            yield each


def _of_no_security(operation: Operation) -> tuple[ParameterDescription, ...]:
    """Return the parameters that stand for a security scheme, where neither the operation nor its API says any."""
    is_said = bool(operation.security) or "security" in as_mapping(value_at(operation.at))
    return () if is_said else operation.ignored


def _is_credential(described: ParameterDescription) -> bool:
    is_secret = _IS_SECRET.get(described.location)
    is_of_signature = described.location == In.HEADER and described.name.lower() in _OF_SIGNATURES
    return is_of_signature or (is_secret is not None and is_secret(described.name) and not _names_thing(described))


def _names_thing(described: ParameterDescription) -> bool:
    """Whether a parameter is the id of a thing, `sessionId` of a lesson, by the type that it has."""
    schema = as_mapping(None if described.schema is None else described.schema.value)
    is_plain = schema.get("format") == "uuid" or schema.get("type") == "integer"
    return is_plain and described.name.lower().endswith("id")


def _scheme(described: ParameterDescription) -> SecurityScheme:
    return SecurityScheme(
        at=described.at,
        name=described.name,
        type="apiKey",
        location=described.location,
        parameter_name=described.name,
    )


def _told(described: ParameterDescription, step: Step, operation: Operation, token: str | None) -> Diagnostic:
    named = f"{described.location} parameter `{described.name}`"
    message = (
        f"step `{step.step_id}` does not set {named}, which operation `{operation.label}` requires: by its name it is a"
        " credential, and is asked for as one"
    )
    is_whole = parameter_key(described.name, described.location) == AUTHORIZATION
    given = f"`--auth {operation.source}.{described.name}=…`{', the whole header' if is_whole else ''}"
    fix = f"give it to a run with {given}, or add it to the step's `parameters`"
    if token is not None and is_whole:
        fix += f" with the value `Bearer {{{token}}}`"
    related = (Related("declared here", described.at),)
    at = step.at.child("stepId").location()
    return diagnose("required-parameter-missing", message, at, fix=fix, related=related).as_warning()
