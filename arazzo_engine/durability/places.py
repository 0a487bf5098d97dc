"""Where runs are kept: a database that the user names, else a file in the user's own folder.

Decides which database that is, and makes the file for its user alone. What is in it is not known here.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from platformdirs import user_config_path, user_data_path

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import hide_in_address
from arazzo_engine.world.caching.own_files import own_folder
from arazzo_engine.world.loading.disk_files import is_folder, is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Mapping

URL_VARIABLE: Final = "ARAZZO_DATABASE_URL"
KEY_VARIABLE: Final = "ARAZZO_STATE_KEY"
FOLDER_VARIABLE: Final = "ARAZZO_STATE_DIR"
KEY_FILE: Final = "state.key"
_FILE: Final = "runs.sqlite"
_KINDS: Final = ("sqlite:", "postgresql:", "postgres:")
_FIX: Final = "write `postgresql://user:password@host:5432/database`, or `sqlite:///path/to/a/file`"
# of a file only: nothing would be kept in memory, and what stands behind a `?` would be a part of its name
_OF_SQLITE: Final = lazy_pattern(r"sqlite:///(?!:memory:|file:)[^?#]*[^?#/]")
# RFC 3986, section 3.2; a socket has no host
_WRITTEN: Final = lazy_pattern(r"(?:[^@/#\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^@:/#\[\]\s]*)(?::[0-9]{0,5})?/[^@/#\s]+")


class Place(Struct, frozen=True):
    """A database by its URL; of SQLite, ``file`` is where it is."""

    url: str
    file: Path | None = None

    def __repr__(self) -> str:
        return f"Place({self})"

    def __str__(self) -> str:
        return str(self.file or hide_in_address(self.url))

    @property
    def is_there(self) -> bool:
        """Whether there can be runs in it: a server is asked, a file is looked for."""
        return self.file is None or is_taken(self.file)

    def make(self) -> None:
        """Make the file, for its user alone; raises ``ArazzoError`` (``state-unavailable``)."""
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _begin(self.file)
        except OSError as error:
            message = f"runs cannot be kept in {self.file}: {_reason(error)}"
            fix = f"name a folder that can be written to in `{FOLDER_VARIABLE}`, or a database with `--database-url`"
            raise ArazzoError(diagnose("state-unavailable", message, fix=fix)) from error


def _reason(error: OSError) -> str:
    """Return why there can be no file; of a folder that is there and none, the system says that it exists."""
    if isinstance(error, FileExistsError):
        return "its folder is not a folder"
    return (error.strerror or "it cannot be opened").lower()


def find_place(url: str | None = None, environment: Mapping[str, str] = os.environ) -> Place:
    """Return where runs are kept; raises ``ArazzoError`` (``option-invalid``) for a URL of another kind."""
    if url is None:
        url = environment.get(URL_VARIABLE) or None
    if url is None:
        return _file_place(_folder(environment.get(FOLDER_VARIABLE)) / _FILE)
    if _OF_SQLITE.fullmatch(url):
        return _file_place(Path(url.removeprefix("sqlite:///")).absolute())
    if not url.startswith(_KINDS[1:]) or "://" not in url:
        message = "`--database-url` names no database that runs can be kept in"
        raise ArazzoError(diagnose("option-invalid", message, fix=_FIX))
    _check_written(url)
    return Place(url.replace("postgres://", "postgresql://", 1))


def _folder(given: str | None) -> Path:
    if not given:
        found = own_folder(user_data_path)
    elif given == "~" or given.startswith("~/"):
        # as a shell writes it; what reads a file of variables does not
        found = own_folder(lambda _: Path(given).expanduser())
    else:
        found = Path(given)
    if found is None:
        fix = f"name a folder by its whole path in `{FOLDER_VARIABLE}`, or a database with `--database-url`"
        message = "runs cannot be kept: the user has no home folder, where the file with them would be"
        raise ArazzoError(diagnose("state-unavailable", message, fix=fix))
    return found.absolute()


def _check_written(url: str) -> None:
    # read otherwise than it was meant, a part of the password would be the host, and stand in every message
    place, _, query = url.partition("://")[2].partition("?")
    wrong = ""
    if "@" in query or place.count("@") > 1:
        wrong = "has an `@` that is no part of its form"
    elif not _WRITTEN.fullmatch(place):
        wrong = "has no host, port and database that can be read"
    if wrong:
        fix = f"{_FIX}; in a password, `@` is written `%40`, `/` is `%2F`, `?` is `%3F`, `#` is `%23`"
        raise ArazzoError(diagnose("option-invalid", f"the URL of the database {wrong}", fix=fix))


def _begin(file: Path) -> None:
    """Make a file, and have one write to the disk make each record safe, instead of three; raises ``OSError``.

    https://www.sqlite.org/wal.html: it stays so, and where it cannot be, the file is used as it was.
    """
    # https://www.sqlite.org/howtocorrupt.html, 2.2: what opens and closes a file that is in use takes its locks away
    if is_taken(file):
        if is_folder(file):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not is_there(file) or not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")


def _file_place(path: Path) -> Place:
    return Place(f"sqlite:///{path}", path)


def key_file() -> Path:
    """Return where the key is with which runs are kept, when no variable has it: never beside them.

    Raises ``ArazzoError`` (``state-key-wrong``) when there is no such place.
    """
    folder = own_folder(user_config_path)
    if folder is None:
        message = "there is no key of the kept runs: the user has no home folder, where its file would be"
        raise ArazzoError(diagnose("state-key-wrong", message, fix=f"set `{KEY_VARIABLE}`"))
    return folder / KEY_FILE
