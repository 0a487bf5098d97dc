"""An operation that nobody defines: the one that is meant is offered, and never one that does another thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine
from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.reading import read_document
from arazzo_engine.edits import Applicability
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document

_NOTHING: Final = "add the operation to the API description, or name one that it has"
_ID: Final = {"name": "id", "in": "path", "value": "1"}


def _operation(operation_id: str, **more: Any) -> dict[str, Any]:
    return {"operationId": operation_id, "responses": {}, **more}


def _described(name: str, **required: str) -> dict[str, Any]:
    return {"name": name, "in": required["location"], "required": True, "schema": {"type": "string"}}


_KEY: Final = _described("key", location="query")
_API: Final = json.dumps({
    "openapi": "3.1.0",
    "servers": [{"url": "https://x.example"}],
    "paths": {
        "/things": {"get": _operation("IThings_listThings"), "post": _operation("IThings_add", parameters=[_KEY])},
        "/things/{id}": {
            "parameters": [_described("id", location="path")],
            "get": _operation("getThings"),
            "delete": _operation("things/removeThing"),
        },
        "/orders": {"get": _operation("searchOrders"), "post": _operation("v1.Orders.make"), "put": _operation("hold")},
        "/bills": {"post": _operation("v1.Bills.make"), "get": _operation("getBills"), "put": _operation("readBills")},
    },
})  # fmt: skip


class _Apis(SourceLoader):
    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: object, base_uri: str) -> Document:
        del source, base_uri
        return read_document(_API, "file:///api.json")


def _problem(step: dict[str, Any]) -> Diagnostic:
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "inputs": {"type": "object"}, "steps": [{"stepId": "s", **step}]}],
    }
    (problem,) = check_document(read_document(json.dumps(document), "file:///w.json"), _Apis()).problems
    assert problem.code == "operation-not-found"
    return problem


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        # the only one that ends so, before one that is nearly so
        ("listThings", "IThings_listThings"),
        ("ListThings", "IThings_listThings"),
        ("add", "IThings_add"),
        ("removeThing", "things/removeThing"),
        ("IThing_listThings", "IThings_listThings"),
        ("serchOrders", "searchOrders"),
        # what tools call an operation by its method and its path, before one that is nearly so
        ("getOrders", "searchOrders"),
        ("put_bills", "readBills"),
        # two that end so, and what does another thing or is done with another method
        ("make", ""),
        ("listOrders", "searchOrders"),
        ("listBills", ""),
        ("createThings", ""),
        ("deleteThings", ""),
        ("readBill", ""),
        # what stands for several or one, and is not called as the step calls it
        ("getThing", ""),
    ],
)
def test_the_operation_that_is_meant_is_offered_and_no_other_one(named: str, meant: str) -> None:
    problem = _problem({"operationId": named})
    expected = f"did you mean `{meant}`? (api, file:///api.json:1)" if meant else _NOTHING
    assert problem.fix == expected


def test_one_that_is_named_by_its_method_and_path_is_offered_where_the_step_fits() -> None:
    problem = _problem({"operationId": "deleteThingsById", "parameters": [_ID]})
    assert problem.fix == "did you mean `things/removeThing`? (api, file:///api.json:1)"
    assert _problem({"operationId": "deleteThingsById"}).fix == _NOTHING


def test_of_a_path_with_several_operations_each_is_named() -> None:
    fix = "name the operation that is meant: `IThings_listThings` (get) or `IThings_add` (post)"
    assert {_problem({"operationId": each}).fix for each in ("/things", "api#/things")} == {fix}


@pytest.mark.parametrize("field", ["operationId", "operations", "url", "name"])
def test_the_name_of_a_field_is_told_as_one_and_the_step_may_be_called_as_what_is_meant(field: str) -> None:
    problem = _problem({"operationId": f"$sourceDescriptions.api.{field}"})
    assert problem.message == f"step `s` has `{field}` where the id of an operation belongs: it is the name of a field"
    assert problem.fix.startswith(f"write an operationId in the place of `{field}`: `IThings_listThings`, ")
    problem = _problem({"stepId": "searchOrders", "operationId": f"$sourceDescriptions.api.{field}"})
    assert problem.fix == "did you mean `searchOrders`? (api, file:///api.json:1)"
    assert [each.value for each in problem.edits] == ["$sourceDescriptions.api.searchOrders"]


def test_one_for_several_is_offered_where_the_step_fits() -> None:
    problem = _problem({"operationId": "getThing", "parameters": [_ID]})
    assert problem.fix == "did you mean `getThings`? (api, file:///api.json:1)"


@pytest.mark.parametrize(
    ("step", "written"),
    [
        ({"operationId": "listThings"}, "IThings_listThings"),
        ({"operationId": "$sourceDescriptions.api.listThings"}, "$sourceDescriptions.api.IThings_listThings"),
        ({"operationId": "add", "parameters": [{"name": "key", "in": "query", "value": "k"}]}, "IThings_add"),
        ({"operationId": "add"}, None),
        ({"operationId": "removeThing"}, None),
        ({"operationId": "listThings", "parameters": [_ID]}, None),
    ],
)
def test_what_is_offered_is_to_be_written_where_the_step_fits_it(step: dict[str, Any], written: str | None) -> None:
    problem = _problem(step)
    assert problem.fix.startswith("did you mean")
    assert [(each.value, each.applicability) for each in problem.edits] == (
        [(written, Applicability.UNSAFE)] if written else []
    )


def test_an_operation_of_a_path_item_in_another_file_is_offered_by_its_own_id(tmp_path: Path) -> None:
    item = {"get": _operation("searchParts")}
    (tmp_path / "items.json").write_text(json.dumps({"parts": item}))
    api = {"openapi": "3.1.0", "info": {}, "servers": [{"url": "https://x.example"}]}
    (tmp_path / "api.json").write_text(json.dumps({**api, "paths": {"/parts": {"$ref": "items.json#/parts"}}}))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "serchParts"}]}],
    }
    (tmp_path / "w.json").write_text(json.dumps(document))
    with Engine() as engine:
        (problem,) = (each for each in engine.validate(tmp_path / "w.json") if each.is_error)
    assert problem.fix.startswith("did you mean `searchParts`? (api, ")
    assert problem.fix.endswith("items.json:1)")
