"""Fixtures that several test files use."""

from __future__ import annotations

import signal
import webbrowser
from typing import TYPE_CHECKING

import hypothesis
import pytest
from loopback import RecordingServer
from oauth_documents import Browser
from replaying_all import IS_ASKED_FOR, recording_all

from arazzo_engine.cli.terminal import person

if TYPE_CHECKING:
    from collections.abc import Iterator

# how fast a machine is at the moment says nothing about the code
hypothesis.settings.register_profile("untimed", deadline=None)
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
