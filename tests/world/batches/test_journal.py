"""The outcomes of a batch and their journal: what cannot be written is told before a row is run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from arazzo_engine import ArazzoError
from arazzo_engine.world.batches.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

resource = pytest.importorskip("resource", reason="Windows has none")


@contextmanager
def _disk_that_takes_no_byte() -> Iterator[None]:
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


def test_a_disk_that_takes_an_empty_file_and_no_line_is_told_and_the_batch_begins_later(tmp_path: Path) -> None:
    path = str(tmp_path / "out.jsonl")
    with _disk_that_takes_no_byte(), pytest.raises(ArazzoError) as raised, open_journal(path, "buy", "june"):
        pass
    (told,) = raised.value.diagnostics
    assert (told.code, told.message) == ("option-invalid", "`--output` cannot be written: File too large")
    with open_journal(path, "buy", "june") as journal:
        assert journal.head.batch == "june"
