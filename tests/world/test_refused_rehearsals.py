"""A rehearsal makes up what is missing, and nothing else: what keeps a run from its first request keeps it, too."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import httpx
import places
import pytest

from arazzo_engine import ArazzoError, Engine, RunStatus
from arazzo_engine.validation.inputs.given import GivenInputs

_ENDPOINT: Final = "https://login.example/token"


def _documents(folder: Path, *, token_url: str = _ENDPOINT, servers: Any = None, kind: Any = None) -> Path:
    flows = {"clientCredentials": {"tokenUrl": token_url, "scopes": {}}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": servers or [{"url": "https://a.example/v1"}],
        "paths": {"/a": {"get": {"operationId": "a", "security": [{"key": []}], "responses": {}}}},
        "components": {"securitySchemes": {"key": kind or {"type": "oauth2", "flows": flows}}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "a", "operationId": "a"}]}],
    }
    (folder / "doc.json").write_text(json.dumps(document))
    return folder / "doc.json"


def _refuse(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url} was asked")


def _codes(document: Path, action: str, options: dict[str, Any]) -> list[str]:
    """Return the errors that keep a program from doing something, before anything is asked."""
    try:
        with Engine(transport=httpx.MockTransport(_refuse), **options) as engine:
            getattr(engine.load(document), action)()
    except ArazzoError as error:
        return [each.code for each in error.diagnostics if each.is_error]
    return []


_REGIONS: Final = [
    {"url": "https://{region}.a.example", "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}}}
]
_BASIC: Final = {"type": "http", "scheme": "basic"}
_REFUSED: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "credential-malformed": ({"kind": _BASIC}, {"credentials": {"key": "no-colon"}}),
    "host-not-allowed": ({}, {"credentials": {"key": "id:secret"}, "allow_hosts": ["a.example"]}),
    "host-not-allowed, a server": ({}, {"credentials": {"key": "t"}, "allow_hosts": ["b.example"]}),
    "server-variable": ({"servers": _REGIONS}, {"credentials": {"key": "t"}, "server_vars": {"region": "ue"}}),
    "tls-unverified": ({}, {"credentials": {"key": "t"}, "insecure": True, "strict": True}),
    "option-invalid": ({}, {"credentials": {"key": "t"}, "token_store": places.ROOT / "docs"}),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_what_keeps_a_run_from_its_first_request_keeps_a_rehearsal(name: str, tmp_path: Path) -> None:
    documents, options = _REFUSED[name]
    path = _documents(tmp_path, **documents)
    codes = _codes(path, "run", options)
    assert name.partition(",")[0] in codes
    assert _codes(path, "rehearse", options) == codes


def test_of_several_ways_the_one_that_is_used_is_told_with_the_others(tmp_path: Path) -> None:
    path = _documents(tmp_path)
    api = json.loads((tmp_path / "api.json").read_text())
    names = ("first", "second", "third", "fourth")
    api["components"]["securitySchemes"] = {each: {"type": "apiKey", "in": "header", "name": each} for each in names}
    api["paths"]["/a"]["get"]["security"] = [{"first": []}, {"second": [], "third": []}, {"fourth": []}]
    (tmp_path / "api.json").write_text(json.dumps(api))
    with Engine() as engine:
        [told] = engine.load(path).fill_in(("w",), GivenInputs({})).made_up()
    others = "api.second and api.third or api.fourth"
    way = "`arazzo auth` lists the ways to give it"
    assert told == f"credential api.first  (a run needs one or, in its stead, {others}: {way})"


def test_what_serves_only_some_of_the_steps_is_not_told_in_the_stead_of_a_credential(tmp_path: Path) -> None:
    path = _documents(tmp_path)
    api, document = (json.loads((tmp_path / name).read_text()) for name in ("api.json", path.name))
    names = ("first", "second", "third")
    api["components"]["securitySchemes"] = {each: {"type": "apiKey", "in": "header", "name": each} for each in names}
    ways = {"one": ["first", "third"], "two": ["first", "second", "third"]}
    for name, schemes in ways.items():
        get = {**api["paths"]["/a"]["get"], "operationId": name, "security": [{each: []} for each in schemes]}
        api["paths"][f"/{name}"] = {"get": get}
    document["workflows"][0]["steps"] = [{"stepId": each, "operationId": each} for each in ways]
    (tmp_path / "api.json").write_text(json.dumps(api))
    path.write_text(json.dumps(document))
    with Engine() as engine:
        [told] = engine.load(path).fill_in(("w",), GivenInputs({})).made_up()
    way = "`arazzo auth` lists the ways to give it"
    assert told == f"credential api.first  (a run needs one or, in its stead, api.third: {way})"


@pytest.mark.parametrize("written", ["/v1", "ftp://a.example", "https://{region}.a.example/v1"])
def test_a_server_that_is_missing_is_made_up_on_a_host_that_is_allowed(written: str, tmp_path: Path) -> None:
    path = _documents(tmp_path, servers=[{"url": written}])
    with Engine(allow_hosts=["*.a.example"]) as engine:
        report = engine.load(path).rehearse()
    (step,) = report.steps
    assert step.request is not None
    assert step.request.url.startswith("https://rehearsal.a.example/")
    assert ("/v1/" in step.request.url) is ("/v1" in written)


def test_what_is_made_up_is_told_with_the_option_that_gives_it(tmp_path: Path) -> None:
    path = _documents(tmp_path, servers=[{"url": "{scheme}:/v1"}])
    with Engine() as engine:
        program = engine.load(path)
        assert [*program.fill_in(("w",), GivenInputs({})).made_up()] == [
            "server of api = https://server.invalid  (a run needs `--server api=https://…`)",
            "server variable api.scheme = rehearsal  (a run needs `--server-var api.scheme=…`)",
            "credential api.key  (a run needs one: `arazzo auth` lists the ways to give it)",
        ]


_CORPUS: Final = Path(os.environ.get("ARAZZO_CORPUS", ""))


def _published() -> list[tuple[Path, dict[str, str]]]:
    """Return the bundled documents, and those of the corpus that there may be, with their sources."""
    found: list[tuple[Path, dict[str, str]]] = [(each, {}) for each in sorted(places.ROOT.glob("specs/*/arazzo/*.yml"))]
    index = _CORPUS / "index.tsv"
    for line in index.read_text().splitlines()[1:] if index.is_file() else ():
        document, _, sources = line.partition("\t")
        named = dict(each.split("=", 1) for each in sources.split(";") if each)
        found.append((_CORPUS / document, {name: str(_CORPUS / each) for name, each in named.items()}))
    return found


@pytest.mark.parametrize(("document", "sources"), _published(), ids=lambda each: getattr(each, "name", ""))
def test_what_is_rehearsed_is_not_refused_by_a_run_with_what_was_made_up(
    document: Path, sources: dict[str, str]
) -> None:
    with Engine(sources=sources, offline=True) as engine:
        program = engine.open(document)
        for workflow in program.workflow_ids if not program.checked.errors else ():
            if program.rehearse(workflow).status is not RunStatus.SUCCEEDED:
                continue
            filled = program.fill_in((workflow,), GivenInputs({}))
            access = filled.access.access
            credentials = {f"{source}.{name}": each for (source, name), each in access.credentials.by_scheme.items()}
            with Engine(
                sources=sources,
                offline=True,
                servers=access.servers,
                server_vars=access.server_variables,
                credentials=credentials,
            ) as running:
                plan = running.open(document, workflow=workflow).plan(workflow, inputs=filled.given.values)
                assert plan.report is None
