"""What a rehearsal is told to answer at a step, by its full name: a failure, or an answer that is given.

Values, and what may be said: whether the step is reached, and what the answer looks like, is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.apis.linking.step_names import step_of_option
from arazzo_engine.diagnostics import ArazzoError, diagnose, did_you_mean
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.answers import Failure, NoResponse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.messages.exchange import Headers

_OPTION: Final = "--fail"
STATUSES: Final = range(100, 600)
_REASONS: Final[dict[str, NoResponse]] = {
    Failure.TIMEOUT: NoResponse(Failure.TIMEOUT, "no answer in time"),
    Failure.CONNECT: NoResponse(Failure.CONNECT, "no connection", sent=False),
    Failure.TLS: NoResponse(Failure.TLS, "no secure connection", sent=False),
    Failure.PROTOCOL: NoResponse(Failure.PROTOCOL, "the connection was closed before an answer"),
    Failure.TOO_LARGE: NoResponse(Failure.TOO_LARGE, "the answer is too large"),
    Failure.INTERRUPTED: NoResponse(Failure.INTERRUPTED, "the run is interrupted"),
}
# what stands for an answer that there is none of; the last is no failure of the step, but the end of the run
ERRORS: Final = tuple(_REASONS)
# what a step can be told to fail with: a status, one of these words, or nothing in particular
FAILURES: Final = tuple(each for each in _REASONS if each != Failure.INTERRUPTED)
GivenFailure: TypeAlias = int | str | None


class Fails(Struct, frozen=True):
    """Fail: with a status, without an answer, or as the description says."""

    status: int | None = None
    without: NoResponse | None = None


class GivenAnswer(Struct, frozen=True):
    """What is given of one answer; what is not is made up, and not there when it ``is_whole``. ``delay`` is in seconds.

    ``content`` are the bytes of a body that is not written as its content type says.
    """

    status: int | None = None
    headers: Headers = ()
    body: Value = ABSENT
    content: bytes | None = None
    is_whole: bool = False
    delay: float = 0.0
    without: NoResponse | None = None


class GivenAnswers(Struct, frozen=True):
    """The answers of one step: one for each of its requests in their order, or the same one for all."""

    answers: tuple[GivenAnswer, ...]
    is_for_all: bool = False

    def answer(self, visit: int) -> GivenAnswer | None:
        """Return the answer to the ``visit`` th request, ``None`` where none is given."""
        if self.is_for_all:
            return self.answers[0]
        return self.answers[visit - 1] if visit <= len(self.answers) else None


class Cues(Struct, frozen=True):
    """What is said of each step."""

    failing: Mapping[str, Fails] = field(default_factory=dict)
    answers: Mapping[str, GivenAnswers] = field(default_factory=dict)


def failing_steps(linked: LinkedDescription, given: Mapping[str, GivenFailure]) -> dict[str, Fails]:
    """Return the failure of each step; ``given`` has them by ``[workflow.]step``.

    Raises ``ArazzoError`` (``option-invalid``).
    """
    return {step_of_option(linked, name, _OPTION): _failure(name, failure) for name, failure in given.items()}


def no_response(failure: str, reason: str = "") -> NoResponse:
    """Return what a step gets instead of an answer."""
    made = _REASONS[failure]
    return NoResponse(made.failure, reason or made.reason, made.sent)


def _failure(name: str, given: GivenFailure) -> Fails:
    if given is None:
        return Fails()
    if isinstance(given, str) and given in FAILURES:
        return Fails(without=no_response(given))
    if isinstance(given, int) and not isinstance(given, bool) and given in STATUSES:
        return Fails(given)
    message = f"`{_OPTION} {name}={given}` names no failure"
    guess = did_you_mean(given, FAILURES) if isinstance(given, str) else ""
    fix = guess or f"write a status from 100 to 599, or {listed(FAILURES)}, or leave it out"
    raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def listed(words: Sequence[str]) -> str:
    """Return words as they stand in a message."""
    return " or ".join([", ".join(f"`{each}`" for each in words[:-1]), f"`{words[-1]}`"])
