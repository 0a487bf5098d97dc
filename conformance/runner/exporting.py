"""Writes each case to one JSON file that holds all of it: documents, inputs, scripted answers, and what is accepted.

The address of the server stays ``http://server.invalid``: whoever runs a file puts a real one in its place. The file's
shape is that of ``export.schema.json``, and nothing of it is known to the rest of the runner.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from runner.cases import PLACEHOLDER, documents
from runner.comparing import outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from runner.cases import Case
    from runner.yaml_subset import Json


def export(cases: Sequence[Case], folder: Path) -> None:
    """Write the file of each case to a folder, in the folder of its area."""
    for case in cases:
        path = folder / case.area / f"{case.key.replace('/', '.')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(exported(case), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def exported(case: Case) -> dict[str, Json]:
    """Return all of a case as one JSON value."""
    return {
        "case": case.key,
        "description": case.doc,
        "version": case.version,
        "level": case.level,
        "clauses": [
            {name: each[name] for name in ("anchor", "field", "clause") if name in each} for each in case.clauses
        ],
        "server": PLACEHOLDER,
        "documents": {name: _document(content) for name, content in documents(case).items()},
        "entry": case.entry,
        "action": case.action,
        "workflow": case.content.get("workflow"),
        "inputs": case.content.get("inputs", {}),
        "answers": case.content.get("server", {}),
        "accepted": [_accepted(each) for each in case.expected],
    }


def _document(content: str | bytes) -> dict[str, str]:
    return {"text": content} if isinstance(content, str) else {"base64": base64.b64encode(content).decode()}


def _accepted(expected: dict[str, Json]) -> dict[str, Json]:
    """Return an accepted result: the terminal state first, then steps, outputs and requests as far as they count."""
    result = {"state": outcome_of(expected)}
    result |= {name: expected[name] for name in ("steps", "outputs", "requests") if name in expected}
    return result | ({"places": expected["invalid"]} if "invalid" in expected else {})
