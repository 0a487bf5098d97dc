"""What a project file says, as values: checked as a whole, and put together for one environment.

Decides which of several values is in force: that of the environment before that of the file. Every value knows where it
is written. Which of the names a document has is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose, did_you_mean
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.typed import Silent
from arazzo_engine.vocabulary import any_of
from arazzo_engine.world.projects.keys import (
    ASKED_FOR,
    BY_SOURCE,
    OF_WORKFLOWS,
    SCALARS,
    TABLES,
    Key,
    Site,
    WrongValueError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.world.projects.project_files import ProjectFile

_ENV: Final = "env"
_LIMITS: Final = "limits"
_WORKFLOWS: Final = "workflows"
# stands for every source
ALL: Final = ""
_KEYS: Final = tuple(dict.fromkeys((*(path[0] for path in SCALARS), *TABLES, _WORKFLOWS)))


class Setting(Silent, frozen=True):
    """A value of a project file: where it is written, and in which environment, ``""`` when for all."""

    value: Any
    location: Location
    env: str = ""


class Settings(Silent, frozen=True):
    """The values that are in force, by the path of their key, and what should be said of the file."""

    values: Mapping[tuple[str, ...], Setting] = field(default_factory=dict)
    warnings: tuple[Diagnostic, ...] = ()

    def options(self) -> dict[str, Any]:
        """Return the options of an engine that are no tables."""
        return {key.option: self.values[path].value for path, key in SCALARS.items() if path in self.values}

    def located(self, problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return what is wrong with options, each at the place of the value that is one of this file."""
        places = {f"`--{path[-1]}`": self.values[path].location for path in SCALARS if path in self.values}
        return tuple(
            replace(each, location=next((at for name, at in places.items() if name in each.message), each.location))
            for each in problems
        )

    def table(self, *at: str) -> dict[str, Setting]:
        """Return the values of a table by their names; what is for all sources has the name ``""``."""
        size = len(at)
        return {path[size]: each for path, each in self.values.items() if path[:size] == at and len(path) > size}

    @property
    def workflow_ids(self) -> tuple[str, ...]:
        """The workflows that have tables of their own."""
        return tuple(self.table(_WORKFLOWS))


def read_settings(file: ProjectFile, env: str | None) -> Settings:
    """Return the settings of a file for an environment; the whole file is checked, whichever is used.

    Raises ``ArazzoError`` (``project-invalid``) with everything that is wrong.
    """
    reading = _Reading(file)
    base = dict(reading.section((), file.value))
    sections = dict(reading.environments())
    if reading.problems:
        raise ArazzoError(*reading.problems)
    if env is not None and env not in sections:
        raise ArazzoError(_no_environment(file, env, tuple(sections)))
    own = {} if env is None else sections[env]
    kept = {path: each for path, each in base.items() if not _is_replaced(path, own)}
    return Settings({**kept, **own}, tuple(reading.warnings))


def _is_replaced(path: tuple[str, ...], own: Mapping[tuple[str, ...], Setting]) -> bool:
    """Whether a value of the file is for some of that for which an environment has one for all."""
    table, name = path[0], path[-1]
    if table == "servers":
        return (table, ALL) in own
    if table == _WORKFLOWS:
        return path[2:] in own
    return table in BY_SOURCE and (table, name.rpartition(".")[2]) in own


