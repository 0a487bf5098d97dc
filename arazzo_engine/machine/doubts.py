"""Requests whose outcome is unknown: sent, and never answered. None of them is sent again where that could do harm.

Decides what may be repeated, stops the run before a request in doubt would be, and keeps what is unsettled until it is
told. A doubt is settled by an answer to the same request, and by a step that finds out: one that leads back to the step
in doubt with a ``goto``, or one that reads what the request was about and is content with it. Anything else is for a
person to find out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.idempotency import IDEMPOTENT_METHODS, SAFE_METHODS, idempotency_headers, is_key
from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.requests.sameness import is_same_request
from arazzo_engine.typed import Silent, SilentState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.answers import NoResponse

_Place: TypeAlias = tuple[WorkflowKey, str]


class InDoubt(ArazzoError):  # noqa: N818 - a state of the run, that a person resolves
    """The run ends because nobody knows whether a request of it was acted upon.

    ``earlier`` has a note for each time that the request was sent before the last one.
    """

    def __init__(self, *diagnostics: Diagnostic, earlier: tuple[str, ...] = ()) -> None:
        super().__init__(*diagnostics)
        self.earlier = earlier


class Doubt(Silent, frozen=True):
    """A request that may have been acted upon, by the step that sent it; ``told`` is what is said of it."""

    place: _Place
    linked: LinkedStep
    request: Request
    told: tuple[Diagnostic, ...] = ()

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The headers that let the server recognise the request when it comes again, as the operation declares."""
        target = self.linked.target
        declared = {each.lower() for each in (idempotency_headers(target) if isinstance(target, Operation) else ())}
        return tuple(each for each in self.request.headers if each[0].lower() in declared)

    @property
    def is_harmless(self) -> bool:
        """Whether the request asks for the same when it is sent again: as somebody says of it, or by its method."""
        said = self.linked.idempotent
        return self.request.method in IDEMPOTENT_METHODS if said is None else said

    @property
    def how_again(self) -> str:
        """With what a harmless request does no harm when it is sent again, or since when."""
        if self.keys:
            return f"with `{_written(self.keys)}`"
        by_method = f"since {self.request.method} is idempotent"
        return by_method if self.linked.idempotent is None else "since it is said to be idempotent"

    def is_of(self, other: Doubt) -> bool:
        """Whether the other request asks for the same, and means to do it once."""
        return self.keys == other.keys and is_same_request(self.request, other.request)

    def forbids(self, other: Doubt) -> bool:
        """Whether the other request must not be sent while nobody knows what became of this one."""
        if self.is_harmless:
            return False
        if self.keys:
            return self.keys != other.keys and is_same_request(self.request, other.request)
        return self.place == other.place or is_same_request(self.request, other.request)

    def is_asked_by(self, linked: LinkedStep) -> bool:
        """Whether a step reads what the request was about: its path is the same, or one leads to the other."""
        asked, doubted = linked.target, self.linked.target
        if not isinstance(asked, Operation) or not isinstance(doubted, Operation) or asked.source != doubted.source:
            return False
        paths = [each.path.strip("/").split("/") for each in (asked, doubted)]
        shorter, longer = sorted(paths, key=len)
        return asked.method in SAFE_METHODS and shorter != [""] and longer[: len(shorter)] == shorter


def may_repeat(key: WorkflowKey, linked: LinkedStep, request: Request) -> bool:
    """Whether a request does no harm when it is sent again: by its method, or since the server recognises it."""
    doubt = Doubt((key, linked.step.step_id), linked, request)
    return doubt.is_harmless or bool(doubt.keys)


def how_again(key: WorkflowKey, linked: LinkedStep, request: Request) -> str:
    """Return with what such a request does no harm when it is sent again, or since when."""
    return Doubt((key, linked.step.step_id), linked, request).how_again


