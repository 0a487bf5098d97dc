"""User and password of Basic authentication that a step writes into a header without base64: a server refuses them.

Decides it by the colon between them, which base64 does not have. Nothing is encoded for the step: what stands in a
parameter is sent as it is, and a credential that is given to a security scheme is encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.security.schemes import kind_of
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.language.objects import Parameter

_HEADERS: Final = frozenset({"authorization", "proxy-authorization"})
_VALUE: Final = "\ue000"
# RFC 7617, section 2: "constructs the user-pass by concatenating the user-id, a single colon (":") character, and the
# password", and "obtains the basic-credentials by encoding this octet sequence using Base64"
_PAIR: Final = lazy_pattern(r"\s*basic\s+[^\s:]*:[^\s]*\s*", re.IGNORECASE)


def check_unencoded(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each header with a user and a password that are not encoded."""
    for step in workflow.steps:
        target = step.target
        for parameter in step.parameters:
            if isinstance(target, Operation) and _is_pair(parameter):
                message = (
                    f"header `{parameter.name}` is sent as it is written: a server takes `Basic` with the base64 of"
                    " user and password"
                )
                at = parameter.value.at.location()
                yield diagnose("credential-unencoded", message, at, fix=_fix(target))


def _is_pair(parameter: Parameter) -> bool:
    if parameter.location != In.HEADER or parameter.name.lower() not in _HEADERS:
        return False
    match parameter.value:
        case Literal(value=str() as text):
            return _PAIR.fullmatch(text) is not None
        case ExpressionString(parts=parts):
            text = "".join(part if isinstance(part, str) else _VALUE for part in parts)
            return _PAIR.fullmatch(text) is not None
        case _:
            return False


def _fix(operation: Operation) -> str:
    basic = (each.scheme.name for each in operation.requirements if kind_of(each.scheme) == "basic")
    name = next(basic, None)
    if name is None:
        return "take the base64 of `user:password` as one input, and write `Basic {$inputs.…}`"
    return (
        f"remove it, and give both to a run with `--auth {operation.source}.{name}=user:password`, which encodes them"
    )
