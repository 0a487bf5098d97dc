"""Writing a document back into its file: at once or not at all, and never somewhere else.

Decides which files are written: regular ones, that still hold what was read, and that a link does not lead away from
its folder to. The mark and the encoding that a text had, and the rights of its file, stay as they are.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.documents.document import Document  # noqa: TC001 - the types of what is public can be read
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.world.loading.file_uris import path_at
from arazzo_engine.world.rewriting.rewriting import Rewriting  # noqa: TC001 - the types of what is public can be read

_KINDS: Final = ((stat.S_ISDIR, "it is a folder"), (stat.S_ISFIFO, "it is a pipe"), (stat.S_ISSOCK, "it is a socket"))


def write_back(rewriting: Rewriting) -> None:
    """Write the text of a document into the file that it was read from; nothing when it is what is there.

    Raises ``ArazzoError`` (``result-unwritten``), with the file as it was.
    """
    if not rewriting.is_changed:
        return
    document = rewriting.document
    path = _file_of(document)
    try:
        found = path.read_bytes()
        mark_encoding, encoded = split_mark(found)
        encoding = mark_encoding or "UTF-8"
        if encoded.decode(encoding) != document.text:
            raise _unwritten(document, "it has changed since it was read")
        mark = found[: len(found) - len(encoded)]
        _replace(path, mark + rewriting.text.encode(encoding))
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _unwritten(document, (reason or "it cannot be written").lower()) from error


def _file_of(document: Document) -> Path:
    """Return the file of a document, behind a link that stays below its own folder."""
    if scheme_of(document.uri) != "file":
        raise _unwritten(document, "it is no file")
    path = path_at(document.uri)
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError) as error:
        raise _unwritten(document, "it is there no more") from error
    if path.is_symlink() and not real.is_relative_to(path.parent.resolve()):
        raise _unwritten(document, "it is a link that leads out of its folder")
    if not stat.S_ISREG(mode):
        raise _unwritten(document, next((what for fits, what in _KINDS if fits(mode)), "it is no regular file"))
    return real


def _replace(path: Path, content: bytes) -> None:
    """Put another file in the place of one, complete and with its rights."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "permission denied")
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    finally:
        # what has taken its place is there no more
        beside.unlink(missing_ok=True)


def _unwritten(document: Document, why: str) -> ArazzoError:
    message = f"`{document.name}` was not written: {why}"
    return ArazzoError(
        diagnose(
            "result-unwritten",
            message,
            fix="name a file that may be written; without `--write`, the difference is shown",
        )
    )
