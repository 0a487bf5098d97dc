"""Which step is meant by a name that no step of a workflow has.

Decides the words of a fix: the step that runs an operation of that name, the one of another workflow that has the
output, one that is alike and has it, or that one is missing. What the steps run and have is looked through once for all
names of a workflow.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.linking.taken import qualified
from arazzo_engine.diagnostics import did_you_mean, nearest
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.objects import SourceType
from arazzo_engine.language.reading.nodes import KEY_PATTERN
from arazzo_engine.language.templates import template_text
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import says_another_thing
from arazzo_engine.validation.step_outputs import outputs_of
from arazzo_engine.vocabulary import Vocabulary, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.language.objects import Step, Workflow

_OUTPUT_OF_SOURCE: Final = lazy_pattern(
    r"(?:workflows\.)?(?P<id>[\w\-]+)\.outputs\.(?P<output>[\w\-]+)(?P<part>#/.*|(?:\.[\w\-]+)*)", re.DOTALL
)
# of more names than these, a person reads none
_MOST_LISTED: Final = 12


def one_of(name: str, known: Iterable[str], own: str | None = None) -> str:
    """Return the fix for a name that does not exist: the one that is like it, or else some of those that there are.

    What names it is not listed itself.
    """
    listed = [f"`{each}`" for each in islice(known, _MOST_LISTED) if each != own and KEY_PATTERN.fullmatch(each)]
    several = "use one of " if len(listed) > 1 else "use "
    return did_you_mean(name, known) or (several + ", ".join(listed) if listed else "")


def _running(steps: Sequence[str], name: str) -> str:
    """Say which steps run something."""
    if len(steps) == 1:
        return f"step `{steps[0]}` runs `{name}`"
    return f"steps {listed(steps[:_MOST_LISTED])} run `{name}`"


class _Elsewhere(Struct, frozen=True):
    """Another workflow that has, or can have, an output which is read of a step, and the words of the fix."""

    workflow_id: str
    fix: str


class MeantSteps(Struct, frozen=True, dict=True):
    """The steps of a workflow, by what they run and by their outputs."""

    workflow: LinkedWorkflow
    linked: LinkedDescription

    def fix(self, use: Use, step_id: str, output: str) -> str:
        """Return the fix for a step that does not exist and of which an output is read."""
        runs = self._running.get(step_id, ())
        if len(runs) == 1:
            written = f"`$steps.{runs[0]}.outputs.{output}`"
            return f"step `{runs[0]}` runs `{step_id}`: add `{output}` to its `outputs`, and write {written}"
        elsewhere = self._elsewhere(step_id, output)
        if elsewhere is not None and elsewhere.workflow_id in self.workflow.references:
            return elsewhere.fix
        own = None if use.step is None else use.step.step.step_id
        return self._given(step_id, output, own) or (elsewhere.fix if elsewhere else self._alike(step_id, own))

    def fix_of_source(self, source: str, reference: str) -> str:
        """Return the fix for an output of what a source has, which is read by no step; empty for anything else."""
        match = _OUTPUT_OF_SOURCE.fullmatch(reference)
        if match is None:
            return ""
        part = match["part"].replace(".", "/")
        found, output = (source, match["id"]), f"{match['output']}{'' if part[:1] in {'', '#'} else '#'}{part}"
        steps = [step.step.step_id for step in self.workflow.steps if found in self._runs_of(step)]
        if steps:
            written = (f"`$steps.{each}.outputs.{output}`" for each in steps[:_MOST_LISTED])
            return f"{_running(steps, match['id'])}: write {' or '.join(written)}"
        field = "workflowId" if self.workflow.sources[source].type is SourceType.ARAZZO else "operationId"
        return self._to_call(f"{field}: $sourceDescriptions.{source}.{match['id']}", output)

    def fix_of_document(self, workflow_id: str, output: str) -> str:
        """Return the fix for an output of a workflow that only another document may have."""
        names = [each.name for each in self.workflow.sources.values() if each.type is SourceType.ARAZZO]
        if not names:
            return ""
        source = names[0] if len(names) == 1 else "<name>"
        return self._to_call(f"workflowId: $sourceDescriptions.{source}.{workflow_id}", output)

    def _to_call(self, field: str, output: str) -> str:
        return f"call it in an earlier step by `{field}`, and write `$steps.<stepId>.outputs.{output}`"

    def _runs_of(self, step: LinkedStep) -> Iterator[tuple[str, str | None] | None]:
        """Yield the source and the id of what a step runs."""
        if isinstance(step.target, Operation):
            yield step.target.source, step.target.operation_id
        elif step.step.workflow_id is not None:
            yield qualified(step.step.workflow_id, self.workflow.sources)

    def giver(self, use: Use, output: str) -> str | None:
        """Return the only step that has an output, where it stands before the one that reads it."""
        giving = tuple(self._giving.get(output, ()))
        indexes = self.workflow.indexes
        behind = len(indexes) if use.step is None else indexes.get(use.step.step.step_id, 0)
        return giving[0] if len(giving) == 1 and indexes.get(giving[0], behind) < behind else None

    def _given(self, step_id: str, output: str, own: str | None) -> str:
        """Return the fix where steps have the output, empty where none has."""
        giving: Collection[str] = self._giving.get(output, ())
        if own in giving and (len(giving) == 1 or nearest(step_id, giving) == own):
            giving = [each for each in giving if each != own]
        return one_of(step_id, giving, own) if giving else ""

    def _alike(self, step_id: str, own: str | None) -> str:
        meant = nearest(step_id, self.workflow.workflow.step_ids)
        if meant in {None, own} or says_another_thing(step_id, str(meant)):
            return f"add a step `{step_id}` that has the output, or name one that there is"
        return did_you_mean(step_id, (each for each in self.workflow.workflow.step_ids if each != own))

    def _elsewhere(self, step_id: str, output: str) -> _Elsewhere | None:
        """Return where the output is that of another workflow, or of the only step of one that has it."""
        named = self._others.get(step_id)
        if named is not None and output in (named.outputs or ()):
            read = self._in_words(step_id, [f"write `$workflows.{step_id}.outputs.{output}`"])
            return _Elsewhere(step_id, f"`{step_id}` is a workflow: {read}")
        found = [
            (each, step)
            for each in self._others.values()
            for step in each.steps
            if output in (step.outputs or ()) and (step.step_id == step_id or step_id in self._run_by(step))
        ]
        if len(found) != 1:
            return None
        workflow, step = found[0]
        has = "has the output" if step.step_id == step_id else f"runs `{step_id}` and has the output"
        read = self._by_workflow(workflow, f"$steps.{step.step_id}.outputs.{output}", output)
        owner = workflow.workflow_id
        return _Elsewhere(owner, f"step `{step.step_id}` of workflow `{owner}` {has}: {read}")

    def _by_workflow(self, workflow: Workflow, value: str, output: str) -> str:
        """Return how a value of another workflow is read: by an output of that one, which it may have to get first."""
        outputs = workflow.outputs or {}
        same = (name for name, each in outputs.items() if isinstance(each, Expression) and template_text(each) == value)
        owner, name, ways = workflow.workflow_id, next(same, None), []
        if name is None:
            name = output if output not in outputs else f"{owner}-{output}"
            ways = [f"add `{name}: {value}` to the `outputs` of that workflow"]
        return self._in_words(owner, [*ways, f"write `$workflows.{owner}.outputs.{name}`"])

    def _in_words(self, workflow_id: str, ways: Sequence[str]) -> str:
        is_run = workflow_id in self.workflow.references
        listing = [] if is_run else [f"list `{workflow_id}` in the `dependsOn` of this workflow"]
        *most, last = (*listing, *ways)
        return f"{', '.join(most)}{', and ' if most else ''}{last}"

    @cached_property
    def _others(self) -> Mapping[str, Workflow]:
        """The other workflows of the document that can run before this one, by their ids."""
        key, description = self.workflow.key, self.workflow.description
        others = (each for each in description.workflows if each.workflow_id != key.workflow_id)
        return {each.workflow_id: each for each in others if not self._leads_here(each.workflow_id)}

    def _leads_here(self, workflow_id: str) -> bool:
        other = WorkflowKey(self.workflow.key.document_uri, workflow_id)
        return any(each is self.workflow for each in self.linked.reachable([other]))

    def _run_by(self, step: Step) -> tuple[str, ...]:
        names = self.workflow.description.source_names
        called = filter(None, (step.operation_id, step.workflow_id))
        return tuple((qualified(text, names) or ("", text))[1] for text in called)

    @cached_property
    def _running(self) -> Mapping[str, list[str]]:
        """The ids of the steps by the operation or workflow that they run."""
        found: dict[str, list[str]] = {}
        for step in self.workflow.workflow.steps:
            for name in self._run_by(step):
                found.setdefault(name, []).append(step.step_id)
        return found

    @cached_property
    def _giving(self) -> Mapping[str, Vocabulary]:
        """The ids of the steps by the outputs that they have."""
        found: dict[str, list[str]] = {}
        for step in self.workflow.steps:
            for name in outputs_of(step, self.linked):
                found.setdefault(name, []).append(step.step.step_id)
        return {name: Vocabulary(tuple(steps)) for name, steps in found.items()}
