"""Where runs are kept: a URL that cannot be read is refused before anything of it is taken for a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.places import find_place

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer


@pytest.mark.parametrize(
    "url",
    [
        *("postgresql://u:p@s3cret@h/db", "postgres://u:s3cr/et@h/db", "postgresql://u:s3#cret@h/db"),
        *("postgresql://u:s3cret?x@h/db", "postgresql://[s3cret", "postgresql://", "postgresql://u:s3cret"),
        *("postgresql://u:s3cret@h:bad/db", "postgresql://u:s3cret@h/", "s3cret", "mysql://u:s3cret@h/db"),
        *("postgresql://u:s3cret@h h/db", "postgresql://u:s3cret@[h/db", "postgresql://h:s3cret/db"),
    ],
)
def test_a_url_that_cannot_be_read_is_refused_and_not_shown(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARAZZO_DATABASE_URL", url)
    for command in (["runs", "list"], ["workers"], ["doctor"]):
        assert run_command(command) in {1, 2}
        told = capsys.readouterr()
        assert "s3cret" not in told.out + told.err
        assert "@host:5432/database`" in told.err


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///:memory:",
        "sqlite:///runs.sqlite?key=s3cret",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///file:x",
    ],
)
def test_a_url_of_no_database_that_keeps_something_is_refused(url: str) -> None:
    with pytest.raises(ArazzoError, match="names no database that runs can be kept in"):
        find_place(url, {"ARAZZO_STATE_DIR": "/elsewhere"})


def test_a_variable_that_is_empty_names_nothing(tmp_path: Path) -> None:
    found = find_place(None, {"ARAZZO_DATABASE_URL": "", "ARAZZO_STATE_DIR": str(tmp_path)})
    assert found.file == tmp_path / "runs.sqlite"


def test_a_folder_is_found_below_the_home_of_its_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_place(None, {"ARAZZO_STATE_DIR": "~/state"}).file == tmp_path / "state" / "runs.sqlite"


@pytest.mark.parametrize(
    ("folder", "reason"), [("file", "its folder is not a folder"), ("link", "its folder is not a")]
)
def test_a_folder_that_is_none_is_told_as_that(tmp_path: Path, folder: str, reason: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("nowhere/at-all")
    with pytest.raises(ArazzoError, match=reason):
        find_place(None, {"ARAZZO_STATE_DIR": str(tmp_path / folder)}).make()


def test_a_run_whose_id_is_empty_is_refused(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", shop.url]
    assert run_command([*command, "--durable", "--run-id", ""]) == 2
    assert "the id of a run is of letters" in capsys.readouterr().err
    assert shop.requests == []


@pytest.mark.parametrize(
    "rest", ["u:p@h:5432/db", "h/db", "/db?host=/var/run/postgresql", "u:p%40x@[::1]:5432/db?sslmode=require", "u@/db"]
)
def test_a_url_that_can_be_read_is_taken(rest: str) -> None:
    assert find_place(f"postgres://{rest}").url == f"postgresql://{rest}"
