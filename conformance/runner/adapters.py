"""Talks to an adapter: a process that reads one JSON object a line and answers each with one.

It decides when an adapter has taken too long, and starts it anew when it does or dies. What a result means is not
known here.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from runner.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from runner.yaml_subset import Json

PROTOCOL: Final = 1
_START_LIMIT: Final = 60.0


class AdapterError(Exception):
    """The adapter did not answer as the protocol has it; the text says what happened."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter of the suite: its folder holds ``adapter.json`` with its command, and ``expectations.json``."""

    name: str
    folder: Path
    command: tuple[str, ...]
    environment: dict[str, str]
    limit: float

    @property
    def expectations(self) -> dict[str, dict[str, str]]:
        """The known failures and skips: the case's key, its result and the reason."""
        path = self.folder / "expectations.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found

    @property
    def choices(self) -> dict[str, int]:
        """Which of several accepted results it gives, by the keys of the cases."""
        path = self.folder / "choices.json"
        found: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found


def find_adapter(name: str) -> Adapter:
    """Return the adapter of a folder in ``adapters/``."""
    folder = ROOT / "adapters" / name
    manifest = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
    python = os.environ.get(manifest.get("python", ""), sys.executable)
    # another checkout of the engine than the one that the suite is part of
    checkout = os.environ.get("ARAZZO_CHECKOUT") or ROOT.parent
    places = {"python": python, "folder": folder, "checkout": checkout}
    command = tuple(each.format(**places) for each in manifest["command"])
    environment = {key: each.format(**places) for key, each in manifest.get("environment", {}).items()}
    return Adapter(name, folder, command, environment, manifest.get("limit", 10.0))


@dataclass
class Speaker:
    """A running adapter. ``start`` must come first; ``stop`` ends the process."""

    adapter: Adapter
    engine: dict[str, Json] = field(default_factory=dict)

    def start(self) -> None:
        """Start the process; ``engine`` then says the engine's name and version."""
        self._process = subprocess.Popen(
            self.adapter.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.adapter.environment},
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        self.engine = self._ask({"op": "start", "protocol": PROTOCOL}, _START_LIMIT)
        if "engine" not in self.engine:
            raise AdapterError(str(self.engine.get("reason", "it does not say which engine it is")))

    def run(self, message: dict[str, Json]) -> dict[str, Json]:
        """Return the result of one case; an adapter that fails has `errored`."""
        try:
            return self._ask({"op": "run", **message}, self.adapter.limit)
        except AdapterError as error:
            self._end()
            self.start()
            return {"result": "errored", "reason": str(error)}

    def stop(self) -> None:
        """End the process."""
        try:
            self._send({"op": "stop"})
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            pass
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _read(self, stdout: IO[str]) -> None:
        with stdout:
            for line in stdout:
                self._answers.put(line)
        self._answers.put("")

    def _send(self, message: dict[str, Json]) -> None:
        if self._process.stdin is None:
            raise AdapterError("the adapter has no input")
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _ask(self, message: dict[str, Json], limit: float) -> dict[str, Json]:
        try:
            self._send(message)
            line = self._answers.get(timeout=limit)
            answer = json.loads(line) if line else None
        except queue.Empty as error:
            raise AdapterError(f"no answer within {limit:g} s") from error
        except (OSError, ValueError) as error:
            raise AdapterError(f"the adapter failed: {error}") from error
        if not isinstance(answer, dict):
            raise AdapterError("the adapter ended, or its answer is no object")
        return answer
