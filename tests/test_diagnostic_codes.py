"""The table of diagnostic codes: sorted, each once, each with a reason of one sentence, each used by the engine."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import places
import pytest
from architecture.layout import PACKAGE_NAME
from architecture.source import read_modules, strings_in

from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES: Final = ("diagnostic_codes.py", "diagnostic_rows.py")
_PACKAGE: Final = places.ROOT / PACKAGE_NAME


def problems_of_code(code: str, why: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
        yield f"`{code}` is not kebab-case"
    if not why.strip() or why.endswith(".") or re.search(r"[.!?] +[A-Z]", why):
        yield f"`{code}`: why is one sentence without a full stop: {why}"


def written_codes(text: str) -> list[list[str]]:
    """Return the keys of each table as they are written, a repeated one twice."""
    tables = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id in {"_ROWS", "OF_VALUES", "OF_ACCESS"}
    ]
    return [[ast.literal_eval(key) for key in table.keys if key] for table in tables if isinstance(table, ast.Dict)]


def test_codes_are_sorted_and_unique() -> None:
    tables = [table for name in _TABLES for table in written_codes((_PACKAGE / name).read_text(encoding="utf-8"))]
    assert all(codes == sorted(set(codes)) for codes in tables)
    assert sorted(code for codes in tables for code in codes) == list(CODES)


def test_each_code_is_kebab_case_and_has_a_reason_of_one_sentence() -> None:
    problems = [problem for code, entry in CODES.items() for problem in problems_of_code(code, entry.why)]
    assert not problems, "\n".join(problems)


def test_each_code_is_used_by_the_engine() -> None:
    used = {text for module in read_modules(_PACKAGE) if module.path not in _TABLES for text in strings_in(module.tree)}
    assert not set(CODES) - used


def test_a_code_within_a_longer_text_is_no_use_of_it() -> None:
    assert "step-limit" not in strings_in(ast.parse("x = 'step-limits'  # step-limit"))


@pytest.mark.parametrize(
    ("code", "why"), [("Not-kebab", "x"), ("a_b", "x"), ("a", ""), ("a", "it is so."), ("a", "it is so. That is why")]
)
def test_a_malformed_code_is_noticed(code: str, why: str) -> None:
    assert list(problems_of_code(code, why))


def test_a_repeated_code_is_noticed() -> None:
    assert written_codes("_ROWS: Final = {'a': 1, 'b': 2, 'a': 3}") == [["a", "b", "a"]]
