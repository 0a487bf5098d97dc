"""Every runtime expression names something that exists, and that has a value at the moment it is evaluated.

One function for each root of an expression. Names only: what a response will hold is known when it has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.linked import Unresolved, WorkflowKey
from arazzo_engine.apis.linking.uses import Moment, Use, uses_in
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean
from arazzo_engine.documents.pointers import is_within, render_pointer
from arazzo_engine.language.declarations import like_output, like_source, like_step, like_workflow
from arazzo_engine.language.expressions.grammar import Root, is_strict_id
from arazzo_engine.language.expressions.lookups import split_source
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.expressions.strict_names import strict_id
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.reading.nodes import KEY_PATTERN
from arazzo_engine.language.templates import template_text
from arazzo_engine.validation.flow.reads import Reads
from arazzo_engine.validation.flow.repeating.pages import sends_page
from arazzo_engine.validation.inputs.declaring import fix_undeclared, is_described, like_input
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.validation.meant_steps import MeantSteps, one_of
from arazzo_engine.validation.step_outputs import has_output, instead_of_outputs, outputs_of, way_to_give

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression


class _Context(Struct, frozen=True):
    """What a check looks at: one reading of one use, in its workflow."""

    use: Use
    expression: RuntimeExpression
    workflow: LinkedWorkflow
    linked: LinkedDescription
    reads: Reads
    meant: MeantSteps

    def problem(self, code: str, message: str, fix: str = "", related: tuple[Related, ...] = ()) -> Diagnostic:
        # a name that leads nowhere is told by the clause on names in expressions, whatever else may have such a name
        clause = "Arazzo 1.1.0, Runtime Expressions" if code.startswith("unknown-") else ""
        at = self.use.at.location(self.use.span)
        return diagnose(code, message, at, fix=fix, clause=clause, related=related)

    def unavailable(self, reason: str, fix: str = "") -> Diagnostic:
        message = f"`{self.use.text}` has no value {self.use.moment.value}: {reason}"
        return self.problem("expression-unavailable", message, fix)


def check_expressions(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression of a workflow that cannot have a value."""
    reads = Reads(workflow, uses_in(workflow))
    meant = MeantSteps(workflow, linked)
    yield from reads.check_dependencies()
    for use in reads.uses:
        problems = []
        for expression in use.readings:
            context = _Context(use, expression, workflow, linked, reads, meant)
            problem = _CHECKS[expression.root](context)
            if problem is None:
                yield from _check_id(context)
                yield from _check_read(context)
                break
            problems.append(problem)
        else:
            # the shortest name is the last reading, and the likeliest one to be meant
            yield problems[-1]


def _check_id(context: _Context) -> Iterator[Diagnostic]:
    """Yield a warning when an expression of 1.1 names a step or workflow by an id that only 1.0 could name.

    1.0.1: ""$steps." name", with "name = *( CHAR )"; 1.1.0: "step-id = identifier-strict".
    """
    expression = context.expression
    is_named = expression.root in {Root.STEPS, Root.WORKFLOWS} and not is_strict_id(expression.names[0])
    if is_named and not context.workflow.description.version.startswith("1.0"):
        name = expression.names[0]
        message = f"`{context.use.text}` is read as naming `{name}`, which an expression of Arazzo 1.1 cannot name"
        yield context.problem("repaired", message, f"rename `{name}` to `{strict_id(name)}`")


def _check_input(context: _Context) -> Diagnostic | None:
    name = context.expression.names[0]
    schema = inputs_of(context.workflow)
    if "inputs" in context.workflow.workflow.unread or schema.is_broken:
        return None  # what it declares nobody knows, and that is noted already
    if name in schema.declared or (schema.is_open and is_described(context.workflow, name)):
        return None
    owner = context.workflow.key.workflow_id
    how = "allows and does not list" if schema.is_open else "does not declare"
    message = f"`{context.use.text}` names input `{name}`, which workflow `{owner}` {how}"
    related = like_input(context.workflow, name)
    problem = context.problem("unknown-input", message, fix_undeclared(context.workflow, name), related)
    # an input that the schema allows may be given; that nothing lists it is seldom meant
    return problem.as_warning() if schema.is_open else problem


