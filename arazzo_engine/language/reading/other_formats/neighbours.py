"""The steps and workflows around a step, by their ids, for a fix that names them instead of describing them.

Decides which step comes before it and which follows, and so which of them a fix speaks of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.documents.values import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

_AFTER = "type: goto, stepId: <the step after this one>"
_THIS = "stepId: <this step>"
_LAST = "write `successCriteria: [{condition: $statusCode >= 100}]`: any answer is a success then"
# an `end` after a failure ends with one, so nothing but another criterion lets the last step fail
_ENTRY = "write an entry at the end of `onFailure`: "
GO_ON = f"{_ENTRY}`{{name: go-on, type: goto, stepId: <the step that follows>}}`; in the last step, {_LAST}"


class StepIds(Struct, frozen=True):
    """The ids of the steps of a workflow in their order, the number of each, and the ids of the workflows."""

    ids: Sequence[JsonValue]
    numbers: Mapping[str, int]
    workflows: Mapping[str, int]


class Around(Struct, frozen=True):
    """The steps around the one of this number."""

    steps: StepIds
    number: int

    def is_earlier(self, step_id: str) -> bool:
        """Whether a step stands before this one."""
        return self.steps.numbers.get(step_id, self.number) < self.number

    def is_next(self, step_id: str) -> bool:
        """Whether a step stands right behind this one."""
        return self.steps.numbers.get(step_id) == self.number + 1

    def in_own_names(self, fix: str) -> str:
        """Return a fix with the ids of the steps before and after this one, where it speaks of them."""
        ids, number = self.steps.ids, self.number
        if isinstance(ids[number], str):
            fix = fix.replace(_THIS, f"stepId: {ids[number]}")
        if not number:
            fix = fix.replace("in the step before", "in a step that is put before it")
        before = ids[number - 1] if number else None
        if isinstance(before, str):
            fix = fix.replace("in the step before", f"in step `{before}`")
        if number + 1 == len(ids):
            return fix.replace(_AFTER, "type: end").replace(GO_ON, _LAST)
        after = ids[number + 1]
        if not isinstance(after, str):
            return fix
        going = f"{_ENTRY}`{{name: go-on, type: goto, stepId: {after}}}`"
        return fix.replace(_AFTER, f"type: goto, stepId: {after}").replace(GO_ON, going)


def around(at: Place, known: dict[Pointer, StepIds]) -> Around | None:
    """Return the steps around a step, or around what stands in one; what is found is kept in ``known``."""
    if at.pointer[:1] != ("workflows",) or at.pointer[2:3] != ("steps",) or not at.pointer[3:4]:
        return None
    owner = at.pointer[:2]
    if owner not in known:
        workflows = as_list(as_mapping(at.document.value).get("workflows"))
        steps = as_list(as_mapping(workflows[int(owner[1])]).get("steps"))
        ids = [as_mapping(each).get("stepId") for each in steps]
        known[owner] = StepIds(ids, _numbers(ids), _numbers([as_mapping(each).get("workflowId") for each in workflows]))
    return Around(known[owner], int(at.pointer[3]))


def _numbers(ids: Sequence[JsonValue]) -> dict[str, int]:
    return {each: number for number, each in reversed([*enumerate(ids)]) if isinstance(each, str)}
