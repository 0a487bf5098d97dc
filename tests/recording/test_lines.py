"""A recording that is cut off ends clearly, one that is changed is not taken for one, and a foreign file is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from recorded_runs import Script, opened, recorded
from scripted import answer, document, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.recording.lines import Sealing
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = document(
    workflow(step("a", outputs={"n": "$response.body#/n"}), step("b"), outputs={"n": "$steps.a.outputs.n"})
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recording of a run of two steps."""
    _, content = recorded(tmp_path_factory.mktemp("run"), _TEXT, Script({"a": [answer(200, {"n": 1})]}))
    return content


def _refused(content: bytes) -> str:
    with pytest.raises(ArazzoError) as error:
        opened(content)
    (finding,) = error.value.diagnostics
    return f"{finding.code}: {finding.message}"


def _first_effect(content: bytes) -> int:
    return content.index(b'{"effect"')


def test_a_recording_that_is_cut_off_is_refused_before_the_run_begins(content: bytes) -> None:
    first = _first_effect(content)
    for end in [0, 1, 5, 20, *range(30, first - 1, 97)]:
        assert _refused(content[:end]).startswith("recording-unreadable: run.jsonl ")


def test_a_recording_that_is_cut_off_anywhere_says_so_and_differs_in_nothing(content: bytes) -> None:
    first = _first_effect(content)
    ends = {*range(first, len(content), 997), *(at + 1 for at, byte in enumerate(content) if byte == 10 and at > first)}
    for end in sorted(ends - {len(content), len(content) - 1}):
        comparison = replay(opened(content[:end])).comparison
        assert comparison.is_same, comparison.to_text()
        assert comparison.cut.startswith("it ends "), end


def test_the_end_of_the_last_line_is_no_part_of_it(content: bytes) -> None:
    assert not replay(opened(content[:-1])).comparison.cut


def test_where_a_recording_was_cut_off_is_told(content: bytes) -> None:
    lines = content.splitlines(keepends=True)
    until = next(number for number, line in enumerate(lines) if b'"stepId":"b"' in line)
    assert opened(b"".join(lines[: until + 1])).where_cut() == (
        "it ends before the run does, while step `b` was underway (attempt 1)"
    )
    assert opened(b"".join(lines[:until]) + lines[until][:40]).where_cut() == (
        "it ends in the middle of a line, after step `a`"
    )


def test_any_byte_that_is_changed_is_found(content: bytes) -> None:
    for at in range(0, len(content), 97):
        changed = bytearray(content)
        changed[at] ^= 1
        if content[at] == 10:
            continue
        assert _refused(bytes(changed)).startswith("recording-")


def test_a_line_that_is_left_out_or_moved_is_found(content: bytes) -> None:
    lines = content.splitlines(keepends=True)
    assert "line 5 is not what was written" in _refused(b"".join((*lines[:4], *lines[5:])))
    assert "line 5 is not what was written" in _refused(b"".join((*lines[:4], lines[5], lines[4], *lines[6:])))


def test_a_checkout_may_change_the_ends_of_lines(content: bytes) -> None:
    assert replay(opened(content.replace(b"\n", b"\r\n"))).comparison.is_same


def test_a_stand_in_that_is_edited_by_hand_is_found(tmp_path: Path) -> None:
    _, content = recorded(tmp_path, _TEXT, Script({"a": [answer(200, {"token": "s3cret-token-1"})]}))
    assert b"s3cret-token-1" not in content
    stand_in = json.loads(opened(content).lines[2].value["reply"]["response"]["body"]["text"])["token"]
    found = _refused(content.replace(stand_in.encode(), b"my-own-token-1"))
    assert found.startswith("recording-unreadable: run.jsonl was changed after it was recorded: line ")


def test_a_recording_of_a_newer_engine_is_told() -> None:
    newer = Sealing().line(b'{"recording":99,"engine":"9.0.0","what":"nobody knows"}')
    assert _refused(newer) == "recording-too-new: run.jsonl was recorded by a newer engine, 9.0.0"


@pytest.mark.parametrize(
    ("foreign", "told"),
    [
        (b"", "run.jsonl is empty"),
        (b"\n", "run.jsonl is no recording: its first line does not say that it is one"),
        (b"arazzo: 1.1.0\ninfo: {}\n", "run.jsonl is no recording: its first line does not say that it is one"),
        (b'{"log": {"version": "1.2"}}', "run.jsonl is no recording: its first line does not say that it is one"),
        (b"\xff\xfe\x00\x01\n\n", "run.jsonl is no recording: its first line does not say that it is one"),
        (b"[" * 100_000, "run.jsonl is no recording: its first line does not say that it is one"),
        (b'{"recording":1,"engine":"0.1.0"', "run.jsonl was cut off before the run began: its first line is not whole"),
        (
            Sealing().line(b'{"recording":1,"engine":"0.1.0"}'),
            "run.jsonl is no recording of this engine: Object missing required field `python`",
        ),
    ],
)
def test_a_foreign_file_is_told_what_it_lacks(foreign: bytes, told: str) -> None:
    assert _refused(foreign) == f"recording-unreadable: {told}"
