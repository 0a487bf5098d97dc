"""The whole body of an answer where a part of it may be meant: as a text in a request, and as several outputs at once.

Decides which of them is told. A body that is described is held against its place as any value is; one that nobody
describes may be a text, unless somebody reads a part of it, but in a path few are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.watch import go_on
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import template_text
from arazzo_engine.validation.types.meant.members import is_body, wholes_to
from arazzo_engine.validation.types.meant.parts_read import read_in_part
from arazzo_engine.validation.types.outputs_on_the_way import outputs_to
from arazzo_engine.validation.types.reading import reads_in
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.types.meant.members import Whole
    from arazzo_engine.validation.types.passing import Passed
    from arazzo_engine.validation.types.reading import Read
    from arazzo_engine.validation.types.yields import Yields

    # the document and the pointer of a step
    _PlaceOfStep = tuple[str, Pointer]

_CODE: Final = "body-whole"
_OBJECT: Final = frozenset({"object"})
_CONTAINERS: Final = frozenset({"array", "object"})
_KNOWN: Final[WeakKeyDictionary[LinkedDescription, dict[_PlaceOfStep, Read]]] = WeakKeyDictionary()


def check_whole_bodies(passed: Iterable[Passed], workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each whole body that goes where a text is, and for outputs that are all one whole body."""
    for each in passed:
        output = _whole_output(each, yields)
        if output is not None:
            yield from _of_text(each, output, yields)
    for step in workflow.steps:
        go_on()
        yield from _of_outputs(step, workflow, yields)


# --- as a text ---


def _whole_output(passed: Passed, yields: Yields) -> Whole | None:
    """Return the output that is the whole of what nobody describes, and goes where no value has parts."""
    template, goal = passed.template, passed.goal
    is_text = not goal.as_text or goal.is_parameter
    if passed.given or not isinstance(template, Expression) or not goal.known or not is_text:
        return None
    if not all_types(goal.known).isdisjoint(_CONTAINERS):
        return None
    wholes = tuple(wholes_to(template, passed.seen, yields))
    return wholes[-1] if wholes and is_body(wholes[-1].output.expression) else None


def _of_text(passed: Passed, whole: Whole, yields: Yields) -> Iterator[Diagnostic]:
    part = _part_read_of(whole, yields.linked)
    if part is None and passed.goal.location != In.PATH:
        return
    text = template_text(passed.template)
    what = f"the whole body of an answer that nobody describes, and goes to {passed.goal.what}, which takes no object"
    message = f"`{text}` is {what}"
    fix = f"name the part that is meant, such as `{text}#/{passed.goal.name}`"
    if part is None:
        fix += "; if the answer is a text, describe it as `text/plain`"
    related = [Related("it is set to the whole here", whole.output.at)]
    related += [] if part is None else [Related("a part of it is read here", part.use.at)]
    yield diagnose(_CODE, message, passed.template.at.location(), fix=fix, related=related)


def _part_read_of(whole: Whole, linked: LinkedDescription) -> Read | None:
    """Return what reads a member of the answer that an output is set to, ``None`` where nothing does."""
    if linked not in _KNOWN:
        _KNOWN[linked] = dict(reversed([*_parts_read(linked)]))
    return _KNOWN[linked].get((whole.output.at.document.uri, whole.output.at.pointer[:-2]))


def _parts_read(linked: LinkedDescription) -> Iterator[tuple[_PlaceOfStep, Read]]:
    """Yield what reads a member of an answer, with the place of the step that gets it, in the order of the document."""
    for workflow in linked.workflows.values():
        for read in reads_in(workflow, linked):
            is_sure = not read.is_tentative and read.use.moment is not Moment.ACTION
            place = _place_of_step(read, linked) if is_sure else None
            if place is not None:
                yield place, read


def _place_of_step(read: Read, linked: LinkedDescription) -> _PlaceOfStep | None:
    """Return where the step stands of whose answer a member is read, ``None`` where no member of an answer is."""
    pointer, expression, seen = read.pointer, read.expression, read.seen
    for output, inside in outputs_to(expression, seen, linked):
        if not isinstance(output, Expression):
            return None
        expression, seen = output.expression, inside
        pointer = (*(expression.pointer or ()), *pointer)
    is_member = bool(pointer) and not pointer[0].isdecimal() and expression.is_of_answer_body
    at = None if seen.step is None or not is_member else seen.step.step.at
    return None if at is None else (at.document.uri, at.pointer)


# --- as outputs ---


def _of_outputs(step: LinkedStep, workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning where several outputs have the names of members of a body, and are all the whole of it."""
    outputs = (step.step.outputs or {}).items() if isinstance(step.target, Operation) else ()
    wholes = {name: each for name, each in outputs if isinstance(each, Expression) and is_body(each.expression)}
    if len(wholes) < 2:  # noqa: PLR2004 - one alone may well be meant as the whole
        return
    known = yields.of_template(next(iter(wholes.values())), Seen(workflow).after(step))
    if all_types(known) - {"null"} != _OBJECT:
        return
    in_part = read_in_part(yields.linked)
    named = {
        name: each
        for name, each in wholes.items()
        if all(name in one.names for one in known) and (each.at, each.span) not in in_part
    }
    if len(named) > 1:
        names = listed(list(named))
        message = (
            f"outputs {names} of step `{step.step.step_id}` are each the whole body, which has members of these names"
        )
        first, output = next(iter(named.items()))
        fix = f"if the members are meant, write `{first}: $response.body#/{first}`, and so the others"
        yield diagnose(_CODE, message, output.at.location(), fix=fix, related=[Related("described here", known[0].at)])
