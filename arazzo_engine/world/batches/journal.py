"""What a batch writes down while it goes on, so that the same command goes on where it was stopped.

Decides which rows are done, and which were sent and have no outcome: those are in doubt, and never sent again by
themselves. Beside the file of outcomes stands the journal: before the first request of a row that may not be repeated,
its number is written there. Both are flushed at once, so they outlive the process; a machine that loses its power may
lose the last lines, and only durable runs outlive that.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.reporting.batches.outcomes import RowStatus, read_done
from arazzo_engine.reporting.batches.row_table import RowTable
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.world.batches.rows import Row

JOURNAL: Final = ".journal"
_STATUSES: Final = tuple(RowStatus)
_TAG_BYTES: Final = 4
_VERSION: Final = 1


class Head(Struct, frozen=True):
    """The first line of a journal: which batch it is of, and the key of the tags that stand for what rows hold."""

    batch: str
    workflow: str
    is_durable: bool = False
    key: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2}){1,64}$")] = field(
        default_factory=lambda: secrets.token_hex(16)
    )
    version: int = _VERSION


class Sent(Struct, frozen=True):
    """A line of a journal: a row that is about to send what may not be repeated, in which step."""

    row: int
    step: str


class Journal(SilentState):
    """The outcomes of a batch, and the journal beside them."""

    path: str
    head: Head
    _outcomes: IO[bytes]
    _journal: IO[bytes]
    _done: RowTable = field(default_factory=lambda: RowTable("B"))
    _tags: RowTable = field(default_factory=lambda: RowTable("I"))
    _sent: dict[int, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _lost: OSError | None = None

    def tag_of(self, row: Row) -> str:
        """Return what stands for the content of a row, and says nothing of it to whoever has no journal."""
        return hashlib.blake2b(row.content, digest_size=_TAG_BYTES, key=bytes.fromhex(self.head.key)).hexdigest()

    def status_of(self, row: Row) -> RowStatus | None:
        """Return how a row ended that is done; raises ``ArazzoError`` (``batch-differs``) when it was another one."""
        done = self._done.get(row.number)
        if not done:
            return None
        if int(self.tag_of(row), 16) != self._tags.get(row.number):
            message = f"row {row.number:,} is not the row whose outcome stands in `{self.path}`"
            fix = "give the rows of that batch, or another `--output`"
            raise ArazzoError(diagnose("batch-differs", message, fix=fix))
        return _STATUSES[done - 1]

    def lost_step_of(self, row: Row) -> str | None:
        """Return the step of a row that may have been sent by an earlier process, which has told no outcome."""
        return self._sent.get(row.number)

    def note(self, row: Row, step: str) -> None:
        """Write down that a row is about to send what may not be repeated; raises ``OSError``."""
        with self._lock:
            self._journal.write(msgspec.json.encode(Sent(row.number, step)) + b"\n")
            self._journal.flush()

    def write(self, line: bytes) -> None:
        """Write the outcome of a row; raises ``OSError``, and then each time: nothing may stand behind a torn line."""
        with self._lock:
            if self._lost is not None:
                raise self._lost
            try:
                self._outcomes.write(line)
                self._outcomes.flush()
            except OSError as error:
                self._lost = error
                raise

    def read(self) -> None:
        """Read which rows are done and which were sent; a last line that is torn was never written."""
        self._read_sent()
        self._outcomes.seek(0)
        for number, line, is_torn in _lines(self._outcomes):
            done = read_done(line)
            if done is None and not is_torn:
                raise ArazzoError(_foreign(self.path, number))
            if done is not None:
                self._take(done.row, int(done.tag, 16), done.status)
                self._sent.pop(done.row, None)
            if is_torn:
                _cut(self._outcomes, line) if done is None else self.write(b"\n")
                return

    def _read_sent(self) -> None:
        for number, line, is_torn in _lines(self._journal):
            if is_torn:
                # the request is sent only when its line is there
                _cut(self._journal, line)
                return
            try:
                sent = msgspec.json.decode(line, type=Sent)
            except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
                raise ArazzoError(_unreadable(self.path, number + 1)) from None
            self._sent[sent.row] = sent.step

    def _take(self, row: int, tag: int, status: RowStatus) -> None:
        self._done.put(row, _STATUSES.index(status) + 1)
        self._tags.put(row, tag)


@contextmanager
def open_journal(
    path: str, workflow: str, batch_id: str | None = None, *, is_durable: bool = False
) -> Iterator[Journal]:
    """Open the outcomes of a batch, to begin it or to go on with it.

    Raises ``ArazzoError``: ``option-invalid`` when nothing can be written, ``batch-running``, ``batch-differs``.
    """
    if _has_text(path) and not _has_text(f"{path}{JOURNAL}"):
        raise ArazzoError(_without_journal(path))
    with ExitStack() as stack:
        with _telling_unwritten():
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)  # noqa: PTH103, PTH120 - the name is the user's
            outcomes, journal = (_open(each, stack) for each in (path, f"{path}{JOURNAL}"))
        if not _lock(journal):
            message = f"another process is at the batch whose outcomes are in `{path}`"
            fix = "wait until it has ended, or name another `--output`"
            raise ArazzoError(diagnose("batch-running", message, fix=fix))
        wanted = Head(batch_id or secrets.token_hex(4), workflow, is_durable)
        # a disk that is full takes an empty file, and no line
        with _telling_unwritten():
            head = _read_head(journal, path) or _write_head(journal, path, wanted)
        _check_same(head, path, replace(wanted, batch=batch_id or head.batch))
        opened = Journal(path, head, outcomes, journal)
        opened.read()
        yield opened


@contextmanager
def _telling_unwritten() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"`--output` cannot be written: {error.strerror}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error


def _has_text(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0  # noqa: PTH116 - the name is the user's
    except OSError:
        return False


def _open(path: str, stack: ExitStack) -> IO[bytes]:
    # rows may hold secrets, and outcomes what is for their user alone
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b")
    stack.callback(_close, file)
    return file


def _close(file: IO[bytes]) -> None:
    # what cannot be written any more was told when it could not
    with suppress(OSError):
        file.close()


def _lock(journal: IO[bytes]) -> bool:
    """Keep other processes from going on with the batch, and return whether none is at it."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return True
    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_head(journal: IO[bytes], path: str) -> Head | None:
    """Return the head of a journal, ``None`` when none was written: before it, nothing is sent."""
    journal.seek(0)
    line = journal.readline()
    if not line.endswith(b"\n"):
        return None
    try:
        head = msgspec.json.decode(line, type=Head)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        head = None
    if head is None or head.version != _VERSION:
        # rows may have been sent, and nobody could know which
        raise ArazzoError(_unreadable(path, 1))
    return head


