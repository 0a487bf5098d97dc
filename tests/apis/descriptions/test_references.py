"""Where references lead: within a document, to others, to schemas with a name; and what is never loaded."""

from __future__ import annotations

from typing import Any

import pytest
from opened import URI, Shelf, described, opened

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.document import Place

_SCHEMAS: dict[str, Any] = {
    "Plain": {"title": "plain"},
    "Alias": {"$ref": "#/components/schemas/Plain"},
    "Anchored": {"$anchor": "here", "title": "anchored"},
    "Dynamic": {"$dynamicAnchor": "node", "title": "dynamic"},
    "Named": {
        "$id": "https://schemas.example.com/named.json",
        "title": "named",
        "$defs": {
            "Inner": {"$anchor": "here", "title": "anchored in named"},
            "Relative": {"$ref": "#/$defs/Inner"},
            "Sibling": {"$ref": "other.json"},
        },
    },
    "Other": {"$id": "https://schemas.example.com/other.json", "title": "other"},
    "Within": {"$ref": "#/components/schemas/Outer/properties/deep"},
    "Outer": {"$ref": "#/components/schemas/Real"},
    "Real": {"properties": {"deep": {"title": "deep"}}},
}


def _title(reference: str, others: dict[str, Any] | None = None) -> object:
    api = opened(described("3.1.0", {}, components={"schemas": _SCHEMAS}), others)
    place = api.resolver.target(reference, Place(api.document, ("components", "schemas", "Alias")))
    return value_at(api.resolver.resolve(place).child("title"))


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        ("#/components/schemas/Plain", "plain"),
        ("#/components/schemas/Alias", "plain"),
        (f"{URI}#/components/schemas/Plain", "plain"),
        ("api.json#/components/schemas/Alias", "plain"),
        ("#/components/schemas/Outer/properties/deep", "deep"),
        ("#/components/schemas/Within", "deep"),
        ("#here", "anchored"),
        ("#node", "dynamic"),
        ("https://schemas.example.com/named.json", "named"),
        ("https://schemas.example.com/named.json#here", "anchored in named"),
        ("https://schemas.example.com/named.json#/$defs/Relative", "anchored in named"),
        ("#/components/schemas/Named/$defs/Sibling", "other"),
        ("#/components/schemas/%50lain", "plain"),
    ],
)
def test_a_reference_leads_to_what_it_names(reference: str, title: str) -> None:
    assert _title(reference) == title


def test_a_reference_leads_to_another_document_and_on_from_there() -> None:
    others = {
        "https://descriptions.example.com/v1/more.json": {"A": {"$ref": "#/B"}, "B": {"$ref": "../v2/last.json"}},
        "https://descriptions.example.com/v2/last.json": {"title": "last"},
    }
    assert _title("more.json#/A", others) == "last"


def test_a_document_that_names_itself_is_the_base_of_its_references() -> None:
    description = described("3.2.0", {}, components={"schemas": _SCHEMAS}, **{"$self": "https://else.example.com/a/b"})
    api = opened(description, {"https://else.example.com/a/c": {"title": "beside it"}})
    at = Place(api.document, ("components", "schemas", "Plain"))
    assert value_at(api.resolver.target("c", at).child("title")) == "beside it"
    for itself in ("https://else.example.com/a/b", URI, "b", ""):
        assert value_at(api.resolver.target(f"{itself}#/components/schemas/Plain", at).child("title")) == "plain"


def test_before_3_2_no_document_names_itself() -> None:
    api = opened({**described("3.1.0", {}), "$self": "https://else.example.com/a/b"})
    with pytest.raises(ArazzoError, match=r"descriptions\.example\.com/v1/c"):
        api.resolver.target("c", api.document.root())


