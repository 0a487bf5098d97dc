"""What is quoted of the specification stands there word for word, and a clause that is named is one of it.

The comments, docstrings and pages of the rooms that interpret Arazzo are looked at: of other texts, a quotation there
says which one it is of. Quotations are passages of four words and more between double quotes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from itertools import groupby
from typing import TYPE_CHECKING, Final

import places
import pytest

from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SPECIFICATION: Final = places.ROOT.parent / "shared" / "oai"
_VERSIONS: Final = ("1.0.1", "1.1.0")
pytestmark = pytest.mark.skipif(not _SPECIFICATION.is_dir(), reason="the specification is not on this machine")

_ENGINE: Final = places.ROOT / "arazzo_engine"
_ROOMS: Final = (
    *("diagnostic_codes", "language", "apis/linking", "validation", "machine", "simulation", "drafting", "debugging"),
    *("mocking", "scenarios", "reporting", "recording"),
)
_FEWEST_WORDS: Final = 4
_QUOTED: Final = re.compile(r'"([^"]+)"')
_LEFT_OUT: Final = re.compile(r"…|\.\.\.|\[[^\]]*\]")
_OTHERS: Final = re.compile(r"RFC \d|OpenAPI|JSON Schema|XML|XPath|HTML|AWS|BCP|ECMA|draft-|Schema Object|mermaid")
_EXAMPLE: Final = re.compile(r"^[ \t]*>>> (?:.*\n?)+?(?=\s*\n|\Z)", re.MULTILINE)
_INDENTED: Final = re.compile(r"^ {4,}.*$", re.MULTILINE)
_BLOCK: Final = re.compile(r"```.*?```", re.DOTALL)
_CODE: Final = re.compile(r"(`+)([^`]*)\1")
_LINK: Final = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)")
_CLAUSE: Final = re.compile(r"Arazzo (?P<version>\d\.\d\.\d), (?P<section>[A-Z][\w /]*)(?:, (?P<part>[\w$][\w ]*))?")


def _without_marks(text: str) -> str:
    """Return a text in one line, without the marks of Markdown; a quote within code is none."""
    text = _CODE.sub(lambda found: found[2].replace('"', "~"), text)
    text = _LINK.sub(r"\1", re.sub(r"</?[a-z][^>\n]*>", "", text))
    return re.sub(r"\s+", " ", re.sub(r"[*_\\]", "", text)).casefold()


def _comments(source: str) -> Iterator[str]:
    tokens = [each for each in tokenize.generate_tokens(io.StringIO(source).readline) if each.type == tokenize.COMMENT]
    for _, block in groupby(enumerate(tokens), key=lambda each: each[1].start[0] - each[0]):
        yield " ".join(each.string.lstrip("#").strip() for _, each in block)


def _docstrings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield _INDENTED.sub("", _EXAMPLE.sub("", ast.get_docstring(node) or ""))


def _texts(path: Path) -> Iterator[str]:
    text = path.read_text()
    if path.suffix == ".md":
        yield from _BLOCK.sub("", text).split("\n\n")
        return
    yield from _comments(text)
    yield from _docstrings(text)


def _untrue(text: str, said: str) -> Iterator[str]:
    """Yield the quotations of a text that the specification does not say, and that name no other source."""
    if _OTHERS.search(text):
        return
    for quoted in _QUOTED.findall(_without_marks(text)):
        parts = [part.strip(" .,;:") for part in _LEFT_OUT.split(quoted)]
        if len(quoted.split()) >= _FEWEST_WORDS and not all(part in said for part in parts):
            yield quoted


def _said() -> str:
    return " ".join(_without_marks((_SPECIFICATION / f"{each}.md").read_text()) for each in _VERSIONS)


@pytest.mark.parametrize("room", [*_ROOMS, "docs"])
def test_a_quotation_is_word_for_word(room: str) -> None:
    folder, suffix = (places.ROOT / "docs", "*.md") if room == "docs" else (_ENGINE / room, "*.py")
    said = _said()
    files = sorted(folder.rglob(suffix))
    assert [(path.name, each) for path in files for text in _texts(path) for each in _untrue(text, said)] == []


def test_a_quotation_that_was_changed_is_found() -> None:
    said = _said()
    assert [*_untrue('"A list of steps that MUST be completed before this step can be executed."', said)] == []
    assert [*_untrue('"A list of steps that MUST […] before this step can be executed"', said)] == []
    changed = "this list of steps must be completed before the current step"
    assert [*_untrue(f'"{changed}"', said)] == [changed]
    assert [*_untrue(f'RFC 9110, section 3: "{changed}"', said)] == []


def _section(version: str, name: str) -> str:
    """Return the text below a heading, empty where there is no such heading."""
    text = _BLOCK.sub("", (_SPECIFICATION / f"{version}.md").read_text())
    heading = re.search(rf"^(#+)\s*(?:<a[^>]*></a>)?\s*{re.escape(name)}\s*$", text, re.MULTILINE)
    if heading is None:
        return ""
    rest = text[heading.end() :]
    end = re.search(rf"^#{{1,{len(heading[1])}}} ", rest, re.MULTILINE)
    return rest if end is None else rest[: end.start()]


def test_a_clause_that_a_diagnostic_names_is_there() -> None:
    for code, page in CODES.items():
        for clause in _CLAUSE.finditer(page.clause):
            text = _section(clause["version"], clause["section"])
            assert text, (code, clause[0])
            # a fixed field of the object, or a heading below it
            part = clause["part"]
            assert part is None or re.search(rf"(?:</a>|^#+)\s*{re.escape(part)}\b", text, re.MULTILINE), clause[0]
