"""Forms that are a text already, in an answer or as a payload, as values: openapi-core takes them apart.

Decides what the names and texts mean that openapi-core finds: brackets nest, a name that repeats is a list, and a part
that is a JSON object or array is that. It is imported here alone, when there is such a form: it takes half a second.
"""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.apis.wire_forms.content_types import boundary_of
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.messages.payloads import parse_json
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.contracts.schemas.bundles import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from arazzo_engine.documents.values import JsonValue

_BRACKET: Final = lazy_pattern(r"\[([^\[\]]*)\]")
_NESTED: Final = lazy_pattern(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_MOST: Final = 10_000


def read_form(content: bytes, json_names: Container[str] = ()) -> JsonValue:
    """Return the value of ``application/x-www-form-urlencoded``; raises ``UnreadableError``.

    The members of ``json_names`` are described as JSON texts.
    """
    from openapi_core.deserializing.media_types.util import urlencoded_form_loads  # noqa: PLC0415 - an extra, and slow

    _silence()
    try:
        return _value(urlencoded_form_loads(content), json_names)
    except ValueError as error:
        raise UnreadableError("a form that is not UTF-8") from error


def read_multipart(content: bytes, content_type: str, json_names: Container[str] = ()) -> JsonValue:
    """Return the value of ``multipart/form-data``; raises ``UnreadableError``."""
    from openapi_core.deserializing.media_types.util import data_form_loads  # noqa: PLC0415 - the same

    _silence()
    boundary = boundary_of(content_type)
    if boundary is None:
        raise UnreadableError("a multipart body without a boundary")
    try:
        return _value(data_form_loads(content, boundary=boundary), json_names)
    except (AssertionError, AttributeError, TypeError, ValueError) as error:
        raise UnreadableError("a multipart body whose parts have no names") from error


def _silence() -> None:
    # what it logs of a schema that it cannot read is neither asked for nor told in the engine's words
    logging.getLogger("openapi_core").setLevel(logging.CRITICAL + 1)


def _value(form: Any, json_names: Container[str]) -> JsonValue:  # noqa: ANN401 - werkzeug's
    found: dict[str, JsonValue] = {}
    for name in list(form)[:_MOST]:
        texts = [_read_part(each, is_json=name in json_names) for each in form.getlist(name)]
        nested = _NESTED.fullmatch(name)
        path = [nested[1], *_BRACKET.findall(nested[2])] if nested else [name]
        _put(found, path, texts)
    return {name: _listed(each) for name, each in found.items()}


def _put(found: dict[str, JsonValue], path: list[str], texts: list[JsonValue]) -> None:
    *way, last = path if path[-1] else path[:-1]
    for each in way:
        inner = found.setdefault(each, {})
        if not isinstance(inner, dict):
            raise UnreadableError("a form whose brackets contradict each other")
        found = inner
    # `a[]=x`: a list, however many there are
    found[last] = texts if len(texts) > 1 or not path[-1] else texts[0]


def _listed(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    return list(inner.values()) if _counts(inner) else inner


def _counts(names: Iterable[str]) -> bool:
    listed = list(names)
    return bool(listed) and listed == [str(number) for number in range(len(listed))]


def _read_part(part: str | bytes, *, is_json: bool) -> JsonValue:
    content = part.encode() if isinstance(part, str) else part
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return base64.b64encode(content).decode("ascii")
    try:
        return parse_json(text) if is_json or text[:1] in {"{", "["} else text
    except MalformedText:
        return text
