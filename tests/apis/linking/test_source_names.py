"""A source whose name has a dot or a space is named by that name: a declared one is meant before its beginning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription

_CALL: Final = {"get": {"operationId": "call", "responses": {"200": {"description": "ok"}}}}


class _Api(SourceLoader):
    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        del base_uri
        servers = [{"url": f"https://{source.url.removesuffix('.json')}.example"}]
        text = json.dumps({"openapi": "3.1.0", "servers": servers, "paths": {"/a": _CALL}})
        return read_document(text, f"file:///{source.url}")


STEPS = (
    ("openapi.yaml", {"operationId": "$sourceDescriptions.openapi.yaml.call"}),
    ("api.v1", {"operationId": "api.v1.call"}),
    ("My API", {"operationId": "$sourceDescriptions.My API.call"}),
    ("api.v1", {"operationPath": "{$sourceDescriptions.api.v1.url}#/paths/~1a/get"}),
    ("api.v1", {"operationPath": "api.v1#/paths/~1a/get"}),
)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_the_declared_source_is_meant(name: str, step: dict[str, Any]) -> None:
    names = (name, "api") if name.startswith("api") else (name,)
    sources = [{"name": each, "url": f"n{index}.json", "type": "openapi"} for index, each in enumerate(names)]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": sources,
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", **step}]}],
    }
    checked = check_document(read_document(json.dumps(document), "file:///w.json"), _Api())
    assert {each.code for each in checked.problems} <= {"id-characters", "repaired"}
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.servers[0].url == "https://n0.example"
