"""Whatever a run was like, each of its moments can be looked at again, from either side."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from drawn import SCRIPTS, documents
from hypothesis import given, settings
from recorded_runs import Script, opened, recorded

from arazzo_engine.debugging.orders import Order
from arazzo_engine.debugging.session import open_session
from arazzo_engine.debugging.telling import headline, moment_lines, stack_lines
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.world.replaying.replaying import Watched, replay_to_look_at

if TYPE_CHECKING:
    from arazzo_engine.debugging.session import Session
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response


def _told(session: Session) -> tuple[str, ...]:
    return (headline(session), *moment_lines(session), *stack_lines(session))


@settings(max_examples=25)
@given(documents(), SCRIPTS)
def test_any_run_is_the_same_forward_and_back(text: str, script: dict[str, list[Response | NoResponse]]) -> None:
    with TemporaryDirectory() as folder:
        _, content = recorded(Path(folder), text, Script(script), max_steps=12, max_nesting=4)
        watched = Watched()
        replay_to_look_at(opened(content), None, watched)
    assert watched.history is not None
    assert watched.prepared is not None
    session = open_session(watched.history, watched.prepared.ready.linked, Masker())
    session.enter()
    forward = [_told(session)]
    while session.move(Order.STEP) is not None:
        forward.append(_told(session))
    assert len(forward) == len(watched.history.moments)
    back = [forward[-1]]
    while session.cursor > 0:
        session.move(Order.BACK)
        back.append(_told(session))
    assert back == forward[::-1]
