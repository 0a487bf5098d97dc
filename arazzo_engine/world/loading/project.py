"""The project that a local document belongs to: its root, and the files of descriptions below it.

Decides how far may be looked and how much. What the files are wanted for, and what they hold, is not known here.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.documents.watch import go_on
from arazzo_engine.world.caching.questions import question
from arazzo_engine.world.loading.disk_files import is_folder, is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# what a project's own folder holds
_MARKS: Final = (".git", "arazzo.toml", "pyproject.toml")
_LEVELS: Final = 4
_DEEPEST: Final = 12
# where folders of temporary files are: what names them, and what they are called
_TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
_TEMPORARY_FOLDERS: Final = (Path("/tmp"), Path("/var/tmp"), Path("/usr/tmp"))  # noqa: S108 - nothing is written there
MOST_FILES: Final = 50_000
_ENDINGS: Final = (".yaml", ".yml", ".json")
# folders of other people's files
_FOREIGN: Final = frozenset({"node_modules", "__pycache__", "site-packages"})


class Project(Struct, frozen=True):
    """The folders above a document, nearest first, the last of them the root. ``is_marked`` when the root says so."""

    folders: tuple[Path, ...]
    is_marked: bool

    @property
    def root(self) -> Path:
        """The highest folder that may be looked into."""
        return self.folders[-1]

    @property
    def searched(self) -> tuple[Path, ...]:
        """The folders to look below, in turn: a root that is only guessed is the last resort.

        What lies below a root does so with its hidden folders passed over; the one that holds the document comes last.
        """
        if not self.is_marked:
            return self.folders
        hidden = [each for each in self.folders[:-1] if each.name.startswith(".")]
        return (self.root, *hidden[-1:])

    def holds(self, path: Path) -> bool:
        """Whether a file is below the root, wherever a link leads."""
        return real_path(path).is_relative_to(real_path(self.root))


class TooManyFilesError(Exception):
    """There are more files below a folder than are looked at."""


@question
def project_of(document: Path) -> Project:
    """Return the project of a document: up to the folder with a mark, or four levels where none has one.

    The user's home, a folder of temporary files, and what is above them, hold many projects and are none.
    """
    not_one = _folders_of_projects()
    folders = [each for each in document.parents if each not in not_one] or [document.parent]
    for count, folder in enumerate(folders, start=1):
        if any(is_taken(folder / mark) for mark in _MARKS):
            return Project(tuple(folders[:count]), is_marked=True)
    return Project(tuple(folders[: _LEVELS + 1]), is_marked=False)


@question
def real_path(path: Path) -> Path:
    """Return where a path leads through all links; one that leads round in a circle is read by nobody, and stays."""
    return Path(os.path.realpath(path))


def shown(path: Path) -> str:
    """Return a path as a person would type it: relative when it is below the current folder."""
    whole = real_path(path)
    try:
        return str(whole.relative_to(Path.cwd()))
    except ValueError:
        return str(whole)


class Listing(Struct, frozen=True):
    """The files below folders, each folder looked through once; ``go_on`` is asked before each file is looked into."""

    go_on: Callable[[], object]
    _listed: dict[Path, tuple[Path, ...] | None] = field(default_factory=dict)

    def below(self, folder: Path) -> tuple[Path, ...]:
        """Return the files below a folder that could hold a description; raises ``TooManyFilesError``."""
        if folder not in self._listed:
            self._listed[folder] = files_below(folder)
        found = self._listed[folder]
        if found is None:
            raise TooManyFilesError
        return found


@question
def files_below(folder: Path) -> tuple[Path, ...] | None:
    """Return the files below a folder that could hold a description, in the order of their paths.

    ``None`` when there are too many files to look at. Follows no link, and looks into no hidden folder. Before each
    folder, work may be given up.
    """
    found = tuple(islice(_walk(str(folder), _DEEPEST), MOST_FILES + 1))
    if len(found) > MOST_FILES:
        return None
    return tuple(Path(path) for path in found if os.path.splitext(path)[1].lower() in _ENDINGS)  # noqa: PTH122 - of all files there are, a few become paths


@question
def why_no_file(path: Path) -> str:
    """Return what it is that a path leads to and that is no file, empty for a file and where nothing is."""
    if is_folder(path):
        return "a folder"
    return "no regular file" if is_taken(path) and not is_there(path) else ""


@question
def size_of(path: Path) -> int | None:
    """Return how many bytes a file has, ``None`` for one that was there a moment ago."""
    try:
        return path.stat().st_size
    except OSError:
        return None


@question
def content_of(path: Path) -> bytes:
    """Return the bytes of a file, none when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _walk(folder: str, deepest: int) -> Iterator[str]:
    go_on()
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda each: each.name)
    except OSError:
        return  # a folder that may not be read
    for each in inside:
        if each.is_file(follow_symlinks=False):
            yield each.path
        elif deepest and each.is_dir(follow_symlinks=False) and not _is_passed_over(each.name):
            yield from _walk(each.path, deepest - 1)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in _FOREIGN


def _folders_of_projects() -> frozenset[Path]:
    # not `tempfile.gettempdir`, which brings much along and tries to write
    named = (Path(os.environ[name]) for name in _TEMPORARY if os.environ.get(name))
    # a user without a home has none of these: `~` is above no document
    lowest = (Path(os.path.expanduser("~")), *named, *_TEMPORARY_FOLDERS)  # noqa: PTH111 - which raises there
    return frozenset(folder for each in lowest for folder in (each, *each.parents))
