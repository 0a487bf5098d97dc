"""Which operation a step means, by its ``operationId`` or its ``operationPath``.

Decides which one, or says why none: not found, found twice, or in a description that is not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import OpenApi
from arazzo_engine.apis.linking.ambiguous_ids import Candidate, meant_by, told_as
from arazzo_engine.apis.linking.repairs.operations import (
    METHOD,
    ROUTE,
    SOURCE,
    id_of_named_source,
    id_that_is_meant,
    parts_of_route,
    path_by_members,
    path_instead_of_id,
    path_of_route,
    source_and_id,
    told,
    with_only_method,
)
from arazzo_engine.apis.linking.sources import AsyncApi, Source
from arazzo_engine.apis.linking.taken import path_of_source, qualified
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose, did_you_mean, nearest
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.edits import Applicability
from arazzo_engine.language.objects import ArazzoDescription
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import NoReturn

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.edits import Edit
    from arazzo_engine.language.objects import Parameter, Step


# `paths`, the path, the method
_OPERATION_TOKENS: Final = 3


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


def find_operation(step: Step, sources: Mapping[str, Source], description: ArazzoDescription) -> FoundOperation:
    """Return the operation that the step names.

    Raises ``ArazzoError``; without diagnostics when the source itself could not be opened, which is noted already.
    """
    if step.operation_path is not None:
        return _by_any_path(step.operation_path, step.at.child("operationPath"), sources, description)
    if step.operation_id is None:
        if step.channel_path is None:
            raise ArazzoError  # the step calls nothing, and that is noted already
        raise _messages(step.at.child("channelPath"), f"step `{step.step_id}` uses a channel of AsyncAPI")
    at = step.at.child("operationId")
    named = qualified(step.operation_id, description.source_names)
    if named:
        name, rest = named
        apis = {name: _open_api(name, at, sources, description)}
        path = None if apis[name].places_of(rest) else path_by_members(step.operation_id, apis)
        if path is not None:
            return _as_path(step.operation_id, path, at, (sources, description))
        operation_id, reason = id_that_is_meant(rest, apis)
        written = f"$sourceDescriptions.{name}.{operation_id}"
        return _only(operation_id, apis, step, description).saying(told(step.operation_id, written, reason, at))
    # an operationId may be any text, one that looks like an expression included
    is_known = any(isinstance(each, OpenApi) and each.places_of(step.operation_id) for each in sources.values())
    apis = {name: source for name, source in sources.items() if isinstance(source, OpenApi)}
    is_meant = id_of_named_source(step.operation_id, apis) or path_instead_of_id(step.operation_id, apis)
    if step.operation_id.startswith("$") and not is_known and not is_meant:
        if len(sources) < len(description.source_descriptions):
            raise ArazzoError  # it may be of the source that could not be opened, and that is noted already
        _refuse_odd(step, at, apis)
    return _by_bare_id(step, at, sources, description)


def _refuse_odd(step: Step, at: Place, apis: Mapping[str, OpenApi]) -> NoReturn:
    """Refuse what is no operationId: where a source seems to be named with it, as an operation that this one lacks."""
    named = source_and_id(step.operation_id or "", apis)
    if named is not None:
        _refuse_unknown(named[1], at, {named[0]: apis[named[0]]}, step)
    fix = "use an operationId, or `$sourceDescriptions.<name>.<operationId>`"
    message = f"`{step.operation_id}` does not name an operation"
    raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix=fix))


def _by_bare_id(step: Step, at: Place, sources: Mapping[str, Source], description: ArazzoDescription) -> FoundOperation:
    named = step.operation_id or ""
    apis = {name: source for name, source in sources.items() if isinstance(source, OpenApi)}
    unopened = [each.name for each in description.source_descriptions if each.name not in sources]
    if (unopened or not sources) and not any(api.places_of(named) for api in apis.values()):
        raise ArazzoError  # there is no source, or one that could not be opened, and that is noted already
    if found_in := id_of_named_source(named, apis):
        name, operation_id = found_in
        written = f"$sourceDescriptions.{name}.{operation_id}"
        found = _only(operation_id, {name: apis[name]}, step, description)
        return found.saying(told(named, written, SOURCE, at))
    operation_id, reason = id_that_is_meant(named, apis)
    path = None if any(api.places_of(operation_id) for api in apis.values()) else path_instead_of_id(named, sources)
    if path is not None:
        return _as_path(named, path, at, (sources, description))
    found = _only(operation_id, apis, step, description)
    # "If multiple (non `arazzo` type) `sourceDescriptions` are defined, then the `operationId` MUST be specified
    # using a Runtime Expression"
    several = [name for name, source in sources.items() if not isinstance(source, ArazzoDescription)]
    if len(several) <= 1:
        return found.saying(told(named, operation_id, reason, at))
    if found.warnings:
        return found  # how the operation is named instead is told already
    owner = next(name for name, api in apis.items() if api.name == found.operation.source)
    qualified = f"$sourceDescriptions.{owner}.{operation_id}"
    message = f"step `{step.step_id}` names operation `{operation_id}` without its source description"
    edits = [at.written(qualified)]
    unqualified = diagnose("operation-unqualified", message, at.location(), fix=f"write `{qualified}`", edits=edits)
    return found.saying(told(named, qualified, reason, at) if named != operation_id else (unqualified,))


def _as_path(found: str, path: str, at: Place, known: tuple[Mapping[str, Source], ArazzoDescription]) -> FoundOperation:
    sources, description = known
    written = with_only_method(path, sources) or path
    message = f"`operationId: {found}` is read as `operationPath: {written}`: {ROUTE}"
    problem = diagnose("repaired", message, at.location(), fix=f"write `operationPath: {written}`", kind=ROUTE)
    return FoundOperation(_by_path(written, at, sources, description), (problem,))


def _only(operation_id: str, apis: Mapping[str, OpenApi], step: Step, description: ArazzoDescription) -> FoundOperation:
    at = step.at.child("operationId")
    found = [Candidate(name, api, place) for name, api in apis.items() for place in api.places_of(operation_id)]
    if len(found) == 1:
        return FoundOperation(found[0].api.read(found[0].place))
    if not found:
        _refuse_unknown(operation_id, at, apis, step)
    meant = meant_by(step, _shared(step, description), found)
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


def _shared(step: Step, description: ArazzoDescription) -> tuple[Parameter, ...]:
    """Return the parameters that the workflow of a step gives to all of its steps."""
    return next((each.parameters for each in description.workflows if any(one is step for one in each.steps)), ())


def _refuse_unknown(operation_id: str, at: Place, apis: Mapping[str, OpenApi], step: Step) -> NoReturn:
    named = source_and_id(operation_id, list(apis))
    if named is not None and not any(nearest(operation_id, api.operation_ids) for api in apis.values()):
        name, operation_id = named
        apis = {name: apis[name]}
    where = (
        f"source description `{next(iter(apis))}` does not define"
        if len(apis) == 1
        else "no source description defines"
    )
    message = f"step `{step.step_id}` names operation `{operation_id}`, which {where}"
    likely = {each: name for name, api in apis.items() if (each := nearest(operation_id, api.operation_ids))}
    closest = nearest(operation_id, likely)
    if closest is None:
        fix = "add the operation to the API description, or name one that it has"
        problem = diagnose("operation-not-found", message, at.location(), fix=fix)
        raise UnknownOperationError(problem, operation_id, apis)
    name = likely[closest]
    location = apis[name].places_of(closest)[0].location()
    fix = f"did you mean `{closest}`? ({name}, {location.uri}:{location.line})"
    edits = [_closest_written(step, closest, at, apis)]
    raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix=fix, edits=edits))


def _closest_written(step: Step, closest: str, at: Place, names: Iterable[str]) -> Edit:
    """Return the edit that names the operation that may be meant, with its source where that is named."""
    text = step.operation_id or ""
    named = qualified(text, names) or source_and_id(text, list(names))
    written = f"$sourceDescriptions.{named[0]}.{closest}" if named else closest
    return at.written(written, Applicability.UNSAFE)


def _by_any_path(text: str, at: Place, sources: Mapping[str, Source], description: ArazzoDescription) -> FoundOperation:
    # another operation could have the same route in a source that could not be opened
    is_whole = len(sources) == len(description.source_descriptions)
    route = (path_of_route(text, sources) if is_whole else None) or text
    if route == text and path_of_source(text, description.source_names) is None:
        route = (path_by_members(text, sources) if is_whole else None) or text
    written = with_only_method(route, sources) or route
    reason = ROUTE if route != text else METHOD
    return FoundOperation(_by_path(written, at, sources, description), told(text, written, reason, at))


def _by_path(text: str, at: Place, sources: Mapping[str, Source], description: ArazzoDescription) -> Operation:
    match = path_of_source(text, description.source_names)
    if match is None:
        named = _nearly_named(text, description)
        if named is not None and isinstance(sources.get(named[0]), AsyncApi | ArazzoDescription):
            # what it is says more than how it is named
            _open_api(named[0], at, sources, description)
        message = f"`{text}` does not name an operation by its path"
        fix = _corrected_path(text, named, sources)
        raise ArazzoError(diagnose("operation-path-invalid", message, at.location(), fix=fix))
    name, written = match
    api = _open_api(name, at, sources, description)
    pointer_text = unquote(written)
    try:
        pointer = parse_pointer(pointer_text)
    except ValueError as error:
        raise ArazzoError(diagnose("operation-path-invalid", str(error), at.location())) from error
    operation = api.operation_at(pointer)
    if operation is None:
        message = f"`{pointer_text}` is no operation of source description `{name}`"
        fix = _meant_place(pointer, api)
        raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix=fix))
    return operation


def _meant_place(pointer: Pointer, api: OpenApi) -> str:
    """Return the fix for the place of no operation: another method of its path, or a path that is nearly it."""
    if len(pointer) != _OPERATION_TOKENS:
        return did_you_mean(render_pointer(pointer), api.operation_pointers)
    of_path = tuple(api.pointers_of_path(pointer[1]))
    if not of_path:
        paths = [parse_pointer(each)[1] for each in api.operation_pointers]
        closest = nearest(pointer[1], paths)
        of_path = () if closest is None else tuple(api.pointers_of_path(closest))
    meant = sorted(of_path, key=lambda each: each[-1] != pointer[-1])
    return f"did you mean `{render_pointer(meant[0])}`?" if meant else "name a path that the description has"


def _nearly_named(text: str, description: ArazzoDescription) -> tuple[str, str] | None:
    """Return the source that a path nearly names, by its name or its url, with what follows its `#`."""
    before, sign, after = text.partition("#")
    words = before.strip("{}$ ").removeprefix("sourceDescriptions.").removesuffix(".url")
    found = (each.name for each in description.source_descriptions if words and words in {each.name, each.url})
    name = next(found, None)
    return None if name is None or not sign else (name, after)


def _corrected_path(text: str, named: tuple[str, str] | None, sources: Mapping[str, Source]) -> str:
    name, pointer = named or (next((name for name, each in sources.items() if isinstance(each, OpenApi)), "<name>"), "")
    if not pointer.startswith("/paths/"):
        method, path = parts_of_route(text) or ("<method>", "/paths/~1<path>")
        pointer = f"{path}/{method}"
    return f"write `{{$sourceDescriptions.{name}.url}}#{pointer}`"


def _messages(at: Place, what: str) -> MessagesError:
    message = f"{what}, and no message is sent or received yet: the workflow is not run"
    fix = "let the steps of the workflow call operations of OpenAPI alone"
    return MessagesError(diagnose("unsupported-feature", message, at.location(), fix=fix))


def _open_api(name: str, at: Place, sources: Mapping[str, Source], description: ArazzoDescription) -> OpenApi:
    if description.source(name) is None:
        message = f"source description `{name}` does not exist"
        names = description.source_names
        fix = did_you_mean(name, names) or f"use one of {listed(names)}"
        raise ArazzoError(diagnose("unknown-source", message, at.location(), fix=fix))
    match sources.get(name):
        case OpenApi() as api:
            return api
        case AsyncApi():
            raise _messages(at, f"source description `{name}` is AsyncAPI")
        case ArazzoDescription():
            message = f"source description `{name}` holds workflows, not operations"
            raise ArazzoError(diagnose("operation-not-found", message, at.location(), fix="use `workflowId`"))
        case None:
            raise ArazzoError  # the source's own problem is already noted
