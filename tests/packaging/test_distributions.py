"""What is built of the project: a wheel that runs by itself, and a source distribution with everything in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
from email import message_from_bytes
from typing import TYPE_CHECKING
from zipfile import ZipFile

import places
import pytest

if TYPE_CHECKING:
    from pathlib import Path

_PROJECT = tomllib.loads((places.ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both distributions, as a release has them."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=places.ROOT, check=True, capture_output=True, timeout=120)
    return folder


def _wheel(built: Path) -> ZipFile:
    (path,) = built.glob("*.whl")
    return ZipFile(path)


def test_the_wheel_has_every_file_of_the_package(built: Path) -> None:
    package = places.ROOT / "arazzo_engine"
    files = {each for each in package.rglob("*") if each.is_file() and "__pycache__" not in each.parts}
    wanted = {each.relative_to(places.ROOT).as_posix() for each in files}
    with _wheel(built) as wheel:
        assert wanted <= set(wheel.namelist())
        assert {name.split("/")[0] for name in wheel.namelist()} == {"arazzo_engine", "arazzo_engine-0.1.0.dist-info"}


def test_the_metadata_names_the_extras_and_the_command(built: Path) -> None:
    with _wheel(built) as wheel:
        metadata = message_from_bytes(wheel.read("arazzo_engine-0.1.0.dist-info/METADATA"))
        entries = wheel.read("arazzo_engine-0.1.0.dist-info/entry_points.txt").decode()
    assert set(metadata.get_all("Provides-Extra") or ()) == set(_PROJECT["optional-dependencies"])
    assert metadata["Requires-Python"] == _PROJECT["requires-python"]
    assert "arazzo = arazzo_engine.cli:main" in entries


def test_the_wheel_runs_by_itself(built: Path, tmp_path: Path) -> None:
    (path,) = built.glob("*.whl")
    site = str(tmp_path / "site")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", site, str(path)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True, timeout=120)
    script = (
        "import arazzo_engine, arazzo_engine.cli as cli; print(arazzo_engine.__file__); cli.main(['schema', 'report'])"
    )
    surroundings = {**os.environ, "PYTHONPATH": site}
    command = [sys.executable, "-c", script]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=surroundings, check=True).stdout
    assert told.startswith(site)
    assert '"$schema"' in told


def test_the_source_distribution_has_what_tests_and_pages_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=places.ROOT, capture_output=True, text=True, check=False)
    tracked = [name for name in listed.stdout.split("\0") if name]
    # what is about the repository alone
    others = {name for name in tracked if name.startswith((".git", ".pre-commit"))} | {"action.yml"}
    assert set(tracked) - others <= names


def test_all_has_every_extra_but_those_of_developers() -> None:
    extras = _PROJECT["optional-dependencies"]
    (everything,) = extras["all"]
    named = set(everything.partition("[")[2].rstrip("]").split(","))
    assert named == set(extras) - {"all", "test"}
