"""The prompt: tells where a run stands, reads what is asked, and does it, until the run may go on.

Decides what needs a person's word: an unsafe request of a real run leaves only after it was given. The end of the input
is no word: it ends the run before what is next is sent.
"""

from __future__ import annotations

import io
import select
import sys
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct

from arazzo_engine.cli.stepping.commands import ORDERS, Command, Line, help_text, read_line
from arazzo_engine.cli.stepping.faces import Left
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.debugging.orders import BACKWARD
from arazzo_engine.debugging.session import Reason
from arazzo_engine.debugging.telling import document_lines, headline, moment_lines, stack_lines, why_here
from arazzo_engine.machine.effects import Send
from arazzo_engine.printable import bold, in_line, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.debugging.orders import Order
    from arazzo_engine.debugging.session import Session, Stop

_PROMPT: Final = "(arazzo) "
_WHOLE: Final = 10_000
_YES: Final = frozenset({"y", "yes"})
_LONGEST: Final = 4_000
_LONGEST_LINE: Final = 10_000
# in seconds: a signal that came just before somebody waits is seen when they look up
_LOOK: Final = 0.1
_NO_STEP: Final = "no step is open at this moment"
_REPEATED: Final = frozenset({*ORDERS, Command.DIFFERENCE} - {Command.START, Command.END})


class Prompt(Struct):
    """A session at a terminal, or with its commands in a pipe. ``is_live`` says that the run is really made."""

    session: Session
    is_live: bool
    is_replay: bool = False
    last: Command = Command.SHOW

    def __post_init__(self) -> None:
        if isinstance(sys.stdin, io.TextIOWrapper):
            # bytes that are no text are told as what they are, and end no session
            sys.stdin.reconfigure(errors="backslashreplace")

    def stand(self, stop: Stop) -> Left:
        """Tell where the run stands, and do what is asked, until it is left."""
        self._show(stop)
        while True:
            text = self._ask(_PROMPT)
            if text is None:
                return self._end_of_input()
            try:
                left = self._do(text)
            except NotUnderstoodError as misunderstood:
                self._tell(str(misunderstood))
                continue
            if left is not None:
                return left

    def wants_in(self) -> bool:
        """Whether somebody interrupts: Ctrl-C does that by itself."""
        return False

    def _do(self, text: str) -> Left | None:
        line = read_line(text) if text.strip() else Line(self.last)
        self.last = line.command if line.command in _REPEATED else Command.SHOW
        if line.command in ORDERS:
            return self._move(ORDERS[line.command])
        if line.command is Command.QUIT:
            return Left.QUIT
        _ANSWERS[line.command](self, line.argument)
        return None

    def _move(self, order: Order) -> Left | None:
        if order not in BACKWARD and self.session.needs_word() and not self._gives_word():
            return None
        stop = self.session.move(order)
        if stop is None:
            return Left.BEYOND
        if stop.reason is Reason.END:
            # an empty line too many must not leave
            self.last = Command.SHOW
        self._show(stop)
        return None

    def _gives_word(self) -> bool:
        effect = self.session.look().effect
        request = f"{effect.request.method} {effect.request.url}" if isinstance(effect, Send) else "this request"
        text = self._ask(f"send {in_line(self._masked(request))} now? [y/N] ")
        if text is not None and text.strip().lower() in _YES:
            return True
        self._tell("not sent")
        return False

    def _end_of_input(self) -> Left:
        is_over = self.session.history.is_over
        what = "" if is_over or not self.is_live else ": the run ends here, and what is next is not sent"
        self._tell(f"the input has ended{what}")
        return Left.QUIT

    def tell_moment(self, _argument: str) -> None:
        """Tell everything of the moment again."""
        self._tell("\n".join([headline(self.session), *moment_lines(self.session)]))

    def tell_lines(self, _argument: str) -> None:
        """Tell all lines of the step."""
        self._tell("\n".join(document_lines(self.session, _WHOLE)) or _NO_STEP)

    def tell_stack(self, _argument: str) -> None:
        """Tell the steps that led here."""
        self._tell("\n".join(stack_lines(self.session)) or _NO_STEP)

    def print(self, asked: str) -> None:
        """Evaluate an expression or a condition."""
        self._tell(_cut(printable(self.session.evaluate(asked).text)))

    def help(self, _argument: str) -> None:
        """Tell what can be asked for."""
        self._tell(help_text())

    def go_to_difference(self, _argument: str) -> None:
        """Go on to where a replay differs."""
        if not self.is_replay:
            raise NotUnderstoodError("there is no recording to compare this run with", "`arazzo replay --step` has one")
        stop = self.session.next_difference()
        if stop is None:
            self._tell("nothing differs behind this moment")
        else:
            self._show(stop)

    def break_(self, asked: str) -> None:
        """Add a breakpoint, or list them."""
        known = self.session.breakpoints
        if not asked:
            lines = (in_line(f"{number}  {each.text}") for number, each in known.by_number.items())
            self._tell("\n".join(lines) or "there are no breakpoints")
            return
        added = known.add(asked)
        where = f" at {'.'.join(added.step)}" if added.step is not None else ""
        self._tell(in_line(f"breakpoint {added.number}{where}: {added.text}"))

    def delete(self, asked: str) -> None:
        """Remove a breakpoint."""
        if not asked.isdecimal():
            raise NotUnderstoodError("`delete` needs the number of a breakpoint", "`break` alone lists them")
        removed = self.session.breakpoints.remove(int(asked))
        self._tell(in_line(f"removed breakpoint {removed.number}: {removed.text}"))

    def _show(self, stop: Stop) -> None:
        why = why_here(stop, self.session)
        lines = [bold(why) if why else "", headline(self.session), *moment_lines(self.session)]
        self._tell("\n" + "\n".join(filter(None, lines)))

    def _tell(self, text: str) -> None:
        tell(self._masked(text), err=True)

    def _masked(self, text: str) -> str:
        # what was typed may be a secret, too
        return self.session.masker.of_messages().text(text)

    def _ask(self, prompt: str) -> str | None:
        """Return a line of the input without its end, ``None`` when it has ended."""
        click.echo(prompt, nl=False, err=True)
        text = _read_line()
        if text is None:
            click.echo(err=True)
        elif not sys.stdin.isatty():
            # what was not typed is told, so that what follows can be understood
            click.echo(printable(self._masked(text)), err=True)
        return text


def _wait_until_typed() -> None:
    # a terminal gives one line at a time: none of what is typed waits anywhere but there
    if sys.stdin.isatty() and sys.platform != "win32":
        while not select.select([sys.stdin], [], [], _LOOK)[0]:
            pass


def _read_line() -> str | None:
    _wait_until_typed()
    line = sys.stdin.readline(_LONGEST_LINE)
    if not line:
        return None
    while not line.endswith("\n") and (more := sys.stdin.readline(_LONGEST_LINE)):
        # nobody types so much: what is cut is no command, and its rest is none either
        line = f"{line[:_LONGEST_LINE]}…{more[-1:]}"
    return line.rstrip("\r\n")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… cut after {_LONGEST:,} of {len(text):,} characters"


_ANSWERS: Final[dict[Command, Callable[[Prompt, str], None]]] = {
    Command.SHOW: Prompt.tell_moment,
    Command.LIST: Prompt.tell_lines,
    Command.WHERE: Prompt.tell_stack,
    Command.PRINT: Prompt.print,
    Command.BREAK: Prompt.break_,
    Command.DELETE: Prompt.delete,
    Command.HELP: Prompt.help,
    Command.DIFFERENCE: Prompt.go_to_difference,
}
