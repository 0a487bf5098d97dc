"""The examples in docstrings are run, and come out as they say."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import Final

import places
import pytest

_PACKAGE: Final = places.ROOT / "arazzo_engine"


def _modules() -> list[str]:
    """Return the modules that have an example."""
    files = (file for file in _PACKAGE.rglob("*.py") if ">>> " in file.read_text(encoding="utf-8"))
    return sorted(".".join(_named(file).parts) for file in files)


def _named(file: Path) -> Path:
    path = file.relative_to(places.ROOT).with_suffix("")
    return path.parent if path.name == "__init__" else path


@pytest.mark.parametrize("name", _modules())
def test_the_examples_of_a_module_come_out_as_they_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(places.ROOT)
    module = importlib.import_module(name)
    written = len(re.findall(r"^ *>>> ", Path(module.__file__ or "").read_text(encoding="utf-8"), re.MULTILINE))
    assert doctest.testmod(module) == (0, written)
