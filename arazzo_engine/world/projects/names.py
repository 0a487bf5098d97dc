"""The names in a project file, and those that a document has.

A project has several documents, so a name that one of them does not have is no mistake. One that is a slip of the keys
away from a name which the document has, and for which the file says nothing, was meant as that one: a request would go
to another server than the file says. Of an input or a workflow it is a warning, for two documents may well name theirs
nearly alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.spelling import near_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.world.projects.settings import Settings

_NOUNS: Final = {
    "sources": "source description",
    "servers": "source description",
    "server-vars": "server variable",
    "auth": "security scheme",
    "inputs": "input",
    "workflows": "workflow",
}
# two documents may well name theirs nearly alike
_OFTEN_ALIKE: Final = frozenset({"inputs", "workflows"})


def misspelt_names(
    settings: Settings,
    known: Mapping[tuple[str, ...], Collection[str]],
    everywhere: Callable[[tuple[str, ...]], Collection[str]],
) -> Iterator[Diagnostic]:
    """Yield what is misspelt in the tables; ``everywhere`` gives the names of a table in the whole document."""
    for table, names in known.items():
        written = settings.table(*table)
        for name in sorted(written.keys() - {*names, ""}):
            meant = near_name(name, [each for each in sorted(names) if each not in written])
            if meant is not None and name not in everywhere(table):
                noun, path = _NOUNS[table[-1]], ".".join((*table, name))
                message = f"`{path}` names no {noun} of the document, and nearly names one that it has"
                found = diagnose("project-invalid", message, written[name].location, fix=f"did you mean `{meant}`?")
                yield found.as_warning() if table[-1] in _OFTEN_ALIKE else found
