"""The programs of recordings: each is opened once, and what decides what a run does makes another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from recorded_runs import API, Script, opened, recorded
from scripted import document, step, workflow

from arazzo_engine.world.replaying.programs import Amended, Programs
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.recording.recording import Recording

_ONE = document(workflow(step("a"), step("b")))
_INPUTS = document(workflow(step("a"), inputs={"type": "object", "properties": {"n": {"type": "integer"}}}))


def _recording(folder: Path, text: str = _ONE, inputs: dict[str, Any] | None = None, **options: Any) -> Recording:
    return opened(recorded(folder, text, Script({}), inputs, **options)[1])


def test_runs_of_one_document_are_of_one_program_whatever_they_were_given(tmp_path: Path) -> None:
    first, second = (_recording(tmp_path, _INPUTS, {"n": each}) for each in (1, 2))
    programs = Programs()
    assert programs.open(first) is programs.open(second)
    assert [replay(each, programs=programs).comparison.is_same for each in (first, second, first)] == [True] * 3


@pytest.mark.parametrize("other", ["document", "api", "options", "workflow"])
def test_what_decides_what_a_run_does_makes_another_program(tmp_path: Path, other: str) -> None:
    first = _recording(tmp_path)
    second = {
        "document": lambda: _recording(tmp_path, document(workflow(step("a"), step("c")))),
        "api": lambda: _recording(tmp_path, api={**API, "info": {"title": "other", "version": "2"}}),
        "options": lambda: _recording(tmp_path, max_steps=7),
        "workflow": lambda: replace(first, beginning=replace(first.beginning, workflows=first.beginning.workflows * 2)),
    }[other]()
    programs = Programs()
    assert programs.open(first) is not programs.open(second)


def test_a_text_that_is_another_one_under_the_same_hash_makes_another_program(tmp_path: Path) -> None:
    first = _recording(tmp_path)
    other = json.dumps({**API, "info": {"title": "sealed anew", "version": "2"}}).encode()
    digest = next(each.digest for each in first.read if each.found.endswith("api.json"))
    programs = Programs()
    assert programs.open(first) is not programs.open(replace(first, texts={**first.texts, digest: other}))


def test_another_document_is_another_program_and_is_opened_once_too(tmp_path: Path) -> None:
    first, second = (_recording(tmp_path, _INPUTS, {"n": each}) for each in (1, 2))
    (tmp_path / "new.json").write_text(_INPUTS)
    programs, amended = Programs(), Amended(str(tmp_path / "new.json"))
    assert programs.open(first, amended) is programs.open(second, amended)
    assert programs.open(first, amended) is not programs.open(first)


def test_only_the_latest_programs_are_kept(tmp_path: Path) -> None:
    programs, recordings = Programs(), [_recording(tmp_path, max_steps=each) for each in range(3, 13)]
    found = [programs.open(each) for each in recordings]
    assert programs.open(recordings[-1]) is found[-1]
    assert programs.open(recordings[0]) is not found[0]
