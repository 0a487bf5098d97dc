"""The JSON values that documents, requests and responses hold, and the two ways of having none.

Absent, null and not-run are three different things, and one never turns into another by accident:
null is JSON's ``null`` (Python's ``None``), the other two are members of ``Nothing``.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, TypeAlias

# The one place where ``Any`` stands: a JSON value is null, a boolean, a number, a string, a list or a dict.
JsonValue: TypeAlias = Any


class Nothing(Enum):
    """Why there is no value: the expression names nothing, or the step has not run in this run."""

    ABSENT = "absent"
    NOT_RUN = "not run"


ABSENT: Final = Nothing.ABSENT
NOT_RUN: Final = Nothing.NOT_RUN

Value: TypeAlias = JsonValue | Nothing


def as_mapping(value: Value) -> dict[str, JsonValue]:
    """Return a value that is an object, else an empty one: for what a document may leave out or have wrong."""
    return value if isinstance(value, dict) else {}


def as_integer(value: JsonValue) -> JsonValue:
    """Return an integer that was written with a point as one; anything else as it is.

    >>> as_integer(1.0), as_integer(1.5)
    (1, 1.5)
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_list(value: Value) -> list[JsonValue]:
    """Return a value that is a list, else an empty one."""
    return value if isinstance(value, list) else []
