"""Runs that were ordered alike have one program, and nothing else in common."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from crashing import Disk, MortalSteps
from msgspec.structs import replace

from arazzo_engine import Engine
from arazzo_engine.durability.carrying import Task, Watching, carry_on
from arazzo_engine.durability.orders import Order, order_of
from arazzo_engine.durability.programs import opened
from arazzo_engine.durability.programs.opened import OpenPrograms
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from loopback import RecordingServer


@pytest.fixture
def ordered(shop: RecordingServer) -> tuple[Order, Texts]:
    with Engine(servers=shop.url) as engine:
        kept, texts = Library(), Texts()
        program = engine.open("orders.arazzo.yaml", library=kept)
        given = GivenInputs({"token": "secret-token-1", "item": "book", "amount": 12.5})
        return order_of(engine, program.prepare(("order",), given), kept, texts), texts


def test_a_document_is_opened_once_for_runs_that_differ_in_their_inputs(
    ordered: tuple[Order, Texts], shop: RecordingServer
) -> None:
    order, texts = ordered
    asked: list[int] = []

    def found() -> dict[str, bytes]:
        asked.append(1)
        return texts.by_digest

    with closing(OpenPrograms()) as programs:
        for amount in (1, 2, 3):
            row = replace(order, inputs={**order.inputs, "amount": amount}, seed=f"{amount:032x}")
            with programs.of(row, found) as program:
                carried = carry_on(program, Task(row, {}, f"row-{amount}"), MortalSteps(Disk()), Watching())
            assert carried.report.succeeded
        assert (len(asked), len(programs.kinds)) == (1, 1)
    assert [each.json["amount"] for each in shop.requests if each.method == "POST"] == [1, 2, 3]
    # one connection carries them
    assert len({each.connection for each in shop.requests}) == 1


def test_other_options_are_another_program_and_only_a_few_stay_open(
    ordered: tuple[Order, Texts], monkeypatch: pytest.MonkeyPatch
) -> None:
    order, texts = ordered
    monkeypatch.setattr(opened, "_MOST", 2)
    with closing(OpenPrograms()) as programs:
        found = []
        for seconds in (1.0, 2.0, 3.0):
            with programs.of(
                replace(order, options={**order.options, "step_timeout": seconds}), lambda: texts.by_digest
            ) as program:
                found.append(program)
        assert [each.means.step_timeout for each in found] == [1.0, 2.0, 3.0]
        assert len(programs.kinds) == 2
    assert not programs.kinds
