"""Steps that are kept, against the same number of bare steps of the engine beneath that send the same.

Each side records twice for each request: that it will be sent, and what came of it. The floor knows nothing of
documents and seals nothing. The database is a file of SQLite in a folder of its own, or the PostgreSQL of a URL.
"""

from __future__ import annotations

import http.client
import itertools
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from dbos import DBOS, SetWorkflowID

from arazzo_engine import Engine
from arazzo_engine.durability.hosting import Host, Role
from arazzo_engine.durability.orders import order_of
from arazzo_engine.durability.places import find_place
from arazzo_engine.durability.runs import start
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps
from benchmarks.steps import ask_with_http_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.durability.orders import Order

_INPUTS: Final = {"name": "first"}
_RECORDS: Final = 2


def compare_durable(url: str, steps: int, rounds: int, database: str | None = None) -> Comparison:
    """A durable run of many steps beside a bare workflow of the engine beneath, and the run as it is without."""
    with TemporaryDirectory() as folder:
        os.environ["ARAZZO_STATE_DIR"] = folder
        order, texts, plain = ordered(folder, url, steps)
        numbers = itertools.count()
        bare: list[Callable[[], None]] = []
        with Host(find_place(database), role=Role(enter=lambda _ledger: bare.append(_bare(url, steps)))) as host:

            def engine() -> None:
                carried = start(host, f"run-{os.getpid()}-{next(numbers)}", order, texts)
                assert carried.report.succeeded, carried.report

            def floor() -> None:
                with SetWorkflowID(f"bare-{os.getpid()}-{next(numbers)}"):
                    bare[0]()

            kind = "SQLite" if database is None else "PostgreSQL"
            name = f"{steps} durable steps, {kind} / bare steps beneath, per step"
            return compare(name, engine, floor, rounds=rounds, work=steps, beside={"not kept": plain})


def ordered(folder: str, url: str, steps: int) -> tuple[Order, dict[str, bytes], Callable[[], None]]:
    """Return a run of many steps as it is ordered, its texts, and the same run as it is when it is not kept."""
    (Path(folder) / "api.json").write_text(description_text())
    (Path(folder) / "steps.json").write_text(many_steps(steps))
    kept, texts = Library(), Texts()
    engine = Engine(servers=url, max_steps=steps)
    program = engine.open(str(Path(folder) / "steps.json"), library=kept)
    order = order_of(engine, program.prepare(("many",), GivenInputs(_INPUTS)), kept, texts)

    def plain() -> None:
        assert program.run(inputs=_INPUTS).succeeded

    return order, texts.by_digest, plain


def in_steps_a_second(comparison: Comparison) -> str:
    """Return a comparison as a line, with the steps that each side makes in a second."""
    sides = {"kept": comparison.engine, "bare steps": comparison.floor, **comparison.beside}
    rates = ", ".join(f"{name} {comparison.work / seconds:.0f}" for name, seconds in sides.items())
    return f"{comparison}\n{'':<58} steps/s: {rates}"


def _bare(url: str, steps: int) -> Callable[[], None]:
    """Return a workflow of the engine beneath that records as often and sends the same."""

    def workflow() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        for _ in range(steps):
            for _ in range(_RECORDS - 1):
                DBOS.run_step({"name": "intent"}, dict)
            DBOS.run_step({"name": "send"}, lambda: ask_with_http_client(connection, 1))
        connection.close()

    registered: Callable[[], None] = DBOS.workflow(name="bare")(workflow)
    return registered
