"""Runs that are stepped through: what stands between them and their driver, and what becomes of one that is left.

Decides when somebody is asked: amid a run that is really made, and after one that sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.cli.stepping.faces import Left, chosen_faces
from arazzo_engine.cli.stepping.prompt import Prompt
from arazzo_engine.cli.terminal.stdin import is_stdin
from arazzo_engine.debugging.history import History
from arazzo_engine.debugging.session import open_session
from arazzo_engine.machine.effects import before_sending
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.world.stepping import again_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.result import Output
    from arazzo_engine.cli.stepping.faces import Face
    from arazzo_engine.debugging.moments import Moment
    from arazzo_engine.debugging.session import Session, Stop
    from arazzo_engine.world.replaying.replaying import Watched
    from arazzo_engine.world.running import Runs

# what has no moments to stand at, or no time to stand at them
_EXCLUDED: Final = {
    "dry_run": ("--dry-run", "nothing is run with it"),
    "durable": ("--durable", "a durable run goes on without anybody"),
    "timeout": ("--timeout", "whoever steps takes the time that they need"),
    "watches": ("--watch", "stepping has no end that could be waited for"),
    "all_paths": ("--all-paths", "it makes many runs"),
}
_FROM_STDIN: Final = {"location": "the document", "inputs_file": "the inputs", "answers": "the answers"}


def check_stepped(options: dict[str, Any]) -> None:
    """Raise ``click.UsageError`` for options of a command that cannot be stepped through."""
    for name, (option, why) in _EXCLUDED.items():
        if options.get(name):
            raise click.UsageError(f"--step and {option} exclude each other: {why}")
    for name, what in _FROM_STDIN.items():
        if is_stdin(options.get(name)):
            raise click.UsageError(f"with --step, commands are read from stdin: name a file for {what}")


class _Live(Struct):
    """Somebody who steps through runs while they are made; ``has_left`` says that nobody is asked any more."""

    session: Session
    face: Face
    has_left: bool = False

    def look(self, moment: Moment) -> None:
        """Ask what to do at a moment, where that is due; raises ``KeyboardInterrupt`` when the run is to end."""
        del moment
        self._ask(self._arrived)

    def glance(self) -> None:
        """Ask what to do where the run is, when somebody wants that while it waits; raises the same."""
        self._ask(self._called)

    def _arrived(self) -> Stop | None:
        return self.session.enter() if self.session.cursor < 0 else self.session.arrive() or self._called()

    def _called(self) -> Stop | None:
        return self.session.pause() if self.face.wants_in() else None

    def _ask(self, stopped: Callable[[], Stop | None]) -> None:
        if self.session.history.is_cut:
            return
        if not self.has_left:
            try:
                stop = stopped()
                self.has_left = stop is not None and self.face.stand(stop) is Left.QUIT
            except KeyboardInterrupt:
                self.has_left = True
        if self.has_left and not self.session.history.is_over:
            raise before_sending(KeyboardInterrupt())


def stepped_live(runs: Runs, output: Output) -> Runs:
    """Return runs about which somebody is asked while they are made."""
    history = _history(runs)
    session = open_session(history, runs.prepared.ready.linked, output.masker, asks_first=True)
    live = _Live(session, (chosen_faces() or Prompt)(session, is_live=True))
    history.looks, history.meanwhile = live.look, live.glance
    return replace(runs, followed=history.followed)


class Later(Struct, frozen=True):
    """Runs that send nothing, which are stepped through when they have been made."""

    runs: Runs
    history: History
    output: Output

    def step(self) -> None:
        """Let somebody step through them."""
        if not self.history.moments:
            return
        session = open_session(self.history, self.runs.prepared.ready.linked, self.output.masker)
        (chosen_faces() or Prompt)(session, is_live=False).stand(session.enter())


def stepped_later(runs: Runs, output: Output) -> Later:
    """Return runs that can be stepped through when they have been made."""
    history = _history(runs)
    return Later(replace(runs, followed=history.followed), history, output)


def step_replayed(watched: Watched) -> None:
    """Let somebody step through the runs of a recording that was replayed."""
    history, prepared = watched.history, watched.prepared
    if history is None or prepared is None or not history.moments:
        return
    masker = Masker()
    masker.learn(prepared.settings.secrets)
    session = open_session(history, prepared.ready.linked, masker)
    (chosen_faces() or Prompt)(session, is_live=False, is_replay=True).stand(session.enter())


def _history(runs: Runs) -> History:
    held = runs.held
    return History(again_of(runs.prepared), findings=tuple if held is None else lambda: held.found)
