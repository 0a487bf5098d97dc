"""Going on with a run under other documents: allowed when everything that it has done would have been done the same.

Decides when documents have changed, and which decision would differ first. Nothing is sent to find that out.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.durability.carrying import Task, Watching, carry_out, engine_of
from arazzo_engine.durability.replayed import ReplayedSteps
from arazzo_engine.recording.beginning import Text, Texts
from arazzo_engine.world.loading.file_uris import location_of
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.recording.remembered import written_sources, written_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.durability.ledger import KeptRun, Ledger
    from arazzo_engine.durability.orders import Order

_DIFFERS = "run-differs"


class Amended(Struct, frozen=True):
    """An order with other documents, and their texts by their hashes."""

    order: Order
    texts: Mapping[str, bytes]


def amended(order: Order, document: str) -> Amended:
    """Return an order with the document at another place, read as it is now; raises ``ArazzoError``."""
    kept, texts = Library(), Texts()
    with engine_of(order) as engine:
        program = engine.open(document, workflow=order.workflow_id, library=kept)
        if program.checked.errors:
            raise ArazzoError(*program.checked.errors)
    at = program.description.at.document
    return Amended(
        replace(
            order,
            document=at.uri,
            name=at.name,
            texts=written_texts(kept, texts),
            meant=written_sources(kept),
        ),
        texts.by_digest,
    )


def check_same(ledger: Ledger, run: KeptRun, wanted: Amended) -> None:
    """Raise ``ArazzoError`` (``run-differs``) when a run would have done something else under other documents."""
    steps = ReplayedSteps(ledger, run.run_id, ledger.record_of(run.run_id))
    carried = carry_out(Task(wanted.order, wanted.texts, run.run_id), steps, Watching())
    found = [each for each in carried.report.diagnostics if each.code == _DIFFERS]
    if not found and steps.given < len(steps.record):
        name = steps.record[steps.given][0]
        message = f"the run would not go on as it went: it would end before `{name}`, which it has recorded"
        found = [diagnose(_DIFFERS, message)]
    if found:
        raise ArazzoError(*found)


def check_unchanged(ledger: Ledger, run: KeptRun, order: Order) -> None:
    """Raise ``ArazzoError`` (``run-differs``) when a document is no longer what the run was started with."""
    changed = [each for each in order.texts if _has_changed(each)]
    if changed:
        raise ArazzoError(_changed(ledger, run, order, changed[0]))


def _has_changed(text: Text) -> bool:
    if not text.found.startswith("file:"):
        return False
    try:
        content = Path(location_of(text.found)).read_bytes()
    except OSError:
        # what is no longer there is no other document
        return False
    return hashlib.sha256(content).hexdigest() != text.digest


def _changed(ledger: Ledger, run: KeptRun, order: Order, text: Text) -> Diagnostic:
    location = location_of(order.document)
    message = f"{location_of(text.found)} has changed since the run was started"
    as_now = f"go on with it as it is now: `--with-document {location}`"
    as_started = "with the documents as they were: `--as-started`"
    try:
        check_same(ledger, run, amended(order, location))
    except ArazzoError as error:
        why = error.diagnostics[0].message
        return diagnose(_DIFFERS, f"{message}: {why}", error.diagnostics[0].location, fix=f"go on {as_started}")
    return diagnose(
        _DIFFERS, f"{message}, and all that it has done would be the same", fix=f"{as_now}; or {as_started}"
    )
