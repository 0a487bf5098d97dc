"""How a parameter's value becomes text: style, kind of value and ``explode``, for each location of a parameter.

Decides the characters on the wire by the "Style Examples" of OpenAPI. Values are percent-encoded by location, so
that a value never changes the route, the query or the header line it stands in. What no style can say without a
doubt is refused: ``value-unsendable``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from arazzo_engine.apis.descriptions.media_types import FORM
from arazzo_engine.apis.descriptions.operations import In, ParameterDescription, default_explode, default_style
from arazzo_engine.apis.wire_forms.percent_encoding import (
    encode_component,
    encode_foreign,
    encode_form,
    encode_reserved_in_path,
    encode_reserved_in_query,
    encode_whole_query,
)
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.payloads import is_json, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.apis.wire_forms.percent_encoding import Encoder
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter

    _Style: TypeAlias = Callable[[ParameterDescription, JsonValue], list["_Piece"]]

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
# RFC 6265, section 4.1.1, cookie-octet; the comma is what stands between the values of a list
_COOKIE_TEXT: Final = re.compile(r"[!#-:<-\[\]-~]*")
# deeper than any API nests, and shallow enough for a walk
_DEEPEST: Final = 64

# One piece of a query: its name, its texts, and what stands between them
_Piece: TypeAlias = tuple[str, tuple[str, ...], str]


def undeclared(parameter: Parameter) -> ParameterDescription:
    """Return the description of a parameter that the operation does not declare: the defaults of its location."""
    location = In(parameter.location or In.QUERY)
    style = default_style(location)
    return ParameterDescription(parameter.at, parameter.name, location, style=style, explode=default_explode(style))


def placeholders(path: str) -> tuple[str, ...]:
    """Return the names that a path has in braces."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(path)))


def expand_path(path: str, texts: Mapping[str, str]) -> str:
    """Return the path with each placeholder replaced by its text, which is encoded already."""
    parts = _PLACEHOLDER.split(path)
    # the odd parts are the names of the placeholders
    return "".join(
        texts.get(part, f"{{{part}}}") if index % 2 else encode_foreign(part) for index, part in enumerate(parts)
    )


# --- path: the prefix, what separates exploded values, whether each of them bears its name ---

_PATH_STYLES: Final = {"simple": ("", ",", False), "label": (".", ".", False), "matrix": (";", ";", True)}


def path_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return what stands in the path in place of the placeholder."""
    encode = encode_reserved_in_path if description.allow_reserved else encode_component
    if description.content_type is not None:
        return _checked_path(description, encode(_content(description, value)))
    prefix, separator, is_named = _PATH_STYLES.get(description.style, _PATH_STYLES["simple"])
    name = encode_component(description.name) if is_named else ""
    return _checked_path(description, prefix + separator.join(_path_pieces(description, name, value, encode)))


def _path_pieces(description: ParameterDescription, name: str, value: JsonValue, encode: Encoder) -> Iterator[str]:
    match value:
        case list() if description.explode and value:
            yield from (_named(name, encode(_text(each))) for each in value)
        case dict() if description.explode and value:
            yield from (f"{encode(key)}={encode(_text(each))}" for key, each in value.items())
        case list():
            yield _named(name, ",".join(encode(_text(each)) for each in value))
        case dict():
            yield _named(name, ",".join(f"{encode(key)},{encode(_text(each))}" for key, each in value.items()))
        case _:
            yield _named(name, encode(_text(value)))


def _named(name: str, text: str) -> str:
    # RFC 6570, section 3.2.7: of an empty value, only the name is left
    return f"{name}={text}" if name and text else name or text


def _checked_path(description: ParameterDescription, text: str) -> str:
    # RFC 3986, section 6.2.2.3: the segments "." and ".." change the route, encoded or not; an empty one does, too
    if not text.strip(";."):
        message = f"the value for path parameter `{description.name}` would change the route"
        raise ArazzoError(
            diagnose("value-unsendable", message, fix="give a value other than an empty one, `.` or `..`")
        )
    return text


# --- query ---


def query_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the query, ``name=value`` each; none for an empty list or object."""
    encode = encode_reserved_in_query if description.allow_reserved else encode_component
    return tuple(
        f"{encode_component(name)}={sign.join(map(encode, texts))}" for name, texts, sign in pieces(description, value)
    )


