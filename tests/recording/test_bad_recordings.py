"""Whatever is given as a recording, each command that reads one explains it, ends, and never calls it good."""

from __future__ import annotations

import base64
import json
import random
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from recorded_runs import API, Script, recorded
from scripted import answer, document, step, workflow

from arazzo_engine.cli import run_command
from arazzo_engine.recording.lines import Sealing, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN: Final = document(
    workflow(step("a", outputs={"token": "$response.body#/token"}), step("b"), outputs={"t": "$steps.a.outputs.token"})
)
_COMMANDS: Final = (
    "replay run.jsonl",
    "replay run.jsonl --document main.json",
    "replay run.jsonl --export har",
    "replay run.jsonl --export curl",
    "replay run.jsonl --export scenario",
    "compare run.jsonl good.jsonl",
    "compare good.jsonl run.jsonl --format json",
    "compare run.jsonl good.jsonl --format html",
    "coverage run.jsonl --api api.json",
    "check-api main.json --against api.json --recordings run.jsonl",
)
# what asks nothing of how a run ends writes what there is
_AS_FAR_AS_IT_GOES: Final = frozenset(("replay run.jsonl --export har", "replay run.jsonl --export curl"))


@pytest.fixture(autouse=True)
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, content = recorded(tmp_path, _RUN, Script({"a": [answer(200, {"token": "s3cret-token-1"})]}), api=API)
    monkeypatch.chdir(tmp_path)
    for name in ("good.jsonl", "run.jsonl"):
        Path(name).write_bytes(content)


def _told(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run_command(command.split())
    told = capsys.readouterr()
    return code, told.out + told.err


def _lines() -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in Path("good.jsonl").read_bytes().splitlines()]
    return [{name: each for name, each in line.items() if name != "seal"} for line in lines]


def _seal(lines: list[dict[str, Any]]) -> bytes:
    sealing = Sealing()
    return b"".join(sealing.line(encode(line)) for line in lines)


