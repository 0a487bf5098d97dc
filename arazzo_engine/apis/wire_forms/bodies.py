"""Bodies: the bytes and the content type that a payload becomes, by its media type and what the operation says of it.

Decides everything between a rendered value and the wire. It knows no expressions, and nothing here is random: the
same payload is the same bytes. What cannot be written is refused: ``request-body-malformed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.media_types import OCTETS, BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.wire_forms.binary import certain_file, in_shape, likely_file, read_content, with_texts
from arazzo_engine.apis.wire_forms.content_types import (
    WRITTEN_FROM,
    boundary_of,
    is_of_any_bytes,
    kind_of_value,
    listed,
)
from arazzo_engine.apis.wire_forms.written import Body
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.language.expressions.strings import text_of
from arazzo_engine.language.messages.charsets import charset_name, known_charset, xml_encoding_name
from arazzo_engine.language.messages.contents import joined
from arazzo_engine.language.messages.files import EncodedBytes, File, files_in, plain
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_json, write_json
from arazzo_engine.language.messages.sequences import is_json_sequence, parse_json_sequence, write_json_sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.documents.values import JsonValue


def write_body(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    """Return the body; ``description`` is what the operation says about this media type.

    Raises ``ArazzoError`` (``request-body-malformed``, ``request-body-unsupported``, ``value-unsendable``).
    """
    kind = kind_of_body(content_type)
    if kind_of_value(payload) not in WRITTEN_FROM[kind]:
        found = kind_of_value(payload).value
        message = f"{found} cannot be sent as `{media_type(content_type)}`, which is {kind.value}"
        fix = f"give {listed(WRITTEN_FROM[kind])}"
        raise ArazzoError(diagnose("request-body-malformed", message, fix=fix))
    file = _whole(payload, kind, description)
    if file is not None and kind is not BodyKind.MULTIPART:
        return Body(joined([file]), content_type)
    return _WRITERS[kind](payload, content_type, description)


def write_parameter(value: JsonValue, content_type: str, description: MediaType | None) -> str:
    """Return the text of a parameter that has a media type: that of a body of the type, without a declaration of XML.

    A string is the text itself, unless it is JSON. Raises ``ArazzoError`` (``value-unsendable``).
    """
    kind = kind_of_body(content_type)
    if kind is BodyKind.JSON:
        return json_text(value)
    if isinstance(value, str):
        return value
    if kind_of_value(value) not in WRITTEN_FROM[kind] or kind is BodyKind.MULTIPART:
        message = f"{kind_of_value(value).value} cannot be a parameter of type `{media_type(content_type)}`"
        raise ArazzoError(diagnose("value-unsendable", message, fix="give a string"))
    if kind is BodyKind.XML:
        from arazzo_engine.apis.wire_forms.xml import xml_text  # noqa: PLC0415 - the same

        return xml_text(value, None if description is None else description.shape)
    return bytes(write_body(value, media_type(content_type), description).content).decode()


def _whole(payload: JsonValue, kind: BodyKind, description: MediaType | None) -> File | None:
    """Return the bytes that are the body itself, ``None`` when it is written from a value."""
    shape = Shape() if description is None or description.shape is None else description.shape
    if isinstance(payload, str) and shape.is_binary:
        is_text = kind in _TEXTS and is_of_any_bytes(description)
        return likely_file(payload) if is_text else read_content(payload)
    if kind is not BodyKind.JSON:
        is_encoded = kind is BodyKind.BINARY and bool(shape.content_encoding) and not isinstance(payload, File)
        return None if is_encoded else certain_file(payload)
    if not isinstance(payload, File):
        return None
    from arazzo_engine.apis.wire_forms.json_files import shape_of_json  # noqa: PLC0415 - the same

    # a file is the body, unless the description asks for a JSON string; one of no JSON may be one where nothing is said
    described = shape_of_json(description).type
    may_be_json = is_json(payload.media_type) or payload.media_type == OCTETS
    return None if described == "string" or not (described or may_be_json) else payload


def _write_json(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    if any(files_in(payload)):
        from arazzo_engine.apis.wire_forms.json_files import write_with_files  # noqa: PLC0415 - most bodies hold no file

        return Body(write_with_files(payload, description, _json_text), content_type)
    # RFC 8259, section 8.1: "MUST be encoded using UTF-8"
    return Body(_json_text(payload).encode(), content_type)


def _write_form(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    from arazzo_engine.apis.wire_forms.forms import form_members  # noqa: PLC0415 - most bodies are JSON

    payload = with_texts(payload)
    text = payload if isinstance(payload, str) else "&".join(form_members(payload, description, write_body))
    return Body(encode_text(text, "utf-8"), content_type)


def _write_multipart(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    from arazzo_engine.apis.wire_forms.boundaries import choose_boundary, join_parts  # noqa: PLC0415 - the same
    from arazzo_engine.apis.wire_forms.multipart import parts_of  # noqa: PLC0415 - the same

    boundary = boundary_of(content_type)
    if isinstance(payload, dict | list):
        try:
            parts = tuple(parts_of(payload, content_type, description, write_body))
            chosen = choose_boundary(parts, boundary)
            content = join_parts(parts, chosen)
        except UnicodeEncodeError as error:
            raise ArazzoError(diagnose("value-unsendable", "a part of the body is not Unicode text")) from error
        return Body(content, content_type if boundary else f"{content_type}; boundary={chosen}")
    if boundary is None:
        what = "a file" if isinstance(payload, File | EncodedBytes) else "a string"
        message = f"{what} is sent as `{media_type(content_type)}` as it is, and its boundary is not known"
        fix = "write `boundary=` into `contentType`, or give an object with a member for each part"
        raise ArazzoError(diagnose("request-body-malformed", message, fix=fix))
    file = certain_file(payload)
    return Body(encode_text(payload, "utf-8") if file is None else joined([file]), content_type)


def _write_xml(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    from arazzo_engine.apis.wire_forms.xml import xml_document  # noqa: PLC0415 - the same

    charset = charset_name(content_type)
    shape = None if description is None else description.shape
    payload = with_texts(in_shape(payload, shape))
    if not isinstance(payload, str):
        encoding = charset if known_charset(charset or "utf-8") != "utf-8" else "UTF-8"
        return Body(encode_text(xml_document(payload, shape, encoding), encoding), content_type)
    declared = xml_encoding_name(payload)
    # RFC 7303, section 3: what the content type says goes first; who reads the declaration alone must not be misled
    if charset and declared and known_charset(charset) != known_charset(declared):
        message = f"the XML declares the encoding `{declared}`, and its content type names `{charset}`"
        raise ArazzoError(diagnose("request-body-malformed", message, fix="name the same in both, or in one of them"))
    return Body(encode_text(payload, charset or declared or "utf-8"), content_type)


def _write_sequence(payload: JsonValue, content_type: str, _description: MediaType | None) -> Body:
    if not isinstance(payload, str):
        texts = map(_json_text, plain(payload))
        return Body(encode_text(write_json_sequence(texts, media_type(content_type)), "utf-8"), content_type)
    name = media_type(content_type)
    try:
        # RFC 7464, section 2.2: "JSON-sequence = *(RS JSON-text LF)"
        is_begun = payload.startswith("\x1e") or not is_json_sequence(name) or not payload
        parse_json_sequence(payload if is_begun else "?", name, parse_json)
    except MalformedText as error:
        message = f"the payload is text that is not `{name}`: it is no row of JSON texts"
        raise ArazzoError(diagnose("request-body-malformed", message, fix="give a list of values")) from error
    return Body(encode_text(payload, "utf-8"), content_type)


def _write_text(payload: JsonValue, content_type: str, _description: MediaType | None) -> Body:
    return Body(encode_text(text_of(payload), charset_name(content_type) or "utf-8"), content_type)


def _write_bytes(payload: JsonValue, content_type: str, description: MediaType | None) -> Body:
    # "Content transferred in binary MAY omit schema"; with `contentEncoding`, the text itself is what is transferred
    shape = None if description is None else description.shape
    if shape is not None and shape.content_encoding:
        return Body(encode_text(str(payload), "utf-8"), content_type)
    return Body(joined([read_content(payload)]), content_type)


def _json_text(value: JsonValue) -> str:
    try:
        return write_json(value)
    except ValueError as error:
        message = "the payload has a number or half a character that JSON cannot hold"
        raise ArazzoError(diagnose("value-unsendable", message)) from error


# where the step says that it sends one of these, a text is what is sent, also of what may be any bytes
_TEXTS: Final = frozenset({BodyKind.TEXT, BodyKind.XML, BodyKind.SEQUENCE, BodyKind.FORM})
_WRITERS: Final[dict[BodyKind, Callable[[JsonValue, str, MediaType | None], Body]]] = {
    BodyKind.JSON: _write_json,
    BodyKind.FORM: _write_form,
    BodyKind.MULTIPART: _write_multipart,
    BodyKind.XML: _write_xml,
    BodyKind.SEQUENCE: _write_sequence,
    BodyKind.TEXT: _write_text,
    BodyKind.BINARY: _write_bytes,
}


def encode_text(text: str, charset: str) -> bytes:
    """Return the bytes of a text; raises ``ArazzoError`` when the charset does not have its characters."""
    if known_charset(charset) is None:
        message = f"`{charset}` is no charset that is known, so nobody can say what its bytes are"
        raise ArazzoError(diagnose("request-body-unsupported", message, fix="send it as UTF-8"))
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        message = f"the body has characters that `{charset}` does not have"
        raise ArazzoError(diagnose("request-body-malformed", message, fix="send it as UTF-8")) from error