def _check_step(context: _Context) -> Diagnostic | None:
    step_id, _, name = context.expression.names
    workflow = context.workflow
    if workflow.workflow.step(step_id) is None:
        if not workflow.workflow.are_steps_known:
            return None  # it may be one that could not be read, or has no id of its own, which is noted already
        message = (
            f"`{context.use.text}` names step `{step_id}`, which workflow `{workflow.key.workflow_id}` does not have"
        )
        related = like_step(workflow.workflow, step_id)
        return context.problem("unknown-step", message, context.meant.fix(context.use, step_id, name), related)
    index = workflow.indexes.get(step_id)
    if index is None:
        return None  # the step could not be linked, and that is noted already
    step = workflow.steps[index]
    if not has_output(step, name, context.linked):
        if _may_have(step, workflow):
            return None
        message = f"`{context.use.text}` names output `{name}`, which step `{step_id}` does not have"
        fix = did_you_mean(name, filter(KEY_PATTERN.fullmatch, outputs_of(step, context.linked)))
        fix = fix or _way_to_read(context, step, name)
        problem = context.problem("unknown-output", message, fix, like_output(step.step, name))
        return problem.as_warning() if _is_only_left_out(context) else problem
    return _check_own(context, step) if context.use.step is step else None


def _may_have(step: LinkedStep, workflow: LinkedWorkflow) -> bool:
    """Whether something may have an output that a step is not known to have, which is noted already.

    What could not be read, or found, or another step that has its id.
    """
    is_unfound = step.step.workflow_id is not None and isinstance(step.target, Unresolved)
    return "outputs" in step.unread or is_unfound or step.step.step_id in workflow.workflow.ids_twice


def _way_to_read(context: _Context, step: LinkedStep, name: str) -> str:
    """Return how to read what is meant of a step that has no output of that name, nor any like it."""
    # where a step has no id of its own, nobody knows which one is meant
    if not context.workflow.workflow.are_ids_sure:
        return ""
    giver = context.meant.giver(context.use, name)
    part = f"#{render_pointer(context.expression.pointer)}" if context.expression.pointer else ""
    is_another = giver not in {None, step.step.step_id}
    instead = f"did you mean `$steps.{giver}.outputs.{name}{part}`?" if is_another else ""
    # where a step is judged, its own outputs are not there
    if context.use.step is not step or context.use.moment is Moment.ACTION:
        return way_to_give(name, step, context.linked, instead)
    is_sent = context.use.moment is Moment.REQUEST
    return instead or f"use {'an output of an earlier step' if is_sent else 'what the answer has: `$response.body#/…`'}"


def _is_only_left_out(context: _Context) -> bool:
    """Whether nothing but an output of a workflow that no other one calls is without its value."""
    return context.use.moment is Moment.RESULT and context.workflow.key not in context.linked.called


def _check_read(context: _Context) -> Iterator[Diagnostic]:
    """Yield what is wrong with the moment at which an output of another step is read."""
    use, expression = context.use, context.expression
    is_own = use.step is not None and use.step.step.step_id == expression.names[0] if expression.names else True
    if expression.root is Root.STEPS and not is_own:
        yield from context.reads.check(use, expression.names[0])


def _check_own(context: _Context, step: LinkedStep) -> Diagnostic | None:
    """Return what is to be said of an output of the step itself: where no way leads back to it, it never has one."""
    return _check_first_visit(context, step) if context.reads.may_have_own(step) else _check_only_visit(context, step)


_OF_STEPS: Final = "write the parameter among the `parameters` of the steps behind it that need it alone"


