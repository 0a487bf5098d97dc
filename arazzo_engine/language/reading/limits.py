"""How many workflows and steps a document may have, and expressions one text: far more than anybody writes.

Decides it before anything else is read. What a workflow or a step is, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue

MOST_WORKFLOWS: Final = 100_000
MOST_STEPS: Final = 200_000
MOST_EXPRESSIONS: Final = 200_000


def check_counts(document: Document) -> None:
    """Raise ``ArazzoError`` (``document-too-large``) when a document has more of something than is read."""
    workflows = as_list(as_mapping(document.value).get("workflows"))
    steps = sum(len(as_list(as_mapping(each).get("steps"))) for each in workflows)
    for what, count, most in (("workflows", len(workflows), MOST_WORKFLOWS), ("steps", steps, MOST_STEPS)):
        if count > most:
            message = f"the document has {count:,} {what}, and at most {most:,} are read"
            at = document.root().child("workflows").key_location()
            raise ArazzoError(diagnose("document-too-large", message, at, fix="split it into several documents"))
    # each expression has its sign, written as it is or by its number; few documents have so many of them
    if sum(map(document.text.count, ("$", "24"))) > MOST_EXPRESSIONS:
        _check_texts(document)


def _check_texts(document: Document) -> None:
    waiting: list[tuple[JsonValue, tuple[str | int, ...]]] = [(document.value, ())]
    while waiting:
        value, tokens = waiting.pop()
        if isinstance(value, str) and value.count("$") > MOST_EXPRESSIONS:
            message = (
                f"the text has {value.count('$'):,} signs of expressions, and at most {MOST_EXPRESSIONS:,} are read"
            )
            at = document.root().child(*tokens).location()
            raise ArazzoError(diagnose("document-too-large", message, at, fix="split it into several texts"))
        members = as_mapping(value).items() or enumerate(as_list(value))
        waiting.extend((each, (*tokens, name)) for name, each in members)
