"""The repair of outputs whose names have characters that no name may have: ``Token (raw)``, ``lists[0].id``.

A name that is declared is meant before anything else that its text could be, so every expression that names the output
is written anew with it. Only where a text names one exactly; whatever else it may be is not decided here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.language.repairs.names import entries, members
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# "The name MUST use keys that match the regular expression: `^[a-zA-Z0-9\.\-_]+$`."
_NAME: Final = lazy_pattern(r"[a-zA-Z0-9.\-_]+")
_Renamed: TypeAlias = "Mapping[str, str]"


class OutputNames(Struct, frozen=True):
    """The outputs at one place, as they are written and with names that they may have, and the names that changed."""

    pointer: Pointer
    written: dict[str, JsonValue]
    renamed: _Renamed


def unfit_names(document: JsonValue) -> Iterator[OutputNames]:
    """Yield the outputs of each workflow and step that have a name which none may have."""
    for index, workflow in enumerate(entries(document, "workflows")):
        at = ("workflows", str(index))
        steps = (((*at, "steps", str(number)), step) for number, step in enumerate(entries(workflow, "steps")))
        for place, owner in ((at, workflow), *steps):
            outputs = members(owner, "outputs")
            renamed = _renamed(outputs)
            if renamed:
                written = {renamed.get(name, name): value for name, value in outputs.items()}
                yield OutputNames((*place, "outputs"), written, renamed)


def names_as_written(document: JsonValue) -> dict[Pointer, str]:
    """Return the names of such outputs, each at the place that it has by the name that it may have."""
    return {(*each.pointer, new): old for each in unfit_names(document) for old, new in each.renamed.items()}


def named_anew(document: JsonValue) -> Iterator[tuple[Pointer, str, str]]:
    """Yield each text that names such an output, as it is, and with the name that it may have."""
    of_workflows = {
        workflow["workflowId"]: _renamed(members(workflow, "outputs"))
        for workflow in reversed(entries(document, "workflows"))
        if isinstance(workflow, dict) and isinstance(workflow.get("workflowId"), str)
    }
    for index, workflow in enumerate(entries(document, "workflows")):
        patterns = [_pattern(f"$workflows.{name}.outputs.", each) for name, each in of_workflows.items() if each]
        for step in entries(workflow, "steps"):
            if isinstance(step, dict) and (renamed := _of_step(step, of_workflows)):
                patterns.append(_pattern(f"$steps.{step.get('stepId')}.outputs.", renamed))
                patterns.append(_pattern("$outputs.", renamed))
        if patterns:
            yield from _texts(workflow, ("workflows", str(index)), patterns)


def _of_step(step: dict[str, JsonValue], of_workflows: Mapping[str, _Renamed]) -> _Renamed:
    called = step.get("workflowId")
    return {**(of_workflows.get(called, {}) if isinstance(called, str) else {}), **_renamed(members(step, "outputs"))}


def _renamed(outputs: dict[str, JsonValue]) -> dict[str, str]:
    """Return the names that none may have, each with one that it may have and that nothing else has."""
    taken = {name for name in outputs if _NAME.fullmatch(name)}
    renamed: dict[str, str] = {}
    for name in outputs:
        if name not in taken:
            renamed[name] = _free(re.sub(r"[^a-zA-Z0-9.-]+", "_", name).strip("_") or "output", taken)
            taken.add(renamed[name])
    return renamed


def _free(name: str, taken: set[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


_Pattern: TypeAlias = "tuple[re.Pattern[str], _Renamed]"


def _pattern(before: str, renamed: _Renamed) -> _Pattern:
    """Return what finds an expression of the outputs: the longest name first, and none that goes on."""
    names = "|".join(
        re.escape(name) + (r"(?![A-Za-z0-9_\-])" if re.fullmatch(r".*[A-Za-z0-9_\-]", name, re.DOTALL) else "")
        for name in sorted(renamed, key=len, reverse=True)
    )
    return re.compile(f"({re.escape(before)})({names})"), renamed


def _with_new_name(renamed: _Renamed, match: re.Match[str]) -> str:
    return match[1] + renamed[match[2]]


def _texts(value: JsonValue, at: Pointer, patterns: list[_Pattern]) -> Iterator[tuple[Pointer, str, str]]:
    match value:
        case str() if "$" in value:
            written = value
            for pattern, renamed in patterns:
                written = pattern.sub(partial(_with_new_name, renamed), written)
            if written != value:
                yield at, value, written
        case dict():
            for name, member in value.items():
                yield from _texts(member, (*at, name), patterns)
        case list():
            for index, element in enumerate(value):
                yield from _texts(element, (*at, str(index)), patterns)
        case _:
            pass
