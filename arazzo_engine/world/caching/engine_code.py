"""Which engine this is: its code, the libraries beside it, and the Python that runs both.

Decides when what another engine found out is what this one would find out: when nothing differs that Python itself goes
by when it reads code, the size of each file and when it was written.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = Path(__file__).resolve().parent.parent.parent


@cache
def engine_code() -> bytes:
    """Return a digest of all code that decides what is found, empty when it cannot be looked at."""
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    try:
        stamps = [repr(each) for each in _stamps(str(_PACKAGE))]
    except OSError:
        return b""
    # a package that is no folder has no files
    return sha256("\0".join([sys.version, *_libraries(), *stamps]).encode()).digest() if stamps else b""


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda each: each.name)
    for each in inside:
        is_folder = each.is_dir(follow_symlinks=True)
        if is_folder and each.name != "__pycache__":
            yield from _stamps(each.path)
        elif not is_folder:
            found = each.stat()
            yield each.path, found.st_size, found.st_mtime_ns


def _libraries() -> list[str]:
    """Return the libraries that are installed: the names of these folders have their versions."""
    folders = (Path(each) for each in sys.path if os.path.isdir(each))  # noqa: PTH112 - raises nothing for any name
    return sorted(str(each) for folder in folders for each in folder.glob("*-info"))
