"""How the text of a header is given where a number is taken: within a payload that is itself a text, without quotes.

Decides it for a member of a payload. Where the value comes from is for others to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.alternatives import all_types, words_of_types
from arazzo_engine.language.templates import template_text

if TYPE_CHECKING:
    from arazzo_engine.language.templates import Template
    from arazzo_engine.validation.types.nulls import Origin
    from arazzo_engine.validation.types.taking import Goal

_WRITTEN_PLAIN: Final = frozenset({"integer", "number", "boolean"})


def number_meant(template: Template, goal: Goal, origin: Origin | None) -> str:
    """Return how to give a header as the number that its text is; nothing for what is none, or goes elsewhere."""
    types = all_types(goal.known)
    is_header = origin is not None and origin.read.is_of_answer_header
    if not is_header or goal.as_text or "payload" not in template.at.pointer or types.isdisjoint(_WRITTEN_PLAIN):
        return ""
    where = f"with `{{{template_text(template)}}}` outside of quotes"
    return f"give {words_of_types(types)}: a header is a text, so write the payload as a text of JSON, {where}"
