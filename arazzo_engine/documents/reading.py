"""Reading a text into a JSON value: JSON with the standard library, else YAML 1.2 with the core schema.

Decides which of the two a text is, and turns whatever is wrong into diagnostics with their places. Texts are untrusted:
size, depth and aliases are bounded. Where a text comes from, and what it describes, is not known here.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, Related, diagnose
from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.documents.content import Whole
from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.document import Document
from arazzo_engine.documents.json.commas import refused
from arazzo_engine.documents.json.text import parse_json
from arazzo_engine.documents.malformed import MalformedText, NotJson, RepeatedKeys, SecondDocument, TrailingCommas
from arazzo_engine.documents.positions import Positions, locate_offset, outline_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.outline import Outline
    from arazzo_engine.documents.packed import Bytes
    from arazzo_engine.documents.values import JsonValue


class SecondDocumentError(ArazzoError):
    """A text holds several documents of YAML: refused, and ``first`` is the first of them for whoever looks on."""

    def __init__(self, problem: Diagnostic, first: Document) -> None:
        super().__init__(problem)
        self.problem = problem
        self.first = first


class TrailingCommasError(ArazzoError):
    """A text is JSON but for commas behind last entries: refused, and ``meant`` is it for who reads it with warnings.

    Its flaws are these warnings.
    """

    def __init__(self, problem: Diagnostic, meant: Document) -> None:
        super().__init__(problem)
        self.meant = meant


class ReadingLimits(Struct, frozen=True):
    """``size`` is in bytes, for a text in characters; ``nodes`` counts values, those that aliases repeat included."""

    size: int = 50_000_000
    depth: int = DEEPEST
    nodes: int = 5_000_000


_DEFAULT_LIMITS: Final = ReadingLimits()
_MOST_REPEATED_KEYS: Final = 50
_COMMA: Final = "a comma follows the last entry"
# control characters that no text holds, whatever its encoding
_BINARY: Final = lazy_pattern(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT: Final = 4_096


def read_document(source: str | bytes, uri: str, name: str = "", limits: ReadingLimits = _DEFAULT_LIMITS) -> Document:
    """Return the document in a text; ``name`` is what people know it by, the URI if it is empty.

    Raises ``ArazzoError``: ``malformed-json``, ``malformed-yaml``, ``duplicate-key``, ``yaml-feature``,
    ``document-too-deep``, ``document-too-large``.

    >>> read_document("{a: [1, no]}", "https://example.com/a.yaml").value
    {'a': [1, 'no']}
    """
    name = name or uri
    if len(source) > limits.size:
        message = f"the document is larger than {limits.size:,} {'characters' if isinstance(source, str) else 'bytes'}"
        raise ArazzoError(diagnose("document-too-large", message, locate_offset("", 0, name)))
    text = source.removeprefix("\ufeff") if isinstance(source, str) else _decode(source, name)
    try:
        return Document(uri, name, Whole(text, _read_value(text, uri, name, limits)))
    except (SecondDocument, TrailingCommas) as error:
        problem = diagnose(error.code, error.message, locate_offset(text, error.offset, name), fix=error.fix)
        first = Document(uri, name, Whole(text, error.first))
        if isinstance(error, SecondDocument):
            raise SecondDocumentError(problem, first) from error
        flaws = tuple(_read_over(first, offset) for offset in error.offsets[:_MOST_REPEATED_KEYS])
        raise TrailingCommasError(problem, replace(first, flaws=flaws)) from error


def read_over_commas(read: Callable[[], Document]) -> Document:
    """Return the document that ``read`` reads, with a warning for each comma behind a last entry."""
    try:
        return read()
    except TrailingCommasError as error:
        return error.meant


def _read_over(document: Document, offset: int) -> Diagnostic:
    message, at = f"the document is JSON without this comma: {_COMMA}", document.positions.locate(offset, document.name)
    return diagnose("repaired", message, at, fix="remove the trailing comma", kind=_COMMA)


def open_packed(packed: Bytes, source: bytes, uri: str, name: str) -> Document | None:
    """Return the document in ``source``, whose value was packed after it was read by ``read_document``.

    ``None`` when the packed bytes are damaged. Nothing of the text is parsed, but for positions.
    """
    from arazzo_engine.documents.packed import DamagedError, Packed  # noqa: PLC0415 - small documents are never packed

    try:
        return Document(uri, name, Packed(packed, _PackedSource(source, uri, name)))
    except DamagedError:
        return None


class _PackedSource(Struct, frozen=True, eq=False):
    source: bytes
    uri: str
    name: str

    @property
    def text(self) -> str:
        return _decode(self.source, self.name)

    def reread(self) -> JsonValue:
        return read_document(self.source, self.uri, self.name).value


def reads_as_json(uri: str) -> bool:
    """Whether a text of this URI must be JSON; any other may be."""
    return uri.partition("#")[0].partition("?")[0].lower().endswith(".json")


def _read_value(text: str, uri: str, name: str, limits: ReadingLimits) -> JsonValue:
    try:
        with garbage_collector_off():
            return _parse(text, uri, limits)
    except (SecondDocument, TrailingCommas):
        raise
    except MalformedText as error:
        location = locate_offset(text, error.offset, name)
        raise ArazzoError(diagnose(error.code, error.message, location, fix=error.fix)) from error
    except RepeatedKeys as error:
        raise ArazzoError(*_repeated_keys(text, name)) from error


def _decode(source: bytes, name: str) -> str:
    marked, encoded = split_mark(source)
    encoding = marked or "UTF-8"
    try:
        return encoded.decode(encoding)
    except UnicodeDecodeError as error:
        if _BINARY.search(encoded, 0, _LOOKED_AT):
            fix = "name a text in YAML or JSON"
            raise ArazzoError(diagnose("malformed-yaml", "the document is no text", Location(name), fix=fix)) from error
        offset = len(encoded[: error.start].decode(encoding))
        location = locate_offset(encoded.decode(encoding, errors="replace"), offset, name)
        message = f"the document is not in {encoding}: {error.reason}"
        raise ArazzoError(diagnose("malformed-yaml", message, location, fix="save the text as UTF-8")) from error


@contextmanager
def garbage_collector_off() -> Iterator[None]:
    """Look for no garbage while a large value is built: there is none, and looking takes longer than building it."""
    # The switch belongs to the whole process: with several threads reading, whoever saw it on turns it on again, so it
    # never stays off.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parse(text: str, uri: str, limits: ReadingLimits) -> JsonValue:
    first = text.lstrip()[:1]
    is_json = reads_as_json(uri)
    if not first:
        return None
    # a string that stands alone may hold escapes that only JSON has
    if first not in '{["' and not is_json:
        return _parse_yaml(text, limits)
    try:
        return parse_json(text, limits.depth)
    except NotJson as error:
        if is_json:
            raise refused(text, limits.depth, error) from error
        not_json = error
    try:
        # YAML 1.2.2, chapter 7.4: flow collections look like JSON, and need not be: `{a: 1}`
        return _parse_yaml(text, limits)
    except MalformedText as error:
        raise (not_json if error.code == "malformed-yaml" and first != '"' else error) from None


def _parse_yaml(text: str, limits: ReadingLimits) -> JsonValue:
    from arazzo_engine.documents.yaml.text import parse_yaml  # noqa: PLC0415 - a run whose texts are JSON needs no YAML

    return parse_yaml(text, depth=limits.depth, nodes=limits.nodes)


def _repeated_keys(text: str, name: str) -> tuple[Diagnostic, ...]:
    outline, positions = outline_of(text), Positions(text)
    repeated = sorted(islice(outline.repeated_keys(), _MOST_REPEATED_KEYS))
    return tuple(_repeated_key(positions, name, outline, rows) for rows in repeated)


def _repeated_key(positions: Positions, name: str, outline: Outline, rows: tuple[int, int]) -> Diagnostic:
    again, first = (positions.locate(outline.starts[row], name, outline.pointer(row)) for row in rows)
    key = outline.texts[rows[0]]
    related = (Related("the first one is here", first),)
    return diagnose(
        "duplicate-key",
        f"the key `{key}` occurs twice in one mapping",
        again,
        fix="remove one of the two",
        related=related,
    )