@pytest.mark.parametrize(
    ("schemas", "code"),
    [
        ({"A": {"$ref": "#/components/schemas/A"}}, "reference-loop"),
        ({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}, "reference-loop"),
        # on the way to what is named, not at its end
        ({"A": {"$ref": "#/components/schemas/A/x"}}, "reference-loop"),
        ({"A": {"$ref": "#/components/schemas/B/x"}, "B": {"$ref": "#/components/schemas/A/x"}}, "reference-loop"),
        ({"A": {"$ref": "#/components/schemas/Nothing"}}, "reference-not-found"),
        ({"A": {"$ref": "#nothing"}}, "reference-not-found"),
        ({"A": {"$ref": "#/bad~escape"}}, "reference-not-found"),
        ({"A": {"$ref": "nowhere.json"}}, "reference-not-found"),
        ({"A": {"$ref": "file:///etc/passwd"}}, "reference-not-found"),
        ({"A": {"$id": "file:///etc/", "$ref": "passwd"}}, "reference-not-found"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_diagnostic_at_its_place(schemas: dict[str, Any], code: str) -> None:
    api = opened(described("3.1.0", {}, components={"schemas": schemas}))
    with pytest.raises(ArazzoError) as refused:
        api.resolver.resolve(Place(api.document, ("components", "schemas", "A")))
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.location is not None
    assert diagnostic.location.pointer.startswith("/components/schemas/")


def test_a_description_of_the_network_never_makes_the_engine_read_files() -> None:
    shelf = Shelf({"file:///etc/passwd": {"title": "secret"}})
    for self_uri in ("https://a.example/", "file:///etc/"):
        api = opened({**described("3.2.0", {}), "$self": self_uri}, shelf.documents)
        with pytest.raises(ArazzoError, match="leads from a document of the network to something that is not http"):
            api.resolver.target("file:///etc/passwd", api.document.root())


def _used(operation: dict[str, Any], **rest: Any) -> list[str]:
    paths = {"/things": {"post": {"operationId": "op", **operation}, "get": {"operationId": "sound"}}}
    api = opened({**described("3.1.0", {}), "paths": paths, **rest})
    assert api.read(api.places_of("sound")[0]).method == "GET"
    try:
        api.read(api.places_of("op")[0])
    except ArazzoError as error:
        return [each.code for each in error.diagnostics]
    return []


def test_a_missing_document_matters_only_to_the_operation_that_needs_it() -> None:
    assert _used({}) == []
    assert _used({"parameters": [{"$ref": "missing.yaml#/p"}]}) == ["reference-not-found"]
    assert _used({"requestBody": {"$ref": "missing.yaml#/b"}}) == ["reference-not-found"]


def test_a_path_item_of_another_document_keeps_what_stands_beside_its_reference() -> None:
    others = {
        "https://descriptions.example.com/v1/items.json": {
            "things": {
                "parameters": [{"name": "there", "in": "query"}, {"name": "both", "in": "query", "required": True}],
                "servers": [{"url": "https://there.example.com"}],
                "get": {"operationId": "getThings", "responses": {}},
            }
        }
    }
    item = {
        "$ref": "items.json#/things",
        "parameters": [{"name": "here", "in": "query"}, {"name": "both", "in": "query"}],
        "post": {"operationId": "op", "responses": {}},
    }
    api = opened({**described("3.1.0", {}), "paths": {"/things": item}}, others)
    assert list(api.operation_ids) == ["op", "getThings"]
    for operation_id, uri in (("op", URI), ("getThings", "https://descriptions.example.com/v1/items.json")):
        operation = api.read(api.places_of(operation_id)[0])
        assert operation.at.document.uri == uri
        assert {each.name: each.required for each in operation.parameters} == {
            "there": False,
            "both": False,
            "here": False,
        }
        assert [each.url for each in operation.servers] == ["https://there.example.com"]
    assert api.operation_at(("paths", "/things", "get")) is not None


@pytest.mark.parametrize(
    ("version", "tokens", "method"),
    [
        ("3.2.0", ("query",), "QUERY"),
        ("3.2.0", ("additionalOperations", "COPY"), "COPY"),
        ("3.2.0", ("additionalOperations", "pUrGe"), "pUrGe"),
        ("3.1.0", ("query",), None),
        ("3.1.0", ("additionalOperations", "COPY"), None),
        ("3.0.0", ("trace",), "TRACE"),
        ("2.0", ("trace",), None),
        ("3.2.0", ("parameters",), None),
        ("3.2.0", ("additionalOperations",), None),
    ],
)
def test_a_version_has_its_own_methods(version: str, tokens: tuple[str, ...], method: str | None) -> None:
    operations: dict[str, Any] = {name: {"operationId": name, "responses": {}} for name in ("COPY", "pUrGe")}
    item = {"additionalOperations": operations}
    item |= {name: {"operationId": name, "responses": {}} for name in ("query", "trace")}
    api = opened({**described(version, {}), "paths": {"/things": item}})
    operation = api.operation_at(("paths", "/things", *tokens))
    assert (None if operation is None else operation.method) == method
    assert (tokens[-1] in api.operation_ids) is (method is not None)


def test_webhooks_are_no_operations() -> None:
    hooks = {"arrived": {"post": {"operationId": "arrived", "responses": {}}}}
    api = opened({**described("3.1.0", {}), "webhooks": hooks})
    assert list(api.operation_ids) == ["op"]
