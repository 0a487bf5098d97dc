"""A batch of many rows of the billing workflow through three workers, of which one is killed every two seconds.

    python scripts/fleet_campaign.py --rows 10000

Says what became of each row, how often the server charged it, how long it took and how much memory the workers used. It
ends with exit code 1 when a row has no outcome, or was charged twice. It starts a PostgreSQL of its own, or uses
``--database-url``, whose database must be new.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.fernet import Fernet
from msgspec import Struct, field

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / each) for each in ("parts", "durability"))]

from forking import Forker  # noqa: E402 - found by the line above
from postgres_server import running_postgres  # noqa: E402 - the same

from arazzo_engine.durability.hosting import open_place  # noqa: E402 - the same
from arazzo_engine.durability.places import find_place  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterator

_BILLING: Final = ROOT / "specs" / "viam" / "arazzo" / "viam-bill-customer-location-workflow.yml"
_CHARGE: Final = b"/viam.app.v1.BillingService/CreateInvoiceAndChargeImmediately"
_INPUTS: Final = ROOT / "specs" / "viam" / "inputs.example.json"
_OUTCOMES: Final = "outcomes.jsonl"
# in seconds
_LOOK: Final = 0.1


class Bank(Struct):
    """A server that answers every request after a moment, and counts how often each row was charged."""

    latency: float
    charges: Counter[str] = field(default_factory=Counter)
    url: str = ""

    async def serve(self, ready: threading.Event) -> None:
        """Answer until the process ends."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                body = await reader.readexactly(length)
                if head.split(b" ", 2)[1] == _CHARGE:
                    self.charges[json.loads(body)["description"]] += 1
                await asyncio.sleep(self.latency)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            # a worker was killed
            writer.close()


class Crew(Struct):
    """The workers, each a process of its own, and how much memory each has used at most, in MiB."""

    forker: Forker
    folder: Path
    size: int
    processes: dict[int, int] = field(default_factory=dict)
    at_work: dict[int, float] = field(default_factory=dict)
    peaks: list[float] = field(default_factory=list)
    killed: int = 0

    def start(self, number: int) -> None:
        """Start a worker."""
        told = self._told(number)
        told.unlink(missing_ok=True)
        command = ("worker", "--name", f"worker-{number}", "--poll", "0.1", "--lost-after", "3")
        self.processes[number] = self.forker.start(command, {"TOLD": str(told)})

    def _told(self, number: int) -> Path:
        return self.folder / f"worker-{number}.txt"

    def look(self) -> bool:
        """Note which workers are at work, and return whether all of them are."""
        for number in self.processes:
            told = self._told(number)
            if number not in self.at_work and told.exists() and "is at work" in told.read_text():
                self.at_work[number] = time.monotonic()
        return len(self.at_work) == self.size

    def kill(self, after: float) -> bool:
        """Kill the next worker, if it has been at work for so many seconds, and start it again."""
        # on a busy machine, one that is killed as it begins does nothing at all
        number = self.killed % self.size
        if time.monotonic() - self.at_work.get(number, math.inf) < after:
            return False
        del self.at_work[number]
        self._end(number, signal.SIGKILL)
        self.killed += 1
        self.start(number)
        return True

    def end(self) -> None:
        """Let all workers end."""
        for number in self.processes:
            self._end(number, signal.SIGTERM)

    def _end(self, number: int, how: signal.Signals) -> None:
        process = self.processes[number]
        status = Path(f"/proc/{process}/status")
        if status.exists() and (found := status.read_text().partition("VmHWM:")[2].split()):
            self.peaks.append(int(found[0]) / 1024)
        if self.forker.is_running(process):
            os.kill(process, how)
            self.forker.wait(process)


def batch_of(folder: Path, url: str, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Start the batch, with a row for each customer."""
    rows = folder / "rows.jsonl"
    rows.write_text("".join(f'{{"description": "row-{each:06}"}}\n' for each in range(options.rows)))
    command = [sys.executable, "-m", "arazzo_engine", "batch", str(_BILLING), "--each", str(rows), "--server", url]
    command += ["--inputs", str(_INPUTS), "--durable", "--batch-id", "customers", "--output", str(folder / _OUTCOMES)]
    command += ["--concurrency", str(options.concurrency)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})


def campaign(options: argparse.Namespace, folder: Path) -> int:
    """Run the campaign, and return the exit code."""
    bank, ready = Bank(options.latency), threading.Event()
    threading.Thread(target=lambda: asyncio.run(bank.serve(ready)), daemon=True).start()
    ready.wait()
    open_place(find_place()).close()
    with Forker() as forker:
        crew = Crew(forker, folder, options.workers)
        for number in range(options.workers):
            crew.start(number)
        try:
            while not crew.look():
                time.sleep(_LOOK)
            begun = time.monotonic()
            batch = batch_of(folder, bank.url, options)
            _watch(batch, crew, bank, options.kill_every)
            seconds = time.monotonic() - begun
        finally:
            crew.end()
    states = Counter(json.loads(line)["status"] for line in (folder / _OUTCOMES).read_text().splitlines())
    return _tell(options.rows, seconds, crew, (states, bank.charges))


def _watch(batch: subprocess.Popen[bytes], crew: Crew, bank: Bank, kill_every: float) -> None:
    next_kill, charged = time.monotonic() + kill_every, 0
    while batch.poll() is None:
        crew.look()
        # on a busy machine nothing might be done between two kills, and the batch would never end
        has_come_on = len(bank.charges) > charged
        if time.monotonic() >= next_kill and has_come_on and crew.kill(kill_every):
            next_kill, charged = time.monotonic() + kill_every, len(bank.charges)
        time.sleep(_LOOK)


def _tell(rows: int, seconds: float, crew: Crew, counted: tuple[Counter[str], Counter[str]]) -> int:
    states, charges = counted
    print(f"{seconds:.1f} s, {rows / seconds:.1f} rows a second, {crew.killed} workers killed")
    print(f"outcomes: {', '.join(f'{count} {state}' for state, count in states.most_common())}")
    twice = [row for row, count in charges.items() if count > 1]
    print(f"charged: {len(charges)} rows, of which twice: {len(twice)}")
    print(f"memory of a worker, at most: {max(crew.peaks, default=0):.0f} MiB")
    ends = states["succeeded"] + states["in-doubt"]
    # what has succeeded was charged, and what was charged has succeeded or is in doubt
    is_sound = ends == rows and not twice and states["succeeded"] <= len(charges)
    print("sound" if is_sound else "NOT SOUND")
    return 0 if is_sound else 1


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    with nullcontext() if url else running_postgres() as server:
        yield url or (server.database() if server else "")


def main() -> int:
    """Read the options, and run the campaign."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=2.0, metavar="S")
    parser.add_argument("--concurrency", type=int, default=24, help="how many rows stand in the queue at a time")
    parser.add_argument("--latency", type=float, default=0.02, metavar="S")
    parser.add_argument("--database-url")
    options = parser.parse_args()
    with _database(options.database_url) as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ARAZZO_DATABASE_URL": url,
            "ARAZZO_STATE_DIR": folder,
            "ARAZZO_STATE_KEY": Fernet.generate_key().decode(),
        }
        return campaign(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
