"""Runs cases: lays each out beside a server of its own, asks the engine, and judges the result.

A result is passed, failed, skipped or errored, with the reason. Whether that is what was known of the engine is for
its expectations file to say.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cases import lay_out, with_base
from runner.comparing import differences
from runner.server import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.cases import Case
    from runner.yaml_subset import Json


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: ``status`` is passed, failed, skipped or errored; ``elapsed`` is in seconds."""

    case: Case
    status: str
    reason: str = ""
    elapsed: float = 0.0


def run_case(case: Case, ask: Callable[[dict[str, Json]], dict[str, Json]]) -> Result:
    """Run one case; ``ask`` gives the message to the engine's adapter and returns its answer."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="arazzo-case-") as name:
        folder = Path(name)
        with ScriptedServer(folder=folder) as server:
            script = case.content.get("server", {})
            server.script.update({route: list(answers) for route, answers in with_base(script, server.base).items()})
            lay_out(case, server.base, folder)
            answer = ask(_message(case, folder, server.base))
            status, reason = _judge(case, answer, server)
    return Result(case, status, reason, time.monotonic() - started)


def _message(case: Case, folder: Path, base: str) -> dict[str, Json]:
    return {
        "case": case.key,
        "action": case.action,
        "folder": str(folder),
        "entry": case.content.get("entry", "arazzo.yaml"),
        "workflow": case.content.get("workflow"),
        "inputs": with_base(case.content.get("inputs", {}), base),
        "base": base,
    }


def _judge(case: Case, answer: dict[str, Json], server: ScriptedServer) -> tuple[str, str]:
    result = answer.get("result")
    if result in {"skipped", "errored"}:
        return result, str(answer.get("reason") or "no reason was given")
    if result != "finished":
        return "errored", f"the adapter answered {answer}"
    found = differences(with_base(case.expected, server.base), answer, server.received)
    found.extend(f"the case has no answer for {each}" for each in server.unknown)
    if not found and "outputs" not in answer and all("outputs" in each for each in case.expected):
        return "skipped", "the engine does not tell its outputs; the outcome and the requests are right"
    return ("failed", "; ".join(found)) if found else ("passed", "")
