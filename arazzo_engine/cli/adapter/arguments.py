"""What requests of the protocol bring along, and what is wrong when they do not.

Decides which members count; a client may send others.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from arazzo_engine.debugging.evaluating import NotUnderstoodError

_Form = TypeVar("_Form", bound="Form")


class Form(Struct, frozen=True, rename="camel"):
    """The arguments of a request."""


class Initialize(Form, frozen=True):
    """How the client counts."""

    lines_start_at1: bool = field(default=True, name="linesStartAt1")
    columns_start_at1: bool = field(default=True, name="columnsStartAt1")


class Launch(Form, frozen=True):
    """What is to be debugged: a document that is rehearsed or run, or a recording.

    ``args`` are further options of the command, as they are typed.
    """

    program: str = ""
    mode: str = ""
    recording: str = ""
    document: str = ""
    workflow: str = ""
    inputs: dict[str, Any] | str = {}
    args: list[str] = []
    stop_on_entry: bool = True


class Source(Form, frozen=True):
    """A document as the client names it."""

    path: str = ""
    name: str = ""
    source_reference: int = 0


class SourceBreakpoint(Form, frozen=True):
    """A breakpoint at a line."""

    line: int
    condition: str = ""


class SetBreakpoints(Form, frozen=True):
    """All breakpoints of one document."""

    source: Source
    breakpoints: list[SourceBreakpoint] = []


class FunctionBreakpoint(Form, frozen=True):
    """A breakpoint at a step."""

    name: str
    condition: str = ""


class SetFunctionBreakpoints(Form, frozen=True):
    """All breakpoints at steps."""

    breakpoints: list[FunctionBreakpoint]


class SetExceptionBreakpoints(Form, frozen=True):
    """What is stopped at wherever it happens."""

    filters: list[str]


class StackTrace(Form, frozen=True):
    """Which part of the stack is asked for."""

    start_frame: int = 0
    levels: int = 0


class OfFrame(Form, frozen=True):
    """A frame."""

    frame_id: int


class OfValue(Form, frozen=True):
    """A value with members, of which some may be asked for."""

    variables_reference: int
    start: int = 0
    count: int = 0


class OfSource(Form, frozen=True):
    """A document that the client cannot read itself."""

    source_reference: int = 0
    source: Source = Source()


class Evaluate(Form, frozen=True):
    """An expression, in a frame."""

    expression: str
    frame_id: int | None = None


def arguments_of(request: dict[str, Any], form: type[_Form]) -> _Form:
    """Return what a request brings along; raises ``NotUnderstoodError``."""
    try:
        return msgspec.convert(request.get("arguments") or {}, form)
    except msgspec.ValidationError as error:
        raise NotUnderstoodError(f"the arguments of `{request['command']}` cannot be read: {error}") from None
