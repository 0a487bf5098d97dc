"""What is told of an object that is read in another shape: the fields that were there, and those that say it.

Decides words only; the edit that writes it is of the whole object, of which only what differs is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.edits import Applicability
from arazzo_engine.language.repairs.names import entries
from arazzo_engine.language.repairs.rows import fix_by_writing, read_as, shortened
from arazzo_engine.language.repairs.shapes.retries import is_retry
from arazzo_engine.language.templates import without_mark
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.rows import Repair

_LONGEST_SHOWN: Final = 100
# a text that YAML would read as something else
_NO_TEXT: Final = lazy_pattern(r"\d+(?:\.\d+)?|true|false|null")


def told_of_shape(at: Place, found: JsonValue, written: JsonValue, made: Sequence[Repair]) -> Diagnostic:
    """Return the warning that an object, or an entry, is read as another."""
    reasons = "; ".join(row.reason for row in made)
    # what only this engine reads is written for those who ask for it
    is_own = any(row.is_own for row in made)
    edits = [at.written(written, Applicability.UNSAFE if is_own else Applicability.SAFE)]
    if isinstance(found, dict) and isinstance(written, list):
        return _told_of_list(at, found, written, reasons)
    if not isinstance(found, dict) or not isinstance(written, dict):
        text, new_text = (
            (written, written) if isinstance(written, str) else (_fields(written, written), _in_yaml(written, written))
        )
        message = f"{read_as(str(found), text, _LONGEST_SHOWN)}: {reasons}"
        return diagnose(
            "repaired",
            message,
            at.location(),
            fix=fix_by_writing(f"`{new_text}`", is_own=is_own),
            edits=edits,
            kind=reasons,
        )
    if len(made) == 1 and made[0].name == "retry-of-success":
        return _told_of_retry(at, found, written, made[0])
    at, found, written = _within_outputs(at, found, written)
    at, found, written, others = _within_entries(at, found, written)
    gone = [name for name, each in found.items() if name not in written or written[name] != each]
    new = [name for name, each in written.items() if name not in found or found[name] != each]
    location = at.child(gone[0]).key_location()
    before, after = _fields(found, gone), _fields(as_mapping(without_mark(written)), new)
    if not new:
        message, fix = (
            f"`{shortened(before, _LONGEST_SHOWN)}` is left out{others}: {reasons}",
            f"remove `{'`, `'.join(gone)}`",
        )
    else:
        message, fix = (
            f"{_read(before, after)}{others}: {reasons}",
            fix_by_writing(f"`{_in_yaml(written, new)}`", is_own=is_own),
        )
    return diagnose("repaired", message, location, fix=fix, edits=edits, kind=reasons)


def _told_of_list(at: Place, found: JsonValue, written: list[JsonValue], reasons: str) -> Diagnostic:
    """Return the warning that a map is read as a list: of its entries, or of itself."""
    field = at.pointer[-1]
    if written == [found]:
        first = next(f"{name}: {each}" for name, each in found.items() if isinstance(each, str))
        message, fix = f"`{field}` is read as a list of one", f"write it as the entry of a list: `- {first}`"
    else:
        own, name = next((own, name) for own, name in _own_names(found, written))
        others = ", and so for the others" if len(written) > 1 else ""
        message, fix = f"`{field}` is a map, and is read as a list", f"write `- {own}: {name}` for `{name}:`{others}"
    edits = [at.written(written)]
    return diagnose("repaired", f"{message}: {reasons}", at.key_location(), fix=fix, edits=edits, kind=reasons)


def _own_names(found: JsonValue, written: list[JsonValue]) -> Iterator[tuple[str, str]]:
    """Yield what each entry of a list is called, and by which of its fields it says so."""
    for name, entry in zip(found, written, strict=True):
        yield from ((own, name) for own, each in entry.items() if each == name)


def _told_of_retry(at: Place, found: JsonValue, written: JsonValue, row: Repair) -> Diagnostic:
    index = next(index for index, each in enumerate(entries(found, "onSuccess")) if is_retry(each))
    has_own = bool(entries(found, "successCriteria"))
    added = entries(written, "successCriteria")[-1 if has_own else 0 :]
    both = "` and `".join(_in_yaml(each, each) for each in added if isinstance(each, dict))
    message = f"a `retry` of `onSuccess` is read as one of `onFailure`: {row.reason}"
    fix = f"move it to `onFailure` with the criteria of success before its own; to `successCriteria`, add `{both}`"
    edits = [at.written(written)]
    place = at.child("onSuccess", index, "type").location()
    return diagnose("repaired", message, place, fix=fix, edits=edits, kind=row.reason)


def _within_outputs(
    at: Place, found: dict[str, JsonValue], written: dict[str, JsonValue]
) -> tuple[Place, dict[str, JsonValue], dict[str, JsonValue]]:
    """Return the outputs alone, where nothing else is read in another way."""
    before, after = found.get("outputs"), written.get("outputs")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return at, found, written
    is_all = {**found, "outputs": None} == {**written, "outputs": None}
    return (at.child("outputs"), before, after) if is_all else (at, found, written)


def _within_entries(
    at: Place, found: dict[str, JsonValue], written: dict[str, JsonValue]
) -> tuple[Place, dict[str, JsonValue], dict[str, JsonValue], str]:
    """Return the first entry of a list that is read in another way, where nothing else is, and what is said of others.

    An entry that is no object, or is read as none, is told with its list.
    """
    fields = [name for name in {**found, **written} if found.get(name) != written.get(name)]
    before, after = (entries(each, fields[0]) if len(fields) == 1 else [] for each in (found, written))
    pairs = list(enumerate(zip(before, after, strict=True))) if len(before) == len(after) else []
    apart = [(index, one, other) for index, (one, other) in pairs if one != other]
    if not apart or not all(isinstance(each, dict) for _, *both in apart for each in both):
        return at, found, written, ""
    index, one, other = apart[0]
    more = len(apart) - 1
    others = f", and so in {more} other {'entry' if more == 1 else 'entries'}" if more else ""
    return at.child(fields[0], index), one, other, others


def _in_yaml(value: Mapping[str, JsonValue], names: Iterable[str]) -> str:
    """Return fields as they are written into YAML: a text in quotes where it would be something else without."""
    return ", ".join(f"{write_scalar(name)}: {_written(value[name])}" for name in names)


def _written(value: JsonValue) -> str:
    return json_text(value) if isinstance(value, dict | list) else write_scalar(value)


def _read(before: str, after: str) -> str:
    # what no text can say is read as it was written
    return f"`{shortened(before)}` is read as it stands" if after == before else read_as(before, after, _LONGEST_SHOWN)


def _fields(value: Mapping[str, JsonValue], names: Iterable[str]) -> str:
    return ", ".join(f"{name}: {_shown(value[name])}" for name in names)


def _shown(value: JsonValue) -> str:
    if isinstance(value, str) and value:
        return f"'{value}'" if _NO_TEXT.fullmatch(value) else value
    return str(value) if isinstance(value, float) else json_text(value)
