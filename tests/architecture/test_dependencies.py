"""The package imports only what an installation of it brings along, or one of its extras; the tests may need more."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from re import split
from typing import TYPE_CHECKING, Final

import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PACKAGE: Final = places.ROOT / "arazzo_engine"
_OF_TESTS: Final = "test"
# what a declared library is made upon, and hands out
_OF_LIBRARIES: Final = {"anyio": "httpx", "sqlalchemy": "dbos"}
# a plugin of pytest is imported by pytest alone
_PLUGIN: Final = ("pytest_plugin.py", "pytest")


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name.split(".")[0] for alias in node.names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name.split(".")[0]
            case _:
                pass


def _declared() -> set[str]:
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (wanted for name, wanted in project["optional-dependencies"].items() if name != _OF_TESTS)
    return {_normal(split(r"[^\w.-]", each)[0]) for group in (project["dependencies"], *extras) for each in group}


def _normal(name: str) -> str:
    return "-".join(split(r"[-_.]+", name.lower()))


def _is_brought(name: str, declared: set[str], owners: Mapping[str, list[str]]) -> bool:
    return not declared.isdisjoint(map(_normal, (_OF_LIBRARIES.get(name, name), *owners.get(name, ()))))


def test_the_package_imports_nothing_that_only_its_tests_bring_along() -> None:
    declared, owners = _declared(), packages_distributions()
    for path in sorted(_PACKAGE.rglob("*.py")):
        theirs = set(_imported(path)) - sys.stdlib_module_names - {"arazzo_engine"}
        missing = {name for name in theirs if not _is_brought(name, declared, owners) and (path.name, name) != _PLUGIN}
        assert not missing, f"{path.relative_to(places.ROOT)} imports {', '.join(sorted(missing))}"
