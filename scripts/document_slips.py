"""``python scripts/document_slips.py``: how many single mistakes in documents are found before anything is sent.

Takes documents without any finding, makes one mistake in each of so many copies, and validates them: a slip of the keys
in an id, an output, a pointer, an input, a value that is compared, a member of a payload or a header; a required field
that is gone; a value of a wrong type. A seed makes the same mistakes every time.

A mistake is *found* when a finding is on its line, or names that line as related; *elsewhere* when there are findings
on other lines only, *missed* when there is none. A copy with the same value as the document, but for texts that say
nothing to the engine, is no mistake, and none is made in a name that nothing refers to.
"""

from __future__ import annotations

import argparse
import random
import re
import string
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document

ROOT: Final = Path(__file__).resolve().parent.parent
SEED: Final = 20261130
COUNT: Final = 20
FOUND, ELSEWHERE, MISSED = "found", "elsewhere", "missed"
_DROPPED: Final = "dropped field"
_LETTERS: Final = string.ascii_lowercase
_PROSE: Final = frozenset({"description", "summary", "title", "info", "version"})
_NAMES: Final = {
    "output": re.compile(r"\$steps\.[\w\-]+\.outputs\.(?P<name>[\w\-]+)"),
    "input": re.compile(r"\$inputs\.(?P<name>[\w\-]+)"),
    "pointer": re.compile(r"#(?:/[^\s/{}'\"#]+)*/(?P<name>[A-Za-z_][^\s/{}'\"#]*)"),
    "header": re.compile(r"\$response\.header\.(?P<name>[\w\-]+)"),
    "id": re.compile(r"\$(?:steps|workflows)\.(?P<name>[\w\-]+)\."),
    "enum value": re.compile(r"(?:==|!=)\s*(?P<quote>['\"])(?P<name>[A-Za-z][\w\- ]*)(?P=quote)"),
}
_REFERENCES: Final = frozenset({"operationId", "workflowId", "stepId"})
_REQUIRED: Final = frozenset({"stepId", "workflowId", "operationId", "name", "value", "in", "condition", "type", "url"})
_NUMBERS: Final = frozenset({"retryLimit", "retryAfter", "timeout"})
_TEXTS: Final = frozenset({"stepId", "operationId", "workflowId", "name", "in", "condition", "contentType", "url"})


@dataclass(frozen=True)
class Mistake:
    """A copy of a document with one mistake: its kind, the text, and the line of it, for people."""

    kind: str
    text: str
    line: int
    shown: str
    first: int


@dataclass(frozen=True)
class _Spot:
    """Where a mistake can be made: characters of a line, what stands there, and what is done to it."""

    kind: str
    line: int
    start: int
    end: int
    name: str = ""
    becomes: str | None = None
    first: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description="Make single mistakes in documents, and see which are found.")
    parser.add_argument("documents", nargs="*", type=Path, help="documents; the bundled ones by default")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the mistakes that are made; {SEED} by default")
    parser.add_argument("--count", type=int, default=COUNT, help=f"of mistakes in each document; {COUNT} by default")
    parser.add_argument("--source", action="append", default=[], metavar="NAME=FILE", help="where a source is")
    asked = parser.parse_args(arguments)
    sources = dict(each.split("=", 1) for each in asked.source)
    outcomes: list[tuple[Path, Mistake, str]] = []
    for path in [each.resolve() for each in asked.documents] or bundled():
        outcomes.extend((path, each, found) for each, found in measured(path, asked.seed, asked.count, sources))
    counted = Counter(found for _, _, found in outcomes)
    print(f"{len(outcomes)} mistakes, seed {asked.seed}")
    for name in (FOUND, ELSEWHERE, MISSED):
        print(f"{name:10} {counted[name]:5}  {100 * counted[name] / max(1, len(outcomes)):5.1f} %")
    for path, mistake, found in outcomes:
        if found != FOUND:
            print(f"{found}: {mistake.kind}: {path.name}:{mistake.line}: {mistake.shown.strip()}")
    return 0


