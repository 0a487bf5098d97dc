"""Doing something again whenever a file has changed, until somebody ends it.

Decides which files those are: the documents that were named, those in folders that were named, and the descriptions
beside them that they name. Files are looked at now and then; nothing is installed for it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import click

from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_PAUSE: Final = 0.2
_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".toml"})


def watch(locations: Sequence[str], act: Callable[[], int]) -> int:
    """Do something now and after each change, until it is interrupted; return what it returned at last."""
    code = 0
    try:
        while True:
            before = _stamps(locations)
            code = act()
            tell("\nwatching for changes; Ctrl-C ends it", err=True)
            _wait(locations, before)
            click.clear()
    except KeyboardInterrupt:
        return code


def _wait(locations: Sequence[str], before: dict[Path, tuple[int, int]]) -> None:
    """Wait until the files are others than they were, and stay so: a file that is being written is not read."""
    last = before
    while True:
        time.sleep(_PAUSE)
        now = _stamps(locations)
        if now == last != before:
            return
        last = now


def _stamps(locations: Iterable[str]) -> dict[Path, tuple[int, int]]:
    return {path: _stamp(path) for location in locations for path in _files(Path(location))}


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _files(path: Path) -> Iterator[Path]:
    if is_folder(path):
        for folder, folders, names in os.walk(path):
            folders[:] = [each for each in folders if not each.startswith(".") and each != "node_modules"]
            yield from (Path(folder) / name for name in names if Path(name).suffix in _SUFFIXES)
        return
    yield path
    yield from _named_by(path)


def _named_by(path: Path) -> Iterator[Path]:
    """Yield the files that a document names as its sources, as far as it can be read."""
    from arazzo_engine.language.reading.description import read_description
    from arazzo_engine.world.loading.loader import Loader

    try:
        sources = read_description(Loader().load_entry(str(path))).description.source_descriptions
    except ArazzoError:
        return
    for source in sources:
        if "://" not in source.url:
            yield path.parent / unquote(source.url.partition("#")[0])