@pytest.mark.parametrize("command", _COMMANDS)
def test_the_recording_as_it_is_is_good(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = _told(command, capsys)
    # the answers of this API are described by nothing
    assert code == ("coverage" in command), told


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_recording_that_was_cut_off_is_told_as_such(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = Path("good.jsonl").read_bytes()
    first = whole.index(b'{"effect"')
    for end in (0, 40, first - 5, first + 30, (first + len(whole)) // 2, len(whole) - 90):
        Path("run.jsonl").write_bytes(whole[:end])
        code, told = _told(command, capsys)
        if end < first:
            assert code == 3, told
            assert "error[recording-unreadable]: run.jsonl " in told
        elif command not in _AS_FAR_AS_IT_GOES:
            assert "it ends " in told, (end, told)


_FOREIGN: Final = {
    "empty": b"",
    "a document": _RUN.encode(),
    "HAR": b'{"log": {"version": "1.2", "entries": []}}',
    "deep": b"[" * 200_000,
    "no text": bytes(range(256)),
    "a page": b"<!doctype html>\n<p>404</p>\n",
}


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize("foreign", _FOREIGN)
def test_a_foreign_file_is_refused(command: str, foreign: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("run.jsonl").write_bytes(_FOREIGN[foreign])
    code, told = _told(command, capsys)
    assert code == 3, told
    assert "error[recording-unreadable]: run.jsonl " in told


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_newer_recording_a_folder_and_nothing_are_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("run.jsonl").write_bytes(Sealing().line(b'{"recording":99,"engine":"9.0.0"}'))
    code, told = _told(command, capsys)
    assert code == 3
    assert "error[recording-too-new]: run.jsonl was recorded by a newer engine, 9.0.0" in told
    Path("run.jsonl").unlink()
    assert _told(command, capsys)[0] == 3
    Path("run.jsonl").mkdir()
    assert _told(command, capsys)[0] in {2, 3}


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_stand_in_that_was_edited_by_hand_is_found(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = Path("good.jsonl").read_bytes()
    sent = next(line for line in _lines() if line.get("effect") == "send")
    stand_in = json.loads(sent["reply"]["response"]["body"]["text"])["token"]
    Path("run.jsonl").write_bytes(content.replace(stand_in.encode(), b"my-own-token-1", 1))
    code, told = _told(command, capsys)
    assert code == 3
    assert "run.jsonl was changed after it was recorded: line " in told


@pytest.mark.parametrize("command", [each for each in _COMMANDS if each not in _AS_FAR_AS_IT_GOES])
def test_a_stand_in_that_was_edited_and_sealed_anew_is_a_difference(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _lines()
    sent = next(line for line in lines if line.get("effect") == "send")
    sent["reply"]["response"]["body"]["text"] = '{"token": "my-own-token-1"}'
    Path("run.jsonl").write_bytes(_seal(lines))
    code, told = _told(command, capsys)
    assert code == (2 if "scenario" in command else 0 if "check-api" in command else 1), told


def test_a_text_that_grows_without_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _lines()
    packed = base64.b64encode(zlib.compress(b"0" * 60_000_000)).decode()
    lines[1] = {"text": lines[1]["text"], "deflated": packed}
    Path("run.jsonl").write_bytes(_seal(lines))
    code, told = _told("replay run.jsonl", capsys)
    assert code == 3
    assert "the text of a document has more than 50,000,000 bytes" in told


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for name, member in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from _places(member, (*at, name))


_OTHERS: Final[tuple[Any, ...]] = (None, 0, -1, 10**30, True, "", "http://[x", [], {})


@pytest.mark.parametrize("seed", range(12))
def test_a_line_that_no_engine_writes_is_explained(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = random.Random(seed)
    for _ in range(4):
        lines = _lines()
        number, (*path, last) = drawn.choice([(at, p) for at, line in enumerate(lines) for p in _places(line) if p])
        inner: Any = lines[number]
        for each in path:
            inner = inner[each]
        inner[last] = drawn.choice(_OTHERS)
        Path("run.jsonl").write_bytes(_seal(lines))
        for command in _COMMANDS:
            code, told = _told(command, capsys)
            assert code in {0, 1, 2, 3}, f"{command} of line {number + 1}, {(*path, last)}: {told}"


@pytest.mark.parametrize(
    ("number", "members", "told"),
    [
        (6, {"end": {}}, "line 6: a line is `effect` and `end` at once"),
        (6, {"text": "x"}, "line 6: a line is `effect` and `text` at once"),
        (6, {"\ud800": 1, "effect": "\ud800"}, "line 6: half a character stands in a name"),
        (1, {"\ud800": 1, "engine": "\ud800"}, "half a character stands in a name"),
        (6, {"reply": 1e300}, "line 6: "),
    ],
)
def test_a_sealed_line_that_no_engine_writes_is_told_by_its_number(
    number: int, members: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _lines()
    lines[number - 1] |= members
    Path("run.jsonl").write_bytes(_seal(lines))
    for command in ("replay run.jsonl", "replay run.jsonl -v", "new --from run.jsonl api.json"):
        code, said = _told(command, capsys)
        assert code == 3
        assert f"run.jsonl is no recording of this engine: {told}" in said


@pytest.mark.parametrize("members", [{"end": "x"}, {"effect": "emit"}, {"of": 1}])
def test_what_nobody_knows_of_the_first_line_is_passed_over(
    members: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = _lines()
    Path("run.jsonl").write_bytes(_seal([first | members, *rest]))
    assert _told("replay run.jsonl", capsys) == (0, "run.jsonl: same: 2 attempts\n")


@pytest.mark.parametrize("line", [b"{}", b"[1}", b'{"a":' + b"[" * 100_000 + b"}", b'{"a":' + b"9" * 5_000 + b"}"])
def test_a_sealed_line_that_is_no_json_is_told(line: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    sealing = Sealing()
    Path("run.jsonl").write_bytes(b"".join(map(sealing.line, [*map(encode, _lines()[:5]), line])))
    code, said = _told("replay run.jsonl", capsys)
    assert code == 3
    assert "line 6 is not what was written, or one before it is gone" in said
