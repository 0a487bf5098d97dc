"""Files as inputs of Python, and what a run makes of them: sent again, shown in reports, in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from digest_server import PASSWORD, USER, DigestServer
from loopback import Reply

import arazzo_engine
from arazzo_engine import ArazzoError, Engine
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.files import LARGEST_SHOWN

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

BINARY = {"type": "string", "format": "binary"}
MEMBER = {"payload": {"f": "$inputs.f"}}
MULTIPART = {"multipart/form-data": {"schema": {"type": "object"}}}


def write(folder: Path, *steps: dict[str, Any], inputs: dict[str, Any] | None = None, **rest: Any) -> Path:
    """Write a workflow whose steps post to `/a`, and return its path."""
    content = rest.pop("content", MULTIPART)
    operation = {"operationId": "op", "requestBody": {"content": content}, "responses": {"200": {}}}
    api = {"openapi": "3.1.0", "paths": {"/a": {"post": operation}}, **rest.pop("api", {})}
    workflow = {
        "workflowId": "main",
        "inputs": {"type": "object", "properties": {"f": BINARY, **(inputs or {})}},
        "steps": [
            {"stepId": f"s{index}", "operationId": "op", "requestBody": MEMBER, **each}
            for index, each in enumerate(steps or ({},))
        ],
        **rest,
    }
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "Files", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [workflow],
    }
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "main.json").write_text(json.dumps(document))
    return folder / "main.json"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "my cat.png").write_bytes(b"\x89PNG\xff")
    return tmp_path / "my cat.png"


def test_a_path_is_the_file_that_it_names(server: RecordingServer, tmp_path: Path, photo: Path) -> None:
    server.script("POST", "/a", Reply(200))
    assert arazzo_engine.run(write(tmp_path), inputs={"f": photo}, servers=server.url).succeeded
    expected = b'name="f"; filename="my cat.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\xff\r\n'
    assert expected in server.requests[0].body


def test_bytes_are_a_file_without_a_name(server: RecordingServer, tmp_path: Path) -> None:
    server.script("POST", "/a", Reply(200))
    for data in (b"\x00\x01", bytearray(b"\x00\x01")):
        assert arazzo_engine.run(write(tmp_path), inputs={"f": data}, servers=server.url).succeeded
        expected = b'name="f"; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\x01\r\n'
        assert expected in server.requests[-1].body


def test_a_list_of_files_is_several_parts(server: RecordingServer, tmp_path: Path, photo: Path) -> None:
    server.script("POST", "/a", Reply(200))
    document = write(tmp_path, inputs={"f": {"type": "array", "items": BINARY}})
    assert arazzo_engine.run(document, inputs={"f": [photo, b"x"]}, servers=server.url).succeeded
    assert server.requests[0].body.count(b'Content-Disposition: form-data; name="f"; filename=') == 2


@pytest.mark.parametrize("schema", [{"type": "string"}, {}, {"type": "object"}, {"type": "array", "items": {}}])
def test_a_path_is_taken_only_where_the_schema_asks_for_a_file(
    tmp_path: Path, photo: Path, schema: dict[str, Any]
) -> None:
    value = [photo] if schema.get("type") == "array" else photo
    with Engine() as engine:
        program = engine.load(write(tmp_path, inputs={"f": schema}))
        with pytest.raises(TypeError, match="Path: paths and bytes are taken where the schema"):
            program.run(inputs={"f": value})


def test_an_open_file_is_no_input(tmp_path: Path, photo: Path) -> None:
    with Engine() as engine, photo.open("rb") as file:
        program = engine.load(write(tmp_path))
        with pytest.raises(TypeError, match="input `f` must be a JSON value, not BufferedReader"):
            program.run(inputs={"f": file})


def test_a_path_that_names_no_file_is_told_before_anything_is_sent(server: RecordingServer, tmp_path: Path) -> None:
    with pytest.raises(ArazzoError, match="the file that input `f` names cannot be read: it is a folder"):
        arazzo_engine.run(write(tmp_path), inputs={"f": tmp_path}, servers=server.url)
    assert not server.requests


def test_a_retry_sends_a_file_again_from_the_start(server: RecordingServer, tmp_path: Path, photo: Path) -> None:
    server.script("POST", "/a", Reply(503), Reply(200))
    retry = {"onFailure": [{"name": "again", "type": "retry", "retryLimit": 1}]}
    assert arazzo_engine.run(write(tmp_path, retry), inputs={"f": photo}, servers=server.url).succeeded
    first, second = server.requests
    assert first.body == second.body
    assert b"\x89PNG\xff" in first.body


def test_a_challenge_is_answered_with_the_whole_file(tmp_path: Path, photo: Path) -> None:
    secured = {"components": {"securitySchemes": {"d": {"type": "http", "scheme": "digest"}}}, "security": [{"d": []}]}
    for qop in ("auth", "auth-int"):
        with DigestServer() as server:
            server.qop = qop
            server.script("POST", "/a", Reply(200))
            report = arazzo_engine.run(
                write(tmp_path, api=secured),
                inputs={"f": photo},
                servers=server.url,
                credentials={"api.d": f"{USER}:{PASSWORD}"},
            )
            assert report.succeeded
            assert server.requests[0].body == server.requests[1].body
            assert b"\x89PNG\xff" in server.requests[1].body


def test_a_file_that_changes_between_two_steps_is_sent_once(
    server: RecordingServer, tmp_path: Path, photo: Path
) -> None:
    server.script("POST", "/a", Reply(200))
    document = write(tmp_path, {}, {})

    def change(event: arazzo_engine.Event) -> None:
        if isinstance(event, arazzo_engine.StepFinished):
            photo.write_bytes(b"others")

    report = arazzo_engine.run(document, inputs={"f": photo}, servers=server.url, on_event=change)
    assert len(server.requests) == 1
    failed = report.steps[-1].response
    assert isinstance(failed, NoResponse)
    assert (failed.failure, failed.sent) == (Failure.FILE, False)
    assert "the file `my cat.png` is not what was checked: it had 5 bytes, and has 6; nothing was sent" in failed.reason


def test_an_answer_in_bytes_is_sent_on_with_its_type(server: RecordingServer, tmp_path: Path) -> None:
    server.script("POST", "/a", Reply(200, (("Content-Type", "image/gif"),), b"GIF\xff"), Reply(200))
    first = {"outputs": {"image": "$response.body"}}
    second = {"requestBody": {"payload": {"again": "$steps.s0.outputs.image"}}}
    report = arazzo_engine.run(write(tmp_path, first, second), inputs={"f": b"x"}, servers=server.url)
    assert report.steps[0].outputs == {"image": "R0lG/w=="}
    expected = b'name="again"; filename="again"\r\nContent-Type: image/gif\r\n\r\nGIF\xff\r\n'
    assert expected in server.requests[1].body


def test_a_file_among_outputs_is_shown_by_its_text_or_its_size(server: RecordingServer, tmp_path: Path) -> None:
    server.script("POST", "/a", Reply(200))
    document = write(tmp_path, {"outputs": {"f": "$inputs.f", "t": "a {$inputs.f}"}}, outputs={"f": "$inputs.f"})
    report = arazzo_engine.run(document, inputs={"f": b"a"}, servers=server.url)
    assert report.outputs == report.steps[0].outputs == {"f": "data:;base64,YQ=="}
    assert report.steps[0].notes == (
        "output `t` is absent: `a {$inputs.f}` is a file, which cannot stand within a text",
    )
    large = arazzo_engine.run(document, inputs={"f": b"a" * (LARGEST_SHOWN + 1)}, servers=server.url)
    assert large.outputs["f"].startswith("<65,537 bytes, sha256 ")
    json.dumps(large.to_json())


def test_a_called_workflow_gets_the_file_itself(server: RecordingServer, tmp_path: Path, photo: Path) -> None:
    server.script("POST", "/a", Reply(200))
    document = json.loads(write(tmp_path).read_text())
    called = document["workflows"][0]
    called["inputs"]["properties"]["f"] = {"type": "string"}
    passed = [{"name": "f", "value": "$inputs.g"}]
    document["workflows"].append(
        {
            "workflowId": "caller",
            "inputs": {"type": "object", "properties": {"g": BINARY}},
            "steps": [{"stepId": "c", "workflowId": "main", "parameters": passed}],
        }
    )
    (tmp_path / "main.json").write_text(json.dumps(document))
    report = arazzo_engine.run(tmp_path / "main.json", "caller", inputs={"g": photo}, servers=server.url)
    assert report.succeeded
    assert b'filename="my cat.png"' in server.requests[0].body


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("$inputs.f != null && $inputs.f", "succeeded"),
        ("$inputs.f == 'data:image/png;name=my%20cat.png;base64,iVBOR/8='", "succeeded"),
        ("$inputs.f#/a == null", "succeeded"),
        ("$inputs.f == 'x'", "failed"),
        ("$inputs.f > 3", "failed"),
    ],
)
def test_a_condition_sees_a_file_as_its_text(
    server: RecordingServer, tmp_path: Path, photo: Path, condition: str, status: str
) -> None:
    server.script("POST", "/a", Reply(200))
    document = write(tmp_path, {"successCriteria": [{"condition": condition}]})
    assert arazzo_engine.run(document, inputs={"f": photo}, servers=server.url).status == status


def test_the_schema_of_an_input_looks_into_a_file(tmp_path: Path, photo: Path) -> None:
    document = write(tmp_path, inputs={"f": {**BINARY, "maxLength": 9}})
    with pytest.raises(ArazzoError, match="input `f` must have at most 9 characters"):
        arazzo_engine.run(document, inputs={"f": photo}, servers="http://127.0.0.1:1")


def test_a_secret_file_is_never_shown(server: RecordingServer, tmp_path: Path) -> None:
    server.script("POST", "/a", Reply(500))
    secret = {"type": "string", "format": "binary", "writeOnly": True}
    document = write(tmp_path, {"outputs": {"k": "$inputs.f"}}, inputs={"f": secret}, outputs={"k": "$inputs.f"})
    (tmp_path / "key.pem").write_bytes(b"-----BEGIN KEY-----\nMIIEvgIBADAN\n")
    with Engine(servers=server.url) as engine:
        program = engine.load(document)
        plan = program.plan(inputs={"f": tmp_path / "key.pem"})
        report = program.run(inputs={"f": tmp_path / "key.pem"})
    for shown in (plan.to_text(), str(plan.to_json()), str(report.to_json())):
        assert "MIIEvgIBADAN" not in shown
        assert "TUlJRXZnSUJBREFO" not in shown


@pytest.mark.parametrize(
    ("schema", "codes"),
    [
        ({"type": "string"}, []),
        ({"type": "string", "maxLength": 3}, ["request-contract"]),
        ({**BINARY, "maxLength": 3}, []),
    ],
)
def test_contracts_judge_a_file_as_a_text(
    server: RecordingServer, tmp_path: Path, photo: Path, schema: dict[str, Any], codes: list[str]
) -> None:
    server.script("POST", "/a", Reply(200))
    content = {"multipart/form-data": {"schema": {"type": "object", "properties": {"f": schema}}}}
    document = write(tmp_path, content=content)
    report = arazzo_engine.run(document, inputs={"f": photo}, servers=server.url, check="error")
    assert [each.code for each in report.diagnostics] == codes
    assert len(server.requests) == (0 if codes else 1)


_CHILD = """
import asyncio, json, pathlib, resource, sys
import arazzo_engine

