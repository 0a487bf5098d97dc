"""Sessions over runs of the scripted API, which are made before anybody looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripted import ScriptedWorld, answer, document, make_workflows_ready, step, workflow

from arazzo_engine.debugging.history import History
from arazzo_engine.debugging.session import Session, open_session
from arazzo_engine.machine.interpreter import Session as Runs
from arazzo_engine.machine.interpreter import run
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.world.drivers.driving import drive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.machine.effects import Interaction


def session_of(text: str, world: ScriptedWorld | None = None, inputs: dict[str, Any] | None = None) -> Session:
    """Run the workflow ``main`` of a document, and return a session at its first moment."""
    ready = make_workflows_ready(text, inputs=inputs)

    def again(run_ids: Sequence[str]) -> Interaction[None]:
        yield from run(Runs(ready.linked), ready.calls[0], run_ids[0])

    history = History(again)
    drive(history.followed(run(Runs(ready.linked), ready.calls[0], "run")), world or ScriptedWorld())
    session = open_session(history, ready.linked, Masker())
    session.enter()
    return session


def orders(**rest: Any) -> str:
    """Return a document whose step ``a`` gives an id, ``b`` is retried on 503, and ``call`` calls a workflow."""
    retry = {"name": "again", "type": "retry", "retryAfter": 2, "retryLimit": 2, "criteria": [_condition(503)]}
    give_up = {"name": "giveUp", "type": "end"}
    return document(
        workflow(
            step("a", outputs={"id": "$response.body#/id"}),
            step("b", successCriteria=[_condition(200)], onFailure=[retry, give_up]),
            {"stepId": "call", "workflowId": "inner", "outputs": {"n": "$outputs.n"}},
            outputs={"id": "$steps.a.outputs.id"},
            **rest,
        ),
        workflow(step("c", outputs={"n": "$response.body#/n"}), name="inner", outputs={"n": "$steps.c.outputs.n"}),
    )


def _condition(status: int) -> dict[str, str]:
    return {"condition": f"$statusCode == {status}"}


def busy() -> ScriptedWorld:
    """Return a world in which ``b`` is busy once."""
    return ScriptedWorld(
        {"a": [answer(201, {"id": 7})], "b": [answer(503, {"why": "busy"}), answer()], "c": [answer(200, {"n": 3})]}
    )
