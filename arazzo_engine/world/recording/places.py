"""Where recordings are: a new file, or a folder in which each run has one that is called like the run.

Decides that no file is ever written over, and that a place where nothing can be written is told before all else.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from typing import IO, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern

OPTION: Final = "--record"
NEW: Final = "name another one, or a folder, in which each run gets a file of its own"
SUFFIX: Final = ".jsonl"
_NAME: Final = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def new_path(place: str, run_id: str) -> str:
    """Return the path of a new recording at a place; raises ``ArazzoError`` for a folder that cannot be made."""
    if not _make_folder(place):
        return place
    drawn = secrets.token_hex(4)
    named = named_path(place, run_id) or os.path.join(place, f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}-{drawn}{SUFFIX}")  # noqa: PTH118 - the name is the user's
    # a run of the same id is another run
    return named if not os.path.exists(named) else f"{named.removesuffix(SUFFIX)}-{drawn}{SUFFIX}"  # noqa: PTH110 - the same


def named_path(folder: str, run_id: str) -> str:
    """Return the path of the first recording of a run in a folder, empty when no file can be called so."""
    return os.path.join(folder, f"{run_id}{SUFFIX}") if _NAME.fullmatch(run_id) else ""  # noqa: PTH118 - the same


def is_recorded(folder: str, run_id: str) -> bool:
    """Whether a folder has a recording of a run."""
    named = named_path(folder, run_id)
    return bool(named) and os.path.exists(named)  # noqa: PTH110 - the same


def folder_of_rows(place: str | os.PathLike[str]) -> str:
    """Return the folder in which each of many runs has its recording; raises ``ArazzoError`` where none can be."""
    folder = os.path.join(os.fspath(place), "")  # noqa: PTH118 - the same
    check_place(folder)
    return folder


def check_place(place: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a place where no recording can be, before anything is sent."""
    tried = os.path.join(place, f".{secrets.token_hex(8)}") if _make_folder(place) else place  # noqa: PTH118 - the name is the user's
    open_new(tried, OPTION, NEW).close()
    os.unlink(tried)  # noqa: PTH108 - the same


def _make_folder(place: str) -> bool:
    """Make the folder that recordings are in, and return whether the place is one; raises ``ArazzoError``."""
    is_folder = place.endswith(("/", os.sep)) or os.path.isdir(place)  # noqa: PTH112 - the name is the user's
    try:
        os.makedirs(place if is_folder else os.path.dirname(place) or ".", exist_ok=True)  # noqa: PTH103, PTH120 - the same
    except (OSError, ValueError) as error:
        message = f"`{OPTION}` cannot be written: {getattr(error, 'strerror', None) or 'it cannot be a folder'}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a folder that can be written")) from error
    return is_folder


def open_new(path: str, option: str, fix: str) -> IO[bytes]:
    """Return a new file for its user alone; ``option`` is what named it, and ``fix`` what to do when it is there.

    Raises ``ArazzoError`` (``option-invalid``) where none can be written.
    """
    try:
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)  # noqa: PTH123 - with its rights from the first byte
    except FileExistsError as error:
        raise _is_there(path, option, fix) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be a file"
        message = f"`{option}` cannot be written: {reason}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that can be written")) from error


def _is_there(path: str, option: str, fix: str) -> ArazzoError:
    message = f"`{option}` names a file that is there already: {path}"
    return ArazzoError(diagnose("option-invalid", message, fix=fix))
