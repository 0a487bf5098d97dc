"""The project file of a document: ``arazzo.toml``, or the table ``[tool.arazzo]`` of ``pyproject.toml``.

Decides which file it is, and that only a plain file of the project is read, and never more than such a file needs. What
its keys mean is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose
from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.positions import locate_offset
from arazzo_engine.world.loading.disk_files import NoFileError, is_anothers, read_bounded
from arazzo_engine.world.loading.project import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from arazzo_engine.documents.toml.places import Spot
    from arazzo_engine.world.loading.project import Project

FILE: Final = "arazzo.toml"
_SHARED: Final = "pyproject.toml"
_TABLE: Final = ("tool", "arazzo")
_LARGEST: Final = 1_000_000
# what stands below these may be a secret that somebody wrote where none should be
_NEVER_SHOWN: Final = frozenset({"auth", "inputs"})


class ProjectFile(Struct, frozen=True):
    """What a project file says, with the place of each part. ``root`` is the folder that a file that was found is of.

    A file that the user named has no root: whoever names it answers for it.
    """

    path: Path
    text: str
    value: Mapping[str, Any]
    spots: Mapping[tuple[str, ...], Spot]
    table: tuple[str, ...] = ()
    root: Path | None = None

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return shown(self.path)

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.path.absolute().parent

    def place(self, *path: str, of: str = "value") -> Location:
        """Return where a value stands, or its ``key``; of what is nearest when nothing stands there."""
        whole = (*self.table, *path)
        while whole and whole not in self.spots:
            whole = whole[:-1]
        if not whole:
            return Location(self.name)
        spot = self.spots[whole]
        start, end = spot.key if of == "key" else spot.value
        found = locate_offset(self.text, start, self.name)
        width = max(1, min(end - start, len(found.source) - found.column + 1))
        return replace(found, width=width, source="" if _may_be_secret(path) else found.source)


def find_project_file(project: Project) -> ProjectFile | None:
    """Return the project file nearest to a document, ``None`` when there is none up to its root.

    Raises ``ArazzoError`` (``project-unreadable``).
    """
    for folder in project.folders:
        for name in (FILE, _SHARED):
            path = folder / name
            if _is_there(path) and (found := _read_found(path, project)) is not None:
                return found
    return None


def read_project_file(path: Path) -> ProjectFile:
    """Return the project file that the user names; raises ``ArazzoError`` (``project-unreadable``)."""
    found = _parsed(path, _text(path))
    if path.name == _SHARED and not found.table:
        message = f"the project file cannot be used: {shown(path)} has no table `[tool.arazzo]`"
        raise ArazzoError(diagnose("project-unreadable", message, fix="write one, or name another file"))
    return found


def _read_found(path: Path, project: Project) -> ProjectFile | None:
    if not project.holds(path):
        message = f"the project file cannot be used: {shown(path.parent)}/{path.name} is a link that leads out of it"
        raise ArazzoError(_unreadable(message, "put the file there, name it with `--config`, or use `--no-project`"))
    if path.name == FILE:
        _check_owner(path)
        return replace(_parsed(path, _text(path)), root=project.root)
    try:
        # most of these are for other tools, and so are their mistakes
        if b"arazzo" not in read_bounded(path, _LARGEST):
            return None
        text = _text(path)
        found = _parsed(path, text)
    except NoFileError:
        return None
    except ArazzoError as error:
        is_readable = error.diagnostics[0].code == "project-invalid"
        if not is_readable and "[tool.arazzo" not in _text(path):
            return None
        raise
    if not found.table:
        return None
    _check_owner(path)
    return replace(found, root=project.root)


def _check_owner(path: Path) -> None:
    """Raise ``ArazzoError`` (``project-unreadable``) for a file that anybody may have laid beside a document."""
    if is_anothers(path):
        message = f"the project file cannot be used: {shown(path)} is another user's, in a folder that is everybody's"
        raise ArazzoError(_unreadable(message, "name it with `--config` if you believe it, or use `--no-project`"))


def _is_there(path: Path) -> bool:
    try:
        return path.is_symlink() or path.exists()
    except OSError:
        return False


def _text(path: Path) -> str:
    fix = "name a TOML file that can be read"
    try:
        return read_bounded(path, _LARGEST).decode("utf-8-sig")
    except NoFileError as error:
        raise ArazzoError(_unreadable(f"the project file cannot be read: {shown(path)}: {error}", fix)) from error
    except UnicodeDecodeError as error:
        message = f"the project file cannot be read: {shown(path)}: it is not UTF-8 text"
        raise ArazzoError(_unreadable(message, "save it as UTF-8")) from error


def _parsed(path: Path, text: str) -> ProjectFile:
    from arazzo_engine.documents.toml.places import spots_of  # noqa: PLC0415 - few documents have a project file
    from arazzo_engine.documents.toml.text import read_toml  # noqa: PLC0415 - the same

    try:
        value = read_toml(text)
        spots = spots_of(text)
    except MalformedText as error:
        # the line may hold a secret that was meant for another place
        at = replace(locate_offset(text, error.offset, shown(path)), source="")
        message = f"the project file cannot be read: {error.message}"
        raise ArazzoError(diagnose("project-unreadable", message, at, fix=error.fix)) from error
    if path.name != _SHARED:
        return ProjectFile(path, text, value, spots)
    tools = value.get(_TABLE[0])
    shared = tools.get(_TABLE[1]) if isinstance(tools, dict) else None
    if shared is None:
        return ProjectFile(path, text, {}, spots)
    file = ProjectFile(path, text, shared if isinstance(shared, dict) else {}, spots, _TABLE)
    if not isinstance(shared, dict):
        message, fix = "`tool.arazzo` must be a table", "write `[tool.arazzo]`, with the keys below it"
        raise ArazzoError(diagnose("project-invalid", message, file.place(), fix=fix))
    return file


def _may_be_secret(path: tuple[str, ...]) -> bool:
    """Whether something stands below `auth` or `inputs`, or below those of an environment, or of a workflow of one."""
    return bool(_NEVER_SHOWN & {*path[:1], *path[2:3], *path[4:5]})


def _unreadable(message: str, fix: str) -> Diagnostic:
    return diagnose("project-unreadable", message, fix=fix)