def _check_first_visit(context: _Context, step: LinkedStep) -> Diagnostic | None:
    name, text = step.step.step_id, context.use.text
    if not context.reads.is_sure:
        return None
    if _is_asked_for(context, step):
        message = f"`{text}` has no value when step `{name}` is judged first: its outputs are taken afterwards"
        return context.problem("own-output-later", message, _as_taken(context, step))
    if context.use.moment is not Moment.REQUEST:
        return None
    again = f"go to workflow `{context.workflow.key.workflow_id}` again with the output as a parameter"
    if context.use.comes_later:
        if sends_page(_sent_as(context.use.at.pointer, step), step, context.expression.names[-1]):
            return None  # the first page is asked for without one
        left = "as it is" if "replacements" in context.use.at.pointer else "out"
        message = f"`{text}` has no value when step `{name}` is sent first, and its place is left {left} then"
        fix = f"if the first request needs one, read an input instead, and {again}"
        return context.problem("own-output-later", message, fix)
    fix = _OF_STEPS if _is_of_workflow(context) else f"read an input instead, and {again}"
    return context.unavailable("the step itself has not run when it is sent first", fix)


def _sent_as(at: Pointer, step: LinkedStep) -> str:
    """Return the name by which a value is sent: that of its parameter, or of the member of a body that it becomes."""
    body = step.step.request_body
    named = [(each.at, each.name) for each in step.parameters]
    named += [(each.at, each.target.rpartition("/")[2]) for each in (body.replacements if body else ())]
    return next((name for place, name in named if is_within(at, place.pointer)), at[-1])


def _is_of_workflow(context: _Context) -> bool:
    """Whether a parameter of the workflow, which each of its steps has, reads an output of one of them."""
    at = context.use.at.pointer
    return any(is_within(at, each.at.pointer) for each in context.workflow.workflow.parameters)


def _check_only_visit(context: _Context, step: LinkedStep) -> Diagnostic | None:
    """Return what is wrong with an output of the step itself: it has none before they are taken.

    A workflow that the step calls has ended when the step is judged, and its outputs are there.
    """
    match context.use.moment:
        case Moment.REQUEST:
            fix = _OF_STEPS if _is_of_workflow(context) else "use an output of an earlier step"
            return context.unavailable("the step itself has not run", fix)
        case Moment.ANSWER if not _is_of_called(context, step):
            reason = "a step is judged before its outputs are taken"
            return context.unavailable(reason, _as_taken(context, step))
        case _:
            return None


def _is_asked_for(context: _Context, step: LinkedStep) -> bool:
    """Whether a success criterion holds only with an output of the step itself, so that the step never gives it."""
    if context.use.moment is not Moment.ANSWER or _is_of_called(context, step):
        return False
    at = context.use.at.pointer
    criteria = (each for each in step.step.success_criteria if is_within(at, each.at.pointer))
    return any("||" not in each.condition for each in criteria)


def _is_of_called(context: _Context, step: LinkedStep) -> bool:
    """Whether an output is one of the workflow that the step calls: it is there when the step is judged."""
    return isinstance(step.target, WorkflowKey) and context.linked.has_output(step.target, context.expression.names[2])


def _as_taken(context: _Context, step: LinkedStep) -> str:
    """Return what to write for an output that is not taken yet: what it is taken from."""
    name = context.expression.names[2]
    declared = (step.step.outputs or {}).get(name)
    written = template_text(declared) if isinstance(declared, Expression) else context.use.text
    return f"write `{written}`, as output `{name}` does" if written != context.use.text else ""


def _check_outputs(context: _Context) -> Diagnostic | None:
    name = context.expression.names[0]
    step = context.use.step
    if step is not None and step.step.workflow_id is not None and isinstance(step.target, Unresolved):
        return None  # what the step calls was not found, and that is noted already
    if step is None or context.use.moment is Moment.REQUEST or not isinstance(step.target, WorkflowKey):
        reason = "`$outputs` are those of the workflow that a step calls, and only that step sees them"
        fix = instead_of_outputs(context.use, context.expression, context.workflow, context.linked)
        return context.unavailable(reason, fix)
    if step.target not in context.linked.workflows or context.linked.has_output(step.target, name):
        return None
    names = context.linked.output_names(step.target)
    message = f"`{context.use.text}` names output `{name}`, which workflow `{step.target.workflow_id}` does not have"
    related = like_output(context.linked.workflows[step.target].workflow, name)
    fix = one_of(name, names) or _way_to_add(name, step.target)
    return context.problem("unknown-output", message, fix, related)


def _way_to_add(name: str, workflow: WorkflowKey) -> str:
    return f"add `{name}` to the `outputs` of workflow `{workflow.workflow_id}`"


