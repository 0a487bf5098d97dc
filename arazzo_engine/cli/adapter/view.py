"""What a client shows of the moment where a run stands: the stack, the scopes, values and what is in them.

Decides the numbers by which a client asks for more; they hold until the run moves. Every value is masked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.debugging.decisions import chosen_because, considered
from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.debugging.moments import Kind
from arazzo_engine.debugging.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.cli.adapter.arguments import Evaluate, Initialize, OfFrame, OfSource, OfValue, StackTrace
    from arazzo_engine.cli.adapter.sources import Sources
    from arazzo_engine.debugging.session import Session
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.criteria import CriterionResult

_LONGEST: Final = 1_000
_MOST: Final = 1_000


class View(Struct):
    """What can be asked of a session while it stands still. ``values`` are those that have members."""

    session: Session
    sources: Sources
    counts: Initialize
    values: list[JsonValue] = field(default_factory=list)

    def forget(self) -> None:
        """Forget the values of the moment before."""
        self.values.clear()

    def stack_trace(self, asked: StackTrace) -> dict[str, Any]:
        """Return the attempts that are open, the innermost first, through the workflows that called."""
        frames = [
            self._frame(number, f"{each.workflow_id}.{each.step_id}", place_of(self._kind(number), each))
            for number, each in enumerate(self.session.frames())
        ] or [self._frame(0, self.session.moment.workflow_id, self._workflow_place())]
        end = asked.start_frame + asked.levels if asked.levels else None
        return {"stackFrames": frames[asked.start_frame : end], "totalFrames": len(frames)}

    def _kind(self, frame: int) -> Kind:
        return self.session.moment.kind if frame == 0 else Kind.REQUEST

    def _frame(self, number: int, name: str, place: Place | None) -> dict[str, Any]:
        again = self.session.moment.attempt
        told = f"{name} (attempt {again})" if number == 0 and again > 1 else name
        frame = {"id": number + 1, "name": told, "line": 0, "column": 0}
        if place is None:
            return frame
        at = place.key_location()
        line, column = at.line - (not self.counts.lines_start_at1), at.column - (not self.counts.columns_start_at1)
        return {**frame, "line": line, "column": column, "source": self.sources.written(place.document)}

    def _workflow_place(self) -> Place | None:
        workflows = self.session.breakpoints.index.linked.workflows.values()
        named = (each for each in workflows if each.key.workflow_id == self.session.moment.workflow_id)
        return next((each.workflow.at.child("workflowId") for each in named), None)

    def scopes(self, asked: OfFrame) -> dict[str, Any]:
        """Return the groups of values that can be seen in a frame, and what was decided at this moment."""
        frame = self._index(asked.frame_id)
        groups = self.session.sees(frame).groups()
        decided = self._decided() if frame == 0 else {}
        found = ({"decision": decided} if decided else {}) | groups
        return {
            "scopes": [
                {"name": name, "variablesReference": self._keep(group), "expensive": False}
                for name, group in found.items()
            ]
        }

    def _decided(self) -> dict[str, JsonValue]:
        frames = self.session.frames()
        if self.session.moment.kind is not Kind.JUDGED or frames[0].report is None:
            return {}
        actions = {each.action.name: f"{each.action.type}: {each.fate}" for each in considered(frames[0])}
        report = frames[0].report
        told = {"criteria": _criteria(report.criteria), "actions": actions, "notes": list(report.notes)}
        told = {name: value for name, value in told.items() if value} | {"follows": chosen_because(frames[0])}
        masked: dict[str, JsonValue] = self.session.masker.of_messages().value(told)
        return masked

    def variables(self, asked: OfValue) -> dict[str, Any]:
        """Return the members of a value."""
        if not 0 < asked.variables_reference <= len(self.values):
            raise NotUnderstoodError(f"there is no value {asked.variables_reference} at this moment")
        members = _members(self.values[asked.variables_reference - 1])
        end = asked.start + (asked.count or _MOST)
        return {"variables": [self._variable(name, value) for name, value in members[asked.start : end]]}

    def _variable(self, name: str, value: JsonValue) -> dict[str, Any]:
        return {"name": name, "value": _short(value), "type": _type(value), "variablesReference": self._keep(value)}

    def _keep(self, value: JsonValue) -> int:
        if not isinstance(value, dict | list) or not value:
            return 0
        self.values.append(value)
        return len(self.values)

    def evaluate(self, asked: Evaluate) -> dict[str, Any]:
        """Return what an expression or a condition gives."""
        found = self.session.evaluate(asked.expression, self._index(asked.frame_id or 1))
        is_shown = found.is_there and found.passed is None
        text = _short(found.value) if is_shown else found.text
        return {"result": text, "type": _type(found.value), "variablesReference": self._keep(found.value)}

    def source(self, asked: OfSource) -> dict[str, Any]:
        """Return the text of a document that the client cannot read itself."""
        number = asked.source_reference or asked.source.source_reference
        if not 0 < number <= len(self.sources.documents):
            raise NotUnderstoodError(f"there is no document {number}")
        document = self.sources.documents[number - 1]
        return {"content": "" if document.is_secret else self.session.masker.of_messages().text(document.text)}

    def _index(self, frame_id: int) -> int:
        if not 0 < frame_id <= max(1, len(self.session.frames())):
            raise NotUnderstoodError(f"there is no frame {frame_id} at this moment")
        return frame_id - 1


def _criteria(results: Iterable[CriterionResult]) -> dict[str, str]:
    return {each.condition: f"{'passed' if each.passed else 'failed'}: {each.explanation}" for each in results}


def _members(value: JsonValue) -> list[tuple[str, JsonValue]]:
    return list(value.items()) if isinstance(value, dict) else [(str(n), each) for n, each in enumerate(value)]


def _short(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _type(value: JsonValue) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
