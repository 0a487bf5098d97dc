"""The pages of the diagnostic codes: sorted, each once, each with all its parts, each used by the engine."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import places
import pytest
from architecture.layout import PACKAGE_NAME
from architecture.source import read_modules, strings_in
from msgspec.structs import replace

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import SAFETY, Code, Example, Home

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = places.ROOT / PACKAGE_NAME
_PAGES: Final = _PACKAGE / "diagnostic_codes"


def problems_of_page(code: str, page: Code) -> Iterator[str]:
    """Yield what a page lacks: each part is there, and each of its sentences is one, without a full stop."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
        yield f"`{code}` is not kebab-case"
    for part in ("summary", "why", "fix"):
        text = getattr(page, part)
        if not text.strip() or text.endswith(".") or re.search(r"[.!?] +[A-Z]", text):
            yield f"`{code}`: {part} is one sentence without a full stop: {text}"
    if page.safety not in SAFETY:
        yield f"`{code}`: safety is one of {', '.join(SAFETY)}"
    if page.example is None or page.example.wrong == page.example.right:
        yield f"`{code}` has no example of what is wrong and what is right"


def written_codes(text: str) -> list[str]:
    """Return the keys of the table in a module as they are written, a repeated one twice."""
    tables = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "RULES"
    ]
    return [ast.literal_eval(key) for table in tables if isinstance(table, ast.Dict) for key in table.keys if key]


def test_codes_are_sorted_and_unique() -> None:
    tables = [written_codes(file.read_text(encoding="utf-8")) for file in _PAGES.glob("*.py")]
    assert all(codes == sorted(set(codes)) for codes in tables)
    assert sorted(code for codes in tables for code in codes) == list(CODES)


def test_each_page_has_all_its_parts() -> None:
    problems = [problem for code, page in CODES.items() for problem in problems_of_page(code, page)]
    # nothing that anybody writes leads to a bug of the engine, or fills a disk
    told = [f"`{code}` has no example of what is wrong and what is right" for code in ("engine-bug", "recording-lost")]
    assert problems == told


def test_each_code_is_used_by_the_engine() -> None:
    modules = [module for module in read_modules(_PACKAGE) if not module.path.startswith("diagnostic_codes/")]
    assert not set(CODES) - {text for module in modules for text in strings_in(module.tree)}


def test_a_code_within_a_longer_text_is_no_use_of_it() -> None:
    assert "step-limit" not in strings_in(ast.parse("x = 'step-limits'  # step-limit"))


_PAGE: Final = Code(summary="x", why="x", fix="x", example=Example(Home.DOCUMENT, "x", "y"))


@pytest.mark.parametrize("code", ["Not-kebab", "a_b", ""])
def test_a_malformed_code_is_noticed(code: str) -> None:
    assert list(problems_of_page(code, _PAGE))


@pytest.mark.parametrize("part", ["summary", "why", "fix"])
@pytest.mark.parametrize("text", ["", " ", "it is so.", "it is so. That is why"])
def test_a_part_that_is_no_sentence_is_noticed(part: str, text: str) -> None:
    assert list(problems_of_page("a", replace(_PAGE, **{part: text})))


@pytest.mark.parametrize("example", [None, Example(Home.DOCUMENT, "x", "x")])
def test_a_page_without_an_example_is_noticed(example: Example | None) -> None:
    assert list(problems_of_page("a", replace(_PAGE, example=example)))


def test_a_page_with_all_its_parts_is_not_noticed() -> None:
    assert not list(problems_of_page("a", _PAGE))


def test_a_repeated_code_is_noticed() -> None:
    assert written_codes("RULES: Final = {'a': 1, 'b': 2, 'a': 3}") == ["a", "b", "a"]
