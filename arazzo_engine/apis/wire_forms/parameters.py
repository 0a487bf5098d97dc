"""Parameters in their places: path, query, header and cookie, each with the encoding that the place needs.

Decides that a value never changes the route, the query or the header line it stands in: what is not encoded there is
refused, ``value-unsendable``. How a style joins the parts of a value is decided by ``styles``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import FORM
from arazzo_engine.apis.descriptions.operations import In, ParameterDescription, default_explode, default_style
from arazzo_engine.apis.wire_forms.bodies import write_parameter
from arazzo_engine.apis.wire_forms.percent_encoding import (
    encode_component,
    encode_reserved_in_path,
    encode_reserved_in_query,
    encode_whole_query,
)
from arazzo_engine.apis.wire_forms.styles import (
    form_style,
    header_style,
    join_texts,
    path_style,
    pieces,
    plain_text,
    refuse,
)
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import has_dot_segment
from arazzo_engine.language.messages.payloads import media_type
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.wire_forms.percent_encoding import Encoder
    from arazzo_engine.apis.wire_forms.styles import Piece
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Parameter


_UNSENDABLE: Final = lazy_pattern("[\x00-\x08\x0a-\x1f\x7f]")
_DELIMITED: Final = frozenset({"spaceDelimited", "pipeDelimited"})
# RFC 6265, section 4.1.1, cookie-octet; the comma is what stands between the values of a list
_COOKIE_TEXT: Final = lazy_pattern(r"[!#-:<-\[\]-~]*")


def undeclared(parameter: Parameter) -> ParameterDescription:
    """Return the description of a parameter that the operation does not declare: the defaults of its location."""
    location = In(parameter.location or In.QUERY)
    style = default_style(location)
    return ParameterDescription(parameter.at, parameter.name, location, style=style, explode=default_explode(style))


def path_text(description: ParameterDescription, value: JsonValue, *, several: bool = False) -> str:
    """Return what stands in the path in place of the placeholder; ``several`` segments keep their slashes."""
    # RFC 6570, section 3.2.1: "A variable defined as a list value is considered undefined if the list contains zero
    # members"; in the style `matrix`, what is undefined leaves nothing, and the segment stays what it is without it
    if description.style == "matrix" and value in ([], {}):
        return ""
    encode = encode_reserved_in_path if description.allow_reserved else encode_component
    encode = _by_segment(encode) if several else encode
    if description.content_type is not None:
        return _checked_path(description, encode(_content_text(description, value)))
    return _checked_path(description, path_style(description, value, encode))


def _by_segment(encode: Encoder) -> Encoder:
    return lambda text: "/".join(map(encode, text.split("/")))


def _checked_path(description: ParameterDescription, text: str) -> str:
    # RFC 3986, section 6.2.2.3: the segments "." and ".." change the route, encoded or not; an empty one does, too
    if not text.strip(";.") or has_dot_segment(text):
        message = f"the value for path parameter `{description.name}` would change the route"
        fix = "give a value that is not empty, and leads nowhere else with `.` or `..`"
        raise ArazzoError(diagnose("value-unsendable", message, fix=fix))
    return text


def query_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the query, ``name=value`` each; none for an empty list or object."""
    encode = encode_reserved_in_query if description.allow_reserved else encode_component
    found = pieces(description, value) if description.content_type is None else _whole(description, value)
    return tuple(
        f"{encode_component(name)}={join_texts(name, map(encode, texts), sign)}" for name, texts, sign in found
    )


def query_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return what stands in the query of a path in place of a placeholder: one value, whatever it is."""
    style = description.style if description.style in _DELIMITED else "form"
    pairs = query_pairs(replace(description, style=style, explode=False), value)
    return "".join(pairs).partition("=")[2]


def query_string(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the query that a parameter ``in: querystring`` is; none when it is empty.

    "the value MUST resolve to a string representing the complete query string" (Arazzo 1.1.0, Parameter Object): a
    string is sent as it is, and only what no query can hold is encoded. An object is written by the media type.
    """
    kind = media_type(description.content_type or FORM)
    if kind != FORM:
        text = encode_component(value if isinstance(value, str) else _content_text(description, value))
    elif isinstance(value, dict):
        text = write_parameter(value, FORM, description.content)
    else:
        text = encode_whole_query(plain_text(value).removeprefix("?"))
    return (text,) if text else ()


def _whole(description: ParameterDescription, value: JsonValue) -> list[Piece]:
    return [(description.name, (_content_text(description, value),), "")]


def _content_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return a value as the text of the media type that its parameter names instead of a style."""
    return write_parameter(value, description.content_type or FORM, description.content)


def header_text(description: ParameterDescription, value: JsonValue) -> str:
    """Return the value of a header; raises ``ArazzoError`` (``value-unsendable``) when no header can hold it."""
    is_content = description.content_type is not None
    text = _content_text(description, value) if is_content else header_style(description, value)
    # RFC 9110, section 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
    if _UNSENDABLE.search(text) or not _is_latin(text):
        message = f"the value for header `{description.name}` has characters that no header can hold"
        raise ArazzoError(diagnose("value-unsendable", message, fix="send it in the body, or encode it"))
    return text.strip(" \t")


def cookie_pairs(description: ParameterDescription, value: JsonValue) -> tuple[str, ...]:
    """Return the pieces of the ``Cookie`` header, ``name=value`` each, which `; ` joins.

    `form` would join exploded values with `&`, which no cookie knows: each is a cookie of its own.
    """
    is_content = description.content_type is not None
    found = _whole(description, value) if is_content else form_style(description, value)
    if description.style != "cookie":
        return tuple(
            f"{encode_component(name)}={join_texts(name, map(encode_component, texts), sign)}"
            for name, texts, sign in found
        )
    # "no percent-encoding or other escaping is applied; data values that require any sort of escaping MUST be provided
    # in escaped form"
    if not all(_COOKIE_TEXT.fullmatch(text) for name, texts, _ in found for text in (name, *texts)):
        refuse(description, "has characters that no cookie can hold as they are")
    return tuple(f"{name}={join_texts(name, texts, sign)}" for name, texts, sign in found)


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
