"""Which Pythons this machine has: the one that runs, those on the PATH, and those of pyenv.

Decides which of them count: a release of CPython that the project claims to run on and that can make virtual
environments. It must not know what is done with them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Minor: TypeAlias = tuple[int, int]

# those that are looked for by name; a later one that is there counts too
LOOKED_FOR: Final[tuple[Minor, ...]] = ((3, 11), (3, 12), (3, 13), (3, 14))
_QUESTION: Final = """
import ensurepip, json, sys, venv
print(json.dumps([sys.implementation.name, sys.version_info.releaselevel, sys.version_info[:3], sys.executable]))
"""
_PATIENCE: Final = 30


class Interpreter(NamedTuple):
    """A Python: its version, and where it is."""

    version: tuple[int, int, int]
    path: str

    @property
    def minor(self) -> Minor:
        """The version without what only mends it."""
        return self.version[:2]

    def __str__(self) -> str:
        return ".".join(map(str, self.version))


def find_interpreters(running: str, search_path: str, pyenv: Path) -> dict[Minor, Interpreter]:
    """Return one interpreter for each minor version; the one that runs comes first, then the PATH, then pyenv."""
    found: dict[Minor, Interpreter] = {}
    for path in (running, *_on_the_path(search_path), *_of_pyenv(pyenv)):
        interpreter = ask(path)
        if interpreter is not None and interpreter.minor >= LOOKED_FOR[0]:
            found.setdefault(interpreter.minor, interpreter)
    return dict(sorted(found.items()))


def ask(path: str) -> Interpreter | None:
    """Return what a file says that it is; nothing when it is no Python, or one that cannot be used."""
    try:
        answer = subprocess.run([path, "-c", _QUESTION], capture_output=True, timeout=_PATIENCE, check=True)
        name, level, version, executable = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    major, minor, patch = version
    return Interpreter((major, minor, patch), executable) if (name, level) == ("cpython", "final") else None


def _on_the_path(search_path: str) -> Iterator[str]:
    for folder in search_path.split(os.pathsep):
        for file in sorted(Path(folder or ".").glob("python3.*")):
            if re.fullmatch(r"python3\.\d+", file.name):
                yield str(file)


def _of_pyenv(pyenv: Path) -> Iterator[str]:
    """Yield its Pythons, the newest first."""
    versions = [folder for folder in pyenv.glob("versions/*") if re.fullmatch(r"3\.\d+\.\d+", folder.name)]
    for folder in sorted(versions, key=lambda each: [int(part) for part in each.name.split(".")], reverse=True):
        yield str(folder / "bin" / "python")
