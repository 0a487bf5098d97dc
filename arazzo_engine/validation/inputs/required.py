"""The inputs that a workflow requires are those that it declares.

Decides only whether the names agree: a required input without a schema of its own may be meant, and is seldom so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.values import as_list
from arazzo_engine.validation.inputs.declaring import like_input, place_of_inputs
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open
from arazzo_engine.validation.inputs.whole_schemas import inputs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow


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
