"""What a command prints, for a value that a command gives.

Decides how it is started and how long it may take: without a shell, without anything on its stdin, and bounded in time
and in what it prints. Its stderr is the user's, who may have to be asked something. Whether it may run is not known.
"""

from __future__ import annotations

import shlex
import subprocess
import time
from threading import Thread
from typing import Final

from arazzo_engine.documents.watch import go_on

_SECONDS: Final = 60
_LARGEST: Final = 1_000_000
# between two looks at whether the time of the run is over
_WHILE: Final = 0.05


class CommandError(Exception):
    """A command gave no value; its text says why, and nothing of what it printed."""


def output_of(command: str, folder: str) -> str:
    """Return what a command prints in a folder; raises ``CommandError``."""
    process = _started(command, folder)
    try:
        content = _printed(process)
        exit_code = process.wait(timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"did not end within {_SECONDS} seconds") from error
    finally:
        process.kill()
        process.wait()
    if exit_code:
        raise CommandError(f"ended with exit code {exit_code}")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise CommandError("printed what is not UTF-8 text") from error


def _started(command: str, folder: str) -> subprocess.Popen[bytes]:
    try:
        words = shlex.split(command)
        return subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # noqa: S603 - whoever wrote it, or allowed it, asks for it
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CommandError(f"cannot be started: {(reason or 'no reason is given').lower()}") from error


def _printed(process: subprocess.Popen[bytes]) -> bytes:
    """Return what a process prints; raises ``CommandError`` for too much, and ``TimeoutExpired``."""
    found: list[bytes] = []

    def read() -> None:
        if process.stdout is not None:
            with process.stdout as stream:
                found.append(stream.read(_LARGEST + 1))

    # what it has started may hold its stdout open for ever, so nobody waits for the end of that alone
    reader = Thread(target=read, daemon=True)
    reader.start()
    ends = time.monotonic() + _SECONDS
    while reader.is_alive():
        go_on()
        if time.monotonic() > ends:
            raise subprocess.TimeoutExpired(process.args, _SECONDS)
        reader.join(_WHILE)
    if len(found[0]) > _LARGEST:
        raise CommandError(f"printed more than {_LARGEST:,} bytes")
    return found[0]
