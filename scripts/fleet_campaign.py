"""Many rows of the billing workflow through three workers of which one is killed every two seconds.

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
from typing import TYPE_CHECKING, Any, Final

from cryptography.fernet import Fernet
from msgspec import Struct, field
from msgspec.structs import replace

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "parts")]

from postgres_server import running_postgres  # noqa: E402 - found by the line above

from arazzo_engine import Engine  # noqa: E402 - the same
from arazzo_engine.durability.hosting import open_place  # noqa: E402 - the same
from arazzo_engine.durability.ledger import RUN, Ledger  # noqa: E402 - the same
from arazzo_engine.durability.orders import order_of  # noqa: E402 - the same
from arazzo_engine.durability.places import find_place  # noqa: E402 - the same
from arazzo_engine.durability.runs import State, state_of  # noqa: E402 - the same
from arazzo_engine.recording.beginning import Texts  # noqa: E402 - the same
from arazzo_engine.validation.inputs.given import GivenInputs  # noqa: E402 - the same
from arazzo_engine.world.loading.library import Library  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterator

_BILLING: Final = ROOT / "specs" / "viam" / "arazzo" / "viam-bill-customer-location-workflow.yml"
_CHARGE: Final = b"/viam.app.v1.BillingService/CreateInvoiceAndChargeImmediately"
_UNFINISHED: Final = ["ENQUEUED", "DELAYED", "PENDING"]
# in seconds
_LOOK: Final = 0.5


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
    """The workers, and how much memory each has used at most, in MiB."""

    size: int
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    at_work: dict[int, float] = field(default_factory=dict)
    peaks: list[float] = field(default_factory=list)
    killed: int = 0

    def start(self, number: int) -> None:
        """Start a worker."""
        command = [sys.executable, "-m", "arazzo_engine", "worker", "--name", f"worker-{number}"]
        started = self.processes[number] = subprocess.Popen(
            [*command, "--poll", "0.1", "--lost-after", "3"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        threading.Thread(target=self._listen, args=(number, started), daemon=True).start()

    def _listen(self, number: int, started: subprocess.Popen[bytes]) -> None:
        assert started.stderr is not None  # noqa: S101 - it was asked for
        with started.stderr as told:
            for line in told:
                if line.endswith(b"is at work\n"):
                    self.at_work[number] = time.monotonic()

    def kill(self, after: float) -> bool:
        """Kill the next worker, if it has been at work for so many seconds, and start it again."""
        # on a busy machine, one that is killed as it begins does nothing at all
        number = self.killed % self.size
        if time.monotonic() - self.at_work.get(number, math.inf) < after:
            return False
        del self.at_work[number]
        self._note(number)
        self.processes[number].send_signal(signal.SIGKILL)
        self.processes[number].wait()
        self.killed += 1
        self.start(number)
        return True

    def end(self) -> None:
        """Let all workers end."""
        for number, process in self.processes.items():
            self._note(number)
            process.terminate()
        for process in self.processes.values():
            process.wait()

    def _note(self, number: int) -> None:
        status = Path(f"/proc/{self.processes[number].pid}/status")
        if status.exists() and (found := status.read_text().partition("VmHWM:")[2].split()):
            self.peaks.append(int(found[0]) / 1024)


def order_rows(ledger: Ledger, rows: int, url: str) -> None:
    """Put a run for each row into the queue."""
    given: dict[str, Any] = json.loads((ROOT / "specs" / "viam" / "inputs.example.json").read_text())
    kept, texts = Library(), Texts()
    with Engine(servers=url) as engine:
        program = engine.open(_BILLING, library=kept)
        order = order_of(engine, program.prepare(program.workflow_ids, GivenInputs(given)), kept, texts)
    ledger.keep_texts(texts.by_digest)
    for row in range(rows):
        name = f"row-{row:06}"
        ledger.enqueue(name, replace(order, inputs={**order.inputs, "description": name}, seed=f"{row:032x}"))


def campaign(options: argparse.Namespace) -> int:
    """Run the campaign, and return the exit code."""
    bank, ready = Bank(options.latency), threading.Event()
    threading.Thread(target=lambda: asyncio.run(bank.serve(ready)), daemon=True).start()
    ready.wait()
    ledger = open_place(find_place())
    begun = time.monotonic()
    order_rows(ledger, options.rows, bank.url)
    print(f"{options.rows} rows are in the queue after {time.monotonic() - begun:.1f} s", flush=True)
    crew = Crew(options.workers)
    begun = time.monotonic()
    for number in range(options.workers):
        crew.start(number)
    try:
        _watch(ledger, crew, options.kill_every)
        seconds = time.monotonic() - begun
    finally:
        crew.end()
    states = Counter(state_of(each) for each in ledger.runs())
    ledger.close()
    return _tell(options.rows, seconds, crew, (states, bank.charges))


def _watch(ledger: Ledger, crew: Crew, kill_every: float) -> None:
    next_kill = time.monotonic() + kill_every
    while ledger.client.list_workflows(name=RUN, status=_UNFINISHED, load_input=False, load_output=False, limit=1):
        if time.monotonic() >= next_kill and crew.kill(kill_every):
            next_kill = time.monotonic() + kill_every
        time.sleep(_LOOK)


def _tell(rows: int, seconds: float, crew: Crew, counted: tuple[Counter[State], Counter[str]]) -> int:
    states, charges = counted
    print(f"{seconds:.1f} s, {rows / seconds:.1f} rows a second, {crew.killed} workers killed")
    print(f"outcomes: {', '.join(f'{count} {state}' for state, count in states.most_common())}")
    twice = [row for row, count in charges.items() if count > 1]
    print(f"charged: {len(charges)} rows, of which twice: {len(twice)}")
    print(f"memory of a worker, at most: {max(crew.peaks, default=0):.0f} MiB")
    ends = states[State.SUCCEEDED] + states[State.IN_DOUBT]
    # what has succeeded was charged, and what was charged has succeeded or is in doubt
    is_sound = ends == rows and not twice and states[State.SUCCEEDED] <= len(charges)
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
    parser.add_argument("--latency", type=float, default=0.02, metavar="S")
    parser.add_argument("--database-url")
    options = parser.parse_args()
    with _database(options.database_url) as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ARAZZO_DATABASE_URL": url,
            "ARAZZO_STATE_DIR": folder,
            "ARAZZO_STATE_KEY": Fernet.generate_key().decode(),
        }
        return campaign(options)


if __name__ == "__main__":
    sys.exit(main())
