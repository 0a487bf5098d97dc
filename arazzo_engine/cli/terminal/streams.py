"""Where everything is printed: stdout and stderr that never raise, but remember what they could not write.

Decides that nothing that prints can stop a run: a reader that goes away or a disk that is full must not end it between
two requests. What an unwritten result means for the exit code is decided by who runs the command.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO


class _Target(Protocol):
    def write(self, data: memoryview, /) -> int | None:
        """Write what can be written now, ``None`` for nothing yet."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""

    def fileno(self) -> int:
        """Return the number of the file."""


class _Nowhere:
    """What a stream writes to that was closed before the command began."""

    def write(self, _data: memoryview, /) -> int | None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


class PatientWriter(io.RawIOBase):
    """Writes to a target at once; after the first error, which is kept in ``lost``, it takes everything as written."""

    def __init__(self, target: _Target, name: str) -> None:
        super().__init__()
        self.target = target
        self.name = name
        self.lost: OSError | None = None

    def writable(self) -> bool:
        """Whether it can be written to, which it always can."""
        return True

    def isatty(self) -> bool:
        """Whether the target is a terminal."""
        return self.target.isatty()

    def fileno(self) -> int:
        """Return the number of the target's file."""
        return self.target.fileno()

    @property
    def is_lost(self) -> bool:
        """Whether nothing can be written any more, as far as that is known before something is."""
        if self.lost is not None or isinstance(self.target, _Nowhere):
            return True
        if not hasattr(select, "poll"):  # on Windows
            return False
        poll = select.poll()
        try:
            poll.register(self.fileno(), select.POLLOUT)
        except (OSError, ValueError):
            # it is no file
            return False
        ends = select.POLLERR | select.POLLHUP | select.POLLNVAL
        return any(found & ends for _, found in poll.poll(0))

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - whatever is made of bytes
        """Write all of the bytes, or remember why they are not written."""
        rest = memoryview(data).cast("B")
        try:
            while rest and self.lost is None:
                written = self.target.write(rest)
                if written is None:
                    # a pipe that is full and does not block, as some programs start their children with
                    select.select((), (self.fileno(),), ())
                rest = rest[written or 0 :]
        except OSError as error:
            self.lost = error
        return len(data)


class Streams:
    """Both streams of a command; ``None`` where there was none or nothing can go wrong with it."""

    __slots__ = ("stderr", "stdout")

    def __init__(self, stdout: PatientWriter | None, stderr: PatientWriter | None) -> None:
        self.stdout = stdout
        self.stderr = stderr

    @property
    def unwritten(self) -> OSError | None:
        """Why the result was not written; a reader that has seen enough and went away is no reason."""
        lost = None if self.stdout is None else self.stdout.lost
        return None if lost is None or is_gone(lost) else lost


def is_gone(error: OSError) -> bool:
    """Whether an error says that whoever read the output has gone."""
    return error.errno == errno.EPIPE


@contextmanager
def patient_streams() -> Iterator[Streams]:
    """Print through streams that never raise, and give back the old ones at the end."""
    before = sys.stdin, sys.stdout, sys.stderr
    _occupy_closed_files()
    out, err = map(_patient, before[1:])
    # there is none when it was closed before the command began, whatever its type says
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BytesIO())
    sys.stdout, sys.stderr = out or sys.stdout, err or sys.stderr
    try:
        yield Streams(_writer(out), _writer(err))
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def lost_stream(stream: TextIO) -> OSError | None:
    """Return why one of the patient streams could not be written, ``None`` when everything was."""
    writer = getattr(stream, "buffer", None)
    return writer.lost if isinstance(writer, PatientWriter) else None


def can_tell() -> bool:
    """Whether anything of what a command says could be read by anyone, on stdout or on stderr."""
    writers = (getattr(each, "buffer", None) for each in (sys.stdout, sys.stderr))
    return not all(isinstance(each, PatientWriter) and each.is_lost for each in writers)


def _occupy_closed_files() -> None:
    """Keep the numbers of closed streams from being given to a connection, which others would then write to."""
    for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        try:
            if stream is None:
                os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _patient(stream: TextIO | None) -> io.TextIOWrapper | None:
    if stream is None:
        return io.TextIOWrapper(PatientWriter(_Nowhere(), ""), encoding="utf-8", write_through=True)
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        return None
    stream.flush()
    target = getattr(buffer, "raw", buffer)
    # a half character in a text must not be an error either
    return io.TextIOWrapper(
        PatientWriter(target, str(getattr(buffer, "name", ""))),
        encoding=stream.encoding,
        errors="backslashreplace",
        write_through=True,
    )


def _writer(stream: io.TextIOWrapper | None) -> PatientWriter | None:
    writer: PatientWriter | None = None if stream is None else stream.buffer  # type: ignore[assignment]  # it was made so
    return writer
