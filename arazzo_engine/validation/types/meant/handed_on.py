"""Outputs that hand on what the author named, under a name that is nearly that one: one of the two is a slip.

Decides it for an output that nobody reads: `orderlId: $inputs.orderId`, and `order_id: $inputs.orderId` where all the
outputs beside it are written as `orderId` is. Who reads a name elsewhere, or writes others so, means it. What an answer
is described to call a thing, another may call in other words: of that only a slip within a long name is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import are_apart, is_inner_slip, same_letters
from arazzo_engine.validation.inputs.whole_schemas import inputs_of
from arazzo_engine.validation.step_outputs import has_output
from arazzo_engine.validation.types.reading import reads_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.validation.types.reading import Read
    from arazzo_engine.validation.types.yields import Seen, Yields

_ALIKE: Final = "which is spelled nearly alike"
SPELL_ALIKE: Final = "spell both alike if they mean one thing"
# how the words of a name are told apart
_MARKS: Final = lazy_pattern(r"[_\-.]|(?<=[a-z0-9])(?=[A-Z])")
# fewer others say nothing of how an author writes names
_FEWEST: Final = 2


def check_handed_on(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each output with nearly the name of what it hands on."""
    near = [(each, how) for each in reads_in(workflow, yields.linked) if (how := _how(each, yields)) is not None]
    read = _read_outputs(yields.linked) if near else frozenset()
    for each, how in near:
        name, given = each.use.at.pointer[-1], last_name(each.expression)
        if name not in read:
            message = f"output `{name}`, which nobody reads, gets `{given}`, {how}"
            yield diagnose("name-misspelt", message, each.use.at.key_location(), fix=SPELL_ALIKE)


def is_declared(expression: RuntimeExpression, seen: Seen, yields: Yields) -> bool:
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


def last_name(expression: RuntimeExpression) -> str:
    """Return the name of what an expression leads to."""
    return (*expression.names, *(expression.pointer or ()))[-1]


def described_beside(read: Read, yields: Yields) -> frozenset[str]:
    """Return the names that are described where the part of a value stands that is read."""
    around = read.expression.pointer[:-1] if read.expression.pointer else ()
    known = follow(yields.base(read.expression, read.seen), around, yields.schemas).known
    return frozenset(name for each in known for name in each.names)


def _how(read: Read, yields: Yields) -> str | None:
    """Return how the name of an output is near that of what it is and nothing else, ``None`` where it is not."""
    pointer, expression = read.use.at.pointer, read.expression
    is_whole = pointer[-2:-1] == ("outputs",) and expression.text == read.use.text
    if is_whole and expression.is_of_answer_body and expression.pointer:
        part = expression.pointer[-1]
        return _ALIKE if is_inner_slip(pointer[-1], part) and part in described_beside(read, yields) else None
    if not is_whole or not is_declared(expression, read.seen, yields):
        return None
    name, given = pointer[-1], last_name(expression)
    if are_apart(name, given):
        return _ALIKE
    if name == given or not same_letters(name, given):
        return None
    outputs = read.use.at.document.content.at(pointer[:-1])
    others = [each for each in outputs if each != name] if isinstance(outputs, dict) else []
    return "and every output beside it is written as that is" if _is_odd(name, given, others) else None


def _is_odd(name: str, given: str, others: Iterable[str]) -> bool:
    """Whether a name is written in another way than what it hands on, and several others are written as that is."""
    of_several = [_marks(each) for each in others if _marks(each)]
    is_other_way = _marks(name) != _marks(given) and len(of_several) >= _FEWEST and {*of_several} == {_marks(given)}
    first = [each[:1].isupper() for each in others]
    is_other_case = name[0] != given[0] and len(first) >= _FEWEST and {*first} == {given[0].isupper()}
    return is_other_way or is_other_case


def _marks(name: str) -> frozenset[str]:
    """Return what stands between the words of a name: nothing in `id`, a sign in `order_id`, no sign in `orderId`."""
    return frozenset(_MARKS.findall(name))


def _read_outputs(linked: LinkedDescription) -> frozenset[str]:
    """Return the names of all outputs that an expression reads: who writes a name twice means it."""
    reads = (read for workflow in linked.workflows.values() for read in reads_in(workflow, linked))
    return frozenset(name for read in reads for name in _named_outputs(read.expression))


def _named_outputs(expression: RuntimeExpression) -> tuple[str, ...]:
    return expression.names[-1:] if "outputs" in expression.text else ()
