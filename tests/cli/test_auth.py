"""``arazzo auth`` tells what is needed, what is found and what is missing, and the truth about what would be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
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


def fits(told: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Hold what was told to the schema that the command line prints."""
    assert run_command(["schema", "auth"]) == 0
    jsonschema.validate(told, json.loads(capsys.readouterr().out))


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
        "  sent to:   https://x.example",
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


def test_an_alternative_of_some_steps_alone_is_told_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}, {"Token": []}], {}, {"operationId": "b"})
    api = json.loads(Path("api.json").read_text())
    api["paths"]["/b"] = {"get": {"operationId": "b", "security": [{"Key": []}], "responses": {}}}
    Path("api.json").write_text(json.dumps(api))
    assert "  instead:   Token (for main.s0 alone)\n" in auth(capsys, exit_code=2)
    told = json.loads(auth(capsys, "--format", "json", exit_code=2))
    assert [(each["scheme"], each["instead"]) for each in told["credentials"]] == [("Key", []), ("Token", ["Key"])]


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


# --- where it is sent, and where a token is got ---

_OAUTH = {
    "type": "oauth2",
    "flows": {
        "clientCredentials": {"tokenUrl": "/oauth/token?key=s3cret-of-url", "scopes": {}},
        "authorizationCode": {
            "authorizationUrl": "https://id.example/authorize",
            "tokenUrl": "https://me:s3cret-of-user@id.example/token",
            "refreshUrl": "https://id.example/refresh",
            "scopes": {},
        },
    },
}


def test_origins_flows_endpoints_and_scopes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"OAuth": ["read", "write"]}], {}, {}, OAuth=_OAUTH)
    assert auth(capsys, exit_code=2).splitlines()[:6] == [
        "OAuth of api  (oauth2)",
        "  needed by: main.s0, main.s1",
        "  scopes:    read, write",
        "  sent to:   https://x.example",
        "  flows:     clientCredentials, tokenUrl https://x.example/oauth/token",
        (
            "             authorizationCode, authorizationUrl https://id.example/authorize,"
            " tokenUrl https://***@id.example/token, refreshUrl https://id.example/refresh"
        ),
    ]
    told = auth(capsys, "--server", "https://y.example/base", exit_code=2).splitlines()
    assert told[3:5] == [
        "  sent to:   https://y.example",
        "  flows:     clientCredentials, tokenUrl https://y.example/oauth/token",
    ]


def test_the_metadata_of_a_provider_is_an_endpoint(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://id.example/.well-known/openid-configuration"
    write([{"Oidc": []}], {}, Oidc={"type": "openIdConnect", "openIdConnectUrl": url})
    assert f"  metadata:  {url}" in auth(capsys, exit_code=2)


def test_a_server_that_nobody_named_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {})
    api = json.loads(Path("api.json").read_text())
    api["servers"] = [{"url": "/v1"}]
    Path("api.json").write_text(json.dumps(api))
    told = auth(capsys, exit_code=2)
    assert "  sent to:   a server that is not known: name it with `--server api=https://…`" in told


def test_the_same_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"OAuth": ["read"]}, {"Key": [], "Token": []}], {}, {"parameters": _OWN}, OAuth=_OAUTH)
    told = json.loads(auth(capsys, "--format", "json", "--auth", "Token=t0ken-1", exit_code=2))
    fits(told, capsys)
    assert told["missing"] == [{"source": "api", "scheme": name} for name in ("OAuth", "Key")]
    oauth, key, token = told["credentials"]
    assert oauth["flows"] == [
        {"flow": "clientCredentials", "tokenUrl": "https://x.example/oauth/token"},
        {
            "flow": "authorizationCode",
            "authorizationUrl": "https://id.example/authorize",
            "tokenUrl": "https://***@id.example/token",
            "refreshUrl": "https://id.example/refresh",
        },
    ]
    assert (oauth["origins"], oauth["scopes"]) == (["https://x.example"], ["read"])
    assert oauth["environment"] == ["ARAZZO_AUTH_API_OAUTH", "ARAZZO_AUTH_OAUTH"]
    assert key["steps"] == [
        {"workflowId": "main", "stepId": "s0", "state": "missing", "scopes": []},
        {"workflowId": "main", "stepId": "s1", "state": "own", "scopes": []},
    ]
    assert (key["kind"], key["in"], key["name"], key["instead"]) == ("apiKey", "header", "X-Key", ["OAuth"])
    assert "a step parameter `X-Key` with `in: header`" in key["ways"]
    assert (token["foundIn"], key["foundIn"]) == ("--auth", None)


