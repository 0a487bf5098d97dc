"""A project on disk: two documents of one API, and what a test writes around them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

API: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Payments", "version": "1"},
    "servers": [{"url": "https://payments.example.com/{stage}", "variables": {"stage": {"default": "live"}}}],
    "security": [{"bearer": []}],
    "paths": {
        "/charges": {
            "post": {
                "operationId": "charge",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"201": {"description": "Charged."}},
            }
        }
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
}
CHECKOUT: Final[dict[str, Any]] = {
    "arazzo": "1.0.1",
    "info": {"title": "Check out", "version": "1"},
    "sourceDescriptions": [{"name": "payments", "url": "payments.json", "type": "openapi"}],
    "workflows": [
        {
            "workflowId": "checkout",
            "inputs": {
                "type": "object",
                "required": ["sku"],
                "properties": {
                    "sku": {"type": "string"},
                    "count": {"type": "integer"},
                    "photo": {"type": "string", "contentEncoding": "base64"},
                },
            },
            "steps": [
                {
                    "stepId": "charge",
                    "operationId": "charge",
                    "requestBody": {
                        "payload": {"sku": "$inputs.sku", "count": "$inputs.count", "photo": "$inputs.photo"}
                    },
                    "successCriteria": [{"condition": "$statusCode == 201"}],
                }
            ],
        }
    ],
}
DOCUMENT: Final = "flows/checkout.json"


def write_project(folder: Path, text: str, *, description: str = "flows/payments.json") -> None:
    """Write the document, its description, and the project file above both."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / DOCUMENT).write_text(json.dumps(CHECKOUT))
    (folder / description).parent.mkdir(parents=True, exist_ok=True)
    (folder / description).write_text(json.dumps(API))
    (folder / "arazzo.toml").write_text(text)
