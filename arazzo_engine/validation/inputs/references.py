"""References in the schemas of inputs: each leads to a schema of the same document, or to one that was brought there.

Decides where a ``$ref`` may lead. What a schema demands is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Diagnostic, diagnose, nearest
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.declarations import like_input_schema
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.inputs.subschemas import REFERENCES, every_schema, together
from arazzo_engine.validation.inputs.whole_schemas import inputs_of, is_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import ArazzoDescription
    from arazzo_engine.validation.inputs.subschemas import Root

_CLAUSE: Final = "Arazzo 1.1.0, Resolving URI Fragments"
_LOOP: Final = "JSON Schema 2020-12, Core, section 9.4.1"
_COMPONENT: Final = "$components.inputs."
_URI: Final = "#/components/inputs/"
# where descriptions of APIs have their schemas
_OF_OPENAPI: Final = "#/components/schemas/"
_COMPONENT_NAME: Final = lazy_pattern(r"#/components/inputs/([^/]+)")
_REUSABLE: Final = "Arazzo 1.1.0, Reusable Object"


def check_input_references(linked: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each reference of a workflow's schema that cannot be followed."""
    own = linked.workflow.at.child("inputs")
    yield from _check_reusable(own, linked.workflow.inputs)
    yield from check_references(inputs_of(linked).root, own, linked.description)


def check_references(root: Root, at: Place, description: ArazzoDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each reference of a schema that cannot be followed; what it refers to has its own."""
    for path, part in every_schema(root.value):
        if is_shared(path):
            continue
        place = at.child(*map(str, path))
        yield from _check_endless(part, place, root, is_component=not path and at.pointer[:1] == ("components",))
        if path and "$id" in part:
            message = "a schema with its own `$id` inside another one is not followed yet"
            yield diagnose("unsupported-feature", message, place.child("$id").location(), fix="remove `$id`")
        yield from _check_reusables(part, place, path, description)
        for name in (each for each in REFERENCES if each in part):
            yield from _check_reference(part[name], place.child(name), root, description)
            if _loops(root, part, root.target(part[name]), is_component=not path and at.pointer[:1] == ("components",)):
                # JSON Schema Core, section 9.4.1: "A schema MUST NOT be run into an infinite loop against an
                # instance."
                message = f"`{part[name]}` leads back to the schema that it stands in, for the same value"
                yield diagnose("reference-loop", message, place.child(name).location(), clause=_LOOP)


def _check_endless(part: dict[str, JsonValue], at: Place, root: Root, *, is_component: bool) -> Iterator[Diagnostic]:
    """Yield a warning for an object that requires one of its own kind; a component is looked at where it leads to."""
    name = next((name for name, each in _required(part) if _needs(each, {id(part)}, root)), "")
    if not name and is_component:
        found = ((name, inner) for name, each in _required(part) for inner in together(each, root))
        name = next((name for name, inner in found if _needs_itself(inner, root)), "")
    if name:
        message = f"no value fits this schema: it requires `{name}`, which requires the same again without an end"
        fix = f"take `{name}` out of `required`, or let it be `null`, too"
        yield diagnose("schema-unfulfillable", message, at.child("required").location(), fix=fix)


def _needs_itself(schema: dict[str, JsonValue], root: Root) -> bool:
    return any(_needs(each, {id(schema)}, root) for _, each in _required(schema))


def _needs(schema: JsonValue, wanted: set[int], root: Root) -> bool:
    """Whether no value fits a schema without one that fits a wanted one."""
    waiting, seen = [schema], set[int]()
    while waiting:
        for part in together(waiting.pop(), root):
            if id(part) in wanted:
                return True
            if id(part) not in seen:
                seen.add(id(part))
                waiting.extend(each for _, each in _required(part))
    return False


def _required(part: dict[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Yield each member that an object must have, as far as it is described; another type than objects needs none."""
    members = as_mapping(part.get("properties")) if part.get("type") == "object" else {}
    names = map(str, as_list(part.get("required")) if members else ())
    yield from ((name, members[name]) for name in names if name in members)


def _loops(root: Root, part: dict[str, JsonValue], target: JsonValue, *, is_component: bool) -> bool:
    """Whether a reference leads back to its schema; of a component, to that which stands where it is referred to."""
    if is_component and isinstance(target, dict):
        return any(root.leads_back(target, each) for each in root.referred(target))
    return root.leads_back(part, target)


def _check_reusable(at: Place, inputs: JsonValue) -> Iterator[Diagnostic]:
    # "Input Objects MUST use standard JSON Schema referencing via the `$ref` keyword"
    reference = inputs.get("reference") if isinstance(inputs, dict) else None
    if isinstance(reference, str) and reference.startswith("$"):
        message = "`inputs` is a JSON Schema, and cannot be a Reusable Object"
        fix = f"write `$ref: '{_URI}{reference.removeprefix(_COMPONENT)}'`"
        at = at.child("reference")
        yield diagnose("input-schema-invalid", message, at.key_location(), fix=fix, clause=_REUSABLE)


def _check_reusables(
    part: dict[str, JsonValue], at: Place, path: tuple[str | int, ...], description: ArazzoDescription
) -> Iterator[Diagnostic]:
    """Yield a warning for a `reference` within a schema, which JSON Schema passes over in silence."""
    reference = part.get("reference")
    # of the whole `inputs` of a workflow more is told
    is_within = bool(path) or at.pointer[:1] == ("components",)
    if is_within and isinstance(reference, str) and reference.startswith("$components."):
        message = f"`reference: {reference}` says nothing: a schema refers to another one by `$ref`"
        name = reference.rpartition(".")[2]
        meant = nearest(name, description.components.input_names)
        fix = f"put the schema into `components/inputs`, and write `$ref: '{_URI}{name}'`"
        fix = f"did you mean `$ref: '{_URI}{meant}'`?" if meant else fix
        place = at.child("reference")
        yield diagnose("reference-not-found", message, place.location(), fix=fix, clause=_REUSABLE).as_warning()


def _check_reference(
    reference: JsonValue, at: Place, root: Root, description: ArazzoDescription
) -> Iterator[Diagnostic]:
    if not isinstance(reference, str):
        return  # what is no schema at all is told by the check of the whole schema
    if reference.startswith(_COMPONENT):
        message = f"`{reference}` is a runtime expression, and a schema is referred to by a URI"
        fix = f"write `'{_URI}{reference.removeprefix(_COMPONENT)}'`"
        yield diagnose("reference-not-found", message, at.location(), fix=fix, clause=_REUSABLE)
    elif root.target(reference) is None:
        message = f"`{reference}` leads nowhere"
        meant = nearest(reference.removeprefix(_URI), description.components.input_names)
        fix = f"did you mean `{_URI}{meant}`?" if meant else ""
        if not fix and (named := _COMPONENT_NAME.fullmatch(reference)):
            fix = f"define `{named[1]}` in `components/inputs`"
        if reference.startswith(_OF_OPENAPI):
            fix = f"put it into `components/inputs`, and write `{_URI}{reference.removeprefix(_OF_OPENAPI)}`"
        related = like_input_schema(description, reference.removeprefix(_URI))
        yield diagnose("reference-not-found", message, at.location(), fix=fix, related=related, clause=_CLAUSE)
