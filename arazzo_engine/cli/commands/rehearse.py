"""``arazzo rehearse``: the same run with simulated answers. Nothing is sent, and what is missing is made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from arazzo_engine.cli.options import RunOptions, run_options
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from arazzo_engine.cli.running import Opened, Output


@click.command("rehearse", short_help="Run a workflow with simulated answers; nothing is sent.")
@click.argument("location", metavar="DOC")
@run_options
def command(**options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Run a workflow of the Arazzo document DOC with answers made from the API descriptions.

    Each operation answers with its first documented success: its example, or a body made from its schema. No network
    is used. Inputs that are missing are made up from their schema and shown, and so are credentials.
    """
    from arazzo_engine.cli.running import Output, open_document

    output = Output(RunOptions(**options))
    try:
        output.begin()
        return output.end(_rehearse(output, open_document(output.options)))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))


def _rehearse(output: Output, opened: Opened) -> int:
    from arazzo_engine.cli.running import Running, learn_secrets, run_calls, settings_for
    from arazzo_engine.cli.terminal.progress import Progress
    from arazzo_engine.world.drivers.simulated import SimulatedWorld
    from arazzo_engine.world.preparing import make_ready
    from arazzo_engine.world.rehearsal import fill_access, fill_inputs

    access = fill_access(opened.checked, opened.access)
    given, made_up = fill_inputs(opened.checked, opened.workflow_ids, opened.given)
    opened = replace(opened, access=access, given=given)
    learn_secrets(output.masker, opened)
    for name, value in made_up.items():
        tell(output.masker.text(f"made up: {name} = {json.dumps(value, ensure_ascii=False)}"), err=True)
    ready = make_ready(opened.checked, opened.workflow_ids, opened.given, opened.access)
    output.warn(ready.warnings)
    with Progress(output.masker, names_workflows=output.options.every, is_still=output.streams_to_screen) as progress:
        world = SimulatedWorld(ready.linked.resolver)
        settings = settings_for(output.options, opened.access)
        reports = list(run_calls(ready, settings, Running(world, output, progress)))
    return output.finish(reports, ready.warnings)
