"""Payload replacements: values set in places of a payload, in the order in which they are written.

Decides what a target is resolved against. What a target selects is decided by the language it is written in; how the
payload becomes bytes is decided elsewhere. A member is added where its object is there; any other target that selects
nothing is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.messages.payloads import is_json, parse_json
from arazzo_engine.language.templates import Literal, limited, render
from arazzo_engine.machine.requests.member_texts import AS_VALUES

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import PayloadReplacement, RequestBody


def apply_replacements(body: RequestBody, payload: JsonValue, media_type: str, scope: Scope) -> JsonValue:
    """Return the payload with its replacements, each applied to what the one before it gave.

    Raises ``ArazzoError`` when a target selects nothing or cannot be resolved, or when the payload becomes too large,
    ``MissingValue`` when a value lacks.
    """
    if not body.replacements:
        return payload
    if is_json(media_type) and isinstance(payload, str) and isinstance(body.payload, Literal | ExpressionString):
        payload = _parse(body, payload)
    room = scope.room()
    for replacement in body.replacements:
        value = render(replacement.value, scope, room)
        # an optional input that was not given leaves its place as it is
        if value is not ABSENT:
            payload = _apply(replacement, payload, value, scope)
    # one value may have been put into many places
    with limited(body.at.child("payload")):
        scope.room().take_value(payload)
    return payload


def _parse(body: RequestBody, text: str) -> JsonValue:
    try:
        return parse_json(text)
    except MalformedText as error:
        message = "the payload is not JSON, so nothing in it can be replaced"
        at = body.at.child("payload").location()
        raise ArazzoError(diagnose("request-body-malformed", message, at, fix=AS_VALUES)) from error


def _apply(replacement: PayloadReplacement, payload: JsonValue, value: JsonValue, scope: Scope) -> JsonValue:
    if replacement.query is None:
        raise TypeError("the replacement has no target, and the errors of reading were not heeded")
    try:
        # "which MUST be resolved against the request body"
        return replacement.query.query(scope).replace(payload, value)
    except EvaluationError as error:
        message = f"target `{replacement.target}` of the payload {_after(str(error))}{replacement.query.values(scope)}"
        location = replacement.at.child("target").location()
        fix = "put the place into the payload, or correct the target"
        raise ArazzoError(diagnose("replacement-target", message, location, fix=fix)) from error


def _after(reason: str) -> str:
    return reason if reason.startswith("selects") else f"cannot be resolved: {reason}"
