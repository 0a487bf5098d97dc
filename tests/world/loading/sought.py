"""Documents whose sources are looked for in a project, and what is found of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.world.http.wire import Wire
from arazzo_engine.world.loading.loader import Loader
from arazzo_engine.world.preparing import Checked, check_document

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

# the options of a loader whose network is down: it goes by a port where nobody listens
DOWN: Final[Any] = {"wire": Wire(proxy="http://127.0.0.1:9")}


def api(*operation_ids: str, server: str = "https://a.example") -> dict[str, Any]:
    """Return a description with these operations of a server."""
    paths = {f"/{each}": {"get": {"operationId": each, "responses": {}}} for each in operation_ids}
    return {"openapi": "3.1.0", "info": {}, "servers": [{"url": server}], "paths": paths}


def calling(url: str, *operations: str, kind: str = "openapi", name: str = "api") -> dict[str, Any]:
    """Return a document whose steps call these operations, or workflows, of the source at a URL."""
    field = "operationId" if kind == "openapi" else "workflowId"
    steps = [{"stepId": f"s{index}", field: each} for index, each in enumerate(operations)]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": name, "url": url, "type": kind}],
        "workflows": [{"workflowId": "w", "steps": steps}],
    }


def write(path: Path, value: Any) -> Path:
    """Write a document below a folder that is made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


def check(path: Path, **options: Any) -> Checked:
    """Return what is found in a document, loaded with these options."""
    loader = Loader(**options)
    return check_document(loader.load_entry(str(path)), loader)


def only(checked: Checked) -> Diagnostic:
    """Return the one problem that there is."""
    assert len(checked.problems) == 1, checked.problems
    return checked.problems[0]
