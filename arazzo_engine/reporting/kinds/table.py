"""All kinds of reports by their names. Each is imported when somebody asks for it: some need libraries of an extra."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from arazzo_engine.reporting.kinds.kind import Kind, Setting, Sink

# the module of each kind, and the library that it needs
KINDS: Final[dict[str, tuple[str, str]]] = {
    "json": ("json_report", ""),
    "jsonl": ("json_lines", ""),
    "junit": ("junit", "junitparser"),
    "har": ("har", "harfile"),
    "html": ("html", ""),
    "markdown": ("markdown", ""),
    "github": ("github", ""),
}


def open_kind(name: str, sink: Sink, setting: Setting) -> Kind:
    """Return a report of a kind that writes to a sink."""
    module = import_module(f"arazzo_engine.reporting.kinds.{KINDS[name][0]}")
    kind: Kind = module.open_report(sink, setting)
    return kind
