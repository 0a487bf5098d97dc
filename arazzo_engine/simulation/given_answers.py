"""Answers that are given by step: status, headers, body, how long they take, or that there is none.

Decides what may be written and what it means, and tells each mistake with its place. Which text it stands in, and what
is done with an answer, is not known here: a file of answers for a rehearsal has nothing else, and another text may have
them as a part of it.
"""

from __future__ import annotations

import base64
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.step_names import NoSuchStep, sending_step
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.language.reading.nodes import type_name
from arazzo_engine.simulation.cues import ERRORS, STATUSES, GivenAnswer, GivenAnswers, listed, no_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Headers

_CODE: Final = "answer-invalid"
# no clock counts beyond a year
_LONGEST: Final = 31_536_000
_BODIES: Final = ("body", "text", "base64")
_OF_A_RESPONSE: Final = ("status", "headers", *_BODIES, "whole")


def read_answers(at: Place, linked: LinkedDescription) -> dict[str, GivenAnswers]:
    """Return the answers that stand at a place, by the full name of their step.

    Raises ``ArazzoError`` (``answer-invalid``) with everything that is wrong.
    """
    reader = _Reader(linked)
    reader.read(at)
    if reader.problems:
        raise ArazzoError(*reader.problems)
    return reader.found


class _Reader(Struct):
    linked: LinkedDescription
    problems: list[Diagnostic] = field(default_factory=list)
    found: dict[str, GivenAnswers] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def read(self, at: Place) -> None:
        """Read the answers of all steps."""
        value = value_at(at)
        if not isinstance(value, dict):
            message = f"the answers must be an object, not {type_name(value)}"
            self._refuse(message, at, "write the name of each step with its answer, or a list of its answers")
            return
        for name, given in value.items():
            here = at.child(name)
            step = self._step(name, here)
            answers = self._of_step(given, here)
            if step is not None:
                self.found[step] = answers

    def _step(self, name: str, at: Place) -> str | None:
        try:
            step = sending_step(self.linked, name)
        except NoSuchStep as error:
            self.problems.append(diagnose(_CODE, f"`{name}` {error.what}", at.key_location(), fix=error.fix))
            return None
        if step in self.named:
            message = f"`{name}` names the same step as `{self.named[step]}`"
            self.problems.append(diagnose(_CODE, message, at.key_location(), fix="give its answers once"))
        self.named[step] = name
        return step

    def _of_step(self, value: JsonValue, at: Place) -> GivenAnswers:
        if not isinstance(value, list):
            return GivenAnswers((self._answer(value, at),), is_for_all=True)
        return GivenAnswers(tuple(self._answer(each, at.child(index)) for index, each in enumerate(value)))

    def _answer(self, value: JsonValue, at: Place) -> GivenAnswer:
        if not isinstance(value, dict):
            fix = f"write an object with {_listed(_FIELDS)}"
            self._refuse(f"an answer must be an object, not {type_name(value)}", at, fix)
            return GivenAnswer()
        read: dict[str, Any] = {}
        for name, each in value.items():
            if name not in _FIELDS:
                fix = did_you_mean(name, _FIELDS) or f"an answer has {_listed(_FIELDS)}"
                message = f"an answer has no field `{name}`"
                self.problems.append(diagnose(_CODE, message, at.child(name).key_location(), fix=fix))
                continue
            part, take = _FIELDS[name]
            read[part] = take(self, each, at.child(name))
        self._check_together(value, at)
        is_sent = read.pop("sent", None)
        answer = GivenAnswer(**read)
        if answer.without is None or is_sent is None:
            return answer
        return replace(answer, without=replace(answer.without, sent=is_sent))

    def _check_together(self, value: dict[str, JsonValue], at: Place) -> None:
        """Refuse what cannot stand beside each other."""
        beside = [name for name in _OF_A_RESPONSE if name in value]
        bodies = [name for name in _BODIES if name in value]
        if "error" in value and beside:
            message = f"an answer with `error` is none, and has no `{beside[0]}`"
            self._refuse(message, at.child("error"), "leave out one")
        elif len(bodies) > 1:
            self._refuse(f"`{bodies[0]}` and `{bodies[1]}` are two bodies", at.child(bodies[1]), "leave out one")
        if "sent" in value and "error" not in value:
            self._refuse("`sent` is said of an `error` alone", at.child("sent"), "leave it out")

    def read_status(self, value: JsonValue, at: Place) -> int | None:
        """Return a status."""
        if isinstance(value, int) and not isinstance(value, bool) and value in STATUSES:
            return value
        what = f"{value}" if isinstance(value, int | float) else type_name(value)
        self._refuse(f"`status` must be a number from 100 to 599, not {what}", at, "write it as a number, such as 200")
        return None

    def read_headers(self, value: JsonValue, at: Place) -> Headers:
        """Return the headers; one with a list of values stands there as often."""
        if not isinstance(value, dict):
            self._refuse(f"`headers` must be an object, not {type_name(value)}", at, "write each header with its value")
            return ()
        return tuple(pair for name, each in value.items() for pair in self._header(name, each, at.child(name)))

    def _header(self, name: str, value: JsonValue, at: Place) -> Iterator[tuple[str, str]]:
        values = [*enumerate(value)] if isinstance(value, list) else [(None, value)]
        for index, each in values:
            if isinstance(each, str | int | float):
                yield name, str(each).lower() if isinstance(each, bool) else str(each)
            else:
                here = at if index is None else at.child(index)
                self._refuse(f"header `{name}` must be a text, not {type_name(each)}", here, "write it as it is sent")

    def read_body(self, value: JsonValue, _at: Place) -> JsonValue:
        """Return a body: any value is one."""
        return value

    def read_text(self, value: JsonValue, at: Place) -> bytes | None:
        """Return the bytes of a text."""
        if isinstance(value, str):
            return value.encode("utf-8", errors="surrogatepass")
        self._refuse(f"`text` must be a text, not {type_name(value)}", at, "write a value as `body`")
        return None

    def read_base64(self, value: JsonValue, at: Place) -> bytes | None:
        """Return bytes that are written as base64."""
        if isinstance(value, str):
            with suppress(ValueError):
                return base64.b64decode(value, validate=True)
        what = "this text" if isinstance(value, str) else type_name(value)
        self._refuse(f"`base64` must be bytes in base64, not {what}", at, "write a text that is none as `text`")
        return None

    def read_flag(self, value: JsonValue, at: Place) -> bool | None:
        """Return what is true or not."""
        if isinstance(value, bool):
            return value
        self._refuse(f"it must be true or false, not {type_name(value)}", at, "write `true` or `false`")
        return None

    def read_delay(self, value: JsonValue, at: Place) -> float:
        """Return how long an answer takes, in seconds."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, int | float) and is_number and math.isfinite(value) and 0 <= value <= _LONGEST:
            return float(value)
        what = f"{value}" if is_number else type_name(value)
        message = f"`delay` must be a number of seconds, from 0 to {_LONGEST:,}, not {what}"
        self._refuse(message, at, "write it as a number, such as 1.5")
        return 0.0

    def read_error(self, value: JsonValue, at: Place) -> NoResponse | None:
        """Return why there is no answer."""
        if isinstance(value, str) and value in ERRORS:
            return no_response(value)
        guess = did_you_mean(value, ERRORS) if isinstance(value, str) else ""
        what = f"`{value}`" if isinstance(value, str) else type_name(value)
        self._refuse(f"`error` must be {listed(ERRORS)}, not {what}", at, guess or "write why there is no answer")
        return None

    def _refuse(self, message: str, at: Place, fix: str) -> None:
        self.problems.append(diagnose(_CODE, message, at.location(), fix=fix))


_FIELDS: Final[dict[str, tuple[str, Callable[[_Reader, JsonValue, Place], object]]]] = {
    "status": ("status", _Reader.read_status),
    "headers": ("headers", _Reader.read_headers),
    "body": ("body", _Reader.read_body),
    "text": ("content", _Reader.read_text),
    "base64": ("content", _Reader.read_base64),
    "whole": ("is_whole", _Reader.read_flag),
    "delay": ("delay", _Reader.read_delay),
    "error": ("without", _Reader.read_error),
    "sent": ("sent", _Reader.read_flag),
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
