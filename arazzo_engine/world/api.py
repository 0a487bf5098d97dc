"""The functions of the public API: run, rehearse and check a document, with values in and values out.

They wire the stages together; the command line does the same with options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.reader import read_description
from arazzo_engine.machine.interpreter import Session
from arazzo_engine.machine.interpreter import run as run_workflow
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs import GivenInputs
from arazzo_engine.world.loading import Loader
from arazzo_engine.world.preparing import Checked, Ready, check_document, choose_workflow, make_ready
from arazzo_engine.world.runner import drive, drive_async

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.machine.effects import Interaction
    from arazzo_engine.machine.report import RunReport
    from arazzo_engine.world.live import LiveWorld
    from arazzo_engine.world.wire import Wire

_DEFAULT = Settings()


def run(
    location: str,
    workflow_id: str | None = None,
    *,
    inputs: Mapping[str, JsonValue] | None = None,
    settings: Settings = _DEFAULT,
) -> RunReport:
    """Run a workflow of the document at a path or URL, and return its report.

    Raises ``ArazzoError`` with every finding when something is wrong before the first request. Whatever happens after
    it is in the report: a failed step is no exception.
    """
    from arazzo_engine.world.live import LiveWorld  # noqa: PLC0415 - brings the network along
    from arazzo_engine.world.transport import Transport  # noqa: PLC0415 - the same

    ready = _prepare(location, workflow_id, GivenInputs(inputs or {}), settings)
    with Transport(wire=_wire(settings)) as transport:
        world = LiveWorld(transport)
        return drive(_interaction(ready, _settle(ready, settings, world)), world)


async def run_async(
    location: str,
    workflow_id: str | None = None,
    *,
    inputs: Mapping[str, JsonValue] | None = None,
    settings: Settings = _DEFAULT,
) -> RunReport:
    """Run a workflow without blocking the event loop; otherwise the same as ``run``."""
    import asyncio  # noqa: PLC0415 - needed here alone

    from arazzo_engine.world.live import LiveWorld  # noqa: PLC0415 - brings the network along
    from arazzo_engine.world.live_async import AsyncLiveWorld  # noqa: PLC0415 - brings asyncio along
    from arazzo_engine.world.transport import AsyncTransport, Transport  # noqa: PLC0415 - brings the network along

    # loading and checking wait for files and servers, and take their time
    ready = await asyncio.to_thread(_prepare, location, workflow_id, GivenInputs(inputs or {}), settings)
    with Transport(wire=_wire(settings)) as before:
        settings = await asyncio.to_thread(_settle, ready, settings, LiveWorld(before))
    async with AsyncTransport(wire=_wire(settings)) as transport:
        return await drive_async(_interaction(ready, settings), AsyncLiveWorld(transport))


def rehearse(
    location: str,
    workflow_id: str | None = None,
    *,
    inputs: Mapping[str, JsonValue] | None = None,
    settings: Settings = _DEFAULT,
) -> RunReport:
    """Run a workflow with answers made from the API descriptions. Nothing is sent; what is missing is made up."""
    from arazzo_engine.world.live import ignore  # noqa: PLC0415 - only a rehearsal needs these
    from arazzo_engine.world.rehearsal import fill_access, fill_inputs  # noqa: PLC0415 - the same
    from arazzo_engine.world.simulator import SimulatedWorld  # noqa: PLC0415 - the same

    checked, chosen = _check(location, workflow_id)
    given, _ = fill_inputs(checked, (chosen,), GivenInputs(inputs or {}))
    settings = replace(settings, access=fill_access(checked, settings.access))
    ready = make_ready(checked, (chosen,), given, settings.access)
    return drive(_interaction(ready, settings), SimulatedWorld(ready.linked.resolver, ignore))


def check(location: str) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a document and the descriptions it names, errors and warnings."""
    loader = Loader()
    try:
        return check_document(loader.load_entry(location), loader).findings
    except ArazzoError as error:
        return error.diagnostics


def _check(location: str, workflow_id: str | None) -> tuple[Checked, str]:
    loader = Loader()
    document = loader.load_entry(location)
    chosen = choose_workflow(read_description(document).description, workflow_id)
    return check_document(document, loader, [chosen]), chosen


def _prepare(location: str, workflow_id: str | None, given: GivenInputs, settings: Settings) -> Ready:
    checked, chosen = _check(location, workflow_id)
    return make_ready(checked, (chosen,), given, settings.access)


def _interaction(ready: Ready, settings: Settings) -> Interaction[RunReport]:
    return run_workflow(Session(ready.linked, settings), ready.calls[0], uuid4().hex)


def _wire(settings: Settings) -> Wire:
    from arazzo_engine.world.wire import Wire  # noqa: PLC0415 - not needed for a rehearsal

    return Wire(allowed_hosts=settings.access.allowed_hosts)


def _settle(ready: Ready, settings: Settings, world: LiveWorld) -> Settings:
    from arazzo_engine.world.authorizing import Desk, settle_access  # noqa: PLC0415 - not needed for a rehearsal

    desk = Desk(world, settings.step_timeout)
    return replace(settings, access=settle_access(ready, settings.access, desk, person=None))
