"""Reads the text of the specification: each of its sentences, with the section and the field that it stands in.

A sentence is a part of a paragraph, an item of a list, a line of the grammar, or a cell of a table; the row of a table
gives the field. It knows Markdown as far as the specification uses it, and nothing of cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYWORD: Final = re.compile(
    r"\b(MUST NOT|MUST|SHALL NOT|SHALL|SHOULD NOT|SHOULD|MAY|REQUIRED|NOT RECOMMENDED|RECOMMENDED|OPTIONAL)\b"
)
_LEVELS: Final = (
    ("must", {"MUST", "MUST NOT", "SHALL", "SHALL NOT", "REQUIRED"}),
    ("should", {"SHOULD", "SHOULD NOT", "RECOMMENDED", "NOT RECOMMENDED"}),
    ("may", {"MAY", "OPTIONAL"}),
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])(?<!e\.g\.)\s+(?=[A-Z`*\"$])|</?(?:br|li|ul)\b[^>]*>")
_TAG: Final = re.compile(r"</?(?:a|br|code|li|ul)\b[^>]*>|<!--.*?-->")
_ITEM: Final = re.compile(r"^\s*(?:[-*+]|\d+\.|>) ")
_CELL_END: Final = re.compile(r"(?<!\\)\|")
# sections that belong to the object above them
_PARTS: Final = re.compile(r"fixed-fields|.*-examples?|examples?")
# the chapters whose sentences decide what an engine does
_CHAPTERS: Final = re.compile(r"definitions|specification|security-considerations|appendix-b-.*")
_GRAMMAR: Final = "```abnf"
# what heads an example
_CAPTION: Final = re.compile(r"\*\*[^*]+\*\*:?")
_BEFORE: Final = 5
_AFTER: Final = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without Markdown. ``chapter`` is the heading above its section, ``field`` the row of a table."""

    version: str
    chapter: str
    anchor: str
    field: str
    text: str
    grammar: bool = False

    @property
    def level(self) -> str:
        """What its key words of RFC 2119 say: must, should or may; plain when it has none."""
        return level_of(self.text)

    @property
    def decides(self) -> bool:
        """Whether it has a key word, or stands where the specification says what is, and leads to nothing else."""
        plain = _CHAPTERS.fullmatch(self.chapter) is not None and not self.text.endswith(":") and not self.grammar
        return self.level != "plain" or plain

    @property
    def hash(self) -> str:
        """What tells it from every other sentence of its section, without its words."""
        return hash_of(f"{self.field}: {self.text}")

    @property
    def excerpt(self) -> str:
        """A few words of it: those around its key word, or the first."""
        words = self.text.split(" ")
        key = next((number for number, _ in enumerate(words) if _KEYWORD.search(" ".join(words[: number + 1]))), 0)
        first, last = max(0, key - _BEFORE), min(len(words), key + _AFTER)
        return f"{'... ' if first else ''}{' '.join(words[first:last])}{' ...' if last < len(words) else ''}"


def level_of(text: str) -> str:
    """Return the level of the key words in a text, or ``plain``."""
    words = set(_KEYWORD.findall(text))
    return next((level for level, names in _LEVELS if words & names), "plain")


def hash_of(text: str) -> str:
    """Return what stands for a text in the repository."""
    return sha256(text.encode()).hexdigest()[:12]


def bare(text: str) -> str:
    """Return a text without what Markdown adds, so that a quotation can be found in it."""
    unlinked = re.sub(r"\[([^\[\]]*)\]\([^)]*\)", r"\1", _TAG.sub("", text.replace("<br>", " ")))
    return re.sub(r"\s+", " ", re.sub(r"[`*_\\]", "", unlinked)).strip()


def sentences(version: str, text: str) -> list[Sentence]:
    """Return the sentences of the specification's text, each once, in their order."""
    found: dict[Sentence, None] = {}
    chapter = anchor = ""
    levels: dict[int, str] = {}
    for kind, block in _without_heads(text):
        if heading := re.match(r"(#+) (.*)", block):
            depth = len(heading[1])
            levels = {each: name for each, name in levels.items() if each < depth} | {depth: _slug(heading[2])}
            chapter = levels.get(2, "")
            anchor = next(name for _, name in sorted(levels.items(), reverse=True) if not _PARTS.fullmatch(name))
            continue
        for field, part in _parts(kind, block):
            found[Sentence(version, chapter, anchor, field, part, kind == "grammar")] = None
    return list(found)


def _parts(kind: str, block: str) -> Iterator[tuple[str, str]]:
    """Yield the field, if any, and each sentence of a block."""
    cells = [cell.strip() for cell in _CELL_END.split(block.strip().strip("|"))] if kind == "row" else ["", block]
    for cell in cells[1:]:
        yield from ((bare(cells[0]), part) for each in _SENTENCE_END.split(cell) if (part := bare(each)))


def _without_heads(text: str) -> Iterator[tuple[str, str]]:
    """Yield the blocks without the rows that head a table."""
    blocks = [*_blocks(text), ("", "")]
    for (kind, block), (_, following) in pairwise(blocks):
        if not _is_rule(following) and not _is_rule(block):
            yield kind, block


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield headings, rows of tables, items of lists, paragraphs and lines of the grammar, without other code."""
    fence = before = ""
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        marks = line.lstrip().startswith("```")
        before = kind = _kind(line, fence, before)
        if (kind != "text" or marks) and paragraph:
            yield "text", " ".join(paragraph)
            paragraph = []
        if marks:
            fence = "" if fence else line.strip()
        elif kind in {"heading", "row"} or (kind == "grammar" and fence == _GRAMMAR):
            yield kind, line.strip()
        elif kind in {"item", "text"} and not _CAPTION.fullmatch(line.strip()):
            paragraph.append(_ITEM.sub("", line).strip())


def _kind(line: str, fence: str, before: str) -> str:
    if fence:
        return "grammar"
    if not line.strip():
        return "blank"
    if line.startswith("#"):
        return "heading"
    # a table of two columns may have no lines at its ends
    is_row = _is_row(line) or (before == "row" and "|" in line)
    return "row" if is_row else "item" if _ITEM.match(line) else "text"


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table, with or without lines at its ends."""
    return line.startswith("|") or (len(_CELL_END.findall(line)) > 1 and not _ITEM.match(line)) or _is_rule(line)


def _is_rule(line: str) -> bool:
    """Whether a line is the one that stands under the head of a table."""
    return "---" in line and set(line) <= set("|:- ")


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", bare(heading).lower()).replace(" ", "-")
