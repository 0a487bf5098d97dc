"""References in the schemas of inputs: each leads to a schema of the same document.

Decides where a ``$ref`` may lead. What a schema demands is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.validation.inputs.schemas import whole_schema
from arazzo_engine.validation.inputs.subschemas import REFERENCES, all_that_apply, every_schema, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

_CLAUSE: Final = "Arazzo 1.1.0, Resolving URI Fragments"
_LOOP: Final = "JSON Schema 2020-12, Core, section 9.4.1"
_COMPONENT: Final = "$components.inputs."
_REUSABLE: Final = "Arazzo 1.1.0, Reusable Object"


def check_input_references(linked: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each reference of a workflow's schema, or of a component, that cannot be followed."""
    root = whole_schema(linked)
    own = linked.workflow.at.child("inputs")
    schemas = [(own, linked.workflow.inputs)]
    components = linked.description.components
    schemas += [(components.at.child("inputs", name), each) for name, each in components.inputs.items()]
    yield from _check_reusable(own, linked.workflow.inputs)
    for at, schema in schemas:
        for path, part in every_schema(schema):
            place = at.child(*map(str, path))
            if path and "$id" in part:
                message = "a schema with its own `$id` inside another one is not followed yet"
                yield diagnose("unsupported-feature", message, place.child("$id").location(), fix="remove `$id`")
            for name in (each for each in REFERENCES if each in part):
                yield from _check_reference(part[name], place.child(name), root)
                if any(each is part for each in all_that_apply([target(part[name], root)], root)):
                    # JSON Schema Core, section 9.4.1: "A schema MUST NOT be run into an infinite loop against an
                    # instance."
                    message = f"`{part[name]}` leads back to the schema that it stands in, for the same value"
                    yield diagnose("reference-loop", message, place.child(name).location(), clause=_LOOP)


def _check_reusable(at: Place, inputs: JsonValue) -> Iterator[Diagnostic]:
    # "Input Objects MUST use standard JSON Schema referencing via the `$ref` keyword"
    reference = inputs.get("reference") if isinstance(inputs, dict) else None
    if isinstance(reference, str) and reference.startswith("$"):
        message = "`inputs` is a JSON Schema, and cannot be a Reusable Object"
        fix = f"write `$ref: '#/components/inputs/{reference.removeprefix(_COMPONENT)}'`"
        at = at.child("reference")
        yield diagnose("input-schema-invalid", message, at.key_location(), fix=fix, clause=_REUSABLE)


def _check_reference(reference: JsonValue, at: Place, root: JsonValue) -> Iterator[Diagnostic]:
    if not isinstance(reference, str):
        return  # what is no schema at all is told by the check of the whole schema
    if reference.startswith(_COMPONENT):
        message = f"`{reference}` is a runtime expression, and a schema is referred to by a URI"
        fix = f"write `'#/components/inputs/{reference.removeprefix(_COMPONENT)}'`"
        yield diagnose("reference-not-found", message, at.location(), fix=fix, clause=_REUSABLE)
    elif not reference.startswith("#"):
        # "Components are scoped to the Arazzo document they are defined in.", and nothing is loaded for a schema
        message = f"`{reference}` leads out of the document, and schemas of inputs are not loaded from elsewhere"
        fix = "put the schema into `components/inputs`, and refer to it there"
        yield diagnose("reference-not-found", message, at.location(), fix=fix, clause=_CLAUSE)
    elif target(reference, root) is None:
        names = [f"#/components/inputs/{name}" for name in root.get("components", {}).get("inputs", {})]
        message = f"`{reference}` leads nowhere"
        fix = did_you_mean(reference, names)
        yield diagnose("reference-not-found", message, at.location(), fix=fix, clause=_CLAUSE)
