"""One API described in every version of OpenAPI: the same workflow sends the same bytes."""

from __future__ import annotations

import shutil
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Final

import places
import pytest
from loopback import Reply
from opened import opened

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import Recorded, RecordingServer

_KENNEL: Final = places.KENNEL
_VERSIONS: Final = ("2.0", "3.0", "3.1", "3.2")
_CREDENTIALS: Final = ("--auth", "key=k1", "--auth", "keeper=me:pass")
_ROUTES: Final = (
    ("GET", "/dogs"),
    ("PUT", "/dogs/rex%2F1"),
    ("DELETE", "/dogs/rex"),
    ("POST", "/visits"),
    ("POST", "/photos"),
)


def _parts(request: Recorded) -> list[tuple[str, str, bytes]]:
    """Return the name, the media type and the content of each part of a multipart body."""
    head = f"Content-Type: {request.header('Content-Type')}\r\n\r\n".encode()
    found = []
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((str(part.get_param("name", header="Content-Disposition")), part.get_content_type(), content))
    return found


@pytest.fixture(autouse=True)
def _kennel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(_KENNEL / "kennel.arazzo.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("version", _VERSIONS)
def test_the_requests_are_the_same_whatever_version_describes_them(version: str, server: RecordingServer) -> None:
    shutil.copy(_KENNEL / f"kennel-{version}.yaml", "kennel.yaml")
    for method, path in _ROUTES:
        server.script(method, f"/v1{path}", Reply(200, body={}))

    assert run_command(["run", "kennel.arazzo.yaml", "--server", f"{server.url}/v1", *_CREDENTIALS]) == 0

    listed, admitted, dismissed, visit, photo = server.requests
    lists = "breeds=a%2Fb&breeds=c%2Cd&colours=a%2Fb,c%2Cd&tags=a%2Fb%7Cc%2Cd&words=a%2Fb%20c%2Cd"
    assert (listed.method, listed.path) == ("GET", f"/v1/dogs?{lists}&limit=2")
    assert listed.header("X-Key") == "k1"
    assert (admitted.method, admitted.path) == ("PUT", "/v1/dogs/rex%2F1")
    assert admitted.header("Authorization") == "Basic bWU6cGFzcw=="
    assert admitted.header("X-Rooms") == "1,2"
    assert admitted.header("Content-Type") == "application/json"
    assert admitted.json == {"name": "Rex"}
    assert (dismissed.method, dismissed.path, dismissed.body) == ("DELETE", "/v1/dogs/rex", b"")
    assert visit.header("Content-Type") == "application/x-www-form-urlencoded"
    assert visit.body == b"day=31+January&dogs=rex&dogs=a%26b&hours=9,10"
    assert _parts(photo) == [("title", "text/plain", b"Rex"), ("photo", "application/octet-stream", b"hello")]


@pytest.mark.parametrize("version", _VERSIONS)
def test_the_server_is_the_same_whatever_version_describes_it(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(_KENNEL / f"kennel-{version}.yaml", "kennel.yaml")
    assert run_command(["rehearse", "kennel.arazzo.yaml", "-v"]) == 0
    assert "PUT https://kennel.example.com/v1/dogs/rex%2F1" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["3.0.4", "3.1", 3.1, "3.2.0-rc1"])
def test_a_version_without_its_patch_is_read(version: object) -> None:
    assert list(opened({"openapi": version, "paths": {"/a": {"get": {"operationId": "a"}}}}).operation_ids) == ["a"]


@pytest.mark.parametrize("version", ["3.3.0", "4.0.0", "3", "", None, {}, ["3.1.0"], "3.1.0 "])
def test_a_version_that_nobody_knows_is_refused(version: object) -> None:
    with pytest.raises(ArazzoError) as refused:
        opened({"openapi": version, "paths": {}})
    assert [each.code for each in refused.value.diagnostics] == ["version-unsupported"]
