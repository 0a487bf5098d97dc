"""What is told of an object that is read in another shape: the fields that were there, and those that say it.

Decides words only; the edit that writes it is of the whole object, of which only what differs is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.json.writing import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.table import Repair

_LONGEST_SHOWN = 100


def told_of_shape(at: Place, found: JsonValue, written: JsonValue, made: Sequence[Repair]) -> Diagnostic:
    """Return the warning that an object, or an entry, is read as another."""
    reasons = "; ".join(row.reason for row in made)
    edits = [at.written(written)]
    if not isinstance(found, dict) or not isinstance(written, dict):
        text = written if isinstance(written, str) else _fields(written, written)
        message = f"`{_short(str(found))}` is read as `{text}`: {reasons}"
        return diagnose("repaired", message, at.location(), fix=f"write `{text}`", edits=edits, kind=reasons)
    gone = [name for name, each in found.items() if name not in written or written[name] != each]
    new = [name for name, each in written.items() if name not in found or found[name] != each]
    location = at.child(gone[0]).key_location()
    before, after = _fields(found, gone), _fields(written, new)
    if not new:
        message, fix = f"`{before}` is left out: {reasons}", f"remove `{'`, `'.join(gone)}`"
    else:
        message, fix = f"`{before}` is read as `{after}`: {reasons}", f"write `{after}`"
    return diagnose("repaired", message, location, fix=fix, edits=edits, kind=reasons)


def _fields(value: Mapping[str, JsonValue], names: Iterable[str]) -> str:
    return _short(", ".join(f"{name}: {_shown(value[name])}" for name in names))


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) and value else json_text(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else line[:_LONGEST_SHOWN] + "…"
