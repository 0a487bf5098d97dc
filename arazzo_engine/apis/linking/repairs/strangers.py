"""Steps that are refused on purpose, as requests of nobody: they are sent without a credential.

A step whose success criteria hold for a status of 401 alone, and that sets no credential itself, tests what a stranger
is answered. With the credential that the description asks for it could never succeed. One that sets a credential, as an
old or a wrong one, is left as it is, and so is an operation that may be called without any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import parameter_key
from arazzo_engine.apis.schemas.statuses import wants_stranger
from arazzo_engine.apis.security.schemes import MUTUAL_TLS, kind_of, place_of
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.templates import OPEN
from arazzo_engine.secret_names import is_secret_cookie, is_secret_header, is_secret_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.language.objects import Parameter, Step


def as_stranger(
    step: Step, parameters: Sequence[Parameter], operation: Operation, problems: list[Diagnostic]
) -> Operation:
    """Return the operation as it is called by a step: without its security where the step wants a 401 for that."""
    if operation.is_open or not all(operation.security) or not operation.security:
        return operation
    # a certificate is of the connection, and not of the request
    is_sent = all(kind_of(each.scheme) != MUTUAL_TLS for each in operation.requirements)
    if not is_sent or _gives_any(parameters, operation) or not wants_stranger(step.success_criteria):
        return operation
    problems.append(_told(step, operation))
    return replace(operation, is_open=True)


def _gives_any(parameters: Sequence[Parameter], operation: Operation) -> bool:
    places = {place_of(each.scheme) for each in operation.requirements}
    return any(_is_secret(each) or parameter_key(each.name, each.location or "") in places for each in parameters)


def _is_secret(parameter: Parameter) -> bool:
    match parameter.location:
        case "header":
            return parameter.name.lower() == "cookie" or is_secret_header(parameter.name)
        case "cookie":
            return is_secret_cookie(parameter.name)
        case "query" | "querystring":
            return is_secret_query(parameter.name)
        case _:
            return False


def _told(step: Step, operation: Operation) -> Diagnostic:
    names = " and ".join(dict.fromkeys(f"`{each.scheme.name}`" for each in operation.requirements))
    message = (
        f"step `{step.step_id}` wants to be refused with 401 and sets no credential: it is sent without"
        f" {names}, which operation `{operation.label}` asks for"
    )
    fix = f"write `{OPEN}: none` in the step, or set the credential that is to be refused in its `parameters`"
    return diagnose("credential-withheld", message, step.at.child("stepId").location(), fix=fix)
