"""How the values of a request stand on the wire, as far as it matters for what a receiver can tell of them.

Decides which scalars become text, by the style of a parameter or the kind of a body. How each is written is decided by
``wire_forms``; this follows its tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import FORM_DATA, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.wire_forms.content_types import first_concrete
from arazzo_engine.language.messages.payloads import is_json, media_type
from arazzo_engine.world.contracts.values.readings import EXACT, Wire

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Encoding, MediaType, ParameterDescription
    from arazzo_engine.documents.values import JsonValue

_TEXT: Final = Wire()
_JOINTS: Final = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
# brackets, and JSON text where a text is described
_IN_FORM: Final = Wire(is_repeated=True, is_json_text=True)
# each element of a list is a JSON text of its own
_JSON_EACH: Final = Wire(-1, is_repeated=True)
# scalars at the top, in a list or in an object; what is deeper is JSON text, which keeps its types
_FLAT: Final = 1


def wire_of_parameter(description: ParameterDescription) -> Wire:
    """Return how the value of a parameter stands in a request."""
    if description.content_type is not None:
        return EXACT if is_json(description.content_type) else _TEXT
    if description.location in {In.HEADER, In.PATH} and description.style not in {"label", "matrix"}:
        return Wire(_FLAT, joint=",")
    if description.style == "label" and description.explode:
        return Wire(_FLAT, joint=".")
    return wire_of_style(description.style, explode=description.explode)


def wire_of_style(style: str, *, explode: bool) -> Wire:
    """Return how a value in a style of queries and forms stands there."""
    if style == "deepObject":
        return _TEXT
    return Wire(_FLAT, is_repeated=True) if explode else Wire(_FLAT, joint=_JOINTS.get(style, ","))


def wire_of_body(payload: JsonValue, content_type: str, described: MediaType) -> Wire:
    """Return how a payload stands in a body."""
    match kind_of_body(content_type):
        case BodyKind.FORM:
            members = {name: _in_form(each) for name, each in described.encoding.items()}
            return Wire(members=members, others=_IN_FORM)
        case BodyKind.MULTIPART if isinstance(payload, dict):
            is_form = media_type(content_type) == FORM_DATA
            encodings = {name: described.encoding.get(name) for name in payload}
            return Wire(
                members={name: _in_part(payload[name], each, is_form=is_form) for name, each in encodings.items()}
            )
        case BodyKind.MULTIPART:
            return Wire(_FLAT)
        case BodyKind.XML | BodyKind.TEXT:
            return _TEXT
        case _:
            return EXACT


def json_members(described: MediaType) -> frozenset[str]:
    """Return the members of a form that are described as JSON texts."""
    kinds = ((name, first_concrete(each.content_type)) for name, each in described.encoding.items() if not each.style)
    return frozenset(name for name, kind in kinds if kind and is_json(kind))


def _in_form(encoding: Encoding) -> Wire:
    if encoding.style:
        return wire_of_style(encoding.style, explode=encoding.explode)
    kind = first_concrete(encoding.content_type)
    return _JSON_EACH if kind and is_json(kind) else _IN_FORM


def _in_part(value: JsonValue, encoding: Encoding | None, *, is_form: bool) -> Wire:
    if encoding is not None and encoding.style and is_form:
        return wire_of_style(encoding.style, explode=encoding.explode)
    kind = first_concrete(None if encoding is None else encoding.content_type)
    if kind and is_json(kind):
        return _JSON_EACH
    if isinstance(value, dict):
        return Wire() if kind else _JSON_EACH
    return Wire(_FLAT, is_repeated=True)