def test_what_is_wrong_is_told_as_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Token": []}], {})
    told = auth(capsys, "--format", "json", "--auth", "Token=Bearer s3cret-1", exit_code=2)
    fits(json.loads(told), capsys)
    assert [each["code"] for each in json.loads(told)["diagnostics"]] == ["credential-malformed"]
    assert "s3cret-1" not in told
    assert run_command(["auth", "nowhere.json", "--format", "json"]) == 3
    told = capsys.readouterr().out
    fits(json.loads(told), capsys)
    assert [each["code"] for each in json.loads(told)["diagnostics"]] == ["source-not-found"]


def test_one_credential_for_several_origins_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {}, {"operationId": "b"})
    api = json.loads(Path("api.json").read_text())
    other = {"operationId": "b", "security": [{"Key": []}], "responses": {}}
    api["paths"]["/b"] = {"servers": [{"url": "https://y.example"}], "get": other}
    Path("api.json").write_text(json.dumps(api))
    assert run_command(["auth", "main.json", "--auth", "Key=k"]) == 0
    told = capsys.readouterr()
    assert "  sent to:   https://x.example, https://y.example" in told.out
    assert "warning[credential-shared]" in told.err


def test_a_step_that_needs_none_is_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {})
    assert auth(capsys, "--no-auth", "s0") == "no step needs a credential\n"


@pytest.mark.parametrize("name", ["api.v1", "openapi.yaml", "my api"])
def test_a_server_is_named_by_whatever_its_source_is_called(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    write([{"Key": []}], {})
    document = json.loads(Path("main.json").read_text())
    document["sourceDescriptions"][0]["name"] = name
    Path("main.json").write_text(
        json.dumps(document).replace("$sourceDescriptions.api.", f"$sourceDescriptions.{name}.")
    )
    assert "  sent to:   https://y.example" in auth(capsys, "--server", f"{name}=https://y.example/a=b", exit_code=2)


@pytest.mark.parametrize("security", [[{"one": []}, {"Key": []}], [{"Key": []}, {"one": []}]])
def test_a_scheme_that_nothing_defines_neither_satisfies_nor_can_be_given(
    security: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    write(security, {})
    blocks = auth(capsys, exit_code=2).split("\n\n")
    assert blocks[-1] == "missing: Key of api\n"
    (undefined,) = (each for each in blocks if each.startswith("one"))
    assert undefined.splitlines() == [
        "one of api  (undefined)",
        "  needed by: main.s0",
        "  instead:   Key",
        "  state:     not defined by the description: nothing says how it is sent",
    ]
    (key,) = (each for each in blocks if each.startswith("Key"))
    assert "  state:     missing for main.s0" in key
    assert "instead" not in key
    told = json.loads(auth(capsys, "--format", "json", exit_code=2))
    fits(told, capsys)
    (one,) = (each for each in told["credentials"] if each["scheme"] == "one")
    assert (one["ways"], one["steps"][0]["state"]) == ([], "undefined")
    assert told["missing"] == [{"source": "api", "scheme": "Key"}]


def test_a_rehearsal_makes_up_what_is_defined_and_not_what_is_only_named(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"one": []}, {"Key": []}], {})
    assert run_command(["rehearse", "main.json"]) == 0
    told = "".join(capsys.readouterr())
    assert "made up: credential api.Key " in told
    assert "security-undefined" not in told


def test_a_scheme_that_nothing_defines_is_told_once_with_all_operations(capsys: pytest.CaptureFixture[str]) -> None:
    write([{"one": [], "two": []}], {}, {"operationId": "b"}, {"operationId": "c"})
    api = json.loads(Path("api.json").read_text())
    (operation,) = api["paths"]["/a"].values()
    api["paths"] |= {f"/{each}": {"get": {**operation, "operationId": each}} for each in "bc"}
    Path("api.json").write_text(json.dumps(api))
    for command in ("validate", "rehearse"):
        assert run_command([command, "main.json", "--format", "json"]) == 0
        told = capsys.readouterr().out
        for name in ("one", "two"):
            message = (
                f"operations `a`, `b`, `c` need the security scheme `{name}`, which is not defined:"
                " their requests are sent without it"
            )
            assert told.count(message) == 1
