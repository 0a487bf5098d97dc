"""Which files of folders may be Arazzo documents, for commands that are given folders instead of documents.

Decides what is not looked at: hidden folders but those where generators of SDKs keep such documents, packages that are
installed, what a link leads out to, files of other kinds, and files without the word. Bounded, in the order of names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.byte_order_marks import split_mark
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.loading.project import real_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_NOT_ENTERED: Final = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
# where the test suites of generated SDKs are
_HIDDEN_ENTERED: Final = frozenset({".speakeasy"})
_MOST_FILES: Final = 100_000
_LARGEST: Final = 50_000_000
# how the field that every Arazzo Description has begins, in YAML and in JSON
_FIELD: Final = lazy_pattern(rb"""(?:^|[\s{,])["']?arazzo["']?\s*:""")


class Found(Struct, frozen=True):
    """The files that may be Arazzo documents, and how many files of their kinds are none."""

    files: tuple[str, ...]
    skipped: int


def find_documents(folder: str) -> Found:
    """Return the files below a folder that may be Arazzo documents.

    Raises ``ArazzoError`` (``source-not-found``) when none is, or when there are too many files to look at.
    """
    files = tuple(_files(folder))
    if len(files) > _MOST_FILES:
        message = f"{folder} has more than {_MOST_FILES:,} files to look at"
        raise ArazzoError(diagnose("source-not-found", message, fix="name a folder further down, or the documents"))
    found = tuple(each for each in files if _may_be_arazzo(each))
    if not found:
        raise no_documents(folder, len(files))
    return Found(found, len(files) - len(found))


def no_documents(folder: str, others: int) -> ArazzoError:
    """Return what is raised for a folder in which so many files of their kinds are all something else."""
    passed = f": {others:,} file{'' if others == 1 else 's'} of JSON or YAML {'is' if others == 1 else 'are'} none"
    message = f"there is no Arazzo document in {folder}{passed if others else ''}"
    fix = "name a folder with Arazzo documents; of hidden ones, each by itself"
    return ArazzoError(diagnose("source-not-found", message, fix=fix))


def _files(folder: str) -> Iterator[str]:
    count = 0
    root = real_path(Path(folder))
    for path, folders, names in os.walk(folder):
        # a link to a folder is not followed
        folders[:] = sorted(each for each in folders if _is_entered(each))
        for name in _of_documents(names):
            file = str(Path(path) / name)
            if _is_inside(file, root):
                count += 1
                yield file
        if count > _MOST_FILES:
            return


def _is_entered(folder: str) -> bool:
    return folder in _HIDDEN_ENTERED or not (folder in _NOT_ENTERED or folder.startswith("."))


def _of_documents(names: Iterable[str]) -> list[str]:
    return sorted(each for each in names if not each.startswith(".") and Path(each).suffix.lower() in SUFFIXES)


def _is_inside(file: str, root: Path) -> bool:
    path = Path(file)
    try:
        return path.is_file() and (not path.is_symlink() or real_path(path).is_relative_to(root))
    except OSError:
        return False


def _may_be_arazzo(file: str) -> bool:
    try:
        with Path(file).open("rb") as opened:
            encoding, content = split_mark(opened.read(_LARGEST))
            # the field is found in any encoding, whatever else stands there
            plain = content.replace(b"\0", b"") if encoding not in {None, "UTF-8"} else content
            return _FIELD.search(plain) is not None
    except OSError:
        # it is told when it is read
        return True
