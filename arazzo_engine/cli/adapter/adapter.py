"""The adapter: a face of debugging sessions that an editor is behind.

Decides what happens before a run, while it stands still, while it goes on, and after it. Going on from an unsafe
request is the word that it needs: a run always stands still before one. A client that goes ends the run there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.cli.adapter import arguments
from arazzo_engine.cli.adapter.framing import Broken, Ended
from arazzo_engine.cli.adapter.points import FILTERS, Points
from arazzo_engine.cli.adapter.sources import sources_of
from arazzo_engine.cli.adapter.view import View
from arazzo_engine.cli.stepping.faces import Left
from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.debugging.orders import Order
from arazzo_engine.debugging.session import Reason
from arazzo_engine.debugging.telling import exchange_lines, found_lines, headline, judged_lines, token_line, why_here
from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.printable import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.adapter.arguments import Form, Initialize, Launch
    from arazzo_engine.cli.adapter.wire import Inbox, Outbox, Taken
    from arazzo_engine.debugging.session import Session, Stop

CAPABILITIES: Final = {
    "supportsConfigurationDoneRequest": True,
    "supportsFunctionBreakpoints": True,
    "supportsConditionalBreakpoints": True,
    "supportsEvaluateForHovers": True,
    "supportsStepBack": True,
    "supportsTerminateRequest": True,
    "exceptionBreakpointFilters": list(FILTERS),
}
_ORDERS: Final = {
    "next": Order.NEXT,
    "stepIn": Order.STEP,
    "stepOut": Order.OUT,
    "continue": Order.GO_ON,
    "stepBack": Order.BACK,
    "reverseContinue": Order.GO_BACK,
}
_REASONS: Final = {
    Reason.ENTRY: "entry",
    Reason.STEP: "step",
    Reason.BREAKPOINT: "breakpoint",
    Reason.DIFFERENCE: "exception",
    Reason.UNSAFE: "pause",
    Reason.PAUSE: "pause",
    Reason.START: "entry",
    Reason.END: "step",
}
_THREAD: Final = 1
_LEAVING: Final = frozenset({"disconnect", "terminate"})


class _Standing(Struct):
    """A session that a client looks at."""

    session: Session
    view: View
    points: Points


class Adapter(Struct):
    """What a client has asked for by now. ``standing`` is the session, ``is_still`` says that it may be looked at."""

    inbox: Inbox
    outbox: Outbox
    counts: Initialize = arguments.Initialize()
    launch: Launch | None = None
    launched_by: dict[str, Any] | None = None
    standing: _Standing | None = None
    is_configured: bool = False
    is_still: bool = False
    is_paused: bool = False
    has_gone: bool = False

    # --- the face of a session ---

    def look_at(self, session: Session, *, is_live: bool, is_replay: bool = False) -> Adapter:
        """Begin to look at a session, and return its face."""
        del is_live, is_replay
        self.outbox.masker = session.masker
        sources = sources_of(session.breakpoints.index)
        points = Points(session.breakpoints, sources, self.counts)
        self.standing = _Standing(session, View(session, sources, self.counts), points)
        return self

    def stand(self, stop: Stop) -> Left:
        """Tell the client where the run stands, and do what it asks, until the run may go on."""
        entered = stop if self.is_configured else self._configure(stop)
        return Left.QUIT if self.has_gone else self._stand(entered)

    def _stand(self, stop: Stop | None) -> Left:
        while stop is not None:
            self._tell(stop)
            order = self._asked()
            if order is None or self.standing is None:
                return Left.QUIT
            stop = self.standing.session.move(order)
        self.is_still = False
        return Left.BEYOND

    def wants_in(self) -> bool:
        """Do what the client has asked meanwhile, and say whether the run is to stand still."""
        while not self.has_gone:
            taken = self.inbox.glance()
            if taken is None:
                break
            self.do(taken)
        is_paused, self.is_paused = self.is_paused, False
        return is_paused or self.has_gone

    def _configure(self, stop: Stop) -> Stop | None:
        """Take the breakpoints of the client before the run goes on; return where it stands then."""
        if self.launched_by is not None:
            self.outbox.respond(self.launched_by)
        self.outbox.tell("initialized")
        while not self.is_configured and not self.has_gone:
            self.do(self.inbox.take())
        if self.standing is None or self.launch is None or self.launch.stop_on_entry:
            return stop
        # the first moment may have a breakpoint itself
        self.standing.session.cursor = -1
        return self.standing.session.move(Order.GO_ON)

    def _asked(self) -> Order | None:
        """Return the next order of the client, ``None`` when it has gone."""
        while not self.has_gone:
            order = self.do(self.inbox.take())
            if order is not None:
                return order
        return None

    def _tell(self, stop: Stop) -> None:
        standing = self.standing
        if standing is None:
            return
        self.is_still = True
        standing.view.forget()
        session = standing.session
        parts = (exchange_lines(session), [token_line(session)], judged_lines(session), found_lines(session))
        lines = [headline(session), *(line for part in parts for line in part if line)]
        self.outbox.output("\n".join(lines) + "\n")
        caught = any(session.breakpoints.by_number[each].caught for each in stop.breakpoints)
        body = {
            "reason": "exception" if caught else _REASONS[stop.reason],
            "description": session.masker.of_messages().text(plain(why_here(stop, session) or headline(session))),
            "threadId": _THREAD,
            "allThreadsStopped": True,
            "hitBreakpointIds": list(stop.breakpoints),
        }
        self.outbox.tell("stopped", body)

    # --- requests ---

    def do(self, taken: Taken) -> Order | None:
        """Do what a message asks for, and answer it; return the order that it gives."""
        match taken:
            case Ended():
                self.has_gone = True
                return None
            case Broken(why=why):
                self.outbox.output(f"{why}: it was left out\n", "stderr")
                return None
            case _:
                return self._do(taken) if taken["type"] == "request" else None

    def _do(self, request: dict[str, Any]) -> Order | None:
        command = request.get("command")
        try:
            if not isinstance(command, str):
                raise NotUnderstoodError("a request names no command")
            if command in _ORDERS:
                self._check_still()
                self.outbox.respond(request, {"allThreadsContinued": True} if command == "continue" else None)
                return _ORDERS[command]
            if command in _LEAVING:
                self.outbox.respond(request)
                self.has_gone = True
            elif command in _REQUESTS:
                _REQUESTS[command](self, request)
            else:
                raise NotUnderstoodError(*_unknown(command))
        except NotUnderstoodError as misunderstood:
            self.outbox.refuse(request, str(misunderstood))
        return None

    def _check_still(self) -> None:
        if not self.is_still:
            raise NotUnderstoodError("nothing stands still that could be looked at", "wait until the run has stopped")

    def initialize(self, request: dict[str, Any]) -> None:
        """Say what can be done."""
        self.counts = arguments.arguments_of(request, arguments.Initialize)
        self.outbox.respond(request, dict(CAPABILITIES))

    def begin(self, request: dict[str, Any]) -> None:
        """Take what is to be debugged; it is answered when that has begun."""
        if self.launch is not None:
            raise NotUnderstoodError("something was launched already")
        self.launch = arguments.arguments_of(request, arguments.Launch)
        self.launched_by = request

    def configured(self, request: dict[str, Any]) -> None:
        """Let the run go on."""
        self.is_configured = True
        self.outbox.respond(request)

    def pause(self, request: dict[str, Any]) -> None:
        """Let the run stand still at its next moment."""
        self.is_paused = not self.is_still
        self.outbox.respond(request)

    def threads(self, request: dict[str, Any]) -> None:
        """Say that there is one run."""
        self.outbox.respond(request, {"threads": [{"id": _THREAD, "name": "run"}]})

    def attach(self, request: dict[str, Any]) -> None:
        """Refuse to look at a run that somebody else makes."""
        raise NotUnderstoodError(f"`{request['command']}` is not supported", "use a launch configuration")

    def seen(self, request: dict[str, Any], form: type[Form], ask: Callable[[View, Any], dict[str, Any]]) -> None:
        """Answer what is asked of the moment where the run stands."""
        self._check_still()
        if self.standing is not None:
            self.outbox.respond(request, ask(self.standing.view, arguments.arguments_of(request, form)))

    def set(self, request: dict[str, Any], form: type[Form], put: Callable[[Points, Any], dict[str, Any]]) -> None:
        """Set breakpoints of a kind."""
        if self.standing is None:
            raise NotUnderstoodError("nothing was launched yet", "set breakpoints after the event `initialized`")
        self.outbox.respond(request, put(self.standing.points, arguments.arguments_of(request, form)))


def _unknown(command: str) -> tuple[str, str]:
    return f"there is no request `{command}`", did_you_mean(command, [*_REQUESTS, *_ORDERS, *_LEAVING])


def _seen(form: type[Form], ask: Callable[[View, Any], dict[str, Any]]) -> Callable[[Adapter, dict[str, Any]], None]:
    return lambda adapter, request: adapter.seen(request, form, ask)


def _set(form: type[Form], put: Callable[[Points, Any], dict[str, Any]]) -> Callable[[Adapter, dict[str, Any]], None]:
    return lambda adapter, request: adapter.set(request, form, put)


_REQUESTS: Final[dict[str, Callable[[Adapter, dict[str, Any]], None]]] = {
    "initialize": Adapter.initialize,
    "launch": Adapter.begin,
    "attach": Adapter.attach,
    "configurationDone": Adapter.configured,
    "threads": Adapter.threads,
    "pause": Adapter.pause,
    "stackTrace": _seen(arguments.StackTrace, View.stack_trace),
    "scopes": _seen(arguments.OfFrame, View.scopes),
    "variables": _seen(arguments.OfValue, View.variables),
    "evaluate": _seen(arguments.Evaluate, View.evaluate),
    "source": _seen(arguments.OfSource, View.source),
    "setBreakpoints": _set(arguments.SetBreakpoints, Points.set_lines),
    "setFunctionBreakpoints": _set(arguments.SetFunctionBreakpoints, Points.set_steps),
    "setExceptionBreakpoints": _set(arguments.SetExceptionBreakpoints, Points.set_caught),
}
