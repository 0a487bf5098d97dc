"""Steps per second in one process, against loops of ``httpx.Client`` and of ``http.client`` that send the same."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from arazzo_engine import Engine
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine import Program

_INPUTS: Final = {"name": "first"}


def compare_steps(url: str, steps: int, rounds: int) -> Comparison:
    """A workflow of many steps, each with a body, a header, a criterion and an output."""
    program = _program(url, steps)

    def engine() -> None:
        report = program.run(inputs=_INPUTS)
        assert report.succeeded, report
        assert len(report.steps) == steps

    def floor() -> None:
        with httpx.Client(base_url=url) as client:
            ask_with_httpx(client, steps)

    name = f"{steps} steps in process / httpx.Client loop, per step"
    bare = {"http.client": lambda: _ask_over_new_connection(url, steps)}
    return compare(name, engine, floor, rounds=rounds, work=steps, beside=bare)


def compare_runs(url: str, threads: int, rounds: int) -> Comparison:
    """One program of four steps run 1,000 times: inputs checked, run and reported; it is loaded once."""
    runs, steps = 1000, 4
    program = _program(url, steps)

    def run() -> None:
        report = program.run(inputs=_INPUTS)
        assert report.succeeded, report

    def floor() -> None:
        with httpx.Client(base_url=url) as client:
            repeat(lambda: ask_with_httpx(client, steps), runs, threads)

    name = f"{runs} runs of {steps} steps, {threads} threads / httpx.Client, per step"
    return compare(name, lambda: repeat(run, runs, threads), floor, rounds=rounds, work=runs * steps)


def _program(url: str, steps: int) -> Program:
    """Return the program of an engine whose connections last as long as the benchmarks."""
    folder = Path(mkdtemp())
    (folder / "api.json").write_text(description_text())
    return Engine(servers=url, max_steps=steps).load(many_steps(steps), base=folder / "steps.json")


def repeat(job: Callable[[], None], times: int, threads: int) -> None:
    """Do a job so many times, in so many threads."""
    if threads == 1:
        for _ in range(times):
            job()
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(job) for _ in range(times)]:
            done.result()


def ask_with_httpx(client: httpx.Client, steps: int) -> None:
    """Do the steps by hand, with a client that keeps its connections."""
    value = _INPUTS["name"]
    for _ in range(steps):
        answer = client.post("/things", json={"name": value}, headers={"X-Name": value})
        answer.raise_for_status()
        value = answer.json()["state"]


def ask_with_http_client(connection: http.client.HTTPConnection, steps: int) -> None:
    """Do the steps by hand, over one connection."""
    value = _INPUTS["name"]
    for _ in range(steps):
        headers = {"X-Name": value, "Content-Type": "application/json"}
        connection.request("POST", "/things", json.dumps({"name": value}), headers)
        answer = connection.getresponse()
        assert answer.status == http.HTTPStatus.OK
        value = json.loads(answer.read())["state"]


def _ask_over_new_connection(url: str, steps: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    ask_with_http_client(connection, steps)
    connection.close()
