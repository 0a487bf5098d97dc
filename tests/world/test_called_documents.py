"""What the user says of a source holds wherever that source is called: in the document, and in those that it calls.

There are always two servers: the user's own, and the public one that the descriptions name, which must be told of.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine, RunReport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arazzo_engine import Diagnostic

KEY = "the-secret-key"


@pytest.fixture
def public(server: RecordingServer) -> RecordingServer:
    """The server that the descriptions name."""
    return server


@pytest.fixture
def own() -> Iterator[RecordingServer]:
    """The server that the user names."""
    with RecordingServer() as running:
        for path in ("/tickets", "/v1/tickets"):
            running.script("POST", path, *[Reply(201, body={"id": 1})] * 3)
        yield running


def _api(url: str, **rest: Any) -> dict[str, Any]:
    scheme = {"type": "apiKey", "in": "header", "name": "X-Key"}
    operation = {"operationId": "buy", "security": [{"k": []}], "responses": {"201": {"description": "bought"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Museum", "version": "1"},
        "servers": [{"url": url}],
        "components": {"securitySchemes": {"k": scheme}},
        "paths": {"/tickets": {"post": operation}},
        **rest,
    }


def _document(sources: dict[str, str], *calls: str, **more: Any) -> dict[str, Any]:
    """A document whose workflow ``main`` makes the calls: of an operation, or of a workflow of another document."""
    steps = [
        {"stepId": f"s{index}", "workflowId" if ".main" in call else "operationId": call}
        for index, call in enumerate(calls)
    ]
    listed = [
        {"name": name, "url": url, "type": "arazzo" if "arazzo" in url else "openapi"} for name, url in sources.items()
    ]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "Visit", "version": "1"},
        "sourceDescriptions": listed,
        "workflows": [{"workflowId": "main", "steps": steps}],
        **more,
    }


def _write(folder: Path, **documents: dict[str, Any]) -> Path:
    for name, document in documents.items():
        (folder / f"{name.replace('_', '.')}.json").write_text(json.dumps(document))
    return folder / "main.arazzo.json"


def _visit(folder: Path, url: str, called: dict[str, Any], **more: Any) -> Path:
    """Write a document that buys a ticket by itself, and then calls the workflow of another one."""
    sources = {"museum": "museum.json", "flows": "called.arazzo.json"}
    main = _document(sources, "$sourceDescriptions.museum.buy", "$sourceDescriptions.flows.main")
    return _write(folder, museum=_api(url), main_arazzo=main, called_arazzo=called, **more)


def _told(report: RunReport) -> list[Diagnostic]:
    """Return what is said of servers; that a credential goes to two of them is said, too."""
    return [each for each in report.warnings if each.code == "server-not-named"]


@pytest.mark.parametrize("name", ["museum", "tickets"])
def test_what_is_said_of_a_source_holds_in_a_called_document(
    name: str, tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    entry = _visit(tmp_path, public.url, _document({name: "./museum.json"}, "buy"))
    with Engine(servers={"museum": own.url}, credentials={"museum.k": KEY}) as engine:
        report = engine.load(entry).run()
    assert report.succeeded
    assert public.requests == []
    assert [(each.path, each.header("x-key")) for each in own.requests] == [("/tickets", KEY)] * 2
    assert _told(report) == []


def test_the_server_of_a_source_that_only_a_called_document_uses(
    tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    called = _document({"museum": "museum.json"}, "buy")
    main = _document({"museum": "museum.json", "flows": "called.arazzo.json"}, "$sourceDescriptions.flows.main")
    entry = _write(tmp_path, museum=_api(public.url), main_arazzo=main, called_arazzo=called)
    with Engine(servers={"museum": own.url}, credentials={"k": KEY}) as engine:
        assert engine.load(entry).run().succeeded
    assert public.requests == []
    assert len(own.requests) == 1


def test_the_file_and_the_variables_of_a_source_hold_in_a_called_document(
    tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    host, _, port = own.url.removeprefix("http://").partition(":")
    server = {"url": "http://{host}:{port}/v1", "variables": {"host": {"default": host}, "port": {"default": "9"}}}
    entry = _visit(tmp_path, public.url, _document({"museum": "museum.json"}, "buy"), mine=_api("", servers=[server]))
    sources = {"museum": tmp_path / "mine.json"}
    with Engine(sources=sources, server_vars={"museum.port": port}, credentials={"k": KEY}) as engine:
        assert engine.load(entry).run().succeeded
    assert public.requests == []
    assert [each.path for each in own.requests] == ["/v1/tickets"] * 2


def test_two_names_for_one_description_in_one_document_are_two_sources(
    tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    public.script("POST", "/tickets", Reply(201, body={}))
    sources = {"staging": "museum.json", "production": "museum.json"}
    calls = [f"$sourceDescriptions.{each}.buy" for each in sources]
    entry = _write(tmp_path, museum=_api(public.url), main_arazzo=_document(sources, *calls))
    with Engine(servers={"staging": own.url}, credentials={"k": KEY}) as engine:
        report = engine.load(entry).run()
    assert report.succeeded
    assert (len(own.requests), len(public.requests)) == (1, 1)
    assert _told(report) == []


@pytest.mark.parametrize("name", ["museum", "tickets"])
def test_a_source_that_keeps_its_server_while_one_like_it_is_led_away_is_told_before_anything_is_sent(
    name: str, tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    entry = _visit(tmp_path, public.url, _document({name: "copy.json"}, "buy"), copy=_api(f"{public.url}/v2"))
    told = (
        f"`--server` names `museum` and not `flows.{name}`, which is another description:"
        f" its requests go to `{public.url}/v2`"
    )
    with Engine(servers={"museum": own.url}, credentials={"k": KEY}) as engine:
        plan = engine.load(entry).plan()
        report = engine.load(entry).run()
    assert plan.request is not None
    assert plan.request.url == f"{own.url}/tickets"
    (found,) = _told(report)
    assert found.message == told
    assert found.fix == f"name its server, too: `--server flows.{name}=https://…`"
    with Engine(servers={"museum": own.url}, credentials={"k": KEY}, strict=True) as strict:
        program = strict.load(entry)
        with pytest.raises(ArazzoError, match="server-not-named"):
            program.run()


def test_a_server_of_a_source_that_no_step_calls_is_told(tmp_path: Path, own: RecordingServer) -> None:
    called = _document({"tickets": "copy.json"}, "buy")
    main = _document({"museum": "museum.json", "flows": "called.arazzo.json"}, "$sourceDescriptions.flows.main")
    api = _api("http://127.0.0.1:1")
    entry = _write(tmp_path, museum=api, copy=api, main_arazzo=main, called_arazzo=called)
    with Engine(servers={"museum": own.url}, credentials={"k": KEY}) as engine:
        report = engine.load(entry).run()
    assert [each.code for each in _told(report)] == ["server-not-named"]
    assert own.requests == []


def test_a_document_of_workflows_has_no_server(tmp_path: Path, own: RecordingServer) -> None:
    called = _document({"museum": "museum.json"}, "buy")
    entry = _visit(tmp_path, "http://127.0.0.1:1", called)
    with Engine(servers={"flows": own.url}, credentials={"k": KEY}) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry).run()
    (problem,) = refused.value.diagnostics
    assert problem.message == "`--server` names `flows`, a document of workflows, which has no server"
    assert problem.fix == "name the API whose server it is: `museum`"


@pytest.mark.parametrize("servers", ["{own}", {"museum": "{own}", "flows.museum": "{own}/v1"}, {}])
def test_nothing_is_told_when_every_source_is_named_or_none(
    servers: str | dict[str, str], tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    for path in ("/tickets", "/v2/tickets"):
        public.script("POST", path, Reply(201, body={}))
    entry = _visit(tmp_path, public.url, _document({"museum": "copy.json"}, "buy"), copy=_api(f"{public.url}/v2"))
    if isinstance(servers, str):
        named: Any = servers.format(own=own.url)
    else:
        named = {name: url.format(own=own.url) for name, url in servers.items()}
    with Engine(servers=named, credentials={"k": KEY}) as engine:
        report = engine.load(entry).run()
    assert report.succeeded
    assert _told(report) == []


def test_another_source_of_another_host_is_not_told(
    tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    with RecordingServer() as elsewhere:
        elsewhere.script("POST", "/tickets", Reply(201, body={}))
        called = _document({"trains": "trains.json"}, "buy")
        entry = _visit(tmp_path, public.url, called, trains=_api(elsewhere.url))
        with Engine(servers={"museum": own.url}, credentials={"k": KEY}) as engine:
            report = engine.load(entry).run()
        assert report.succeeded
        assert _told(report) == []
        assert len(elsewhere.requests) == 1


def test_a_rehearsal_makes_servers_up_and_tells_nothing(tmp_path: Path) -> None:
    entry = _visit(tmp_path, "https://museum.example", _document({"museum": "copy.json"}, "buy"), copy=_api("/v2"))
    with Engine() as engine:
        assert _told(engine.load(entry).rehearse()) == []


def test_one_source_cannot_have_two_servers_by_two_names(tmp_path: Path, own: RecordingServer) -> None:
    entry = _visit(tmp_path, "https://museum.example", _document({"tickets": "museum.json"}, "buy"))
    servers = {"museum": own.url, "flows.tickets": f"{own.url}/v1"}
    with Engine(servers=servers) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry)
    assert refused.value.diagnostics[0].message == (
        "`--server` names `flows.tickets`, which is the source description `museum`, and says something else of it"
    )
    with Engine(servers={"museum": own.url, "flows.tickets": own.url}, credentials={"k": KEY}) as engine:
        assert engine.load(entry).run().succeeded
    assert len(own.requests) == 2


def test_a_called_document_of_the_network_cannot_stand_for_a_source(
    tmp_path: Path, public: RecordingServer, own: RecordingServer
) -> None:
    with RecordingServer() as evil:
        evil.script("GET", "/called.arazzo.json", Reply(200, body=_document({"museum": "museum.json"}, "buy")))
        evil.script("GET", "/museum.json", Reply(200, body=_api("/")))
        sources = {"museum": "museum.json", "flows": f"{evil.url}/called.arazzo.json"}
        main = _document(sources, "$sourceDescriptions.museum.buy", "$sourceDescriptions.flows.main")
        entry = _write(tmp_path, museum=_api(public.url), main_arazzo=main)
        with Engine(servers={"museum": own.url}, credentials={"museum.k": KEY}) as engine:
            program = engine.load(entry)
            with pytest.raises(ArazzoError, match=r"`k` of|credential"):
                program.run()
        assert [each.header("x-key") for each in evil.requests] == [None, None]
    assert own.requests == []


# --- the plan ---


def test_the_plan_names_the_host_of_every_step(tmp_path: Path) -> None:
    called = _document({"trains": "trains.json"}, "buy")
    entry = _visit(tmp_path, "https://museum.example", called, trains=_api("https://trains.example/v2"))
    main = json.loads(entry.read_text())
    first = main["workflows"][0]
    first["dependsOn"] = ["before"]
    again = {"name": "again", "type": "goto", "workflowId": "main"}
    first["steps"].append({"stepId": "s2", "workflowId": "$sourceDescriptions.flows.main", "onFailure": [again]})
    first["steps"][0]["onFailure"] = [{"name": "undo", "type": "goto", "workflowId": "after"}]
    steps = [{"stepId": "only", "operationId": "$sourceDescriptions.museum.buy"}]
    main["workflows"] += [{"workflowId": each, "steps": steps} for each in ("before", "after", "unused")]
    entry.write_text(json.dumps(main))
    with Engine(servers={"museum": "http://127.0.0.1:1"}, credentials={"k": KEY}) as engine:
        plan = engine.load(entry).plan("main")
    assert plan.to_text().partition("\n\nfirst request:")[0] == (
        "plan of main:\n"
        "  1. s0: POST http://127.0.0.1:1/tickets\n"
        "  2. s1: workflow $sourceDescriptions.flows.main\n"
        "     1. s0: POST https://trains.example/v2/tickets\n"
        "  3. s2: workflow $sourceDescriptions.flows.main\n"
        "\n"
        "may run, too: after\n"
        "  1. only: POST http://127.0.0.1:1/tickets\n"
        "\n"
        "may run, too: before\n"
        "  1. only: POST http://127.0.0.1:1/tickets"
    )
    written: Any = plan.to_json()
    inner = {"stepId": "s0", "method": "POST", "target": "https://trains.example/v2/tickets"}
    call = {"stepId": "s1", "method": "workflow", "target": "$sourceDescriptions.flows.main"}
    assert written["steps"][1:] == [{**call, "steps": [inner]}, {**call, "stepId": "s2"}]
    assert [each["workflowId"] for each in written["others"]] == ["after", "before"]


def test_the_plan_of_workflows_that_call_each_other_without_end(tmp_path: Path) -> None:
    ids = [f"w{index}" for index in range(40)]
    stop = {"name": "stop", "type": "end"}
    workflows = [
        {"workflowId": each, "steps": [{"stepId": "next", "workflowId": other, "onFailure": [stop]}]}
        for each, other in zip(ids, [*ids[1:], ids[0]], strict=True)
    ]
    entry = _write(tmp_path, museum=_api("https://museum.example"))
    main = _document({"museum": "museum.json"}, "buy")
    main["workflows"][0]["steps"].append({"stepId": "call", "workflowId": "w0"})
    main["workflows"] += workflows
    entry.write_text(json.dumps(main))
    with Engine(credentials={"k": KEY}) as engine:
        text = engine.load(entry).plan("main").to_text()
    assert [text.count(f": workflow {each}\n") for each in ids] == [2, *[1] * 39]


def test_a_ring_of_calls_through_two_documents_is_refused(tmp_path: Path, public: RecordingServer) -> None:
    back = {"museum": "museum.json", "flows": "main.arazzo.json"}
    called = _document(back, "$sourceDescriptions.museum.buy", "$sourceDescriptions.flows.main")
    entry = _visit(tmp_path, public.url, called)
    with Engine(credentials={"k": KEY}) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry)
    (ring,) = (each for each in refused.value.diagnostics if each.code == "endless-calls")
    assert ring.message == (
        "the workflows call each other without end: "
        "`main (main.arazzo.json)` → `main (called.arazzo.json)` → `main (main.arazzo.json)`"
    )
    assert [each.message for each in ring.related] == ["step `s1` of `main (called.arazzo.json)` goes on in the ring"]
    assert public.requests == []
