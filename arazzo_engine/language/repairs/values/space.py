"""Space around an expression or an id, which nobody sees: `"$inputs.token "`, and a block of text with its line end.

Decides where it can only be left over. An expression that ends in a JSON Pointer may end in a space by its grammar, and
a text that is sent may begin with one: both stay. Ids that operations have are known elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.repairs.sites import Kind

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

NO_SPACE: Final = "there is no space around a name"
_LINE_ENDS: Final = "\r\n"


def around_value(kind: Kind, text: JsonValue) -> str | None:
    """``"$inputs.token "`` is ``$inputs.token``: what begins as an expression is one, and an output is always one."""
    if not isinstance(text, str):
        return None
    return _around(text.lstrip() if kind is Kind.OUTPUT else text, text)


def around_context(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context: " $response.body"`` is ``context: $response.body``."""
    text = criterion.get("context")
    written = _around(text.lstrip(), text) if isinstance(text, str) else None
    return None if written is None else {**criterion, "context": written}


def _around(begun: str, text: str) -> str | None:
    ended = begun.rstrip(_LINE_ENDS)
    written = ended if is_expression(ended) else ended.rstrip()
    return written if written != text and is_expression(written) else None


def around_step(text: str, names: Names) -> str | None:
    """``stepId: "find "`` of an action is ``stepId: find``, where that is a step and the other one is none."""
    return text.strip() if text not in names.step_ids and text.strip() in names.step_ids else None


def around_workflow(text: str, names: Names) -> str | None:
    """``workflowId: "other "`` is ``workflowId: other``, where that is a workflow and the other one is none."""
    is_one = text.strip() in names.workflow_ids or text.strip().startswith("$sourceDescriptions.")
    return text.strip() if text not in names.workflow_ids and text != text.strip() and is_one else None


def before_operation(text: str, _names: Names) -> str | None:
    """``operationId: " $sourceDescriptions.shop.findItem"`` begins with its sign."""
    return text.lstrip() if text[:1].isspace() and text.lstrip().startswith("$sourceDescriptions.") else None
