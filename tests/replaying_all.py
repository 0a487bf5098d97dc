"""``REPLAY_ALL=1 pytest …`` records every run of every test, and replays each: a campaign over all other tests."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.world.replaying.reading import read_file
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from collections.abc import Iterator

IS_ASKED_FOR: Final = "REPLAY_ALL" in os.environ


def recording_all() -> Iterator[None]:
    """Record every run of an engine that is asked for none, and replay it when the test is over."""
    begin = Engine.__post_init__
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:

        def recorded(engine: Engine) -> None:
            begin(engine)
            if engine.record is None:
                object.__setattr__(engine, "record", f"{folder}/")

        patched.setattr(Engine, "__post_init__", recorded)
        yield
        patched.undo()
        for path in sorted(Path(folder).glob("*.jsonl")):
            _check(path)


def _check(path: Path) -> None:
    try:
        comparison = replay(read_file(path)).comparison
    except ArazzoError as refused:
        pytest.fail(f"a recording cannot be replayed: {refused}")
    assert comparison.is_same, comparison.to_text()
