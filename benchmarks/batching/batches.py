"""A batch in one process, against the bare loops that send the same, and in two processes.

The floor is the fastest of the loops, whichever that is: a batch has its rows checked, every request that must not be
repeated noted before it is sent, and every outcome written.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from arazzo_engine import Engine
from arazzo_engine.reporting.batches.summary import Summary
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.batches.batch import Batch, Limits
from arazzo_engine.world.batches.journal import open_journal
from arazzo_engine.world.batches.outbox import Outbox, row_files
from arazzo_engine.world.batches.pace import Pace
from arazzo_engine.world.batches.reading import source_of
from arazzo_engine.world.batches.row_inputs import RowInputs
from arazzo_engine.world.batches.row_runs import RowRuns
from arazzo_engine.world.batches.run_ids import RunIds
from benchmarks.batching.bare_loops import STEPS, in_two_processes, loops
from benchmarks.comparing import Comparison, measure
from benchmarks.generated import description_text, many_steps

if TYPE_CHECKING:
    from arazzo_engine import Program


@dataclass(frozen=True)
class Server:
    """A server that answers after so many seconds."""

    url: str
    delay: float = 0.0


class Rows:
    """A batch of rows of four steps, in a folder of its own."""

    def __init__(self, url: str, rows: int) -> None:
        self._folder = TemporaryDirectory()
        self._path = Path(self._folder.name)
        (self._path / "api.json").write_text(description_text())
        (self._path / "steps.json").write_text(many_steps(STEPS))
        with (self._path / "rows.jsonl").open("w") as file:
            file.writelines(f'{{"name": "row {number}"}}\n' for number in range(rows))
        self._url = url
        self._engine = Engine(servers=url)
        self._program: Program = self._engine.load(self._path / "steps.json")
        self._rows = rows
        self._times = 0

    def run(self, concurrency: int) -> None:
        """Run the batch, from its file to its file."""
        self._times += 1
        output = str(self._path / f"out-{self._times}.jsonl")
        program = self._program
        source = source_of(str(self._path / "rows.jsonl"), program.checked.workflow("many"))
        with open_journal(output, "many") as journal:
            outbox, summary = Outbox(row_files(output, None), journal), Summary("benchmark")
            runs = RowRuns(RowInputs(program, GivenInputs({}), source), outbox)
            limits = Limits(Pace(None), concurrency)
            ids = RunIds("benchmark", None, source.shown)
            Batch(runs, ids, outbox, Masker(), limits, summary, lambda _: None).run(source.rows(), lambda: None)
        assert (summary.done, summary.unsuccessful) == (self._rows, 0), summary.counts()

    def command(self, concurrency: int, processes: int) -> int:
        """Run the batch from the command line, and return how many kilobytes its process needed at most."""
        self._times += 1
        options = ["--concurrency", str(concurrency), "--processes", str(processes), "--server", self._url]
        output = str(self._path / f"out-{self._times}.jsonl")
        rows = ["--each", str(self._path / "rows.jsonl"), "--output", output]
        command = [sys.executable, "-m", "arazzo_engine", "batch", str(self._path / "steps.json"), *rows, *options]
        started = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        assert started.returncode == 0, started.returncode
        return usage.ru_maxrss

    def close(self) -> None:
        """Close its connections, and remove its files."""
        self._engine.close()
        self._folder.cleanup()


def compare_batch(server: Server, concurrency: int, rounds: int, rows: int) -> Comparison:
    """A batch of rows of four steps against the fastest bare loop of one process, per step."""
    batch = Rows(server.url, rows)
    bare = loops(server.url, concurrency, rows)
    try:
        engine, *seconds = measure([lambda: batch.run(concurrency), *bare.values()], rounds)
    finally:
        batch.close()
    by_name = dict(zip(bare, seconds, strict=True))
    best = min(by_name, key=lambda each: by_name[each])
    work = rows * STEPS
    after = f", {server.delay * 1000:.0f} ms an answer" if server.delay else ""
    title = f"batch of {rows}, {concurrency} at a time{after} / {best}"
    return Comparison(title, engine, by_name.pop(best), work, by_name)


def compare_processes(server: Server, rounds: int, rows: int) -> Comparison:
    """``arazzo batch`` in two processes against the same in one, from start to end, per step; a bare loop beside it."""
    batch = Rows(server.url, rows)
    try:
        jobs = [lambda: batch.command(64, 2), lambda: batch.command(64, 1)]
        two, one, bare = measure([*jobs, lambda: in_two_processes(server.url, 64, rows)], rounds)
    finally:
        batch.close()
    beside = {"http.client threads in 2 processes": bare}
    return Comparison(f"arazzo batch, {rows} rows, 2 processes / 1 process", two, one, rows * STEPS, beside)


def campaign(url: str, rows: int) -> str:
    """Run batches of a hundredth of so many rows and of all of them; return how long each took, and its memory."""
    found = []
    for count in (max(1, rows // 100), rows):
        batch = Rows(url, count)
        began = time.perf_counter()
        most = batch.command(16, 1)
        took = time.perf_counter() - began
        batch.close()
        found.append(f"{count:,} rows of {STEPS} steps: {took:.1f} s, {most / 1000:.1f} MB at most")
    return "\n".join(found)