def _check_workflow(context: _Context) -> Diagnostic | None:
    workflow_id, kind, name = context.expression.names
    key = context.linked.named(context.workflow, workflow_id)
    if key is None:
        return _unknown_workflow(context, workflow_id)
    if kind == "outputs" and key == context.workflow.key:
        key = _called_namesake(context.use, key)
    named = context.linked.workflows.get(key)
    if named is None:
        return context.unavailable(
            f"nothing here runs workflow `{workflow_id}`", "call it in a step, or list it in `dependsOn`"
        )
    message = f"`{context.use.text}` names `{name}`, which is none of the {kind} of workflow `{workflow_id}`"
    if kind == "inputs":
        schema = inputs_of(named)
        is_known = schema.is_open or name in schema.declared
        return None if is_known else context.problem("unknown-input", message, one_of(name, schema.names))
    if context.linked.has_output(named.key, name):
        return None
    fix = one_of(name, context.linked.output_names(named.key)) or _way_to_add(name, named.key)
    return context.problem("unknown-output", message, fix, like_output(named.workflow, name))


def _called_namesake(use: Use, key: WorkflowKey) -> WorkflowKey:
    """Return the workflow of that id that the step has called, for the own one has no outputs yet; else the own one."""
    target = None if use.step is None or use.moment is Moment.REQUEST else use.step.target
    is_meant = isinstance(target, WorkflowKey) and target.workflow_id == key.workflow_id
    return target if is_meant and isinstance(target, WorkflowKey) else key


def _unknown_workflow(context: _Context, workflow_id: str) -> Diagnostic:
    called = {key for key in context.workflow.references.values() if key.workflow_id == workflow_id}
    if called:
        message = f"`{context.use.text}` names workflow `{workflow_id}`, which several documents have"
        fix = "use `$steps.<stepId>.outputs.<name>` of the step that calls it"
        return context.problem("unknown-workflow", message, fix)
    message = f"`{context.use.text}` names workflow `{workflow_id}`, which the document does not have"
    own = context.workflow.key.workflow_id if context.expression.names[1] == "outputs" else None
    known = [each for each in context.workflow.description.workflow_ids if each != own]
    fix = one_of(workflow_id, known) or context.meant.fix_of_document(workflow_id, context.expression.names[2])
    fix = fix or "use an output of an earlier step, `$steps.<stepId>.outputs.<name>`: there is no other workflow"
    related = like_workflow(context.workflow.description, workflow_id)
    return context.problem("unknown-workflow", message, fix, related)


def _check_source(context: _Context) -> Diagnostic | None:
    names = context.expression.names
    name, reference = split_source(".".join(names), context.workflow.sources) or names
    if name not in context.workflow.sources:
        message = f"`{context.use.text}` names source description `{name}`, which does not exist"
        fix = one_of(name, context.workflow.description.source_names)
        return context.problem("unknown-source", message, fix, like_source(context.workflow.description, name))
    if reference in {"name", "url", "type"}:
        return None
    fields = "`name`, `url` and `type`"
    message = f"`{context.use.text}` has no value: of source description `{name}`, expressions give {fields}"
    output = context.meant.fix_of_source(name, reference)
    fix = output or f"write the value itself, or use `$sourceDescriptions.{name}.url`"
    return context.problem("expression-unavailable", message, fix)


def _check_request(context: _Context) -> Diagnostic | None:
    if context.use.step is None or context.use.moment is Moment.REQUEST:
        return context.unavailable("a request belongs to a step that has been sent")
    return None


def _check_response(context: _Context) -> Diagnostic | None:
    if context.use.step is None or context.use.moment is Moment.REQUEST:
        return context.unavailable("a response belongs to a step that has been sent", _of_earlier(context))
    if context.expression.root is Root.RESPONSE and context.expression.names[0] in {"query", "path"}:
        return context.unavailable("a response has neither a query nor a path", _of_request(context))
    return None