document, url, small, large = sys.argv[1:]
engine = arazzo_engine.Engine(servers=url)
program = engine.load(document)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

async def run(path):
    return await program.run_async(inputs={"f": pathlib.Path(path)})

found = []
for path in (small, large):
    assert program.run(inputs={"f": pathlib.Path(path)}).succeeded
    assert asyncio.run(run(path)).succeeded
    program.plan(inputs={"f": pathlib.Path(path)}).to_json()
    found.append(peak())
print(json.dumps(found))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="`resource` is of Unix")
@pytest.mark.parametrize("content", [MULTIPART, {"application/json": {}}, {"*/*": {}}], ids=["part", "member", "body"])
def test_a_large_file_takes_little_memory(server: RecordingServer, tmp_path: Path, content: dict[str, Any]) -> None:
    server.script("POST", "/a", Reply(200))
    step = {"requestBody": {"payload": "$inputs.f"}} if "*/*" in content else {}
    document = write(tmp_path, step, content=content)
    for name, size in (("small.bin", 1), ("large.bin", 64_000_000)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    paths = [str(tmp_path / name) for name in ("main.json", "small.bin", "large.bin")]
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, paths[0], server.url, *paths[1:]], capture_output=True, text=True, check=True
    )
    small, large = json.loads(child.stdout)
    in_megabytes = 1_000_000 if sys.platform == "darwin" else 1_000
    assert (large - small) / in_megabytes < 20
    assert document.exists()
    assert len(server.requests[-1].body) >= 64_000_000
