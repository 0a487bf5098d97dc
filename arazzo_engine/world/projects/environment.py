"""The variables that a run may be told of: those of the environment, and those of `.env` files that are not there.

Decides which of two values is used, and how a `.env` file is read: a value is what stands there, and nothing in it is
expanded. Which variables are asked for is not known here.
"""

from __future__ import annotations

import os
from io import StringIO
from typing import TYPE_CHECKING, Final

from msgspec import field

from arazzo_engine.typed import Silent
from arazzo_engine.world.loading.disk_files import NoFileError, is_anothers, is_there, read_bounded
from arazzo_engine.world.loading.project import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

NAME: Final = ".env"
LARGEST: Final = 1_000_000


class Environment(Silent, frozen=True):
    """``variables`` by name, the ``places`` of those from a `.env` file, and why a line or a file was not ``read``."""

    variables: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def place_of(self, name: str) -> str:
        """Return where a variable that is set comes from."""
        return self.places.get(name, "environment variable")


def environment_of(folders: Iterable[Path]) -> Environment:
    """Return the environment with the `.env` files of some folders, of which the first wins, and itself before all."""
    files = [folder / NAME for folder in folders if is_there(folder / NAME)]
    if not files:
        return Environment(os.environ)
    variables: dict[str, str] = {}
    places: dict[str, str] = {}
    unread: list[str] = []
    for path in files:
        for name, value, place in _read(path, unread):
            if name not in variables:
                variables[name], places[name] = value, place
    own = {name: place for name, place in places.items() if name not in os.environ}
    # RULING: what the user's own environment says is never changed by a file that lies beside a document
    return Environment({**variables, **os.environ}, own, tuple(unread))


def _read(path: Path, unread: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the variables of a file, each with its place; what is none is noted, for it may be another tool's."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 - few projects have such a file

    if is_anothers(path):
        unread.append(f"{shown(path)} is another user's, in a folder that is everybody's")
        return
    try:
        text = read_bounded(path, LARGEST).decode("utf-8-sig")
    except NoFileError as error:
        unread.append(f"{shown(path)} cannot be read: {error}")
        return
    except UnicodeDecodeError:
        unread.append(f"{shown(path)} cannot be read: it is not UTF-8 text")
        return
    for binding in parse_stream(StringIO(text)):
        skipped = len(binding.original.string) - len(binding.original.string.lstrip())
        line = binding.original.line + binding.original.string[:skipped].count("\n")
        if binding.error:
            unread.append(f"{shown(path)}:{line} is no `NAME=VALUE`")
        elif binding.key is not None and binding.value is not None:
            yield binding.key, binding.value, f"{shown(path)}:{line}"
