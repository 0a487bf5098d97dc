"""A field that an object of the specification does not have, as a fix looks at it, and what is written instead.

Decides the words that every such fix has in common: values as YAML, and whether a list has them added or is new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.writing import Writer
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.other_formats.neighbours import Around

_YAML: Final = Writer(is_json=False, line_end="\n")
_ID: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")


class OddField(Struct, frozen=True):
    """A field that there is not: its name, the object that has it, and the fields that the object may have.

    ``around`` are the steps around it, where it is of a step.
    """

    name: str
    beside: Mapping[str, JsonValue]
    allowed: tuple[str, ...]
    around: Around | None = None

    @property
    def value(self) -> JsonValue:
        """What stands in it."""
        return self.beside.get(self.name)


def letters(name: str) -> str:
    """Return a name without its case and the signs within it.

    >>> letters("max_Retries")
    'maxretries'
    """
    return name.replace("_", "").replace("-", "").casefold()


def in_flow(value: JsonValue) -> str:
    """Return a value as it stands within braces of YAML.

    >>> in_flow({"name": "again", "type": "retry", "of": ["1", 1]})
    "{name: again, type: retry, of: ['1', 1]}"
    """
    return _YAML.flow(value)


def adding(field: str, entries: Sequence[JsonValue], odd: OddField) -> str:
    """Return how entries are written: into a field that is there, or as the field."""
    texts = ", ".join(map(in_flow, entries))
    has_some = bool(odd.beside.get(field))
    return f"add to `{field}`: `{texts}`" if has_some else f"write `{field}: [{texts}]`"


def is_id(value: JsonValue) -> bool:
    """Whether a value may be the id of a step or of a workflow."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
