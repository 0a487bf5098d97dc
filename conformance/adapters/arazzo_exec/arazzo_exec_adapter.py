"""The adapter of ``arazzo-exec``, through its Python API. ``ARAZZO_EXEC_PYTHON`` names a Python that has it.

A document is judged before it is run, by the engine's own validation; one that it cannot parse is invalid, too. What it
raises while it runs is a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from importlib.metadata import version
from typing import Any

from arazzo_exec import ArazzoRunner, build_core_registry, build_validation_pipeline, parse_arazzo_path


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one case."""
    os.chdir(message["folder"])
    registry = build_core_registry()
    try:
        document = parse_arazzo_path(message["entry"])
        found = build_validation_pipeline(registry).validate(document)
    except Exception:
        return {"result": "finished", "outcome": "invalid"}
    if not found.ok:
        pointers = [each.pointer.removeprefix("#") for each in found.errors]
        return {"result": "finished", "outcome": "invalid", "pointers": pointers}
    if message["action"] == "validate":
        return {"result": "finished", "outcome": "valid"}
    try:
        result = ArazzoRunner(document, registry=registry).run(message["workflow"], inputs=message["inputs"])
    except Exception:
        return {"result": "finished", "outcome": "failed", "outputs": {}}
    outputs = json.loads(json.dumps(dict(result.outputs), default=str))
    return {"result": "finished", "outcome": "succeeded" if result.success else "failed", "outputs": outputs}


def main() -> None:
    """Answer each line until told to stop; whatever the engine prints goes to stderr."""
    for line in sys.stdin:
        message = json.loads(line)
        match message["op"]:
            case "start":
                reply = {"engine": "arazzo-exec", "version": version("arazzo-exec")}
            case "run":
                with contextlib.redirect_stdout(sys.stderr):
                    reply = answer(message)
            case _:
                return
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
