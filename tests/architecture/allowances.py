"""What is allowed in a few places and nowhere else, each with the reason.

A place that is listed and no longer needs it is found as well, so that no list outlives its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from architecture.private_names import PRIVATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

# the files that import each other, by their paths in the package: at most two circles, each inside one wing
KNOWN_CIRCLES: Final[dict[frozenset[str], str]] = {}

ONLY_IMPORTERS: Final = {
    "h11": (
        *("world/http/http1/carrying.py", "world/authorizing/loopback_redirect.py"),
        *("world/capturing/serving.py", "world/mocking/connections.py"),
    ),
    "h2": ("world/http/http2/speaking.py", "world/options.py"),
    "httpcore": (
        *("world/http/connections.py", "world/http/pools.py", "world/http/loops/sockets.py"),
        *("world/http/http2/opening.py", "world/http/http2/carrying.py"),
    ),
    "httpx": ("world/http/given_transports.py",),
    "openapi_core": ("world/contracts/values/form_bodies.py",),
}

# the only places that may catch everything
BROAD_CATCHES: Final = {
    (
        "cli/batches/session.py",
        "Session._run_in_processes.work",
    ): "a process that was forked for a batch ends here, and nobody else could tell its bug",
    (
        "cli/adapter/serving.py",
        "Serving._carry_out",
    ): "a client that waits is told of a bug, too",
    ("cli/group.py", "run_command"): "a bug in the engine is told as one and must not look like a document's fault",
    ("cli/running.py", "_run"): "a bug is told at the end of the command, beside the report that it carries",
    (
        "durability/executing.py",
        "RecordingSteps._recorded.step",
    ): "the engine beneath records every exception, and none of a run is to be recorded",
    (
        "durability/executing.py",
        "RecordingSteps._recorded",
    ): "an answer that could not be recorded is kept beside the record",
    ("machine/endings.py", "caught"): "what was sent has happened: nothing that ends a run may lose its report",
    (
        "world/batches/batching.py",
        "Batching._work",
    ): "what ends a thread of a batch is raised where the batch is worked off",
    ("world/batches/row_runs.py", "RowRuns._run"): "one row's bug stops no other, and is told at the end of the batch",
    ("world/contracts/holding.py", "Held.before"): "a bug of the check must not look like a request in doubt",
    ("world/contracts/holding.py", "hold"): "what a driver throws is for the run that it holds",
    ("world/recording/recorder.py", "Recorder.recorded"): "what a driver throws is recorded, and is for the run",
    ("world/drivers/driving.py", "drive"): "thrown into the run, which completes its report and raises it again",
    ("world/drivers/driving.py", "drive_async"): "thrown into the run, which completes its report and raises it again",
    (
        "world/drivers/driving.py",
        "_Course.tell",
    ): "a run that has sent a request does not end because nobody can be told",
    (
        "world/http/given_transports.py",
        "_telling_trouble",
    ): "a transport that a user gives may raise anything, and a request in flight is told as what came of it",
    ("world/drivers/signing.py", "sign_with"): "a function that a user gives may raise anything, and nothing has left",
    ("debugging/history.py", "History.followed"): "what a driver throws is kept, and is for the run that is followed",
    ("world/stepping.py", "_to_its_end"): "what ended a run that was made ends none that is only looked at",
    ("world/tracing/tracing.py", "trace_run"): "what a driver throws is for the run that is traced",
    ("world/tracing/tracing.py", "_Traced._quietly"): "what takes spans may raise anything, and stops no run",
    ("world/http/given_transports.py", "Given.close"): "what a transport raises when it is closed concerns no run",
    (
        "world/http/given_transports.py",
        "_InALoop.exchange",
    ): "an interruption cancels the exchange that it leaves behind",
    ("world/http/given_transports.py", "_InALoop._try"): "what would end the loop is for the thread that waits",
}

# the only functions that may have more than four parameters
MANY_PARAMETERS: Final = {
    ("world/program.py", "Program.run"): "all that one run may differ in",
    ("world/program.py", "Program.run_async"): "all that one run may differ in, in an event loop",
    ("world/program.py", "Program.rehearse"): "all that one rehearsal may differ in",
    ("world/engine.py", "Engine.open"): "all that opening a document may differ in",
    ("durability/batches/calls.py", "batch"): "all that one batch may differ in",
    ("cli/opening.py", "open_program"): "what is opened, by which engine, who is told, until when, and what is kept",
    ("cli/commands/running/replay.py", "command"): "what a recording is replayed with, and how that is written",
    ("cli/commands/running/record.py", "command"): "where a capture is made and written",
    ("world/calls.py", "rehearse"): "all that one rehearsal may differ in",
    ("diagnostics.py", "diagnose"): "every part of a diagnostic but those that its code fixes",
    ("world/http/connections.py", "Connections.connect_tcp"): "as the base class has it",
    ("world/http/connections.py", "AsyncConnections.connect_tcp"): "as the base class has it",
}


@dataclass(frozen=True)
class Allowances:
    """The lists, together; the tests of the rules make their own."""

    circles: Mapping[frozenset[str], str] = field(default_factory=dict)
    only_importers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broad_catches: Mapping[tuple[str, str], str] = field(default_factory=dict)
    many_parameters: Mapping[tuple[str, str], str] = field(default_factory=dict)
    private_names: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


ALLOWANCES: Final = Allowances(KNOWN_CIRCLES, ONLY_IMPORTERS, BROAD_CATCHES, MANY_PARAMETERS, PRIVATE_NAMES)
