"""Files in values that are held to a schema: the text that each of them is judged as.

A file is judged as the text that stands for it, as JSON has it. Of a large one, that text is made only for a schema
that looks into texts; any other asks no more than whether it is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.messages.files import LARGEST_SHOWN, File, Replacing, files_in, plain
from arazzo_engine.validation.inputs.subschemas import every_schema

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_LOOKING_INTO_TEXTS: Final = frozenset({"minLength", "maxLength", "pattern", "enum", "const"})


def as_judged(value: JsonValue, schema: JsonValue) -> JsonValue:
    """Return a value as a validator of JSON takes it."""
    is_small = all(each.size <= LARGEST_SHOWN for each in files_in(value))
    if is_small or any(_LOOKING_INTO_TEXTS & each.keys() for _, each in every_schema(schema)):
        return plain(value)
    return Replacing(_beginning).of(value)


def _beginning(file: File) -> str:
    return f"{file.text_before().decode('ascii')}AAAA"
