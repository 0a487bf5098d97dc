"""API descriptions for unit tests: a few documents by URI, and the first of them opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.apis.descriptions.openapi import OpenApi, open_api
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document

URI: Final = "https://descriptions.example.com/v1/api.json"


class Shelf:
    """Documents by URI; a document is read when it is asked for, and it is remembered which were."""

    def __init__(self, documents: dict[str, Any]) -> None:
        self.documents = documents
        self.asked: list[str] = []

    def get(self, uri: str) -> Document:
        """Return the document at a URI."""
        self.asked.append(uri)
        if uri not in self.documents:
            raise ArazzoError(diagnose("source-not-found", f"{uri}: no such document"))
        return read_document(json.dumps(self.documents[uri]), uri)


def opened(description: dict[str, Any], others: dict[str, Any] | None = None, uri: str = URI) -> OpenApi:
    """Return a description opened as source ``api``; ``others`` are documents it may refer to."""
    return open_api("api", read_document(json.dumps(description, indent=1), uri), Shelf(others or {}))


def described(version: str, operation: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Return a description with the operation ``op`` at ``POST /things``."""
    field = "swagger" if version == "2.0" else "openapi"
    paths = {"/things": {"post": {"operationId": "op", "responses": {}, **operation}}}
    return {field: version, "info": {"title": "Things", "version": "1"}, "paths": paths, **rest}
