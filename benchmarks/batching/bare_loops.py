"""Loops that send the requests of a batch and do nothing else: of httpx, aiohttp and ``http.client``.

They check nothing, note nothing and keep nothing. That of ``http.client`` as a process of its own is
``python -m benchmarks.batching.bare_loops URL CONCURRENCY ROWS``.
"""

from __future__ import annotations

import asyncio
import http.client
import importlib.util
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from benchmarks.steps import ask_with_http_client, ask_with_httpx, repeat

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: Final = 4
AIOHTTP: Final = "aiohttp"


def loops(url: str, concurrency: int, rows: int) -> dict[str, Callable[[], None]]:
    """Return each loop by its name; that of aiohttp only where it is installed."""
    found = {
        "httpx threads": lambda: _httpx_threads(url, concurrency, rows),
        "httpx tasks": lambda: asyncio.run(_httpx_tasks(url, concurrency, rows)),
        "http.client threads": lambda: http_client_threads(url, concurrency, rows),
    }
    if importlib.util.find_spec(AIOHTTP) is not None:
        found["aiohttp tasks"] = lambda: asyncio.run(_aiohttp_tasks(url, concurrency, rows))
    return found


def in_two_processes(url: str, concurrency: int, rows: int) -> None:
    """Do the loop of ``http.client`` in two processes, half of the rows in each."""
    command = [sys.executable, "-m", "benchmarks.batching.bare_loops", url, str(concurrency // 2), str(rows // 2)]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait() for each in started] == [0, 0]


def http_client_threads(url: str, concurrency: int, rows: int) -> None:
    """Do the steps of the rows in threads, each with a connection of its own."""
    own = threading.local()
    opened: list[http.client.HTTPConnection] = []

    def ask() -> None:
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection(urlsplit(url).netloc)
            opened.append(own.connection)
        ask_with_http_client(own.connection, STEPS)

    repeat(ask, rows, concurrency)
    for connection in opened:
        connection.close()


def _limits(concurrency: int) -> httpx.Limits:
    # with fewer idle connections than threads, httpx closes some that are in use
    return httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)


def _httpx_threads(url: str, concurrency: int, rows: int) -> None:
    with httpx.Client(base_url=url, limits=_limits(concurrency)) as client:
        repeat(lambda: ask_with_httpx(client, STEPS), rows, concurrency)


async def _httpx_tasks(url: str, concurrency: int, rows: int) -> None:
    numbers = iter(range(rows))

    async def work() -> None:
        for _ in numbers:
            value = "first"
            for _ in range(STEPS):
                answer = await client.post("/things", json={"name": value}, headers={"X-Name": value})
                answer.raise_for_status()
                value = answer.json()["state"]

    async with httpx.AsyncClient(base_url=url, limits=_limits(concurrency)) as client:
        await asyncio.gather(*(work() for _ in range(concurrency)))


async def _aiohttp_tasks(url: str, concurrency: int, rows: int) -> None:
    aiohttp: Any = importlib.import_module(AIOHTTP)
    numbers = iter(range(rows))

    async def work() -> None:
        for _ in numbers:
            value = "first"
            for _ in range(STEPS):
                async with session.post("/things", json={"name": value}, headers={"X-Name": value}) as answer:
                    answer.raise_for_status()
                    value = (await answer.json())["state"]

    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        await asyncio.gather(*(work() for _ in range(concurrency)))


if __name__ == "__main__":
    http_client_threads(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
