"""Which of several operations with one operationId a step means, where only one can be.

Decides by what the step itself says: the placeholders that it fills, then the parameters and the body that it sends.
Or the several are one operation, described more than once. Whatever is decided is told; where two can be meant, nothing
is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.descriptions.paths import placeholders
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.repairs.fitting import Fit, fit_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.uris import scheme_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.descriptions.openapi import OpenApi
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter, Step


_BY_STEP: Final = "only its path has the placeholders that the step fills"
_BY_BOTH: Final = "only its path has the placeholders that the step and its workflow fill"


class Candidate(Struct, frozen=True):
    """One operation of the id: the name of its source, the description, and its place there."""

    name: str
    api: OpenApi
    place: Place

    @property
    def operation_id(self) -> str:
        """The id."""
        return str(value_at(self.api.home_of(self.place).child("operationId")))

    @property
    def qualified(self) -> str:
        """The id with its source, which names this operation alone where the source has one of that id."""
        return f"$sourceDescriptions.{self.name}.{self.operation_id}"

    @property
    def path(self) -> str:
        """The operationPath that names this operation alone."""
        return f"{{$sourceDescriptions.{self.name}.url}}#{render_pointer(self.place.pointer)}"

    @property
    def as_path(self) -> str:
        """The field that names this operation alone."""
        return f"`operationPath: '{self.path}'`"


def meant_by(step: Step, shared: Sequence[Parameter], candidates: Sequence[Candidate]) -> tuple[Candidate, str] | None:
    """Return the one operation that a step can mean, and why, ``None`` when there are several.

    ``shared`` are the parameters of its workflow.
    """
    own, given = in_path(step.parameters), in_path((*step.parameters, *shared))
    # what the workflow gives goes to each of its steps whose path has a place for it
    fitting = [each for each in candidates if own <= names_in(each.place) <= given]
    fitting = [each for each in fitting if names_in(each.place) == given] or fitting
    if len(fitting) == 1:
        is_own = names_in(fitting[0].place) == own
        return fitting[0], _BY_STEP if is_own else _BY_BOTH
    if len({(each.place.document.uri, each.place.pointer) for each in candidates}) == 1:
        return candidates[0], "the sources are one description"
    routes = [_route(each) for each in candidates]
    if routes[0] is not None and len(set(routes)) == 1:
        return candidates[0], "the descriptions describe one and the same operation"
    only = _only_fitting(step, shared, fitting)
    return None if only is None else (only, "no other one of that id takes what the step sends")


def _only_fitting(step: Step, shared: Sequence[Parameter], candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the only operation that fits what a step sends, where all others do certainly not."""
    fits: dict[Fit, list[Candidate]] = {each: [] for each in Fit}
    for each in candidates:
        fits[_fit(step, shared, each)].append(each)
    return fits[Fit.FITS][0] if len(fits[Fit.FITS]) == 1 and not fits[Fit.MAY_FIT] else None


def _fit(step: Step, shared: Sequence[Parameter], candidate: Candidate) -> Fit:
    try:
        return fit_of(step, shared, candidate.api.read(candidate.place), candidate.api.resolver)
    except ArazzoError:
        return Fit.MAY_FIT


def told_as(candidate: Candidate, candidates: Sequence[Candidate], reason: str, at: Place) -> Diagnostic:
    """Return the warning that an ambiguous operationId is read as one of its operations."""
    is_only = [each.name for each in candidates].count(candidate.name) == 1
    path, *method = candidate.place.pointer[1:]
    message = f"the operationId is read as that of `{' '.join((*method[-1:], path))}` in `{candidate.name}`: {reason}"
    written = f"`{candidate.qualified}`" if is_only else candidate.as_path
    edit = at.written(candidate.qualified) if is_only else at.renamed("operationPath", candidate.path)
    return diagnose("repaired", message, at.location(), fix=f"write {written}", edits=[edit], kind=reason)


def in_path(parameters: Sequence[Parameter]) -> set[str]:
    """Return the names of the parameters of a path."""
    return {each.name for each in parameters if each.location == In.PATH}


def names_in(place: Place) -> set[str]:
    """Return the names of the placeholders in the path of an operation."""
    return {each.strip("+") for each in placeholders(place.pointer[1])}


def _route(candidate: Candidate) -> tuple[object, ...] | None:
    """Return what tells an operation from every other one, ``None`` when its servers are not all known."""
    try:
        operation: Operation = candidate.api.read(candidate.place)
    except ArazzoError:
        return None
    urls = tuple(each.url for each in operation.servers)
    return (operation.method, operation.path, urls) if urls and all(map(scheme_of, urls)) else None
