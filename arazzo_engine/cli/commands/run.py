"""``arazzo run``: run a workflow against the real APIs.

It decides the world: the network, the real clock, and what becomes of Ctrl-C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.options import SECONDS, RunOptions, run_options
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.cli.running import Opened, Output
    from arazzo_engine.machine.settings import Settings
    from arazzo_engine.world.drivers.live import Deadline, LiveWorld
    from arazzo_engine.world.preparing import Ready


@click.command("run", short_help="Run a workflow.")
@click.argument("location", metavar="DOC")
@run_options
@click.option("--timeout", type=SECONDS, metavar="S", help="Stop the run after S seconds, loading included.")
@click.option(
    "--step-timeout",
    type=SECONDS,
    default=30.0,
    show_default=True,
    metavar="S",
    help="Wait at most S seconds for an answer.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, print the plan and the first request, send nothing.")
def command(*, timeout: float | None, step_timeout: float, dry_run: bool, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC, a file or a URL.

    Everything that can be known is checked before the first request. The outputs go to stdout, all else to stderr.
    """
    from arazzo_engine.cli.running import Output, open_document
    from arazzo_engine.world.drivers.live import Deadline

    output = Output(RunOptions(**options))
    deadline = Deadline(timeout)
    try:
        output.begin()
        opened = open_document(output.options, output.options.loading.loader_within(deadline, step_timeout))
        if dry_run:
            from arazzo_engine.cli.dry_run import print_plan

            return output.end(print_plan(opened, output))
        return output.end(_run(output, opened, deadline, step_timeout))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _run(output: Output, opened: Opened, deadline: Deadline, step_timeout: float) -> int:
    from msgspec.structs import replace

    from arazzo_engine.cli.running import Running, learn_secrets, run_calls, settings_for
    from arazzo_engine.cli.terminal.progress import Progress
    from arazzo_engine.world.drivers.live import LiveWorld
    from arazzo_engine.world.drivers.signals import signals_interrupt
    from arazzo_engine.world.http.transport import Transport
    from arazzo_engine.world.http.wire import proxy_secrets, wire_warnings
    from arazzo_engine.world.preparing import make_ready

    learn_secrets(output.masker, opened)
    wire = output.options.wire()
    output.masker.learn(proxy_secrets(wire))
    ready = make_ready(opened.checked, opened.workflow_ids, opened.given, opened.access)
    warnings = (*wire_warnings(wire), *ready.warnings)
    output.warn(warnings)
    settings = replace(settings_for(output.options, opened.access), step_timeout=step_timeout)
    progress = Progress(output.masker, names_workflows=output.options.every, is_still=output.streams_to_screen)
    with signals_interrupt(), Transport(wire=wire) as transport:
        world = LiveWorld(transport, deadline)
        settings = _settle(output, ready, settings, world)
        with progress:
            reports = list(run_calls(ready, settings, Running(world, output, progress)))
    return output.finish(reports, warnings)


def _settle(output: Output, ready: Ready, settings: Settings, world: LiveWorld) -> Settings:
    """Find what the tokens of the run need, and have a person grant what only a person can."""
    if not settings.access.credentials.by_scheme:
        return settings
    from msgspec.structs import replace

    from arazzo_engine.cli.terminal.person import somebody
    from arazzo_engine.world.authorizing.settling import Desk, settle_access

    desk = Desk(world, settings.step_timeout)
    access = settle_access(ready, settings.access, desk, somebody())
    output.masker.learn(access.credentials.values())
    return replace(settings, access=access)
