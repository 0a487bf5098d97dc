"""One engine through which everything goes: what is loaded once runs as often as wanted, from anywhere."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from loopback import RecordingServer, Reply
from places import SHOP

from arazzo_engine import ArazzoError, Credential, Credentials, Engine, OAuthClient
from arazzo_engine.language.messages.answers import NoResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from arazzo_engine.reporting.events import Event

ORDERS = SHOP / "orders.arazzo.yaml"
INPUTS = {"token": "t", "item": "book", "amount": 2}


@pytest.fixture
def shop(server: RecordingServer) -> RecordingServer:
    """A shop in which everything works, as often as wanted."""
    server.script("GET", "/items/book", *[Reply(200, body={"id": "item-1", "price": 3.5})] * 100)
    server.script("POST", "/charges", *[Reply(201, body={"receipt": "r"})] * 100)
    return server


def document(**step: Any) -> dict[str, Any]:
    """A document of one step over an API that stands beside it."""
    return {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": "one", "operationId": "op", **step}]}],
    }


def api(url: str, **operation: Any) -> dict[str, Any]:
    """A description of one operation."""
    described = {"operationId": "op", "responses": {"200": {"description": "ok"}}, **operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": url}],
        "paths": {"/a": {"get": described}},
    }


@pytest.fixture
def folder(tmp_path: Path, server: RecordingServer) -> Path:
    server.script("GET", "/a", *[Reply(200, body={})] * 10)
    (tmp_path / "api.json").write_text(json.dumps(api(server.url)))
    return tmp_path


# --- loaded once, run often ---


def test_a_program_runs_as_often_as_wanted_and_reads_no_file_again(tmp_path: Path, shop: RecordingServer) -> None:
    for name in ("orders.arazzo.yaml", "shop-api.yaml"):
        (tmp_path / name).write_text((SHOP / name).read_text())
    with Engine(servers={"shopApi": shop.url}) as engine:
        program = engine.load(tmp_path / "orders.arazzo.yaml")
        for path in tmp_path.iterdir():
            path.unlink()
        reports = [program.run("order", inputs=INPUTS) for _ in range(3)]
    assert [report.outputs for report in reports] == [{"receipt": "r"}] * 3
    assert len({report.run_id for report in reports}) == 3
    assert len({request.connection for request in shop.requests}) == 1


def test_threads_share_a_program(shop: RecordingServer) -> None:
    with Engine(servers=shop.url) as engine, ThreadPoolExecutor(8) as pool:
        program = engine.load(ORDERS)
        reports = list(pool.map(lambda _: program.run(inputs=INPUTS), range(40)))
    assert all(report.succeeded for report in reports)
    assert len(shop.requests) == 80


def test_tasks_of_two_event_loops_share_a_program(shop: RecordingServer) -> None:
    async def both(program: Any) -> list[Any]:
        return await asyncio.gather(*(program.run_async(inputs=INPUTS) for _ in range(4)))

    with Engine(servers=shop.url) as engine:
        program = engine.load(ORDERS)
        reports = [*asyncio.run(both(program)), program.run(inputs=INPUTS), *asyncio.run(both(program))]
    assert [report.succeeded for report in reports] == [True] * 9


def test_an_engine_that_is_left_in_an_event_loop_closes_its_connections(shop: RecordingServer) -> None:
    async def run() -> bool:
        async with Engine(servers=shop.url) as engine:
            return (await engine.load(ORDERS).run_async(inputs=INPUTS)).succeeded

    assert asyncio.run(run())


def test_a_process_that_was_forked_gets_connections_of_its_own(shop: RecordingServer) -> None:
    with Engine(servers=shop.url) as engine:
        program = engine.load(ORDERS)
        assert program.run(inputs=INPUTS).succeeded
        child = os.fork()
        if child == 0:
            succeeded = False
            try:
                succeeded = program.run(inputs=INPUTS).succeeded
            finally:
                os._exit(0 if succeeded else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert program.run(inputs=INPUTS).succeeded
    connections = [request.connection for request in shop.requests]
    assert connections[:2] == connections[4:]
    assert set(connections[2:4]).isdisjoint(connections[:2])


def test_an_engine_that_was_closed_says_so(shop: RecordingServer) -> None:
    engine = Engine(servers=shop.url)
    program = engine.load(ORDERS)
    engine.close()
    engine.close()
    with pytest.raises(ArazzoError, match="the engine was closed"):
        engine.load(ORDERS)
    with pytest.raises(ArazzoError, match="the engine was closed"):
        program.run(inputs=INPUTS)
    with pytest.raises(ArazzoError, match="the engine was closed"):
        asyncio.run(program.run_async(inputs=INPUTS))
    assert shop.requests == []


def test_an_engine_that_is_closed_while_a_run_goes_on_cuts_no_step_of_it(shop: RecordingServer) -> None:
    engine = Engine(servers=shop.url)
    program = engine.load(ORDERS)

    def close(_: object) -> None:
        closing = threading.Thread(target=engine.close)
        closing.start()
        closing.join()

    report = program.run(inputs=INPUTS, on_event=close)
    assert report.succeeded
    assert len(shop.requests) == len(report.steps)
    with pytest.raises(ArazzoError, match="the engine was closed"):
        program.run(inputs=INPUTS)


# --- what can be loaded ---


def test_a_document_is_a_path_a_text_with_a_base_or_an_object(folder: Path) -> None:
    (folder / "main.json").write_text(json.dumps(document()))
    text = json.dumps(document())
    with Engine() as engine:
        programs = [
            engine.load(str(folder / "main.json")),
            engine.load(folder / "main.json"),
            engine.load(text, base=folder / "nowhere.json"),
            engine.load(text, base=f"{folder}/"),
            engine.load(text, base=folder),
            engine.load(text, base=(folder / "nowhere.json").as_uri()),
            engine.load(document(), base=folder),
        ]
        assert [program.run().succeeded for program in programs] == [True] * len(programs)


@pytest.mark.parametrize("given", [document(), json.dumps(document(), indent=2)], ids=["object", "text"])
def test_a_document_without_a_place_whose_sources_are_relative_is_told(given: Any) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(given)
    (finding,) = refused.value.diagnostics
    assert finding.code == "source-not-found"
    assert finding.message == (
        "source description `api` cannot be loaded: api.json is relative, and the document has no place of its own"
    )
    assert "`base=`" in finding.fix


@pytest.mark.parametrize("base", ["{}", "{}/", "{}/main.json"])
def test_what_is_wrong_with_an_object_is_shown_at_its_place_in_the_text_that_it_makes(folder: Path, base: str) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(document(operationId="other"), base=base.format(folder))
    (finding,) = refused.value.diagnostics
    assert finding.code == "operation-not-found"
    assert finding.location is not None
    assert finding.location.pointer == "/workflows/0/steps/0/operationId"
    assert finding.location.uri == (f"{folder}/main.json" if base.endswith("json") else "<document>")


@pytest.mark.parametrize("wrong", [{1: 2}, {"a": {1, 2}}, {"a": float("nan")}])
def test_an_object_that_is_no_json_is_told(wrong: dict[Any, Any]) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(wrong)
    assert refused.value.diagnostics[0].code in {"malformed-json", "not-arazzo"}


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with Engine() as engine:
        for location in (tmp_path, tmp_path / "nowhere.yaml"):
            with pytest.raises(ArazzoError) as refused:
                engine.load(location)
            assert [each.code for each in refused.value.diagnostics] == ["source-not-found"]


def test_loading_raises_with_every_finding(folder: Path) -> None:
    wrong = document(operationId="other", parameters=[{"name": "x", "in": "heder", "value": 1}])
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(wrong, base=folder)
    assert {each.code for each in refused.value.diagnostics} >= {"operation-not-found", "field-value"}


def test_one_workflow_is_loaded_without_what_only_others_need(folder: Path) -> None:
    two = document()
    two["workflows"].append({"workflowId": "broken", "steps": [{"stepId": "x", "operationId": "nowhere"}]})
    with Engine() as engine:
        program = engine.load(two, base=folder, workflow="main")
        assert program.run().succeeded
        with pytest.raises(ArazzoError, match="was not asked for when the program was loaded"):
            program.run("broken")
        with pytest.raises(ArazzoError, match="none was chosen"):
            engine.load(two, base=folder, workflow=None)
        with pytest.raises(ArazzoError, match="nowhere"):
            engine.load(two, base=folder)


def test_a_workflow_that_others_lead_to_runs_by_itself(folder: Path) -> None:
    two = document()
    two["workflows"].append({"workflowId": "caller", "steps": [{"stepId": "x", "workflowId": "main"}]})
    with Engine() as engine:
        program = engine.load(two, base=folder)
        assert program.workflow_ids == ("main", "caller")
        assert program.run("main").succeeded
        assert program.run("caller").succeeded
        with pytest.raises(ArazzoError, match="none was chosen"):
            program.run()


# --- inputs ---


@pytest.mark.parametrize(
    ("value", "named"), [({1, 2}, "`amount` must be a JSON value, not set"), (["a", b"b"], "`amount[1]`")]
)
def test_an_input_that_is_no_json_value_is_told(value: object, named: str) -> None:
    with Engine() as engine:
        program = engine.load(ORDERS)
        with pytest.raises(TypeError) as refused:
            program.run(inputs={**INPUTS, "amount": value})
    assert named in str(refused.value)


# --- credentials ---


def secured(folder: Path, url: str) -> Path:
    scheme = {"type": "http", "scheme": "bearer"}
    described = {**api(url, security=[{"bearer": []}]), "components": {"securitySchemes": {"bearer": scheme}}}
    (folder / "api.json").write_text(json.dumps(described))
    (folder / "main.json").write_text(json.dumps(document()))
    return folder / "main.json"


@pytest.mark.parametrize(
    "given",
    [
        {"bearer": "s3cret-token"},
        {"api.bearer": "s3cret-token"},
        {"api.bearer": Credential("s3cret-token", "the vault")},
        Credentials({("api", "bearer"): Credential("s3cret-token")}),
        lambda source, scheme: "s3cret-token" if (source, scheme) == ("api", "bearer") else None,
    ],
)
def test_credentials_are_given_by_name_or_asked_for(given: Any, folder: Path, server: RecordingServer) -> None:
    with Engine(credentials=given) as engine:
        report = engine.load(secured(folder, server.url)).run()
    assert report.succeeded
    assert server.requests[0].header("Authorization") == "Bearer s3cret-token"
    assert "s3cret-token" not in repr(engine) + repr(report)


def test_a_function_is_asked_before_each_run_that_needs_a_credential(folder: Path, server: RecordingServer) -> None:
    tokens = iter(["one-secret", "two-secret"])
    with Engine(credentials=lambda _source, _scheme: next(tokens)) as engine:
        program = engine.load(secured(folder, server.url))
        assert program.run().succeeded
        assert program.run().succeeded
    assert [each.header("Authorization") for each in server.requests] == ["Bearer one-secret", "Bearer two-secret"]


def test_a_function_that_has_none_is_a_missing_credential(folder: Path, server: RecordingServer) -> None:
    with Engine(credentials=lambda _source, _scheme: None) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(secured(folder, server.url)).run()
    assert [each.code for each in refused.value.diagnostics] == ["credential-missing"]
    assert server.requests == []


def test_credentials_that_no_step_needs_are_told(folder: Path, server: RecordingServer) -> None:
    with Engine(credentials={"baerer": "s3cret-token"}) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(secured(folder, server.url))
    assert "did you mean `bearer`?" in refused.value.diagnostics[0].fix
    assert "s3cret-token" not in str(refused.value)


# --- options ---


@pytest.mark.parametrize(
    "options",
    [
        {"servers": {"": "ftp://host"}},
        {"servers": "https://user:password@host"},
        {"source_dirs": ["/nowhere/at/all"]},
        {"key": "/nowhere/at/all"},
        {"ca_bundle": "/nowhere/at/all"},
        {"proxy": "socks5://host"},
    ],
)
def test_an_option_that_cannot_be_used_is_told_when_the_engine_is_made(options: Mapping[str, Any]) -> None:
    with pytest.raises(ArazzoError) as refused:
        Engine(**options)
    assert [each.code for each in refused.value.diagnostics] == ["option-invalid"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"servers": 5}, "`servers`"),
        ({"sources": ["a"]}, "`sources`"),
        ({"strict": "yes"}, "`strict`"),
        ({"timeout": "3"}, "`timeout`"),
        ({"max_steps": 1.5}, "`max_steps`"),
        ({"check": "sometimes"}, "`check`"),
        ({"on_event": "print"}, "`on_event`"),
        ({"credentials": 5}, "`credentials`"),
        ({"allow_hosts": "example.com"}, "`allow_hosts`"),
    ],
)
def test_an_option_of_a_wrong_type_is_told_at_once(options: Mapping[str, Any], told: str) -> None:
    with pytest.raises(TypeError) as refused:
        Engine(**options)
    assert told in str(refused.value)


@pytest.mark.parametrize("options", [{"timeout": 0.0}, {"step_timeout": -1.0}, {"max_steps": 0}, {"max_wait": -1.0}])
def test_a_limit_below_its_least_is_told(options: Mapping[str, Any]) -> None:
    with pytest.raises(ArazzoError, match="must be"):
        Engine(**options)


def test_limits_are_those_of_the_engine(shop: RecordingServer) -> None:
    with Engine(servers=shop.url, max_steps=1) as engine:
        report = engine.load(ORDERS).run(inputs=INPUTS)
    assert report.status == "stopped"
    assert [step.step_id for step in report.steps] == ["find"]


def test_a_timeout_gives_a_report(server: RecordingServer) -> None:
    released = threading.Event()
    server.script("GET", "/items/book", Reply(200, body={"id": 1}))
    server.script("POST", "/charges", Reply(201, body={}).after(released))
    with Engine(servers=server.url) as engine:
        report = engine.load(ORDERS).run(inputs=INPUTS, timeout=0.2)
        released.set()
    assert report.status == "in-doubt"
    assert [step.step_id for step in report.steps] == ["find", "charge"]


def test_events_are_told_to_the_engine_or_to_the_run(shop: RecordingServer) -> None:
    heard: list[Event] = []
    own: list[Event] = []
    with Engine(servers=shop.url, on_event=heard.append) as engine:
        program = engine.load(ORDERS)
        program.run(inputs=INPUTS)
        program.run(inputs=INPUTS, on_event=own.append)
    assert [type(event).__name__ for event in heard] == [type(event).__name__ for event in own]
    assert [type(event).__name__ for event in heard][::5] == ["RunStarted", "RunFinished"]


def test_a_rehearsal_sends_nothing_and_makes_up_what_is_missing(shop: RecordingServer) -> None:
    with Engine(servers=shop.url) as engine:
        report = engine.load(ORDERS).rehearse()
    assert report.succeeded
    assert shop.requests == []


def test_strict_makes_warnings_errors(shop: RecordingServer) -> None:
    with Engine(servers=shop.url, strict=True) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(ORDERS).run(inputs={**INPUTS, "colour": "red"})
    assert [each.code for each in refused.value.diagnostics] == ["input-unknown"]
    assert shop.requests == []


@pytest.mark.parametrize("check", ["warn", "error"])
def test_contracts_are_checked_in_an_event_loop_too(check: Any, folder: Path, server: RecordingServer) -> None:
    schema = {"type": "object", "required": ["id"]}
    answer = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    (folder / "api.json").write_text(json.dumps(api(server.url, responses=answer)))
    with Engine(check=check) as engine:
        program = engine.load(document(), base=folder)
        reports = [program.run(), asyncio.run(program.run_async())]
    for report in reports:
        assert [each.code for each in report.diagnostics] == ["response-contract"]
        assert report.status == ("succeeded" if check == "warn" else "stopped")


def test_an_oauth_client_is_a_credential(folder: Path, server: RecordingServer) -> None:
    flows = {"clientCredentials": {"tokenUrl": f"{server.url}/token", "scopes": {}}}
    described = {
        **api(server.url, security=[{"login": []}]),
        "components": {"securitySchemes": {"login": {"type": "oauth2", "flows": flows}}},
    }
    (folder / "api.json").write_text(json.dumps(described))
    server.script(
        "POST", "/token", Reply(200, body={"access_token": "s3cret", "token_type": "bearer", "expires_in": 99})
    )
    with Engine(credentials={"login": OAuthClient(client_id="me", client_secret="hidden-secret")}) as engine:
        program = engine.load(document(), base=folder)
        assert program.run().succeeded
        assert program.run().succeeded
    # a token that is still good is not got again
    assert [each.path for each in server.requests] == ["/token", "/a", "/a"]


class Stopped:
    """A clock that stands still but for what is slept."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.mark.parametrize("is_async", [False, True])
