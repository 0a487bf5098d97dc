"""The mutants of the engine: each is one change that still applies, and names what finds it.

They are run by ``python -m conformance.mutants``, which takes too long for a test.
"""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest
from mutants import CHECKOUT, Mutant, MutantError, is_killed, read_mutants, surprise_of_rows
from runner.cases import read_cases

if TYPE_CHECKING:
    from pathlib import Path

_MUTANTS = read_mutants()


def _text(mutant: Mutant) -> str:
    return (CHECKOUT / "arazzo_engine" / mutant.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("mutant", _MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_still_applies_and_is_another_program(mutant: Mutant) -> None:
    before = _text(mutant)
    assert ast.dump(ast.parse(mutant.changed(before))) != ast.dump(ast.parse(before))


def test_a_mutant_whose_text_is_not_there_is_refused() -> None:
    with pytest.raises(MutantError, match=r"its text stands 0 times in machine/actions\.py"):
        Mutant("x", "", "machine/actions.py", "no such text", "", "").changed(_text(_MUTANTS[0]))


def test_every_mutant_names_cases_that_are_there() -> None:
    keys = [case.key for case in read_cases()]
    assert [each.name for each in _MUTANTS if not any(fnmatch(key, each.killed_by) for key in keys)] == []


def test_a_mutant_is_found_by_its_cases() -> None:
    mutant = next(each for each in _MUTANTS if each.name == "less-is-less-or-equal")
    assert is_killed(mutant).startswith("an-order-knows-what-is-equal@1.0.1: failed")


def test_a_change_that_changes_nothing_is_found_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = Mutant("nothing", "", "language/criteria.py", "true when there is none", "so", "a-retry-without-a-limit*")
    monkeypatch.setattr("mutants._EVERY", "a-retry-without-a-limit*")
    assert is_killed(mutant) == ""


def test_the_rows_are_judged_with_the_engine_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "arazzo_engine").mkdir()
    (tmp_path / "arazzo_engine" / "__init__.py").write_text("raise SystemError('another engine')\n", encoding="utf-8")
    assert surprise_of_rows(tmp_path)