class Doubts(SilentState):
    """The requests in doubt of a run; ``open`` are those that nothing has settled, in the order they were sent.

    The runs of a session share ``pending``, by the step that sent them: what one of them left in doubt, none of the
    others sends again. One that ``repeats`` keeps to the letter of the specification, and sends again whatever it says.
    ``last`` is the step of the last exchange, ``refused`` what a step was not let to send again.
    """

    pending: dict[_Place, Doubt] = field(default_factory=dict)
    repeats: bool = False
    open: list[Doubt] = field(default_factory=list)
    last: _Place | None = None
    refused: Doubt | None = None

    def check(self, key: WorkflowKey, linked: LinkedStep, request: Request) -> tuple[str, ...]:
        """Return what is to be noted when a request is sent that is in doubt, or the same as one of another step.

        Raises ``InDoubt`` (``request-in-doubt``) when it must not be sent.
        """
        asked = Doubt((key, linked.step.step_id), linked, request)
        self.refused = next((each for each in self.pending.values() if each.forbids(asked)), None)
        if self.refused is None:
            return ()
        if self.repeats:
            return ("sent again, as `--retry-unsafe` asks: the first may have been acted upon, too",)
        step_id = linked.step.step_id
        message = f"step `{step_id}` would send {request.method} {request.url} again, and the outcome of the first"
        at = linked.step.at.child("stepId").location()
        raise InDoubt(diagnose("request-in-doubt", f"{message} is unknown", at, fix=_find_out(step_id)))

    def note(self, key: WorkflowKey, linked: LinkedStep, request: Request, result: Response | NoResponse) -> None:
        """Remember what is in doubt after an exchange, and forget what no longer is."""
        place = self.last = key, linked.step.step_id
        if isinstance(result, Response):
            answered = Doubt(place, linked, request)
            self._forget(each for each in (*self.open, *self.pending.values()) if answered.is_of(each))
        elif result.is_in_doubt and request.method not in SAFE_METHODS:
            doubt = Doubt(place, linked, request)
            self._forget(each for each in self.open if doubt.is_of(each))
            doubt = replace(doubt, told=(_tell(doubt),))
            self.open.append(doubt)
            self.pending[place] = doubt

    def settle(self, key: WorkflowKey, step_id: str) -> None:
        """Take a step that a successful step leads to as one that may be sent again."""
        self._forget(each for each in (*self.open, *self.pending.values()) if each.place == (key, step_id))

    def learn(self, linked: LinkedStep) -> None:
        """Take what a step reads, and is content with, as what became of the requests that it asks about.

        They happened: none of them is sent again.
        """
        self.open = [each for each in self.open if not each.is_asked_by(linked)]

    def _forget(self, settled: Iterator[Doubt]) -> None:
        gone = set(map(id, settled))
        if gone:
            self.open = [each for each in self.open if id(each) not in gone]
            for place in [place for place, each in self.pending.items() if id(each) in gone]:
                del self.pending[place]


def _tell(doubt: Doubt) -> Diagnostic:
    method, url, step = doubt.request.method, doubt.request.url, doubt.linked.step
    message = f"step `{step.step_id}` sent {method} {url} and got no answer"
    at = step.at.child("stepId").location()
    if not doubt.keys and not doubt.is_harmless:
        fix = _find_out(step.step_id) + "".join(_undeclared(doubt.request))
        return diagnose("request-in-doubt", message, at, fix=fix)
    fix = f"find out whether it happened, or send it again {doubt.how_again}: that is safe, as it is done once"
    return diagnose("request-in-doubt", f"{message}; its outcome is unknown", at, fix=fix)


def _undeclared(request: Request) -> Iterator[str]:
    """Yield what is said of a key that the operation does not declare, and promises nothing."""
    keys = tuple(each for each in request.headers if is_key(each[0]))
    if keys:
        yield f"; `{_written(keys)}` makes it safe only if the API says so, and its description does not declare it"


def _written(keys: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in keys)


def _find_out(step_id: str) -> str:
    return (
        f"find out whether it happened before anything sends it again; a workflow does so with a step that asks, and"
        f" goes to `{step_id}` by a success action when it did not"
    )
