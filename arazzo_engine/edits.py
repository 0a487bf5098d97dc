"""What a finding would have written into a document: a value at a place, and how sure it is.

Decides nothing about texts: where the place is among the characters, and whether it can be written there, is for
``documents.editing``. The value is kept as JSON, so that findings compare.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Applicability(StrEnum):
    """How sure a repair is.

    ``safe``: there is one reading, and it is read so. ``unsafe``: one reading is far likelier, and only a person who
    asks for it gets it. ``shown``: it is told, and never written.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOWN = "shown"


class Edit(Struct, frozen=True):
    """The value that should stand at a place of the document with this URI; members that it has not are to go.

    A member that was not there before stands ``before`` another one, or ``instead_of`` one, else behind all others.
    """

    uri: str
    pointer: tuple[str, ...]
    json: str
    applicability: Applicability = Applicability.SAFE
    before: str = ""
    instead_of: str = ""

    @property
    def value(self) -> Any:  # noqa: ANN401 - a JSON value
        """The value."""
        return json.loads(self.json)
