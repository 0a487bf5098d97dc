"""Fixtures that several test files use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from loopback import RecordingServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """A server on loopback that answers 404 until a test scripts it."""
    with RecordingServer() as running:
        yield running
