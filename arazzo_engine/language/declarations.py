"""Where what a name can mean is declared, to be shown beside a name that leads nowhere: either may be misspelt.

Decides which declaration that is: the one that is most like the name, else the outputs among which it would stand. What
is wrong is told elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import Related, nearest

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.objects import ArazzoDescription, Step, Workflow
    from arazzo_engine.vocabulary import Vocabulary


def like_step(workflow: Workflow | None, name: str, among: Vocabulary | None = None) -> tuple[Related, ...]:
    """Return the place of the step, of all or of some, whose id is most like a name, nothing where none is."""
    near = None if workflow is None else nearest(name, workflow.step_ids if among is None else among)
    step = None if workflow is None or near is None else workflow.step(near)
    return () if step is None else (Related(f"`{near}` is this step", step.at.child("stepId")),)


def workflow_of_step(description: ArazzoDescription, step_id: str) -> str | None:
    """Return the id of the only workflow that has a step, ``None`` where none has it, or several."""
    found = [each.workflow_id for each in description.workflows if step_id in each.step_ids]
    return found[0] if len(found) == 1 else None


def like_workflow(description: ArazzoDescription, name: str) -> tuple[Related, ...]:
    """Return the place of the workflow whose id is most like a name, nothing where none is."""
    near = nearest(name, description.workflow_ids)
    workflow = None if near is None else description.workflow(near)
    return () if workflow is None else (Related(f"`{near}` is this workflow", workflow.at.child("workflowId")),)


def like_source(description: ArazzoDescription, name: str) -> tuple[Related, ...]:
    """Return the place of the source description whose name is most like this one, nothing where none is."""
    near = nearest(name, description.source_names)
    source = None if near is None else description.source(near)
    return () if source is None else (Related(f"`{near}` is this source", source.at.child("name")),)


def like_input_schema(description: ArazzoDescription, name: str) -> tuple[Related, ...]:
    """Return the place of the schema of inputs among the components that is most like a name, nothing where none is."""
    near = nearest(name, description.components.input_names)
    at = description.at.child("components", "inputs", near or "")
    return () if near is None else (Related(f"`{near}` is this schema", at.key_location()),)


def named_in_components(at: Place) -> tuple[Related, ...]:
    """Return where the name of a parameter is written that a step has of the components, nothing of one of its own."""
    reference = at.document.content.at((*at.pointer[:-1], "reference"))
    *_, kind, name = ("", "", *reference.split(".", 2)) if isinstance(reference, str) else ("", "")
    place = at.document.root().child("components", kind, name, "name")
    is_there = isinstance(at.document.content.at(place.pointer), str)
    return (Related("the parameter is here", place),) if is_there else ()


def like_output(owner: Step | Workflow, name: str) -> tuple[Related, ...]:
    """Return the place of the output that is most like a name, else of all of the outputs."""
    outputs = owner.outputs or {}
    near, at = nearest(name, outputs), owner.at.child("outputs")
    if near is not None:
        return (Related(f"`{near}` is this output", at.child(near).key_location()),)
    return (Related("the outputs are here", at.key_location()),) if outputs else ()
