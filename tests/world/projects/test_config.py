"""``arazzo config`` shows every value in force with where it comes from, and never a secret."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from projects import DOCUMENT, write_project

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = """\
source-dir = "apis"
servers.payments = "https://payments.example.com"
auth.bearer = "@env:PAYMENTS_TOKEN"
auth.other = "@cmd:vault read a-secret"

[inputs]
sku = "A1"
token = "a-written-secret"
card = { number = 4, cvc = "a-deep-secret", from = "@file:card.txt" }

[limits]
max-steps = 10
max-wait = 1.5

[env.staging]
servers = "https://staging.example.com"
limits.max-steps = 20
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [
        each for each in os.environ if each.upper().endswith("_PROXY") or each.startswith(("SSL_", "ARAZZO_"))
    ]:
        monkeypatch.delenv(name)
    write_project(tmp_path, _TEXT)
    (tmp_path / "apis").mkdir()
    return tmp_path


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, Any]]:
    assert run_command(["config", *arguments, "--format", "json"]) == 0
    told = capsys.readouterr()
    return {each["name"]: each for each in json.loads(told.out)["values"]}


def test_every_value_says_where_it_comes_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("# tokens\nPAYMENTS_TOKEN=a-kept-secret\nARAZZO_AUTH_KEY=a-kept-secret\nOTHER=x\n")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:a-proxy-secret@proxy.example.com")
    given = ("--env", "staging", "--timeout", "60", "-i", "count=3", "--server", "stock=https://stock.example.com")
    assert run_command(["config", DOCUMENT, *given]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert (
        told.out
        == """\
project file: arazzo.toml, environment staging
.env files:   .env

servers.stock           https://stock.example.com                    command line
servers                 https://staging.example.com                  arazzo.toml:16 [env.staging]
auth.bearer             @env:PAYMENTS_TOKEN                          arazzo.toml:3, set in .env:2
auth.other              @cmd:vault …                                 arazzo.toml:4
inputs.count            ***                                          command line
inputs.sku              A1                                           arazzo.toml:7
inputs.token            ***                                          arazzo.toml:8
inputs.card             {number: 4, cvc: ***, from: @file:card.txt}  arazzo.toml:9
source-dir              apis                                         arazzo.toml:1
offline                 no                                           default
allow-host              -                                            default
auth-file               -                                            default
ca-bundle               -                                            default
cert                    -                                            default
key                     -                                            default
http2                   no                                           default
follow-redirects        no                                           default
redirect-uri            -                                            default
token-store             -                                            default
check                   off                                          default
strict                  no                                           default
otel                    no                                           default
trace-context           no                                           default
limits.timeout          60                                           command line
limits.step-timeout     30                                           default
limits.max-steps        20                                           arazzo.toml:17 [env.staging]
limits.max-nesting      16                                           default
limits.max-wait         1.5                                          arazzo.toml:13
limits.max-value        64000000                                     default
limits.max-report       256000000                                    default
limits.max-response     10000000                                     default
limits.connect-retries  0                                            default
insecure                no                                           default
proxy                   -                                            default
retry-unsafe            no                                           default
no-auth                 -                                            default
allow-commands          no                                           default
ARAZZO_AUTH_KEY         ***                                          .env:3
HTTPS_PROXY             http://***@proxy.example.com                 environment variable
"""
    )


@pytest.mark.usefixtures("folder")
def test_the_json_says_the_same_and_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAYMENTS_TOKEN", "a-kept-secret")
    monkeypatch.setenv("ARAZZO_AUTH_KEY", "a-kept-secret")
    given = ("--auth", "key=a-typed-secret", "--auth", "other=@env:NOT_SET", "-i", "pin=a-typed-secret")
    proxy = ("--proxy", "http://me:a-proxy-secret@proxy.example.com")
    assert run_command(["config", DOCUMENT, *given, *proxy, "--format", "json"]) == 0
    told = capsys.readouterr()
    assert "-secret" not in told.out + told.err
    found = json.loads(told.out)
    assert (found["projectFile"], found["environment"], found["envFiles"]) == ("arazzo.toml", None, [])
    by_name = {each["name"]: each for each in found["values"]}
    assert by_name["auth.bearer"] == {
        "name": "auth.bearer",
        "value": "@env:PAYMENTS_TOKEN",
        "source": "project file",
        "place": "arazzo.toml:3",
        "note": "set in the environment",
    }
    assert by_name["auth.key"] == {"name": "auth.key", "value": "***", "source": "command line"}
    assert by_name["auth.other"]["note"] == "`NOT_SET` is not set"
    assert by_name["limits.max-steps"]["value"] == 10
    assert by_name["ARAZZO_AUTH_KEY"] == {"name": "ARAZZO_AUTH_KEY", "value": "***", "source": "environment variable"}


@pytest.mark.usefixtures("folder")
def test_what_is_typed_replaces_what_stands_in_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, DOCUMENT, "--server", "https://x.example.com", "--auth", "bearer=t", "--max-steps", "1000")
    assert "servers.payments" not in found
    assert (found["servers"]["source"], found["auth.bearer"]["source"]) == ("command line", "command line")
    assert found["limits.max-steps"] == {"name": "limits.max-steps", "value": 1000, "source": "command line"}


@pytest.mark.parametrize("location", [(), (".",), ("flows",), ("flows/not-written-yet.yaml",)])
def test_no_document_is_needed_or_read(
    location: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / DOCUMENT).write_text("broken: [")
    assert rows(capsys, *location)["limits.max-steps"]["place"] == "arazzo.toml:12"


@pytest.mark.parametrize("arguments", [("--no-project",), ("https://example.com/checkout.yaml",)])
def test_without_a_project_only_the_command_and_the_environment_speak(
    arguments: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("ARAZZO_AUTH_KEY=x\n")
    assert run_command(["config", *arguments]) == 0
    told = capsys.readouterr().out
    assert told.startswith("project file: none\n.env files:   none\n\nsource-dir")
    assert {line.split("  ")[-1].strip() for line in told.splitlines()[3:]} == {"default"}


def test_a_file_that_is_wrong_is_told_as_a_run_tells_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "limits.max-step = 3\n")
    assert run_command(["run", DOCUMENT]) == 2
    told = capsys.readouterr().err
    assert run_command(["config", DOCUMENT]) == 2
    assert capsys.readouterr() == ("", told)
    assert run_command(["config", DOCUMENT, "--format", "json"]) == 2
    written = capsys.readouterr()
    assert [each["code"] for each in json.loads(written.out)["diagnostics"]] == ["project-invalid"]
    assert written.err == told
