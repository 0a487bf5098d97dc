"""The commands of a debugging session: their names, what each is for, and what is meant by a line.

Decides what a line means; what becomes of it is decided by ``prompt``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.debugging.orders import Order
from arazzo_engine.diagnostics import did_you_mean


class Command(StrEnum):
    """What can be asked for."""

    STEP = "step"
    NEXT = "next"
    OUT = "out"
    CONTINUE = "continue"
    BACK = "back"
    REVERSE = "reverse"
    DIFFERENCE = "difference"
    START = "start"
    END = "end"
    SHOW = "show"
    LIST = "list"
    WHERE = "where"
    PRINT = "print"
    BREAK = "break"
    DELETE = "delete"
    HELP = "help"
    QUIT = "quit"


ORDERS: Final = {
    Command.STEP: Order.STEP,
    Command.NEXT: Order.NEXT,
    Command.OUT: Order.OUT,
    Command.CONTINUE: Order.GO_ON,
    Command.BACK: Order.BACK,
    Command.REVERSE: Order.GO_BACK,
    Command.START: Order.START,
    Command.END: Order.END,
}
_SUMMARIES: Final = {
    Command.STEP: ("", "go to the next moment: a step begins, its request, its judgement"),
    Command.NEXT: ("", "the same, past requests and called workflows"),
    Command.OUT: ("", "go on until the called workflow is left"),
    Command.CONTINUE: ("", "go on to the next breakpoint, or to the end"),
    Command.BACK: ("", "go back to the moment before; nothing is undone, and nothing is sent again"),
    Command.REVERSE: ("", "go back to the breakpoint before, or to the start"),
    Command.DIFFERENCE: ("", "go on to where a replay differs from its recording"),
    Command.START: ("", "go back to the first moment"),
    Command.END: ("", "go on to the end, past breakpoints"),
    Command.SHOW: ("", "tell this moment again"),
    Command.LIST: ("", "print all lines of the step"),
    Command.WHERE: ("", "tell the steps that led here, through the workflows that called"),
    Command.PRINT: ("EXPRESSION", "evaluate an expression or a condition here; a line that begins with $ does, too"),
    Command.BREAK: ("[WHERE] [if CONDITION]", "stop at a step, a line, or where a condition holds; see below"),
    Command.DELETE: ("NUMBER", "remove a breakpoint"),
    Command.HELP: ("", "print this"),
    Command.QUIT: ("", "end here; what is next is not sent"),
}
_SHORT: Final = {
    "s": Command.STEP,
    "n": Command.NEXT,
    "o": Command.OUT,
    "c": Command.CONTINUE,
    "b": Command.BACK,
    "r": Command.REVERSE,
    "d": Command.DIFFERENCE,
    "l": Command.LIST,
    "w": Command.WHERE,
    "p": Command.PRINT,
    "h": Command.HELP,
    "?": Command.HELP,
    "q": Command.QUIT,
    "exit": Command.QUIT,
}
_NAMES: Final = {**{each.value: each for each in Command}, **_SHORT}
_WITH_ARGUMENT: Final = frozenset({Command.PRINT, Command.BREAK, Command.DELETE})
_BREAKS: Final = """
break STEP, break WORKFLOW.STEP          stop before a step
break LINE, break FILE:LINE              stop at the step of a line; at a line of criteria, when it is judged
break STEP if CONDITION, break if CONDITION
break failure                            stop where a step fails
break finding, break finding CODE        stop where something is found
break difference                         stop where a replay differs from its recording
break                                    list the breakpoints
An empty line does the last of these again: step, next, out, continue, back, reverse, difference."""


class Line(NamedTuple):
    """A line: the command, and what stands behind it."""

    command: Command
    argument: str = ""


def read_line(text: str) -> Line:
    """Return what a line asks for; raises ``NotUnderstoodError``."""
    text = text.strip()
    if text.startswith("$"):
        return Line(Command.PRINT, text)
    word, _, rest = text.partition(" ")
    command = _NAMES.get(word)
    if command is None:
        known = did_you_mean(word, [each.value for each in Command])
        raise NotUnderstoodError(f"there is no command `{word}`", known or "`help` lists them")
    if rest.strip() and command not in _WITH_ARGUMENT:
        raise NotUnderstoodError(f"`{command}` takes nothing behind it", f"write `{command}` alone")
    return Line(command, rest.strip())


def help_text() -> str:
    """Return what can be asked for."""
    shorts = {command: short for short, command in reversed(_SHORT.items()) if len(short) == 1}
    names = {each: f"{each} {_SUMMARIES[each][0]}".strip() for each in Command}
    width = max(map(len, names.values()))
    lines = [f"{shorts.get(each, ''):1}  {names[each]:<{width}}  {_SUMMARIES[each][1]}" for each in Command]
    return "\n".join([*lines, _BREAKS])
