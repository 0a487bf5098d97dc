"""Files on disk that requests are written from: looked at once before a run, and read again whenever one is sent.

Decides when a file is still the one that was checked: when its bytes are. What is no plain file is refused, for it may
have no end or no beginning. Never more than a piece of a file is in memory.
"""

from __future__ import annotations

import codecs
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec import Struct

from arazzo_engine.language.messages.files import ChangedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from hashlib import _Hash
    from pathlib import Path

# so many bytes are read at once
_PIECE: Final = 262_144
# to open a pipe would wait for somebody who writes to it
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_KINDS: Final = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISFIFO, "it is a pipe, which can be read only once"),
    (stat.S_ISSOCK, "it is a socket"),
)
_Stamp = tuple[int, int, int, int]


class NoFileError(Exception):
    """What a path names cannot be sent; its text says why."""


class DiskFile(Struct, frozen=True):
    """A file as it was when it was looked at: a source of its bytes for as long as they are the same."""

    path: Path
    size: int
    digest: str
    stamp: _Stamp

    def check(self) -> None:
        """Raise ``ChangedError`` when the bytes are not those that were looked at."""
        with _telling_change(self.path), _opened(self.path) as file:
            if _stamp(file) != self.stamp:
                self._compare(file, _digest(file, self.size))

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the first to the last; raises ``ChangedError`` before the last of others."""
        digest, held = _no_bytes(), b""
        with _telling_change(self.path), _opened(self.path) as file:
            for chunk in _pieces(file, self.size):
                digest.update(chunk)
                if held:
                    yield held
                held = chunk
            self._compare(file, digest.hexdigest())
        yield held

    def _compare(self, file: BinaryIO, digest: str) -> None:
        size = os.fstat(file.fileno()).st_size
        if size != self.size:
            raise ChangedError(f"{_changed(self.path)}: it had {self.size:,} bytes, and has {size:,}")
        if digest != self.digest:
            raise ChangedError(f"{_changed(self.path)}: it has other bytes")


def look_at(path: Path) -> DiskFile:
    """Return a file as it is now; raises ``NoFileError``."""
    try:
        with _opened(path) as file:
            # the stamp of before: what is changed meanwhile has another one afterwards
            stamp = _stamp(file)
            size = os.fstat(file.fileno()).st_size
            found = DiskFile(path, size, _digest(file, size), stamp)
            if file.read(1) or _stamp(file) != stamp:
                raise NoFileError("it is being written to, or its size is not known")
    except OSError as error:
        raise NoFileError(error.strerror or "it cannot be read") from error
    except ValueError as error:
        raise NoFileError("no file has such a name") from error
    return found


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of a plain file of no more than so many; raises ``NoFileError``, which says why."""
    try:
        with _opened(path) as file:
            content = b"".join(_pieces(file, most + 1))
    except OSError as error:
        raise NoFileError((error.strerror or "it cannot be read").lower()) from error
    except ValueError as error:
        raise NoFileError("no file has such a name") from error
    if len(content) > most:
        raise NoFileError(f"it has more than {most:,} bytes")
    return content


def is_anothers(path: Path) -> bool:
    """Whether somebody else may have put a file there: it is not the user's, where everybody may write."""
    if not hasattr(os, "getuid"):
        return False
    try:
        is_open = path.parent.stat().st_mode & stat.S_IWOTH
        return bool(is_open) and path.lstat().st_uid != os.getuid()
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Whether a path names a file."""
    return os.path.isfile(path)  # noqa: PTH113 - which raises nothing for what is no name


def is_folder(path: Path) -> bool:
    """Whether a path names a folder; one that is too long for a name, or has no name's characters, does not."""
    return os.path.isdir(path)  # noqa: PTH112 - the same


def is_taken(path: Path) -> bool:
    """Whether anything stands at a path, of whatever kind."""
    return os.path.exists(path)  # noqa: PTH110 - the same


def is_utf8(file: DiskFile) -> bool:
    """Whether the bytes are a text in UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in file.chunks():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, _FLAGS)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise NoFileError(next((what for fits, what in _KINDS if fits(mode)), "it is a device"))
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


@contextmanager
def _telling_change(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ChangedError(f"{_changed(path)}: {error.strerror or 'it cannot be read'}") from error
    except NoFileError as error:
        raise ChangedError(f"{_changed(path)}: {error}") from error


def _changed(path: Path) -> str:
    return f"the file `{path.name}` is not what was checked"


def _stamp(file: BinaryIO) -> _Stamp:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _digest(file: BinaryIO, size: int) -> str:
    digest = _no_bytes()
    for chunk in _pieces(file, size):
        digest.update(chunk)
    return digest.hexdigest()


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield so many bytes in pieces, fewer when there are no more."""
    while size > 0 and (chunk := file.read(min(_PIECE, size))):
        size -= len(chunk)
        yield chunk


def _no_bytes() -> _Hash:
    """Return the digest of no bytes, which grows with each piece."""
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    return sha256()
