"""Ten times as many rows need no more memory: neither those that are read, nor their runs, nor what became of them."""

from __future__ import annotations

import gc
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import places

from arazzo_engine import Engine
from arazzo_engine.reporting.batches.summary import Summary
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.batches.batch import Batch, Limits
from arazzo_engine.world.batches.checking import check_rows
from arazzo_engine.world.batches.journal import open_journal
from arazzo_engine.world.batches.outbox import Outbox, row_files
from arazzo_engine.world.batches.pace import Pace
from arazzo_engine.world.batches.reading import source_of
from arazzo_engine.world.batches.row_inputs import RowInputs
from arazzo_engine.world.batches.row_runs import RowRuns
from arazzo_engine.world.batches.run_ids import RunIds

if TYPE_CHECKING:
    from pathlib import Path


def _answer(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(200, json={"id": "item-1", "price": 3.5})
    return httpx.Response(201, json={"receipt": "receipt-1"})


def _run(folder: Path, rows: int) -> int:
    """Run a batch of rows, and return how many blocks of memory are in use at its end."""
    folder.mkdir()
    lines = ({"item": "book", "amount": number + 1, "note": f"note-{number}"} for number in range(rows))
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    output = str(folder / "out.jsonl")
    with Engine(transport=httpx.MockTransport(_answer)) as engine, open_journal(output, "order") as journal:
        program = engine.load(places.SHOP / "orders.arazzo.yaml")
        source = source_of(str(folder / "rows.jsonl"), program.checked.workflow("order"))
        inputs = RowInputs(program, GivenInputs({"token": "secret-token-1"}), source)
        with closing(RunIds("june", "note", "rows.jsonl")) as names:
            checked = check_rows(source.rows(), inputs, names, lambda _: None)
        assert (checked.rows, checked.wrong) == (rows, 0)
        outbox, summary = Outbox(row_files(output, None), journal), Summary("june")
        ids, limits = RunIds("june", "note", "rows.jsonl"), Limits(Pace(None), concurrency=2)
        batch = Batch(RowRuns(inputs, outbox), ids, outbox, Masker(), limits, summary, lambda _: None)
        batch.run(source.rows(), lambda: None)
        ids.close()
        gc.collect()
        left = sys.getallocatedblocks()
    assert (summary.done, summary.unsuccessful) == (rows, 0)
    return left


def test_the_memory_of_a_batch_does_not_grow_with_its_rows(tmp_path: Path) -> None:
    _run(tmp_path / "warm", 10)
    few, many = _run(tmp_path / "few", 60), _run(tmp_path / "many", 460)
    # a row alone has more than five, and what an engine leaves behind is no more than that
    assert many < few + 1_900