def test_a_test_may_give_the_clock_and_what_is_drawn(is_async: bool, folder: Path, server: RecordingServer) -> None:
    again = {"name": "again", "type": "retry", "retryAfter": 50, "retryLimit": 1}
    described = document(successCriteria=[{"condition": "$statusCode == 200"}], onFailure=[again])
    reports = []
    for _ in range(2):
        server.script("GET", "/a", Reply(503), Reply(200, body={}))
        clock = Stopped()
        with Engine(clock=clock, seed=7) as engine:
            program = engine.load(described, base=folder)
            reports.append(asyncio.run(program.run_async()) if is_async else program.run())
        assert clock.slept == [50]
    one, other = reports
    assert (one.elapsed, other.elapsed) == (50.0, 50.0)
    assert one.run_id == other.run_id
    assert [step.started_at for step in one.steps] == [1000.0, 1050.0]


def test_a_run_may_be_given_its_id(shop: RecordingServer) -> None:
    with Engine(servers=shop.url) as engine:
        program = engine.load(ORDERS)
        assert program.run(inputs=INPUTS, run_id="mine").run_id == "mine"
        assert asyncio.run(program.run_async(inputs=INPUTS, run_id="mine")).run_id == "mine"
        assert program.rehearse(inputs=INPUTS, run_id="mine").run_id == "mine"


