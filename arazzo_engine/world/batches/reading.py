"""In which form the rows of a batch are: by the name of their file, else by how they begin.

Decides nothing about the rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from arazzo_engine.world.batches.columns import Csv
from arazzo_engine.world.batches.json_lines import JsonLines
from arazzo_engine.world.batches.rows import Source

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.world.batches.rows import Reader

_OF_JSON: Final = frozenset({".jsonl", ".ndjson", ".json"})


def source_of(name: str, workflow: LinkedWorkflow) -> Source:
    """Return the rows that stand in a file, or come from stdin, as inputs of a workflow."""

    def reader(beginning: bytes, shown: str) -> Reader:
        ending = Path(name).suffix.lower()
        is_json = ending in _OF_JSON or (ending != ".csv" and beginning.lstrip().startswith(b"{"))
        return JsonLines(shown) if is_json else Csv(shown, workflow)

    return Source(name, reader)
