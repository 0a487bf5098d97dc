"""Verdicts on documents that were checked before, kept so that the next check only asks whether anything changed.

Decides when a verdict is still the one that a check would give: when the same engine with the same options gets the
same answers to everything that the check asked of the disk and of the network. What checking is, and which documents
are checked, is not known here; no run goes by a verdict.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import DecodeError, Struct, ValidationError, msgpack

from arazzo_engine.reporting.findings.checks import CheckedDocument
from arazzo_engine.world.caching.engine_code import engine_code
from arazzo_engine.world.caching.kept_findings import KeptFinding, Lines, kept_finding, plain_finding
from arazzo_engine.world.caching.own_files import OwnFiles, user_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.world.caching.questions import Again, Notes

_MOST_BYTES: Final = 20_000_000
_LARGEST: Final = 1_000_000
# how many bytes of a kept file say whether the others are those that were written
_DIGEST: Final = 32
# what time decided
_FOR_ONCE: Final = frozenset({"run-time-limit"})


class _Verdict(Struct, frozen=True, array_like=True):
    """What was found of a document, and the answers that it was found with: question, path and digest."""

    answers: tuple[tuple[str, str, bytes], ...]
    findings: tuple[KeptFinding, ...]
    ignored: tuple[KeptFinding, ...]

    def restored(self, name: str, lines: Lines) -> CheckedDocument:
        found, ignored = (tuple(each.restored(lines) for each in some) for some in (self.findings, self.ignored))
        return CheckedDocument(name, found, ignored)


class Verdicts(Struct, frozen=True):
    """The verdicts in a folder; ``asked_with`` is a digest of everything else that a check depends on."""

    files: OwnFiles
    asked_with: bytes

    def find(self, locations: Iterable[str], again: Again) -> dict[str, CheckedDocument]:
        """Return the documents whose verdict still holds, by their locations."""
        lines = Lines()
        found: dict[str, CheckedDocument] = {}
        for location in locations:
            verdict = self._kept(location)
            if verdict is not None and again.is_so({(name, path): digest for name, path, digest in verdict.answers}):
                found[location] = verdict.restored(location, lines)
        return found

    def keep(self, checked: Iterable[tuple[CheckedDocument, Notes]]) -> None:
        """Keep what was found of documents, by the names that they were asked for with."""
        lines = Lines()
        packed = {document.name: _packed(document, notes, lines) for document, notes in checked}
        self.files.keep({self._name(name): content for name, content in packed.items() if content})

    def _kept(self, location: str) -> _Verdict | None:
        content = self.files.find(self._name(location))
        digest, packed = (b"", b"") if content is None else (content[0:_DIGEST], content[_DIGEST:_LARGEST])
        if digest != _digest(packed):
            return None  # there is none, or it is damaged
        try:
            return msgpack.decode(packed, type=_Verdict)
        except (DecodeError, ValidationError):
            return None  # it was not written by this

    def _name(self, location: str) -> str:
        return _digest(self.asked_with + location.encode(errors="surrogateescape")).hex()


def user_verdicts(asked: Mapping[str, Any]) -> Verdicts | None:
    """Return the user's verdicts of checks with these options, ``None`` when none are to be kept."""
    folder, code = user_folder(), engine_code()
    if folder is None or not code:
        return None
    try:
        options = json.dumps({**asked, "folder": str(Path.cwd())}, sort_keys=True)
    except TypeError:
        return None  # an option that only a program gives
    return Verdicts(OwnFiles(folder / "verdicts", _MOST_BYTES), _digest(code + options.encode()))


def _packed(document: CheckedDocument, notes: Notes, lines: Lines) -> bytes:
    """Return a verdict as bytes, none when it is good for once or would not come back as it is."""
    found = (*document.findings, *document.ignored)
    if notes.for_once or any(each.code in _FOR_ONCE for each in found):
        return b""
    answers = tuple((name, path, digest) for (name, path), digest in notes.answers.items())
    plain = tuple(map(plain_finding, found))
    kept = tuple(map(kept_finding, plain))
    if tuple(each.restored(lines) for each in kept) != plain:
        return b""
    count = len(document.findings)
    try:
        content = msgpack.encode(_Verdict(answers, kept[:count], kept[count:]))
    except UnicodeEncodeError:
        return b""  # a name that is no text
    return _digest(content) + content if len(content) <= _LARGEST - _DIGEST else b""


def _digest(content: bytes) -> bytes:
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    return sha256(content).digest()
