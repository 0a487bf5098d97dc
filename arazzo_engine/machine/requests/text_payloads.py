"""Payloads that are text with expressions in it: how a value stays one value of the text's format.

"If the value is already a string [...] it is embedded as-is without modification": what the receiver reads is the
value as it is. So inside a string of a JSON text the value is escaped as JSON escapes it, and in a form it is
percent-encoded; a quote or an ampersand in a value could otherwise end it and add members of its own. XML and other
text take the value literally, since a value may be a fragment of that text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import FORM
from arazzo_engine.apis.wire_forms.percent_encoding import encode_component
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import Expression, ExpressionString, join_parts, text_of
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_json
from arazzo_engine.language.templates import evaluate_part

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope

_JSON_QUOTES: Final = re.compile(r'"|\\.', re.DOTALL)


def render_text(template: ExpressionString, content_type: str, scope: Scope) -> str:
    """Return the text with its values in it.

    Raises ``MissingValue``, or ``ArazzoError`` for a value that would not stay one.
    """
    return join_parts(
        template.parts, lambda part, before: _embed(part, before, content_type, evaluate_part(part, scope))
    )


def _embed(part: Expression, before: str, content_type: str, value: JsonValue) -> str:
    text = text_of(value)
    if media_type(content_type) == FORM:
        return encode_component(text)
    if not is_json(content_type):
        return text
    if _JSON_QUOTES.sub(lambda found: "" if found[0] != '"' else '"', before).count('"') % 2:
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if isinstance(value, str):
        _check_json(part, text)
    return text


def _check_json(part: Expression, text: str) -> None:
    try:
        parse_json(text)
    except MalformedText as error:
        message = f"the value of `{part.expression}` is text, and stands outside quotes in the JSON of the payload"
        fix = f'put it in quotes: `"{{{part.expression}}}"`'
        raise ArazzoError(diagnose("request-body-malformed", message, part.at.location(part.span), fix=fix)) from error
