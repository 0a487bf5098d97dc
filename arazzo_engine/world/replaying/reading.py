"""Reading recordings and reports from files.

Decides which of both a file is: a report is one JSON value, a recording one in each line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.recording.comparing.attempts import attempts_of_recording, attempts_of_report
from arazzo_engine.recording.recording import read_recording

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.recording.comparing.attempts import Seen
    from arazzo_engine.recording.recording import Recording


def read_file(path: Path) -> Recording:
    """Return the recording in a file; raises ``ArazzoError``."""
    return read_recording(_content(path), str(path))


def read_runs(path: Path) -> Seen:
    """Return what a recording, or a report, shows of its runs; raises ``ArazzoError``."""
    content = _content(path)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        # several lines, of which each is JSON
        return attempts_of_recording(read_recording(content, str(path)))
    return attempts_of_report(value, str(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {(error.strerror or 'it is no file').lower()}"
        raise ArazzoError(diagnose("recording-unreadable", message, fix="name a file that exists")) from error
