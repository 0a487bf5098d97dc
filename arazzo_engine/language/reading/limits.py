"""How many workflows and steps a document may have: far more than anybody writes, and no more than can be checked.

Decides it before anything else is read. What a workflow or a step is, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document

MOST_WORKFLOWS: Final = 100_000
MOST_STEPS: Final = 200_000


def check_counts(document: Document) -> None:
    """Raise ``ArazzoError`` (``document-too-large``) when a document has more workflows or steps than are read."""
    workflows = as_list(as_mapping(document.value).get("workflows"))
    steps = sum(len(as_list(as_mapping(each).get("steps"))) for each in workflows)
    for what, count, most in (("workflows", len(workflows), MOST_WORKFLOWS), ("steps", steps, MOST_STEPS)):
        if count > most:
            message = f"the document has {count:,} {what}, and at most {most:,} are read"
            at = document.root().child("workflows").key_location()
            raise ArazzoError(diagnose("document-too-large", message, at, fix="split it into several documents"))
