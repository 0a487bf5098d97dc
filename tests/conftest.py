"""Fixtures that several test files use."""

from __future__ import annotations

import os
import shutil
import signal
import webbrowser
from typing import TYPE_CHECKING

import hypothesis
import places
import pytest
from loopback import RecordingServer, Reply
from oauth_documents import Browser, write_documents
from oauth_server import OAuthServer
from replaying_all import IS_ASKED_FOR, recording_all

from arazzo_engine.cli.terminal import person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleets import Fleet
    from forking import Forker
    from postgres_server import Postgres

# how fast a machine is at the moment says nothing about the code; `EXAMPLES=1000 pytest` is a longer campaign
_EXAMPLES = int(os.environ.get("EXAMPLES", "50"))
hypothesis.settings.register_profile("untimed", deadline=None, max_examples=_EXAMPLES)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep nothing in the cache of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ARAZZO_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _interruptible() -> None:
    """Let tests interrupt themselves and their children, also where a shell or ``nohup`` has signals ignored.

    A child inherits that a signal is ignored, and not that a handler does nothing with it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=IS_ASKED_FOR)
def _replayed() -> Iterator[None]:
    yield from recording_all()


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """A folder of the test's own in a project of its own: what is searched for is not found at a neighbour's."""
    (tmp_path / ".git").mkdir()
    own = tmp_path / "own"
    own.mkdir()
    return own


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """A server on loopback that answers 404 until a test scripts it."""
    with RecordingServer() as running:
        yield running


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser, and somebody at the terminal."""
    opened = Browser()
    monkeypatch.setattr(webbrowser, "open", opened.open)
    monkeypatch.setattr(person, "somebody", person.TerminalPerson)
    return opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL that tests make databases in."""
    from postgres_server import running_postgres

    with running_postgres() as started:
        yield started


@pytest.fixture
def oauth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    """A server of tokens and of two operations that need one, with its documents in the working folder."""
    monkeypatch.chdir(tmp_path)
    with OAuthServer() as running:
        running.script("GET", "/a", Reply(200, body={"n": 1}))
        running.script("POST", "/b", Reply(200, body={"n": 2}))
        write_documents(running)
        yield running


@pytest.fixture
def shop_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's documents in the working folder."""
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shop_documents: None,  # noqa: ARG001 - the folder
    server: RecordingServer,
) -> RecordingServer:
    """The shop's documents in the working folder, a place where runs are kept, and the shop's server."""
    from cryptography.fernet import Fernet

    monkeypatch.setenv("ARAZZO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("ARAZZO_STATE_KEY", Fernet.generate_key().decode())
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    return server


@pytest.fixture
def forker(shop: RecordingServer) -> Iterator[Forker]:  # noqa: ARG001 - the processes begin in its folder
    """What starts processes of the engine in a moment."""
    from forking import Forker

    with Forker() as started:
        yield started


@pytest.fixture
def fleet(shop: RecordingServer, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    """A fleet of workers on a database of its own."""
    from fleets import Fleet

    monkeypatch.setenv("ARAZZO_DATABASE_URL", postgres.database())
    with Fleet(shop) as made:
        yield made
