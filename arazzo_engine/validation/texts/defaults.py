"""No default of an input is a text that another engine would take from elsewhere: here, the input is that text.

Decides about defaults alone, which no expression stands in; what such texts are is decided by ``foreign``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.validation.inputs.subschemas import every_schema
from arazzo_engine.validation.texts.foreign import find_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import ArazzoDescription


def check_defaults(workflow: LinkedWorkflow) -> Iterator[Diagnostic]:
    """Yield a warning for each such default of the inputs of a workflow."""
    yield from _defaults_in(workflow.workflow.inputs, workflow.workflow.at.child("inputs"))


def check_component_defaults(description: ArazzoDescription) -> Iterator[Diagnostic]:
    """Yield the same for the schemas among the components of a document."""
    for name, schema in description.components.inputs.items():
        yield from _defaults_in(schema, description.components.at.child("inputs", name))


def _defaults_in(root: JsonValue, at: Place) -> Iterator[Diagnostic]:
    for path, schema in every_schema(root):
        default = schema.get("default")
        found = find_foreign(default) if isinstance(default, str) else None
        if isinstance(default, str) and found is not None:
            foreign, (start, end) = found
            message = f"`{default[start:end]}` is text here, and {foreign.undone}"
            fix = "leave out `default`, and give the input with `-i <name>=…`"
            yield diagnose("extension-ignored", message, at.child(*path, "default").location((start, end)), fix=fix)
