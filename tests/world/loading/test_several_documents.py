"""Several documents: where their references lead, which of them are one, and what keeps their sources apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
import yaml
from loopback import Reply
from scripted import ScriptedWorld, answer, step, workflow

from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.base_uris import base_uri
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import Checked, check_document, make_ready

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

    from arazzo_engine.reporting.run_report import RunReport


def _document(*workflows: dict[str, Any], sources: dict[str, str], **rest: Any) -> dict[str, Any]:
    listed = [{"name": name, "url": url} for name, url in sources.items()]
    info = {"title": "One of several", "version": "1"}
    return {"arazzo": "1.1.0", **rest, "info": info, "sourceDescriptions": listed, "workflows": list(workflows)}


def _api(server: str, *operations: str) -> dict[str, Any]:
    paths = {f"/{name}": {"post": {"operationId": name, "responses": {}}} for name in operations}
    info = {"title": "api", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": server}], "paths": paths}


def _write(folder: Path, **documents: dict[str, Any]) -> None:
    for name, value in documents.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(value, sort_keys=False))


def _check(location: str) -> Checked:
    loader = Loader()
    return check_document(loader.load_entry(location), loader, ["main"])


_NO_ACCESS = Access()


def _run(
    location: str,
    world: ScriptedWorld,
    access: Access = _NO_ACCESS,
    inputs: dict[str, Any] | None = None,
) -> RunReport:
    ready = make_ready(_check(location), ["main"], GivenInputs(inputs or {}), Settings(access))
    return drive(run(Session(ready.linked, Settings(access)), ready.calls[0], "run"), world)


_CALLS = {"stepId": "call", "workflowId": "$sourceDescriptions.shared.work"}


@pytest.mark.parametrize(
    ("found_at", "self_uri", "reference", "resolved"),
    [
        # the examples of the appendix on base URIs
        (
            "file:///Users/dev/projects/workflows/purchase.arazzo.yaml",
            "https://api.example.com/workflows/purchase.arazzo.yaml",
            "../specs/petstore.yaml",
            "https://api.example.com/specs/petstore.yaml",
        ),
        (
            "file:///Users/dev/projects/workflows/purchase.arazzo.yaml",
            None,
            "../specs/petstore.yaml",
            "file:///Users/dev/projects/specs/petstore.yaml",
        ),
        (
            "https://workflows.example.com/a7b3c4d5",
            None,
            "specs/petstore.yaml",
            "https://workflows.example.com/specs/petstore.yaml",
        ),
        (
            "https://api.example.com/v2/api-description.yaml",
            "workflows/purchase.arazzo.yaml",
            "../specs/petstore.yaml",
            "https://api.example.com/v2/specs/petstore.yaml",
        ),
        # RFC 3986, section 5.4
        ("https://a/b/c/d;p?q", None, "g", "https://a/b/c/g"),
        ("https://a/b/c/d;p?q", None, "./g", "https://a/b/c/g"),
        ("https://a/b/c/d;p?q", None, "g/", "https://a/b/c/g/"),
        ("https://a/b/c/d;p?q", None, "/g", "https://a/g"),
        ("https://a/b/c/d;p?q", None, "//g", "https://g"),
        ("https://a/b/c/d;p?q", None, "?y", "https://a/b/c/d;p?y"),
        ("https://a/b/c/d;p?q", None, "../../g", "https://a/g"),
        ("https://a/b/c/d;p?q", None, "../../../g", "https://a/g"),
        ("https://a/b/c/d;p?q", "x/y", "z", "https://a/b/c/x/z"),
    ],
)
def test_references_resolve_against_the_base_uri(
    found_at: str, self_uri: str | None, reference: str, resolved: str
) -> None:
    own = {} if self_uri is None else {"$self": self_uri}
    value = _document(workflow(step("a")), sources={"petstore": reference}, **own)
    description = read_description(read_document(yaml.safe_dump(value), found_at)).description
    assert urljoin(base_uri(description), description.source_descriptions[0].url) == resolved


def test_a_workflow_of_another_document_uses_its_own_sources_and_components(tmp_path: Path) -> None:
    reference = {"reference": "$components.parameters.tag"}
    tag = {"name": "tag", "in": "query", "value": "theirs"}
    ours = {**tag, "value": "ours"}
    main = _document(
        workflow(step("a", parameters=[reference]), _CALLS, outputs={"n": "$steps.call.outputs.n"}),
        sources={"api": "api.yaml", "shared": "other/shared.yaml"},
        components={"parameters": {"tag": ours}},
    )
    work = workflow(
        step("a", parameters=[reference], outputs={"n": "$response.body#/n"}),
        name="work",
        outputs={"n": "$steps.a.outputs.n"},
    )
    shared = _document(work, sources={"api": "api.yaml"}, components={"parameters": {"tag": tag}})
    _write(
        tmp_path,
        main=main,
        other__shared=shared,
        api=_api("https://one.example", "a"),
        other__api=_api("https://two.example", "a"),
    )
    world = ScriptedWorld({"a": [answer(200, {"n": 5})]})
    report = _run(str(tmp_path / "main.yaml"), world)
    assert report.outputs == {"n": 5}
    assert [each.request.url for each in world.sent] == [
        "https://one.example/a?tag=ours",
        "https://two.example/a?tag=theirs",
    ]


def test_a_server_named_for_a_source_reaches_no_source_of_the_same_name_in_another_document(tmp_path: Path) -> None:
    main = _document(workflow(step("a"), _CALLS), sources={"api": "api.yaml", "shared": "shared.yaml"})
    shared = _document(workflow(step("b"), name="work"), sources={"api": "other.yaml"})
    _write(
        tmp_path, main=main, shared=shared, api=_api("https://one.example", "a"), other=_api("https://two.example", "b")
    )
    for servers, urls in (
        ({}, ["https://one.example/a", "https://two.example/b"]),
        ({"api": "https://x.example"}, ["https://x.example/a", "https://two.example/b"]),
        ({"shared.api": "https://x.example"}, ["https://one.example/a", "https://x.example/b"]),
    ):
        world = ScriptedWorld()
        assert _run(str(tmp_path / "main.yaml"), world, Access(servers=servers)).succeeded
        assert [each.request.url for each in world.sent] == urls


def test_documents_that_name_each_other_are_each_read_once(tmp_path: Path) -> None:
    back = {"stepId": "back", "workflowId": "$sourceDescriptions.first.end"}
    main = _document(
        workflow(_CALLS), workflow(step("a"), name="end"), sources={"api": "api.yaml", "shared": "shared.yaml"}
    )
    shared = _document(workflow(back, name="work"), sources={"first": "main.yaml"})
    _write(tmp_path, main=main, shared=shared, api=_api("https://one.example", "a"))
    world = ScriptedWorld()
    assert _run(str(tmp_path / "main.yaml"), world).succeeded
    assert world.calls == "a"


def test_a_goto_and_a_dependency_lead_into_other_documents(tmp_path: Path) -> None:
    goes = {"name": "go", "type": "goto", "workflowId": "$sourceDescriptions.shared.work"}
    main = _document(
        workflow(step("a", onSuccess=[goes]), dependsOn=["$sourceDescriptions.shared.before"]),
        sources={"api": "api.yaml", "shared": "shared.yaml"},
    )
    shared = _document(
        workflow(step("b"), name="work"), workflow(step("c"), name="before"), sources={"api": "api.yaml"}
    )
    _write(tmp_path, main=main, shared=shared, api=_api("https://one.example", "a", "b", "c"))
    world = ScriptedWorld()
    assert _run(str(tmp_path / "main.yaml"), world).succeeded
    assert world.calls == "cab"


def _identified(tmp_path: Path, *, mirror: dict[str, Any] | None = None) -> Path:
    """Write a document that says it is elsewhere, and one that refers to it by what it says."""
    shared = _document(
        workflow(step("b", parameters=[{"name": "self", "in": "query", "value": "$self"}]), name="work"),
        sources={"api": (tmp_path / "api.yaml").as_uri()},
        **{"$self": "https://canonical.example/shared.yaml"},
    )
    found = {"stepId": "found", "workflowId": "$sourceDescriptions.mirror.work"}
    sources = {"shared": "https://canonical.example/shared.yaml", "mirror": "mirror.yaml"}
    documents = {"shared": "mirror.yaml", "mirror": "second.yaml"} if mirror else sources
    main = _document(workflow(_CALLS, found), sources=documents)
    _write(tmp_path, main=main, mirror=shared, second=mirror or shared, api=_api("https://one.example", "b"))
    return tmp_path / "main.yaml"


def test_a_document_is_found_by_the_uri_it_gives_itself_wherever_it_was_read(tmp_path: Path) -> None:
    world = ScriptedWorld()
    location = str(_identified(tmp_path))
    assert _run(location, world).succeeded
    assert [each.request.query for each in world.sent] == [{"self": "https://canonical.example/shared.yaml"}] * 2
    assert len({key.document_uri for key in _check(location).linked.workflows}) == 2


def test_two_documents_that_differ_cannot_have_one_identity(tmp_path: Path) -> None:
    other = _document(
        workflow(step("b"), name="work"), sources={"api": "x"}, **{"$self": "https://canonical.example/shared.yaml"}
    )
    with pytest.raises(ArazzoError) as refusal:
        _run(str(_identified(tmp_path, mirror=other)), ScriptedWorld())
    assert "id-duplicate" in {each.code for each in refusal.value.diagnostics}


def test_the_base_of_a_document_that_was_redirected_is_where_it_was_found(server: RecordingServer) -> None:
    main = _document(workflow(step("a")), sources={"api": "api.yaml"})
    server.script("GET", "/old/main.yaml", Reply(302, (("Location", "/new/main.yaml"),)))
    server.script("GET", "/new/main.yaml", Reply(200, body=yaml.safe_dump(main)))
    server.script("GET", "/new/api.yaml", Reply(200, body=yaml.safe_dump(_api("https://one.example", "a"))))
    checked = _check(f"{server.url}/old/main.yaml")
    assert not checked.errors
    assert [each.path for each in server.requests] == ["/old/main.yaml", "/new/main.yaml", "/new/api.yaml"]


# --- `$workflows.<id>` of a workflow that a step calls in another document ---


def _shared(tmp_path: Path, *main: dict[str, Any], **rest: Any) -> str:
    work = workflow(step("b", outputs={"n": "$response.body#/n"}), name="work", outputs={"n": "$steps.b.outputs.n"})
    api = _api("https://api.example.com", "a", "b")
    shared = _document(work, sources={"api": "api.yaml"})
    document = _document(*main, sources={"api": "api.yaml", "shared": "shared.yaml", "more": "more.yaml"}, **rest)
    _write(tmp_path, api=api, shared=shared, more=shared, main=document)
    return str(tmp_path / "main.yaml")


def test_a_workflow_of_another_document_that_was_called_is_named_by_its_id(tmp_path: Path) -> None:
    calls = {**_CALLS, "successCriteria": [{"condition": "$workflows.work.outputs.n == 7"}]}
    main = workflow(calls, outputs={"n": "$workflows.work.outputs.n"})
    report = _run(_shared(tmp_path, main), ScriptedWorld({"b": [answer(200, {"n": 7})]}))
    assert report.outputs == {"n": 7}


def test_an_own_workflow_of_that_id_is_the_one_that_is_named(tmp_path: Path) -> None:
    own = workflow(step("a"), name="work", outputs={"n": "$inputs.n"}, inputs={"properties": {"n": {"default": 1}}})
    main = workflow(_CALLS, outputs={"n": "$workflows.work.outputs.n"}, dependsOn=["work"])
    report = _run(_shared(tmp_path, main, own), ScriptedWorld({"b": [answer(200, {"n": 7})]}))
    assert report.outputs == {"n": 1}


def test_an_output_that_the_workflow_of_another_document_does_not_have_is_told(tmp_path: Path) -> None:
    main = workflow(_CALLS, outputs={"n": "$workflows.work.outputs.m"})
    with pytest.raises(ArazzoError) as refusal:
        _run(_shared(tmp_path, main), ScriptedWorld())
    assert [(each.code, each.fix) for each in refusal.value.diagnostics] == [("unknown-output", "use `n`")]


def test_an_id_that_several_documents_have_names_no_workflow(tmp_path: Path) -> None:
    other = {"stepId": "other", "workflowId": "$sourceDescriptions.more.work"}
    main = workflow(_CALLS, other, outputs={"n": "$workflows.work.outputs.n"})
    with pytest.raises(ArazzoError) as refusal:
        _run(_shared(tmp_path, main), ScriptedWorld())
    (found,) = refusal.value.diagnostics
    assert (found.code, found.fix) == (
        "unknown-workflow",
        "use `$steps.<stepId>.outputs.<name>` of the step that calls it",
    )


def test_a_secret_of_a_workflow_of_another_document_is_followed_by_its_id(tmp_path: Path) -> None:
    pays = step("a", parameters=[{"name": "Authorization", "in": "header", "value": "$workflows.work.outputs.n"}])
    report = _run(_shared(tmp_path, workflow(_CALLS, pays)), ScriptedWorld({"b": [answer(200, {"n": "tok-12345"})]}))
    assert report.succeeded
    assert "tok-12345" not in report.to_json()


_OF_SHARED = "$sourceDescriptions.shared.work.outputs.n"


@pytest.mark.parametrize(
    "text", [_OF_SHARED, "$workflows.shared.work.outputs.n", "$sourceDescriptions.api.b.outputs.n"]
)
def test_an_output_that_is_named_by_its_document_is_that_of_the_only_step_which_runs_it(
    tmp_path: Path, text: str
) -> None:
    called = step("b", outputs={"n": "$response.body#/n"}, operationId="$sourceDescriptions.api.b")
    runs = called if "api" in text else _CALLS
    main = workflow(runs, step("a", successCriteria=[{"condition": f"{text} == 7"}]), outputs={"n": text})
    report = _run(_shared(tmp_path, main), ScriptedWorld({"b": [answer(200, {"n": 7})], "a": [answer(200, {})]}))
    assert report.outputs == {"n": 7}


def test_an_output_that_is_named_by_its_document_is_that_of_the_workflow_which_ran_before(tmp_path: Path) -> None:
    before = "$sourceDescriptions.shared.work"
    main = workflow(step("a"), outputs={"n": _OF_SHARED}, dependsOn=[before])
    report = _run(_shared(tmp_path, main), ScriptedWorld({"b": [answer(200, {"n": 7})], "a": [answer(200, {})]}))
    assert report.outputs == {"n": 7}


_CALL_IT = (
    "call it in an earlier step by `workflowId: $sourceDescriptions.shared.work`, and write `$steps.<stepId>.outputs.n`"
)
_TWICE = {**_CALLS, "stepId": "twice"}


@pytest.mark.parametrize(
    ("steps", "text", "fix"),
    [
        (
            [_CALLS, _TWICE],
            _OF_SHARED,
            "steps `call`, `twice` run `work`: write `$steps.call.outputs.n` or `$steps.twice.outputs.n`",
        ),
        (
            [step("a")],
            _OF_SHARED,
            _CALL_IT,
        ),
        (
            [step("a")],
            f"{_OF_SHARED}#/id",
            _CALL_IT.replace("outputs.n", "outputs.n#/id"),
        ),
        (
            [_CALLS],
            f"{_OF_SHARED}.id.x",
            "step `call` runs `work`: write `$steps.call.outputs.n#/id/x`",
        ),
        (
            [step("a")],
            "$workflows.work.outputs.n",
            _CALL_IT,
        ),
    ],
)
def test_an_output_of_another_document_that_no_single_step_gives_is_told_by_what_runs_it(
    tmp_path: Path, steps: list[dict[str, Any]], text: str, fix: str
) -> None:
    last = step("b", parameters=[{"name": "n", "in": "header", "value": f"for {{{text}}}"}])
    location = _shared(tmp_path, workflow(*steps, last))
    main = yaml.safe_load((tmp_path / "main.yaml").read_text())
    sources = [{**each, "type": "arazzo"} for each in main["sourceDescriptions"] if each["name"] == "shared"]
    api = [{**each, "type": "openapi"} for each in main["sourceDescriptions"] if each["name"] == "api"]
    _write(tmp_path, main={**main, "sourceDescriptions": [*sources, *api]})
    assert [each.fix for each in _check(location).errors] == [fix]
