"""Steps per second in one process against a loop of ``httpx.Client`` that sends the same requests."""

from __future__ import annotations

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

_INPUTS = {"name": "first"}


def compare_steps(url: str, steps: int, rounds: int) -> Comparison:
    """A workflow of many steps, each with a body, a header, a criterion and an output."""
    source = read_document(description_text(), "file:///api.json")
    checked = check_document(read_document(many_steps(steps), "file:///steps.json"), one_source(source))
    access = Access(servers={"": url})
    ready = make_ready(checked, ["many"], GivenInputs(_INPUTS), access)

    def engine() -> None:
        with Transport() as transport:
            report = drive(
                run(Session(ready.linked, Settings(access, Limits(steps=steps))), ready.calls[0], "run"),
                LiveWorld(transport),
            )
        assert report.succeeded, report
        assert len(report.steps) == steps

    def floor() -> None:
        value = _INPUTS["name"]
        with httpx.Client(base_url=url) as client:
            for _ in range(steps):
                answer = client.post("/things", json={"name": value}, headers={"X-Name": value})
                answer.raise_for_status()
                value = answer.json()["state"]

    return compare(f"{steps} steps in process / httpx.Client loop, per step", engine, floor, rounds=rounds, work=steps)
