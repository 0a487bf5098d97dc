"""The adapter of ``arazzo-runner``, through its Python API. ``ARAZZO_RUNNER_PYTHON`` names a Python that has it.

A document that it cannot load is invalid; it does not validate otherwise. What it raises while it runs is a failure: it
says so, for instance, that a workflow it depends on has failed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from importlib.metadata import version
from typing import Any

from arazzo_runner import ArazzoRunner, WorkflowExecutionStatus


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one case."""
    if message["action"] == "validate":
        return {"result": "skipped", "reason": "it does not validate"}
    os.chdir(message["folder"])
    try:
        runner = ArazzoRunner.from_arazzo_path(message["entry"])
    except Exception:
        return {"result": "finished", "outcome": "invalid"}
    workflow = message["workflow"] or runner.arazzo_doc["workflows"][0]["workflowId"]
    try:
        result = runner.execute_workflow(workflow, message["inputs"])
    except Exception:
        return {"result": "finished", "outcome": "failed", "outputs": {}}
    succeeded = result.status == WorkflowExecutionStatus.WORKFLOW_COMPLETE
    outputs = json.loads(json.dumps(result.outputs or {}, default=str))
    return {"result": "finished", "outcome": "succeeded" if succeeded else "failed", "outputs": outputs}


def main() -> None:
    """Answer each line until told to stop; whatever the engine prints goes to stderr."""
    logging.disable()
    for line in sys.stdin:
        message = json.loads(line)
        match message["op"]:
            case "start":
                reply = {"engine": "arazzo-runner", "version": version("arazzo-runner")}
            case "run":
                with contextlib.redirect_stdout(sys.stderr):
                    reply = answer(message)
            case _:
                return
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
