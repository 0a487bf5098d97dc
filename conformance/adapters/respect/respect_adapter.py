"""The adapter of Redocly Respect, through the command line. ``REDOCLY`` names it when it is not ``redocly``.

Documents are judged by ``redocly lint`` and run by ``redocly respect``. Its report has no outputs of workflows, so none
are told. A run without a report is a document that it refused.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_LIMIT = 8
_REDOCLY = os.environ.get("REDOCLY", "redocly")


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one case."""
    return _ACTIONS[message["action"]](message)


def _validate(message: dict[str, Any]) -> dict[str, Any]:
    text = _call(message, "lint", message["entry"], "--format", "json", "--extends", "spec")
    if not text.startswith("{"):
        return {"result": "finished", "outcome": "invalid"}  # it could not even be read
    problems = [each for each in json.loads(text)["problems"] if each["severity"] == "error"]
    if not problems:
        return {"result": "finished", "outcome": "valid"}
    pointers = [each["location"][0].get("pointer", "#/").removeprefix("#").rstrip("/") for each in problems]
    return {"result": "finished", "outcome": "invalid", "pointers": pointers}


def _run(message: dict[str, Any]) -> dict[str, Any]:
    report = Path(message["folder"]) / "respect-report.json"
    options = ["--json-output", report.name, "--input", json.dumps(message["inputs"])]
    if message["workflow"]:
        options += ["--workflow", message["workflow"]]
    _call(message, "respect", message["entry"], *options)
    if not report.exists():
        return {"result": "finished", "outcome": "invalid"}
    status = json.loads(report.read_text(encoding="utf-8"))["status"]
    return {"result": "finished", "outcome": "failed" if status == "error" else "succeeded"}


def _call(message: dict[str, Any], *arguments: str) -> str:
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    with subprocess.Popen(
        [_REDOCLY, *arguments],
        cwd=message["folder"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=_LIMIT)[0]
        except subprocess.TimeoutExpired:
            # the command starts processes of its own
            os.killpg(process.pid, signal.SIGKILL)
            raise


_ACTIONS = {"validate": _validate, "run": _run}


def main() -> None:
    """Answer each line until told to stop."""
    for line in sys.stdin:
        message = json.loads(line)
        match message["op"]:
            case "start":
                reply = {"engine": "Redocly Respect", "version": _version()}
            case "run":
                reply = _answer_or_error(message)
            case _:
                return
        print(json.dumps(reply), flush=True)


def _answer_or_error(message: dict[str, Any]) -> dict[str, Any]:
    try:
        return answer(message)
    except subprocess.TimeoutExpired:
        return {"result": "errored", "reason": f"no end within {_LIMIT} s"}
    except (OSError, ValueError) as error:
        return {"result": "errored", "reason": f"{type(error).__name__}: {error}"}


def _version() -> str:
    done = subprocess.run([_REDOCLY, "--version"], capture_output=True, text=True, timeout=25, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
