"""What can be done with a document in one call: each makes an engine of its own, and closes it.

Decides nothing: everything else is the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the types of public functions can be read
from typing import Any

from arazzo_engine.diagnostics import Diagnostic  # noqa: TC001 - the same
from arazzo_engine.documents.values import JsonValue  # noqa: TC001 - the same
from arazzo_engine.language.upgrading import NEWEST
from arazzo_engine.reporting.run_report import RunReport  # noqa: TC001 - the same
from arazzo_engine.world.engine import Engine, Inputs, PathOrUrl, Source
from arazzo_engine.world.rewriting.rewriting import Rewriting  # noqa: TC001 - the same


def run(
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow of a document, and return its report: ``Engine(**options)``, ``load``, ``run``, ``close``."""
    with Engine(**options) as engine:
        return engine.open(document, workflow=workflow).run(workflow, inputs=inputs)


async def run_async(
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow without blocking the event loop; otherwise the same as ``run``."""
    import asyncio  # noqa: PLC0415 - slow, and there already where a loop is running

    async with Engine(**options) as engine:
        # loading waits for files and servers, and takes its time
        program = await asyncio.to_thread(engine.open, document, workflow=workflow)
        return await program.run_async(workflow, inputs=inputs)


def rehearse(  # noqa: PLR0913 - all that one rehearsal may differ in
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    fail: Mapping[str, int | str | None] | None = None,
    answers: Mapping[str, JsonValue] | PathOrUrl | None = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow with answers made from the API descriptions. Nothing is sent; what is missing is made up.

    ``fail`` and ``answers`` are those of ``Program.rehearse``.
    """
    with Engine(**options) as engine:
        program = engine.open(document, workflow=workflow)
        return program.rehearse(workflow, inputs=inputs, fail=fail, answers=answers)


def fix(
    document: Source,
    *,
    unsafe: bool = False,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> Rewriting:
    """Return a document with everything written into it that it is read with, or that a finding would have written."""
    with Engine(**options) as engine:
        return engine.fix(document, unsafe=unsafe)


def upgrade(
    document: Source,
    *,
    to: str = NEWEST,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> Rewriting:
    """Return a document of Arazzo 1.0 as one of 1.1 that means the same."""
    with Engine(**options) as engine:
        return engine.upgrade(document, to=to)


def check(
    document: Source,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a document and the descriptions it names, errors and warnings."""
    with Engine(**options) as engine:
        return engine.validate(document)
