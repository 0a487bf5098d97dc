"""The inputs that a workflow requires are those that it declares, and no default of a part goes unused.

Decides whether the names agree: a required input without a schema of its own may be meant, and is seldom so. A default
within an object is that of a member of an object which is given, and no object is made for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import Nothing, as_list, as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.validation.inputs.declaring import like_input, place_of_inputs
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open, schema_at, with_defaults
from arazzo_engine.validation.inputs.whole_schemas import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.language.expressions.grammar import RuntimeExpression


def check_required_inputs(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each name that the workflow's inputs require and do not declare."""
    declared = declared_inputs(workflow)
    if not declared or is_open(workflow):
        return
    at = place_of_inputs(workflow).child("required")
    first = next(each for each in linked.workflows.values() if place_of_inputs(each).child("required") == at)
    if first is not workflow:
        return  # a component of several workflows is told with the first of them
    for index, name in enumerate(as_list(at.document.content.at(at.pointer))):
        if isinstance(name, str) and name not in declared:
            message = f"workflow `{workflow.key.workflow_id}` requires input `{name}`, which it does not declare"
            fix = did_you_mean(name, inputs_of(workflow).names) or f"add `{name}` to the `properties` of the inputs"
            where, related = at.child(index).location(), like_input(workflow, name)
            yield diagnose("input-undeclared", message, where, fix=fix, related=related)


def check_nested_defaults(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each part of an input that is read and has a default, which is not used without the input.

    A workflow that others call gets from them what it needs.
    """
    for use in uses_in(workflow) if workflow.key not in linked.called else ():
        for each in use.readings:
            if each.root is Root.INPUTS and each.pointer and _is_unused(workflow, each):
                name, part = each.names[0], each.pointer[-1]
                message = f"`{use.text}` has no value where input `{name}` is not given: the default of `{part}` is"
                fix = f"write `default: {{}}` beside the `properties` of input `{name}`"
                at = use.at.location(use.span)
                yield diagnose("schema-part-idle", f"{message} used in an object that is given", at, fix=fix)


def _is_unused(workflow: LinkedWorkflow, part: RuntimeExpression) -> bool:
    """Whether the default of a part would be used if its input was given as an empty object, and only so."""
    name, pointer = part.names[0], part.pointer or ()
    if name not in declared_inputs(workflow) or name in inputs_of(workflow).required:
        return False
    if "default" not in schema_at(workflow, (name, *pointer)) or as_list(schema_at(workflow, (name,)).get("required")):
        return False
    without, empty = as_mapping(with_defaults(workflow, {})), as_mapping(with_defaults(workflow, {name: {}}))
    return name not in without and not isinstance(resolve_pointer(empty[name], pointer), Nothing)