def bundled() -> tuple[Path, ...]:
    """Return the documents that the project brings along, and those of its tests."""
    written = sorted((ROOT / "specs").glob("*/arazzo/*"))
    return (*written, ROOT / "tests/shop/orders.arazzo.yaml", ROOT / "tests/kennel/kennel.arazzo.yaml")


def measured(
    path: Path, seed: int, count: int, sources: Mapping[str, str] | None = None
) -> Iterator[tuple[Mistake, str]]:
    """Yield mistakes in a document, each with what becomes of it; none in a document that is not clean."""
    with Engine(sources=sources or {}) as engine:
        if findings(engine, path.read_text(encoding="utf-8"), path):
            return
        for mistake in mistakes(path, seed, count):
            yield mistake, outcome(mistake, findings(engine, mistake.text, path))


def findings(engine: Engine, text: str, path: Path) -> tuple[Diagnostic, ...]:
    """Return everything that is found in a text that stands in place of a document."""
    try:
        return engine.validate(text, base=path)
    except ArazzoError as error:
        return error.diagnostics


def outcome(mistake: Mistake, found: Sequence[Diagnostic]) -> str:
    """Return whether one of the findings is on the line of a mistake."""
    places = [each.location for each in found] + [each.location for one in found for each in one.related]
    lines = {each.line for each in places if each is not None}
    # what is gone is told of the object that it is gone from, which may begin on the next line now
    after = 2 if mistake.kind == _DROPPED else 1
    if lines.intersection(range(mistake.first, mistake.line + after)):
        return FOUND
    return ELSEWHERE if found else MISSED


def mistakes(path: Path, seed: int, count: int) -> Iterator[Mistake]:
    """Yield so many different mistakes, as many of each kind as can be."""
    text = path.read_text(encoding="utf-8")
    document = read_document(text, path.as_uri())
    drawn = random.Random(seed)  # noqa: S311 - a choice of mistakes is no secret
    by_kind: dict[str, list[_Spot]] = {}
    for spot in _spots(document):
        by_kind.setdefault(spot.kind, []).append(spot)
    seen, tries = {text}, 0
    while len(seen) <= count and by_kind and tries < 50 * count:
        tries += 1
        mistake = _made(text, drawn.choice(by_kind[drawn.choice(sorted(by_kind))]), drawn)
        if mistake.text not in seen and _is_other(document, mistake.text, path):
            seen.add(mistake.text)
            yield mistake


def _is_other(document: Document, text: str, path: Path) -> bool:
    try:
        return bool(_said(read_document(text, path.as_uri()).value) != _said(document.value))
    except ArazzoError:
        return True


