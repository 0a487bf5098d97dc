"""The mock beside a bare application of starlette: requests per second, both served by uvicorn, each in one process.

``wrk`` asks them in turns, on the same machine at the same time of day; each server has one core of its own, where the
system can say so. The memory of the mock is looked at before and after its requests.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT: Final = Path(__file__).parent.parent / "docs/recipes/charge-once.arazzo.yaml"
_STARLETTE: Final = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def orders(request):
    await request.body()
    return JSONResponse({"orders": [{"id": "order-1", "amount": 1}], "next": "sample"})
app = Starlette(routes=[Route("/shop/orders", orders, methods=["GET", "POST"])])
from arazzo_engine.world.http.listening import listen
bound = listen("127.0.0.1", 0)
print("shop", f"http://127.0.0.1:{bound.getsockname()[1]}/shop", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run(sockets=[bound])
"""
_POST: Final = """
wrk.method = "POST"
wrk.body = '{"sku": "tea"}'
wrk.headers["Content-Type"] = "application/json"
"""


def compare_mock(rounds: int, seconds: int = 5) -> str:
    """Return the lines of the comparison; what is missing for it is said instead."""
    if shutil.which("wrk") is None:
        return "the mock: `wrk` is not installed"
    mocked = [sys.executable, "-m", "arazzo_engine", "mock", str(_DOCUMENT), "--quiet"]
    with _served(mocked) as mock, _served([sys.executable, "-c", _STARLETTE]) as bare:
        lines = [_compare(kind, (mock, bare), rounds, seconds) for kind in ("GET", "POST")]
        memory = _memory(mock[1])
        count = 100_000
        while count > 0:
            count -= _asked(mock[0], "GET", seconds)[0]
        lines.append(
            f"memory of the mock, before and after 100,000 requests: {memory:.1f} and {_memory(mock[1]):.1f} MB"
        )
    return "\n".join(lines)


def _compare(kind: str, served: tuple[tuple[str, int], tuple[str, int]], rounds: int, seconds: int) -> str:
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for (url, _), found in zip(served, rates, strict=True):
            found.append(_asked(url, kind, seconds)[1])
    mock, bare = map(statistics.median, rates)
    name = f"mock, {kind} of orders, 16 connections: requests per second"
    return f"{name:<58} {mock:>13,.0f} {bare:>13,.0f} {mock / bare:>8.2f}x"


def _asked(url: str, kind: str, seconds: int) -> tuple[int, float]:
    """Return how many requests were answered, and how many in a second; raises ``ValueError`` when one failed."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", f"{url}/orders"]
    script = ["-s", "/dev/stdin"] if kind == "POST" else []
    made = subprocess.run([*command, *script], input=_POST, capture_output=True, text=True, check=True).stdout
    count, rate = re.search(r"(\d+) requests in", made), re.search(r"Requests/sec:\s+([\d.]+)", made)
    if count is None or rate is None or "Non-2xx" in made:
        raise ValueError(made)
    return int(count[1]), float(rate[1])


@contextmanager
def _served(command: list[str]) -> Iterator[tuple[str, int]]:
    """Serve on one core; yield the URL and the process."""
    cores = sorted(os.sched_getaffinity(0))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        os.sched_setaffinity(process.pid, cores[:1])
        if process.stdout is None:
            raise ValueError(command)
        yield process.stdout.readline().split()[1], process.pid
        process.terminate()


def _memory(pid: int) -> float:
    """Return the memory that a process holds, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return 0.0 if found is None else int(found[1]) / 1_000
