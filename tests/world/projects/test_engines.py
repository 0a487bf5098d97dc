"""The project of a document in Python: the same as on the command line, and no text of a program is a reference."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from loopback import RecordingServer, Reply
from projects import CHECKOUT, DOCUMENT, write_project

import arazzo_engine
from arazzo_engine.world.projects.references import read_reference, resolve
from arazzo_engine.world.projects.standing import NOWHERE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shop(server: RecordingServer) -> RecordingServer:
    server.script("POST", "/charges", *[Reply(201, body={})] * 5)
    return server


def authorizations(server: RecordingServer) -> list[str | None]:
    return [dict(each.headers).get("Authorization") for each in server.requests]


def test_an_engine_has_what_the_project_of_each_document_says(folder: Path, shop: RecordingServer) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        write_project(folder / name, f"servers = '{shop.url}'\nauth.bearer = '@file:t'\ninputs.sku = '{name}'\n")
        (folder / name / "t").write_text(f"token-{name}")
    with arazzo_engine.Engine() as engine:
        for name in ("one", "two", "one"):
            assert engine.load(folder / name / DOCUMENT).run().succeeded
        assert engine.for_document(folder / "one" / DOCUMENT) is engine.for_document(folder / "one" / DOCUMENT)
        near = engine.for_document(folder / "one" / DOCUMENT)
    assert authorizations(shop) == ["Bearer token-one", "Bearer token-two", "Bearer token-one"]
    with pytest.raises(arazzo_engine.ArazzoError, match="the engine was closed"):
        near.load(folder / "one" / DOCUMENT)


def test_an_option_that_is_given_wins_also_with_its_default(folder: Path) -> None:
    write_project(folder, "strict = true\n[limits]\nmax-steps = 3\ntimeout = 5\n[env.x]\nlimits.max-steps = 4\n")
    with arazzo_engine.Engine(max_steps=1000, strict=False) as engine:
        near = engine.for_document(DOCUMENT)
        assert (near.max_steps, near.strict, near.timeout) == (1000, False, 5)
    with arazzo_engine.Engine(env="x") as engine:
        assert engine.for_document(DOCUMENT).max_steps == 4
    with arazzo_engine.Engine(no_project=True) as engine:
        assert engine.for_document(DOCUMENT).max_steps == 1000


def test_an_object_has_the_project_of_its_base(folder: Path) -> None:
    write_project(folder, "limits.max-steps = 3\n")
    with arazzo_engine.Engine() as engine:
        assert engine.for_document(CHECKOUT).max_steps == 1000
        assert engine.for_document(json.dumps(CHECKOUT)).max_steps == 1000
        for base in (DOCUMENT, "flows", (folder / DOCUMENT).as_uri()):
            assert engine.for_document(CHECKOUT, base=base).max_steps == 3
            assert engine.for_document(json.dumps(CHECKOUT), base=base).max_steps == 3
        assert engine.for_document(CHECKOUT, base="https://example.com/x.json").max_steps == 1000


def test_a_reference_stands_for_a_credential_and_an_input(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(folder, f"servers = '{shop.url}'\n")
    monkeypatch.setenv("TOKEN", "a-secret-token")
    monkeypatch.setenv("COUNT", "987654")
    token, count = arazzo_engine.Reference("@env:TOKEN"), arazzo_engine.Reference("@env:COUNT")
    for credentials in ({"bearer": token}, lambda _source, _scheme: token):
        report = arazzo_engine.run(DOCUMENT, inputs={"sku": "A1", "count": count}, credentials=credentials)
        assert report.succeeded
        assert "a-secret-token" not in json.dumps(report.to_json())
        assert "987654" not in json.dumps(report.to_json())
    assert authorizations(shop) == ["Bearer a-secret-token"] * 2
    assert json.loads(shop.requests[0].body) == {"sku": "A1", "count": 987654}


def test_a_text_of_a_program_is_that_text(folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(folder, f"servers = '{shop.url}'\n")
    monkeypatch.setenv("TOKEN", "x")
    inputs = {"sku": "@env:TOKEN"}
    assert arazzo_engine.run(DOCUMENT, inputs=inputs, credentials={"bearer": "@env:TOKEN"}).succeeded
    assert authorizations(shop) == ["Bearer @env:TOKEN"]
    assert json.loads(shop.requests[0].body) == inputs


def test_a_file_of_inputs_has_no_references(folder: Path, shop: RecordingServer) -> None:
    from arazzo_engine.cli import run_command

    write_project(folder, f"servers = '{shop.url}'\n")
    (folder / "inputs.json").write_text('{"sku": "@env:HOME"}')
    assert run_command(["run", DOCUMENT, "--inputs", "inputs.json", "--auth", "bearer=t"]) == 0
    assert json.loads(shop.requests[0].body) == {"sku": "@env:HOME"}


def test_what_is_no_reference_is_none_in_python(folder: Path) -> None:
    for text in ("env:X", "@envv:X", "@env", ""):
        with pytest.raises(ValueError, match="a reference is written"):
            arazzo_engine.Reference(text)
    write_project(folder, "")
    with pytest.raises(TypeError, match="a credential must be a text, a Credential, an OAuthClient or a Reference"):
        arazzo_engine.Engine(credentials=lambda *_: 3).load(DOCUMENT).run(inputs={"sku": "A"})  # type: ignore[arg-type]  # a wrong type is what is tested


def test_a_rehearsal_asks_nobody_for_what_the_project_refers_to(folder: Path) -> None:
    write_project(folder, "auth.bearer = '@env:NOT_SET'\ninputs.sku = '@env:NOT_SET'\n")
    report = arazzo_engine.rehearse(DOCUMENT)
    assert report.succeeded
    assert arazzo_engine.check(DOCUMENT) == ()


def test_an_option_that_cannot_be_used_is_told_where_it_stands(folder: Path) -> None:
    for text, message in (
        ("\nredirect-uri = 'https://example.com'\n", "`--redirect-uri` needs an http URL on this machine"),
        ("\nkey = 'key.pem'\n", "`--key` needs `--cert`"),
        ("\nca-bundle = 'nowhere.pem'\n", "`--ca-bundle`"),
    ):
        write_project(folder, text)
        (found,) = arazzo_engine.check(DOCUMENT)
        assert message in found.message
        assert str(found.location).startswith("arazzo.toml:2:")


def test_a_file_below_the_home_may_be_named_by_its_sign(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (folder / "token").write_text("a\n\n")
    assert resolve(read_reference("@file:~/token", "x"), NOWHERE.environment) == "a\n"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may give files away")
def test_a_file_of_somebody_else_in_a_folder_of_everybody_is_not_believed(folder: Path, shop: RecordingServer) -> None:
    shared = folder / "flows"
    shared.mkdir()
    shared.chmod(0o1777)
    write_project(folder, "")
    (folder / "arazzo.toml").rename(shared / "arazzo.toml")
    (shared / "arazzo.toml").write_text(f"servers = '{shop.url}'\n")
    (shared / ".env").write_text("ARAZZO_AUTH_BEARER=theirs\n")
    os.chown(shared / ".env", 12_345, 12_345)
    for name in ("arazzo.toml", "pyproject.toml"):
        os.chown(shared / name, 12_345, 12_345)
        with pytest.raises(arazzo_engine.ArazzoError, match=f"{name} is another user's, in a folder that is everybody"):
            arazzo_engine.run(DOCUMENT, inputs={"sku": "A"})
        (shared / name).rename(shared / "pyproject.toml")
        (shared / "pyproject.toml").write_text(f"[tool.arazzo]\nservers = '{shop.url}'\n")
    (shared / "pyproject.toml").unlink()
    with pytest.raises(arazzo_engine.ArazzoError, match="credential-missing"):
        arazzo_engine.run(DOCUMENT, inputs={"sku": "A"}, servers=shop.url)
    assert not shop.requests
