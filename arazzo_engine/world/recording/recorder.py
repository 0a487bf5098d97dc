"""Recording runs: each effect and its reply is a line of a file, which is on the disk before the run goes on.

Decides where a recording is and when a line is written: a reply at once, what is only told before anything else is
asked of the world. What stands between a run and whatever drives it is one more
run, which asks the same: so runs in a thread, in an event loop and with simulated answers are recorded alike. What is
in a line, and which secrets are hidden in it, is decided by ``recording``.
"""

from __future__ import annotations

import errno
import os
import platform
import secrets
import weakref
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import IO, TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.machine.effects import Emit
from arazzo_engine.machine.endings import carrying, report_of
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.recording.beginning import Beginning, Called, Text, Texts, write_text
from arazzo_engine.recording.effects import (
    RAISED,
    REPLY,
    write_diagnostics,
    write_effect,
    write_ending,
    write_raised,
    write_reply,
)
from arazzo_engine.recording.files import with_files
from arazzo_engine.recording.hiding.known_secrets import Looking
from arazzo_engine.recording.hiding.replacing import Hiding
from arazzo_engine.recording.lines import ChangedLineError, Sealing, encode, read_each
from arazzo_engine.recording.writing import searched, written, written_again
from arazzo_engine.reporting.messages.named_secrets import texts_of
from arazzo_engine.typed import Silent, SilentState
from arazzo_engine.world.recording.places import NEW, OPTION, new_path, open_new
from arazzo_engine.world.recording.remembered import write_access, written_sources, written_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.machine.effects import Effect, Interaction
    from arazzo_engine.machine.settings import Settings
    from arazzo_engine.machine.tokens import Tokens
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.loading.library import Library
    from arazzo_engine.world.preparing import Ready


class Session(Silent, frozen=True):
    """What is recorded: runs that are ready, and what they start from."""

    ready: Ready
    settings: Settings
    tokens: Tokens
    warnings: tuple[Diagnostic, ...]
    started_at: float
    run_id: str = ""
    is_rehearsal: bool = False


class Recordings(Struct, frozen=True):
    """Where the runs of a program are recorded: one file, or a folder with a file for each.

    ``options`` are those that decide what a run does, ``library`` the documents, ``secrets`` what must never be shown
    besides what a run knows.
    """

    place: str
    options: Mapping[str, Any]
    library: Library
    secrets: tuple[str, ...] = ()

    def begin(self, session: Session) -> Recorder:
        """Return what records the runs that are prepared, whose recording has begun.

        Raises ``ArazzoError`` (``option-invalid``) where none can be written: nothing has been sent then.
        """
        path = new_path(self.place, session.run_id)
        file = open_new(path, OPTION, NEW)
        recorder = Recorder(
            file, path, session, len(session.ready.calls), Looking(find_secrets(session.ready.linked)), self.library
        )
        # of runs that are not made, or given up, nobody tells the end
        weakref.finalize(recorder, file.close)
        recorder.begin(self)
        return recorder


class Recorder(SilentState, weakref=True):
    """Writes the recording of a session, whose runs are made one after the other. ``lost`` is why it has ended."""

    file: IO[bytes]
    path: str
    session: Session
    runs: int
    looking: Looking
    library: Library
    hiding: Hiding = field(default_factory=Hiding)
    sealing: Sealing = field(default_factory=Sealing)
    lost: OSError | None = None
    _known: int = 0
    _read: int = 0
    _told: list[bytes] = field(default_factory=list)

    def begin(self, recordings: Recordings) -> None:
        """Write what is run, with which documents."""
        literals = find_secrets(self.session.ready.linked).literals.values()
        self.hiding.spare(texts_of(value for each in literals for value in each))
        self.hiding.learn((*recordings.secrets, *self._known_before()))
        texts = Texts()
        beginning = _beginning(self.session, recordings, texts)
        for line in (beginning, *self._texts(texts, recordings.library)):
            self._write(line)
        self._flush()
        self._known = self.hiding.count

    def recorded(self, run: Interaction[RunReport]) -> Interaction[RunReport]:
        """Pass on what a run asks and is answered, and record both."""
        try:
            effect = next(run)
            while True:
                if not isinstance(effect, Emit):
                    self._flush()
                try:
                    reply = yield effect
                except BaseException as cut:  # noqa: BLE001 - what a driver throws is for the run
                    self._tell(effect, {RAISED: write_raised(cut)}, None)
                    effect = run.throw(cut)
                else:
                    self._tell(effect, {REPLY: write_reply(reply)}, reply)
                    effect = run.send(reply)
        except StopIteration as finished:
            return self._end(finished.value)
        except BaseException as cut:
            report = report_of(cut)
            if report is not None:
                carrying(cut, self._end(report))
            raise

    def _tell(self, effect: Effect, came: dict[str, Any], reply: object) -> None:
        found = self.looking.secrets_in(effect, reply)
        if found:
            self.hiding.learn(found)
        if len(self.library.texts) > self._read:
            self._tell_read()
        self._write(write_effect(effect) | came)
        if not isinstance(effect, Emit):
            self._flush()

    def _end(self, report: RunReport) -> RunReport:
        self._tell_read()
        self.hiding.learn((*report.secrets, *(secret for step in report.steps for secret in step.secrets)))
        self._write({"end": write_ending(report)})
        self._flush()
        self.runs -= 1
        if self.runs == 0:
            self._close()
        return report if self.lost is None else replace(report, diagnostics=(*report.diagnostics, _lost(self.lost)))

    def _close(self) -> None:
        try:
            self.file.close()
            if self.lost is None and self.hiding.since(self._known):
                write_again(self.path, self.hiding, self._known)
        except OSError as error:
            self.lost = error

    def _write(self, line: dict[str, Any]) -> None:
        self._told.append(self.sealing.line(written(line, self.hiding)))

    def _flush(self) -> None:
        """Have all lines on the disk; a run goes on without its recording, and tells that at its end."""
        lines = b"".join(self._told)
        self._told.clear()
        if not lines or self.lost is not None:
            return
        try:
            put(self.file, lines)
        except OSError as error:
            self.lost = error

    def _known_before(self) -> tuple[str, ...]:
        """Return the secrets that are known before the first step: credentials and inputs."""
        session, ready = self.session, self.session.ready
        known = find_secrets(ready.linked)
        inputs = (
            each for call in ready.calls for each in known.inputs_of(ready.linked.workflows[call.key], call.inputs)
        )
        tokens = (*session.tokens.seen, *(each for held in session.tokens.held.values() for each in held.secrets()))
        return (*session.settings.access.credentials.values(), *session.settings.secrets, *inputs, *tokens)

    def _texts(self, texts: Texts, library: Library) -> list[dict[str, Any]]:
        self._read = len(library.texts)
        # a document that is called like a secret is found by its name
        names = "\n".join(library.texts)
        hidden_texts = ((digest, self._of_document(content, names)) for digest, content in texts.by_digest.items())
        return [write_text(digest, content) for digest, content in hidden_texts]

    def _tell_read(self) -> None:
        """Write the documents that were read since: a check reads some when it comes to them."""
        library = self.library
        for uri, (found, content) in list(library.texts.items())[self._read :]:
            texts = Texts()
            text = Text(uri, found, texts.add(content), library.names.get(found, ""))
            self._write({**write_text(text.digest, self._of_document(content, uri)), "of": msgspec.to_builtins(text)})
        self._read = len(library.texts)

    def _of_document(self, content: bytes, names: str) -> bytes:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return content
        return self.hiding.document(text, names).encode()


