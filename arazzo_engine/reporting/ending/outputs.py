"""Outputs of a step in a few words, for a line that has other things to say.

Decides that what is named like a secret shows nowhere but where a workflow gives it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.printable import in_line
from arazzo_engine.secret_names import MASK, is_secret_member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.masking import Masker

# of a value in a line, so many characters: the outputs of the workflow are told whole
LONGEST: Final = 200


def outputs_in_words(outputs: Mapping[str, JsonValue], masker: Masker, between: str = ", ") -> str:
    """Return each output with its value, masked: a string up to ``LONGEST``, an object or list by its size."""
    return between.join(f"{in_line(name)} {_value(name, value, masker)}" for name, value in outputs.items())


def _value(name: str, value: JsonValue, masker: Masker) -> str:
    match value:
        case dict():
            return f"{{{len(value)} member{'' if len(value) == 1 else 's'}}}"
        case list():
            return f"[{len(value)} element{'' if len(value) == 1 else 's'}]"
        case _ if is_secret_member(name):
            return MASK
        case str():
            return _cut(in_line(masker.text(value)))
        case _:
            return _cut(masker.text(json.dumps(value)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
