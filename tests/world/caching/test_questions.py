"""What is asked of the disk is noted with its answer, and what gave no answer makes what comes of it good for once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from arazzo_engine.world.caching.questions import Again, asked, noting, question

if TYPE_CHECKING:
    from pathlib import Path


@question
def _names_of_test(path: Path) -> tuple[Path, ...]:
    return tuple(sorted(path.iterdir()))


@question
def _texts_of_test(path: Path) -> tuple[bytes, ...]:
    return tuple(each.read_bytes() for each in _names_of_test(path))


def test_a_question_that_is_asked_twice_is_noted_once(tmp_path: Path) -> None:
    with noting() as notes:
        _names_of_test(tmp_path)
        _names_of_test(tmp_path)
    assert list(notes.answers) == [("_names_of_test", str(tmp_path))]
    assert not notes.for_once


def test_what_a_question_asks_in_turn_is_part_of_its_answer(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with noting() as notes:
        assert _texts_of_test(tmp_path) == (b"a",)
    assert list(notes.answers) == [("_texts_of_test", str(tmp_path))]


def test_nothing_is_noted_where_nobody_notes(tmp_path: Path) -> None:
    with noting() as notes:
        pass
    _names_of_test(tmp_path)
    assert notes.answers == {}


def test_another_answer_is_seen(tmp_path: Path) -> None:
    with noting() as notes:
        _names_of_test(tmp_path)
    assert Again().is_so(notes.answers)
    (tmp_path / "a").write_text("a")
    assert not Again().is_so(notes.answers)


def test_a_name_that_is_no_text_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff")).write_text("a")
    with noting() as notes:
        _names_of_test(tmp_path)
    assert Again().is_so(notes.answers)


def test_what_raises_is_good_for_once(tmp_path: Path) -> None:
    with noting() as notes, pytest.raises(FileNotFoundError):
        _names_of_test(tmp_path / "gone")
    assert notes.for_once


def test_an_answer_that_raises_by_now_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with noting() as notes:
        _names_of_test(tmp_path / "folder")
    (tmp_path / "folder").rmdir()
    assert not Again().is_so(notes.answers)


def test_a_question_that_nobody_knows_has_another_answer() -> None:
    assert not Again().is_so({("forgotten", "x"): b""})


def test_a_question_of_somebody_is_asked_of_whoever_it_is_now() -> None:
    with noting() as notes:
        assert asked(("told", "x"), lambda: "yes") == "yes"
    assert Again({"told": lambda about: "yes" if about == "x" else "no"}).is_so(notes.answers)
    assert not Again({"told": lambda _: "no"}).is_so(notes.answers)


def test_each_question_is_asked_once_for_all_notes() -> None:
    times: list[str] = []
    again = Again({"told": times.append})
    with noting() as notes:
        asked(("told", "x"), lambda: None)
    assert again.is_so(notes.answers)
    assert again.is_so(notes.answers)
    assert times == ["x"]
