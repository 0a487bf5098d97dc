"""Outputs without a value: what a step that was not run would have given is told once, anything else by itself."""

from __future__ import annotations

from msgspec.structs import replace

from arazzo_engine.machine.outputs import Lack, notes_of, together

_NOT_RUN = "step `make` was not run"


def test_what_one_step_did_not_give_is_told_once() -> None:
    lacks = [Lack((name,), _NOT_RUN, is_of_others=True) for name in ("a", "b", "c")]
    assert notes_of(lacks) == ("outputs `a`, `b`, `c` have no value: step `make` was not run",)


def test_one_output_alone_is_told_as_one() -> None:
    assert notes_of([Lack(("a",), _NOT_RUN, is_of_others=True)]) == (
        "output `a` has no value: step `make` was not run",
    )


def test_each_step_is_told_by_itself_and_in_order() -> None:
    first, other = Lack(("a",), _NOT_RUN, is_of_others=True), Lack(("b",), "step `pay` was not run", is_of_others=True)
    found = [each.names for each in together([first, other, replace(first, names=("c",))])]
    assert found == [("a", "c"), ("b",)]


def test_what_names_nothing_is_told_for_each() -> None:
    lacks = [Lack((name,), "`$response.body#/x` names nothing") for name in ("a", "b")]
    assert notes_of(lacks) == tuple(f"output `{each}` is absent: `$response.body#/x` names nothing" for each in "ab")
