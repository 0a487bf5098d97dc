"""Styles: how a value becomes text by ``style``, the kind of the value and ``explode``.

Decides the characters between the values, by the "Style Examples" of OpenAPI. Which characters of a value are encoded,
and what the place in the request can hold, is decided by ``parameters`` and ``forms``. What no style can say without a
doubt is refused: ``value-unsendable``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias
from urllib.parse import unquote

from arazzo_engine.apis.wire_forms.percent_encoding import encode_component
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.json.writing import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.wire_forms.percent_encoding import Encoder
    from arazzo_engine.documents.values import JsonValue

    _Style: TypeAlias = Callable[[ParameterDescription, JsonValue], list["Piece"]]

# deeper than any API nests, and shallow enough for a walk
_DEEPEST: Final = 64

# One piece of a query or a form: its name, its texts, and what stands between them
Piece: TypeAlias = tuple[str, tuple[str, ...], str]


# --- path: the prefix, what separates exploded values, whether each of them bears its name ---

_PATH_STYLES: Final = {"simple": ("", ",", False), "label": (".", ".", False), "matrix": (";", ";", True)}


def path_style(description: ParameterDescription, value: JsonValue, encode: Encoder) -> str:
    """Return a value in a style of paths, each of its texts encoded."""
    prefix, separator, is_named = _PATH_STYLES.get(description.style, _PATH_STYLES["simple"])
    name = encode_component(description.name) if is_named else ""
    found = _path_pieces(description, name, value, encode)
    # a point is encoded nowhere, as RFC 6570 has it
    is_checked = description.explode and isinstance(value, list | dict) and separator != "."
    return prefix + (join_texts(description.name, found, separator) if is_checked else separator.join(found))


def _path_pieces(description: ParameterDescription, name: str, value: JsonValue, encode: Encoder) -> Iterator[str]:
    match value:
        case list() if description.explode:
            yield from (_named(name, encode(plain_text(each))) for each in value)
        case dict() if description.explode:
            yield from (f"{encode(key)}={encode(plain_text(each))}" for key, each in value.items())
        case list():
            yield _named(name, join_texts(description.name, (encode(plain_text(each)) for each in value), ","))
        case dict():
            texts = (encode(plain_text(each)) for pair in value.items() for each in pair)
            yield _named(name, join_texts(description.name, texts, ","))
        case _:
            yield _named(name, encode(plain_text(value)))


def _named(name: str, text: str) -> str:
    # RFC 6570, section 3.2.7: of an empty value, only the name is left
    return f"{name}={text}" if name and text else name or text


# --- query, cookie and form ---


def pieces(description: ParameterDescription, value: JsonValue) -> list[Piece]:
    """Return the pieces of a value in a style of queries and forms, not encoded yet."""
    return _QUERY_STYLES.get(description.style, form_style)(description, value)


def form_style(description: ParameterDescription, value: JsonValue) -> list[Piece]:
    """Return the pieces of a value in the style ``form``, not encoded yet."""
    name = description.name
    match value:
        case list() if description.explode:
            return [(name, (plain_text(each),), "") for each in value]
        case dict() if description.explode:
            return [(key, (plain_text(each),), "") for key, each in value.items()]
        case list() | dict():
            return _delimited(description, value, ",")
        case _:
            return [(name, (plain_text(value),), "")]


def join_texts(name: str, texts: Iterable[str], sign: str) -> str:
    """Return the texts of one piece, as they are sent, with what stands between them.

    Raises ``ArazzoError`` (``value-unsendable``) for one that would be read as two.
    """
    listed = list(texts)
    if sign and any(sign in each for each in listed):
        raise _two_values(name, unquote(sign))
    return sign.join(listed)


def _two_values(name: str, character: str) -> ArazzoError:
    message = f"the value for `{name}` has `{character}` within a value, which its style would take for the delimiter"
    return ArazzoError(diagnose("value-unsendable", message))


def _delimited(description: ParameterDescription, value: JsonValue, sign: str) -> list[Piece]:
    texts = _flat(value)
    return [(description.name, texts, sign)] if texts else []


def _flat(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, dict):
        return tuple(text for key, each in value.items() for text in (key, plain_text(each)))
    return tuple(map(plain_text, value))


def _with_delimiter(character: str, sign: str) -> _Style:
    def delimited(description: ParameterDescription, value: JsonValue) -> list[Piece]:
        # "The behavior of combinations marked n/a is undefined": they are written in the form style
        if not isinstance(value, list | dict) or description.explode:
            return form_style(description, value)
        # a form writes the space as `+`, and whoever reads it cannot tell it from the delimiter
        if any(character in text for text in _flat(value)):
            raise _two_values(description.name, character)
        return _delimited(description, value, sign)

    return delimited


def _deep_object(description: ParameterDescription, value: JsonValue) -> list[Piece]:
    return list(nested_pieces(description.name, value))


def nested_pieces(name: str, value: JsonValue, depth: int = 0) -> Iterator[Piece]:
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
            yield name, (plain_text(value),), ""


_QUERY_STYLES: Final[dict[str, _Style]] = {
    "form": form_style,
    "spaceDelimited": _with_delimiter(" ", "%20"),
    "pipeDelimited": _with_delimiter("|", "%7C"),
    # OpenAPI 2.0 alone has these: `collectionFormat: tsv`
    "tabDelimited": _with_delimiter("\t", "%09"),
    "deepObject": _deep_object,
}


# --- header ---


def header_style(description: ParameterDescription, value: JsonValue) -> str:
    """Return a value in the style of headers, which is ``simple``."""
    match value:
        case dict() if description.explode:
            return ",".join(f"{key}={each}" for key, each in _separable(description, value))
        case dict():
            return ",".join(f"{key},{each}" for key, each in _separable(description, value))
        case list():
            return ",".join(each for _, each in _separable(description, dict(enumerate(value))))
        case _:
            return plain_text(value)


def _separable(description: ParameterDescription, members: Mapping[object, JsonValue]) -> Iterator[tuple[str, str]]:
    for key, value in members.items():
        text = plain_text(value)
        if isinstance(value, str) and "," in f"{key}{text}":
            # nothing is percent-encoded in a header, so it would be read as two values
            refuse(description, "has `,` within a value, which stands between the values of a header")
        yield str(key), text


# --- values as text ---


def plain_text(value: JsonValue) -> str:
    """Return a scalar as text; null is empty, and a value within a value is JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def refuse(description: ParameterDescription, why: str) -> NoReturn:
    """Raise ``ArazzoError`` (``value-unsendable``) for a value that cannot stand where its parameter does."""
    message = f"the value for `{description.name}` {why}"
    raise ArazzoError(diagnose("value-unsendable", message))