def _said(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value without the texts that say nothing to the engine."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if name not in _PROSE}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _made(text: str, spot: _Spot, drawn: random.Random) -> Mistake:
    lines = text.split("\n")
    line = lines[spot.line - 1]
    becomes = _slip(spot.name, drawn) if spot.becomes is None else spot.becomes
    lines[spot.line - 1] = line[: spot.start] + becomes + line[spot.end :]
    return Mistake(spot.kind, "\n".join(lines), spot.line, lines[spot.line - 1], spot.first or spot.line)


def _slip(name: str, drawn: random.Random) -> str:
    """Return a name with one character left out, put in, put in place of another, or changed with its neighbour."""
    at, letter = drawn.randrange(len(name)), drawn.choice(_LETTERS)
    one, two = name[at], name[at + 1 : at + 2]
    slip = drawn.choice(("" if len(name) > 1 else letter, letter + one, letter, two + one))
    return name[:at] + slip + name[at + (2 if slip == two + one and two else 1) :]


# --- where a mistake can be made ---


def _spots(document: Document) -> Iterator[_Spot]:
    yield from _in(document.value, document.root())


def _in(value: Any, place: Place) -> Iterator[_Spot]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in _PROSE:
                yield from _of_member(str(name), each, place)
                yield from _in(each, place.child(name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _in(each, place.child(index))
    elif isinstance(value, str):
        yield from _in_text(value, place)


def _in_text(text: str, place: Place) -> Iterator[_Spot]:
    for kind, pattern in _NAMES.items():
        for match in pattern.finditer(text):
            is_condition = place.pointer[-1] == "condition"
            if kind != "enum value" or is_condition:
                yield from _named(kind, place, text, match.span("name"))
    if place.pointer[-2:-1] == ("dependsOn",):
        yield from _named("id", place, text, (0, len(text)))


def _of_member(name: str, value: Any, place: Place) -> Iterator[_Spot]:  # noqa: ANN401 - JSON
    member = place.child(name)
    if "payload" in place.pointer:
        yield from _key("payload member", member, name)
    if "inputs" in place.pointer or "payload" in place.pointer or not isinstance(value, str | int | float):
        return
    text = str(value)
    is_declared = (name == "stepId" and place.pointer[-2] == "steps") or place.pointer[-2:-1] == ("workflows",)
    whole = (0, len(text))
    if name in _REFERENCES and not is_declared and not text.startswith("$"):
        yield from _named("id", member, text, whole)
    if name == "name" and _sibling(place, "in") == "header":
        yield from _named("header", member, text, whole)
    if name in _REQUIRED and not _is_optional(name, place):
        yield from _dropped(member, text)
    if name in _NUMBERS or (name in _TEXTS and isinstance(value, str)):
        yield from _retyped(member, text, "many" if name in _NUMBERS else "[1]")


def _is_optional(name: str, place: Place) -> bool:
    # the type of a source or a criterion may be left out, and a step's parameter for a workflow has no `in`
    return name == "type" and place.pointer[-2] in {"sourceDescriptions", "successCriteria", "criteria"}


def _sibling(place: Place, name: str) -> object:
    value = place.document.content.at(place.child(name).pointer)
    return value if isinstance(value, str) else None


def _named(kind: str, place: Place, text: str, span: tuple[int, int]) -> Iterator[_Spot]:
    at = place.location()
    start = at.source.find(text, at.column - 1)
    if start >= 0 and span[1] - span[0] > 1:
        yield _Spot(kind, at.line, start + span[0], start + span[1], text[span[0] : span[1]])


def _key(kind: str, place: Place, name: str) -> Iterator[_Spot]:
    at = place.key_location()
    start = at.source.find(name, at.column - 1)
    if start >= 0 and len(name) > 1:
        yield _Spot(kind, at.line, start, start + len(name), name)


def _dropped(member: Place, text: str) -> Iterator[_Spot]:
    """Yield the field with its name, and with the comma that divides it from others."""
    key, value = member.key_location(), member.location()
    start, end = key.column - 1, value.source.find(text, value.column - 1) + len(text)
    if key.line != value.line or end < len(text):
        return
    first = Place(member.document, member.pointer[:-1]).location().line
    rest = value.source[end:]
    quote = len(rest) - len(rest.lstrip("\"'"))
    comma = re.match(r"\s*,\s*", rest[quote:])
    if rest[quote:].strip() and comma is None:
        return
    yield _Spot(
        "dropped field", key.line, start, end + quote + (0 if comma is None else comma.end()), becomes="", first=first
    )


def _retyped(member: Place, text: str, becomes: str) -> Iterator[_Spot]:
    at = member.location()
    start = at.source.find(text, at.column - 1)
    if start < 0:
        return
    is_quoted = start > 0 and at.source[start - 1] in "\"'"
    edge = 1 if is_quoted else 0
    written = f'"{becomes}"' if is_quoted and not becomes.startswith("[") else becomes
    yield _Spot("wrong type", at.line, start - edge, start + len(text) + edge, becomes=written)


if __name__ == "__main__":
    raise SystemExit(main())
