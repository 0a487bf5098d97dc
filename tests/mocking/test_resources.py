"""What a mock remembers: one thing however its path is spelt, with the ids and members that clients gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mocked import ask, body_of, described, mock_of_paths, thing

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.world.mocking.answering import Mock

_ORDER = thing(id="string", item="string", note="string")
_LIST = {
    "type": "object",
    "required": ["items", "next", "total", "has_more"],
    "properties": {
        "items": {"type": "array", "items": _ORDER},
        "next": {"type": "string"},
        "total": {"type": "integer"},
        "has_more": {"type": "boolean"},
    },
}


def _taking(schema: Any, *types: str) -> dict[str, Any]:
    return {"requestBody": {"content": {each: {"schema": schema} for each in types or ("application/json",)}}}


def _at(name: str, **operations: Any) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}], **operations}


def _orders(folder: Path, **more: Any) -> Mock:
    made = described("201", _ORDER, **_taking({"properties": {"id": {"readOnly": True}}}))
    made["responses"]["201"]["headers"] = {"Location": {"schema": {"type": "string"}}}
    patch = _taking({}, "application/json", "application/merge-patch+json", "application/json-patch+json")
    one = _at("order", get=described("200", _ORDER), patch=described("200", _ORDER, **patch), delete=described("204"))
    paths = {"/orders": {"get": described("200", _LIST), "post": made}, "/orders/{order}": one, **more}
    return mock_of_paths(folder, paths, server="https://api.test/v1")


def test_a_thing_is_the_same_at_each_of_its_paths(tmp_path: Path) -> None:
    mock = _orders(tmp_path)
    created = ask(mock, "POST", "/orders", {"item": "tea"})
    assert ("Location", "/orders/order-1") in created.response.headers
    for base in ("", "/v1", "/api", "/api/v1"):
        assert body_of(ask(mock, "GET", f"{base}/orders/order%2D1"))["item"] == "tea"


@pytest.mark.parametrize("given", ["a b", "ä/ö", "a+b"])
def test_an_id_that_a_client_gives_holds_unless_only_the_server_does(tmp_path: Path, given: str) -> None:
    made = thing(name="string", size="integer")
    paths = {
        "/boxes": {"post": described("201", made, **_taking({}))},
        "/boxes/{name}": _at("name", get=described("200", made)),
    }
    mock = mock_of_paths(tmp_path, paths)
    assert body_of(ask(mock, "POST", "/boxes", {"name": given, "size": 3}))["name"] == given
    quoted = "".join(f"%{each:02X}" for each in given.encode())
    assert body_of(ask(mock, "GET", f"/boxes/{quoted}")) == {"name": given, "size": 3}
    assert body_of(ask(_orders(tmp_path), "POST", "/orders", {"id": "mine", "item": "tea"}))["id"] == "order-1"


def test_the_id_is_what_paths_name_a_thing_by_also_in_a_wrapped_body(tmp_path: Path) -> None:
    customer = thing(customerId="string", name="string")
    wrapped = {"type": "object", "required": ["data"], "properties": {"data": customer}}
    for number, schema in enumerate((customer, wrapped)):
        paths = {
            "/customers": {"post": described("201", schema, **_taking({}))},
            "/customers/{customerId}": _at(
                "customerId", get=described("200", schema), put=described("200", schema, **_taking({}))
            ),
        }
        mock = mock_of_paths(tmp_path, paths)
        for name in ("Ann", "Bob"):
            ask(mock, "POST", "/customers", {"data": {"name": name}} if number else {"name": name})
        found = body_of(ask(mock, "GET", "/customers/customer-2"))
        assert (found["data"] if number else found) == {"customerId": "customer-2", "name": "Bob"}
        ask(mock, "PUT", "/customers/customer-2", {"data": {"name": "Eve"}} if number else {"name": "Eve"})
        found = body_of(ask(mock, "GET", "/customers/customer-2"))
        assert (found["data"] if number else found)["name"] == "Eve"
        assert ask(mock, "GET", "/customers/customer-3").response.status == 404


def test_what_happens_to_a_thing_is_answered_with_its_id_and_what_it_makes_has_another(tmp_path: Path) -> None:
    actions = {
        "/orders/{order}/cancel": _at("order", post=described("200", _ORDER)),
        "/orders/{order}/refund": _at("order", post=described("201", thing(id="string", amount="integer"))),
    }
    mock = _orders(tmp_path, **actions)
    ask(mock, "POST", "/orders", {"item": "tea"})
    assert body_of(ask(mock, "POST", "/orders/order-1/cancel"))["id"] == "order-1"
    assert [body_of(ask(mock, "POST", "/orders/order-1/refund"))["id"] for _ in "ab"] == ["refund-1", "refund-2"]
    assert ask(mock, "POST", "/orders/order-2/cancel").response.status == 404


def test_patches_are_carried_out_as_their_types_say(tmp_path: Path) -> None:
    mock = _orders(tmp_path)
    ask(mock, "POST", "/orders", {"item": "tea", "note": "hot"})

    def patch(kind: str, body: Any) -> Any:
        return body_of(ask(mock, "PATCH", "/orders/order-1", body, Content_Type=f"application/{kind}"))

    assert patch("json", {"note": "cold"}) == {"id": "order-1", "item": "tea", "note": "cold"}
    assert patch("merge-patch+json", {"note": None, "id": "x"}) == {"id": "order-1", "item": "tea"}
    assert patch("json-patch+json", [{"op": "replace", "path": "/item", "value": "cup"}]) == {
        "id": "order-1",
        "item": "cup",
    }
    told = patch("json-patch+json", [{"op": "test", "path": "/item", "value": "tea"}])
    assert told["title"] == "the body cannot be applied: operation 1 of the patch, `test`: another value is at `/item`"
    assert body_of(ask(mock, "GET", "/orders/order-1")) == {"id": "order-1", "item": "cup"}
    assert body_of(ask(mock, "GET", "/orders"))["items"] == [{"id": "order-1", "item": "cup"}]


def test_whoever_follows_the_pages_of_a_list_comes_to_its_end(tmp_path: Path) -> None:
    mock = _orders(tmp_path)
    for _ in range(45):
        ask(mock, "POST", "/orders", {"item": "tea"})
    page, seen = body_of(ask(mock, "GET", "/orders")), []
    while True:
        seen += [each["id"] for each in page["items"]]
        assert (page["total"], page["has_more"]) == (45, "next" in page)
        if "next" not in page:
            break
        page = body_of(ask(mock, "GET", f"/orders?cursor={page['next']}"))
    assert seen == [f"order-{number}" for number in range(1, 46)]
    assert "next" not in body_of(ask(mock, "GET", "/orders?limit=0"))


def test_what_the_workflow_asks_of_an_answer_goes_before_what_clients_said(tmp_path: Path) -> None:
    job = thing(id="string", state="string")
    paths = {
        "/jobs": {"post": described("201", job, operationId="make", **_taking({}))},
        "/jobs/{id}": _at("id", get=described("200", job, operationId="read")),
    }
    read = {"stepId": "read", "operationId": "read", "parameters": [{"name": "id", "in": "path", "value": "job-1"}]}
    read |= {"successCriteria": [{"condition": "$response.body#/state == 'done'"}]}
    mock = mock_of_paths(tmp_path, paths, [{"stepId": "make", "operationId": "make"}, read])
    ask(mock, "POST", "/jobs", {"state": "new"})
    assert body_of(ask(mock, "GET", "/jobs/job-1"))["state"] == "done"
