"""Another engine is one whose code, or whose libraries, may be others."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from arazzo_engine.world.caching import engine_code as module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a package in the place of the engine."""
    folder = tmp_path / "package"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "code.py").write_text("a = 1\n")
    (tmp_path / "site" / "library-1.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(module, "_PACKAGE", folder)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), str(tmp_path / "gone")])
    return folder


def _digest() -> bytes:
    module.engine_code.cache_clear()
    return module.engine_code()


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    module.engine_code.cache_clear()


def _written_later(package: Path) -> None:
    os.utime(package / "part" / "code.py", (1, 1))


def _longer(package: Path) -> None:
    file = package / "part" / "code.py"
    before = file.stat()
    file.write_text("a = 10\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _more(package: Path) -> None:
    (package / "more.py").write_text("")


def _another_library(package: Path) -> None:
    site = package.parent / "site"
    (site / "library-1.0.dist-info").rename(site / "library-1.1.dist-info")


@pytest.mark.parametrize("change", [_written_later, _longer, _more, _another_library])
def test_what_python_itself_goes_by_makes_another_engine(change: Callable[[Path], None], package: Path) -> None:
    before = _digest()
    assert before == _digest()
    change(package)
    assert _digest() != before


def test_what_python_makes_of_code_is_no_code(package: Path) -> None:
    before = _digest()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "code.pyc").write_text("")
    assert _digest() == before


def test_an_engine_that_is_in_no_folder_has_no_digest(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGE", package / "archive.zip")
    assert _digest() == b""
    (package / "archive.zip").mkdir()
    assert _digest() == b""
