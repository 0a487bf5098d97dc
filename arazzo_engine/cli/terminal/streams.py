"""Where everything is printed: stdout and stderr that never raise, but remember what they could not write.

Decides that nothing that prints can stop a run: a reader that goes away or a disk that is full must not end it between
two requests. What an unwritten result means for the exit code is decided by who runs the command.
"""

from __future__ import annotations

import errno
import io
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
    before = sys.stdout, sys.stderr
    out, err = map(_patient, before)
    sys.stdout, sys.stderr = out or sys.stdout, err or sys.stderr
    try:
        yield Streams(_writer(out), _writer(err))
    finally:
        sys.stdout, sys.stderr = before


def _patient(stream: TextIO | None) -> io.TextIOWrapper | None:
    buffer = getattr(stream, "buffer", None)
    if stream is None or buffer is None:
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
