"""A document from the network can never make the engine read a local file, whatever it says of itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import Reply

from arazzo_engine.language.reading.description import read_description
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer


def _document(url: str, **rest: Any) -> dict[str, Any]:
    return {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": url, "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "a"}]}],
        **rest,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    api = {"openapi": "3.1.0", "info": {}, "paths": {"/a": {"get": {"operationId": "a", "responses": {}}}}}
    (tmp_path / "api.json").write_text(json.dumps(api))
    return tmp_path


@pytest.mark.parametrize("relative", [True, False])
def test_a_document_of_the_network_reads_no_local_file_by_claiming_to_be_one(
    relative: bool,
    folder: Path,
    server: RecordingServer,
) -> None:
    url = "api.json" if relative else (folder / "api.json").as_uri()
    claim = {"$self": (folder / "doc.json").as_uri()} if relative else {}
    server.script("GET", "/doc.json", Reply(200, body=_document(url, **claim)))
    loader = Loader()
    checked = check_document(loader.load_entry(f"{server.url}/doc.json"), loader)
    assert [each.code for each in checked.errors] == ["source-not-found"]
    assert checked.errors[0].message.endswith("cannot be loaded: a document from the network may not name a local file")


def test_a_local_document_may_call_itself_something_of_the_network(folder: Path) -> None:
    text = json.dumps(_document((folder / "api.json").as_uri(), **{"$self": "https://id.example.com/doc"}))
    (folder / "doc.json").write_text(text)
    loader = Loader()
    document = loader.load_entry(str(folder / "doc.json"))
    assert check_document(document, loader).problems == ()
    source = read_description(document).description.source_descriptions[0]
    assert loader.load_source(source, "https://id.example.com/doc").value["openapi"] == "3.1.0"


def test_a_network_document_s_reference_to_a_file_is_refused(folder: Path, server: RecordingServer) -> None:
    api = {
        "openapi": "3.1.0",
        "info": {},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"$ref": (folder / "api.json").as_uri() + "#/paths/~1a"}},
    }
    server.script("GET", "/api.json", Reply(200, body=api))
    loader = Loader()
    server.script("GET", "/doc.json", Reply(200, body=_document("api.json")))
    checked = check_document(loader.load_entry(f"{server.url}/doc.json"), loader)
    assert [each.code for each in checked.errors] == ["operation-not-found"]