def _write_head(journal: IO[bytes], path: str, head: Head) -> Head:
    if _has_text(path):
        raise ArazzoError(_without_journal(path))
    journal.truncate(0)
    journal.write(msgspec.json.encode(head) + b"\n")
    journal.flush()
    return head


def _check_same(head: Head, path: str, wanted: Head) -> None:
    facts = {
        f"workflow `{head.workflow}`": head.workflow != wanted.workflow,
        f"batch `{head.batch}`": head.batch != wanted.batch,
        "a batch with `--durable`" if head.is_durable else "a batch without `--durable`": (
            head.is_durable != wanted.is_durable
        ),
    }
    for what, differs in facts.items():
        if differs:
            message = f"`{path}` has the outcomes of {what}"
            raise ArazzoError(diagnose("batch-differs", message, fix="go on with that, or name another `--output`"))


def _without_journal(path: str) -> Diagnostic:
    message = f"`{path}` has something in it, and `{path}{JOURNAL}`, which says what became of it, is not there"
    return diagnose("batch-differs", message, fix="name a file that is not there yet, or put the journal beside it")


def _unreadable(path: str, number: int) -> Diagnostic:
    message = f"line {number:,} of `{path}{JOURNAL}` says nothing that can be read of the rows that were sent"
    fix = "look what became of the rows without an outcome, and give those that are to be run another `--output`"
    return diagnose("batch-differs", message, fix=fix)


def _foreign(path: str, number: int) -> Diagnostic:
    message = f"line {number:,} of `{path}` is no outcome of a row"
    return diagnose("batch-differs", message, fix="name a file that is not there yet, or put its lines right")


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Yield each line from where the file was read to, with its number, and whether it is torn off."""
    for number, line in enumerate(iter(file.readline, b""), 1):
        yield number, line, not line.endswith(b"\n")


def _cut(file: IO[bytes], line: bytes) -> None:
    file.truncate(os.fstat(file.fileno()).st_size - len(line))
