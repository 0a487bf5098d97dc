"""Says which case rests on which clause: each deciding sentence of the specification, by version, section and field.

``python conformance/clauses.py FOLDER`` reads ``1.0.1.md`` and ``1.1.0.md`` of FOLDER and writes two tables: the
clauses, each with the cases that quote it or the reason why there are none, and the quotations of the cases, as hashes.
A clause is told by a few of its words and its hash, so the tables can be judged without the specification's text.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runner.cases import ROOT, read_cases
from specification import bare, hash_of, level_of, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from runner.cases import Case
    from specification import Sentence

VERSIONS: Final = ("1.0.1", "1.1.0")
CLAUSES: Final = ROOT / "clauses.tsv"
QUOTATIONS: Final = ROOT / "quotations.tsv"
REASONS: Final = frozenset({"asyncapi", "authors", "definition", "explains", "not visible"})
_CLAUSE_HEAD: Final = ("version", "anchor", "field", "level", "hash", "clause", "cases or reason")
_QUOTATION_HEAD: Final = ("version", "anchor", "field", "hash", "clauses")


class QuotationError(ValueError):
    """A quotation that does not stand where it says, or in several fields; the text says which."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a case quotes, and from where; ``field`` is empty when the case does not name one."""

    version: str
    anchor: str
    field: str
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stands for it in the table."""
        return self.version, self.anchor, self.field, hash_of(self.text)


@dataclass(frozen=True, slots=True)
class Clause:
    """A row of the table of clauses; ``said`` are the ids of cases, or the reason why there are none."""

    version: str
    anchor: str
    field: str
    level: str
    hash: str
    excerpt: str
    said: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other clause: version, section and hash."""
        return self.version, self.anchor, self.hash


def quotations(case: Case) -> Iterator[Quotation]:
    """Yield what a case quotes; 1.0.1 says what 1.0.0 said."""
    for spec in case.clauses:
        yield Quotation(max(VERSIONS[0], case.version), spec["anchor"], spec.get("field", ""), bare(spec["clause"]))


def quoted(quotation: Quotation, text: Sequence[Sentence]) -> list[Sentence]:
    """Return the clauses that a quotation rests on: whole, or with their key words. It must stand in one field."""
    section = [each for each in text if (each.version, each.anchor) == (quotation.version, quotation.anchor)]
    found: dict[Sentence, None] = {}
    for part in quotation.text.split(" ... "):
        fields = [name for name in _fields(section, quotation.field) if part in _joined(section, name)]
        if len(fields) != 1:
            fault = f"stands in the fields {', '.join(fields)}" if fields else "does not stand there"
            raise QuotationError(f"{quotation.version} {quotation.anchor} {quotation.field}: `{part}` {fault}")
        found.update(dict.fromkeys(each for each in section if each.field == fields[0] and _rests(part, each)))
    return [each for each in found if each.decides]


def _fields(section: Iterable[Sentence], field: str) -> list[str]:
    return [each for each in dict.fromkeys(sentence.field for sentence in section) if field in {"", each}]


def _joined(section: Iterable[Sentence], field: str) -> str:
    return " ".join(each.text for each in section if each.field == field)


def _rests(part: str, sentence: Sentence) -> bool:
    return sentence.text in part or (part in sentence.text and sentence.level in {"plain", level_of(part)})


def read_clauses(path: Path = CLAUSES) -> list[Clause]:
    """Return the rows of the table of clauses."""
    return [Clause(*row) for row in _rows(path)]


def read_quotations(path: Path = QUOTATIONS) -> dict[tuple[str, ...], list[str]]:
    """Return the hashes of the clauses that each quotation rests on."""
    return {tuple(row[:4]): row[4].split() for row in _rows(path)}


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    return [line.split("\t") for line in lines]


def resting(cases: Iterable[Case], known: Mapping[tuple[str, ...], Sequence[str]]) -> dict[tuple[str, ...], set[str]]:
    """Return the ids of the cases that rest on each clause, by version, section and hash."""
    found: dict[tuple[str, ...], set[str]] = {}
    for case in cases:
        for each in quotations(case):
            for clause in known[each.key]:
                found.setdefault((each.version, each.anchor, clause), set()).add(case.id)
    return found


def said_of(key: tuple[str, ...], cases: Mapping[tuple[str, ...], set[str]], before: str) -> str:
    """Return the cases of a clause, or what was said before if that was a reason."""
    return ", ".join(sorted(cases.get(key, ()))) or (before if before.partition(": ")[0] in REASONS else "")


def write_tables(folder: Path) -> list[str]:
    """Write both tables from the specification's texts in a folder; return what is wrong with the quotations."""
    text = [each for version in VERSIONS for each in sentences(version, (folder / f"{version}.md").read_text("utf-8"))]
    cases = read_cases()
    known: dict[tuple[str, ...], list[str]] = {}
    faults = []
    for case in cases:
        for each in quotations(case):
            try:
                known[each.key] = [clause.hash for clause in quoted(each, text)]
            except QuotationError as error:
                faults.append(f"{case.key}: {error}")
    if not faults:
        _write(QUOTATIONS, _QUOTATION_HEAD, ((*key, " ".join(clauses)) for key, clauses in sorted(known.items())))
        _write(CLAUSES, _CLAUSE_HEAD, _clause_rows(text, resting(cases, known)))
    return faults


def _clause_rows(text: Iterable[Sentence], cases: Mapping[tuple[str, ...], set[str]]) -> Iterator[tuple[str, ...]]:
    before = {each.key: each.said for each in read_clauses()}
    for each in text:
        if each.decides:
            key = (each.version, each.anchor, each.hash)
            said = said_of(key, cases, before.get(key, ""))
            yield each.version, each.anchor, each.field, each.level, each.hash, each.excerpt, said


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in (head, *rows)), encoding="utf-8")


if __name__ == "__main__":
    wrong = write_tables(Path(sys.argv[1]))
    sys.stderr.writelines(f"{each}\n" for each in wrong)
    sys.exit(1 if wrong else 0)
