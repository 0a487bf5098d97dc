"""JSON with files in it: the text of each stands where its string is, and is written while the body is sent.

Decides where the pieces of such a body begin and end. Which text stands for a file is decided by the schema of its
place, else by the file itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.apis.descriptions.schemas import Shape
from arazzo_engine.apis.descriptions.shapes import shape_of
from arazzo_engine.apis.wire_forms.binary import in_shape
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.contents import InBase64, joined
from arazzo_engine.language.messages.files import Notation, Replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.descriptions.operations import MediaType
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.contents import Content, Piece
    from arazzo_engine.language.messages.files import File


class _NoOthers(Struct, frozen=True):
    """The documents that a description refers to are not asked for while a request is written."""

    def get(self, uri: str) -> Document:
        raise ArazzoError(diagnose("reference-not-found", f"`{uri}` is not looked into"))


def shape_of_json(description: MediaType | None) -> Shape:
    """Return what the schema of a body of JSON says, as far as it stands in one document: few bodies hold a file."""
    try:
        return shape_of(None if description is None else description.schema, Resolver(_NoOthers())) or Shape()
    except ArazzoError:
        return Shape()


def write_with_files(payload: JsonValue, description: MediaType | None, write: Callable[[JsonValue], str]) -> Content:
    """Return the JSON text of a value that holds files; ``write`` gives that of one that holds none."""
    value = in_shape(payload, shape_of_json(description))
    mark = _mark_beside(write(Replacing(lambda _file: "").of(value)))
    files: list[File] = []

    def stand_in(file: File) -> str:
        files.append(file)
        return f"{mark}{len(files) - 1}"

    # a split gives texts and the numbers between them, in turn
    parts = re.split(f'"{mark}([0-9]+)"', write(Replacing(stand_in).of(value)))
    return joined(
        piece
        for index, part in enumerate(parts)
        for piece in (_string(files[int(part)]) if index % 2 else [part.encode()])
    )


def _mark_beside(text: str) -> str:
    """Return a text that does not occur in another one."""
    import hashlib  # noqa: PLC0415 - only for a body that needs it

    mark = hashlib.sha256(text.encode()).hexdigest()
    while mark in text:
        mark = hashlib.sha256(mark.encode()).hexdigest()
    return mark


def _string(file: File) -> Iterator[Piece]:
    if file.notation is Notation.TEXT:
        yield json.dumps(file.text(), ensure_ascii=False).encode()
        return
    yield b'"' + file.text_before()
    yield InBase64(file)
    yield b'"'
