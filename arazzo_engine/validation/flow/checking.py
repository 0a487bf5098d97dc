"""The checks of where a run goes, over all workflows at once: each looks at the same ways.

Decides nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.watch import go_on
from arazzo_engine.validation.flow.loops import check_loops
from arazzo_engine.validation.flow.other_workflows import OtherWorkflows
from arazzo_engine.validation.flow.paths import Paths
from arazzo_engine.validation.flow.repeating.pages import unsent_pages
from arazzo_engine.validation.flow.repeating.polls import hasty_polls
from arazzo_engine.validation.flow.repeating.repeats import repeated_requests
from arazzo_engine.validation.flow.rings import check_rings
from arazzo_engine.validation.flow.unchosen import unchosen
from arazzo_engine.validation.flow.unreached import never_completed, unreached
from arazzo_engine.validation.flow.waits import short_timeouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.diagnostics import Diagnostic


def check_flow(linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield what is wrong with the ways through the workflows, where every action leads to something that exists."""
    known = {key: Paths(workflow) for key, workflow in linked.workflows.items()}
    others = OtherWorkflows(linked)
    for paths in known.values():
        go_on()
        yield from unchosen(paths)
        yield from hasty_polls(paths)
        yield from short_timeouts(paths)
        if paths.is_sure:
            yield from unreached(paths)
            yield from repeated_requests(paths)
            yield from unsent_pages(paths, linked)
            yield from others.check(paths)
    yield from never_completed(known)
    yield from check_rings(known)
    if all(paths.is_sure for paths in known.values()):
        yield from check_loops(known)
