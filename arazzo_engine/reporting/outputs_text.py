"""The outputs of a run on a terminal, one a line. How a run ended is told by its report itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.printable import in_line
from arazzo_engine.reporting.lines.widths import fill, width_of

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.masking import Masker


def render_outputs(outputs: JsonValue, masker: Masker) -> str:
    """Return the outputs, one a line and aligned: a string that is one line as it is, anything else as JSON."""
    width = max((width_of(in_line(name)) for name in outputs), default=0) + 2
    lines = (f"{fill(f'{name}:', width)}{_in_one_line(value)}" for name, value in masker.value(outputs).items())
    return "\n".join(in_line(masker.text(line)) for line in lines)


def _in_one_line(value: JsonValue) -> str:
    is_plain = isinstance(value, str) and in_line(value) == value
    return value if is_plain else json.dumps(value, ensure_ascii=False)
