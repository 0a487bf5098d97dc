"""What a run asks of the world, and what the world answers.

The interpreter yields an ``Effect`` and is sent its reply; it never acts by itself. Time arrives only in
replies, so a run is determined by its replies: live, simulated and replayed runs differ in nothing else.

=========  =====================  ==============================================
effect     reply                  meaning
=========  =====================  ==============================================
``Send``   ``Answer``             send this request; a network failure is an answer
``Wait``   ``None``               let that many seconds pass
``Emit``   ``float``              tell the observers; the reply is the time now
``Draw``   ``str``                a text that nobody can guess
``Keep``   ``str``                keep a token beyond the run; the reply says why not
``Recall`` ``Token`` or ``None``  what is kept by now, perhaps by another run
``Sign``   ``Signed``             prove who is asking, as a function of the user's does, or say in which trace
=========  =====================  ==============================================
"""

from __future__ import annotations

from collections.abc import Generator
from math import isfinite
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.typed import Reticent, Silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.security.authorization import Signature
    from arazzo_engine.apis.security.credentials import Entry
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.apis.urls import BaseUrl
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Headers, Request, Response
    from arazzo_engine.reporting.events import Event


class Asked(Struct, frozen=True, eq=False):
    """Who asks for an answer, and what will be seen with it: what a rehearsal needs to know, and no request does.

    ``attempt`` counts from 1 whenever the step is come to.
    """

    workflow: LinkedWorkflow
    step: LinkedStep
    attempt: int
    scope_with: Callable[[Response | None], Scope]


class Send(Silent, frozen=True):
    """Send a request and get its ``Answer``. ``timeout`` is in seconds; ``None`` leaves it to the transport.

    The URL of the request stays below ``base``, or nothing is sent; without one, the URL was named as a whole.
    A request without an ``operation`` is for a token: it and its answer hold secrets, and it is never redirected.
    ``parameters`` are the values that the request was written from, each with what the operation says of it. ``asked``
    is for whoever makes answers up. ``signatures`` are made last, of the request as it leaves. ``may_repeat`` says that
    the request does no harm when it is sent again by somebody who does not know its answer.
    """

    request: Request
    operation: Operation | None
    timeout: float | None = None
    base: BaseUrl | None = None
    parameters: tuple[tuple[ParameterDescription, JsonValue], ...] = ()
    asked: Asked | None = None
    signatures: tuple[Signature, ...] = ()
    may_repeat: bool = False


class Wait(Struct, frozen=True):
    """Let this many seconds pass."""

    seconds: float


class Emit(Struct, frozen=True):
    """Tell the observers what happened. The reply is the time, in seconds since the epoch."""

    event: Event


class Draw(Struct, frozen=True):
    """Get a text that nobody can guess and that was never used: 32 hexadecimal digits."""


class Keep(Silent, frozen=True):
    """Keep a token beyond the run, in place of the one before it. The reply is why that cannot be, or ``""``."""

    entry: Entry
    token: Token


class TraceContext(Struct, frozen=True):
    """The headers that name the span of an attempt to the server: whoever makes the spans fills them in on the way."""

    headers: Headers = ()


class Sign(Silent, frozen=True):
    """Sign a request that is about to leave. It is an effect so that what is kept of a run has the same headers."""

    request: Request
    signature: Signature | TraceContext


class Signed(Reticent, frozen=True):
    """The headers that sign a request, or why there are none."""

    headers: Headers = ()
    problem: str = ""

    def _shown(self) -> str:
        return self.problem or ", ".join(name for name, _ in self.headers)


class Recall(Struct, frozen=True):
    """Get the token that is kept beyond the run: without its text when it has ended."""

    entry: Entry


_NOT_SENT: Final = "not_sent"
Effect: TypeAlias = Send | Wait | Emit | Draw | Keep | Recall | Sign


_Cut = TypeVar("_Cut", bound=BaseException)


class NotSent(ArazzoError):  # noqa: N818 - a state of the run
    """The world stops the run at a ``Send``, and the request surely never left; whatever else it raises is no proof.

    ``earlier`` has a note for each time that it was sent before.
    """

    def __init__(self, *diagnostics: Diagnostic, earlier: tuple[str, ...] = ()) -> None:
        super().__init__(*diagnostics)
        self.earlier = earlier


def before_sending(cut: _Cut) -> _Cut:
    """Return what ended a run, which says of itself what ``NotSent`` says: it came before the request could leave."""
    vars(cut)[_NOT_SENT] = True
    return cut


def is_before_sending(error: BaseException) -> bool:
    """Whether what ended a run at a ``Send`` proves that the request never left."""
    return isinstance(error, NotSent) or _NOT_SENT in vars(error)


Reply: TypeAlias = "Answer | float | str | Signed | Token | None"
_T = TypeVar("_T")
Interaction: TypeAlias = Generator[Effect, Reply, _T]


def send(effect: Send) -> Interaction[Answer]:
    """Yield a ``Send`` and return its answer, with its exact type."""
    reply = yield effect
    if not isinstance(reply, Answer):
        raise TypeError(f"a Send is answered with an Answer, not {reply!r}")
    return reply


def wait(seconds: float) -> Interaction[None]:
    """Yield a ``Wait``."""
    yield Wait(seconds)


def emit(event: Event) -> Interaction[float]:
    """Yield an ``Emit`` and return the time, in seconds since the epoch."""
    reply = yield Emit(event)
    # a time that is no number is before and after nothing: no deadline would ever pass
    if not isinstance(reply, float) or not isfinite(reply):
        raise TypeError(f"an Emit is answered with the time, not {reply!r}")
    return reply


def draw() -> Interaction[str]:
    """Yield a ``Draw`` and return the text."""
    reply = yield Draw()
    if not isinstance(reply, str):
        raise TypeError(f"a Draw is answered with a text, not {reply!r}")
    return reply


def keep(entry: Entry, token: Token) -> Interaction[str]:
    """Yield a ``Keep`` and return why it was not done."""
    reply = yield Keep(entry, token)
    if not isinstance(reply, str):
        raise TypeError(f"a Keep is answered with a text, not {reply!r}")
    return reply


def recall(entry: Entry) -> Interaction[Token | None]:
    """Yield a ``Recall`` and return what is kept."""
    reply = yield Recall(entry)
    if reply is None:
        return None
    from arazzo_engine.apis.security.grants import Token  # noqa: PLC0415 - few runs get tokens

    if not isinstance(reply, Token):
        raise TypeError(f"a Recall is answered with a token, not {reply!r}")
    return reply


def sign(effect: Sign) -> Interaction[Signed]:
    """Yield a ``Sign`` and return what it gave."""
    reply = yield effect
    if not isinstance(reply, Signed):
        raise TypeError(f"a Sign is answered with a Signed, not {reply!r}")
    return reply
