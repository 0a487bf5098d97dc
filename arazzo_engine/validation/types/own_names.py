"""A name that nobody describes, and that is one slip of the keys away from the name which the author gave beside it.

Decides it for what an output is read from, `webUrl: $response.body#/weab_url`, for an output that nobody reads and that
hands on what the author named, `orderlId: $inputs.orderId`, and for what a member of a payload gets,
`commti: $inputs.commit`. Where a description knows the names, it is the judge; one author who spells one thing in two
ways is told only that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey, content_type_of
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ObjectTemplate
from arazzo_engine.spelling import are_apart, is_inner_slip
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.validation.step_outputs import has_output
from arazzo_engine.validation.types.reading import reads_in
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.validation.types.reading import Read
    from arazzo_engine.validation.types.yields import Yields

_FIX = "spell both alike if they mean one thing"


def check_own_names(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each name that is spelled in two ways."""
    yield from _of_outputs(workflow, yields)
    yield from _handed_on(workflow, yields)
    for step in workflow.steps:
        body = step.step.request_body
        if (
            body is not None
            and isinstance(body.payload, ObjectTemplate)
            and not _is_described(step, body.payload, yields)
        ):
            yield from _of_members(body.payload, workflow, yields)


def _of_outputs(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    for read in reads_in(workflow, yields.linked):
        is_output = read.use.at.pointer[-2:-1] == ("outputs",) and read.expression.root is Root.RESPONSE
        if not is_output or not read.pointer or _described_beside(read, yields):
            continue
        name, part = read.use.at.pointer[-1], read.pointer[-1]
        if any(are_apart(each, part) for each in _endings(name)):
            message = f"output `{name}` is read from `{part}`, which nobody describes and which is spelled nearly alike"
            yield diagnose("name-misspelt", message, read.use.at.location(read.use.span), fix=_FIX)


def _described_beside(read: Read, yields: Yields) -> frozenset[str]:
    """Return the names that are described where the part of a value stands that is read."""
    around = read.expression.pointer[:-1] if read.expression.pointer else ()
    known = follow(yields.base(read.expression, read.seen), around, yields.schemas).known
    return frozenset(name for each in known for name in each.names)


def _handed_on(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    apart = [each for each in reads_in(workflow, yields.linked) if _is_apart(each, yields)]
    read = _read_outputs(yields.linked) if apart else frozenset()
    for each in apart:
        name, given = each.use.at.pointer[-1], _last_name(each.expression)
        if name not in read:
            message = f"output `{name}`, which nobody reads, gets `{given}`, which is spelled nearly alike"
            yield diagnose("name-misspelt", message, each.use.at.key_location(), fix=_FIX)


def _is_apart(read: Read, yields: Yields) -> bool:
    """Whether an output is nothing but what the author named, and its own name is a slip away from that."""
    pointer, expression = read.use.at.pointer, read.expression
    if pointer[-2:-1] != ("outputs",) or expression.text != read.use.text:
        return False
    if expression.is_of_answer_body and expression.pointer:
        # not the author gave the name, who may say in other words what it is
        part = expression.pointer[-1]
        return is_inner_slip(pointer[-1], part) and part in _described_beside(read, yields)
    return _is_known(expression, read.seen, yields) and are_apart(pointer[-1], _last_name(expression))


def _read_outputs(linked: LinkedDescription) -> frozenset[str]:
    """Return the names of all outputs that an expression reads: who writes a name twice means it."""
    reads = (read for workflow in linked.workflows.values() for read in reads_in(workflow, linked))
    return frozenset(name for read in reads for name in _named_outputs(read.expression))


def _named_outputs(expression: RuntimeExpression) -> tuple[str, ...]:
    return expression.names[-1:] if "outputs" in expression.text else ()


def _last_name(expression: RuntimeExpression) -> str:
    return (*expression.names, *(expression.pointer or ()))[-1]


def _endings(name: str) -> Iterator[str]:
    """Yield a name, and its last words: the slug of a pipeline is `pipelineSlug`."""
    words = words_of(name)
    yield from ("_".join(words[index:]) for index in range(len(words)))


def _is_described(step: LinkedStep, payload: ObjectTemplate, yields: Yields) -> bool:
    """Whether a description names the members of a payload."""
    if not isinstance(step.target, Operation):
        return True
    described = describe_body(content_type_of(step, step.target, payload), step.target)
    schema = None if described is None else described.schema
    return schema is not None and any(each.names for each in yields.schemas.of((schema,)))


def _of_members(payload: ObjectTemplate, workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    for name, value in payload.members.items():
        match value:
            case ObjectTemplate():
                yield from _of_members(value, workflow, yields)
            case Expression(expression=expression) if _is_known(expression, Seen(workflow), yields):
                given = _last_name(expression)
                if are_apart(name, given):
                    message = f"member `{name}`, which nobody describes, gets `{given}`, which is spelled nearly alike"
                    at = payload.at.child(name).key_location()
                    yield diagnose("name-misspelt", message, at, fix=_FIX)
            case _:
                pass


def _is_known(expression: RuntimeExpression, seen: Seen, yields: Yields) -> bool:
    """Whether an expression reads an input or an output that there is: of another one, that is told."""
    match expression.root, expression.names:
        case Root.INPUTS, (name, *_):
            return name in inputs_of(seen.workflow).declared
        case Root.STEPS, (step_id, *_, name) if step_id in seen.workflow.indexes:
            return has_output(seen.workflow.steps[seen.workflow.indexes[step_id]], name, yields.linked)
        case Root.OUTPUTS, (name,) if seen.step is not None and isinstance(seen.step.target, WorkflowKey):
            return yields.linked.has_output(seen.step.target, name)
        case _:
            return False
