"""Steps per second in one process, against loops of ``httpx.Client`` and of ``http.client`` that send the same."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from arazzo_engine.apis.security.access import Access
from arazzo_engine.documents.reading import read_document
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive
from arazzo_engine.world.drivers.live import LiveWorld
from arazzo_engine.world.http.transport import Transport
from arazzo_engine.world.preparing import check_document, make_ready
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps, one_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.world.preparing import Checked

_INPUTS: Final = {"name": "first"}


def compare_steps(url: str, steps: int, rounds: int) -> Comparison:
    """A workflow of many steps, each with a body, a header, a criterion and an output."""
    checked = _checked(steps)
    access = Access(servers={"": url})
    ready = make_ready(checked, ["many"], GivenInputs(_INPUTS), access)
    settings = Settings(access, Limits(steps=steps))

    def engine() -> None:
        with Transport() as transport:
            report = drive(run(Session(ready.linked, settings), ready.calls[0], "run"), LiveWorld(transport))
        assert report.succeeded, report
        assert len(report.steps) == steps

    def floor() -> None:
        with httpx.Client(base_url=url) as client:
            _ask_with_httpx(client, steps)

    name = f"{steps} steps in process / httpx.Client loop, per step"
    bare = {"http.client": lambda: _ask_with_http_client(url, steps)}
    return compare(name, engine, floor, rounds=rounds, work=steps, beside=bare)


def compare_runs(url: str, threads: int, rounds: int) -> Comparison:
    """The same workflow of four steps run 1,000 times: inputs checked, run and reported; the document is read once."""
    runs, steps = 1000, 4
    checked = _checked(steps)
    access = Access(servers={"": url})

    def engine() -> None:
        with Transport() as transport:
            _repeat(lambda: _run_once(checked, access, transport), runs, threads)

    def floor() -> None:
        with httpx.Client(base_url=url) as client:
            _repeat(lambda: _ask_with_httpx(client, steps), runs, threads)

    name = f"{runs} runs of {steps} steps, {threads} threads / httpx.Client, per step"
    return compare(name, engine, floor, rounds=rounds, work=runs * steps)


def _checked(steps: int) -> Checked:
    source = read_document(description_text(), "file:///api.json")
    return check_document(read_document(many_steps(steps), "file:///steps.json"), one_source(source))


def _run_once(checked: Checked, access: Access, transport: Transport) -> None:
    ready = make_ready(checked, ["many"], GivenInputs(_INPUTS), access)
    report = drive(run(Session(ready.linked, Settings(access)), ready.calls[0], "run"), LiveWorld(transport))
    assert report.succeeded, report


def _repeat(job: Callable[[], None], times: int, threads: int) -> None:
    if threads == 1:
        for _ in range(times):
            job()
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(job) for _ in range(times)]:
            done.result()


def _ask_with_httpx(client: httpx.Client, steps: int) -> None:
    value = _INPUTS["name"]
    for _ in range(steps):
        answer = client.post("/things", json={"name": value}, headers={"X-Name": value})
        answer.raise_for_status()
        value = answer.json()["state"]


def _ask_with_http_client(url: str, steps: int) -> None:
    value = _INPUTS["name"]
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for _ in range(steps):
        headers = {"X-Name": value, "Content-Type": "application/json"}
        connection.request("POST", "/things", json.dumps({"name": value}), headers)
        answer = connection.getresponse()
        assert answer.status == http.HTTPStatus.OK
        value = json.loads(answer.read())["state"]
    connection.close()
