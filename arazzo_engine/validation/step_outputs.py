"""Which outputs a step has, and what was meant by `$outputs` where those have no value.

Decides the words of a fix: what names the same value is what the step's own output is read from, an output of an
earlier step, or a part of the answer, where that is described with it. Whether `$outputs` has a value is not known
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey, as_answered
from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.alternatives import Alternatives
from arazzo_engine.apis.schemas.answers import body_of
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.schemas.statuses import allowed_by
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.reading.nodes import KEY_PATTERN
from arazzo_engine.language.templates import template_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.language.expressions.grammar import RuntimeExpression

_MOST_LISTED: Final = 12


def has_output(step: LinkedStep, name: str, linked: LinkedDescription) -> bool:
    """Whether a step has an output: one of its own, or of the workflow it calls."""
    is_called = isinstance(step.target, WorkflowKey) and linked.has_output(step.target, name)
    return is_called or name in (step.step.outputs or ())


def outputs_of(step: LinkedStep, linked: LinkedDescription) -> Iterable[str]:
    """Return the names of the outputs that a step has: its own, and those of the workflow it calls."""
    called = linked.output_names(step.target) if isinstance(step.target, WorkflowKey) else ()
    return (*step.step.outputs, *called) if step.step.outputs else called


def way_to_give(name: str, step: LinkedStep, linked: LinkedDescription, instead: str = "") -> str:
    """Return how a step gives what it is read for: by an output that it has, or by one more of what its answer has.

    Where its answer has no such thing, it is ``instead`` what another step gives.
    """
    answer = _answer_of(step, step.target, linked) if isinstance(step.target, Operation) else ()
    known = sorted({each for one in answer for each in one.names})
    is_described = bool(answer) and all(name in each.names for each in answer)
    own = [each for each in outputs_of(step, linked) if KEY_PATTERN.fullmatch(each)]
    uses = f"use {_one_of(own)}" if own else ""
    step_id = step.step.step_id
    if is_described:
        add = f"add `{name}: $response.body#{render_pointer((name,))}` to the `outputs` of step `{step_id}`"
        return f"{add}, or {uses}" if uses else add
    if known and instead:
        return instead
    if known:
        # a part of that name is none of the answer: to add it would be the next error
        has = f"what the answer of step `{step_id}` has to its `outputs`: {_one_of(known)}"
        return f"{uses}, or add {has}" if uses else f"add {has}"
    add = f"add `{name}` to the `outputs` of step `{step_id}`"
    return f"{uses}, or {add}" if uses else add


def _one_of(names: Sequence[str]) -> str:
    """Return names of which one is to be chosen; of many the first."""
    shown = [f"`{each}`" for each in names[:_MOST_LISTED]]
    more = f" or {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"{', '.join(shown)}{more}" if more or len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def instead_of_outputs(
    use: Use, expression: RuntimeExpression, workflow: LinkedWorkflow, linked: LinkedDescription
) -> str:
    """Return what to write instead of `$outputs` where it has no value."""
    name, *parts = _tokens(use.text) or (expression.names[0], *(expression.pointer or ()))
    judged = use.step if _is_answered(use) else None
    if own := _own(judged, name, parts):
        return f"write `{own}`, as output `{name}` does"
    pointer = f"#{render_pointer(parts)}" if parts else ""
    giver = _giver(use, name, workflow, linked)
    instead = f"`$steps.{giver or '<stepId>'}.outputs.{name if giver else '<name>'}{pointer if giver else ''}`"
    if judged is None or not isinstance(judged.target, Operation):
        return f"use {instead}"
    answer = _answer_of(judged, judged.target, linked)
    is_described = any(name in each.names for each in answer)
    part = f"$response.body#{render_pointer([name, *parts])}"
    if is_described and giver is None:
        return f"write `{part}`, which the answer is described with"
    if is_described or not answer:
        return f"use `{part}` for the answer of this step, or {instead}"
    known = sorted({each for one in answer for each in one.names})
    such_as = f", such as `$response.body#{render_pointer((known[0],))}`" if known else ""
    return f"use a part of the answer of this step{such_as}, or {instead}"


def _is_answered(use: Use) -> bool:
    """Whether a step has its answer where something is used, and no other step uses the same."""
    return use.moment is Moment.ANSWER or (use.moment is Moment.ACTION and "steps" in use.at.pointer)


def _tokens(text: str) -> tuple[str, ...]:
    """Return the name behind `$outputs` and those of the parts that follow it; none when they are of another form."""
    before, _, pointer = text.removeprefix("$outputs").partition("#")
    return parse_pointer(as_pointer(before) + pointer) if as_pointer(before) else ()


def _own(step: LinkedStep | None, name: str, parts: list[str]) -> str:
    """Return what an output of the step itself is read from, with what is read of it."""
    declared = None if step is None else (step.step.outputs or {}).get(name)
    text = template_text(declared) if isinstance(declared, Expression) else ""
    if text.startswith("$outputs"):
        return ""
    sign = "" if "#" in text or not parts else "#"
    return f"{text}{sign}{render_pointer(parts)}" if text else ""


def _giver(use: Use, name: str, workflow: LinkedWorkflow, linked: LinkedDescription) -> str | None:
    """Return the only earlier step that has an output of that name."""
    steps = workflow.steps
    earlier = steps if use.step is None else steps[: workflow.indexes.get(use.step.step.step_id, 0)]
    givers = [each.step.step_id for each in earlier if has_output(each, name, linked)]
    return givers[0] if len(givers) == 1 else None


def _answer_of(step: LinkedStep, operation: Operation, linked: LinkedDescription) -> Known:
    """Return what is known of the answer with which a step succeeds."""
    schemas = Alternatives(Parts(linked.resolver))
    allowed = allowed_by(step.step.success_criteria, as_answered(step, operation))
    return body_of(allowed.responses, operation.at, schemas)
