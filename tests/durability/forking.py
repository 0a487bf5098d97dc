"""Processes of the engine that begin in a moment: each is a fork of one that has imported everything.

A process can be told to kill itself at an instant of the run that it executes: every point that is recorded has one
before it, one within it before it is acted, one after, and one when it is recorded.

    python forking.py    reads a line of JSON for each process, and answers with its number
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HERE: Final = Path(__file__).resolve()
# what stands for the exit code of a process that has none yet
_RUNNING: Final = 1000


class Forker(Struct):
    """Starts processes, for as long as a ``with`` block lasts."""

    _server: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": str(_HERE.parents[2])}
        command = [sys.executable, str(_HERE)]
        self._server.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        )
        return self

    def __exit__(self, *_: object) -> None:
        (server,) = self._server
        server.communicate()

    def start(self, command: Sequence[str], environment: dict[str, str], dies_at: int | None = None) -> int:
        """Start a command of the engine, and return the number of its process.

        Of the environment, ``TOLD`` is the file that gets what it tells, ``LARGEST`` how large a file may become,
        ``CLOCK`` a file with the seconds by which its clock goes wrong, ``RECORD`` the form in which it records,
        ``HOST`` the name of its machine.
        """
        return self._ask({"command": list(command), "environment": environment, "diesAt": dies_at})

    def wait(self, process: int) -> int:
        """Wait until a process has ended, and return its exit code: less than 0 when a signal ended it."""
        return self._ask({"wait": process, "options": 0})

    def is_running(self, process: int) -> bool:
        """Whether a process has not ended yet; when it has, nobody waits for it any more."""
        return self._ask({"wait": process, "options": os.WNOHANG}) == _RUNNING

    def run(self, command: Sequence[str], environment: dict[str, str], dies_at: int | None = None) -> int:
        """Run a command of the engine, and return its exit code."""
        return self.wait(self.start(command, environment, dies_at))

    def _ask(self, asked: dict[str, Any]) -> int:
        (server,) = self._server
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(f"{json.dumps(asked)}\n")
        server.stdin.flush()
        return int(server.stdout.readline())


class _Mortal:
    """The engine beneath, in a process that kills itself at an instant."""

    def __init__(self, beneath: Any, dies_at: int) -> None:
        self._beneath, self._left = beneath, dies_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._beneath, name)

    def run_step(self, options: Any, act: Callable[[], Any]) -> Any:
        def acted() -> Any:
            self._live()
            found = act()
            self._live()
            return found

        self._live()
        recorded = self._beneath.run_step(options, acted)
        self._live()
        return recorded

    def _live(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    """Make this process what it was asked to be."""
    from dbos import DBOS

    from arazzo_engine.durability import executing, hosting, ledger, runs

    environment = asked["environment"]
    os.environ |= environment
    told = os.open(environment["TOLD"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(told, stream)
    if "LARGEST" in environment:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(environment["LARGEST"]),) * 2)
        # a file of it would be cut off, too, for whoever imports it after that
        sys.dont_write_bytecode = True
    if "CLOCK" in environment:
        right, wrong = time.time, Path(environment["CLOCK"])
        vars(time)["time"] = lambda: right() + float(wrong.read_text())
    if "HOST" in environment:
        vars(socket)["gethostname"] = lambda: environment["HOST"]
    for each in (hosting, ledger, runs):
        vars(each)["RECORD_VERSION"] = environment.get("RECORD", ledger.RECORD_VERSION)
    if asked["diesAt"] is not None:
        vars(executing)["DBOS"] = _Mortal(DBOS, asked["diesAt"])


def _serve() -> None:
    import arazzo_engine.cli.durable
    import arazzo_engine.cli.fleet.workers
    import arazzo_engine.cli.keeping
    import arazzo_engine.language.repairs.corrections
    import arazzo_engine.machine.interpreter
    import arazzo_engine.reporting.ending.ended
    import arazzo_engine.world.drivers.live
    import arazzo_engine.world.http.transport  # noqa: F401 - what each process needs, and imports when it runs something
    from arazzo_engine.cli import run_command

    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            ended, status = os.waitpid(asked["wait"], asked["options"])
            _answer(os.waitstatus_to_exitcode(status) if ended else _RUNNING)
            continue
        process = os.fork()
        if process:
            _answer(process)
            continue
        _become(asked)
        code = run_command(asked["command"])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
