"""Credentials that a step writes into a header as no server reads them: without base64, or without their scheme.

Decides it of Basic authentication by the colon that base64 does not have, and of a token by its name and by the scheme
of the operation. What stands in a parameter is sent as it is; what is given to a security scheme is written as that
needs it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.security.schemes import kind_of
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Parameter

_HEADERS: Final = frozenset({"authorization", "proxy-authorization"})
_VALUE: Final = "\ue000"
# RFC 7617, section 2: "constructs the user-pass by concatenating the user-id, a single colon (":") character, and the
# password", and "obtains the basic-credentials by encoding this octet sequence using Base64"
_PAIR: Final = lazy_pattern(r"\s*(?P<scheme>basic\s+)?[^\s:]*:[^\s]*\s*", re.IGNORECASE)

# RFC 6750, section 2.1: "credentials = "Bearer" 1*SP b64token"
_SCHEME_ALONE: Final = lazy_pattern(r"bearer", re.IGNORECASE)
_TOKEN: Final = lazy_pattern(r"(?:.*[_\-.a-z/])?(?:access|auth|id|bearer)?[_\-]?(?:token|jwt)", re.IGNORECASE)
_BEARERS: Final = frozenset({"bearer", "oauth2", "openIdConnect"})


def check_unencoded(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each header with a credential that is not written as a server reads it."""
    for step in workflow.steps:
        target = step.target
        for parameter in step.parameters:
            if isinstance(target, Operation) and _is_credential(parameter):
                yield from _told(parameter, target)


def _told(parameter: Parameter, target: Operation) -> Iterator[Diagnostic]:
    at, header = parameter.value.at.location(), f"header `{parameter.name}`"
    if bare := _bare_token(parameter, target):
        message = f"{header} has no scheme before the token, and is sent as it is written"
        yield diagnose("credential-scheme-missing", message, at, fix=f"write `Bearer {{{bare}}}`")
    elif _is_pair(parameter, target):
        message = f"{header} is sent as it is written: a server takes `Basic` with the base64 of user and password"
        yield diagnose("credential-unencoded", message, at, fix=_fix(target))


def _is_credential(parameter: Parameter) -> bool:
    return parameter.location == In.HEADER and parameter.name.lower() in _HEADERS


def _bare_token(parameter: Parameter, operation: Operation) -> str:
    """Return the expression of a token that stands without its scheme and a blank, empty where there is none."""
    match parameter.value:
        case ExpressionString(parts=(str() as scheme, Expression(expression=token))) if _SCHEME_ALONE.fullmatch(scheme):
            return str(token)
        case Expression(expression=token) if _is_answered(token) and _wants_bearer(operation):
            return str(token)
        case _:
            return ""


def _is_answered(token: RuntimeExpression) -> bool:
    """Whether a value is a token of an earlier answer by its name: what a user gives may have its scheme."""
    is_earlier = token.root is Root.STEPS or token.root is Root.RESPONSE
    return is_earlier and _TOKEN.fullmatch(str(token).rpartition("/")[2]) is not None


def _wants_bearer(operation: Operation) -> bool:
    return any(kind_of(each.scheme) in _BEARERS for each in operation.requirements)


def _is_pair(parameter: Parameter, operation: Operation) -> bool:
    """Whether a header has a user and a password, behind `Basic` or alone where the operation asks for that."""
    match parameter.value:
        case Literal(value=str() as text):
            found = _PAIR.fullmatch(text)
        case ExpressionString(parts=parts):
            found = _PAIR.fullmatch("".join(part if isinstance(part, str) else _VALUE for part in parts))
        case _:
            return False
    is_asked = _basic_of(operation) is not None and not _takes_key(operation)
    return found is not None and (found["scheme"] is not None or is_asked)


def _takes_key(operation: Operation) -> bool:
    """Whether the header may have a key of any form instead."""
    schemes = [each.scheme for each in operation.requirements]
    return any(kind_of(each) == "apiKey" and each.parameter_name.lower() in _HEADERS for each in schemes)


def _basic_of(operation: Operation) -> str | None:
    """Return the name of the scheme of Basic authentication that an operation asks for."""
    return next((each.scheme.name for each in operation.requirements if kind_of(each.scheme) == "basic"), None)


def _fix(operation: Operation) -> str:
    name = _basic_of(operation)
    if name is None:
        return "take the base64 of `user:password` as one input, and write `Basic {$inputs.…}`"
    return (
        f"remove it, and give both to a run with `--auth {operation.source}.{name}=user:password`, which encodes them"
    )
