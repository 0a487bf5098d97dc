"""What judging a criterion gives: whether it passes, and an explanation in which values stand as a person reads them.

Decides how a value is shown, whatever the language of the criterion. It knows no condition and no query.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.values import Nothing
from arazzo_engine.language.messages.files import File

if TYPE_CHECKING:
    from collections.abc import Sized

    from arazzo_engine.documents.values import JsonValue, Value

# A value is shown whole or described, never cut: a part of a secret could not be recognised and masked
_LONGEST_SHOWN: Final = 120


class Judgement(Struct, frozen=True):
    """Whether a condition holds, and the condition with its values in place of its expressions."""

    passed: bool
    explanation: str


def show_value(value: Value) -> str:
    """Return a value for an explanation: whole when it is short, described when it is not."""
    match value:
        case str() if len(value) > _LONGEST_SHOWN:
            return f"<string of {len(value)} characters>"
        case dict():
            return f"<object of {_counted(value, 'member')}>" if value else "{}"
        case list():
            return f"<array of {_counted(value, 'element')}>" if value else "[]"
        case Nothing():
            return value.value
        case File():
            return value.summary()
        case _:
            return write_literal(value)


def _counted(parts: Sized, word: str) -> str:
    return f"{len(parts)} {word}{'' if len(parts) == 1 else 's'}"


def write_literal(value: JsonValue) -> str:
    """Return a null, boolean, number or string as a simple condition has it."""
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    """Return a string as a simple condition has it.

    "Strings MUST use single quotes (') around the string. To use a literal single quote, escape the literal single
    quote using an additional single quote ('')."

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
