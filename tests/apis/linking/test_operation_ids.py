"""An operation is found by its operationId, whatever characters that is made of, or by its place."""

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
    from arazzo_engine.world.preparing import Checked

_IDS: Final = (
    *("getThing", "get thing", "get/thing", "get.thing", "get.thing.outputs", "get#thing", "get:thing", "get~thing"),
    *(
        "{thing}",
        "$thing",
        "$steps",
        "$",
        "'quoted'",
        '"quoted"',
        "ünï/€",
        "日本",
        "😀",
        "1",
        "a\nb",
        "a\tb",
        " ",
        "%20",
    ),
    "GET /things/{id}",
)


class _Api(SourceLoader):
    """A loader that gives one description with one operation for every source."""

    def __init__(self, operation_id: str | None, path: str) -> None:
        operation: dict[str, Any] = {"responses": {}} | ({} if operation_id is None else {"operationId": operation_id})
        value = {"openapi": "3.2.0", "servers": [{"url": "https://x.example"}], "paths": {path: {"get": operation}}}
        self.document = read_document(json.dumps(value), "file:///api.json")

    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: object, base_uri: str) -> Document:
        del source, base_uri
        return self.document


def _checked(step: dict[str, Any], api: _Api) -> Checked:
    text = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", **step}]}],
    }
    return check_document(read_document(json.dumps(text), "file:///main.json"), api)


def _target(step: dict[str, Any], api: _Api) -> tuple[object, list[str]]:
    checked = _checked(step, api)
    return checked.workflow("w").steps[0].target, [each.code for each in checked.problems]


@pytest.mark.parametrize("operation_id", _IDS)
@pytest.mark.parametrize("prefix", ["", "$sourceDescriptions.api."])
def test_an_operation_id_may_be_any_text(prefix: str, operation_id: str) -> None:
    target, problems = _target({"operationId": prefix + operation_id}, _Api(operation_id, "/things"))
    assert problems == []
    assert isinstance(target, Operation)
    assert target.operation_id == operation_id


@pytest.mark.parametrize("path", ["/things", "/a/b", "/a~b", "/a b", "/ü", "/a%20b", "/a?b", "/"])
def test_an_operation_without_an_id_is_found_by_its_place(path: str) -> None:
    escaped = path.replace("%", "%25").replace("~", "~0").replace("/", "~1")
    step = {"operationPath": f"{{$sourceDescriptions.api.url}}#/paths/{escaped}/get"}
    target, problems = _target(step, _Api(None, path))
    assert problems == []
    assert isinstance(target, Operation)
    assert (target.method, target.path) == ("GET", path)


@pytest.mark.parametrize("operation_id", ["getThings", "$steps.x", "$sourceDescriptions.api.nothing"])
def test_an_operation_that_nobody_defines_is_not_found(operation_id: str) -> None:
    _, problems = _target({"operationId": operation_id}, _Api("getThing", "/things"))
    assert problems == ["operation-not-found"]


@pytest.mark.parametrize(
    ("named", "defined", "fix"),
    [
        ("crateOrder", "createOrder", "did you mean `createOrder`? (api, file:///api.json:1)"),
        ("reverseOrder", "createOrder", "add the operation to the API description, or name one that it has"),
        ("getUserById", "getPetById", "add the operation to the API description, or name one that it has"),
    ],
)
def test_an_operation_that_does_another_thing_is_not_taken_for_the_one_that_is_meant(
    named: str, defined: str, fix: str
) -> None:
    assert [each.fix for each in _checked({"operationId": named}, _Api(defined, "/things")).problems] == [fix]
