"""A recording, read back: how it began, its documents, its effects with their replies, how its runs ended.

Decides which texts are recordings, and says of each other one what it is instead. One that was cut off is one, as far
as it goes: what is missing is known to be missing.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.recording.beginning import BEGINNING, CAPTURE, FORM, Beginning, Text, read_text
from arazzo_engine.recording.effects import EFFECT
from arazzo_engine.recording.lines import ChangedLineError, read_lines
from arazzo_engine.recording.shapes import check_begun, check_shape, converted
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Mapping

_END: Final = "end"
_MAKE: Final = "record a run with `arazzo run --record FILE`"


class Line(Silent, frozen=True):
    """One line of a recording, by its number."""

    number: int
    value: dict[str, Any]

    @property
    def effect(self) -> str:
        """The effect that was recorded, ``""`` when it is no effect."""
        return str(self.value.get(EFFECT, ""))


class Recording(Silent, frozen=True, dict=True):
    """A recording: ``lines`` are its effects in order, ``ends`` how each of its runs ended, ``read`` its documents.

    ``is_torn`` says that it ends in the middle of a line.
    """

    name: str
    beginning: Beginning
    texts: Mapping[str, bytes]
    read: tuple[Text, ...]
    lines: tuple[Line, ...]
    ends: tuple[dict[str, Any], ...]
    is_torn: bool

    @cached_property
    def is_whole(self) -> bool:
        """Whether all its runs have ended in it."""
        return not self.is_torn and len(self.ends) == len(self.beginning.workflows)

    def where_cut(self) -> str:
        """Return where it was cut off, for a person."""
        underway = ""
        for line in self.lines:
            event = line.value.get("event", {})
            if event.get("type") == "stepStarted":
                underway = f"while step `{event['stepId']}` was underway (attempt {event['attempt']})"
            elif event.get("type") == "stepFinished":
                underway = f"after step `{event['stepId']}`"
        how = "in the middle of a line" if self.is_torn else "before the run does"
        return f"it ends {how}, {underway or 'before the first step'}"


def read_recording(content: bytes, name: str) -> Recording:
    """Return the recording in a file; raises ``ArazzoError`` (``recording-unreadable``, ``recording-too-new``)."""
    first = first_of(content)
    if CAPTURE in first:
        raise ArazzoError(_captured(name))
    form = first.get(BEGINNING)
    if isinstance(form, int) and form > FORM:
        raise ArazzoError(too_new(name, first))
    try:
        read = read_lines(content)
    except ChangedLineError as found:
        raise ArazzoError(changed(name, found.number) if form == FORM else _foreign(name, found.number)) from found
    if not read.values:
        raise ArazzoError(_not_begun(name, content, first))
    return _read(name, read.values, is_torn=read.is_torn)


def _read(name: str, values: Any, *, is_torn: bool) -> Recording:  # noqa: ANN401 - a sequence of JSON objects
    beginning = _checked(name, values)
    texts = {value["text"]: _read_text(name, value) for value in values[1:] if "text" in value}
    later = tuple(msgspec.convert(value["of"], Text) for value in values[1:] if "text" in value and "of" in value)
    missing = {each.digest for each in (*beginning.texts, *later)} - texts.keys()
    if missing:
        message = f"{name} was cut off before the run began: documents that it names are not in it"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=_MAKE))
    numbered = [Line(number, value) for number, value in enumerate(values[1:], 2)]
    lines = tuple(each for each in numbered if each.effect)
    ends = tuple(each.value[_END] for each in numbered if _END in each.value)
    return Recording(name, beginning, texts, (*beginning.texts, *later), lines, ends, is_torn)


def _checked(name: str, values: Any) -> Beginning:  # noqa: ANN401 - a sequence of JSON objects
    """Return the first line, when all of them are as this engine writes them."""
    number = 1
    try:
        beginning: Beginning = converted(_without_seal(values[0]), Beginning)
        check_begun(values[0])
        for number, value in enumerate(values[1:], 2):  # noqa: B007 - it is told when one is not
            check_shape(value)
    except msgspec.ValidationError as error:
        where = "" if number == 1 else f"line {number}: "
        message = f"{name} is no recording of this engine: {where}{error}"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=_MAKE)) from error
    return beginning


def _read_text(name: str, value: dict[str, Any]) -> bytes:
    try:
        return read_text(value)
    except ValueError as error:
        message = f"{name} is no recording of this engine: {error}"
        raise ArazzoError(diagnose("recording-unreadable", message, fix=_MAKE)) from error


def _without_seal(value: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in value.items() if name != "seal"}


def first_of(content: bytes) -> dict[str, Any]:
    """Return the first line, whatever it is."""
    try:
        value = json.loads(content.partition(b"\n")[0])
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def too_new(name: str, first: dict[str, Any]) -> Diagnostic:
    """Return what is said of what a newer engine has written."""
    message = f"{name} was recorded by a newer engine, {first.get('engine') or 'of an unknown version'}"
    return diagnose("recording-too-new", message, fix="replay it with that version or a later one")


def _captured(name: str) -> Diagnostic:
    message = f"{name} is a capture of traffic, and there is no run in it that could be made again"
    fix = "`arazzo new --from` drafts a workflow of it, `arazzo replay --export` writes its exchanges in other forms"
    return diagnose("recording-unreadable", message, fix=fix)


def _foreign(name: str, number: int) -> Diagnostic:
    return diagnose("recording-unreadable", f"{name} is no recording: {_what_else(number)}", fix=_MAKE)


def changed(name: str, number: int) -> Diagnostic:
    """Return what is said of a line that was not written so."""
    message = (
        f"{name} was changed after it was recorded: line {number} is not what was written, or one before it is gone"
    )
    fix = "use the file as it was recorded; what stands for a secret must stay as it is, too"
    return diagnose("recording-unreadable", message, fix=fix)


def _what_else(number: int) -> str:
    return "its first line does not say that it is one" if number == 1 else f"line {number} belongs to none"


def _not_begun(name: str, content: bytes, first: dict[str, Any]) -> Diagnostic:
    if not content:
        return diagnose("recording-unreadable", f"{name} is empty", fix=_MAKE)
    if BEGINNING in first or content.startswith(b'{"recording"'[: len(content)]):
        message = f"{name} was cut off before the run began: its first line is not whole"
        return diagnose("recording-unreadable", message, fix=_MAKE)
    return diagnose("recording-unreadable", f"{name} is no recording: {_what_else(1)}", fix=_MAKE)
