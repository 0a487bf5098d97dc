"""A page as JSON: the same values under the same names, and the flow as nodes and edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

if TYPE_CHECKING:
    from arazzo_engine.reporting.pages.page import Page


def page_as_json(page: Page) -> dict[str, Any]:
    """Return the page as a JSON object, without the text of the document."""
    value: dict[str, Any] = to_builtins(page)
    del value["text"]
    for workflow in value["workflows"]:
        workflow["outputs"] = dict(workflow["outputs"])
    return value
