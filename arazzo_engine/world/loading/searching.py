"""Looking through the files of a project for the description that a source means.

Decides what is looked at and how much of it; which file is the one is not decided here. A project that is too large is
refused, told as the source that cannot be loaded.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import WEB, scheme_of
from arazzo_engine.world.loading.file_uris import path_at
from arazzo_engine.world.loading.project import Listing, Project, TooManyFilesError, size_of
from arazzo_engine.world.loading.similar import LARGEST, describes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.references import Documents
    from arazzo_engine.apis.linking.taken import Taken
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription

# bytes that are read to see what files define
_MOST_READ: Final = 200_000_000
# how the name of a file with a description ends
ENDINGS: Final = (".yaml", ".yml", ".json")


class Search(Struct, frozen=True):
    """What is looked for, from where: ``documents`` opens files, and ``listing`` knows where they are."""

    source: SourceDescription
    taken: Taken
    path: Path
    project: Project
    documents: Documents
    listing: Listing

    def document_at(self, path: Path) -> Document | None:
        """Return the description in a file, ``None`` when it is none or not of the source's type."""
        try:
            if path == self.path or not (describes(path) and self.project.holds(path)):
                return None
            document = self.documents.get(path.as_uri())
        except (ArazzoError, OSError, RuntimeError):
            return None  # what cannot be read, a link that leads to itself
        return document if self.taken.is_type_of(document) else None

    def lacking_in(self, path: Path) -> tuple[str, ...] | None:
        """Return the names that are used of the source and a file does not define, ``None`` when it is no such file."""
        document = self.document_at(path)
        return None if document is None else self.taken.lacking_in(document, self.documents)

    def is_likely(self, path: Path) -> bool:
        """Whether a file describes something of what is used: without it, it is the description of something else."""
        lacking = self.lacking_in(path)
        return lacking is not None and (not self.taken or len(lacking) < len(self.taken))

    @property
    def file_name(self) -> str:
        """The name of the file in the source's URL."""
        return path_at(self.source.url).name

    @property
    def named(self) -> str:
        """The path of a file that the source's name is, empty when it is none."""
        name = str(value_at(self.source.at.child("name")))
        is_path = name.lower().endswith(ENDINGS) and not scheme_of(name) and not name.startswith("/")
        return name if is_path else ""

    def from_above(self, path: str) -> tuple[Path, ...]:
        """Return the files that a relative path leads to from the document's folder, or one above, nearest first."""
        return tuple(dict.fromkeys(Path(os.path.normpath(folder / path)) for folder in self.project.folders))

    def first_found(self, chosen: Callable[[Sequence[Path]], list[Path]]) -> list[Path]:
        """Return what is chosen of the files below the first folder that has some; each file is judged by itself."""
        looked_at = {self.path}
        for folder in self.project.searched:
            try:
                paths = self.listing.below(folder)
            except TooManyFilesError as error:
                raise ArazzoError(_too_many(self, folder)) from error
            if found := chosen([path for path in paths if path not in looked_at]):
                return found
            looked_at.update(paths)
        return []

    def within_bounds(self, paths: Sequence[Path]) -> Iterator[Path]:
        """Yield the files that are small enough to be looked into; raises ``ArazzoError`` for too many."""
        read = 0
        for path in paths:
            self.listing.go_on()
            size = size_of(path)
            if size is None or size > LARGEST:
                continue
            read += size
            if read > _MOST_READ:
                raise ArazzoError(_too_many(self, self.project.root))
            yield path

    def url_of(self, found: Path) -> str:
        """Return what to write for a file: relative to the document."""
        relative = Path(os.path.relpath(found, self.path.parent)).as_posix()
        return quote(os.fsencode(relative if relative.startswith("..") else f"./{relative}"))


def missing(search: Search) -> str:
    """Return that there is nothing at the source's URL."""
    at = "no description at" if scheme_of(search.source.url) in WEB else "no file"
    return f"source description `{search.source.name}` cannot be loaded: there is {at} `{search.source.url}`"


def _too_many(search: Search, folder: Path) -> Diagnostic:
    message = f"{missing(search)}, and there are too many files below {folder} to look for another one"
    fix = f"write the `url` of the file, or name it with `--source {search.source.name}=PATH`"
    return diagnose("source-not-found", message, search.source.at.child("url").location(), fix=fix)
