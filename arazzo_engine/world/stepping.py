"""The runs of a session made again, so that one may look at any moment of them: with their ids, and without a world.

Decides what they start from: the tokens that were held before the first run, and nothing that a run has left since.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.machine.endings import report_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arazzo_engine.debugging.history import Again
    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.interpreter import Session
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.running import Prepared


def again_of(prepared: Prepared, session_of: Callable[[Prepared], Session] | None = None) -> Again:
    """Return what makes the runs that are prepared again; asked for before the first of them begins."""
    tokens = deepcopy(prepared.tokens)
    # nothing happens that a span could be of
    unseen = replace(prepared, means=replace(prepared.means, otel=False))

    def again(run_ids: Sequence[str]) -> Interaction[None]:
        fresh = replace(unseen, tokens=deepcopy(tokens))
        session, held = fresh.session() if session_of is None else session_of(fresh), fresh.held()
        for number, call in enumerate(fresh.ready.calls):
            yield from _to_its_end(fresh.named(run_ids[number]).interaction(session, call, held))

    return again


def _to_its_end(run: Interaction[RunReport]) -> Interaction[None]:
    """Make a run; what ended it is not raised, as the one after it was made all the same."""
    try:
        yield from run
    except GeneratorExit:
        raise
    except BaseException as cut:
        if report_of(cut) is None:
            raise
