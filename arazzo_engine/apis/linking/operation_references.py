"""Which operation a step means, by its ``operationId`` or its ``operationPath``.

Decides which one, or says why none: not found, found twice, or in a description that is not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.linking.ambiguous_ids import Candidate, meant_by, told_as
from arazzo_engine.apis.linking.operations.opening import FoundOperation, Known, refused_messages
from arazzo_engine.apis.linking.operations.paths import find_by_any_path, find_by_path
from arazzo_engine.apis.linking.operations.unknown import Wanted, refuse_odd, refuse_unknown
from arazzo_engine.apis.linking.operations.unnamed import UNNAMED, path_of_unnamed
from arazzo_engine.apis.linking.operations.written import as_operation
from arazzo_engine.apis.linking.repairs.operations import (
    ROUTE,
    SOURCE,
    id_of_named_source,
    id_that_is_meant,
    is_id,
    path_by_members,
    path_instead_of_id,
    with_only_method,
)
from arazzo_engine.apis.linking.taken import place_in_source, qualified
from arazzo_engine.diagnostics import ArazzoError, Related, diagnose
from arazzo_engine.language.objects import ArazzoDescription

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.openapi import OpenApi
    from arazzo_engine.apis.linking.sources import Source
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import Parameter, Step

CHANNEL: Final = "a description of OpenAPI has operations alone"


def find_operation(step: Step, sources: Mapping[str, Source], description: ArazzoDescription) -> FoundOperation:
    """Return the operation that the step names.

    Raises ``ArazzoError``; without diagnostics when the source itself could not be opened, which is noted already.
    """
    known = Known(description, sources)
    if step.operation_path is not None:
        return find_by_any_path(step.operation_path, step.at.child("operationPath"), known)
    if step.written_request is not None:
        return FoundOperation(as_operation(step.written_request))
    if step.operation_id is None:
        if step.channel_path is None:
            raise ArazzoError  # the step calls nothing, and that is noted already
        return _by_channel(step, step.channel_path, known)
    named = qualified(step.operation_id, description.source_names)
    return _by_id(step, known) if named is None else _by_qualified_id(step, named, known)


def _by_channel(step: Step, text: str, known: Known) -> FoundOperation:
    """Return the operation of OpenAPI that the place of a channel is, where a description of OpenAPI is named."""
    at = step.at.child("channelPath")
    named = place_in_source(text, known.description.source_names)
    if named is not None and known.description.source(named[0]) is None:
        raise known.undeclared(named[0], at)
    if named is None or named[0] not in known.apis:
        raise refused_messages(at, f"step `{step.step_id}` uses a channel of AsyncAPI")
    found = find_by_any_path(f"{{$sourceDescriptions.{named[0]}.url}}#{named[1]}", at, known)
    operation_id, (name, _) = found.operation.operation_id, named
    if operation_id is None or len(known.apis[name].places_of(operation_id)) != 1:
        # beside `operationPath`, no step has the `action` that a channel asks for
        problem = known.told_of_field(at, text, ("operationPath", text), CHANNEL)
        return found.saying((replace(problem, fix=f"{problem.fix}, and remove `action`", edits=()),))
    written = operation_id if len(known.sources) == 1 else f"$sourceDescriptions.{name}.{operation_id}"
    return found.saying((known.told_of_field(at, text, ("operationId", written), CHANNEL),))


def _by_qualified_id(step: Step, named: tuple[str, str], known: Known) -> FoundOperation:
    (name, rest), at, text = named, step.at.child("operationId"), step.operation_id or ""
    apis = {name: known.open_api(name, at, rest)}
    path = None if apis[name].places_of(rest) else path_by_members(text, apis)
    if path is not None:
        return _as_path(text, (path, ROUTE), at, known)
    operation_id, reason = id_that_is_meant(rest, apis)
    if operation_id == rest and (path := path_of_unnamed(rest, apis)) and not apis[name].places_of(rest):
        return _as_path(text, (path, UNNAMED), at, known)
    written = f"$sourceDescriptions.{name}.{operation_id}"
    return _only(operation_id, apis, step, known).saying(known.told(text, written, reason, at))


def _by_id(step: Step, known: Known) -> FoundOperation:
    # an operationId may be any text, one that looks like an expression included
    text, apis = step.operation_id or "", known.apis
    is_known = is_id(text, apis)
    is_meant = id_of_named_source(text, apis) or path_instead_of_id(text, apis)
    if text.startswith("$") and not is_known and not is_meant:
        if not known.is_whole:
            raise ArazzoError  # it may be of the source that could not be opened, and that is noted already
        refuse_odd(_wanted(text, step, known), known)
    return _by_bare_id(step, step.at.child("operationId"), known)


def _by_bare_id(step: Step, at: Place, known: Known) -> FoundOperation:
    named, apis = step.operation_id or "", known.apis
    if (not known.is_whole or not known.sources) and not is_id(named, apis):
        raise ArazzoError  # there is no source, or one that could not be opened, and that is noted already
    if found_in := id_of_named_source(named, apis):
        name, operation_id = found_in
        written = f"$sourceDescriptions.{name}.{operation_id}"
        found = _only(operation_id, {name: apis[name]}, step, known)
        return found.saying(known.told(named, written, SOURCE, at))
    operation_id, reason = id_that_is_meant(named, apis)
    is_there = is_id(operation_id, apis)
    path = None if is_there else path_instead_of_id(named, known.sources)
    if path is not None:
        return _as_path(named, (path, ROUTE), at, known)
    if not is_there and (path := path_of_unnamed(named, apis)):
        return _as_path(named, (path, UNNAMED), at, known)
    found = _only(operation_id, apis, step, known)
    # "If multiple (non `arazzo` type) `sourceDescriptions` are defined, then the `operationId` MUST be specified
    # using a Runtime Expression"
    several = [name for name, source in known.sources.items() if not isinstance(source, ArazzoDescription)]
    if len(several) <= 1:
        return found.saying(known.told(named, operation_id, reason, at))
    if found.warnings:
        return found  # how the operation is named instead is told already
    owner = next(name for name, api in apis.items() if api.name == found.operation.source)
    qualified = f"$sourceDescriptions.{owner}.{operation_id}"
    message = f"step `{step.step_id}` names operation `{operation_id}` without its source description"
    fix, edits = known.fixing(qualified, at.written(qualified))
    unqualified = diagnose("operation-unqualified", message, at.location(), fix=fix, edits=edits)
    return found.saying(known.told(named, qualified, reason, at) if named != operation_id else (unqualified,))


def _as_path(found: str, meant: tuple[str, str], at: Place, known: Known) -> FoundOperation:
    """Return the operation of a path that is meant, with why, where an id should stand."""
    path, reason = meant
    written = with_only_method(path, known.sources) or path
    problem = known.told_of_field(at, found, ("operationPath", written), reason)
    return FoundOperation(find_by_path(written, at, known), (problem,))


def _only(operation_id: str, apis: Mapping[str, OpenApi], step: Step, known: Known) -> FoundOperation:
    at = step.at.child("operationId")
    found = [Candidate(name, api, place) for name, api in apis.items() for place in api.places_of(operation_id)]
    if len(found) == 1:
        return FoundOperation(found[0].api.read(found[0].place))
    if not found:
        refuse_unknown(_wanted(operation_id, step, known), apis)
    meant = meant_by(step, _shared(step, known.description), found)
    if meant is not None:
        candidate, reason = meant
        return FoundOperation(candidate.api.read(candidate.place), (told_as(candidate, found, reason, at),))
    message = f"step `{step.step_id}` names operation `{operation_id}`, which is defined {len(found)} times"
    names = {each.name for each in found}
    fix = (
        f"write `$sourceDescriptions.<name>.{operation_id}`, with {' or '.join(f'`{name}`' for name in sorted(names))}"
        if len(names) > 1
        else f"name one by its place: {' or '.join(each.as_path for each in found)}"
    )
    related = tuple(Related(f"defined in `{each.name}`", each.place) for each in found)
    raise ArazzoError(diagnose("operation-ambiguous", message, at.location(), fix=fix, related=related))


def _wanted(operation_id: str, step: Step, known: Known) -> Wanted:
    return Wanted(step, operation_id, _shared(step, known.description))


def _shared(step: Step, description: ArazzoDescription) -> tuple[Parameter, ...]:
    """Return the parameters that the workflow of a step gives to all of its steps."""
    return next((each.parameters for each in description.workflows if any(one is step for one in each.steps)), ())
