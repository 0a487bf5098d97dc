"""Which formats of JSON Schema and OpenAPI a value that a step writes out certainly does not have.

Decides by the validator that judges inputs, and for the formats that have one reading. What many servers read although
it is no such format (a time without its zone, a date with a time) is only nearly one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.inputs.number_formats import with_number_formats

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_OF_NUMBERS: Final = frozenset({"int32", "int64"})
_DATE: Final = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:[01]\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d:?(?:\d\d)?)?"
# the formats that are judged, each with what is read by many all the same
_NEARLY: Final = {
    "date": lazy_pattern(rf"{_DATE}[Tt ]{_TIME}|\d{{8}}"),
    "date-time": lazy_pattern(rf"{_DATE}(?:[Tt ]{_TIME})?|\d{{8}}T\d{{6}}Z?"),
    "uuid": lazy_pattern(r"\{?[0-9A-Fa-f-]{32,36}\}?|urn:uuid:[0-9A-Fa-f-]{36}"),
    "email": lazy_pattern(r".+@.+", re.DOTALL),
    "ipv4": lazy_pattern(r"\d{1,3}(?:\.\d{1,3}){3}[/:]\d{1,5}"),
    "ipv6": lazy_pattern(r"\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?(?:%\w+)?(?:[/:]\d{1,5})?"),
}


def has_format(name: str, value: JsonValue) -> bool:
    """Whether a value has a format; one of another type, or a format that is not judged, is none of its business."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not ((name in _OF_NUMBERS and is_number) or (name in _NEARLY and isinstance(value, str))):
        return True
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a step without such a format does not pay

    if is_number:
        return jsonschema_rs.is_valid(with_number_formats({"format": name}), value)
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid(value)


def nearly_has_format(name: str, value: JsonValue) -> bool:
    """Whether many servers read a value that does not have a format."""
    return name in _NEARLY and isinstance(value, str) and _NEARLY[name].fullmatch(value) is not None
