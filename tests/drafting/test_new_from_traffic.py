"""``arazzo new --from``: what flows in a document that is made of traffic, what is left out, and that it is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import places
import pytest
import yaml
from msgspec.structs import replace

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.world.authoring.drafting import open_apis
from arazzo_engine.world.authoring.retracing import Retraced, descriptions_of, redraft
from arazzo_engine.world.capturing.writing import begin_capture
from arazzo_engine.world.replaying.reading import read_traffic

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.world.capturing.writing import Capturing

_API = "https://shop.example.com/v1"
_TEXT = {"type": "string"}
_JSON = (("Content-Type", "application/json"),)
_BUNDLED = sorted((*places.ROOT.glob("specs/*/arazzo/*.yml"), *places.ROOT.glob("docs/recipes/*.arazzo.yaml")))


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def _operation(name: str, answer: dict[str, Any], *parameters: tuple[str, str], **members: Any) -> dict[str, Any]:
    described = [
        {"name": each, "in": where, "required": where == "path", "schema": _TEXT} for each, where in parameters
    ]
    operation = {
        "operationId": name,
        "parameters": described,
        "responses": {"200": {"description": "", **_content(answer)}},
    }
    return operation | ({"requestBody": _content(_object(**members))} if members else {})


_ORDER = _object(id=_TEXT, sku=_TEXT, total={"type": "integer"}, status=_TEXT)
_PATHS = {
    "/orders": {"post": _operation("createOrder", _ORDER, sku=_TEXT, express={"type": "boolean"})},
    "/orders/{id}": {"get": _operation("readOrder", _ORDER, ("id", "path"), ("fields", "query"))},
    "/charges": {
        "post": _operation("charge", _object(id=_TEXT), ("X-Order", "header"), orderId=_TEXT, total={"type": "integer"})
    },
    "/search": {"get": _operation("search", {"type": "array", "items": _ORDER}, ("order", "query"))},
}


def _exchange(method: str, path: str, sent: Any, answer: Any, status: int = 200) -> tuple[Request, Response]:
    content = b"" if sent is None else json.dumps(sent).encode()
    response = Response(status, _JSON, json.dumps(answer).encode())
    return Request(method, path if "://" in path else f"{_API}{path}", _JSON if content else (), content), response


def _description(paths: dict[str, Any]) -> dict[str, Any]:
    about = {"info": {"title": "Shop", "version": "1"}, "servers": [{"url": _API}]}
    return {"openapi": "3.1.0", **about, "paths": paths}


def _captured(folder: Path, exchanges: list[tuple[Request, Response]], paths: dict[str, Any] = _PATHS) -> Path:
    (folder / "shop.json").write_text(json.dumps(_description(paths)))
    place = folder / "capture.jsonl"
    capturing = begin_capture(str(place), "")
    for request, response in exchanges:
        _capture(capturing, request, response)
    capturing.close()
    return place


def _capture(capturing: Capturing, request: Request, result: Response | NoResponse) -> None:
    begun = capturing.begin_exchange(request)
    assert begun is not None
    capturing.tell(begun, Answer(result, 0.0, 0.0))


def _retraced(folder: Path, *exchanges: tuple[Request, Response], paths: dict[str, Any] = _PATHS) -> Retraced:
    place = _captured(folder, list(exchanges), paths)
    with Engine(offline=True) as engine:
        return redraft(read_traffic(place), open_apis([str(folder / "shop.json")], folder), engine, folder)


def _workflow(retraced: Retraced) -> dict[str, Any]:
    assert retraced.drafted.findings == ()
    assert retraced.drafted.is_good
    workflow: dict[str, Any] = yaml.safe_load(retraced.drafted.text)["workflows"][0]
    return workflow


_ANSWER = {"id": "o-77123", "sku": "green-tea", "total": 2, "status": "new"}
_CREATE = _exchange("POST", "/orders", {"sku": "green-tea", "express": True}, _ANSWER)


def test_an_id_of_an_answer_flows_into_path_query_header_and_body(tmp_path: Path) -> None:
    charge, answered = _exchange("POST", "/charges", {"orderId": "o-77123", "total": 2}, {"id": "c-1"})
    charge = Request(charge.method, charge.url, (*charge.headers, ("X-Order", "o-77123")), charge.content)
    workflow = _workflow(
        _retraced(
            tmp_path,
            _CREATE,
            _exchange("GET", "/orders/o-77123", None, _ANSWER),
            _exchange("GET", "/search?order=o-77123", None, [_ANSWER]),
            (charge, answered),
        )
    )
    create, read, search, pay = workflow["steps"]
    order = "$steps.createOrder.outputs.orderId"
    assert create["outputs"] == {"orderId": "$response.body#/id", "total": "$response.body#/total"}
    assert read["parameters"] == [{"name": "id", "in": "path", "value": order}]
    assert search["parameters"] == [{"name": "order", "in": "query", "value": order}]
    assert pay["parameters"] == [{"name": "X-Order", "in": "header", "value": order}]
    # a total of 2 could be any 2, but for its name
    assert pay["requestBody"]["payload"] == {"orderId": order, "total": "$steps.createOrder.outputs.total"}


def test_what_is_not_from_an_answer_is_an_input_with_what_was_sent(tmp_path: Path) -> None:
    workflow = _workflow(_retraced(tmp_path, _CREATE))
    assert workflow["inputs"] == {
        "type": "object",
        "properties": {"sku": {**_TEXT, "default": "green-tea"}, "express": {"type": "boolean", "default": True}},
    }
    assert workflow["steps"][0]["requestBody"]["payload"] == {"sku": "$inputs.sku", "express": "$inputs.express"}
    assert workflow["steps"][0]["successCriteria"] == [{"condition": "$statusCode == 200"}]


def test_a_cookie_that_is_described_is_kept_and_a_session_is_no_default(tmp_path: Path) -> None:
    order, cookies = _object(id=_TEXT), [(each, "cookie") for each in ("theme", "order", "sid", "visit")]
    create, answered = _exchange("POST", "/orders", {"sku": "tea-7"}, {"id": "order 17"})
    read, told = _exchange("GET", "/carts", None, {"id": "c-1"})
    held = ("Cookie", "theme=dark%21; order=order%2017; unknown=1; sid=abc"), ("cookie", f"visit={'v1' * 10}")
    retraced = _retraced(
        tmp_path,
        (create, answered),
        (replace(read, headers=held), told),
        paths={**_PATHS, "/carts": {"get": _operation("readCart", order, *cookies)}},
    )
    workflow = _workflow(retraced)
    assert [(each["name"], each["in"], each["value"]) for each in workflow["steps"][1]["parameters"]] == [
        ("theme", "cookie", "$inputs.theme"),
        ("order", "cookie", "$steps.createOrder.outputs.orderId"),
        ("sid", "cookie", "$inputs.sid"),
        ("visit", "cookie", "$inputs.visit"),
    ]
    inputs = workflow["inputs"]["properties"]
    assert [inputs[each].get("default") for each in ("theme", "sid", "visit")] == ["dark!", None, None]


def test_what_an_answer_only_echoes_is_the_same_input_again(tmp_path: Path) -> None:
    workflow = _workflow(_retraced(tmp_path, _CREATE, _exchange("GET", "/search?order=green-tea", None, [])))
    assert workflow["steps"][1]["parameters"][0]["value"] == "$inputs.sku"


def test_a_small_number_under_another_name_is_chance(tmp_path: Path) -> None:
    paths = _PATHS | {"/pages": {"get": _operation("pages", _ORDER, ("page", "query"))}}
    retraced = _retraced(tmp_path, _CREATE, _exchange("GET", "/pages?page=2", None, _ANSWER), paths=paths)
    assert _workflow(retraced)["steps"][1]["parameters"][0]["value"] == "$inputs.page"


@pytest.mark.parametrize(
    ("statuses", "steps", "left_out"),
    [([200, 200], 2, ()), ([503, 200], 1, ()), ([200, 409], 1, (f"POST {_API}/orders 409",))],
)
def test_what_was_done_twice_is_done_twice(
    tmp_path: Path, statuses: list[int], steps: int, left_out: tuple[str, ...]
) -> None:
    made = [
        _exchange("POST", "/orders", {"sku": "tea-7"}, {"id": f"order-{number}"}, status)
        for number, status in enumerate(statuses)
    ]
    retraced = _retraced(tmp_path, *made)
    assert (retraced.steps, retraced.left_out) == (steps, left_out)


def test_an_amount_is_not_taken_from_another_number_that_happens_to_be_as_large(tmp_path: Path) -> None:
    amount = _operation("charge", _object(id=_TEXT), amount={"type": "integer"})
    retraced = _retraced(
        tmp_path,
        _exchange("POST", "/orders", {"sku": "tea-7"}, {"id": "order-17", "total": 5000}),
        _exchange("POST", "/charges", {"amount": 5000}, {"id": "charge-1"}),
        paths={**_PATHS, "/charges": {"post": amount}},
    )
    assert _workflow(retraced)["steps"][1]["requestBody"]["payload"] == {"amount": "$inputs.amount"}


def test_a_request_without_an_answer_is_no_step_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(_description(_PATHS)))
    capturing = begin_capture(str(tmp_path / "capture.jsonl"), "")
    request, response = _exchange("POST", "/orders", {"sku": "tea-7"}, {"id": "order-17"})
    _capture(capturing, request, response)
    charge, _ = _exchange("POST", "/charges", {"orderId": "order-17"}, {})
    _capture(capturing, charge, NoResponse(Failure.PROTOCOL, "it broke off"))
    capturing.close()
    with Engine() as engine:
        apis = open_apis([str(tmp_path / "shop.json")], tmp_path)
        retraced = redraft(read_traffic(tmp_path / "capture.jsonl"), apis, engine, tmp_path)
    assert retraced.steps == 1
    assert retraced.left_out == ("POST https://shop.example.com/v1/charges without an answer",)


def test_nothing_is_asked_of_an_answer_that_its_description_does_not_have(tmp_path: Path) -> None:
    create = _exchange("POST", "/orders", {"sku": "green-tea"}, {**_ANSWER, "secretly": "abc-12345"})
    workflow = _workflow(_retraced(tmp_path, create, _exchange("GET", "/orders/abc-12345", None, _ANSWER)))
    assert workflow["steps"][1]["parameters"][0]["value"] == "$inputs.orderId"


def test_a_request_that_was_repeated_until_its_answer_changed_is_a_poll(tmp_path: Path) -> None:
    reads = [
        _exchange("GET", "/orders/o-77123", None, {**_ANSWER, "status": status}) for status in ("new", "new", "done")
    ]
    retraced = _retraced(tmp_path, _CREATE, *reads)
    read = _workflow(retraced)["steps"][1]
    assert retraced.steps == 2
    assert read["successCriteria"][1] == {"condition": "$response.body#/status == 'done'"}
    assert read["onFailure"][0]["type"] == "retry"


def test_what_failed_and_what_no_description_has_is_left_out_and_told(tmp_path: Path) -> None:
    failed = _exchange("GET", "/orders/none", None, {}, 404)
    foreign = _exchange("GET", "https://other.example.com/x", None, {})
    retraced = _retraced(tmp_path, failed, _CREATE, foreign)
    assert retraced.steps == 1
    assert retraced.left_out == (f"GET {_API}/orders/none 404", "GET https://other.example.com/x 200")


def test_a_status_that_is_not_described_is_any_success(tmp_path: Path) -> None:
    create = _exchange("POST", "/orders", {"sku": "green-tea"}, _ANSWER, 201)
    condition = _workflow(_retraced(tmp_path, create))["steps"][0]["successCriteria"][0]["condition"]
    assert condition == "$statusCode >= 200 && $statusCode < 300"


def test_of_two_descriptions_the_one_of_the_server_is_meant(tmp_path: Path) -> None:
    place = _captured(tmp_path, [_CREATE])
    other = json.loads((tmp_path / "shop.json").read_text()) | {"servers": [{"url": "https://other.example.com/v1"}]}
    (tmp_path / "other.json").write_text(json.dumps(other | {"info": {"title": "Other", "version": "1"}}))
    apis = open_apis([str(tmp_path / "other.json"), str(tmp_path / "shop.json")], tmp_path)
    with Engine(offline=True) as engine:
        document = yaml.safe_load(redraft(read_traffic(place), apis, engine, tmp_path).drafted.text)
    assert [each["name"] for each in document["sourceDescriptions"]] == ["shop"]


def test_the_same_traffic_gives_the_same_text(tmp_path: Path) -> None:
    texts = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        read = _exchange("GET", "/orders/o-77123", None, _ANSWER)
        texts.add(_retraced(tmp_path / name, _CREATE, read).drafted.text)
    assert len(texts) == 1


@pytest.mark.parametrize("document", _BUNDLED, ids=lambda path: path.name)
def test_a_recorded_rehearsal_of_each_bundled_document_gives_a_right_one(tmp_path: Path, document: Path) -> None:
    place = tmp_path / "run.jsonl"
    with Engine(record=place) as engine:
        program = engine.load(document)
        program.rehearse(program.workflow_ids[0])
    recorded = read_traffic(place)
    with Engine(offline=True) as engine:
        retraced = redraft(recorded, open_apis(descriptions_of(recorded), tmp_path), engine, tmp_path)
    assert retraced.drafted.is_good, retraced.drafted.findings
    assert retraced.left_out == ()


def test_the_command_writes_it_and_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _captured(tmp_path, [_CREATE, _exchange("GET", "/orders/none", None, {}, 404)])
    monkeypatch.chdir(tmp_path)
    assert run_command(["new", "--from", "capture.jsonl"]) == 2
    assert "name them: `arazzo new --from capture.jsonl openapi.yaml`" in capsys.readouterr().err
    assert run_command(["new", "--from", "capture.jsonl", "shop.json", "--goal", "order"]) == 2
    assert "`--goal` chooses nothing there" in capsys.readouterr().err
    assert run_command(["new"]) == 2
    assert "no API description is named" in capsys.readouterr().err
    assert run_command(["new", "--from", "capture.jsonl", "shop.json", "--output", "shop.arazzo.yaml"]) == 0
    assert f"left out, as it failed or no description has it: GET {_API}/orders/none 404" in capsys.readouterr().err
    assert run_command(["validate", "shop.arazzo.yaml"]) == 0
    assert run_command(["rehearse", "shop.arazzo.yaml"]) == 0


def test_traffic_of_which_nothing_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArazzoError) as raised:
        _retraced(tmp_path, _exchange("GET", "https://other.example.com/x", None, {}))
    assert "no request in" in raised.value.diagnostics[0].message
