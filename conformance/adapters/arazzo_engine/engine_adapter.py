"""The adapter of ``arazzo_engine``: one process that runs every case through the public API.

It translates reports and diagnostics into results of the protocol, and decides nothing about them.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import arazzo_engine

_UNSUPPORTED = {"unsupported-feature", "request-body-unsupported"}


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one case."""
    location = str(Path(message["folder"]) / message["entry"])
    # a document that had to be repaired is not as the specification has it
    found = [each for each in arazzo_engine.check(location) if _is_error(each)]
    unsupported = next((each for each in found if each.code in _UNSUPPORTED), None)
    if unsupported is not None:
        return {"result": "skipped", "reason": unsupported.message}
    if found:
        pointers = [each.location.pointer for each in found if each.location is not None]
        return {"result": "finished", "outcome": "invalid", "pointers": pointers}
    if message["action"] == "validate":
        return {"result": "finished", "outcome": "valid"}
    try:
        report = arazzo_engine.run(location, message["workflow"], inputs=message["inputs"])
    except arazzo_engine.ArazzoError:
        return {"result": "finished", "outcome": "refused"}
    steps = [f"{each.workflow_id}/{each.step_id}" for each in report.steps]
    return {"result": "finished", "outcome": report.status.value, "outputs": dict(report.outputs), "steps": steps}


def _is_error(found: arazzo_engine.Diagnostic) -> bool:
    return found.severity is arazzo_engine.Severity.ERROR or found.code == "repaired"


def main() -> None:
    """Answer each line until told to stop."""
    for line in sys.stdin:
        message = json.loads(line)
        match message["op"]:
            case "start":
                reply = {"engine": "arazzo_engine", "version": _version()}
            case "run":
                reply = _answer_or_error(message)
            case _:
                return
        print(json.dumps(reply), flush=True)


def _answer_or_error(message: dict[str, Any]) -> dict[str, Any]:
    try:
        return answer(message)
    except Exception as error:
        return {"result": "errored", "reason": f"{type(error).__name__}: {error}"}


def _version() -> str:
    try:
        return version("arazzo-engine")
    except PackageNotFoundError:
        return "from a checkout"


if __name__ == "__main__":
    main()
