"""How a parameter's value becomes text: style, kind of value and ``explode``, for each location of a parameter.

Decides the characters on the wire by the "Style Examples" of OpenAPI. Values are percent-encoded by location, so
that a value never changes the route, the query or the header line it stands in.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias
from urllib.parse import quote

from arazzo_engine.apis.operations import In, ParameterDescription
from arazzo_engine.apis.read_operation import default_style
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.payloads import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter

    _Style: TypeAlias = Callable[[ParameterDescription, JsonValue], list["_Piece"]]

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
# RFC 3986, section 2.2: the reserved characters that `allowReserved` leaves; `#` and `&` would end the value
_RESERVED: Final = ":/?[]@!$'()*+,;="

# One piece of a query: its name, its texts, and what stands between them
_Piece: TypeAlias = tuple[str, tuple[str, ...], str]


def undeclared(parameter: Parameter) -> ParameterDescription:
    """Return the description of a parameter that the operation does not declare: the defaults of its location."""
    location = In(parameter.location or In.QUERY)
    style = default_style(location)
    return ParameterDescription(parameter.at, parameter.name, location, style=style, explode=style == "form")


def placeholders(path: str) -> tuple[str, ...]:
    """Return the names that a path has in braces."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(path)))


def expand_path(path: str, texts: Mapping[str, str]) -> str:
    """Return the path with each placeholder replaced by its text, which is encoded already."""
    return _PLACEHOLDER.sub(lambda match: texts.get(match[1], match[0]), path)


def path_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return what stands in the path in place of the placeholder."""
    prefix, separator = _PATH_STYLES.get(description.style, _PATH_STYLES["simple"])
    encode = _encoder(description)
    if description.content_type is not None:
        return encode(_content(description, value))
    name = quote(description.name, safe="")
    match value:
        case list():
            texts = [encode(_text(each)) for each in value]
            joined = _join_list(description, name, texts, separator)
        case dict():
            pairs = [(encode(key), encode(_text(each))) for key, each in value.items()]
            joined = _join_members(description, name, pairs, separator)
        case _:
            joined = encode(_text(value))
            joined = f"{name}={joined}" if description.style == "matrix" else joined
    text = prefix + joined
    if not text.strip(";."):
        _refuse_dots(description)
    return text


def query_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the query, ``name=value`` each; none for an empty list or object."""
    pieces = _QUERY_STYLES.get(description.style, _form)
    return _write(description, pieces(description, value), "[]")


def header_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return the value of a header; raises ``ArazzoError`` (``value-unsendable``) when no header can hold it."""
    match value:
        case _ if description.content_type is not None:
            text = _content(description, value)
        case list():
            text = ",".join(map(_text, value))
        case dict():
            sign = "=" if description.explode else ","
            text = ",".join(f"{name}{sign}{_text(each)}" for name, each in value.items())
        case _:
            text = _text(value)
    # RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
    if _UNSENDABLE.search(text) or not _is_latin(text):
        message = f"the value for header `{description.name}` has characters that no header can hold"
        raise ArazzoError(diagnose("value-unsendable", message, fix="send it in the body, or encode it"))
    return text.strip(" \t")


def cookie_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the ``Cookie`` header, ``name=value`` each."""
    return _write(description, _form(description, value), "")


def _write(description: ParameterDescription, pieces: list[_Piece], safe: str) -> tuple[str, ...]:
    encode = _encoder(description)
    return tuple(f"{quote(name, safe=safe)}={sign.join(map(encode, texts))}" for name, texts, sign in pieces)


# The prefix of a path parameter, and what separates the values of an exploded one
_PATH_STYLES: Final = {"simple": ("", ","), "label": (".", "."), "matrix": (";", ";")}


def _join_list(description: ParameterDescription, name: str, texts: list[str], separator: str) -> str:
    if description.style == "matrix":
        return (
            f"{separator}".join(f"{name}={text}" for text in texts)
            if description.explode
            else f"{name}={','.join(texts)}"
        )
    return (separator if description.explode else ",").join(texts)


def _join_members(description: ParameterDescription, name: str, pairs: list[tuple[str, str]], separator: str) -> str:
    if description.explode:
        return separator.join(f"{key}={text}" for key, text in pairs)
    joined = ",".join(f"{key},{text}" for key, text in pairs)
    return f"{name}={joined}" if description.style == "matrix" else joined


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
    if isinstance(value, dict):
        texts = tuple(text for key, each in value.items() for text in (key, _text(each)))
    else:
        texts = tuple(map(_text, value))
    return [(description.name, texts, sign)] if texts else []


def _with_delimiter(sign: str) -> _Style:
    def pieces(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
        if isinstance(value, list | dict) and not description.explode and description.content_type is None:
            return _delimited(description, value, sign)
        return _form(description, value)

    return pieces


def _deep_object(description: ParameterDescription, value: JsonValue) -> list[_Piece]:
    if not isinstance(value, dict) or description.content_type is not None:
        return _form(description, value)
    return [
        (f"{description.name}[{key}]", (_text(element),), "")
        for key, each in value.items()
        for element in (each if isinstance(each, list) else [each])
    ]


_QUERY_STYLES: Final[dict[str, _Style]] = {
    "form": _form,
    "spaceDelimited": _with_delimiter("%20"),
    "pipeDelimited": _with_delimiter("%7C"),
    "deepObject": _deep_object,
}


def _encoder(description: ParameterDescription) -> Callable[[str], str]:
    safe = _RESERVED if description.allow_reserved and description.location is In.QUERY else ""

    def encode(text: str) -> str:
        try:
            return quote(text, safe=safe)
        except UnicodeEncodeError as error:
            message = f"the value for `{description.name}` is not Unicode text"
            raise ArazzoError(diagnose("value-unsendable", message)) from error

    return encode


def _content(description: ParameterDescription, value: JsonValue) -> str:
    if isinstance(value, str) and not is_json(description.content_type or ""):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(value: JsonValue) -> str:
    """Return a scalar as text; null is empty, and a value within a value is JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _refuse_dots(description: ParameterDescription) -> NoReturn:
    # RFC 3986, section 6.2.2.3: the segments "." and ".." change the route, encoded or not; an empty one does, too
    message = f"the value for path parameter `{description.name}` would change the route"
    raise ArazzoError(diagnose("value-unsendable", message, fix="give a value other than an empty one, `.` or `..`"))
