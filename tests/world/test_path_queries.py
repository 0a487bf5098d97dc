"""Paths with a query of their own, as many descriptions have them: it is sent once, wherever it is declared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Engine

if TYPE_CHECKING:
    from pathlib import Path

_PART = "/{Bucket}/{Key+}?uploadId={uploadId}"


def _declared(*rows: tuple[str, str], **schema: Any) -> list[dict[str, Any]]:
    return [{"name": name, "in": place, "required": True, "schema": schema} for name, place in rows]


def _given(*rows: tuple[str, str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "in": place, "value": value} for name, place, value in rows]


def _load(folder: Path, path: str, declared: list[dict[str, Any]], given: list[dict[str, Any]], **more: Any) -> Path:
    operation = {"operationId": "op", "parameters": declared, "responses": {"default": {"description": "ok"}}, **more}
    api = {"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {path: {"put": operation}}}
    (folder / "api.json").write_text(json.dumps(api))
    step = {"stepId": "one", "operationId": "op", "parameters": given}
    inputs = {"type": "object", "properties": {"given": {}, "lacking": {}}}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "inputs": inputs, "steps": [step]}],
    }
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


def _sent(
    entry: Path, server: RecordingServer, check: Literal["off", "error"] = "error", **inputs: Any
) -> tuple[str, ...]:
    """Run it, hold it to its description, and return the targets that were asked for; nothing is to be told."""
    with Engine(servers=server.url, check=check) as engine:
        program = engine.load(entry)
        plan = program.plan(inputs=inputs)
        report = program.run(inputs=inputs)
    assert report.warnings == report.diagnostics == ()
    request = report.steps[0].request
    assert (plan.request and plan.request.url) == (request and request.url)
    assert request is not None
    assert [request.url] == [server.url + each.path for each in server.requests]
    return tuple(each.path for each in server.requests)


@pytest.mark.parametrize("declared_in", ["query", "path"])
@pytest.mark.parametrize("given_in", ["query", "path"])
@pytest.mark.parametrize("key", ["Key", "Key+"])
def test_a_placeholder_in_the_query_is_filled_once(
    declared_in: str, given_in: str, key: str, tmp_path: Path, server: RecordingServer
) -> None:
    declared = _declared(("Bucket", "path"), (key, "path"), ("uploadId", declared_in), type="string")
    given = _given(("Bucket", "path", "b"), (key, "path", "k/1"), ("uploadId", given_in, "a&b=c#d"))
    assert _sent(_load(tmp_path, _PART, declared, given), server) == ("/b/k/1?uploadId=a%26b%3Dc%23d",)


@pytest.mark.parametrize("places", [("query", "path"), ("path", "query")])
def test_two_values_for_one_place_of_the_query_are_refused(
    places: tuple[str, str], tmp_path: Path, server: RecordingServer
) -> None:
    given = _given(*((("uploadId", place, "$inputs.given" if place == "path" else "u2")) for place in places))
    entry = _load(tmp_path, "/x?uploadId={uploadId}", _declared(("uploadId", "query")), given)
    with Engine(servers=server.url) as engine, pytest.raises(ArazzoError, match="two values"):
        engine.load(entry).run(inputs={"given": "u1"})
    assert server.requests == []


def test_another_value_than_the_path_says_is_refused(tmp_path: Path, server: RecordingServer) -> None:
    declared = _declared(("Action", "query"), type="string")
    entry = _load(tmp_path, "/?Action=Create", declared, _given(("Action", "query", "$inputs.given")))
    with Engine(servers=server.url) as engine, pytest.raises(ArazzoError, match="the path says `Action=Create`"):
        engine.load(entry).run(inputs={"given": "Delete"})
    assert server.requests == []


def test_a_placeholder_that_is_given_in_both_places_is_sent_once(tmp_path: Path, server: RecordingServer) -> None:
    declared = _declared(("uploadId", "query"))
    given = _given(("uploadId", "query", "u1"), ("uploadId", "path", "u1"))
    assert _sent(_load(tmp_path, "/x?uploadId={uploadId}", declared, given), server) == ("/x?uploadId=u1",)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("/x?upload={id}&partNumber=1", "u", "/x?upload=u&partNumber=1"),
        ("/x?f=id:{id}", "u", "/x?f=id:u"),
        ("/x?id={id}", ["a", "b,c"], "/x?id=a,b%2Cc"),
        ("/x?id={id}", "", "/x?id="),
        ("/x?id={id}", "..", "/x?id=.."),
        ("/x?id={id}&id2={id}", 5, "/x?id=5&id2=5"),
    ],
)
@pytest.mark.parametrize("place", ["query", "path"])
def test_what_stands_in_a_placeholder_of_the_query(
    path: str, value: Any, expected: str, place: str, tmp_path: Path, server: RecordingServer
) -> None:
    entry = _load(tmp_path, path, _declared(("id", place)), _given(("id", place, value)))
    assert _sent(entry, server) == (expected,)


@pytest.mark.parametrize("given", [_given(("id", "query", "$inputs.lacking")), []], ids=["not given", "not set"])
def test_what_is_optional_leaves_nothing_in_the_query(
    given: list[dict[str, Any]], tmp_path: Path, server: RecordingServer
) -> None:
    declared = [{"name": "id", "in": "query", "schema": {}}]
    assert _sent(_load(tmp_path, "/x?acl&id={id}", declared, given), server) == ("/x?acl",)


@pytest.mark.parametrize(
    ("place", "fix"),
    [("query", "add a parameter `id` with `in: query`"), ("path", "add a parameter `id` with `in: path`")],
)
def test_what_is_required_in_the_query_is_missed(place: str, fix: str, tmp_path: Path) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(_load(tmp_path, "/x?id={id}", _declared(("id", place)), []))
    found = [each for each in refused.value.diagnostics if each.is_error]
    assert [(each.code, each.fix) for each in found] == [("path-parameter-mismatch", fix)]


@pytest.mark.parametrize("path", ["/v1/{+parent}/things", "/v1/{parent+}/things"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("projects/p 1/x?y#z", "/v1/projects/p%201/x%3Fy%23z/things"),
        ("one", "/v1/one/things"),
        ("a//b", "/v1/a//b/things"),
    ],
)
def test_a_placeholder_of_several_segments_keeps_the_slashes(
    path: str, value: str, expected: str, tmp_path: Path, server: RecordingServer
) -> None:
    entry = _load(tmp_path, path, _declared(("parent", "path")), _given(("parent", "path", value)))
    assert _sent(entry, server) == (expected,)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/{+parent}", "/v1/a%2Fb:c@d;e=f&g+h%25/i%3Fj"),
        ("/v1/{parent+}", "/v1/a%252Fb%3Ac%40d%3Be%3Df%26g%2Bh%25/i%3Fj"),
    ],
)
def test_reserved_expansion_leaves_what_is_reserved_and_encoded(
    path: str, expected: str, tmp_path: Path, server: RecordingServer
) -> None:
    given = _given(("parent", "path", "a%2Fb:c@d;e=f&g+h%/i?j"))
    assert _sent(_load(tmp_path, path, _declared(("parent", "path")), given), server) == (expected,)


@pytest.mark.parametrize("value", ["", "a/../../b", "..", "./a", "a/%2e%2e/b"])
def test_a_value_of_several_segments_leads_nowhere_else(value: str, tmp_path: Path, server: RecordingServer) -> None:
    entry = _load(tmp_path, "/v1/{+parent}", _declared(("parent", "path")), _given(("parent", "path", "$inputs.given")))
    with Engine(servers=server.url) as engine, pytest.raises(ArazzoError, match="would change the route"):
        engine.load(entry).run(inputs={"given": value})
    assert server.requests == []


def test_a_greedy_placeholder_is_missed_by_the_name_of_its_parameter(tmp_path: Path) -> None:
    with Engine() as engine, pytest.raises(ArazzoError) as refused:
        engine.load(_load(tmp_path, "/{Key+}", _declared(("Key", "path")), []))
    found = [each for each in refused.value.diagnostics if each.is_error]
    assert [each.fix for each in found] == ["add a parameter `Key` with `in: path`"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], "/?Action=Create"), (_given(("Action", "query", "Create")), "/?Action=Create")],
    ids=["not set", "set again"],
)
def test_what_the_path_says_itself_is_there_once(
    given: list[dict[str, Any]], expected: str, tmp_path: Path, server: RecordingServer
) -> None:
    declared = _declared(("Action", "query"), enum=["Create", "Delete"])
    assert _sent(_load(tmp_path, "/?Action=Create", declared, given), server) == (expected,)


@pytest.mark.parametrize(
    ("given", "expected"), [([], "/x?acl&v=1"), (_given(("acl", "query", True)), "/x?v=1&acl=true")]
)
def test_what_the_path_says_without_a_value_may_get_one(
    given: list[dict[str, Any]], expected: str, tmp_path: Path, server: RecordingServer
) -> None:
    declared = _declared(("acl", "query"), type="boolean")
    assert _sent(_load(tmp_path, "/x?acl&v=1", declared, given), server) == (expected,)


def test_a_value_that_is_sent_as_often_as_it_is_given(tmp_path: Path, server: RecordingServer) -> None:
    entry = _load(tmp_path, "/x?acl", _declared(("id", "query"), type="array"), _given(("id", "query", [1, 1])))
    assert _sent(entry, server) == ("/x?acl&id=1&id=1",)


def test_a_credential_stands_once_in_the_query_of_a_path(tmp_path: Path, server: RecordingServer) -> None:
    scheme = {"type": "apiKey", "in": "query", "name": "code"}
    entry = _load(tmp_path, "/x?code={code}", _declared(("code", "query")), [], security=[{"k": []}])
    api = json.loads((tmp_path / "api.json").read_text())
    api["components"] = {"securitySchemes": {"k": scheme}}
    (tmp_path / "api.json").write_text(json.dumps(api))
    server.script("PUT", "/x?code=s3cret", Reply(200))
    with Engine(servers=server.url, credentials={"k": "s3cret"}, check="error") as engine:
        assert engine.load(entry).run().succeeded
