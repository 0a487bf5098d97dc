"""The expressions that a workflow can write: of each input, step output and source that exists, and what is nearly one.

Decides which of them a piece of text is, or is one character away from. Where such a text stands is not known here.
"""

from __future__ import annotations

from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.language.expressions.amounts import may_be_amount
from arazzo_engine.language.expressions.grammar import read_expression
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import without_one
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.validation.step_outputs import outputs_of
from arazzo_engine.validation.types.yields import Seen, yields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.objects import Step
    from arazzo_engine.language.templates import Template

# the expressions of messages that have no name in them
OF_MESSAGES: Final = ("$statusCode", "$response.body", "$request.body")
# a longer name is not looked for among what is nearly one: each of its characters would be left out once
_LONGEST: Final = 200
_MOST_WORKFLOWS: Final = 200
_NUMBERS: Final = frozenset({"integer", "number"})
_WORD: Final = lazy_pattern(r"\$[\w$.\-]+")


def _gives(output: Template, member: str) -> bool:
    return isinstance(output, Expression) and output.expression.text == f"$response.body#/{member}"


class ExistingNames:
    """The names that the expressions of one workflow can use; ``of_inputs`` are those of its inputs."""

    def __init__(self, workflow: LinkedWorkflow, linked: LinkedDescription) -> None:
        self._workflow = workflow
        self._linked = linked

    @cached_property
    def of_inputs(self) -> frozenset[str]:
        """The names of the inputs."""
        return declared_inputs(self._workflow)

    def alone(self, name: str, at: Pointer) -> str | None:
        """Return the expression that a name alone says: of an input, or of the only step before it with that output."""
        if name in self.of_inputs:
            return f"$inputs.{name}"
        owners = [step.step_id for step in self._before(at) if name in (step.outputs or ())]
        return f"$steps.{owners[0]}.outputs.{name}" if len(owners) == 1 else None

    def _before(self, at: Pointer) -> Iterator[Step]:
        steps = (each.step for each in self._workflow.steps)
        return takewhile(lambda step: not is_within(at, step.at.pointer), steps)

    def kept(self, words: Sequence[str], at: Pointer) -> str | None:
        """Return the expression of what another engine looks up: the last of its words, of a step that one names.

        A name that may be that of an input and of an output says neither.
        """
        *around, name = words
        before = list(self._before(at))
        owner = next((step for step in before if step.step_id in around), None)
        if owner is None:
            is_either = name in self.of_inputs and any(name in (step.outputs or ()) for step in before)
            return None if is_either else self.alone(name, at)
        given = (each for each, value in (owner.outputs or {}).items() if each == name or _gives(value, name))
        return next((f"$steps.{owner.step_id}.outputs.{each}" for each in given), None)

    def part(self, name: str) -> str | None:
        """Return the one expression of a step or an input that two names with a dot between say."""
        found = self.parts(name)
        is_one = len(found) == 1 and found[0] in self._expressions
        return found[0] if is_one and found[0].rpartition(".")[2] == name.rpartition(".")[2] else None

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the expressions that two names with a dot between may say: of a step or an input, or of a root."""
        first, _, rest = name.partition(".")
        rest = rest.removeprefix("outputs.")
        if not rest:
            return ()
        of_step = self.nearly(f"$steps.{first}.outputs.{rest}")
        of_root = f"$inputs.{rest}" if first.casefold() == "input" and rest in self.of_inputs else None
        of_input = f"$inputs.{first}#/{rest.replace('.', '/')}" if first in self.of_inputs else None
        return tuple(each for each in (of_step, of_root, of_input) if each is not None)

    def may_be_amount(self, text: str) -> bool:
        """Whether an expression may give an amount of money: by its name, or as it is a number."""
        known = yields_of(self._linked).of(read_expression(text), Seen(self._workflow))
        return may_be_amount(text, is_number=bool(known) and not _NUMBERS.isdisjoint(all_types(known)))

    def exact(self, text: str) -> str | None:
        """Return the expression that a text is."""
        return text if text in self._expressions else self._aliases.get(text)

    def nearly(self, text: str) -> str | None:
        """Return the expression that a text is, or is one character away from."""
        found = self.exact(text)
        if found is None and len(text) <= _LONGEST:
            found = next((self._near[each] for each in without_one(text) if each in self._near), None)
        return found

    @cached_property
    def _expressions(self) -> frozenset[str]:
        return frozenset(self._written())

    @cached_property
    def of_several_words(self) -> tuple[str, ...]:
        """The expressions with an id of 1.0 in them that has more signs than a word."""
        return tuple(sorted(each for each in self._expressions if not _WORD.fullmatch(each)))

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """What is read without doubt as an expression, where it is not written as one."""
        without_sign = {each.removeprefix("$"): each for each in self._expressions}
        by_step = {
            f"{sign}steps.{step.step.step_id}.{name}": f"$steps.{step.step.step_id}.outputs.{name}"
            for step in self._workflow.steps
            for name in step.step.outputs or {}
            for sign in ("$", "")
        }
        of_workflow = {
            f"{sign}workflow.inputs.{name}": f"$inputs.{name}" for name in self.of_inputs for sign in ("$", "")
        }
        return {**of_workflow, **by_step, **without_sign}

    @cached_property
    def _near(self) -> dict[str, str]:
        """Every expression under each text that it becomes when one character is left out."""
        expressions = (*self._expressions, *OF_MESSAGES)
        return {near: each for each in expressions if len(each) <= _LONGEST for near in without_one(each)}

    def _written(self) -> Iterator[str]:
        yield from (f"$inputs.{name}" for name in self.of_inputs)
        for step in self._workflow.steps:
            yield from self._of_step(step)
        yield from (f"$sourceDescriptions.{name}.url" for name in self._workflow.sources)
        # each of many workflows would go through all the others
        others = self._linked.workflows if len(self._linked.workflows) <= _MOST_WORKFLOWS else {}
        for key, other in others.items():
            if key.document_uri == self._workflow.key.document_uri:
                names = [*(other.workflow.outputs or ())]
                yield from (f"$workflows.{key.workflow_id}.outputs.{name}" for name in names)

    def _of_step(self, step: LinkedStep) -> Iterator[str]:
        names = [*outputs_of(step, self._linked)]
        yield from (f"$steps.{step.step.step_id}.outputs.{name}" for name in names)
        if isinstance(step.target, WorkflowKey):
            yield from (f"$outputs.{name}" for name in names)
