"""The difference of two texts: the lines that differ and no others, and the places of what stays."""

from __future__ import annotations

from typing import Final

import pytest

from arazzo_engine.world.rewriting.differences import Difference
from arazzo_engine.world.rewriting.line_pairs import opcodes_of

_MANY = "".join(f"name: a{number}\nsame:\n\n" for number in range(200))


def test_lines_that_stand_there_often_are_the_same_lines() -> None:
    after = _MANY.replace("name: a100\n", "name: b100\nmore: 1\n")
    told = Difference("d", _MANY, after).unified()
    assert told.splitlines() == [
        "--- d",
        "+++ d",
        "@@ -298,7 +298,8 @@",
        " name: a99",
        " same:",
        " ",
        "-name: a100",
        "+name: b100",
        "+more: 1",
        " same:",
        " ",
        " name: a101",
    ]


def test_texts_that_are_the_same_have_no_difference() -> None:
    assert Difference("d", _MANY, _MANY).unified() == ""


def test_a_text_that_does_not_end_in_a_line_says_so() -> None:
    assert Difference("d", "a", "").unified() == "--- d\n+++ d\n@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n"


@pytest.mark.parametrize(
    ("after", "place", "before"),
    [
        ("new\na\nb: 1\n", (3, 4), (2, 4)),
        ("b: 1\n", (1, 4), (2, 4)),
        ("a\nb: 222\n", (2, 4), (2, 4)),
        ("a\nlong-b: 1\n", (2, 9), (2, 4)),
    ],
)
def test_a_place_is_where_it_was_before(after: str, place: tuple[int, int], before: tuple[int, int]) -> None:
    assert Difference("d", "a\nb: 1\n", after).place_before(*place) == before


def test_a_place_far_from_what_differs_is_the_same_after_the_difference_has_been_shown() -> None:
    difference = Difference("d", _MANY, f"new\n{_MANY}")
    assert difference.unified()
    assert difference.place_before(500, 3) == (499, 3)


_ENTRIES: Final = "".join(f'  {{\n    "id": {number},\n    "is": [\n    ],\n  }},\n' for number in range(200))

_HALF: Final = _ENTRIES.index('  {\n    "id": 100')


@pytest.mark.parametrize(
    "after",
    [
        _ENTRIES.replace("],", "]"),
        _ENTRIES.replace("  },\n", "  }\n").replace('"id": 100', '"id": 101'),
        _ENTRIES[_HALF:] + _ENTRIES[:_HALF],
        _ENTRIES.replace("id", "no").replace("is", "it"),
        "",
    ],
)
def test_what_is_told_of_long_texts_makes_one_of_the_other(after: str) -> None:
    told = Difference("d", _ENTRIES, after).unified().splitlines()
    lines, at = _ENTRIES.splitlines(), 0
    made: list[str] = []
    for line in told[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1][1:].partition(",")[0]) - 1
            made += lines[at : max(at, start)]
            at = max(at, start)
        elif line[0] != "+":
            assert lines[at] == line[1:]
            at += 1
        if line[0] in " +":
            made.append(line[1:])
    assert [*made, *lines[at:]] == after.splitlines()


def test_of_two_ways_to_pair_lines_that_stand_once_the_longer_one_is_taken() -> None:
    assert opcodes_of(["x", "a", "b", "c"], ["a", "b", "c", "x"]) == [
        ("delete", 0, 1, 0, 0), ("equal", 1, 4, 0, 3), ("insert", 4, 4, 3, 4),
    ]  # fmt: skip
