"""Requests go where the description says, or nowhere: on the wire, in the plan and in the report, over real sockets.

There are always two servers: one that the description names, and one that whatever is drawn tries to reach.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import RecordingServer, Reply
from msgspec.structs import replace
from oauth_server import CLIENT, PASSWORD, SECRET, USER, OAuthServer

from arazzo_engine import ArazzoError, Engine, OAuthClient, RunReport
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.urls import BaseUrl
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.machine.effects import Send
from arazzo_engine.world.http.transport import AsyncTransport, Transport
from arazzo_engine.world.http.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

KEY = "the-secret-key"
_DRAWN = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
# what other readers of URLs may take for the end of a host, of a path, or for another host
_SIGNS = [
    "/",
    "//",
    "@",
    ":",
    "?",
    "#",
    "\\",
    ".",
    "..",
    "/../",
    "%2e%2e",
    "%2F",
    "..%2f",
    ";",
    "..;",
    "&",
    "=",
    "\t",
    "é",
]


def _document(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    step = {"stepId": "one", "operationId": "op", "parameters": parameters}
    return {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [step]}],
    }


def _api(path: str, **rest: Any) -> dict[str, Any]:
    secured = {"security": [{"k": []}], "responses": {"200": {"description": "ok"}}}
    names = [token for token in ("t", "q") if f"{{{token}}}" in path]
    parameters = [{"name": each, "in": "path", "required": True, "schema": {}} for each in names]
    schemes = {"k": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    version = rest.get("swagger")
    return {
        **({} if version else {"openapi": "3.1.0", "components": {"securitySchemes": schemes}}),
        **({"securityDefinitions": schemes} if version else {}),
        "info": {"title": "A", "version": "1"},
        "paths": {path: {"get": {"operationId": "op", "parameters": parameters, **secured}}},
        **rest,
    }


def _run(folder: Path, api: Mapping[str, Any], values: Mapping[str, str], **options: Any) -> RunReport | None:
    """Run one step; ``None`` when it was refused. What the plan shows is what the run sends."""
    (folder / "api.json").write_text(json.dumps(api))
    document = _document([{"name": name, "in": "path", "value": value} for name, value in values.items()])
    try:
        with Engine(credentials={"k": KEY}, **options) as engine:
            program = engine.load(document, base=folder / "main.json")
            plan = program.plan()
            report = program.run()
    except ArazzoError:
        return None
    request = report.steps[0].request
    assert (plan.request and plan.request.url) == (request and request.url)
    return report


@contextmanager
def _emptied(*servers: RecordingServer) -> Iterator[None]:
    for each in servers:
        each.requests.clear()
    yield


def _check(server: RecordingServer, other: RecordingServer, report: RunReport | None, base: str) -> None:
    """Everything that was sent went below the base path of the server, and is what the report shows."""
    _check_host(server, other, report)
    for recorded in server.requests:
        assert report is not None
        assert report.steps[0].request is not None
        assert report.steps[0].request.url == server.url + recorded.path
        path = recorded.path.partition("?")[0]
        assert path.startswith(f"{base}/")
        assert not {".", ".."} & {unquote(each.partition(";")[0]) for each in path.split("/")}
        assert recorded.header("x-key") == KEY


def _check_host(server: RecordingServer, other: RecordingServer, report: RunReport | None) -> None:
    """Every request that was tried has reached the server, and no other was tried."""
    assert other.requests == []
    assert len(server.requests) == (0 if report is None or report.steps[0].request is None else 1)


@pytest.fixture
def elsewhere() -> Iterator[RecordingServer]:
    """A server that nothing names but what tries to get there."""
    with RecordingServer() as running:
        yield running


@st.composite
def _texts(draw: st.DrawFn, hosts: tuple[str, ...]) -> str:
    pieces = st.one_of(st.sampled_from([*_SIGNS, *hosts, "x", "0"]), st.text(max_size=2))
    return "".join(draw(st.lists(pieces, max_size=5)))


def _host(server: RecordingServer) -> str:
    return server.url.removeprefix("http://")


@_DRAWN
@given(data=st.data())
def test_no_path_key_and_no_value_leads_elsewhere(
    data: st.DataObject, tmp_path: Path, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    hosts = (_host(elsewhere), elsewhere.url, "{t}", "{q}", f"@{_host(elsewhere)}/")
    path = data.draw(_texts(hosts), label="path")
    values = {name: data.draw(_texts(hosts[:2]), label=name) for name in ("t", "q") if f"{{{name}}}" in path}
    base = data.draw(st.sampled_from(["", "/v1", "/a/b"]))
    with _emptied(server, elsewhere):
        report = _run(tmp_path, _api(path, servers=[{"url": server.url + base}]), values)
    _check(server, elsewhere, report, base)


@_DRAWN
@given(data=st.data())
def test_no_value_leads_out_of_the_path_of_its_placeholder(
    data: st.DataObject, tmp_path: Path, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    hosts = (_host(elsewhere), elsewhere.url, f"@{_host(elsewhere)}/")
    path = data.draw(st.sampled_from(["/{t}", "/x/{t}/{q}", "/{t}{q}", "/.{t}", "/{t}?a={q}", "//{t}", "/{t}/../{q}"]))
    values = {name: data.draw(_texts(hosts), label=name) for name in ("t", "q") if f"{{{name}}}" in path}
    version = data.draw(st.sampled_from([{"swagger": "2.0", "host": _host(server), "schemes": ["http"]}, {}]))
    servers = {"basePath": "/v1"} if version else {"servers": [{"url": f"{server.url}/v1"}]}
    with _emptied(server, elsewhere):
        report = _run(tmp_path, _api(path, **version, **servers), values)
    _check(server, elsewhere, report, "/v1")
    for recorded in server.requests:
        assert recorded.path.partition("?")[0].count("/") == path.partition("?")[0].count("/") + 1


@_DRAWN
@given(data=st.data())
def test_no_variable_of_a_server_leads_elsewhere(
    data: st.DataObject, tmp_path: Path, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    name, port = _host(server).split(":")
    templates = [
        f"http://{name}:{port}/v1/{{v}}",
        f"http://{name}:{port}/v1/{{v}}/x",
        f"http://{{v}}@{name}:{port}/v1",
        f"{{v}}://{name}:{port}/v1",
        f"http://{name}:{port}{{v}}/v1",
        f"http://{name}:{port}/v1{{v}}",
    ]
    url = data.draw(st.sampled_from(templates), label="server")
    value = data.draw(_texts((_host(elsewhere), elsewhere.url, f"@{_host(elsewhere)}/")), label="value")
    default = data.draw(st.sampled_from(["/p", "http", value]), label="default")
    api = _api("/a", servers=[{"url": url, "variables": {"v": {"default": default}}}])
    with _emptied(server, elsewhere):
        report = _run(tmp_path, api, {}, server_vars={} if default == value else {"v": value})
    base = "" if "{v}/v1" in url else "/v1"
    _check_host(server, elsewhere, report)
    for recorded in server.requests:
        assert recorded.path.startswith(base)
        assert ".." not in map(unquote, recorded.path.split("/"))


@_DRAWN
@given(data=st.data())
def test_no_host_and_no_base_path_of_openapi_2_leads_elsewhere(
    data: st.DataObject, tmp_path: Path, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    texts = _texts((_host(elsewhere), elsewhere.url, f"@{_host(elsewhere)}/"))
    base = data.draw(texts, label="basePath")
    schemes = ["http", data.draw(texts, label="scheme")]
    with _emptied(server, elsewhere):
        api = _api("/a", swagger="2.0", host=_host(server), basePath=base, schemes=schemes)
        report = _run(tmp_path, api, {})
    _check_host(server, elsewhere, report)
    assert all(each.path.endswith("/a") for each in server.requests)


@pytest.mark.parametrize(
    "url", ["http://{here}?x", "http://{here}#x", "http://{there}@{here}", "http://{here}/{there}"]
)
def test_no_server_of_the_user_leads_elsewhere(
    url: str, tmp_path: Path, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    given_url = url.format(here=_host(server), there=_host(elsewhere))
    _run(tmp_path, _api("/a", servers=[{"url": elsewhere.url}]), {}, servers=given_url)
    assert elsewhere.requests == []
    assert [each.path for each in server.requests] in ([], [f"/{_host(elsewhere)}/a"])


# --- the last act before sending ---

_OPERATION = Operation(read_document("{}", "file:///api.json").root(), "api", "file:///api.json", "GET", "/")


def _send(url: str, base: BaseUrl, *, in_a_loop: bool, wire: Wire = Wire()) -> Any:  # noqa: B008 - frozen
    effect = Send(Request("GET", url, (("X-Key", KEY),)), _OPERATION, 20.0, base)

    async def send() -> Any:
        async with AsyncTransport(wire=wire) as transport:
            return await transport.send(effect)

    if in_a_loop:
        return asyncio.run(send()).result
    with Transport(wire=wire) as transport:
        return transport.send(effect).result


@pytest.mark.parametrize("in_a_loop", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    "url",
    [
        "{there}/v1/a",
        "{here}@{there_host}/v1/a",
        "{here}0/v1/a",
        "{here}",
        "{here}/v1",
        "{here}/v1?a",
        "{here}/v2/a",
        "{here}/v1x/a",
        "{here}/v1/../a",
        "{here}/v1/%2e%2e/a",
        "{here}/v1/a#?q=1",
        "https://{here_host}/v1/a",
    ],
)
def test_a_request_that_would_go_elsewhere_by_a_fault_of_the_engine_is_not_sent(
    url: str, in_a_loop: bool, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    hosts = {"here_host": _host(server), "there_host": _host(elsewhere)}
    built = url.format(here=server.url, there=elsewhere.url, **hosts)
    result = _send(built, BaseUrl(server.url, "/v1"), in_a_loop=in_a_loop)
    assert isinstance(result, NoResponse)
    assert not result.sent
    assert "this is a fault of the engine" in result.reason or "cannot be used" in result.reason
    assert server.requests == elsewhere.requests == []


@pytest.mark.parametrize("in_a_loop", [False, True], ids=["sync", "async"])
def test_a_redirect_that_is_followed_may_leave_the_base_path(in_a_loop: bool, server: RecordingServer) -> None:
    server.script("GET", "/v1/a", Reply(302, (("Location", "/b"),)))
    server.script("GET", "/b", Reply(200))
    wire = Wire(follow_redirects=True)
    assert _send(f"{server.url}/v1/a", BaseUrl(server.url, "/v1"), in_a_loop=in_a_loop, wire=wire).status == 200
    assert [each.path for each in server.requests] == ["/v1/a", "/b"]


def test_a_redirect_to_a_host_behind_a_user_is_an_answer(server: RecordingServer, elsewhere: RecordingServer) -> None:
    server.script("GET", "/v1/a", Reply(302, (("Location", f"{server.url}@{_host(elsewhere)}/b"),)))
    wire = Wire(follow_redirects=True)
    assert _send(f"{server.url}/v1/a", BaseUrl(server.url, "/v1"), in_a_loop=False, wire=wire).status == 302
    assert elsewhere.requests == []


# --- token endpoints and sources ---


@pytest.mark.parametrize("token_url", ["/token", "token", "../token"])
@pytest.mark.parametrize("grant", ["clientCredentials", "password"])
def test_a_relative_token_endpoint_is_the_server_s_and_not_the_description_s(
    token_url: str, grant: str, server: RecordingServer
) -> None:
    flow = {"tokenUrl": token_url, "scopes": {}}
    with OAuthServer() as oauth:
        oauth.script("GET", "/a", Reply(200, body={}))
        api = _api("/a", servers=[{"url": oauth.url}])
        api["components"]["securitySchemes"]["k"] = {"type": "oauth2", "flows": {grant: flow}}
        server.script("GET", "/api.json", Reply(200, body=api))
        document = _document([])
        document["sourceDescriptions"][0]["url"] = f"{server.url}/api.json"
        client = OAuthClient(client_id=CLIENT, client_secret=SECRET)
        client = replace(client, username=USER, password=PASSWORD) if grant == "password" else client
        with Engine(credentials={"k": client}) as engine:
            assert engine.load(document, base="main.json").run().succeeded
        assert [each.path for each in oauth.token_requests] == ["/token"]
    assert [(each.method, each.path) for each in server.requests] == [("GET", "/api.json")]


def test_a_relative_token_endpoint_goes_with_the_server_of_the_user(tmp_path: Path, elsewhere: RecordingServer) -> None:
    flows = {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}
    with OAuthServer() as oauth:
        oauth.script("GET", "/v1/a", Reply(200, body={}))
        api = _api("/a", servers=[{"url": elsewhere.url}])
        api["components"]["securitySchemes"]["k"] = {"type": "oauth2", "flows": flows}
        (tmp_path / "api.json").write_text(json.dumps(api))
        client = OAuthClient(client_id=CLIENT, client_secret=SECRET)
        with Engine(credentials={"k": client}, servers=f"{oauth.url}/v1") as engine:
            assert engine.load(_document([]), base=tmp_path / "main.json").run().succeeded
    assert elsewhere.requests == []


@pytest.mark.parametrize("url", ["http://{here}@{there}/api.json", "http://me:secret-word@{there}/api.json"])
def test_a_source_behind_a_user_is_not_loaded_and_not_shown(
    url: str, server: RecordingServer, elsewhere: RecordingServer
) -> None:
    document = _document([])
    document["sourceDescriptions"][0]["url"] = url.format(here=_host(server), there=_host(elsewhere))
    with Engine() as engine, pytest.raises(ArazzoError, match="a user or a password") as refused:
        engine.load(document, base="main.json")
    assert elsewhere.requests == []
    assert "secret-word" not in str(refused.value)


def test_a_source_that_redirects_to_a_host_behind_a_user_is_not_loaded(
    server: RecordingServer, elsewhere: RecordingServer
) -> None:
    server.script("GET", "/api.json", Reply(302, (("Location", f"{server.url}@{_host(elsewhere)}/b"),)))
    document = _document([])
    document["sourceDescriptions"][0]["url"] = f"{server.url}/api.json"
    with Engine() as engine, pytest.raises(ArazzoError, match="redirects to something"):
        engine.load(document, base="main.json")
    assert elsewhere.requests == []
