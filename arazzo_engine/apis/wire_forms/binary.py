"""Bytes in requests: which values are bytes, and how those stand where a request holds texts.

A file and an answer in bytes are bytes wherever they go. A text is bytes when it is a ``data:`` URL, or base64 where
bytes are described; one that is neither is refused there, because to guess would send wrong bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.files import EncodedBytes, File, Replacing, TextOfBytes, held_file, leaves_in
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.schemas import Shape
    from arazzo_engine.documents.values import JsonValue

# RFC 2397: "data:" [ mediatype ] [ ";base64" ] "," data
_DATA_URL: Final = lazy_pattern(r"data:(?P<type>[^;,]*)(?P<parameters>(?:;[^;,]*)*?);base64,(?P<data>.*)", re.DOTALL)
_NAME: Final = lazy_pattern(r";name=([^;,]*)")
# as URLs and as curl name a file
_FILE_AT: Final = lazy_pattern(r"(?:file:|@)(?:[^\s{}$]*/)?(?P<name>[^\s{}$/]*[A-Za-z0-9]\.[A-Za-z0-9]{1,8})")
_NO_NAME: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_LINE_BREAK: Final = lazy_pattern(r"[\r\n]+")
# what a person writes; the base64 of more than a few bytes is hardly ever words only
_WORD: Final = lazy_pattern(r"(?:[A-Z]?[a-z]+|[A-Z]+)?[0-9]*")
_BETWEEN: Final = lazy_pattern(r"[-_/+]")
HOW_FILES_ARE_SENT: Final = (
    "send it as the whole body, as a part of a multipart body or within JSON, or say `contentEncoding: base64` in the"
    " schema of the input when its base64 is meant"
)


def certain_file(value: JsonValue) -> File | None:
    """Return the bytes of a value that is certainly bytes, whatever is said of its place; ``None`` for any other."""
    match value:
        case File():
            return value
        case EncodedBytes():
            return held_file(base64.b64decode(value), value.media_type)
        case str():
            url = _DATA_URL.fullmatch(value) if value.startswith("data:") else None
            # the notation in which a file is shown, and no URL that others would write
            return _file_of(url) if url is not None and _NAME.search(url["parameters"]) else None
        case _:
            return None


def likely_file(value: JsonValue) -> File | None:
    """Return the bytes of a value whose place is not described as a text: those of any ``data:`` URL, too."""
    url = _DATA_URL.fullmatch(value) if isinstance(value, str) else None
    return certain_file(value) if url is None else _file_of(url)


def read_content(text: str) -> File:
    """Return the bytes of a text where bytes are described; raises ``ArazzoError`` (``request-body-malformed``)."""
    found = likely_file(text)
    if found is not None:
        return found
    if isinstance(text, TextOfBytes):
        return held_file(text.encode())
    if file := _FILE_AT.fullmatch(text):
        raise ArazzoError(_no_file_read(file[0], file["name"]))
    data = _from_base64(text)
    if all(map(_WORD.fullmatch, _BETWEEN.split(text))) and not (data.isascii() and data.decode("ascii").isprintable()):
        raise _not_base64("a text stands where bytes are sent, and it may be a word as well as base64")
    return held_file(data)


def with_texts(value: JsonValue) -> JsonValue:
    """Return a value for a place that holds texts only.

    Raises ``ArazzoError`` (``value-unsendable``) for a file, unless the schema of its input says what text it is.
    """
    for each in leaves_in(value):
        # the text that stands for a file is a notation of the engine, whoever gives it
        if isinstance(each, str) and not isinstance(each, EncodedBytes) and (file := certain_file(each)) is not None:
            raise ArazzoError(file_in_text(file))
    return Replacing(_text_of).of(value)


def file_in_text(file: File) -> Diagnostic:
    """Return the diagnostic for a file where only a text can stand."""
    message = f"a file{f', `{file.name}`,' if file.name else ''} stands where only a text can be sent"
    return diagnose("value-unsendable", message, fix=HOW_FILES_ARE_SENT)


def in_shape(value: JsonValue, shape: Shape | None) -> JsonValue:
    """Return a value with its files in base64 where the schema says base64."""
    match value:
        case File() if shape is not None and shape.is_base64:
            return value.in_base64()
        case dict() if shape is not None:
            return {name: in_shape(member, shape.of(name)) for name, member in value.items()}
        case list() if shape is not None:
            return [in_shape(element, shape.items) for element in value]
        case _:
            return value


def _text_of(file: File) -> str:
    if not file.is_text:
        raise ArazzoError(file_in_text(file))
    return file.text()


def _file_of(url: re.Match[str]) -> File:
    name = _NAME.search(url["parameters"])
    kind = url["type"] + _NAME.sub("", url["parameters"])
    return held_file(_from_base64(url["data"]), kind, unquote(name[1]) if name else "")


def _from_base64(text: str) -> bytes:
    # RFC 4648, section 5: the URL-safe alphabet differs in two characters. Lines may be broken; anything else that is
    # not of the alphabet, or not padded, is more likely a text that was meant as it is
    plain = _LINE_BREAK.sub("", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_base64("a text stands where bytes are sent, and it is not base64") from error


def _no_file_read(text: str, name: str) -> Diagnostic:
    message = f"a text stands where bytes are sent, and no file is read by its name: not `{text}`"
    asked = _NO_NAME.sub("_", name)
    fix = f"give the file as an input: `-i {asked}=@{name}`, which is `$inputs.{asked}` in the document"
    return diagnose("request-body-malformed", message, fix=fix)


def _not_base64(message: str) -> ArazzoError:
    fix = "write the bytes as `data:;base64,…`, or give a file as an input: `-i name=@path`"
    return ArazzoError(diagnose("request-body-malformed", message, fix=fix))
