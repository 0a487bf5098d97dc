"""Where runs are kept: a URL that cannot be read is refused before anything of it is taken for a host."""

from __future__ import annotations

import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.durability.places import find_place


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
    "rest", ["u:p@h:5432/db", "h/db", "/db?host=/var/run/postgresql", "u:p%40x@[::1]:5432/db?sslmode=require", "u@/db"]
)
def test_a_url_that_can_be_read_is_taken(rest: str) -> None:
    assert find_place(f"postgres://{rest}").url == f"postgresql://{rest}"
