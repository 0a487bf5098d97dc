"""What an author wants not to be told: comments in a document, its ``x-arazzo-ignore``, and the codes of the user.

Decides which findings each of them is about, and tells those that are about none. A comment is about its own line, or
about the next one when it stands alone; an extension about its object and all that is in it. What is ignored is kept
back from a check alone: a run is refused, and warned of, whatever is ignored.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import diagnose, did_you_mean
from arazzo_engine.documents.outline import Kind
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.positions import outline_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator

    from arazzo_engine.diagnostics import Diagnostic, Location
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

EXTENSION: Final = "x-arazzo-ignore"
_WORD: Final = "arazzo-ignore"
_COMMENT: Final = lazy_pattern(
    r"(?m)(?:^|(?<=[ \t]))#[ \t]*arazzo-ignore(-file)?(?::([^\n#]*)|[ \t]*\r?$|[ \t]+(?=([^\s,]+)[ \t]*\r?$))"
)
_CODE: Final = lazy_pattern(r"[^\s,]+")
_WORDS: Final = lazy_pattern(r"(,?)[\s,]*([^\s,]+)")
_LIKE_A_CODE: Final = lazy_pattern(r"[a-z]+(-[a-z]+)+")
_NEXT: Final = lazy_pattern(r"(?m)^[ \t]*[^\s#]")


class Heeded(Struct, frozen=True):
    """The findings that are told, and those that are not."""

    told: tuple[Diagnostic, ...]
    ignored: tuple[Diagnostic, ...]


class _Ignore(Struct, frozen=True):
    """Codes that are ignored: in a line, in an object and all that is in it, or in the whole document."""

    codes: tuple[str, ...]
    at: Location
    line: int | None = None
    pointer: str | None = None

    def is_about(self, finding: Diagnostic) -> bool:
        where = finding.location
        if where is None or where.uri != self.at.uri or finding.code not in self.codes:
            return False
        within = self.pointer is None or f"{where.pointer}/".startswith(f"{self.pointer}/")
        return within and self.line in {None, where.line}


def heed(document: Document, findings: Iterable[Diagnostic], codes: Collection[str], *, is_whole: bool) -> Heeded:
    """Return what is to be told of a document's findings, without those ``codes`` and what it says itself.

    What is about nothing is told when the check ``is_whole``, and found no error that may have cut it short.
    """
    found = tuple(findings)
    ignores = tuple(_ignores(document)) if _WORD in document.text else ()
    told = [each for each in found if each.code not in codes and not any(one.is_about(each) for one in ignores)]
    ignored = tuple(each for each in found if each not in told)
    unused = [problem for each in ignores for problem in _idle(each, ignored) if problem.code not in codes]
    if not is_whole or any(each.is_error for each in told):
        unused = []
    return Heeded((*told, *unused), ignored)


def _idle(ignore: _Ignore, ignored: Collection[Diagnostic]) -> Iterator[Diagnostic]:
    met = {finding.code for finding in ignored if ignore.is_about(finding)}
    if not ignore.codes:
        yield diagnose("ignore-unused", "no code is named here", ignore.at, fix=f"write `{_WORD}: CODE`")
    for code in ignore.codes:
        if code not in CODES:
            fix = did_you_mean(code, CODES) or "`arazzo explain` lists the codes"
            yield diagnose("ignore-unused", f"there is no code `{code}` to ignore", ignore.at, fix=fix)
        elif code not in met:
            message = f"`{code}` is ignored here, and nothing of it is found"
            yield diagnose("ignore-unused", message, ignore.at, fix="remove it")


def _ignores(document: Document) -> Iterator[_Ignore]:
    yield from _in_comments(document)
    if EXTENSION in document.text:
        for pointer, value in _in_extensions(document.value):
            listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
            codes = tuple(code for each in listed for code in _CODE.findall(str(each)))
            at = document.root().child(*pointer, EXTENSION)
            yield _Ignore(codes, at.location(), pointer=render_pointer(pointer))


def _in_comments(document: Document) -> Iterator[_Ignore]:
    text = document.text
    for comment in _COMMENT.finditer(text):
        if not _is_within_a_scalar(text, comment.start()):
            at = document.positions.locate(comment.start(), document.name)
            if comment[3] is not None and comment[3] not in CODES:
                continue  # it is prose
            codes = tuple(_listed_in(comment[2] or ""))
            line = None if comment[1] else _line_of(document, comment)
            yield _Ignore(codes, at, line)


def _listed_in(text: str) -> Iterator[str]:
    """Yield the codes that a comment begins with; what follows says why.

    The first word is one, whatever it is, and so is what looks like one behind a comma: a slip is told.
    """
    for index, (comma, word) in enumerate(_WORDS.findall(text)):
        code = word.rstrip(";:.")
        if index and not (code in CODES or (comma and _LIKE_A_CODE.fullmatch(code))):
            return
        yield code
        if code != word:
            return


def _line_of(document: Document, comment: re.Match[str]) -> int:
    at = document.positions.locate(comment.start(), document.name)
    following = _NEXT.search(document.text, comment.end())
    if at.source[: at.column - 1].strip() or following is None:
        return at.line
    return document.positions.locate(following.end() - 1, document.name).line


def _is_within_a_scalar(text: str, offset: int) -> bool:
    outline = outline_of(text)
    row = bisect_right(outline.starts, offset) - 1
    return row >= 0 and outline.kinds[row] == Kind.SCALAR and offset < outline.ends[row]


def _in_extensions(value: JsonValue) -> Iterator[tuple[Pointer, JsonValue]]:
    waiting: list[tuple[Pointer, JsonValue]] = [((), value)]
    while waiting:
        pointer, each = waiting.pop()
        members = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        waiting.extend(((*pointer, str(name)), member) for name, member in members)
        if isinstance(each, dict) and EXTENSION in each:
            yield pointer, each[EXTENSION]
