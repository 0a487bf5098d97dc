"""Documents for the tests of pages, and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from arazzo_engine.world.authoring.picturing import picture

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.reporting.pages.page import Page

SHOP = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {"post": {"operationId": "order", "summary": "Order", "responses": {}}},
        "/jobs": {"get": {"operationId": "poll", "responses": {"200": {"description": "done"}}}},
    },
}


def page_in(folder: Path, workflows: list[dict[str, Any]], **info: Any) -> Page:
    """Write a document with these workflows over a shop, and return its page."""
    (folder / "shop.yaml").write_text(yaml.safe_dump(SHOP))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "Orders", "version": "2", **info},
        "sourceDescriptions": [{"name": "shop", "url": "shop.yaml", "type": "openapi"}],
        "workflows": workflows,
    }
    path = folder / "orders.arazzo.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return picture(str(path)).page


def step(step_id: str, operation: str = "order", **fields: Any) -> dict[str, Any]:
    """Return a step that calls an operation of the shop."""
    return {"stepId": step_id, "operationId": operation, **fields}
