"""Where documents come from: files and real servers, each once, and never a file because a server says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.packed import Packed
from arazzo_engine.world.caching.descriptions import DescriptionCache
from arazzo_engine.world.loading.loader import Loader

if TYPE_CHECKING:
    from loopback import RecordingServer

_PARAMETER: Final = {"name": "item", "in": "path", "required": True, "schema": {"type": "string"}}


def _api(reference: str, **rest: Any) -> dict[str, Any]:
    unused = {"operationId": "unused", "parameters": [{"$ref": "never.yaml#/p"}], "responses": {}}
    used = {"operationId": "used", "parameters": [{"$ref": reference}], "responses": {}}
    paths = {"/items/{item}": {"get": used}, "/unused": {"get": unused}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths, **rest}


def _workflow(url: str) -> dict[str, Any]:
    step = {
        "stepId": "only",
        "operationId": "used",
        "parameters": [{"name": "item", "in": "path", "value": "book"}],
        "successCriteria": [{"condition": "$statusCode == 200"}],
    }
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": url, "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
    }


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _write(name: str, value: object) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(json.dumps(value))


def test_a_reference_to_another_file_is_relative_to_the_file_it_stands_in(server: RecordingServer) -> None:
    server.script("GET", "/items/book", Reply(200))
    _write("main.json", _workflow("apis/api.json"))
    _write("apis/api.json", _api("../parts/a.json#/p"))
    _write("parts/a.json", {"p": {"$ref": "b.json"}})
    _write("parts/b.json", _PARAMETER)
    assert run_command(["run", "main.json", "--server", server.url]) == 0
    assert [each.path for each in server.requests] == ["/items/book"]


def test_a_reference_to_another_url_is_followed_when_it_is_reached_and_once(server: RecordingServer) -> None:
    server.script("GET", "/apis/api.json", Reply(200, body=_api("../parts/p.json#/p", servers=[{"url": "/v1"}])))
    server.script("GET", "/parts/p.json", Reply(200, body={"p": _PARAMETER}))
    server.script("GET", "/v1/items/book", Reply(200))
    _write("main.json", _workflow(f"{server.url}/apis/api.json"))
    assert run_command(["run", "main.json"]) == 0
    assert [each.path for each in server.requests] == ["/apis/api.json", "/parts/p.json", "/v1/items/book"]


@pytest.mark.parametrize("how", ["a reference", "its own base", "a redirect"])
def test_a_description_of_the_network_never_reads_a_local_file(
    how: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = Path("secret.json")
    _write("secret.json", _PARAMETER)
    references = {"a reference": secret.absolute().as_uri(), "its own base": "secret.json", "a redirect": "moved.json"}
    api = _api(references[how]) | {"openapi": "3.2.0"}
    if how == "its own base":
        api["$self"] = Path("api.json").absolute().as_uri()
    server.script("GET", "/api.json", Reply(200, body=api))
    server.script("GET", "/moved.json", Reply(302, headers=(("Location", secret.absolute().as_uri()),)))
    _write("main.json", _workflow(f"{server.url}/api.json"))
    assert run_command(["run", "main.json", "--server", server.url]) == 3
    assert "error[reference-not-found]" in capsys.readouterr().err
    assert {each.path for each in server.requests} <= {"/api.json", "/moved.json"}


def _shared(name: str) -> dict[str, Any]:
    return {"openapi": "3.2.0", "$self": name, "paths": {}, "p": _PARAMETER}


def test_a_document_is_known_by_the_name_it_gives_itself() -> None:
    workflow = _workflow("api.json")
    workflow["sourceDescriptions"].append({"name": "shared", "url": "shared.json", "type": "openapi"})
    _write("main.json", workflow)
    _write("api.json", _api("https://apis.example.invalid/shared#/p"))
    _write("shared.json", _shared("https://apis.example.invalid/shared"))
    assert run_command(["rehearse", "main.json"]) == 0


def test_a_file_stands_for_no_other_file() -> None:
    _write("api.json", _shared("shared.json"))
    _write("shared.json", {"title": "the file itself"})
    loader = Loader()
    loader.get(Path("api.json").absolute().as_uri())
    assert loader.get(Path("shared.json").absolute().as_uri()).value == {"title": "the file itself"}


def test_a_server_names_no_document_of_another(server: RecordingServer) -> None:
    own, other = f"{server.url}/own", "https://apis.example.invalid/shared"
    loader = Loader()
    for name in (own, other, Path("a.json").absolute().as_uri()):
        server.script("GET", "/api.json", Reply(200, body=_shared(name)))
        loader._loaded.pop(f"{server.url}/api.json", None)
        loader.get(f"{server.url}/api.json")
    assert set(loader._loaded) == {f"{server.url}/api.json", own}


def test_a_document_of_the_network_names_no_local_source(
    server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write("api.json", _api("#/components/parameters/p", components={"parameters": {"p": _PARAMETER}}))
    server.script("GET", "/main.json", Reply(200, body=_workflow(Path("api.json").absolute().as_uri())))
    assert run_command(["validate", f"{server.url}/main.json"]) == 3
    assert "source-not-found" in capsys.readouterr().out


def test_a_description_of_the_network_is_kept_by_what_it_says_not_by_its_url(
    server: RecordingServer, tmp_path: Path
) -> None:
    loader = Loader(cache=DescriptionCache(lambda: tmp_path / "cache", least_bytes=0))
    again = Loader(cache=loader.cache)
    changed = Loader(cache=loader.cache)
    uri = f"{server.url}/api.json"
    server.script("GET", "/api.json", Reply(200, body={"openapi": "3.1.0"}))
    assert not isinstance(loader.get(uri).content, Packed)
    assert isinstance(again.get(uri).content, Packed)
    server.script("GET", "/api.json", Reply(200, body={"openapi": "3.1.1"}))
    assert changed.get(uri).content.at(("openapi",)) == "3.1.1"
    assert len(server.requests) == 3
    assert again.get(uri) is again.get(uri)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(404), "the server answered 404"),
        (Reply(302, headers=(("Location", "/api.json"),)), "redirects more than 5 times"),
        (Reply(302, headers=(("Location", "ftp://a.example/"),)), "redirects to something that is not http"),
        (Reply(200, body="<html>sorry</html>"), "is not"),
        (Reply.close(), "api.json"),
    ],
)
def test_a_document_that_cannot_be_loaded_says_why(reply: Reply, reason: str, server: RecordingServer) -> None:
    server.script("GET", "/api.json", reply)
    with pytest.raises(ArazzoError) as refused:
        Loader().get(f"{server.url}/api.json")
    assert any(reason in each.message for each in refused.value.diagnostics)


_NO_URLS: Final = ("http://[", "http://[::1", "file://[/a", "//[", "http://a:b/", "x:y", "http:///a", "a" * 5000)


@pytest.mark.parametrize("url", _NO_URLS)
def test_what_is_no_url_is_no_crash(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    _write("main.json", _workflow(url))
    assert run_command(["validate", "main.json"]) == 3
    assert "source-not-found" in capsys.readouterr().out
    _write("main.json", {**_workflow("api.json"), "arazzo": "1.1.0", "$self": url})
    _write("api.json", _api(url))
    assert run_command(["validate", "main.json"]) == 3
    assert "error[" in capsys.readouterr().out


def test_nothing_is_asked_of_the_network_when_it_is_not_to_be_used(server: RecordingServer) -> None:
    with pytest.raises(ArazzoError, match="--offline"):
        Loader(offline=True).get(f"{server.url}/api.json")
    assert server.requests == []


@pytest.mark.parametrize(
    ("wanted", "found", "is_named"),
    [
        ("shop-api.yml", "shop-api.yaml", True),
        ("shop_api.yaml", "shop-api.yaml", True),
        ("ShopApi.json", "shop-api.yaml", True),
        ("shop-apo.yaml", "shop-api.yaml", True),
        ("orders.arazo.yaml", "orders.arazzo.yaml", True),
        ("api-v1.yaml", "api-v2.yaml", False),
        ("users.yaml", "user.yaml", False),
        ("pets.yaml", "pests.yaml", False),
        ("billing-api.yaml", "building-app.yaml", False),
        ("shop-api.yaml", "shop-api.md", False),
        ("openapi.yaml", "openapi-v2.yaml", False),
    ],
)
def test_a_file_is_named_instead_only_where_no_other_can_be_meant(
    wanted: str,
    found: str,
    is_named: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(found).write_text("openapi: 3.1.0\n")
    assert run_command(["validate", wanted]) == 3
    assert (f"did you mean `{found}`?" in capsys.readouterr().out) is is_named


def test_a_name_without_its_ending_is_told_with_the_file_that_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    Path("buy.openapi.yaml").write_text("openapi: 3.1.0\n")
    Path("buy.arazzo.yaml").write_text("arazzo: 1.1.0\n")
    assert run_command(["validate", "buy"]) == 3
    assert "= fix: did you mean `buy.arazzo.yaml`?" in capsys.readouterr().out


def test_a_file_that_is_no_description_is_not_named_instead(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shop-api.yaml").write_text("a: 1\n")
    assert run_command(["validate", "shop-api.yml"]) == 3
    assert "= fix: name a file that exists" in capsys.readouterr().out


def test_what_cannot_be_had_is_asked_for_once() -> None:
    loader = Loader()
    errors = []
    for _ in range(2):
        with pytest.raises(ArazzoError) as error:
            loader.get("http://127.0.0.1:1/parts.json")
        errors.append(error.value)
    assert errors[0] is errors[1]


def test_a_name_with_a_space_is_quoted_where_the_fix_is_for_a_shell(capsys: pytest.CaptureFixture[str]) -> None:
    Path(".git").mkdir()
    document = _workflow("missing.json")
    document["sourceDescriptions"][0]["name"] = "the shop"
    _write("w.json", document)
    assert run_command(["validate", "w.json"]) == 3
    assert "--source 'the shop'=PATH" in capsys.readouterr().out
    _write("missing.json", _api("#/p", p=_PARAMETER))
    assert run_command(["validate", "w.json"]) == 0
    assert "`--server 'the shop'=https://…`" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--source=apii=apis/api.json", "--source=other=apis/api.json"])
def test_a_source_that_is_given_by_nearly_its_name_is_told_where_it_is_missing(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".git").mkdir()
    _write("main.json", _workflow("gone.json"))
    _write("apis/api.json", {"hello": "world"})
    assert run_command(["validate", "main.json", option]) == 3
    fix = capsys.readouterr().out.rpartition("= fix: ")[2].strip()
    is_near = "write `--source api=PATH` if the one for `apii` is meant, or give `--source-dir DIR`"
    assert fix == (is_near if "apii" in option else "say where it is with `--source api=PATH` or `--source-dir DIR`")
