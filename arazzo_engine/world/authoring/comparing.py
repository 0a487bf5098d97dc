"""A document with one of its APIs as it is, and with a new version of it in its place.

Decides which of its APIs is meant, and loads and checks the document once with each.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean
from arazzo_engine.language.objects import SourceType
from arazzo_engine.reporting.findings.changes import Compared
from arazzo_engine.validation.changes.changes import State, Unread, find_changes
from arazzo_engine.vocabulary import any_of, listed
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.world.program import Program

_NO_API: Final = "list an OpenAPI description in the `sourceDescriptions` of the document"


def compare_apis(options: Mapping[str, Any], document: str, against: str, source: str | None) -> Compared:
    """Return what a new version of an API, the file or URL ``against``, breaks of a document.

    ``options`` are those of the engine; ``source`` names the API when the document has several. Raises ``ArazzoError``
    when there is no such API, or one of the three cannot be read.
    """
    with Engine(**options) as engine:
        before = engine.open(document)
        name = _chosen(before, source)
        sources = {**options.get("sources", {}), name: against}
        with Engine(**{**options, "sources": sources}) as other:
            after = other.open(document)
        old, new = _state(before, name), _state(after, name)
        _check_two(old, new, against)
        if before.checked.errors and not any(old.operations()):
            # nothing is known of what it could break
            raise ArazzoError(*before.checked.errors)
        try:
            changes = find_changes(old, new)
        except Unread as unread:
            raise ArazzoError(*unread.diagnostics) from unread
    return Compared(document, name, against, changes, sum(1 for _ in old.operations()))


def _state(program: Program, source: str) -> State:
    return State(program.checked.linked, program.findings, source)


def _check_two(old: State, new: State, against: str) -> None:
    """Refuse the new version where it was taken for the API as it is, which is not where the document says."""
    urls = {one.sources[old.source].at.child("url").location() for one in old.linked.workflows.values()}
    elsewhere = [each for each in old.findings if each.code == "repaired" and each.location in urls]
    if elsewhere and _uris(old) & _uris(new):
        name = old.source
        message = f"`{name}` is not where the document says, and what would be read for it is the new version itself"
        fix = f"give `--source {quote(name)}=PATH` with the API as it is, which `{against}` is to take the place of"
        raise ArazzoError(diagnose("source-not-found", message, elsewhere[0].location, fix=fix))


def _uris(state: State) -> set[str]:
    return {each.description_uri for each in state.operations() if each.is_described}


def _chosen(program: Program, source: str | None) -> str:
    """Return the name of the API that has a new version."""
    every = {name: each for one in program.checked.linked.workflows.values() for name, each in one.sources.items()}
    names = [name for name, each in every.items() if each.type in {None, SourceType.OPENAPI}]
    if source is None and len(names) == 1:
        return names[0]
    if source is None:
        message = f"the document names {len(names)} APIs, and it is not said which of them has a new version"
        fix = f"name one with `--source`: {listed(names)}" if names else _NO_API
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    if source not in names:
        fix = did_you_mean(source, names) or any_of("use {}", names, otherwise=_NO_API)
        raise ArazzoError(diagnose("option-invalid", f"`--source` names `{source}`, and no API", fix=fix))
    return source
