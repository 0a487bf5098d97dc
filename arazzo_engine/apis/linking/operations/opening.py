"""The description of which a step names an operation, opened, or why there is none: what a search for one has in hand.

Decides what is said of a source that is not declared, or that has no operations. Which operation it is, is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import OpenApi
from arazzo_engine.apis.linking.sources import AsyncApi, Source
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.language.declarations import like_source
from arazzo_engine.language.expressions.strict_names import fix_naming
from arazzo_engine.language.objects import ArazzoDescription
from arazzo_engine.vocabulary import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Place
    from arazzo_engine.edits import Edit


class MessagesError(ArazzoError):
    """A step calls an operation or a channel of AsyncAPI."""


class UnknownOperationError(ArazzoError):
    """No one of the ``sources`` that could has an operation, nor one that is like it."""

    def __init__(self, problem: Diagnostic, operation_id: str, sources: Iterable[str]) -> None:
        super().__init__(problem)
        self.problem = problem
        self.operation_id = operation_id
        self.sources = tuple(sources)


class FoundOperation(Struct, frozen=True):
    """The operation a step means, and what should be said about the way it is named."""

    operation: Operation
    warnings: tuple[Diagnostic, ...] = ()

    def saying(self, more: tuple[Diagnostic, ...]) -> FoundOperation:
        """Return the same with more to be said."""
        return FoundOperation(self.operation, (*self.warnings, *more))


class Known(Struct, frozen=True):
    """A document with the sources of it that are open, by their names."""

    description: ArazzoDescription
    sources: Mapping[str, Source]

    @property
    def apis(self) -> dict[str, OpenApi]:
        """The sources that have operations of OpenAPI."""
        return {name: source for name, source in self.sources.items() if isinstance(source, OpenApi)}

    @property
    def is_whole(self) -> bool:
        """Whether every source is open: what one has, another one could have as well."""
        return len(self.sources) == len(self.description.source_descriptions)

    def owner_of(self, operation_id: str) -> str | None:
        """Return the only source that has an operation of this id."""
        owners = [name for name, api in self.apis.items() if api.places_of(operation_id)]
        return owners[0] if len(owners) == 1 else None

    def told(self, found: str, written: str, reason: str, at: Place) -> tuple[Diagnostic, ...]:
        """Return the warning that one text is read as another, none when they are the same."""
        if found == written:
            return ()
        message = f"`{found}` is read as `{written}`: {reason}"
        fix, edits = self.fixing(written, at.written(written))
        return (diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=reason),)

    def told_of_field(self, at: Place, found: str, meant: tuple[str, str], reason: str) -> Diagnostic:
        """Return the warning that the text of one field is read as that of another one, which is ``meant``."""
        field, written = meant
        message = f"`{at.pointer[-1]}: {found}` is read as `{field}: {written}`: {reason}"
        fix, edits = self.fixing(f"{field}: {write_scalar(written)}", at.renamed(field, written))
        return diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=reason)

    def fixing(self, written: str, edit: Edit) -> tuple[str, list[Edit]]:
        """Return what to write in the place of a text, and the edit where that is all there is to write."""
        fix, is_all = fix_naming(written, self.description.source_names)
        return fix, [edit] if is_all else []

    def open_api(self, name: str, at: Place, operation_id: str = "") -> OpenApi:
        """Return the description of a source. Raises ``ArazzoError`` when it is none of OpenAPI."""
        if self.description.source(name) is None:
            raise self.undeclared(name, at, operation_id)
        match self.sources.get(name):
            case OpenApi() as api:
                return api
            case AsyncApi():
                raise refused_messages(at, f"source description `{name}` is AsyncAPI")
            case ArazzoDescription():
                message = f"source description `{name}` holds workflows, not operations"
                raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix="use `workflowId`"))
            case None:
                raise ArazzoError  # the source's own problem is already noted

    def undeclared(self, name: str, at: Place, operation_id: str = "") -> ArazzoError:
        """Return the error of a source that is not declared, with the one that has the operation, where one has."""
        names = self.description.source_names
        owner = self.owner_of(operation_id)
        own = fix_naming(f"$sourceDescriptions.{owner}.{operation_id}", names)[0] if owner else ""
        add = any_of("use {}", names, otherwise=f"add `{name}` to the `sourceDescriptions`")
        fix = own or did_you_mean(name, names) or add
        message, related = f"source description `{name}` does not exist", like_source(self.description, name)
        return ArazzoError(diagnose("unknown-source", message, at.location(), fix=fix, related=related))


def refused_messages(at: Place, what: str) -> MessagesError:
    """Return the error of a step that would send or receive a message."""
    message = f"{what}, and no message is sent or received yet: the workflow is not run"
    fix = "let the steps of the workflow call operations of OpenAPI alone"
    return MessagesError(diagnose("unsupported-feature", message, at.location(), fix=fix))