def put(file: IO[bytes], lines: bytes) -> None:
    """Write lines and have them on the disk."""
    done = file.write(lines)
    while done < len(lines):
        done += file.write(lines[done:])
    os.fsync(file.fileno())


def _beginning(session: Session, recordings: Recordings, texts: Texts) -> dict[str, Any]:
    """Return the first line, in which secrets stand in the free parts."""
    ready, access = session.ready, write_access(session.settings.access)
    document = ready.linked.entry.at.document
    _add_entry(recordings.library, document)
    beginning = Beginning(
        engine=engine_version(),
        python=platform.python_version(),
        is_rehearsal=session.is_rehearsal,
        document=document.uri,
        name=document.name,
        workflows=tuple(Called(call.key.workflow_id, {}, call.defaulted) for call in ready.calls),
        texts=written_texts(recordings.library, texts),
        sources=written_sources(recordings.library),
        options=dict(recordings.options),
        access={},
        hidden=(),
        tokens=(),
        noted=(),
        warnings=(),
        started_at=session.started_at,
    )
    inputs = [{name: with_files(each) for name, each in call.inputs.items()} for call in ready.calls]
    line = beginning.to_json()
    for called, given in zip(line["workflows"], inputs, strict=True):
        called["inputs"] = given
    held = ((grant, token) for grant, token in session.tokens.held.items())
    later = {
        "access": access,
        "hidden": list(session.settings.secrets),
        "tokens": [[msgspec.to_builtins(grant), msgspec.to_builtins(token)] for grant, token in held],
        "noted": sorted(session.tokens.noted),
        "warnings": write_diagnostics(session.warnings),
    }
    return line | later


def _add_entry(library: Library, document: Document) -> None:
    """Take the document of a run that came from no file into the library."""
    # a folder may stand for a text in it
    asked = document.uri.rstrip("/")
    library.texts.setdefault(asked, (document.uri, document.text.encode("utf-8", errors="surrogatepass")))
    library.names.setdefault(document.uri, document.name)


def write_again(path: str, hiding: Hiding, known: int) -> None:
    """Write a recording once more when a secret stands in it that was not known when it was written.

    Raises ``OSError``. It may be large, and no more than a line of it is held.
    """
    if not any(hiding.is_in(searched(each, encode(each), hiding), known) for each in _lines_of(path)):
        return
    sealing, draft = Sealing(), f"{path}.{secrets.token_hex(4)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - with its rights from the first byte
        for line in _lines_of(path):
            del line["seal"]
            file.write(sealing.line(written_again(line, hiding)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)  # noqa: PTH105 - the names are the user's


def _lines_of(path: str) -> Iterator[dict[str, Any]]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the name is the user's
            yield from read_each(file)
    except ChangedLineError as error:
        raise OSError(errno.EIO, "somebody else has changed it") from error


def _lost(error: OSError) -> Diagnostic:
    message = f"the recording ends before the run does: {(error.strerror or 'it cannot be written').lower()}"
    return diagnose("recording-lost", message, fix="record the next run where there is room")


@cache
def engine_version() -> str:
    """Return the version of the package, ``""`` when it is used without having been installed."""
    try:
        return version("arazzo-engine")
    except PackageNotFoundError:
        return ""
