"""A certificate of the client that is made up: told, and nowhere in the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, written

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMES: Final = {"mtls": {"type": "mutualTLS"}, "key": {"type": "http", "scheme": "bearer"}}
_CERTIFICATE: Final = "made up: certificate of the client for api.mtls (a run needs `--cert FILE --key FILE`)"


def _told(folder: Path, capsys: pytest.CaptureFixture[str], security: Any, *options: str) -> str:
    path = written(folder, [{"stepId": "get", "operationId": "get"}], {"get": {**answers(), "security": security}})
    api = json.loads((folder / "api.json").read_text())
    (folder / "api.json").write_text(json.dumps({**api, "components": {"securitySchemes": _SCHEMES}}))
    assert run_command(["rehearse", str(path), "-v", *options]) == 0
    return "".join(capsys.readouterr())


def test_a_certificate_that_is_made_up_puts_nothing_into_a_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(tmp_path, capsys, [{"mtls": []}])
    assert _CERTIFICATE in told
    assert "Authorization" not in told
    assert "credential" not in told


def test_a_credential_beside_a_certificate_is_made_up_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(tmp_path, capsys, [{"mtls": [], "key": []}])
    assert _CERTIFICATE in told
    assert "made up: credential api.key " in told
    assert told.count("Authorization:") == 1


@pytest.mark.parametrize("security", [[{"mtls": []}, {"key": []}], [{"key": []}, {"mtls": []}]])
def test_a_credential_that_is_given_is_used_and_no_certificate_made_up(
    security: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(tmp_path, capsys, security, "--auth", "api.key=abcdefgh")
    assert "made up" not in told
    assert told.count("Authorization:") == 1
