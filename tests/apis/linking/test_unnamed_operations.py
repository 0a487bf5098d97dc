"""An operation without an id is meant where its method and its path are named; what is only likely is offered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription

_NONE: Final[dict[str, Any]] = {"responses": {"200": {"description": "It is done"}}}
_NAMED: Final[dict[str, Any]] = {"operationId": "readAll", **_NONE}
_API: Final = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://shop.test"}],
    "paths": {
        "/orders": {"post": _NONE, "get": _NAMED},
        "/orders/{id}": {"get": _NONE, "delete": _NONE},
        "/items": {"get": _NONE, "post": _NONE},
    },
}
_SHOP: Final = "{$sourceDescriptions.shop.url}#/paths"


class _Apis(SourceLoader):
    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        del base_uri
        return read_document(json.dumps(_API), f"file:///{source.name}.json")


def _told(field: str, text: str) -> tuple[str, str | None]:
    step = {"stepId": "s", field: text, "parameters": [{"name": "id", "in": "path", "value": "a"}]}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "shop.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": {"type": "object"}, "steps": [step]}],
    }
    checked = check_document(read_document(json.dumps(document), "file:///w.json"), _Apis())
    return checked.problems[0].code, checked.problems[0].fix


@pytest.mark.parametrize(
    "text",
    [
        *("deleteOrdersById", "delete_orders_id", "DELETE_orders_{id}", "ordersIdDelete", "delete-orders-by-id"),
        "$sourceDescriptions.shop.deleteOrdersById",
    ],
)
def test_a_method_and_a_path_name_an_operation(text: str) -> None:
    assert _told("operationId", text) == ("repaired", f"write `operationPath: '{_SHOP}/~1orders~1{{id}}/delete'`")


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("removeOrder", f"did you mean `operationPath: '{_SHOP}/~1orders~1{{id}}/delete'`?"),
        ("$sourceDescriptions.shop.createOrder", f"did you mean `operationPath: '{_SHOP}/~1orders/post'`?"),
        # it has a name, and is named so
        ("getOrders", f"did you mean `operationPath: '{_SHOP}/~1orders~1{{id}}/get'`?"),
        ("createCustomer", "add the operation to the API description, or name one that it has"),
    ],
)
def test_what_may_be_meant_is_offered(text: str, fix: str) -> None:
    assert _told("operationId", text) == ("operation-not-found", fix)


@pytest.mark.parametrize(
    "path", ["/paths//orders/{id}/delete", "/paths/orders/{id}/delete", "/paths/~1orders~1{id}/DELETE"]
)
def test_a_path_that_is_not_escaped_is_the_one_that_it_says(path: str) -> None:
    found = _told("operationPath", f"{{$sourceDescriptions.shop.url}}#{path}")
    assert found == ("repaired", f"write `{_SHOP}/~1orders~1{{id}}/delete`")


def test_of_a_path_with_several_methods_all_are_named() -> None:
    found = _told("operationPath", "{$sourceDescriptions.shop.url}#/paths/~1items")
    assert found == ("operation-not-found", "add the method that is meant: `get` or `post`")
