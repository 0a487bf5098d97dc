"""A PostgreSQL for the session, and a fleet on a database of its own for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import places
import pytest
from cryptography.fernet import Fernet
from fleets import Fleet
from loopback import Reply
from postgres_server import Postgres, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loopback import RecordingServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that tests make databases in."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordingServer) -> RecordingServer:
    """The shop's documents in the working folder, and its server."""
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARAZZO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("ARAZZO_STATE_KEY", Fernet.generate_key().decode())
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    return server


@pytest.fixture
def fleet(shop: RecordingServer, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    """A fleet on PostgreSQL."""
    monkeypatch.setenv("ARAZZO_DATABASE_URL", postgres.database())
    with Fleet(shop) as made:
        yield made
