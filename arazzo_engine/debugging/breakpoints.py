"""Where a run is stopped: at steps, where a condition holds, at steps that fail, at what is found.

Decides the moment at which a breakpoint counts: one whose condition reads the answer when that is judged, one that
reads the request before it leaves, any other before the step.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.debugging.evaluating import NotUnderstoodError, expressions_in, read_condition, roots_in
from arazzo_engine.debugging.moments import Kind
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.language.conditions.condition import judge
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.debugging.history import Found
    from arazzo_engine.debugging.moments import Moment
    from arazzo_engine.debugging.places import Index, StepLines
    from arazzo_engine.language.conditions.condition import Condition
    from arazzo_engine.language.expressions.scope import Scope

FAILURE: Final = "failure"
FINDING: Final = "finding"
DIFFERENCE: Final = "difference"
_MOST_LISTED: Final = 8
_LINE: Final = lazy_pattern(r"(?:(.+):)?(\d+)")
_IF: Final = lazy_pattern(r"(?:^|\s)if\s+(.*)", re.DOTALL)


class Breakpoint(Struct, frozen=True):
    """A breakpoint, with the ``text`` that it was asked for by. Without a ``step``, every step is meant.

    ``caught`` is ``failure``, ``finding`` or ``difference``, and ``code`` that of the findings that are meant.
    """

    number: int
    text: str
    kind: Kind = Kind.STEP
    step: tuple[str, str] | None = None
    condition: Condition | None = None
    caught: str = ""
    code: str = ""

    def is_at(self, moment: Moment) -> bool:
        """Whether a moment may be one of this breakpoint, as far as its name and kind say."""
        if self.caught:
            return self.caught != FAILURE or moment.has_failed
        return moment.kind is self.kind and self.step in {None, (moment.workflow_id, moment.step_id)}

    def catches(self, found: tuple[Found, ...]) -> bool:
        """Whether something was found that this breakpoint is for."""
        if self.caught in {"", FAILURE}:
            return True
        is_difference = self.caught == DIFFERENCE
        return any((each.code == DIFFERENCE) is is_difference and self.code in {"", each.code} for each in found)

    def holds(self, scope: Scope) -> bool:
        """Whether the condition holds."""
        return self.condition is None or judge(self.condition, scope).passed


class Breakpoints(Struct):
    """The breakpoints of a session, by their numbers."""

    index: Index
    by_number: dict[int, Breakpoint] = field(default_factory=dict)
    _last: int = 0

    def add(self, asked: str) -> Breakpoint:
        """Add the breakpoint that a text asks for; raises ``NotUnderstoodError``.

        It is ``STEP``, ``WORKFLOW.STEP``, ``LINE``, ``FILE:LINE`` or nothing, each perhaps with ``if CONDITION``; or
        ``failure``, ``difference``, ``finding`` or ``finding CODE``.
        """
        found = _IF.search(asked)
        where = (asked if found is None else asked[: found.start()]).strip()
        condition = None if found is None else read_condition(found[1])
        if not where and condition is None:
            raise NotUnderstoodError("no place was named", "write `break STEP`, `break LINE` or `break if CONDITION`")
        self._check_names(condition)
        return self._keep(self._read(where, asked.strip(), condition))

    def add_at(self, step: StepLines, kind: Kind, condition: str = "") -> Breakpoint:
        """Add a breakpoint at a step; raises ``NotUnderstoodError`` for what is no condition."""
        read = read_condition(condition) if condition.strip() else None
        self._check_names(read)
        text = ".".join(step.name) + (f" if {condition.strip()}" if read else "")
        return self._keep(Breakpoint(0, text, _kind_of(read, kind), step.name, read))

    def catch(self, caught: str, code: str = "") -> Breakpoint:
        """Add a breakpoint at what fails, is found or differs."""
        return self._keep(Breakpoint(0, f"{caught} {code}".strip(), caught=caught, code=code))

    def remove(self, number: int) -> Breakpoint:
        """Remove a breakpoint; raises ``NotUnderstoodError`` when there is none of this number."""
        if number not in self.by_number:
            there = ", ".join(map(str, self.by_number))
            raise NotUnderstoodError(f"there is no breakpoint {number}", f"there are {there}" if there else "")
        return self.by_number.pop(number)

    def _keep(self, breakpoint_: Breakpoint) -> Breakpoint:
        self._last += 1
        kept = self.by_number[self._last] = replace(breakpoint_, number=self._last)
        return kept

    def _read(self, where: str, asked: str, condition: Condition | None) -> Breakpoint:
        kind = _kind_of(condition, Kind.STEP)
        if not where:
            return Breakpoint(0, asked, kind, condition=condition)
        line = _LINE.fullmatch(where)
        step = self._named(where)
        if step is None and line is not None:
            step, kind = self._at_line(line[1], int(line[2]), condition)
        elif step is None and where.split(maxsplit=1)[0] in {FAILURE, DIFFERENCE, FINDING}:
            return _caught(where, asked, condition)
        if step is None:
            raise self._no_step(where)
        return Breakpoint(0, asked, kind, step.name, condition)

    def _named(self, where: str) -> StepLines | None:
        found = [each for each in self.index.steps if where in {".".join(each.name), each.name[1]}]
        own = [each for each in found if each.workflow.description is self.index.linked.entry]
        if len({each.name for each in found}) > 1 and where not in {".".join(each.name) for each in found}:
            named = ", ".join(f"`{'.'.join(each.name)}`" for each in found)
            raise NotUnderstoodError(f"several workflows have a step `{where}`", f"name one of {named}")
        return next(iter(own or found), None)

    def _at_line(self, document: str | None, line: int, condition: Condition | None) -> tuple[StepLines, Kind]:
        entry = self.index.linked.entry.at.document
        names = {each.document.name for each in self.index.steps}
        meant = next((each for each in names if each.endswith(document or entry.name)), document or entry.name)
        found = self.index.at(meant, line)
        if found is None:
            raise NotUnderstoodError(f"no step stands at line {line} of {meant}, or below it")
        return found, _kind_of(condition, found.kind_at(line))

    def _no_step(self, where: str) -> NotUnderstoodError:
        names = {name for each in self.index.steps for name in (each.name[1], ".".join(each.name))}
        known = sorted(names | {FAILURE, FINDING, DIFFERENCE})
        listed = ", ".join(f"`{'.'.join(each.name)}`" for each in self.index.steps[:_MOST_LISTED])
        more = "" if len(self.index.steps) <= _MOST_LISTED else " and others"
        fix = did_you_mean(where, known) or f"there are {listed}{more}"
        return NotUnderstoodError(f"there is no step `{where}`", fix)

    def _check_names(self, condition: Condition | None) -> None:
        """Raise ``NotUnderstoodError`` for a condition that reads a step which no workflow has."""
        if condition is None:
            return
        known = {each.name[1] for each in self.index.steps}
        for name in _steps_in(condition):
            if name not in known:
                raise NotUnderstoodError(f"there is no step `{name}`", did_you_mean(name, sorted(known)))


def _caught(where: str, asked: str, condition: Condition | None) -> Breakpoint:
    """Return a breakpoint at what fails, is found or differs; raises ``NotUnderstoodError`` for what says more."""
    caught, _, code = where.partition(" ")
    code = code.strip()
    if condition is not None:
        raise NotUnderstoodError(f"`break {caught}` takes no condition", "write `break if CONDITION`")
    if code and caught != FINDING:
        raise NotUnderstoodError(f"`break {caught}` takes nothing behind it", f"write `break {caught}` alone")
    if code and code not in CODES:
        raise NotUnderstoodError(f"no finding has the code `{code}`", did_you_mean(code, CODES))
    return Breakpoint(0, asked, caught=caught, code=code)


def _steps_in(condition: Condition) -> list[str]:
    return [each.names[0] for each in expressions_in(condition) if each.root is Root.STEPS]


def _kind_of(condition: Condition | None, otherwise: Kind) -> Kind:
    roots = set() if condition is None else roots_in(condition)
    if roots & {Root.RESPONSE, Root.STATUS_CODE, Root.OUTPUTS}:
        return Kind.JUDGED
    return Kind.REQUEST if roots & {Root.REQUEST, Root.URL, Root.METHOD} else otherwise
