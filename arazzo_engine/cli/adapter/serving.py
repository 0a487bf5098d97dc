"""Serving a client from its first message to its last: one launch, and then its end.

Decides what the commands that run here may use: no input, and streams that the client shows.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, field

from arazzo_engine.cli.adapter.adapter import Adapter
from arazzo_engine.cli.adapter.launching import command_of
from arazzo_engine.cli.adapter.wire import Inbox, Outbox, Shown
from arazzo_engine.cli.bugs import describe_bug
from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.stepping.faces import looked_at_by
from arazzo_engine.debugging.evaluating import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Serving(Struct):
    """A client that is served; ``run`` carries out a command line and returns its exit code."""

    run: Callable[[list[str]], Any]
    outbox: Outbox
    inbox: Inbox = field(default_factory=Inbox)

    def serve(self, stdin: io.RawIOBase) -> str:
        """Serve the client until it goes; return why its messages could not be read, ``""`` when they could."""
        self.inbox.read(stdin)
        adapter = Adapter(self.inbox, self.outbox)
        while adapter.launch is None and not adapter.has_gone:
            adapter.do(self.inbox.take())
        if adapter.launch is not None:
            self._make(adapter)
        while not adapter.has_gone:
            # a client that is told the end says that it goes
            adapter.do(self.inbox.take())
        return "" if self.inbox.ended is None else self.inbox.ended.why

    def _make(self, adapter: Adapter) -> None:
        exit_code = self._carry_out(adapter)
        adapter.is_still = False
        if not adapter.is_configured and adapter.launched_by is not None and adapter.standing is None:
            self.outbox.refuse(adapter.launched_by, "the run has not begun: the debug console says why")
        self.outbox.tell("exited", {"exitCode": exit_code})
        self.outbox.tell("terminated")

    def _carry_out(self, adapter: Adapter) -> int:
        if adapter.launch is None:
            return ExitCode.USAGE
        try:
            command = command_of(adapter.launch)
            with looked_at_by(adapter.look_at), _streams(self.outbox):
                return int(self.run(command) or 0)
        except NotUnderstoodError as misunderstood:
            self.outbox.output(f"{misunderstood}\n", "stderr")
        except click.ClickException as error:
            self.outbox.output(f"{error.format_message()}\n", "stderr")
        except (click.Abort, KeyboardInterrupt):
            return ExitCode.INTERRUPTED
        except Exception as bug:  # noqa: BLE001 - a client that waits is told of a bug as well
            self.outbox.output(f"{describe_bug(bug)}\n", "stderr")
            return ExitCode.BUG
        return ExitCode.USAGE


@contextmanager
def _streams(outbox: Outbox) -> Iterator[None]:
    """Let what is printed be shown by the client, and nobody read its messages."""
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), Shown(outbox, "stdout"), Shown(outbox, "stderr")
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
