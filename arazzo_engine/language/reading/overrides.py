"""What stands beside a ``reference`` of a Reusable Object, which is all that it says but for a parameter's ``value``.

Decides which of it is told: "any properties added MUST be ignored", so whoever wrote a field to change the component
gets the component unchanged. What says the same as the component, and an extension, changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import diagnose, did_you_mean
from arazzo_engine.language.fixed_fields import PARAMETER
from arazzo_engine.language.reading.other_formats.fields import in_flow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.fixed_fields import ObjectFields
    from arazzo_engine.language.reading.nodes import Node

_CLAUSE: Final = "Arazzo 1.1.0, Reusable Object"
_VALUE: Final = "value"
_AS_VALUE: Final = frozenset({"default", "example", "override", "content"})
# what is longer is not shown in a fix
_LONGEST_SHOWN: Final = 200


def note_ignored(reusable: Node, written: Mapping[str, JsonValue], fields: ObjectFields, shelf: str) -> None:
    """Note what a Reusable Object has beside its reference, which nothing reads."""
    component = _component(reusable.at, written["reference"], shelf)
    for name in written:
        is_read = name == "reference" or (name == _VALUE and fields is PARAMETER)
        if is_read or name.startswith("x-") or (name in component and component[name] == written[name]):
            continue
        message, fix = _message(name, fields), _fix(name, written, component, fields)
        location = reusable.at.child(name).key_location()
        # "any properties added MUST be ignored": nothing is refused for them
        problem = diagnose("field-unknown", message, location, fix=fix, clause=_CLAUSE).as_warning()
        reusable.reading.problems.append(problem)


def _component(at: Place, reference: JsonValue, shelf: str) -> Mapping[str, JsonValue]:
    """Return the component as it is written, empty when there is none."""
    found: JsonValue = at.document.value
    name = reference.removeprefix(f"$components.{shelf}.") if isinstance(reference, str) else ""
    for token in ("components", shelf, name):
        found = found.get(token) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _message(name: str, fields: ObjectFields) -> str:
    if name == _VALUE:
        return "`value` beside a `reference` to an action is not read: it is for parameters"
    known = name in fields.allowed(version_1_1=True)
    return f"`{name}` beside a `reference` is not read{': the component stays as it is' if known else ''}"


def _fix(name: str, written: Mapping[str, JsonValue], component: Mapping[str, JsonValue], fields: ObjectFields) -> str:
    what = "parameter" if fields is PARAMETER else "action"
    if name in fields.allowed(version_1_1=True):
        others = {each: value for each, value in written.items() if each in fields.allowed(version_1_1=True)}
        whole = in_flow({**component, **others})
        shown = f": `{whole}`" if component and len(whole) <= _LONGEST_SHOWN else ""
        return f"write the {what} itself in the place of the reference{shown}"
    if fields is PARAMETER and _VALUE not in written:
        guess = "write it as `value`" if name in _AS_VALUE else did_you_mean(name, (_VALUE,))
        if guess:
            return guess
    guess = did_you_mean(name, [each for each in fields.allowed(version_1_1=True) if each not in written])
    if guess:
        return f"write the {what} itself in the place of the reference: {guess}"
    return f"remove `{name}`, or name it `x-{name}`"
