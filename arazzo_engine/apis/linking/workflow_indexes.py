"""Workflows that are named by their index, as a JSON Pointer has it: ``$sourceDescriptions.trips#/workflows/0``.

Decides which workflow that is: the one at that place of the list, of a source or of the document itself. Whether there
is one is left for the lookup by ids to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.objects import ArazzoDescription
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDEXED: Final = lazy_pattern(
    r"(?:(?:\{?\$sourceDescriptions\.|\$)?(?P<source>[\w\-]+)(?:\.url)?\}?[.#/:])?"
    r"(?:#?/|\$)?workflows[./](?P<index>0|[1-9][0-9]{0,5})"
)
BY_ID: Final = "a workflow is named by its id, and this is the one at that index"


class Indexed(Struct, frozen=True):
    """The workflow at an index: its document if it has workflows, its id or else the index, and what names it."""

    home: ArazzoDescription | None
    workflow_id: str
    written: str


def at_index(reference: str, description: ArazzoDescription, sources: Mapping[str, object]) -> Indexed | None:
    """Return the workflow that is named by its index, ``None`` where none is."""
    match = _INDEXED.fullmatch(reference) if description.workflow(reference) is None else None
    if match is None:
        return None
    name, index = match["source"], match["index"]
    home = description if name is None else sources.get(name)
    if not isinstance(home, ArazzoDescription):
        return Indexed(None, index, f"$sourceDescriptions.{name}.{index}")
    there = (each.workflow_id for each in home.workflows if each.at.pointer == ("workflows", index))
    # an id may be a number, and is meant before any index
    found = index if home.workflow(index) is not None else next(filter(None, there), index)
    return Indexed(home, found, f"$sourceDescriptions.{name}.{found}" if name else found)
