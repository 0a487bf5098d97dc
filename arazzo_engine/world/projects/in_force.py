"""The values that are in force for a document, as text and as JSON: each with where it comes from.

Decides only how they are told. A secret is none of them: what stands for one says where it is kept.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.printable import in_line
from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# a longer value does not move the column of all
_WIDEST: Final = 48


class Source(StrEnum):
    """Who says that a value is in force."""

    COMMAND = "command line"
    VARIABLE = "environment variable"
    ENV_FILE = ".env file"
    PROJECT = "project file"
    DEFAULT = "default"


class InForce(Struct, frozen=True):
    """A value: ``place`` is where it is written, when that is a file, ``env`` the environment it is of.

    ``note`` says of a value that is kept elsewhere whether it is there.
    """

    name: str
    value: Any
    source: Source
    place: str = ""
    env: str = ""
    note: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from, in a few words."""
        place = self.place or str(self.source)
        return f"{place} [env.{self.env}]" if self.env else place


class Around(Struct, frozen=True):
    """What stands around a document: its project file, the environment that was chosen, the `.env` files."""

    file: str = ""
    env: str = ""
    env_files: tuple[str, ...] = ()


def render_in_force(around: Around, values: Sequence[InForce]) -> str:
    """Return a line for each value, in columns."""
    rows = [(each.name, _written(each.value), _told(each)) for each in values]
    names, texts = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{name.ljust(names)}  {text.ljust(min(texts, _WIDEST))}  {told}" for name, text, told in rows]
    return "\n".join((*_head(around), "", *lines))


def _head(around: Around) -> Iterable[str]:
    chosen = f", environment {around.env}" if around.env else ""
    yield f"project file: {around.file or 'none'}{chosen}"
    yield f".env files:   {', '.join(around.env_files) or 'none'}"


def _told(each: InForce) -> str:
    return f"{each.origin}, {each.note}" if each.note else each.origin


def _written(value: Any) -> str:  # noqa: ANN401 - any value of an option
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case str():
            return hide_in_urls(in_line(value)) or '""'
        case tuple() | list():
            return ", ".join(map(_written, value)) or "-"
        case dict():
            return "{" + ", ".join(f"{name}: {_written(each)}" for name, each in value.items()) + "}"
        case _:
            return f"{value:.15g}"


def in_force_as_json(around: Around, values: Sequence[InForce]) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "projectFile": around.file or None,
        "environment": around.env or None,
        "envFiles": list(around.env_files),
        "values": [_as_json(each) for each in values],
    }


def _as_json(each: InForce) -> dict[str, Any]:
    value = hide_in_urls(each.value) if isinstance(each.value, str) else each.value
    found = {"name": each.name, "value": value, "source": str(each.source)}
    rest = {"place": each.place, "environment": each.env, "note": each.note}
    return found | {name: text for name, text in rest.items() if text}
