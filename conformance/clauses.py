"""Lists the clauses of the specification: each sentence with a key word of RFC 2119, by version and section.

``python conformance/clauses.py FOLDER`` writes ``clauses.tsv`` to stdout, from ``1.0.1.md`` and ``1.1.0.md`` of FOLDER.
The last column names the cases that quote the clause, and keeps what the file says already: more cases, or the reason
why there is none. A clause is told by a few words around its key word, never by its whole sentence.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runner.cases import read_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.cases import Case

VERSIONS: Final = ("1.0.1", "1.1.0")
HEAD: Final = ("version", "anchor", "level", "clause", "cases or reason")
TABLE: Final = Path(__file__).parent / "clauses.tsv"
_KEYWORD: Final = re.compile(
    r"\b(MUST NOT|MUST|SHALL NOT|SHALL|SHOULD NOT|SHOULD|MAY|REQUIRED|NOT RECOMMENDED|RECOMMENDED|OPTIONAL)\b"
)
_LEVELS: Final = (
    ("must", {"MUST", "MUST NOT", "SHALL", "SHALL NOT", "REQUIRED"}),
    ("should", {"SHOULD", "SHOULD NOT", "RECOMMENDED", "NOT RECOMMENDED"}),
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"$])|</?(?:br|li|ul)\b[^>]*>")
_CELL_END: Final = re.compile(r"(?<!\\)\|")
# sections that belong to the object above them
_PARTS: Final = re.compile(r"fixed-fields|.*-examples?|examples?")
_BEFORE: Final = 5
_AFTER: Final = 8


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: ``words`` are those around its key word, with the field's name before them in a table of fields."""

    version: str
    anchor: str
    level: str
    words: str
    sentence: str = field(repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other clause."""
        return self.version, self.anchor, self.words


def clauses(version: str, text: str) -> list[Clause]:
    """Return the clauses of the specification's text, each once, in its order."""
    found = [
        Clause(version, anchor, _level(sentence), _excerpt(name, sentence), sentence)
        for anchor, name, sentence in _sentences(text)
        if _KEYWORD.search(sentence)
    ]
    return list(dict.fromkeys(found))


def is_quoted(clause: Clause, case: Case) -> bool:
    """Whether a case rests on a clause: it is for its feature set and quotes it, or a part with the key word."""
    return clause.version[:3] == case.version[:3] and any(
        spec["anchor"] == clause.anchor
        and any(
            clause.sentence in part or (part in clause.sentence and _KEYWORD.search(part))
            for part in map(_bare, spec["clause"].split(" ... "))
        )
        for spec in case.clauses
    )


def read_table(path: Path = TABLE) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return what ``clauses.tsv`` says of each clause: its level, and the case ids or the reason."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]] if path.exists() else []
    return {(version, anchor, words): (level, rest) for version, anchor, level, words, rest in rows}


def _sentences(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the anchor, the field's name if any, and each sentence."""
    levels: dict[int, str] = {}
    anchor = ""
    for block in _blocks(text):
        if heading := re.match(r"(#+) (.*)", block):
            depth = len(heading[1])
            levels = {each: name for each, name in levels.items() if each < depth} | {depth: _slug(heading[2])}
            anchor = next(name for _, name in sorted(levels.items(), reverse=True) if not _PARTS.fullmatch(name))
            continue
        cells = [cell.strip() for cell in _CELL_END.split(block.strip("| "))] if _is_row(block) else []
        name = _bare(cells[0]) if cells else ""
        for sentence in _SENTENCE_END.split(cells[-1] if cells else block):
            yield anchor, name, _bare(sentence)


def _blocks(text: str) -> Iterator[str]:
    """Yield headings, rows of tables, items of lists and paragraphs, without code."""
    fenced = False
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        fenced ^= line.lstrip().startswith("```")
        alone = line.startswith("#") or _is_row(line) or re.match(r"\s*([-*+]|\d+\.|>) ?", line) is not None
        if (alone or not line.strip() or fenced) and paragraph:
            yield " ".join(paragraph)
            paragraph = []
        if fenced or line.lstrip().startswith("```"):
            continue
        if line.startswith("#") or _is_row(line):
            yield line
        elif line.strip():
            paragraph.append(re.sub(r"^\s*([-*+]|\d+\.|>) ", "", line).strip())


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table, with or without lines at its ends."""
    return line.startswith("|") or len(_CELL_END.findall(line)) > 1


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", _bare(heading).lower()).replace(" ", "-")


def _bare(text: str) -> str:
    unlinked = re.sub(r"<[^>]*>", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))
    return re.sub(r"\s+", " ", re.sub(r"[`*_\\]", "", unlinked)).strip()


def _level(sentence: str) -> str:
    words = set(_KEYWORD.findall(sentence))
    return next((level for level, names in _LEVELS if words & names), "may")


def _excerpt(name: str, sentence: str) -> str:
    words = sentence.split(" ")
    at = next(number for number, _ in enumerate(words) if _KEYWORD.search(" ".join(words[: number + 1])))
    first, last = max(0, at - _BEFORE), min(len(words), at + _AFTER)
    excerpt = f"{'... ' if first else ''}{' '.join(words[first:last])}{' ...' if last < len(words) else ''}"
    return f"{name}: {excerpt}" if name else excerpt


def table(folder: Path) -> list[str]:
    """Return the lines of the table for the specification's texts in a folder."""
    known = read_table()
    cases = read_cases()
    lines = ["\t".join(HEAD)]
    for version in VERSIONS:
        for clause in clauses(version, (folder / f"{version}.md").read_text(encoding="utf-8")):
            said = known.get(clause.key, ("", ""))[1]
            quoted = [case.id for case in cases if is_quoted(clause, case)]
            rest = said if ":" in said and not quoted else ", ".join(sorted({*quoted, *_ids(said)}))
            lines.append("\t".join([*clause.key[:2], clause.level, clause.words, rest]))
    return lines


def _ids(said: str) -> list[str]:
    return [] if ":" in said else [each.strip() for each in said.split(",") if each.strip()]


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table(Path(sys.argv[1])))