def _of_earlier(context: _Context) -> str:
    """Return the fix for an answer before there is one: the output of an earlier step that is the very same."""
    steps = context.workflow.steps
    before = steps if context.use.step is None else steps[: context.workflow.indexes[context.use.step.step.step_id]]
    same = [
        f"$steps.{each.step.step_id}.outputs.{name}"
        for each in before
        for name, output in (each.step.outputs or {}).items()
        if isinstance(output, Expression) and str(output.expression) == context.use.text
    ]
    return f"did you mean `{same[0]}`?" if len(same) == 1 else _as_output(context)


def _as_output(context: _Context) -> str:
    """Return the fix for an answer that no step keeps: of an output of the workflow, with the output of a step."""
    steps, at = context.workflow.steps, context.use.at.pointer
    if context.use.step is not None or at[2:3] != ("outputs",) or len(at) < _OF_OUTPUT:
        return "use an output of an earlier step"
    step, name = (f"`{steps[0].step.step_id}`" if len(steps) == 1 else "the step that it is of"), at[3]
    step_id = steps[0].step.step_id if len(steps) == 1 else "<stepId>"
    return f"add `{name}: {context.use.text}` to the `outputs` of {step}, and write `$steps.{step_id}.outputs.{name}`"


# workflows, its number, outputs, its name
_OF_OUTPUT: Final = 4


def _of_request(context: _Context) -> str:
    """Return the fix for a query or path parameter of an answer: that of the request, where the step sends it."""
    location, *name = context.expression.names
    is_sent = context.use.step is not None and (".".join(name), location) in context.use.step.given
    sent = f"`{context.use.text.replace('$response', '$request', 1)}`"
    return f"write {sent}, which is what was sent" if is_sent else "read it from a header or the body of the answer"


def _check_self(context: _Context) -> Diagnostic | None:
    if context.workflow.description.self_uri is not None:
        return None
    return context.unavailable("the document has no `$self`", "add `$self` to the document")


def _refuse_message(context: _Context) -> Diagnostic | None:
    unresolved = [each for each in context.workflow.steps if isinstance(each.target, Unresolved)]
    of_messages = any(isinstance(each.target, Unresolved) and each.target.of_messages for each in unresolved)
    if of_messages or any(each is context.use.step for each in unresolved):
        return None  # the workflow has messages, or nobody knows whether it has, and that is noted already
    message = f"`{context.use.text}`: messages of AsyncAPI are not run yet"
    before, is_body, rest = context.use.text.replace("$message.payload", "$message.body").partition("$message.body")
    pointer = as_pointer(rest) if is_body else ""
    written = f"{before}$response.body{f'#{pointer}' if pointer else rest}" if is_body else before
    written = written.replace("$message.", "$response.")
    return context.problem("unsupported-feature", message, f"write `{written}` for the answer of an HTTP operation")


def _refuse_component(context: _Context) -> Diagnostic | None:
    shelf, name = context.expression.names
    components = context.workflow.description.components
    named = {
        "inputs": components.inputs,
        "parameters": components.parameters,
        "successActions": components.success_actions,
        "failureActions": components.failure_actions,
    }[shelf]
    # `page.in` is a field of `page`
    whole = next((each for each in (name, name.rpartition(".")[0]) if each in named), None)
    fix = "write the value itself"
    if whole is not None:
        reference = f"reference: $components.{shelf}.{whole}"
        written = f"$ref: '#/components/inputs/{whole}'" if shelf == "inputs" else reference
        fix = f"{fix}, or refer to the whole of it by `{written}`"
    return context.unavailable("a component is no value", fix)


_CHECKS: Final[dict[Root, Callable[[_Context], Diagnostic | None]]] = {
    Root.URL: _check_request,
    Root.METHOD: _check_request,
    Root.STATUS_CODE: _check_response,
    Root.SELF: _check_self,
    Root.REQUEST: _check_request,
    Root.RESPONSE: _check_response,
    Root.MESSAGE: _refuse_message,
    Root.INPUTS: _check_input,
    Root.OUTPUTS: _check_outputs,
    Root.STEPS: _check_step,
    Root.WORKFLOWS: _check_workflow,
    Root.SOURCE_DESCRIPTIONS: _check_source,
    Root.COMPONENTS: _refuse_component,
}
