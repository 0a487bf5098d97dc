"""API descriptions that were read before, kept on disk so that the next run reads only the operations it needs.

Decides what is kept, under which name, and whom to believe. Kept is the value of a large API description, nothing else:
no Arazzo document, no inputs, no credential, no answer. Whatever goes wrong here costs time and never a run: what
cannot be kept is read again. A file of anybody else's is not believed, as it could send credentials elsewhere.
"""

from __future__ import annotations

import os
import stat
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import OPERATIONS, list_operations
from arazzo_engine.documents.reading import open_packed, read_document, reads_as_json
from arazzo_engine.documents.values import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.packed import Bytes

_LARGEST_ENTRY: Final = 100_000_000  # bytes
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
# neither a link to elsewhere nor a pipe that nobody writes to
_READ_NO_LINK: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
_PACKAGE: Final = Path(__file__).resolve().parent.parent.parent


class DescriptionCache(Struct, frozen=True):
    """Descriptions kept in a folder, the least recently used removed first.

    ``folder`` gives it when it is needed first. A text below ``least_bytes`` is read as fast as what was kept of it.
    """

    folder: Callable[[], Path | None]
    least_bytes: int = 50_000
    most_bytes: int = 400_000_000

    def read(self, source: bytes, uri: str, name: str) -> Document:
        """Return the document in a text, as ``read_document`` does; raises what that raises."""
        folder = self.folder() if len(source) >= self.least_bytes else None
        code = _reading_code() if folder is not None else b""
        if folder is None or not code:
            return read_document(source, uri, name)
        path = folder / _key(code, source, uri)
        packed = _find(path)
        document = None if packed is None else open_packed(packed, source, uri, name)
        if document is None:
            document = read_document(source, uri, name)
            # an Arazzo document may hold whatever its author wrote into its steps
            if document.content.at(("arazzo",)) is ABSENT:
                self._keep(path, document)
        return document

    def _keep(self, path: Path, document: Document) -> None:
        from arazzo_engine.documents.packed import pack  # noqa: PLC0415 - most runs keep nothing

        packed = pack(document.value, {OPERATIONS: list_operations(document)})
        if len(packed) > _LARGEST_ENTRY:
            return
        # a folder that cannot be written, a disk that is full
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(path.parent.stat()):
                _write(path, packed)
                _evict(path.parent, self.most_bytes)


def user_folder() -> Path | None:
    """Return the user's folder, ``ARAZZO_CACHE_DIR`` if that is set; ``None`` if ``ARAZZO_NO_CACHE`` is."""
    if os.environ.get("ARAZZO_NO_CACHE"):
        return None
    folder = os.environ.get("ARAZZO_CACHE_DIR")
    if folder:
        return Path(folder)
    from platformdirs import user_cache_path  # noqa: PLC0415 - only large descriptions are kept

    return user_cache_path("arazzo-engine") / "descriptions"


USER_CACHE: Final = DescriptionCache(user_folder)


def _key(code: bytes, source: bytes, uri: str) -> str:
    from hashlib import sha256  # noqa: PLC0415 - only large descriptions are kept

    text_kind = b"json" if reads_as_json(uri) else b"any"
    key = sha256(b"\0".join((code, text_kind, b"")))
    key.update(source)
    return key.hexdigest()


@cache
def _reading_code() -> bytes:
    """Return a digest of the code that makes a value of a text: what other code made is not what this one would."""
    files = [*sorted((_PACKAGE / "documents").rglob("*.py")), _PACKAGE / "apis" / "descriptions" / "openapi.py"]
    from hashlib import sha256  # noqa: PLC0415 - the same

    try:
        return sha256(b"".join(file.read_bytes() for file in files)).digest()
    except OSError:
        return b""


def _is_ours(found: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows: the user's own folders are the user's
        return True
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS_MAY_WRITE


class _Kept:
    """An open file, of which no more is read than is asked for."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, _READ_NO_LINK)
        weakref.finalize(self, os.close, self._descriptor)
        self._found = os.fstat(self._descriptor)

    def is_ours(self) -> bool:
        """Whether it is the user's own, and no larger than anything that is kept."""
        return _is_ours(self._found) and self._found.st_size <= _LARGEST_ENTRY

    def __getitem__(self, part: slice) -> bytes:
        length = min(part.stop, self._found.st_size) - part.start
        try:
            return os.pread(self._descriptor, length, part.start) if length > 0 else b""
        except OSError:
            # a part that cannot be read is one that is damaged
            return b""


def _find(path: Path) -> Bytes | None:
    try:
        if not _is_ours(path.parent.stat()):
            return None
        kept = _Kept(path)
        if not kept.is_ours():
            return None
        os.utime(path)  # it was used: what was not goes first
        return kept if hasattr(os, "pread") else path.read_bytes()  # Windows has no reading in parts
    except OSError:
        return None


def _evict(folder: Path, most_bytes: int) -> None:
    kept = 0
    for _, size, path in sorted(_entries(folder), reverse=True):
        kept += size
        if kept > most_bytes:
            path.unlink(missing_ok=True)


def _entries(folder: Path) -> Iterator[tuple[int, int, Path]]:
    for path in folder.iterdir():
        # another run may remove it meanwhile
        with suppress(OSError):
            found = path.lstat()
            if stat.S_ISREG(found.st_mode):
                yield found.st_mtime_ns, found.st_size, path


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all, whoever else writes it at the same time."""
    from tempfile import mkstemp  # noqa: PLC0415 - most runs write nothing

    descriptor, temporary = mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
