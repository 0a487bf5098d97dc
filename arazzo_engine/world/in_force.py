"""Which values are in force for a document, and where each comes from: the command, the project, a variable, a default.

Decides what of a value may be told: of a credential, and of an input that is given or named like a secret, where it is
kept, and never what it is. Nobody is asked for a value that is kept elsewhere, and no document is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.secret_names import MASK, is_secret_member
from arazzo_engine.world.loading.disk_files import is_there
from arazzo_engine.world.loading.project import shown
from arazzo_engine.world.projects.environment import NAME
from arazzo_engine.world.projects.in_force import Around, InForce, Source
from arazzo_engine.world.projects.keys import ASKED_FOR, SCALARS
from arazzo_engine.world.projects.references import Reference
from arazzo_engine.world.projects.settings import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.world.engine import Engine, PathOrUrl
    from arazzo_engine.world.projects.settings import Setting
    from arazzo_engine.world.projects.standing import Standing

_OWN: Final = "ARAZZO_"
_CREDENTIAL: Final = "ARAZZO_AUTH_"
# variables of others that the engine heeds
_HEEDED: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_TABLES: Final = {"sources": "sources", "servers": "servers", "server-vars": "server_vars", "auth": "credentials"}


def values_in_force(
    engine: Engine, document: PathOrUrl, inputs: Mapping[str, Any] | None = None
) -> tuple[Around, tuple[InForce, ...]]:
    """Return what stands around a document, or a folder, and every value that a run of it has from an engine.

    Raises ``ArazzoError`` for a project file that is wrong.
    """
    near = engine.for_document(document)
    standing = near.standing
    finding = _Finding(engine, near, standing)
    values = (*finding.tables(), *finding.inputs(inputs or {}), *finding.scalars(), *finding.variables())
    file = "" if standing.file is None else standing.file.name
    return Around(file, engine.env or "", tuple(_env_files(standing.folders))), values


def _env_files(folders: Iterable[Path]) -> Iterator[str]:
    yield from (shown(folder / NAME) for folder in folders if is_there(folder / NAME))


class _Finding:
    def __init__(self, engine: Engine, near: Engine, standing: Standing) -> None:
        self._engine = engine
        self._near = near
        self._standing = standing

    def scalars(self) -> Iterator[InForce]:
        written = self._standing.settings.values
        for path, key in SCALARS.items():
            yield self._scalar(".".join(path), key.option, written.get(path))
        for name in ASKED_FOR:
            yield self._scalar(name, name.replace("-", "_"), None)

    def _scalar(self, name: str, option: str, setting: Setting | None) -> InForce:
        value = getattr(self._near, option)
        if option in self._engine.told:
            return InForce(name, value, Source.COMMAND)
        return InForce(name, value, Source.DEFAULT) if setting is None else self._written(name, value, setting)

    def tables(self) -> Iterator[InForce]:
        for table, option in _TABLES.items():
            given = getattr(self._engine, option)
            named = {ALL: given} if isinstance(given, str) else given if hasattr(given, "items") else {}
            for name, value in named.items():
                yield InForce(_named(table, name), self._shown(table, value), Source.COMMAND, note=self._note(value))
            for name, setting in self._standing.settings.table(table).items():
                if not _is_replaced(table, name, named):
                    yield self._written(_named(table, name), self._shown(table, setting.value), setting)

    def inputs(self, given: Mapping[str, Any]) -> Iterator[InForce]:
        for name, value in given.items():
            yield InForce(f"inputs.{name}", self._shown("auth", value), Source.COMMAND, note=self._note(value))
        yield from self._inputs_of(("inputs",), given)
        for workflow_id in self._standing.settings.workflow_ids:
            yield from self._inputs_of(("workflows", workflow_id, "inputs"), given)

    def _inputs_of(self, table: tuple[str, ...], given: Mapping[str, Any]) -> Iterator[InForce]:
        for name, setting in self._standing.settings.table(*table).items():
            if name not in given:
                kind = "auth" if is_secret_member(name) else "inputs"
                yield self._written(".".join((*table, name)), self._shown(kind, setting.value), setting)

    def variables(self) -> Iterator[InForce]:
        for name, value in sorted(self._standing.environment.variables.items()):
            place = self._standing.environment.places.get(name, "")
            is_own = name.startswith(_CREDENTIAL) if place else name.startswith(_OWN) or name.upper() in _HEEDED
            if is_own and value:
                source = Source.ENV_FILE if place else Source.VARIABLE
                yield InForce(name, MASK if name.startswith(_CREDENTIAL) else value, source, place)

    def _written(self, name: str, value: Any, setting: Setting) -> InForce:  # noqa: ANN401 - any value of a key
        place = f"{setting.location.uri}:{setting.location.line}"
        return InForce(name, _short(value), Source.PROJECT, place, setting.env, self._note(setting.value))

    def _shown(self, table: str, value: Any) -> Any:  # noqa: ANN401 - the same
        match value:
            case Reference():
                return str(value)
            case list():
                return [self._shown(table, each) for each in value]
            case dict():
                hidden = {name: "auth" if is_secret_member(name) else table for name in value}
                return {name: self._shown(hidden[name], each) for name, each in value.items()}
            case _:
                return MASK if table == "auth" else value

    def _note(self, value: object) -> str:
        if not isinstance(value, Reference) or value.kind != "env":
            return ""
        environment = self._standing.environment
        if value.named not in environment.variables:
            return f"`{value.named}` is not set"
        place = environment.places.get(value.named)
        return f"set in {place}" if place else "set in the environment"


def _short(value: Any) -> Any:  # noqa: ANN401 - the same
    """Return the paths that a project file means as a person would type them here."""
    match value:
        case str() if Path(value).is_absolute():
            return shown(Path(value))
        case tuple():
            return tuple(map(_short, value))
        case _:
            return value


def _named(table: str, name: str) -> str:
    return f"{table}.{name}" if name else table


def _is_replaced(table: str, name: str, given: Mapping[str, object]) -> bool:
    """Whether what is given for a name, or for all, is used in place of what the project file says."""
    if name in given or (table == "servers" and ALL in given):
        return True
    return table in {"auth", "server-vars"} and name.rpartition(".")[2] in given
