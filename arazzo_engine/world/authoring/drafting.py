"""Making a first document of API descriptions that are on disk or on the web: load them, draft, and try the draft.

Decides which draft is good: the first that validates without findings of its own and rehearses to its end. One that
does neither is given, too, when there is no better, with what was found.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import list_operations, open_api
from arazzo_engine.apis.descriptions.references import Resolver
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.documents.yaml.writing import write_yaml
from arazzo_engine.drafting.draft import Source, draft_document
from arazzo_engine.drafting.names import camel, fit, unused
from arazzo_engine.drafting.plain_schemas import Plain
from arazzo_engine.drafting.stories import Known, know, stories
from arazzo_engine.words import words_of
from arazzo_engine.world.loading.loader import Loader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.documents.document import Document
    from arazzo_engine.world.engine import Engine

_MOST_TRIES: Final = 12
_ENTRY: Final = "drafted.arazzo.yaml"


class Apis(Struct, frozen=True):
    """The operations of descriptions, and the descriptions by the names they have in a document."""

    sources: tuple[Source, ...]
    known: tuple[Known, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """What operations can be named by: their ids, or method and path."""
        return tuple(each.operation.label for each in self.known)

    def named(self, names: Iterable[str]) -> tuple[Known, ...]:
        """Return the operations of these names; raises ``ArazzoError`` (``operation-not-found``)."""
        by_name = {each.operation.label: each for each in reversed(self.known)}
        unknown = [name for name in names if name not in by_name]
        if unknown:
            raise ArazzoError(*(self._unknown(name) for name in unknown))
        return tuple(by_name[name] for name in names)

    def _unknown(self, name: str) -> Diagnostic:
        fix = did_you_mean(name, self.ids) or "`arazzo new API` without `--operations` chooses by itself"
        return diagnose("operation-not-found", f"no operation of the descriptions is called `{name}`", fix=fix)


class Drafted(Struct, frozen=True):
    """A document as YAML, what was found wrong with it, and the step at which its rehearsal failed, if it did."""

    text: str
    findings: tuple[Diagnostic, ...] = ()
    fails_at: str = ""

    @property
    def faults(self) -> tuple[int, bool, int]:
        """How bad it is: its errors, whether it fails, and the findings that are about no description but itself."""
        own = [each for each in self.findings if each.location is None or each.location.uri.endswith(_ENTRY)]
        return sum(each.is_error for each in self.findings), bool(self.fails_at), len(own)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with it; its descriptions may have flaws that do no harm."""
        return not any(self.faults)


class Wanted(Struct, frozen=True):
    """What a document should do: the operations it calls, or a goal in words, or neither."""

    operations: tuple[str, ...] = ()
    goal: str = ""


def open_apis(locations: Sequence[str], folder: Path) -> Apis:
    """Return the operations of descriptions; a document in ``folder`` names them by their paths from there.

    Raises ``ArazzoError`` for a description that cannot be read, and when there is no operation.
    """
    sources: list[Source] = []
    known: list[Known] = []
    for location in locations:
        # what a description on disk refers to is on disk, too: nobody asked for anything else
        loader = Loader(offline=not is_on_network(location))
        document = loader.load_entry(location)
        source = _source(document, location, folder, {each.name for each in sources})
        sources.append(source)
        known += _operations(document, source, loader)
    if not known:
        message = f"there is no operation in {', '.join(locations)}"
        raise ArazzoError(diagnose("operation-not-found", message, fix="name an OpenAPI description"))
    return Apis(tuple(sources), tuple(known))


def is_on_network(location: str) -> bool:
    """Whether a description is a URL of the web."""
    return location.lower().startswith(("http://", "https://"))


def draft(apis: Apis, engine: Engine, folder: Path, wanted: Wanted) -> Drafted:
    """Return the first good draft of what is wanted, or the best of those that were tried.

    Raises ``ArazzoError`` (``operation-not-found``) when no operation serves the goal.
    """
    tried: list[Drafted] = []
    for story in islice(_stories(apis, wanted), _MOST_TRIES):
        tried.append(try_out(draft_document(story, apis.sources, wanted.goal), engine, folder))
        if tried[-1].is_good:
            return tried[-1]
    if not tried:
        message = f"no operation is about `{wanted.goal}`"
        raise ArazzoError(diagnose("operation-not-found", message, fix="name operations with `--operations`"))
    return min(tried, key=lambda each: each.faults)


def _stories(apis: Apis, wanted: Wanted) -> Iterator[tuple[Known, ...]]:
    if wanted.operations:
        yield apis.named(wanted.operations)
    else:
        yield from stories(apis.known, wanted.goal)


def try_out(document: dict[str, Any], engine: Engine, folder: Path) -> Drafted:
    """Return a draft with what is wrong with it and its sources, and where its rehearsal fails."""
    text, base = write_yaml(document), str(folder / _ENTRY)
    findings = engine.validate(text, base=base)
    if any(each.is_error for each in findings):
        return Drafted(text, findings)
    try:
        report = engine.load(text, base=base).rehearse()
    except ArazzoError as error:
        return Drafted(text, error.diagnostics)
    return Drafted(text, findings, "" if report.succeeded else report.steps[-1].step_id)


def _operations(document: Document, source: Source, loader: Loader) -> Iterator[Known]:
    """Yield the operations of a description, without those that cannot be read."""
    api = open_api(source.name, document, loader)
    plain = Plain(Resolver(loader))
    for operation in api.readable_operations():
        yield know(operation, source.name, plain)


def _source(document: Document, location: str, folder: Path, taken: set[str]) -> Source:
    title = as_mapping(document.content.at(("info",))).get("title")
    words = words_of(title) if isinstance(title, str) else ()
    name = unused(fit(camel(words or ("api",))), taken)
    url = location if is_on_network(location) else _relative(location, folder)
    ids = [row[0] for row in list_operations(document) if row[0] is not None]
    repeated = frozenset(each for each, count in Counter(ids).items() if count > 1)
    return Source(name, str(title or name), url, repeated)


def _relative(location: str, folder: Path) -> str:
    path = Path(os.path.relpath(Path(location).absolute(), folder.absolute())).as_posix()
    return quote(path)
