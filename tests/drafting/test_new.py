"""``arazzo new``: what flows from one operation to the next, and that every draft is right and can be rehearsed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import places
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command
from arazzo_engine.drafting import stories
from arazzo_engine.world.authoring.drafting import Drafted, Wanted, draft, open_apis

if TYPE_CHECKING:
    from loopback import RecordingServer

    from arazzo_engine.drafting.stories import Known

_ID = {"type": "string"}


def _object(*required: str, **members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": members}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _operation(
    name: str, status: str, answer: dict[str, Any] | None, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": name, "responses": {status: {"description": "done"}}}
    if answer is not None:
        operation["responses"][status] |= _json(answer)
    if body is not None:
        operation["requestBody"] = {"required": True, **_json(body)}
    return operation


def _in_path(name: str, schema: dict[str, Any] = _ID) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _list(elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": elements}


_ORDER = _object("id", id=_ID, status={"type": "string"})
_CHARGE = _object("orderId", "amount", orderId=_ID, amount={"type": "integer"})
_SHOP: dict[str, Any] = {
    "/orders": {
        "get": _operation("listOrders", "200", _list(_ORDER)),
        "post": _operation("createOrder", "201", _ORDER, _object("sku", sku=_ID, note=_ID)),
    },
    "/orders/{id}": {
        "parameters": [_in_path("id")],
        "get": _operation("getOrder", "200", _ORDER),
        "delete": _operation("cancelOrder", "204", None),
    },
    "/charges": {
        "post": _operation(
            "charge",
            "201",
            _object("id", id=_ID),
            _object("orderId", "amount", orderId=_ID, amount={"type": "integer"}),
        )
    },
    "/users/{userId}/cards": {
        "parameters": [_in_path("userId")],
        "get": _operation("cards", "200", {"type": "array", "items": _object(id=_ID)}),
    },
    "/users": {"get": _operation("users", "200", _object(data=_list(_object("id", id=_ID))))},
}


def _write(folder: Path, paths: dict[str, Any], **fields: Any) -> str:
    description = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": paths,
        **fields,
    }
    path = folder / "shop.yaml"
    path.write_text(yaml.safe_dump(description, sort_keys=False))
    return str(path)


def _drafted(folder: Path, paths: dict[str, Any] = _SHOP, wanted: Wanted = Wanted(), **fields: Any) -> Drafted:  # noqa: B008 - fields of a description, a frozen value
    apis = open_apis([_write(folder, paths, **fields)], folder)
    with Engine() as engine:
        return draft(apis, engine, folder, wanted)


def _workflow(drafted: Drafted) -> dict[str, Any]:
    assert drafted.findings == ()
    assert drafted.is_good
    workflow: dict[str, Any] = yaml.safe_load(drafted.text)["workflows"][0]
    return workflow


def test_what_is_created_is_read_by_its_id(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path))
    assert [each["operationId"] for each in workflow["steps"]] == ["createOrder", "getOrder"]
    create, read = workflow["steps"]
    assert create["requestBody"]["payload"] == {"sku": "$inputs.sku"}
    assert create["successCriteria"] == [{"condition": "$statusCode == 201"}]
    assert create["outputs"] == {"orderId": "$response.body#/id"}
    assert read["parameters"] == [{"name": "id", "in": "path", "value": "$steps.createOrder.outputs.orderId"}]
    assert workflow["inputs"] == {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}}
    assert workflow["workflowId"] == "create-order-and-read-order"
    assert workflow["outputs"]["orderId"] == "$steps.createOrder.outputs.orderId"


def test_a_goal_is_reached_with_what_must_come_before(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path, wanted=Wanted(goal="cancel an order")))
    assert [each["operationId"] for each in workflow["steps"]] == ["createOrder", "cancelOrder"]
    assert workflow["workflowId"] == "cancel-an-order"


def test_operations_are_called_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path, wanted=Wanted(("createOrder", "charge"))))
    charge = workflow["steps"][1]
    assert charge["requestBody"]["payload"] == {
        "orderId": "$steps.createOrder.outputs.orderId",
        "amount": "$inputs.amount",
    }
    assert workflow["inputs"]["properties"]["amount"] == {"type": "integer"}


def test_nothing_flows_from_what_comes_later(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path, wanted=Wanted(("getOrder", "createOrder"))))
    assert workflow["steps"][0]["parameters"][0]["value"] == "$inputs.orderId"


def test_an_id_of_another_type_does_not_flow(tmp_path: Path) -> None:
    paths = {
        **_SHOP,
        "/orders/{id}": {
            "parameters": [_in_path("id", {"type": "integer"})],
            "get": _operation("getOrder", "200", _ORDER),
        },
    }
    workflow = _workflow(_drafted(tmp_path, paths, Wanted(("createOrder", "getOrder"))))
    assert workflow["steps"][1]["parameters"][0]["value"] == "$inputs.orderId"


def test_a_link_of_the_description_says_what_flows(tmp_path: Path) -> None:
    create = _operation("createThing", "201", _object("ref", ref={"type": "string"}))
    create["responses"]["201"]["links"] = {
        "read": {"operationId": "readIt", "parameters": {"path.code": "$response.body#/ref"}}
    }
    paths = {
        "/things": {"post": create},
        "/its/{code}": {"parameters": [_in_path("code")], "get": _operation("readIt", "200", None)},
    }
    workflow = _workflow(_drafted(tmp_path, paths, Wanted(("createThing", "readIt"))))
    assert workflow["steps"][0]["outputs"] == {"ref": "$response.body#/ref"}
    (parameter,) = workflow["steps"][1]["parameters"]
    assert parameter["value"] == "$steps.createThing.outputs.ref"


def test_an_id_is_found_in_a_list_within_a_wrapper(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path, wanted=Wanted(goal="cards")))
    assert [each["operationId"] for each in workflow["steps"]] == ["users", "cards"]
    assert workflow["steps"][0]["outputs"] == {"userId": "$response.body#/data/0/id"}


def test_the_verb_of_a_goal_decides_between_operations_that_share_as_many_words(tmp_path: Path) -> None:
    paths = {
        "/customers/{id}": {
            "parameters": [_in_path("id")],
            "get": _operation("getCustomer", "200", _object("id", id=_ID)),
        },
        "/charges": {
            "post": _operation("charge", "201", _object("id", id=_ID), _object("sum", sum={"type": "integer"}))
        },
    }
    workflow = _workflow(_drafted(tmp_path, paths, Wanted(goal="charge a customer")))
    assert [each["operationId"] for each in workflow["steps"]] == ["charge"]


def test_an_operation_without_an_id_is_named_by_its_path(tmp_path: Path) -> None:
    workflow = _workflow(_drafted(tmp_path, {"/ping": {"get": {"responses": {"200": {"description": "pong"}}}}}))
    assert workflow["steps"][0]["operationPath"] == "{$sourceDescriptions.shop.url}#/paths/~1ping/get"


def test_a_body_that_must_have_members_is_sent_whether_it_is_called_required_or_not(tmp_path: Path) -> None:
    operation = _operation("createOrder", "201", _ORDER)
    operation["requestBody"] = _json(_object("sku", sku=_ID, note=_ID))
    drafted = _drafted(tmp_path, {"/orders": {"post": operation}})
    assert "payload:\n        sku: $inputs.sku\n" in drafted.text
    operation["requestBody"] = _json(_object(sku=_ID))
    assert "requestBody" not in _drafted(tmp_path, {"/orders": {"post": operation}}).text


def test_names_are_those_that_a_person_would_give(tmp_path: Path) -> None:
    paths = {
        f"/{thing}": {"post": _operation(f"ShopV1_create{thing.title()}For", "201", _object("id", id=_ID))}
        for thing in ("carts", "orders", "charges")
    }
    drafted = _drafted(tmp_path, paths, Wanted(tuple(paths[path]["post"]["operationId"] for path in paths)))
    assert "workflowId: create-charge\n" in drafted.text
    assert "stepId: createOrdersFor\n" in drafted.text


_STATE = {"type": "string", "enum": ["queued", "running", "done", "timed_out", "failed"]}


@pytest.mark.parametrize(("thing", "is_poll"), [("jobs", True), ("orders", False)])
def test_a_job_is_asked_about_until_it_is_done(tmp_path: Path, thing: str, *, is_poll: bool) -> None:
    paths = {
        f"/{thing}": {"post": _operation("start", "202", _object("id", id=_ID))},
        f"/{thing}/{{id}}": {
            "parameters": [_in_path("id")],
            "get": _operation("look", "200", _object("id", "status", id=_ID, status=_STATE)),
        },
    }
    drafted = _drafted(tmp_path, paths)
    look = _workflow(drafted)["steps"][1]
    done = {"condition": "$response.body#/status == 'done'"}
    assert (done in look["successCriteria"]) is is_poll
    assert [each["name"] for each in look.get("onFailure", [])] == (["stopFailed", "notYet"] if is_poll else [])


def test_several_descriptions_are_told_apart(tmp_path: Path) -> None:
    one = _write(tmp_path, _SHOP)
    (tmp_path / "other").mkdir()
    other = _write(
        tmp_path / "other", {"/mails": {"post": _operation("mail", "202", None, _object("orderId", orderId=_ID))}}
    )
    apis = open_apis([one, other], tmp_path)
    with Engine() as engine:
        drafted = draft(apis, engine, tmp_path, Wanted(("createOrder", "mail")))
    document = yaml.safe_load(drafted.text)
    assert [each["url"] for each in document["sourceDescriptions"]] == ["shop.yaml", "other/shop.yaml"]
    assert document["workflows"][0]["steps"][1]["operationId"] == "$sourceDescriptions.shop2.mail"
    assert drafted.is_good


def test_a_schema_that_refers_to_itself_becomes_an_input(tmp_path: Path) -> None:
    tree = _object("child", child={"$ref": "#/components/schemas/Tree"})
    paths = {"/trees": {"post": _operation("plant", "201", None, {"$ref": "#/components/schemas/Tree"})}}
    drafted = _drafted(tmp_path, paths, components={"schemas": {"Tree": tree}})
    assert yaml.safe_load(drafted.text)["workflows"][0]["steps"][0]["operationId"] == "plant"


@pytest.mark.parametrize(
    ("wanted", "fix"),
    [
        (Wanted(("createOrdr",)), "did you mean `createOrder`?"),
        (Wanted(goal="fly"), "name operations with `--operations`"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, wanted: Wanted, fix: str) -> None:
    with pytest.raises(ArazzoError) as told:
        _drafted(tmp_path, wanted=wanted)
    assert [(each.code, each.fix) for each in told.value.diagnostics] == [("operation-not-found", fix)]


def test_a_description_without_operations_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArazzoError) as told:
        _drafted(tmp_path, {})
    assert told.value.diagnostics[0].code == "operation-not-found"


def test_the_command_writes_a_file_that_runs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api = _write(tmp_path, _SHOP)
    target = tmp_path / "flows/first.arazzo.yaml"
    assert run_command(["new", api, "--output", str(target)]) == 0
    assert yaml.safe_load(target.read_text())["sourceDescriptions"][0]["url"] == "../shop.yaml"
    assert run_command(["validate", str(target)]) == 0
    assert run_command(["rehearse", str(target)]) == 0
    capsys.readouterr()
    assert run_command(["new", api, "--output", str(target)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_choosing_needs_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["new", _write(tmp_path, _SHOP), "--interactive"]) == 2
    assert "`--interactive` needs a terminal" in capsys.readouterr().err


def _schemas() -> st.SearchStrategy[dict[str, Any]]:
    scalar = st.sampled_from([{"type": kind} for kind in ("string", "integer", "number", "boolean")])
    names = st.sampled_from(["id", "orderId", "user_id", "name", "data", "items", "type"])
    return st.recursive(
        scalar,
        lambda inner: st.one_of(
            st.builds(lambda items: {"type": "array", "items": items}, inner),
            st.builds(lambda members: _object(*members, **members), st.dictionaries(names, inner, max_size=4)),
        ),
        max_leaves=6,
    )


_BODY = _schemas().filter(lambda schema: schema["type"] in {"object", "array"})
_PATHS = st.dictionaries(
    st.sampled_from(
        ["/orders", "/users", "/orders/{id}", "/users/{userId}/orders", "/orders/{orderId}/items/{itemId}"]
    ),
    st.tuples(st.sampled_from(["get", "post", "patch"]), _BODY, st.none() | _BODY),
    min_size=1,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafts")


@given(_PATHS)
def test_every_draft_is_right_and_can_be_rehearsed(
    folder: Path, described: dict[str, tuple[str, dict[str, Any], dict[str, Any] | None]]
) -> None:
    paths = {}
    for number, (path, (method, answer, body)) in enumerate(described.items()):
        parameters = [_in_path(name[1:-1]) for name in path.split("/") if name.startswith("{")]
        operation = _operation(f"do{number}", "200", answer, None if method == "get" else body)
        paths[path] = {"parameters": parameters, method: operation}
    drafted = _drafted(folder, paths)
    assert drafted.is_good, (drafted.text, drafted.findings, drafted.fails_at)


@pytest.mark.skipif("ARAZZO_CORPUS" not in os.environ, reason="ARAZZO_CORPUS names no folder of published documents")
def test_nine_of_ten_published_descriptions_give_a_good_draft(tmp_path: Path) -> None:
    good = []
    for path in sorted(Path(os.environ["ARAZZO_CORPUS"]).rglob("*openapi*.*")):
        if path.suffix in {".yml", ".yaml", ".json"} and "arazzo" not in path.name:
            with Engine() as engine:
                good.append(draft(open_apis([str(path)], tmp_path), engine, tmp_path, Wanted()).is_good)
    assert sum(good) >= 0.9 * len(good)


def test_the_bundled_descriptions_give_good_drafts(tmp_path: Path) -> None:
    for path in sorted((places.ROOT / "specs").rglob("*openapi.yml")):
        with Engine() as engine:
            assert draft(open_apis([str(path)], tmp_path), engine, tmp_path, Wanted()).is_good


def test_what_a_description_on_disk_refers_to_on_the_network_is_not_fetched(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {"$ref": f"{server.url}/path.yaml"}
    schema = {"$ref": f"{server.url}/schema.yaml"}
    paths = {"/a": whole, "/b": {"get": _operation("readB", "200", schema)}}
    api = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "api.yaml").write_text(yaml.safe_dump(api))
    run_command(["new", str(tmp_path / "api.yaml")])
    assert server.requests == []
    assert "bug" not in capsys.readouterr().err


def test_a_description_of_many_operations_is_drafted_in_time(tmp_path: Path) -> None:
    paths = {f"/things{number}": {"get": _operation(f"list{number}", "200", _object(id=_ID))} for number in range(600)}
    api = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(api))
    apis = open_apis([str(tmp_path / "api.json")], tmp_path)
    looked_at: list[object] = []

    def looking(story: tuple[Known, ...], _known: object) -> tuple[Known, ...]:
        looked_at.append(story)
        return story

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stories, "_with_what_is_before", looking)
        assert len(list(stories.stories(apis.known))) == len(looked_at) == 100
