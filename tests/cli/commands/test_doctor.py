"""``arazzo doctor``: what it tells of an installation, and when something is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.cli.commands.helping import installation

if TYPE_CHECKING:
    from pathlib import Path


def _facts(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)["facts"]}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARAZZO_STATE_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("ARAZZO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "ARAZZO_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_what_is_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["doctor", "--format", "json"]) == 0
    facts = _facts(capsys)
    assert facts["runs"]["value"] == f"{tmp_path / 'runs'} (made when it is needed)"
    assert facts["key of runs"]["value"].startswith(str(tmp_path))
    assert facts["durable"]["value"].startswith("cryptography ")
    assert {"click", "httpx", "pyyaml"} <= facts.keys()
    assert "test" not in facts


def test_an_extra_that_is_missing_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "click>=8",
        "rich>=13; python_version < '4'",
        "keyring>=24; extra == 'keyring'",
        'nothing-such; extra == "mock"',
    ]
    monkeypatch.setattr(installation, "requires", lambda _name: lines)
    assert run_command(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "pip install 'arazzo-engine[mock]'" in told
    assert "rich" in told


def test_a_library_that_is_missing_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installation, "requires", lambda _name: ["nothing-such>=1"])
    assert run_command(["doctor"]) == 1
    told = capsys.readouterr()
    assert "nothing-such   missing  <- wrong" in told.out
    assert told.err.endswith(
        "libraries nothing-such: nothing-such is not installed\n  fix: pip install --upgrade arazzo-engine\n"
    )


def test_authorities_that_are_not_there_are_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert run_command(["doctor"]) == 1
    assert f"SSL_CERT_FILE names {tmp_path / 'none.pem'}, which is not there" in capsys.readouterr().err


@pytest.mark.parametrize("variable", ["https_proxy", "all_proxy", "ARAZZO_DATABASE_URL"])
@pytest.mark.parametrize(
    "address", ["{}me:{}@host:8080", "{}{}@host:8080", "{}me@host:8080?password={}", "{}@host:8080/?sslpassword={}&a=b"]
)
@pytest.mark.parametrize(
    "secret", ["hunter2", "hunter2#x", "hunter2/x", "hunter2?x", "x@hunter2", "'hunter2", "x hunter2"]
)
def test_what_an_address_hides_does_not_show(
    variable: str, address: str, secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # the versions of many libraries take long to find, and are tested above
    monkeypatch.setattr(installation, "requires", lambda _name: [])
    for scheme in ("postgresql://",) if variable.isupper() else ("http://", ""):
        monkeypatch.setenv(variable, address.replace("{}", scheme, 1).format(secret))
        for form in ("text", "json"):
            run_command(["doctor", "--format", form])
            told = capsys.readouterr()
            assert "hunter2" not in told.out + told.err
            assert "host:8080" in told.out or variable.isupper() or "?" in secret or "x@" in secret
