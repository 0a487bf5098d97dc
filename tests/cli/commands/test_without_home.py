"""A user without a home folder, as in a container with its own user id, or in a folder that was removed meanwhile.

What needs none works, the rest says so.
"""

from __future__ import annotations

import pwd
import shutil
from pathlib import Path

import places
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.world.caching.own_files import own_folder, user_folder

_HOMES = (
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "ARAZZO_CACHE_DIR",
    "ARAZZO_STATE_DIR",
)


def _nobody(user_id: int) -> None:
    raise KeyError(user_id)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in (*_HOMES, "ARAZZO_STATE_KEY", "ARAZZO_DATABASE_URL", "ARAZZO_NO_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", _nobody)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ["validate", "orders.arazzo.yaml"],
        ["rehearse", "orders.arazzo.yaml", "--inputs", "inputs.yaml"],
        ["config", "orders.arazzo.yaml"],
        ["fix", "orders.arazzo.yaml", "--diff"],
    ],
    ids=lambda command: command[0],
)
def test_what_needs_no_folder_of_the_user_works_and_makes_none(command: list[str], folder: Path) -> None:
    before = sorted(folder.iterdir())
    assert run_command(command) == 0
    assert sorted(folder.iterdir()) == before


def test_a_durable_run_says_which_variable_names_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable"]) != 70
    assert capsys.readouterr().err.splitlines()[:3] == [
        "error[state-unavailable]: runs cannot be kept: the user has no home folder, where the file with them would be",
        " = why: a durable run must not send anything that it could not record",
        " = fix: name a folder by its whole path in `ARAZZO_STATE_DIR`, or a database with `--database-url`",
    ]


def test_a_folder_below_a_home_that_nobody_has_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARAZZO_STATE_DIR", "~/runs")
    assert run_command(["runs", "list"]) == 2
    assert "the user has no home folder" in capsys.readouterr().err


def test_the_doctor_tells_what_has_no_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["doctor"]) == 1
    told = capsys.readouterr()
    assert "cache             none: the user has no home folder" in told.out
    assert "fix: set `ARAZZO_STATE_KEY`" in told.out + told.err


def test_a_home_that_stands_for_nothing_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:

    assert own_folder(lambda name: Path("~") / name) is None
    assert own_folder(lambda name: tmp_path / name) == tmp_path / "arazzo-engine"
    assert user_folder() is None
    monkeypatch.setenv("ARAZZO_CACHE_DIR", str(tmp_path))
    assert user_folder() == tmp_path


@pytest.fixture
def _removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()


@pytest.mark.usefixtures("_removed")
@pytest.mark.parametrize("command", [["validate", "."], ["run", "/orders.arazzo.yaml"], ["runs", "list"], ["doctor"]])
def test_a_removed_current_folder_is_told_for_each_command(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(command) == 2
    told = "The current folder cannot be used (No such file or directory): change to one that is there."
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("_removed")
def test_the_help_and_the_version_need_no_current_folder() -> None:
    assert run_command(["--help"]) == run_command(["--version"]) == 0
