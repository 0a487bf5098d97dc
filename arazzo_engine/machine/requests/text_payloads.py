"""Payloads that are text with expressions in it: how a value stays one value of the text's format.

"If the value is already a string [...] it is embedded as-is without modification": what the receiver reads is the
value as it is. So inside a string of JSON, of a row of JSON texts, of CSV or of GraphQL the value is escaped as the
format escapes it, and in a form it is percent-encoded; a quote or an ampersand in a value could otherwise end it and
add members of its own. XML and other text take the value literally, since a value may be a fragment of that text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.media_types import FORM
from arazzo_engine.apis.wire_forms.percent_encoding import encode_component
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import Expression, ExpressionString, count_quotes, join_parts, text_of
from arazzo_engine.language.messages.formats import format_name
from arazzo_engine.language.messages.payloads import is_json, is_sequence, media_type, parse_json
from arazzo_engine.language.templates import evaluate_part, limited
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope

    # writes a value behind the document's own text before it
    Embedding: TypeAlias = Callable[[Expression, str, JsonValue], str]

# RFC 4180, section 2: "Fields containing line breaks (CRLF), double quotes, and commas should be enclosed in
# double-quotes."; other delimiters are known by the document's own text
_CSV_DELIMITERS: Final = frozenset(";\t|")
_CSV_BREAKS: Final = frozenset('"\r\n')
# GraphQL: block strings, strings and comments; each ends, or lasts until the end of the text
_GRAPHQL_QUOTED: Final = lazy_pattern(
    r'(?P<block>"""(?:\\"""|(?!""").)*)(?:"""|\Z)|(?P<string>"(?:\\.|[^"\\\r\n])*)(?:"|\Z)|(?P<comment>#[^\r\n]*)',
    re.DOTALL,
)
# the shortest text that leaves each of them open
_OPENING: Final = {"": "", "block": '"""', "string": '"', "comment": "#"}
_GRAPHQL_NAME: Final = lazy_pattern("[_A-Za-z][_0-9A-Za-z]*")
_GRAPHQL_TOKEN: Final = lazy_pattern(r"[_A-Za-z][_0-9A-Za-z]*|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def render_text(template: ExpressionString, content_type: str, scope: Scope, room: Room) -> str:
    """Return the text with its values in it.

    Raises ``MissingValue``, or ``ArazzoError`` for a value that would not stay one, or has no ``room``.
    """
    embed = embedding_of(content_type, "".join(part for part in template.parts if isinstance(part, str)))
    shorten = _shortening_of(media_type(content_type))

    def write(part: Expression, before: str) -> str:
        value = evaluate_part(part, scope)
        room.take_value(value)
        return embed(part, before, value)

    with limited(template.at):
        return join_parts(template.parts, write, lambda before, text: shorten(before + text), "")


def _shortening_of(name: str) -> Callable[[str], str]:
    """Return what makes of a text the shortest one that leaves the same open at its end: each part is read once."""
    if format_name(name) == "graphql":
        return lambda text: _OPENING[_open_in_graphql(text)]
    if is_json(name) or is_sequence(name):
        return lambda text: '"' * (count_quotes(0, text) % 2)
    return lambda text: '"' * (text.count('"') % 2)


def embedding_of(content_type: str, own: str) -> Embedding:
    """Return how values stand in a text of a media type, of which ``own`` is what the document itself has written."""
    name = media_type(content_type)
    if name == FORM:
        return lambda _part, _before, value: encode_component(text_of(value))
    if is_json(name) or is_sequence(name):
        return _in_json
    # a value that is the whole text may be a text of its format
    if own and format_name(name) == "csv":
        delimiters = frozenset(own) & _CSV_DELIMITERS
        breaks = delimiters | _CSV_BREAKS | (frozenset() if delimiters and "," not in own else {","})
        return lambda part, before, value: _in_csv(part, before, text_of(value), breaks)
    if own and format_name(name) == "graphql":
        return _in_graphql
    return lambda _part, _before, value: text_of(value)


def _in_json(part: Expression, before: str, value: JsonValue) -> str:
    text = text_of(value)
    if before:
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if isinstance(value, str):
        try:
            parse_json(text)
        except MalformedText as error:
            what = "text that is no JSON, and stands outside quotes in the JSON of the payload"
            raise _refusal(part, what, "give what is JSON, or ") from error
    return text


def _in_csv(part: Expression, before: str, text: str, breaks: frozenset[str]) -> str:
    if before:
        return text.replace('"', '""')
    if breaks & set(text):
        raise _refusal(part, "more than one field of the payload's CSV, where it stands outside quotes")
    return text


def _in_graphql(part: Expression, before: str, value: JsonValue) -> str:
    text = text_of(value)
    match _open_in_graphql(before):
        case "":
            return _graphql_token(part, value)
        case "string":
            return json.dumps(text, ensure_ascii=False)[1:-1]
        case "block" if not text.endswith(('"', "\\")):
            return text.replace('"""', '\\"""')
        case "comment" if not {"\r", "\n"} & set(text):
            return text
        case kind:
            raise _refusal(part, f"text that would end the {kind} of GraphQL that it stands in")


def _open_in_graphql(text: str) -> str:
    """Return what has no end yet: a ``string``, a ``block`` string or a ``comment``; nothing outside of all."""
    kind = ""
    for found in _GRAPHQL_QUOTED.finditer(text):
        name = found.lastgroup or ""
        kind = name if found.end() == found.end(name) == len(text) else ""
    return kind


def _graphql_token(part: Expression, value: JsonValue) -> str:
    match value:
        case str() if not _GRAPHQL_TOKEN.fullmatch(value):
            raise _refusal(part, "no single name or number, and stands outside quotes in the GraphQL of the payload")
        case str():
            return value
        case _:
            return _graphql_value(part, value)


def _graphql_value(part: Expression, value: JsonValue) -> str:
    """Return a value as GraphQL writes it: the members of an object have names and no quotes."""
    match value:
        case dict():
            if not all(map(_GRAPHQL_NAME.fullmatch, value)):
                raise _refusal(part, "an object with members that GraphQL cannot name")
            return f"{{{','.join(f'{name}:{_graphql_value(part, each)}' for name, each in value.items())}}}"
        case list():
            return f"[{','.join(_graphql_value(part, each) for each in value)}]"
        case _:
            return json_text(value)


def _refusal(part: Expression, what: str, instead: str = "") -> ArazzoError:
    message = f"the value of `{part.expression}` is {what}"
    fix = f'{instead}put it in quotes: `"{{{part.expression}}}"`'
    return ArazzoError(diagnose("request-body-malformed", message, part.at.location(part.span), fix=fix))