def query_string(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the query that a parameter ``in: querystring`` is; none when it is empty.

    "the value MUST resolve to a string representing the complete query string" (Arazzo 1.1.0, Parameter Object): a
    string is sent as it is, and only what no query can hold is encoded. An object is written by the media type.
    """
    kind = media_type(description.content_type or FORM)
    if is_json(kind) or kind != FORM:
        text = encode_component(value if isinstance(value, str) else _json(value))
    elif isinstance(value, dict):
        text = "&".join(form_pairs(value))
    else:
        text = encode_whole_query(_text(value).removeprefix("?"))
    return (text,) if text else ()


def form_pairs(members: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield the pairs of a form whose members nobody describes: nested ones in brackets."""
    for name, value in members.items():
        for piece, texts, _ in nested_pieces(name, value):
            yield f"{encode_form(piece)}={encode_form(texts[0])}"


def pieces(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
    """Return the pieces of a value in a style of queries and forms, not encoded yet."""
    return _QUERY_STYLES.get(description.style, _form)(description, value)


def _form(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
    name = description.name
    if description.content_type is not None:
        return [(name, (_content(description, value),), "")]
    match value:
        case list() if description.explode:
            return [(name, (_text(each),), "") for each in value]
        case dict() if description.explode:
            return [(key, (_text(each),), "") for key, each in value.items()]
        case list() | dict():
            return _delimited(description, value, ",")
        case _:
            return [(name, (_text(value),), "")]


def _delimited(description: ParameterDescription, value: JsonValue, sign: str) -> list[_Piece]:
    texts = _flat(value)
    return [(description.name, texts, sign)] if texts else []


def _flat(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(text for key, each in value.items() for text in (key, _text(each)))
    return tuple(map(_text, value))


def _with_delimiter(character: str, sign: str) -> _Style:
    def delimited(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
        # "The behavior of combinations marked n/a is undefined": they are written in the form style
        if not isinstance(value, list | dict) or description.explode or description.content_type is not None:
            return _form(description, value)
        if any(character in text for text in _flat(value)):
            _refuse(description, f"has `{character}` within a value, which its style would take for the delimiter")
        return _delimited(description, value, sign)

    return delimited


def _deep_object(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
    if description.content_type is not None:
        return _form(description, value)
    return list(nested_pieces(description.name, value))


def nested_pieces(name: str, value: JsonValue, depth: int = 0) -> Iterator[_Piece]:
    """Yield ``name[member]`` and ``name[index]`` for each scalar within a value, however deep.

    "The representation of array or object properties is not defined": the APIs that describe themselves with
    ``deepObject`` read ``filter[a][b]=c``, ``expand[0]=x`` and ``sort[0][field]=x``, so that is what they get.
    """
    if depth > _DEEPEST:
        message = f"the value for `{name.partition('[')[0]}` nests deeper than {_DEEPEST} levels"
        raise ArazzoError(diagnose("value-unsendable", message))
    match value:
        case dict():
            for key, each in value.items():
                yield from nested_pieces(f"{name}[{key}]", each, depth + 1)
        case list():
            for index, each in enumerate(value):
                yield from nested_pieces(f"{name}[{index}]", each, depth + 1)
        case _:
            yield name, (_text(value),), ""


_QUERY_STYLES: Final[dict[str, _Style]] = {
    "form": _form,
    "spaceDelimited": _with_delimiter(" ", "%20"),
    "pipeDelimited": _with_delimiter("|", "%7C"),
    # OpenAPI 2.0 alone has these: `collectionFormat: tsv`
    "tabDelimited": _with_delimiter("\t", "%09"),
    "deepObject": _deep_object,
}


# --- header and cookie ---


def header_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return the value of a header; raises ``ArazzoError`` (``value-unsendable``) when no header can hold it."""
    match value:
        case _ if description.content_type is not None:
            text = _content(description, value)
        case dict() if description.explode:
            text = ",".join(f"{key}={each}" for key, each in _separable(description, value))
        case dict():
            text = ",".join(f"{key},{each}" for key, each in _separable(description, value))
        case list():
            text = ",".join(each for _, each in _separable(description, dict(enumerate(value))))
        case _:
            text = _text(value)
    # RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
    if _UNSENDABLE.search(text) or not _is_latin(text):
        message = f"the value for header `{description.name}` has characters that no header can hold"
        raise ArazzoError(diagnose("value-unsendable", message, fix="send it in the body, or encode it"))
    return text.strip(" \t")


def _separable(description: ParameterDescription, members: Mapping[object, JsonValue]) -> Iterator[tuple[str, str]]:
    for key, value in members.items():
        text = _text(value)
        if isinstance(value, str) and "," in f"{key}{text}":
            # nothing is percent-encoded in a header, so it would be read as two values
            _refuse(description, "has `,` within a value, which stands between the values of a header")
        yield str(key), text


def cookie_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the ``Cookie`` header, ``name=value`` each, which `; ` joins.

    `form` would join exploded values with `&`, which no cookie knows: each is a cookie of its own.
    """
    found = _form(description, value)
    if description.style != "cookie":
        return tuple(
            f"{encode_component(name)}={sign.join(map(encode_component, texts))}" for name, texts, sign in found
        )
    # "no percent-encoding or other escaping is applied; data values that require any sort of escaping MUST be provided
    # in escaped form"
    if not all(_COOKIE_TEXT.fullmatch(text) for name, texts, _ in found for text in (name, *texts)):
        _refuse(description, "has characters that no cookie can hold as they are")
    return tuple(f"{name}={sign.join(texts)}" for name, texts, sign in found)


# --- values as text ---


def _content(description: ParameterDescription, value: JsonValue) -> str:
    kind = media_type(description.content_type or "")
    if isinstance(value, str) and not is_json(kind):
        return value
    if isinstance(value, dict) and kind == FORM:
        return "&".join(form_pairs(value))
    return _json(value)


def _text(value: JsonValue) -> str:
    """Return a scalar as text; null is empty, and a value within a value is JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _refuse(description: ParameterDescription, why: str) -> NoReturn:
    message = f"the value for `{description.name}` {why}"
    raise ArazzoError(diagnose("value-unsendable", message))
