"""The page of rulings: each is numbered, names its clause, and is shown by a case of the suite or by a test."""

from __future__ import annotations

import re

import places
import pytest

_ROOT = places.ROOT
_PAGE = (_ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
_RULINGS = re.findall(r"^\*\*(\d+)\. (.+?)(?=^\*\*\d|^## |\Z)", _PAGE, re.MULTILINE | re.DOTALL)
_CASES = {each.parent.name for each in (_ROOT / "conformance" / "cases").glob("*/*/case.yaml")}


def test_a_reader_is_told_first_what_a_document_will_do() -> None:
    summary, _, rest = _PAGE.partition("\n## What it runs, and what it does not\n")
    assert 5 <= len(re.findall(r"^- \*\*", summary, re.MULTILINE)) <= 9
    assert "\n## The rulings\n" in rest


def test_the_rulings_are_numbered_without_a_gap() -> None:
    assert sorted(int(number) for number, _ in _RULINGS) == list(range(1, len(_RULINGS) + 1))


@pytest.mark.parametrize(("number", "text"), _RULINGS, ids=[number for number, _ in _RULINGS])
def test_a_ruling_names_its_clause_and_what_shows_it(number: str, text: str) -> None:
    del number
    assert re.search(r"\*\([^)]+\)\*", text)
    shown = text.replace("\n", " ")
    cases = re.findall(r"`([^`]+)`", shown.partition(" Cases: ")[2])
    tests = re.findall(r"`([^`]+)`", shown.partition(" Test: ")[2])
    assert cases or tests
    assert set(cases) <= _CASES
    assert all((_ROOT / each).exists() for each in tests)
