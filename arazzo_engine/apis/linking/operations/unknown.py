"""What is said of an operationId that no description has: the operation that is meant, where one is likely.

Decides which one that is, and whether the step would fit it, so that ``arazzo fix --unsafe`` may write it. An operation
that does another thing is never offered, however much its name is like it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.ambiguous_ids import Candidate, in_path, names_in
from arazzo_engine.apis.linking.operations.opening import UnknownOperationError
from arazzo_engine.apis.linking.operations.unnamed import fix_by_unnamed, is_spelt_by
from arazzo_engine.apis.linking.repairs.fitting import Fit, fit_of
from arazzo_engine.apis.linking.repairs.operations import source_and_id
from arazzo_engine.apis.linking.taken import qualified
from arazzo_engine.diagnostics import ArazzoError, diagnose, nearest
from arazzo_engine.edits import Applicability
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import differ_in_number
from arazzo_engine.vocabulary import listed
from arazzo_engine.words import are_other_deeds, is_done_with

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from arazzo_engine.apis.descriptions.openapi import OpenApi
    from arazzo_engine.apis.linking.operations.opening import Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.edits import Edit
    from arazzo_engine.language.objects import Parameter, Step

_FIX: Final = "add the operation to the API description, or name one that it has"
# what may stand where an id belongs: the fields of a step and of a source description
_FIELDS: Final = frozenset({"operationId", "operationPath", "operations", "name", "url", "type"})
_SORTED: Final = lazy_pattern(r"[._\-/:]")
_UNSOURCED: Final = lazy_pattern(r"\$sourceDescriptions\.([\w\-]+)[#.:/]+(\S+)")


class Wanted(Struct, frozen=True):
    """A step, the id that it names and nobody has, and the parameters that its workflow gives to all of its steps."""

    step: Step
    operation_id: str
    shared: tuple[Parameter, ...] = ()

    @property
    def at(self) -> Place:
        """Where the id stands."""
        return self.step.at.child("operationId")


def refuse_odd(wanted: Wanted, known: Known) -> NoReturn:
    """Refuse what is no operationId: where a source seems to be named with it, as an operation that this one lacks."""
    text, apis = wanted.step.operation_id or "", known.apis
    named = source_and_id(text, apis)
    if named is not None:
        refuse_unknown(Wanted(wanted.step, named[1], wanted.shared), {named[0]: apis[named[0]]})
    unsourced = _UNSOURCED.fullmatch(text)
    if unsourced is not None:
        raise known.undeclared(unsourced[1], wanted.at, unsourced[2])
    fix = "use an operationId, or `$sourceDescriptions.<name>.<operationId>`"
    message = f"`{text}` does not name an operation"
    raise ArazzoError(diagnose("operation-not-found", message, wanted.at.location(), fix=fix))


def refuse_unknown(wanted: Wanted, apis: Mapping[str, OpenApi]) -> NoReturn:
    """Refuse an id that none of some descriptions has. Raises ``ArazzoError`` with the one that is meant."""
    named = source_and_id(wanted.operation_id, list(apis))
    if named is not None and _closest(wanted, apis) is None:
        wanted, apis = Wanted(wanted.step, named[1], wanted.shared), {named[0]: apis[named[0]]}
    if wanted.operation_id in _FIELDS:
        _refuse_field(wanted, apis)
    where = (
        f"source description `{next(iter(apis))}` does not define"
        if len(apis) == 1
        else "no source description defines"
    )
    message = f"step `{wanted.step.step_id}` names operation `{wanted.operation_id}`, which {where}"
    by_path = _by_path(wanted.operation_id if named is None else named[1], apis)
    meant = None if by_path else _closest(wanted, apis)
    if meant is None:
        fix = by_path or fix_by_unnamed(wanted.operation_id, apis) or _FIX
        problem = diagnose("operation-not-found", message, wanted.at.location(), fix=fix)
        raise UnknownOperationError(problem, wanted.operation_id, apis)
    raise _offering(meant, message, wanted, apis)


def _refuse_field(wanted: Wanted, apis: Mapping[str, OpenApi]) -> NoReturn:
    """Refuse the name of a field in the place of an id: the step may be called as the operation that is meant."""
    field, step = wanted.operation_id, wanted.step
    message = f"step `{step.step_id}` has `{field}` where the id of an operation belongs: it is the name of a field"
    meant = _closest(Wanted(step, step.step_id, wanted.shared), apis)
    if meant is not None:
        raise _offering(meant, message, wanted, apis)
    ids = [each for api in apis.values() for each in api.operation_ids]
    fix = f"write an operationId in the place of `{field}`{f': {listed(ids)}' if ids else ''}"
    raise ArazzoError(diagnose("operation-not-found", message, wanted.at.location(), fix=fix))


def _offering(meant: Candidate, message: str, wanted: Wanted, apis: Mapping[str, OpenApi]) -> ArazzoError:
    location = meant.api.home_of(meant.place).location()
    fix = f"did you mean `{meant.operation_id}`? ({meant.name}, {location.uri}:{location.line})"
    edits = [_written(wanted.step, meant, apis)] if _fits(wanted, meant) else []
    return ArazzoError(diagnose("operation-not-found", message, wanted.at.location(), fix=fix, edits=edits))


def _by_path(text: str, apis: Mapping[str, OpenApi]) -> str:
    """Return the fix for a path of several operations in the place of an id, by the id or the method of each."""
    path = f"/{text.lstrip('/')}"
    found = {pointer: api for api in apis.values() for pointer in api.pointers_of_path(path)}
    if not found:
        return ""
    ids = {api.places_of(each)[0].pointer: each for api in apis.values() for each in api.operation_ids}
    named = [f"`{ids[each]}` ({each[-1]})" if each in ids else f"`{each[-1].upper()} {path}`" for each in found]
    return f"name the operation that is meant: {' or '.join(named)}"


def _closest(wanted: Wanted, apis: Mapping[str, OpenApi]) -> Candidate | None:
    """Return the operation that is meant: by its method and path, by the end of its id, or by nearly its id."""
    text = wanted.operation_id
    candidates = {
        each: Candidate(name, api, api.places_of(each)[0]) for name, api in apis.items() for each in api.operation_ids
    }
    spelt = [each for each, at in candidates.items() if is_spelt_by(text, at.place.pointer) and _fits(wanted, at)]
    behind = [each for each in candidates if _is_end_of(text, each)]
    alike = [each for each in candidates if not are_other_deeds(text, each)]
    sure = spelt or behind
    closest = sure[0] if len(sure) == 1 else nearest(text, alike)
    if closest is None:
        return None
    meant = candidates[closest]
    if not is_done_with(text, meant.place.pointer[-1]):
        return None
    # of one thing and of several, the step's own parameters tell which is meant
    is_told = not differ_in_number(text, closest) or _fits(wanted, meant)
    return meant if is_told else None


def _is_end_of(text: str, operation_id: str) -> bool:
    """Whether an id is a text behind what it is sorted under: `add` is the end of `IThings_add`."""
    before, end = operation_id[: -len(text)], operation_id[-len(text) :]
    return bool(before) and _SORTED.fullmatch(before[-1]) is not None and end.casefold() == text.casefold()


def _fits(wanted: Wanted, meant: Candidate) -> bool:
    """Whether a step fits an operation, as far as is known: it fills its placeholders, and sends what it takes."""
    try:
        operation = meant.api.read(meant.place)
    except ArazzoError:
        return False
    own, given = in_path(wanted.step.parameters), in_path((*wanted.step.parameters, *wanted.shared))
    if not own <= names_in(meant.place) <= given:
        return False
    return fit_of(wanted.step, wanted.shared, operation, meant.api.resolver) is not Fit.DOES_NOT


def _written(step: Step, meant: Candidate, names: Mapping[str, OpenApi]) -> Edit:
    """Return the edit that names the operation that may be meant, with its source where that is named."""
    text = step.operation_id or ""
    named = qualified(text, names) or source_and_id(text, list(names))
    written = f"$sourceDescriptions.{named[0]}.{meant.operation_id}" if named else meant.operation_id
    return step.at.child("operationId").written(written, Applicability.UNSAFE)
