"""Reading recordings and reports from files.

Decides which of both a file is: a report is one JSON value, a recording one in each line; and which files of a folder
are recordings.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.recording.beginning import BEGINNING
from arazzo_engine.recording.captures import read_exchanges
from arazzo_engine.recording.comparing.attempts import attempts_of_recording, attempts_of_report
from arazzo_engine.recording.recording import read_recording
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.recording.captures import Capture
    from arazzo_engine.recording.comparing.attempts import Seen
    from arazzo_engine.recording.recording import Recording


def recorded_files(locations: Iterable[str]) -> Iterator[Path]:
    """Yield the files of recordings: those named, and all below the folders named.

    Raises ``ArazzoError`` (``option-invalid``) for a folder without one.
    """
    for location in map(Path, locations):
        if not is_folder(location):
            yield location
            continue
        found = sorted(location.rglob("*.jsonl"))
        if not found:
            message = f"there is no recording in {location}: no file of it is named `*.jsonl`"
            raise ArazzoError(diagnose("option-invalid", message, fix="name the files"))
        yield from found


def read_file(path: Path) -> Recording:
    """Return the recording in a file; raises ``ArazzoError``."""
    return read_recording(_content(path), str(path))


def read_traffic(path: Path) -> Recording | Capture:
    """Return the recording of a run, or the capture of traffic, in a file; raises ``ArazzoError``."""
    return read_exchanges(_content(path), str(path))


def read_runs(path: Path) -> Seen:
    """Return what a recording, or a report, shows of its runs; raises ``ArazzoError``."""
    content = _content(path)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        # several lines, of which each is JSON
        return attempts_of_recording(read_recording(content, str(path)))
    if isinstance(value, dict) and BEGINNING in value:
        # one that was cut off behind its first line
        return attempts_of_recording(read_recording(content, str(path)))
    return attempts_of_report(value, str(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {(error.strerror or 'it is no file').lower()}"
        raise ArazzoError(diagnose("recording-unreadable", message, fix="name a file that exists")) from error
