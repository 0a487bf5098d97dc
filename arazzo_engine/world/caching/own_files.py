"""Files that the user's own commands keep for each other in the user's cache folder.

Decides whom to believe and what goes when there is too much. Whatever goes wrong here costs time and never a command:
what cannot be kept is made again. A file of anybody else's is not believed. What is kept is not known here.
"""

from __future__ import annotations

import os
import stat
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.documents.packed import Bytes

_LARGEST: Final = 100_000_000  # bytes of one file
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
# neither a link to elsewhere nor a pipe that nobody writes to
_READ_NO_LINK: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def user_folder() -> Path | None:
    """Return the user's cache folder, ``ARAZZO_CACHE_DIR`` if that is set; ``None`` if ``ARAZZO_NO_CACHE`` is.

    ``None`` as well for a user who has no folder of their own.
    """
    if os.environ.get("ARAZZO_NO_CACHE"):
        return None
    folder = os.environ.get("ARAZZO_CACHE_DIR")
    if folder:
        return Path(folder)
    from platformdirs import user_cache_path  # noqa: PLC0415 - many commands keep nothing

    return own_folder(user_cache_path)


def own_folder(find: Callable[[str], Path]) -> Path | None:
    """Return a folder that the platform has for this user's files, ``None`` for one without a home."""
    try:
        found = find("arazzo-engine")
    except RuntimeError:
        return None
    # `~` that stands for nothing would be a folder of whoever is in this one
    return found if found.is_absolute() else None


class OwnFiles(Struct, frozen=True):
    """The files in a folder, the least recently used removed first when they have more than ``most_bytes``."""

    folder: Path
    most_bytes: int

    def find(self, name: str) -> Bytes | None:
        """Return the bytes of a file, ``None`` when there is none that is the user's own."""
        path = self.folder / name
        try:
            if not _is_ours(self.folder.stat()):
                return None
            kept = _Kept(path)
            if not kept.is_ours():
                return None
            os.utime(path)  # it was used: what was not goes first
            return kept if hasattr(os, "pread") else path.read_bytes()  # Windows has no reading in parts
        except OSError:
            return None

    def keep(self, contents: Mapping[str, bytes]) -> None:
        """Keep files by their names; none that is too large."""
        # a folder that cannot be written, a disk that is full
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(self.folder.stat()):
                for name, content in contents.items():
                    if len(content) <= _LARGEST:
                        _write(self.folder / name, content)
                self._evict()

    def _evict(self) -> None:
        kept = 0
        for _, size, path in sorted(_entries(self.folder), reverse=True):
            kept += size
            if kept > self.most_bytes:
                path.unlink(missing_ok=True)


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
        return _is_ours(self._found) and self._found.st_size <= _LARGEST

    def __getitem__(self, part: slice) -> bytes:
        length = min(part.stop, self._found.st_size) - part.start
        try:
            return os.pread(self._descriptor, length, part.start) if length > 0 else b""
        except OSError:
            # a part that cannot be read is one that is damaged
            return b""


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
