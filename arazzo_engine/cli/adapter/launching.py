"""From the arguments of a launch to the command that does it: nothing can be debugged that cannot be typed.

Decides which command is meant, and what has to be there for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.cli.adapter.arguments import Launch

_MODES: Final = ("rehearse", "run", "replay")


def command_of(launch: Launch) -> list[str]:
    """Return the command line of a launch, without the name of the program; raises ``NotUnderstoodError``."""
    mode = launch.mode or ("replay" if launch.recording else "rehearse")
    if mode not in _MODES:
        fix = did_you_mean(mode, _MODES) or "it is one of `rehearse`, `run` and `replay`"
        raise NotUnderstoodError(f"there is no mode `{mode}`", fix)
    return [mode, *(_replayed(launch) if mode == "replay" else _run(launch)), "--step", *launch.args]


def _replayed(launch: Launch) -> Iterator[str]:
    if not launch.recording:
        raise NotUnderstoodError("there is nothing to replay", 'name a recording: `"recording": "run.jsonl"`')
    yield launch.recording
    if launch.document:
        yield from ("--document", launch.document)


def _run(launch: Launch) -> Iterator[str]:
    if not launch.program:
        raise NotUnderstoodError("there is no document to run", 'name one: `"program": "${file}"`')
    yield launch.program
    if launch.workflow:
        yield from ("--workflow", launch.workflow)
    if isinstance(launch.inputs, str):
        yield from ("--inputs", launch.inputs)
        return
    for name, value in launch.inputs.items():
        yield from ("--input", f"{name}={value if isinstance(value, str) else json.dumps(value)}")
