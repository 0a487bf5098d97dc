"""One credential that goes to several origins is told before a run, and one that goes to a single one is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import ArazzoError, Credential, Engine, OAuthClient
from arazzo_engine.validation.inputs.given import GivenInputs

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic

_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
_LOGIN = {"type": "http", "scheme": "basic"}
_A, _B = "https://a.example", "https://b.example"


def _oauth(token_url: str) -> dict[str, Any]:
    return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": {}}}}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _write(*sources: tuple[str, dict[str, Any]], second: str = "") -> dict[str, Any]:
    """Write an API for each server and scheme, and return a document with a step for each; one may have two servers."""
    names = [f"api{number}" for number in range(len(sources))]
    steps = []
    for name, (server, scheme) in zip(names, sources, strict=True):
        get: dict[str, Any] = {"security": [{"K": []}], "responses": {}}
        paths: dict[str, Any] = {"/a": {"get": {"operationId": "a", **get}}}
        if second:
            paths["/b"] = {"servers": [{"url": second}], "get": {"operationId": "b", **get}}
        api = {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": server}],
            "components": {"securitySchemes": {"K": scheme}},
            "paths": paths,
        }
        Path(f"{name}.json").write_text(json.dumps(api))
        operations = ["a", "b"] if second else ["a"]
        steps += [
            {"stepId": f"{name}-{each}", "operationId": f"$sourceDescriptions.{name}.{each}"} for each in operations
        ]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": each, "url": f"{each}.json", "type": "openapi"} for each in names],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }


def _told(document: dict[str, Any], **options: Any) -> list[Diagnostic]:
    with Engine(**options) as engine:
        program = engine.load(document, base=".")
        prepared = program.prepare(("w",), GivenInputs({}))
        return [each for each in prepared.warnings if each.code == "credential-shared"]


@pytest.mark.parametrize(("given", "scheme"), [("key", _KEY), ("user:password", _LOGIN)])
def test_one_credential_for_two_sources_is_told_with_both_origins(given: str, scheme: dict[str, Any]) -> None:
    document = _write((f"{_A}/v1", scheme), (f"{_B}:8443/v1", scheme))
    (found,) = _told(document, credentials={"K": given})
    assert found.message == (
        "the credential for `K` from credentials goes to 2 origins: `https://a.example`, `https://b.example:8443`"
    )
    assert found.fix == (
        "give each its own with `--auth api0.K=…` and `--auth api1.K=…`, or name each host with `--allow-host`"
        " if all of them may have it"
    )
    assert [each.message for each in found.related] == ["goes to https://a.example", "goes to https://b.example:8443"]


def test_the_same_origin_is_one_whatever_its_path_case_or_usual_port() -> None:
    document = _write((f"{_A}/v1", _KEY), ("HTTPS://A.example:443/v2", _KEY))
    assert _told(document, credentials={"K": "k"}) == []


def test_a_credential_that_was_given_for_each_source_is_meant() -> None:
    document = _write((_A, _KEY), (_B, _KEY))
    assert _told(document, credentials={"api0.K": "k", "api1.K": "k"}) == []
    assert _told(document, credentials=lambda _source, _scheme: Credential("k", "a vault")) == []


def test_a_variable_for_every_source_is_one_credential_and_one_for_each_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    document = _write((_A, _KEY), (_B, _KEY))
    monkeypatch.setenv("ARAZZO_AUTH_K", "k")
    (found,) = _told(document)
    assert "from ARAZZO_AUTH_K goes to 2 origins" in found.message
    monkeypatch.setenv("ARAZZO_AUTH_API0_K", "k")
    assert _told(document) == []


def test_a_file_with_one_for_all_is_one_credential_and_one_for_each_is_not() -> None:
    document = _write((_A, _KEY), (_B, _KEY))
    Path("auth.yaml").write_text("K: k\n")
    assert len(_told(document, auth_file="auth.yaml")) == 1
    Path("auth.yaml").write_text("api0: {K: k}\napi1: {K: k}\n")
    assert _told(document, auth_file="auth.yaml") == []


def test_two_servers_of_one_source_are_told_unless_one_is_named_for_both() -> None:
    document = _write((_A, _KEY), second=_B)
    (found,) = _told(document, credentials={"api0.K": "k"})
    assert found.fix == "name each host with `--allow-host` if all of them may have it, or one server with `--server`"
    assert _told(document, credentials={"K": "k"}, servers={"api0": _A}) == []


def test_hosts_that_are_allowed_one_by_one_are_meant_and_a_pattern_is_not() -> None:
    document = _write((_A, _KEY), second=_B)
    assert _told(document, credentials={"K": "k"}, allow_hosts=["a.example", "b.example"]) == []
    assert len(_told(document, credentials={"K": "k"}, allow_hosts=["*.example"])) == 1


def test_a_client_goes_to_token_endpoints_and_its_tokens_to_servers() -> None:
    client = OAuthClient(client_id="c", client_secret="s3cret")
    same = _write((_A, _oauth("https://id.example/token")), (_A, _oauth("https://id.example/token")))
    assert _told(same, credentials={"K": client}) == []
    tokens = _write((_A, _oauth("https://id.example/token")), (_B, _oauth("https://id.example/token")))
    (found,) = _told(tokens, credentials={"K": client})
    assert found.message.startswith("the tokens that the credential for `K` from credentials gets go to 2 origins:")
    endpoints = _write((_A, _oauth("https://id.example/token")), (_A, _oauth("https://other.example/token?x=1")))
    (found,) = _told(endpoints, credentials={"K": client})
    assert found.message == (
        "the credential for `K` from credentials goes to token endpoints of 2 origins: `https://id.example`,"
        " `https://other.example`"
    )


def test_what_nobody_gave_and_what_a_step_sets_itself_is_not_told() -> None:
    document = _write((_A, _KEY), (_B, _KEY))
    with Engine(strict=True) as engine:
        assert engine.load(document, base=".").rehearse().succeeded
    for step in document["workflows"][0]["steps"]:
        step["parameters"] = [{"name": "X-Key", "in": "header", "value": "v"}]
    assert _told(document, credentials={"K": "k"}) == []


def test_with_strict_nothing_is_sent() -> None:
    with RecordingServer() as one, RecordingServer() as other:
        for server in (one, other):
            server.script("GET", "/a", Reply(200))
        document = _write((one.url, _KEY), (other.url, _KEY))
        with Engine(credentials={"K": "k"}, strict=True) as engine, pytest.raises(ArazzoError) as caught:
            engine.load(document, base=".").run()
        assert [(each.code, each.is_error) for each in caught.value.diagnostics] == [("credential-shared", True)]
        assert not one.requests
        assert not other.requests
        with Engine(credentials={"K": "k"}) as engine:
            report = engine.load(document, base=".").run()
        assert report.succeeded
        assert [each.code for each in report.warnings] == ["credential-shared"]


@pytest.mark.parametrize("place", ["header", "query"])
def test_a_parameter_that_two_operations_require_as_a_credential_is_one_scheme(place: str) -> None:
    document = _write((_A, _KEY), second=_A)
    api = json.loads(Path("api0.json").read_text())
    for path, where in zip(api["paths"].values(), ("header", place), strict=True):
        path["get"].pop("security", None)
        path["get"]["parameters"] = [{"name": "token", "in": where, "required": True, "schema": {"type": "string"}}]
    Path("api0.json").write_text(json.dumps(api))
    with Engine(credentials={"token": "k"}) as engine:
        assert engine.load(document, base=".").rehearse().succeeded


def test_two_schemes_of_one_name_get_no_credential() -> None:
    shared = {
        "openapi": "3.2.0",
        "info": {"title": "s", "version": "1"},
        "components": {"securitySchemes": {"K": _KEY}},
    }
    for name in ("one", "other"):
        Path(f"{name}.json").write_text(json.dumps(shared))
    document = _write((_A, _KEY), second=_A)
    api = json.loads(Path("api0.json").read_text())
    api["openapi"] = "3.2.0"
    del api["components"]
    for path, name in (("/a", "one"), ("/b", "other")):
        api["paths"][path]["get"]["security"] = [{f"{name}.json#/components/securitySchemes/K": []}]
    Path("api0.json").write_text(json.dumps(api))
    with pytest.raises(ArazzoError) as caught:
        _told(document, credentials={"K": "k"})
    (found,) = caught.value.diagnostics
    assert found.code == "unsupported-feature"
    assert found.message == "two security schemes of `api0` are called `K`, and a credential for one would go to both"
