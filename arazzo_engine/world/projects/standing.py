"""What stands around a document: the settings of its project, and the variables that its runs may be told of.

Decides where both are looked for. Only a document on this machine is looked around, and never above the root of its
project; a document of the network has no project, and the paths of a project file that the user names are not for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.typed import Silent
from arazzo_engine.world.loading.disk_files import is_folder
from arazzo_engine.world.loading.project import Project, project_of, shown
from arazzo_engine.world.projects.environment import Environment, environment_of
from arazzo_engine.world.projects.keys import is_remote
from arazzo_engine.world.projects.project_files import ProjectFile, find_project_file, read_project_file
from arazzo_engine.world.projects.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY: Final = "document"
_SOURCES: Final = "sources"
_SOURCE_DIR: Final = ("source-dir",)


class Choice(Struct, frozen=True):
    """What the user says of the project: its environment, its file, that there is none, that it may run commands."""

    env: str | None = None
    config: str | None = None
    no_project: bool = False
    allow_commands: bool = False

    def check(self) -> None:
        """Raise ``ArazzoError`` (``option-invalid``) for options that exclude each other."""
        for name, given in (("--env", self.env), ("--config", self.config)):
            if self.no_project and given is not None:
                message = f"`--no-project` and `{name}` exclude each other"
                raise ArazzoError(diagnose("option-invalid", message, fix="leave out one of them"))


class Standing(Silent, frozen=True):
    """The settings and the variables of a document; ``file`` is the project file, ``folders`` where `.env` may be."""

    settings: Settings = Settings()
    environment: Environment = Environment(os.environ)
    file: ProjectFile | None = None
    folders: tuple[Path, ...] = ()
    choice: Choice = Choice()

    @property
    def says_nothing(self) -> bool:
        """Whether nothing stands around the document but the environment."""
        return self.file is None and self.environment.variables is os.environ


NOWHERE: Final = Standing()


def stand(document: Path | None, choice: Choice) -> Standing:
    """Return what stands around a document on this machine, ``None`` for one of elsewhere.

    Raises ``ArazzoError``: ``project-unreadable``, ``project-invalid``, and ``option-invalid`` for an environment
    without a project file.
    """
    if choice.no_project:
        return NOWHERE
    project = None if document is None else _project(document)
    file = _file(project, choice)
    if file is None and choice.env is not None:
        raise ArazzoError(_no_file(choice.env, project))
    folders = tuple(dict.fromkeys(_folders(project, file)))
    settings = Settings() if file is None else read_settings(file, choice.env)
    if document is None:
        settings = _without_paths(settings)
    return Standing(settings, environment_of(folders), file, folders, choice)


def _project(document: Path) -> Project | None:
    """Return the project of a document, or of those in a folder; ``None`` for a name that no file can have."""
    whole = Path(os.path.abspath(document))  # noqa: PTH100 - without following links
    try:
        return project_of(whole / _ANY if is_folder(whole) else whole)
    except OSError:
        return None


def _file(project: Project | None, choice: Choice) -> ProjectFile | None:
    if choice.config is not None:
        return read_project_file(Path(choice.config))
    return None if project is None else find_project_file(project)


def _folders(project: Project | None, file: ProjectFile | None) -> Iterator[Path]:
    """Yield the folders of `.env` files, the nearest first; a root that is only guessed is none."""
    if project is not None:
        yield project.folders[0]
    if file is not None:
        yield file.folder
    elif project is not None and project.is_marked:
        yield project.root


def _without_paths(settings: Settings) -> Settings:
    """Return the settings for a document of the network, which never makes a file be read as a description."""
    kept = {
        path: each
        for path, each in settings.values.items()
        if path != _SOURCE_DIR and (path[0] != _SOURCES or is_remote(each.value))
    }
    return replace(settings, values=kept)


def _no_file(env: str, project: Project | None) -> Diagnostic:
    message = f"`--env` names the environment `{env}`, and there is no project file that could have it"
    where = "" if project is None else f" in {shown(project.root)}"
    fix = f"write `[env.{env}]` into an `arazzo.toml`{where}, or name a project file with `--config`"
    return diagnose("option-invalid", message, fix=fix)
