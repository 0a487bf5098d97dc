"""Which step is meant by a name that no step of a workflow has.

Decides the words of a fix: the step that runs an operation of that name, one that is alike and has the output, or that
one is missing. What the steps run and have is looked through once for all names of a workflow.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.linking.taken import qualified
from arazzo_engine.diagnostics import did_you_mean, nearest
from arazzo_engine.language.reading.nodes import KEY_PATTERN
from arazzo_engine.spelling import says_another_thing
from arazzo_engine.validation.step_outputs import outputs_of
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.apis.linking.uses import Use

# of more names than these, a person reads none
_MOST_LISTED: Final = 12


def one_of(name: str, known: Iterable[str], own: str | None = None) -> str:
    """Return the fix for a name that does not exist: the one that is like it, or else some of those that there are.

    What names it is not listed itself.
    """
    listed = [f"`{each}`" for each in islice(known, _MOST_LISTED) if each != own and KEY_PATTERN.fullmatch(each)]
    several = "use one of " if len(listed) > 1 else "use "
    return did_you_mean(name, known) or (several + ", ".join(listed) if listed else "")


class MeantSteps(Struct, frozen=True, dict=True):
    """The steps of a workflow, by what they run and by their outputs."""

    workflow: LinkedWorkflow
    linked: LinkedDescription

    def fix(self, use: Use, step_id: str, output: str) -> str:
        """Return the fix for a step that does not exist and of which an output is read."""
        declared = self.workflow.workflow
        # of a step whose id is missing or is that of another, nobody knows whether it is the one meant
        if not declared.are_ids_sure:
            return ""
        runs = self._running.get(step_id, ())
        if len(runs) == 1:
            written = f"`$steps.{runs[0]}.outputs.{output}`"
            return f"step `{runs[0]}` runs `{step_id}`: add `{output}` to its `outputs`, and write {written}"
        own = None if use.step is None else use.step.step.step_id
        giving: Collection[str] = self._giving.get(output, ())
        if own in giving and (len(giving) == 1 or nearest(step_id, giving) == own):
            giving = [each for each in giving if each != own]
        if giving:
            return one_of(step_id, giving, own)
        meant = nearest(step_id, declared.step_ids)
        if meant in {None, own} or says_another_thing(step_id, str(meant)):
            return f"add a step `{step_id}` that has the output, or name one that there is"
        return f"did you mean `{meant}`?"

    @cached_property
    def _running(self) -> Mapping[str, list[str]]:
        """The ids of the steps by the operation or workflow that they run."""
        names = self.workflow.description.source_names
        found: dict[str, list[str]] = {}
        for step in self.workflow.workflow.steps:
            for text in filter(None, (step.operation_id, step.workflow_id)):
                found.setdefault((qualified(text, names) or ("", text))[1], []).append(step.step_id)
        return found

    @cached_property
    def _giving(self) -> Mapping[str, Vocabulary]:
        """The ids of the steps by the outputs that they have."""
        found: dict[str, list[str]] = {}
        for step in self.workflow.steps:
            for name in outputs_of(step, self.linked):
                found.setdefault(name, []).append(step.step.step_id)
        return {name: Vocabulary(tuple(steps)) for name, steps in found.items()}
