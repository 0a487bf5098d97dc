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
from runner.comparing import compare
from runner.server import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.cases import Case
    from runner.yaml_subset import Json


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: ``status`` is passed, failed, skipped or errored; ``elapsed`` is in seconds.

    ``accepted`` is the number of the accepted result that it is, when it passed.
    """

    case: Case
    status: str
    reason: str = ""
    elapsed: float = 0.0
    accepted: int | None = None


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
            status, reason, accepted = _judge(case, answer, server)
    return Result(case, status, reason, time.monotonic() - started, accepted)


def _message(case: Case, folder: Path, base: str) -> dict[str, Json]:
    return {
        "case": case.key,
        "action": case.action,
        "folder": str(folder),
        "entry": case.entry,
        "workflow": case.content.get("workflow"),
        "inputs": with_base(case.content.get("inputs", {}), base),
        "base": base,
    }


def _judge(case: Case, answer: dict[str, Json], server: ScriptedServer) -> tuple[str, str, int | None]:
    result = answer.get("result")
    if result in {"skipped", "errored"}:
        return result, str(answer.get("reason") or "no reason was given"), None
    if result != "finished":
        return "errored", f"the adapter answered {answer}", None
    accepted = with_base(case.expected, server.base)
    compared = [compare(each, answer, server.received) for each in accepted]
    unknown = [f"the case has no answer for {each}" for each in server.unknown]
    fitting = [number for number, each in enumerate(compared) if not each.differences]
    if unknown or not fitting:
        nearest = min((list(each.differences) for each in compared), key=len)
        return "failed", "; ".join([*nearest, *unknown]), None
    told = next((number for number in fitting if not compared[number].untold), None)
    if told is None:
        untold = ", ".join(compared[fitting[0]].untold)
        return "skipped", f"the engine does not tell its {untold}; what it tells is right", None
    return "passed", "", told
