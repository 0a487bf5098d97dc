"""The page about traces: its command and its program run, its tree is that of their spans, its table has every name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
from loopback import RecordingServer, Reply
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from arazzo_engine.cli import run_command
from arazzo_engine.cli.options import setting_options

if TYPE_CHECKING:
    from pathlib import Path

_PAGE: Final = (places.ROOT / "docs" / "tracing.md").read_text()
_STARTER: Final = "opentelemetry-instrument arazzo "


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: RecordingServer) -> InMemorySpanExporter:
    """The shop's documents in the present folder, its server, and what keeps spans."""
    for name in ("orders.arazzo.yaml", "inputs.yaml", "shop-api.yaml"):
        (tmp_path / name).write_text((places.SHOP / name).read_text())
    (tmp_path / "arazzo.toml").write_text(f'servers = "{server.url}"\n')
    monkeypatch.chdir(tmp_path)
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr("opentelemetry.trace.get_tracer_provider", lambda: provider)
    return kept


def _tree(spans: tuple[ReadableSpan, ...], parent: int | None = None, depth: int = 0) -> list[str]:
    within = [each for each in spans if (each.parent.span_id if each.parent else None) == parent]
    lines = []
    for each in sorted(within, key=lambda span: span.start_time or 0):
        lines += ["  " * depth + each.name, *_tree(spans, each.context.span_id, depth + 1)]
    return lines


def test_the_program_has_the_spans_that_the_page_shows(exporter: InMemorySpanExporter, server: RecordingServer) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    (tree,) = re.findall(r"```text\n(.*?)```", _PAGE, re.DOTALL)
    found: dict[str, Any] = {}
    exec(program, found)
    assert found["report"].succeeded
    assert _tree(exporter.get_finished_spans()) == tree.splitlines()
    assert all(each.header("traceparent") for each in server.requests)


def test_the_command_makes_spans(exporter: InMemorySpanExporter) -> None:
    (command,) = (line for line in _PAGE.splitlines() if line.startswith(_STARTER))
    assert run_command(command.removeprefix(_STARTER).split()) == 0
    assert exporter.get_finished_spans()


def test_the_table_has_every_attribute(exporter: InMemorySpanExporter) -> None:
    written = (places.ROOT / "arazzo_engine" / "world" / "tracing").glob("*.py")
    text = "".join(each.read_text() for each in written)
    names = set(re.findall(r'"((?:http|url|server|error|arazzo)\.[a-z_.]+)"', text))
    assert set(re.findall(r"(?m)^\| `([a-z_.]+)` \|", _PAGE)) == names
    assert not exporter.get_finished_spans()


def test_the_options_are_those_of_the_page() -> None:
    options: Any = setting_options(lambda: None)
    known = {name for each in options.__click_params__ for name in each.opts}
    assert {"--otel", "--trace-context"} <= known
    assert all(f"`{name}`" in _PAGE for name in ("--otel", "--trace-context"))
