"""JSON texts as they stand within other texts: in a path, a query, a form, a string with values in it.

Decides how numbers are written there, where nobody reads a number and every character counts. A body that is JSON
keeps the type of its numbers, and is written elsewhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# ECMA-262, Number::toString: from here on, a whole number has an exponent
_LARGE: Final = 1e21
# and from here down, a fraction has
_SMALL: Final = 1e-6


def json_text(value: JsonValue) -> str:
    """Return the JSON text of a value, without spaces, whole numbers as integers.

    >>> json_text({"a": [10.0, "é", None]})
    '{"a":[10,"é",null]}'
    """
    match value:
        case float():
            return number_text(value)
        case dict():
            return f"{{{','.join(f'{json_text(name)}:{json_text(each)}' for name, each in value.items())}}}"
        case list():
            return f"[{','.join(map(json_text, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def number_text(value: float) -> str:
    """Return a number as JSON's own language writes it, so that what is whole is read as an integer.

    RFC 8785, section 3.2.2.3: "ECMAScript builds on the IEEE 754 double-precision standard for representing JSON number
    data. Such data MUST be serialized according to Section 7.1.12.1 of [ECMA-262]"

    >>> number_text(10.0), number_text(1e-7), number_text(1.5e-05), number_text(1e16)
    ('10', '1e-7', '0.000015', '10000000000000000')
    """
    digits, _, exponent = repr(value).partition("e")
    whole, _, fraction = digits.partition(".")
    if not exponent:
        return str(int(value)) if value.is_integer() else json.dumps(value)
    if 1 < abs(value) < _LARGE:
        return whole + fraction.ljust(int(exponent), "0")
    if _SMALL <= abs(value) < 1:
        return f"{value:.{len(fraction) - int(exponent)}f}"
    return f"{digits}e{int(exponent):+d}"
