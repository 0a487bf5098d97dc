"""Runs against scripted transports, recorded by the engine itself: what a recording is tested with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from scripted import OneSource

from arazzo_engine import Engine, report_of
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.recording.recording import Recording, read_recording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.reporting.run_report import RunReport

API = OneSource.api.value


class Clock:
    """A clock that stands still but for waits, and moves on a little with each look at it."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        self.time += 0.125
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class Script:
    """Answers each path with its responses in order, the last one again and again."""

    answers: Mapping[str, list[Response | NoResponse]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.answers = {name: list(each) for name, each in self.answers.items()}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        script = self.answers.get(request.url.path.strip("/"), [])
        if not script:
            return httpx.Response(200)
        result = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(result, NoResponse):
            raise httpx.ConnectError(result.reason)
        return httpx.Response(result.status, headers=list(result.headers), content=result.content)


def recorded(
    folder: Path,
    text: str,
    answer: Callable[[httpx.Request], httpx.Response],
    inputs: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[RunReport, bytes]:
    """Run the workflow ``main`` of a document and return its report, and its recording."""
    folder.mkdir(exist_ok=True)
    (folder / "api.json").write_text(json.dumps(options.pop("api", API)))
    (folder / "main.json").write_text(text)
    place = folder / "run.jsonl"
    place.unlink(missing_ok=True)
    clock = options.pop("clock", Clock())
    with Engine(transport=httpx.MockTransport(answer), clock=clock, record=place, **options) as engine:
        try:
            report = engine.load(folder / "main.json").run("main", inputs=inputs)
        except (RuntimeError, KeyboardInterrupt) as cut:
            found = report_of(cut)
            assert found is not None
            report = found
    return report, place.read_bytes()


def opened(content: bytes) -> Recording:
    """Return a recording that was read back."""
    return read_recording(content, "run.jsonl")
