"""``arazzo auth`` tells what is needed, what is found and what is missing, and the truth about what would be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import places
import pytest

from arazzo_engine.cli import run_command

_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
_OTHER = {"type": "http", "scheme": "bearer"}
_OWN = [{"name": "x-key", "in": "header", "value": "Key {$inputs.key}"}]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(security: list[dict[str, Any]], *steps: dict[str, Any], **schemes: Any) -> None:
    """Write a workflow whose steps call one operation with this security."""
    api = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": "https://x.example"}],
        "paths": {"/a": {"get": {"operationId": "a", "security": security, "responses": {}}}},
        "components": {"securitySchemes": {"Key": _KEY, "Token": _OTHER, **schemes}},
    }
    inputs = {"type": "object", "properties": {"key": {"type": "string"}}}
    named = [{"stepId": f"s{number}", "operationId": "a", **step} for number, step in enumerate(steps)]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "inputs": inputs, "steps": named}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))


def auth(capsys: pytest.CaptureFixture[str], *options: str, exit_code: int = 0) -> str:
    assert run_command(["auth", "main.json", *options]) == exit_code
    return capsys.readouterr().out


def state(told: str) -> str:
    return next(line for line in told.splitlines() if "state:" in line).removeprefix("  state:").strip()


@pytest.mark.parametrize(
    ("steps", "options", "expected"),
    [
        ([{}], ["--auth", "Key=k"], "found in --auth"),
        ([{"parameters": _OWN}], [], "set by the steps themselves, from `$inputs.key`"),
        (
            [{"parameters": _OWN}],
            ["--auth", "Key=k"],
            "set by the steps themselves, from `$inputs.key`, so what was found in --auth is not sent there",
        ),
        (
            [{"parameters": _OWN}, {}],
            ["--auth", "Key=k"],
            (
                "found in --auth for main.s1; set by the steps themselves, from `$inputs.key` for main.s0,"
                " so what was found in --auth is not sent there"
            ),
        ),
    ],
)
def test_the_state_says_what_would_be_sent(
    steps: list[dict[str, Any]], options: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write([{"Key": []}], *steps)
    told = auth(capsys, *options)
    assert state(told) == expected
    assert told.endswith("\n\nnothing is missing\n")


def test_what_the_steps_set_themselves_is_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {"parameters": _OWN})
    assert "give it" not in auth(capsys)


def test_what_is_missing_is_named_with_the_steps_and_every_way_to_give_it(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {"parameters": _OWN}, {})
    assert auth(capsys, exit_code=2).splitlines() == [
        "Key of api  (apiKey, header `X-Key`)",
        "  needed by: main.s0, main.s1",
        "  state:     set by the steps themselves, from `$inputs.key` for main.s0; missing for main.s1",
        "  give it with one of:",
        "    the option `--auth api.Key=key`",
        "    the environment variable `ARAZZO_AUTH_API_KEY`, or `ARAZZO_AUTH_KEY` for every source, with `key`",
        "    a file for `--auth-file` with `Key: key`",
        "    a step parameter `X-Key` with `in: header`",
        "",
        "missing: Key of api",
    ]


def test_alternatives_are_told_and_one_of_them_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}, {"Token": [], "Key": []}, {"Token": []}], {})
    told = auth(capsys, "--auth", "Token=t")
    key, token, _ = told.split("\n\n")
    assert "instead:   Token" in key
    assert state(key) == "not needed: something else satisfies it"
    assert "instead:   Key" in token
    assert state(token) == "found in --auth"


def test_an_operation_that_needs_nothing_misses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}, {}], {})
    told = auth(capsys)
    assert "instead:   nothing at all" in told
    assert state(told) == "not needed: something else satisfies it"


def test_a_certificate_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Tls": []}], {}, Tls={"type": "mutualTLS"})
    told = auth(capsys, exit_code=2)
    assert state(told) == "missing for main.s0"
    assert "the options `--cert FILE` and `--key FILE`" in told
    assert state(auth(capsys, "--cert", str(places.CERTIFICATE))) == "found in the client's certificate"


def test_a_credential_that_cannot_be_used_is_told_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Token": []}], {})
    assert run_command(["auth", "main.json", "--auth", "Token=Bearer s3cret"]) == 2
    told = capsys.readouterr()
    assert "error[credential-malformed]" in told.err
    assert "s3cret" not in told.out + told.err


def test_a_document_that_needs_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    write([], {})
    assert auth(capsys) == "no step needs a credential\n"