@pytest.mark.parametrize("timeout", ["3", True])
def test_a_time_that_is_no_number_is_told(timeout: Any) -> None:
    with Engine() as engine, pytest.raises(TypeError, match="`timeout` must be a number of seconds, not"):
        engine.load(ORDERS).run(inputs=INPUTS, timeout=timeout)


# --- a transport that is given ---


def answering(request: httpx.Request) -> httpx.Response:
    """A shop that needs no network."""
    if request.url.path == "/items/book":
        return httpx.Response(200, json={"id": "item-1", "price": 3.5})
    return httpx.Response(201, json={"receipt": request.headers["Authorization"]})


async def asgi_shop(scope: Any, _receive: Any, send: Any) -> None:
    """The same as an application of the same process."""
    is_item = scope["path"] == "/items/book"
    body = {"id": "item-1", "price": 3.5} if is_item else {"receipt": dict(scope["headers"])[b"authorization"].decode()}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200 if is_item else 201, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def wsgi_shop(environ: dict[str, Any], start: Any) -> list[bytes]:
    """The same as an application that blocks."""
    is_item = environ["PATH_INFO"] == "/items/book"
    body = {"id": "item-1", "price": 3.5} if is_item else {"receipt": environ["HTTP_AUTHORIZATION"]}
    start("200 OK" if is_item else "201 Created", [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]


TRANSPORTS: dict[str, Any] = {
    "mock": lambda: httpx.MockTransport(answering),
    "asgi": lambda: httpx.ASGITransport(app=asgi_shop),
    "wsgi": lambda: httpx.WSGITransport(app=wsgi_shop),
}


@pytest.mark.parametrize("make", TRANSPORTS.values(), ids=TRANSPORTS)
def test_a_workflow_runs_against_an_application_in_the_same_process(make: Any) -> None:
    with Engine(servers="http://shop.example", transport=make()) as engine:
        program = engine.load(ORDERS)
        reports = [program.run(inputs=INPUTS), asyncio.run(program.run_async(inputs=INPUTS))]
    assert [report.outputs for report in reports] == [{"receipt": "Bearer t"}] * 2


def test_documents_are_loaded_through_a_given_transport_too() -> None:
    files = {"/orders.yaml": ORDERS.read_bytes(), "/shop-api.yaml": (SHOP / "shop-api.yaml").read_bytes()}

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path in files:
            return httpx.Response(200, content=files[request.url.path])
        return answering(request)

    with Engine(servers="http://shop.example", transport=httpx.MockTransport(serve)) as engine:
        assert engine.load("http://docs.example/orders.yaml").run(inputs=INPUTS).succeeded


async def nothing() -> AsyncIterator[bytes]:
    """A body that only an event loop can read."""
    yield b""


def failing(_request: httpx.Request) -> httpx.Response:
    raise ZeroDivisionError("s3cret")


class Nonsense:
    """A transport whose answers are none."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def handle_request(self, _request: httpx.Request) -> Any:
        return self.answer

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("transport", "reason"),
    [
        (httpx.MockTransport(failing), "the transport raised ZeroDivisionError"),
        (Nonsense(None), "the transport answered with `NoneType`, no httpx.Response"),
        (Nonsense(httpx.Response(7)), "the transport answered with the status 7"),
        (Nonsense(httpx.Response(200, content=nothing())), "the transport answered with a body that is no"),
    ],
)
def test_a_transport_that_fails_or_answers_nonsense_is_a_failed_step(transport: Any, reason: str) -> None:
    with Engine(servers="http://shop.example", transport=transport) as engine:
        program = engine.load(ORDERS)
        reports = [program.run(inputs=INPUTS), asyncio.run(program.run_async(inputs=INPUTS))]
    for report in reports:
        assert report.status == "failed"
        (step,) = report.steps
        assert isinstance(step.response, NoResponse)
        assert reason in step.response.reason
        assert "s3cret" not in step.response.reason


def test_what_is_no_transport_is_told_when_the_engine_is_made() -> None:
    with pytest.raises(TypeError, match="`transport` must be a transport of httpx, not FakeApp"):
        Engine(transport=type("FakeApp", (), {})())


@pytest.mark.parametrize(
    "name",
    ["x" * 300, "x" * 300 + "/y", "a\0b", "", "\ud800", "/dev/null"],
    ids=["long", "below", "nul", "empty", "half", "device"],
)
def test_a_name_that_no_file_has_is_told_as_any_other(name: str) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as raised:
        engine.load(name)
    assert [each.code for each in raised.value.diagnostics] == ["source-not-found"]


@pytest.mark.parametrize("timeout", [10**400, 0, float("nan"), float("inf")])
def test_a_time_that_no_clock_counts_is_refused(timeout: float) -> None:
    with pytest.raises(ArazzoError, match="`timeout` must be more than 0 and at most"):
        Engine(timeout=timeout)


@pytest.mark.parametrize("document", [3, b"arazzo: 1.0.1", None])
def test_what_is_no_document_is_no_argument(document: Any) -> None:
    with Engine() as engine, pytest.raises(TypeError, match="`document` must be a path, a text or an object, not"):
        engine.load(document)


def circular() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["itself"] = value
    return value


async def coroutine(_event: Event) -> None:
    """Be what no observer is: nobody would wait for it."""


@pytest.mark.parametrize("name", ["run", "rehearse"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"inputs": [1]}, "`inputs` must be a mapping"),
        ({"inputs": {1: 2}}, "the name of an input must be a text"),
        ({"inputs": {"a": {1: 2}}}, "input `a` must be a JSON value"),
        ({"inputs": circular()}, "nest too deep, or hold themselves"),
        ({"inputs": {"a": 10**5_000}}, "a number of thousands of digits"),
        ({"workflow": 3}, "`workflow` must be the id of a workflow, not int"),
        ({"on_event": 3}, "`on_event` must be a function"),
        ({"on_event": coroutine}, "no coroutine function"),
        ({"run_id": None}, "`run_id` must be a text, not NoneType"),
    ],
)
def test_an_argument_of_a_run_that_is_of_a_wrong_type_is_told(
    arguments: Any, told: str, name: str, shop: RecordingServer
) -> None:
    with Engine(servers=shop.url) as engine:
        program = engine.load(ORDERS)
        with pytest.raises(TypeError, match=told):
            getattr(program, name)(**arguments)
    assert not shop.requests
