"""``--allow-host`` is a refusal: whatever leads to another host is told before the first request, with exit code 2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply
from oauth_server import CLIENT, SECRET, OAuthServer

from arazzo_engine import ArazzoError, Engine, OAuthClient
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path


def _api(url: str, scheme: dict[str, Any] | None = None) -> dict[str, Any]:
    operation = {"operationId": "op", "responses": {"200": {"description": "ok"}}}
    secured = {"components": {"securitySchemes": {"k": scheme}}, "security": [{"k": []}]} if scheme else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": url}],
        "paths": {"/a": {"post": operation}},
        **secured,
    }


def _write(folder: Path, source: str, api: dict[str, Any] | None = None) -> Path:
    if api is not None:
        (folder / "api.json").write_text(json.dumps(api))
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": source, "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": "one", "operationId": "op"}]}],
    }
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


def _refused(entry: Path | str, **options: Any) -> str:
    """Return the message of the one refusal, which comes before anything runs."""
    with Engine(allow_hosts=["localhost"], **options) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry).run()
    (found,) = refused.value.diagnostics
    assert (found.code, found.is_error) == ("host-not-allowed", True)
    assert found.fix == "add it with `--allow-host`; allowed are `localhost`"
    return found.message


def test_a_server_is_refused(tmp_path: Path, server: RecordingServer) -> None:
    message = _refused(_write(tmp_path, "api.json", _api(server.url)))
    assert message == f"operation `op` is at `{server.url}`, and `--allow-host` does not name that host"
    assert server.requests == []


def test_a_source_and_a_document_are_refused(
    tmp_path: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{server.url}/api.json"
    entry = _write(tmp_path, url)
    told = f"`{url}`, and `--allow-host` does not name that host"
    assert _refused(entry) == f"source description `api` is at {told}"
    assert _refused(url) == f"the document is at {told}"
    assert run_command(["run", str(entry), "--allow-host", "localhost"]) == 2
    assert "error[host-not-allowed]" in capsys.readouterr().err
    assert server.requests == []


def test_a_redirect_to_another_host_is_refused(tmp_path: Path, server: RecordingServer) -> None:
    with RecordingServer() as elsewhere:
        there = f"{elsewhere.url}/there.json"
        server.script("GET", "/api.json", Reply(302, (("Location", there),)))
        here = server.url.replace("127.0.0.1", "localhost")
        message = _refused(_write(tmp_path, f"{here}/api.json"))
        assert message == f"source description `api` is at `{there}`, and `--allow-host` does not name that host"
        assert elsewhere.requests == []


def test_a_source_that_lies_in_a_folder_needs_no_host(tmp_path: Path, server: RecordingServer) -> None:
    local = server.url.replace("127.0.0.1", "localhost")
    server.script("POST", "/a", Reply(200))
    entry = _write(tmp_path, "http://elsewhere.example/api.json", _api(local))
    with Engine(allow_hosts=["localhost"], source_dirs=[tmp_path]) as engine:
        assert engine.load(entry).run().succeeded


def test_an_endpoint_that_only_metadata_names_is_refused_before_the_run(
    tmp_path: Path, server: RecordingServer
) -> None:
    client = OAuthClient(client_id=CLIENT, client_secret=SECRET)
    local = server.url.replace("127.0.0.1", "localhost")
    with OAuthServer() as oauth:
        metadata = f"{local}/.well-known/openid-configuration"
        named = {"issuer": local, "token_endpoint": f"{oauth.url}/t"}
        server.script("GET", "/.well-known/openid-configuration", Reply(200, body=named))
        scheme = {"type": "openIdConnect", "openIdConnectUrl": metadata}
        message = _refused(_write(tmp_path, "api.json", _api(local, scheme)), credentials={"k": client})
        assert message == (
            f"the metadata at {metadata} names `{oauth.url}/t` for `k`, and `--allow-host` does not name that host"
        )
        assert oauth.requests == []
    assert [each.method for each in server.requests] == ["GET"]


@pytest.mark.parametrize("url", ["/token", "token"])
def test_a_relative_endpoint_is_at_the_server_of_the_user(url: str, tmp_path: Path, server: RecordingServer) -> None:
    flows = {"clientCredentials": {"tokenUrl": url, "scopes": {}}}
    entry = _write(tmp_path, "api.json", _api("http://localhost:1", {"type": "oauth2", "flows": flows}))
    client = OAuthClient(client_id=CLIENT, client_secret=SECRET)
    options: dict[str, Any] = {"credentials": {"k": client}, "allow_hosts": ["localhost"], "servers": server.url}
    with Engine(**options) as engine, pytest.raises(ArazzoError) as refused:
        engine.load(entry).run()
    shown = [each.message for each in refused.value.diagnostics]
    assert f"`k` gets its token at `{server.url}/token`, and `--allow-host` does not name that host" in shown
    assert server.requests == []
