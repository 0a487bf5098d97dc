"""What is recorded, where, and what becomes of a run whose recording cannot be written."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from loopback import Reply
from recorded_runs import API, Clock, Script, opened, recorded
from scripted import DOWN, answer, document, step, workflow

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import Home
from arazzo_engine.recording.lines import Sealing
from arazzo_engine.world.replaying.programs import Amended
from arazzo_engine.world.replaying.reading import read_file
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from loopback import RecordingServer

_TWO = document(workflow(step("a", outputs={"n": "$response.body#/n"}), step("b")))
_RUN = "run orders.arazzo.yaml --inputs inputs.yaml --server {url}"


def _command(text: str, server: RecordingServer) -> int:
    return run_command(text.format(url=server.url).split())


def test_each_line_is_on_the_disk_before_the_run_goes_on(tmp_path: Path) -> None:
    place = tmp_path / "run.jsonl"
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        last = json.loads(place.read_bytes().splitlines()[-1])
        seen.append(f"{request.url.path} after {last['event']['type']} {last['event']['stepId']}")
        return httpx.Response(200, json={"n": 1})

    recorded(tmp_path, _TWO, look)
    assert seen == ["/a after stepStarted a", "/b after stepStarted b"]


def test_what_is_told_between_two_requests_waits_for_the_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    recorded(tmp_path, _TWO, lambda _: httpx.Response(200, json={"n": 1}))
    # the beginning; of each step what is told before its request, and its answer; the end
    assert len(waits) == 1 + 2 * 2 + 1


def test_a_recording_is_for_its_user_alone(tmp_path: Path) -> None:
    recorded(tmp_path, _TWO, Script())
    assert (tmp_path / "run.jsonl").stat().st_mode & 0o777 == 0o600


def test_bodies_are_complete_to_the_byte(tmp_path: Path) -> None:
    content = bytes(range(256)) * 300
    _, recording = recorded(tmp_path, _TWO, lambda _: httpx.Response(200, content=content))
    from arazzo_engine.recording.effects import read_body

    sent = next(each for each in opened(recording).lines if each.effect == "send")
    assert read_body(sent.value["reply"]["response"]["body"]) == content


def test_a_bug_and_an_interruption_are_the_same_again(tmp_path: Path) -> None:
    for error in (RuntimeError("what it says is nobody's business"), KeyboardInterrupt()):

        def fail(_: httpx.Request, error: BaseException = error) -> httpx.Response:
            raise error

        report, content = recorded(tmp_path, _TWO, fail)
        assert b"nobody's business" not in content
        replayed = replay(opened(content))
        assert replayed.comparison.is_same, replayed.comparison.to_text()
        assert replayed.reports[0].status == report.status


def test_files_among_the_inputs_are_in_the_recording(tmp_path: Path) -> None:
    body = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    api = json.loads(json.dumps(API))
    api["paths"]["/a"]["post"]["requestBody"] = body
    sending = {"contentType": "application/octet-stream", "payload": "$inputs.file"}
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    text = document(workflow(step("a", requestBody=sending), inputs=schema))
    (tmp_path / "cat.bin").write_bytes(b"\x00\xffcat")
    _, content = recorded(tmp_path, text, Script(), {"file": tmp_path / "cat.bin"}, api=api)
    (tmp_path / "cat.bin").unlink()
    assert replay(opened(content)).comparison.is_same


def test_a_secret_that_is_learned_late_is_replaced_in_the_whole_file(tmp_path: Path) -> None:
    sending = {"contentType": "application/json", "payload": {"password": "$steps.a.outputs.n"}}
    text = document(workflow(step("a", outputs={"n": "$response.body#/n"}), step("b", requestBody=sending)))
    _, content = recorded(tmp_path, text, Script({"a": [answer(200, {"n": "Zq7-late-9Kx"})]}))
    assert b"Zq7-late-9Kx" not in content
    assert replay(opened(content)).comparison.is_same
    assert [each.name for each in tmp_path.glob("run*")] == ["run.jsonl"]


def test_a_recording_needs_nothing_beside_it(tmp_path: Path) -> None:
    report, content = recorded(tmp_path / "then", _TWO, Script({"b": [DOWN]}))
    shutil.rmtree(tmp_path / "then")
    (again,) = replay(opened(content)).reports
    assert json.dumps(again.to_json()) == json.dumps(report.to_json())


def test_an_engine_records_each_run_in_a_folder_of_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(API))
    transport = httpx.MockTransport(Script())
    with Engine(transport=transport, clock=Clock(), record=f"{tmp_path}/runs/") as engine:
        program = engine.load(json.loads(_TWO), base=tmp_path / "main.json")
        program.run()
        program.run(run_id="mine")
        program.run(run_id="mine")
        program.rehearse()
        asyncio.run(program.run_async())
    found = sorted((tmp_path / "runs").iterdir())
    assert len(found) == 5
    assert "mine.jsonl" in {each.name for each in found}
    assert all(replay(read_file(each)).comparison.is_same for each in found)


def test_several_workflows_are_recorded_as_one_session(tmp_path: Path, shop: RecordingServer) -> None:
    text = document(
        workflow(step("a"), name="one"),
        workflow(step("b"), name="two", dependsOn=["one"]),
        workflow(step("c"), name="three"),
    )
    Path("main.json").write_text(text)
    Path("api.json").write_text(json.dumps(API))
    for name in "abc":
        shop.script("POST", f"/{name}", Reply(200, body={}))
    assert _command("run main.json --all --server {url} --record all.jsonl", shop) == 0
    recording = read_file(tmp_path / "all.jsonl")
    assert len(recording.ends) == 2
    assert replay(recording).comparison.is_same


def test_a_run_goes_on_when_its_recording_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def fill(file: int) -> None:
        synced.append(file)
        if len(synced) > 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fill)
    report, _ = recorded(tmp_path, _TWO, Script())
    assert report.succeeded
    assert [each.code for each in report.diagnostics] == ["recording-lost"]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("inputs.yaml", "`--record` names a file that is there already: inputs.yaml"),
        ("inputs.yaml/run.jsonl", "`--record` cannot be written: File exists"),
    ],
)
def test_nothing_is_sent_when_nothing_can_be_recorded(
    place: str, told: str, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(f"{_RUN} --record {place}", shop) == 2
    assert told in capsys.readouterr().err
    assert not shop.requests


@pytest.mark.parametrize("other", ["--dry-run", "--durable --detach"])
def test_what_is_not_recorded_is_told(other: str, shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert _command(f"{_RUN} {other} --record run.jsonl", shop) == 2
    assert f"`--record` and `{other.rsplit(maxsplit=1)[-1]}` exclude each other" in capsys.readouterr().err
    assert _command("rehearse orders.arazzo.yaml --all-paths --record run.jsonl", shop) == 2
    assert not Path("run.jsonl").exists()
    assert not shop.requests


def test_another_document_is_told_to_differ_where_it_does(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(f"{_RUN} --record run.jsonl", shop) == 0
    count = len(shop.requests)
    assert _command("replay run.jsonl", shop) == 0
    assert _command("replay run.jsonl --document orders.arazzo.yaml", shop) == 0
    text = Path("orders.arazzo.yaml").read_text()
    Path("orders.arazzo.yaml").write_text(text.replace("amount: $inputs.amount", "amount: 7"))
    capsys.readouterr()
    assert _command("replay run.jsonl --document orders.arazzo.yaml", shop) == 1
    told = capsys.readouterr().out
    assert "differs: at order.charge, after 1 that is the same\n" in told
    assert "    body/amount:  (orders.arazzo.yaml:38:7)\n      then  12.5\n      now   7\n" in told
    assert _command("replay run.jsonl --document orders.arazzo.yaml --format json", shop) == 1
    (found,) = json.loads(capsys.readouterr().out)["recordings"]
    assert [each["same"] for each in found["attempts"]] == [True, False]
    assert found["attempts"][1]["differences"][0]["location"]["line"] == 38
    assert len(shop.requests) == count


def test_a_document_that_cannot_run_is_no_difference(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TWO, Script())
    (tmp_path / "main.json").write_text(_TWO.replace('"operationId": "b"', '"operationId": "nothing"'))
    with pytest.raises(ArazzoError) as refused:
        replay(opened(content), Amended(str(tmp_path / "main.json")))
    assert {each.code for each in refused.value.diagnostics} == {"operation-not-found"}


def test_a_folder_is_replayed_as_a_whole(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        _command(f"{_RUN} --record runs/{name}.jsonl", shop)
    capsys.readouterr()
    assert _command("replay runs", shop) == 0
    assert "2 recordings: 2 the same, 0 not" in capsys.readouterr().out
    Path("runs/three.jsonl").write_text("{}\n")
    assert _command("replay runs", shop) == 3
    told = capsys.readouterr()
    assert "3 recordings: 2 the same, 0 not, 1 cannot be replayed" in told.out
    assert "error[recording-unreadable]: runs/three.jsonl is no recording" in told.err


def test_recordings_and_reports_are_compared(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _command(f"{_RUN} --record one.jsonl --format json --output one.json", shop)
    shop.script("POST", "/charges", Reply(402, body={"why": "declined"}))
    _command(f"{_RUN} --record two.jsonl --format json --output two.json", shop)
    capsys.readouterr()
    for one, two in (("one.jsonl", "two.jsonl"), ("one.json", "two.json")):
        assert _command(f"compare {one} {one}", shop) == 0
        assert _command(f"compare {one} {two}", shop) == 1
        told = capsys.readouterr().out
        assert "    answer status:\n      then  201\n      now   402\n" in told
        assert "    status:\n      then  succeeded\n      now   failed\n" in told
    assert _command("compare one.jsonl two.jsonl --format json", shop) == 1
    assert json.loads(capsys.readouterr().out)["same"] is False
    assert _command("compare one.json inputs.yaml", shop) == 3


def test_a_recording_is_exported(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    _command(f"{_RUN} --record run.jsonl", shop)
    capsys.readouterr()
    assert _command("replay run.jsonl --export har", shop) == 0
    log = json.loads(capsys.readouterr().out)["log"]
    assert log["version"] == "1.2"
    assert [each["response"]["status"] for each in log["entries"]] == [200, 201]
    assert log["entries"][1]["request"]["postData"]["text"] == '{"item":"item-1","amount":12.5}'
    assert _command("replay run.jsonl --export curl", shop) == 0
    assert "secret-token-1" not in capsys.readouterr().out


def test_a_recording_is_exported_as_a_scenario_that_passes(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(f"{_RUN} --record runs/run.jsonl", shop)
    assert _command("replay runs/run.jsonl --export scenario --output sold.scenario.yaml", shop) == 0
    assert "secret-token-1" not in Path("sold.scenario.yaml").read_text()
    assert _command("test sold.scenario.yaml", shop) == 0
    capsys.readouterr()
    assert _command("replay runs/run.jsonl --export scenario --output sold.scenario.yaml", shop) == 2
    assert "`--output` cannot be written: sold.scenario.yaml: file exists" in capsys.readouterr().err
    assert _command("replay runs/run.jsonl --output sold.yaml", shop) == 2
    text = Path("orders.arazzo.yaml").read_text()
    Path("orders.arazzo.yaml").write_text(text.replace("$statusCode == 201", "$statusCode == 202"))
    capsys.readouterr()
    assert _command("replay runs/run.jsonl --export scenario", shop) == 1
    told = capsys.readouterr()
    assert told.out.startswith("scenario: 1\nname: run\ndocument: orders.arazzo.yaml\n")
    assert "rehearsed, this scenario does not go as the recorded run did:\nthe outcome: expected " in told.err


_EXAMPLES: Any = {
    code: page.example for code, page in CODES.items() if page.example and page.example.home is Home.RECORDED
}


@pytest.mark.parametrize("code", _EXAMPLES)
def test_the_wrong_example_leads_to_the_code_and_the_right_one_does_not(
    code: str, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(f"{_RUN} --record run.jsonl", shop)
    Path("changed.jsonl").write_text(Path("run.jsonl").read_text().replace("item-1", "item-2"))
    Path("newer.jsonl").write_bytes(Sealing().line(b'{"recording":99}'))
    capsys.readouterr()
    for command, is_told in ((_EXAMPLES[code].wrong, True), (_EXAMPLES[code].right, False)):
        _command(command.removeprefix("arazzo "), shop)
        assert (f"[{code}]" in capsys.readouterr().err) == is_told