class _Reading(Struct):
    file: ProjectFile
    problems: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)

    def environments(self) -> Iterator[tuple[str, dict[tuple[str, ...], Setting]]]:
        """Yield the environments by name."""
        found = self.file.value.get(_ENV, {})
        if not isinstance(found, dict):
            self._wrong((_ENV,), WrongValueError("a table of environments", "write `[env.NAME]`"))
            return
        for name, each in found.items():
            if isinstance(each, dict):
                yield name, dict(self.section((_ENV, name), each))
            else:
                self._wrong((_ENV, name), WrongValueError("a table", f"write `[env.{name}]`"))

    def section(self, at: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Setting]]:
        """Yield the values of the file itself, or of an environment."""
        for name, value in given.items():
            path = (*at, name)
            if name in TABLES:
                yield from self._table(path, value)
            elif (name,) in SCALARS:
                yield from self._value(path, (name,), value, SCALARS[name,])
            elif name == _WORKFLOWS:
                yield from self._workflows(path, value)
            elif name == _LIMITS and isinstance(value, dict):
                yield from self._limits(path, value)
            elif name == _LIMITS:
                self._wrong(path, WrongValueError("a table of limits", "write `[limits]`"))
            elif name != _ENV or at:
                self._unknown(path, (*_KEYS, *(() if at else (_ENV,))))

    def _limits(self, at: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Setting]]:
        for name, value in given.items():
            key = SCALARS.get((_LIMITS, name))
            if key is None:
                self._unknown((*at, name), tuple(path[1] for path in SCALARS if path[0] == _LIMITS))
            else:
                yield from self._value((*at, name), (_LIMITS, name), value, key)

    def _workflows(self, at: tuple[str, ...], given: object) -> Iterator[tuple[tuple[str, ...], Setting]]:
        for workflow_id, tables in self._tables(at, given, f"[{'.'.join(at)}.ID.inputs]"):
            for table, values in self._tables((*at, workflow_id), tables, f"[{'.'.join((*at, workflow_id))}.inputs]"):
                here = (*at, workflow_id, table)
                if table not in OF_WORKFLOWS:
                    self._unknown(here, tuple(OF_WORKFLOWS))
                    continue
                for name, value in self._tables(here, values, f"[{'.'.join(here)}]"):
                    self._warn_of_secret((*here, name), value)
                    path = (_WORKFLOWS, workflow_id, table, name)
                    yield from self._value((*here, name), path, value, OF_WORKFLOWS[table])

    def _tables(self, at: tuple[str, ...], given: object, written: str) -> Iterable[tuple[str, Any]]:
        """Return what is in a table, nothing when it is none, which is told."""
        if isinstance(given, dict):
            return given.items()
        self._wrong(at, WrongValueError("a table", f"write `{written}`, and below it `name = value`"))
        return ()

    def _table(self, at: tuple[str, ...], given: object) -> Iterator[tuple[tuple[str, ...], Setting]]:
        table = at[-1]
        key = TABLES[table]
        if table == "servers" and not isinstance(given, dict):
            yield from self._value(at, (table, ALL), given, key)
            return
        for name, value in self._tables(at, given, f"[{'.'.join(at)}]"):
            if table in BY_SOURCE and isinstance(value, dict):
                for inner, each in value.items():
                    yield from self._value((*at, name, inner), (table, f"{name}.{inner}"), each, key)
            else:
                self._warn_of_secret((*at, name), value)
                yield from self._value((*at, name), (table, name), value, key)

    def _value(
        self, at: tuple[str, ...], path: tuple[str, ...], value: object, key: Key
    ) -> Iterator[tuple[tuple[str, ...], Setting]]:
        location = self.file.place(*at)
        site = Site(".".join(at), location, self.file.folder, self.file.root)
        try:
            yield path, Setting(key.read(value, site), location, at[1] if at[0] == _ENV else "")
        except WrongValueError as wrong:
            self._wrong(at, wrong)
        except ArazzoError as error:
            self.problems.extend(error.diagnostics)

    def _warn_of_secret(self, at: tuple[str, ...], value: object) -> None:
        if at[-2] != "inputs" or not isinstance(value, str) or not is_secret_member(at[-1]) or value.startswith("@"):
            return
        message = f"`{'.'.join(at)}` is named like a secret, and its value is written into the project file"
        fix = "put it in a variable, and write `@env:NAME`"
        self.warnings.append(diagnose("secret-in-project", message, self.file.place(*at), fix=fix))

    def _wrong(self, at: tuple[str, ...], wrong: WrongValueError) -> None:
        message = f"`{'.'.join(at)}` must be {wrong.must}"
        self.problems.append(diagnose("project-invalid", message, self.file.place(*at), fix=wrong.fix))

    def _unknown(self, at: tuple[str, ...], names: tuple[str, ...]) -> None:
        # the line is not shown: what is misspelt may be where a secret was meant to be
        location = replace(self.file.place(*at, of="key"), source="")
        message = f"a project file has no key `{'.'.join(at)}`"
        self.problems.append(diagnose("project-invalid", message, location, fix=_instead(at, names)))


def _instead(at: tuple[str, ...], names: tuple[str, ...]) -> str:
    name = at[-1]
    if name in ASKED_FOR:
        return f"give `--{name}` with each command that needs it"
    if (_LIMITS, name) in SCALARS:
        return f"write it below `[{'.'.join((*at[:-1], _LIMITS))}]`"
    return did_you_mean(name, names) or any_of("use {}", names, otherwise="remove it")


def _no_environment(file: ProjectFile, env: str, names: tuple[str, ...]) -> Diagnostic:
    message = f"the project file has no environment `{env}`"
    fix = did_you_mean(env, names) or any_of("use {}", names, otherwise=f"write `[env.{env}]` into it")
    return diagnose("project-invalid", message, file.place(_ENV, of="key"), fix=fix)
